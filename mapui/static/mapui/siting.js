// Where would more places help most? Asks, shows each place with whom it gains, and takes them over.

import { $, say, tag } from "./page.js";

const LISTED = 12;

// `take` is given the chosen places; `link` makes a link of a subject's code.
export function wireSiting(api, take, link) {
  const form = $("siting");
  if (!form) return;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    $("siting-status").textContent = say("computing");
    $("siting-found").replaceChildren();
    const { count, method, region, csrfmiddlewaretoken } = form.elements;
    const body = { method: method.value, region: region.value, ...(method.value === "lscp" ? {} : { count: Number(count.value) }) };
    const response = await fetch(`${api}/siting`, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": csrfmiddlewaretoken.value },
      body: JSON.stringify(body),
    });
    const found = await response.json();
    $("siting-status").textContent = response.ok ? found.sentence : found.detail;
    if (response.ok) show(found, take, link);
  });
}

function show(found, take, link) {
  const places = found.chosen.map((place) => tag("li", {},
    tag("b", {}, place.name), ` · ${say("gains", { n: place.gains.length })} `, ...gains(place.gains, link)));
  const all = tag("button", { type: "button", className: "button primary" }, say("put_on_map"));
  all.addEventListener("click", () => take(found.chosen));
  $("siting-found").replaceChildren(...(places.length ? [tag("ol", {}, ...places), all] : []));
}

function gains(codes, link) {
  const shown = codes.slice(0, LISTED).flatMap((code, i) => (i ? ["、", link(code)] : [link(code)]));
  return codes.length > LISTED ? [...shown, ` ${say("and_more", { n: codes.length - LISTED })}`] : shown;
}
