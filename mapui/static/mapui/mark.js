// Marking where a place really is: a small map under the field of coordinates, for two of the kinds.
/* global L */

import { startBase } from "./base.js";
import { $, config, say } from "./page.js";

const CLOSE = 14;
const TOOLTIPS = {
  pin: { permanent: true, direction: "bottom", offset: [0, 14] },
  "pin chosen": { permanent: true, direction: "top", offset: [0, -14] },
};
const field = $("field-point");
const input = field.querySelector("input");
const place = config.place;
let started = false;

// Only where the position is meant; without JavaScript the field is always there.
function show() {
  const chosen = document.querySelector("input[name=kind]:checked")?.value;
  field.hidden = chosen !== "position";
  if (!field.hidden && !started) start();
}

async function start() {
  started = true;
  $("marker-map").hidden = false;
  const { map } = await startBase();
  const at = L.latLng(place.point[1], place.point[0]);
  map.setView(at, CLOSE, { animate: false });
  pin(map, at, "pin", say("on_record"));
  let mark = null;
  const put = (point) => {
    mark?.remove();
    mark = pin(map, point, "pin chosen", say("marked_here"));
    input.value = `${point.lng.toFixed(6)}, ${point.lat.toFixed(6)}`;
  };
  const written = input.value.split(/[\s,,]+/).map(Number);
  if (written.length === 2 && written.every(Number.isFinite)) put(L.latLng(written[1], written[0]));
  map.on("click", (event) => put(event.latlng.wrap()));
  document.body.dataset.ready = "";
}

function pin(map, point, className, title) {
  const icon = L.divIcon({ className, iconSize: [26, 26], html: className === "pin" ? "●" : "?" });
  return L.marker(point, { icon, title, alt: title, keyboard: false }).addTo(map).bindTooltip(title, TOOLTIPS[className]);
}

for (const radio of document.querySelectorAll("input[name=kind]")) radio.addEventListener("change", show);
show();
