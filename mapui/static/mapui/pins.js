// Two pins with their names: where a place is on record, and where somebody marked it.
/* global L */

import { say } from "./page.js";

const TOOLTIPS = {
  pin: { permanent: true, direction: "bottom", offset: [0, 14] },
  "pin chosen": { permanent: true, direction: "top", offset: [0, -14] },
};

export const pinOnRecord = (map, point) => pin(map, point, "pin", say("on_record"), "●");
export const pinMarked = (map, point) => pin(map, point, "pin chosen", say("marked_here"), "?");

function pin(map, point, className, title, html) {
  const icon = L.divIcon({ className, iconSize: [26, 26], html });
  const marker = L.marker(point, { icon, title, alt: title, keyboard: false });
  return marker.addTo(map).bindTooltip(title, TOOLTIPS[className]);
}
