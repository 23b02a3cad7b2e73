// The planner's map: villages or counties by state, in step with the standard and area of the page.
/* global L */

import { startBase } from "./base.js";
import { drawSubjects, legend, loadSubjects } from "./coverage.js";
import { shareNotes } from "./numbers.js";
import { fetchJson } from "./page.js";

const { standard, subject, region, nearest, on } = document.querySelector(".stage").dataset;
const { map, land, labels, counties } = await startBase();
const area = counties.find(({ id }) => id === region);
const bounds = area?.geometry ? L.geoJSON(area).getBounds() : land.getBounds();
map.fitBounds(bounds, { padding: [24, 24], animate: false });
await show();
document.body.dataset.ready = "true";

async function show() {
  const { rows } = await fetchJson(`/api/v1/standards/${encodeURIComponent(standard)}/coverage?by=county&on=${on}`);
  labels.annotate(shareNotes(rows));
  const all = await loadSubjects({ code: standard, subject, on }, rows);
  const subjects = all.filter(({ code }) => code.startsWith(region));
  drawSubjects(window.mapLayers.sites, counties, subjects, nearest, openSubject);
  if (subjects.length) legend(document.getElementById("legend"), subjects, document.querySelector("h1").textContent);
}

function openSubject({ code, isCounty }) {
  location.href = isCounty ? `?standard=${encodeURIComponent(standard)}&region=${code}&on=${on}` : `/villages/${code}/`;
}
