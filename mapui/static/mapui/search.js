// Search while typing: places open in the panel, villages on their own page.

import { $, config, fetchJson, say, tag } from "./page.js";

const PAUSE = 150;

export function wireSearch(places) {
  let timer = null;
  const input = $("q");
  const hide = () => { $("found").hidden = true; };
  const look = async () => {
    const q = input.value.trim();
    if (!q) { hide(); return; }
    const { results } = await fetchJson(`/api/v1/search?q=${encodeURIComponent(q)}`);
    if (q === input.value.trim()) show(results, places, hide);
  };
  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(look, PAUSE); });
  input.addEventListener("keydown", (key) => { if (key.key === "Escape") hide(); });
  input.form.addEventListener("submit", (submit) => { submit.preventDefault(); look(); });
  document.addEventListener("click", (click) => { if (!click.target.closest(".finder")) hide(); });
  if (input.value) look();
}

const PAGES = { site: "sites", village: "villages" };

function show(results, places, hide) {
  const items = results.map((result) => {
    const page = PAGES[result.type];
    const link = tag("a", { href: page ? `/${page}/${encodeURIComponent(result.code)}/` : `/events/?region=${result.code}` },
      result.name, tag("small", {}, [config.types[result.type], result.region_name].filter(Boolean).join(" · ")));
    link.addEventListener("click", (click) => {
      if (!places.byCode.has(result.code)) return;
      click.preventDefault();
      hide();
      places.choose(result.code, true);
    });
    return tag("li", {}, link);
  });
  $("found").replaceChildren(...(items.length ? items : [tag("li", {}, tag("p", {}, say("nothing_found")))]));
  $("found").hidden = false;
}
