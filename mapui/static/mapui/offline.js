// What this phone knows of a page that it has never opened: an event or a village as it stands in the
// lists that are kept, or what a search finds in them.

import { $, config, day, fetchJson, fill, hour, say, tag, weekday } from "./page.js";
import { addressOf, offerOthers } from "./going.js";
import { told } from "./search.js";

const [, kind, code] = location.pathname.match(/^\/(events|villages)\/([^/]+)\/$/) ?? [];
const q = location.pathname === "/search/" ? new URLSearchParams(location.search).get("q")?.trim() : "";

async function showRecord() {
  const record = await fetchJson(`/api/v1/${kind}/${code}`);
  if (!record) return;
  const known = kind === "events" ? event(record.properties) : village(record.properties);
  const content = fill("kept", { name: known.name, when: known.when, state: known.state, where: known.where, map: known.site && say("on_map") });
  const go = content.querySelector("[data-going]");
  if (record.geometry) {
    go.closest("[data-point]").dataset.point = record.geometry.coordinates;
    go.ariaLabel = say("way_to", { place: known.place });
    Object.assign(go.dataset, { going: known.place, address: addressOf(known.where) });
  } else go.remove();
  if (known.site) content.querySelector("[data-field=map]").href = `/?place=${encodeURIComponent(known.site)}`;
  show(known.name, content);
  offerOthers($("main"));
}

function event({ programme_name: name, site, site_name: siteName, village_name: villageName, starts_at: starts, status }) {
  const place = siteName ?? villageName;
  const state = ["cancelled", "planned"].includes(status) && say(status);
  return { name, when: `${day(starts)} ${weekday(starts)} ${hour(starts)}`, state, where: place, place, site };
}

function village({ name, township_name: township, county_name: county }) {
  return { name, where: addressOf(county, township), place: name };
}

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
