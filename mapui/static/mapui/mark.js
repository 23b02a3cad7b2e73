// Marking where a place really is: a small map under the field of coordinates, where it is meant.
/* global L */

import { startBase } from "./base.js";
import { pinMarked, pinOnRecord } from "./pins.js";
import { $, config } from "./page.js";

const CLOSE = 14;
const field = $("field-point");
const input = field.querySelector("input");
const [lon, lat] = config.place.point;
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
  map.setView([lat, lon], CLOSE, { animate: false });
  pinOnRecord(map, [lat, lon]);
  let mark = null;
  const put = (point) => {
    mark?.remove();
    mark = pinMarked(map, point);
    input.value = `${point.lng.toFixed(6)}, ${point.lat.toFixed(6)}`;
  };
  const written = input.value.split(/[\s,,]+/).map(Number);
  if (written.length === 2 && written.every(Number.isFinite)) put(L.latLng(written[1], written[0]));
  map.on("click", (event) => put(event.latlng.wrap()));
  document.body.dataset.ready = "";
}

for (const radio of document.querySelectorAll("input[name=kind]")) radio.addEventListener("change", show);
show();
