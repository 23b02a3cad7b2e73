// What is on: the village nearest to the reader, names while typing, copying an address.

import { byDistance } from "./geo.js";
import { wireCopying } from "./copying.js";
import { correctAgenda } from "./kept.js";

const PAUSE = 200;
const TYPES = new Set(["site", "village", "service", "place"]);

// The position stays here: the address carries the code of the nearest village only.
function wireNearest() {
  const button = document.getElementById("nearest");
  if (!navigator.geolocation || !isSecureContext) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    say(button.dataset.locating);
    try {
      const [{ coords }, villages] = await Promise.all([position(), places()]);
      const [nearest] = byDistance(villages, [coords.longitude, coords.latitude]);
      const form = button.form;
      form.elements.place.value = "";
      const near = form.elements.near ?? form.appendChild(Object.assign(document.createElement("input"), { type: "hidden", name: "near" }));
      near.value = nearest.code;
      form.submit();
    } catch {
      say(button.dataset.refused);
    }
  });
}

function say(text) {
  const said = document.getElementById("nearest-said");
  said.textContent = text;
  said.hidden = false;
}

const position = () => new Promise((found, refused) => {
  navigator.geolocation.getCurrentPosition(found, refused, { timeout: 10_000, maximumAge: 600_000 });
});

async function places() {
  const response = await fetch("/api/v1/villages?limit=10000");
  const { features } = await response.json();
  return features.filter(({ geometry }) => geometry).map(({ id, geometry }) => ({ code: id, point: geometry.coordinates }));
}

function wireNames() {
  let timer = null;
  const input = document.querySelector("[list=place-names]");
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => offer(input.value.trim()), PAUSE);
  });
}

async function offer(q) {
  if (!q) return;
  const response = await fetch(`/api/v1/search?limit=12&q=${encodeURIComponent(q)}`);
  if (!response.ok) return;
  const { results } = await response.json();
  const options = results.filter(({ type }) => TYPES.has(type)).map(({ name, region_name }) =>
    Object.assign(document.createElement("option"), { value: name, label: region_name ? `${name} · ${region_name}` : name }));
  document.getElementById("place-names").replaceChildren(...options);
}

correctAgenda();
wireNearest();
wireNames();
wireCopying();
