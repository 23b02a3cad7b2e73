// The planner's map: villages by state, in step with the standard and the area of the page.
/* global L */

import { startBase } from "./base.js";
import { drawVillages, legend, loadVillages } from "./coverage.js";
import { fetchJson } from "./page.js";

const { standard, subject, region, today } = document.querySelector(".stage").dataset;
const { map, land, labels, counties } = await startBase();
const area = counties.find(({ id }) => id === region);
const bounds = area?.geometry ? L.geoJSON(area).getBounds() : land.getBounds();
map.fitBounds(bounds, { padding: [24, 24], animate: false });
if (subject === "village" && today !== undefined) {
  const villages = (await loadVillages(standard)).filter(({ code }) => code.startsWith(region));
  drawVillages(window.mapLayers.sites, villages, (village) => { location.href = `/villages/${village.code}/`; });
  if (villages.length) legend(document.getElementById("legend"), villages, document.querySelector("h1").textContent);
}
if (today !== undefined) {
  const board = await fetchJson(`/api/v1/standards/${encodeURIComponent(standard)}/coverage?by=county`);
  labels.annotate(Object.fromEntries(board.rows.map((row) => [row.code, `${Math.floor(row.share * 100 + 1e-9)}%`])));
}
document.body.dataset.ready = "true";
