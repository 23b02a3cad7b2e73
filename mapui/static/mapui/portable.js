// The one-file map: the board's subjects by state and the places that count, from the file alone.
/* global L */

import { drawSubjects, legend } from "./coverage.js";
import { addPanes, drawLand, drawShore, drawWaters, Labels, middle } from "./land.js";
import { shareNotes } from "./numbers.js";
import { $, say, tag } from "./page.js";

const NEAR_ZOOM = 13;

const { counties, waters, subjects, places, rows, nearest, title } = JSON.parse($("portable-data").textContent);
const map = L.map("map", { zoomSnap: 0.25, maxZoom: 17, attributionControl: false, zoomControl: false });
const land = start();
const layer = L.featureGroup().addTo(map);
const dots = L.featureGroup(places.map(dot));
drawSubjects(layer, counties.features, subjects, nearest, ({ code }) => choose(code));
if (subjects.length) legend($("legend"), subjects, title);
frame();
$("show-places").addEventListener("change", ({ target }) => (target.checked ? dots.addTo(map).bringToBack() : dots.remove()));
for (const button of document.querySelectorAll("button[data-code]")) {
  button.addEventListener("click", () => choose(button.dataset.code));
}
document.body.dataset.ready = "true";

function start() {
  L.control.zoom({ position: "topright" }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  addPanes(map);
  drawShore(map, counties);
  const drawn = drawLand(map, counties, false);
  drawWaters(map, { type: "FeatureCollection", features: waters });
  return drawn;
}

// All of the land, or the marks where no outline is known; then the names of the counties.
function frame() {
  const bounds = land.getBounds().isValid() ? land.getBounds() : layer.getBounds();
  if (bounds.isValid()) map.fitBounds(bounds, { padding: [24, 24], animate: false });
  else map.setView([36, 104], 4);
  const labels = new Labels(map);
  for (const county of counties.features.filter(({ geometry }) => geometry)) {
    labels.add(middle(county), county.properties.name, "county", county.id);
  }
  labels.annotate(shareNotes(rows));
}

function dot({ name, kind, lon, lat }) {
  const mark = L.circleMarker([lat, lon], { radius: 3, className: "dot" });
  return mark.bindTooltip(() => tag("div", {}, tag("b", {}, name), tag("br"), kind));
}

// Bring a subject into view, on the map and in the list, and say what it is.
function choose(code) {
  const { point, name } = subjects.find((subject) => subject.code === code) ?? {};
  $("chosen").textContent = name ? say("chosen", { name }) : "";
  if (!point) return;
  map.setView([point[1], point[0]], Math.max(map.getZoom(), NEAR_ZOOM), { animate: false });
  const here = L.latLng(point[1], point[0]);
  layer.eachLayer((mark) => { if (mark.getLatLng?.().equals(here)) mark.openTooltip(); });
  $("map").scrollIntoView({ block: "nearest" });
}
