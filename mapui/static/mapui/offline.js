// What this phone knows of a page that it has never opened: an event or a village as it stands in the
// lists that are kept, or what a search finds in them.

import { offerOthers } from "./going.js";
import { $, day, fetchJson, fill, hour, say, tag, weekday } from "./page.js";
import { told } from "./search.js";
import { above, leadTo } from "./way.js";

const [, kind, code] = location.pathname.match(/^\/(events|villages)\/([^/]+)\/$/) ?? [];
const q = location.pathname === "/search/" ? new URLSearchParams(location.search).get("q")?.trim() : "";

async function showRecord() {
  const record = await fetchJson(`/api/v1/${kind}/${code}`);
  if (!record) return;
  const event = kind === "events" ? record.properties : null;
  const at = event ? await placeOf(event) : record;
  const place = at.properties;
  const name = event?.programme_name ?? place.name;
  const content = fill("kept", {
    name,
    when: event && `${day(event.starts_at)} ${weekday(event.starts_at)} ${hour(event.starts_at)}`,
    state: ["cancelled", "planned"].includes(event?.status) && say(event.status),
    where: [...(event ? [place.name] : []), ...above(place)].filter(Boolean).join(" · "),
    map: event?.site && say("on_map"),
  });
  const go = content.querySelector("[data-going]");
  if (at.geometry && event?.status !== "cancelled") leadTo(go, at.geometry.coordinates, place);
  else go.remove();
  if (event?.site) content.querySelector("[data-field=map]").href = `/?place=${encodeURIComponent(event.site)}`;
  show(name, content);
  offerOthers($("main"));
}

const placeOf = ({ site, village }) => fetchJson(`/api/v1/${site ? "sites" : "villages"}/${encodeURIComponent(site ?? village)}`);

async function showFinds() {
  const { results } = await fetchJson(`/api/v1/search?q=${encodeURIComponent(q)}`);
  const list = tag("ul", { className: "plain" }, ...results.map((result) => tag("li", {}, tag("a", { href: result.url }, ...told(result)))));
  show(q, tag("h1", {}, q), results.length ? list : tag("p", { className: "lead" }, say("nothing_found")));
}

function show(title, ...content) {
  document.title = title;
  $("unknown").replaceWith(...content);
}

if (kind) showRecord();
else if (q) showFinds();
