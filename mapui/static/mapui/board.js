// The planner's map: villages or divisions by state, in step with the standard and area of the page.
/* global L */

import { startBase } from "./base.js";
import { drawSubjects, legend, loadSubjects } from "./coverage.js";
import { shareNotes } from "./numbers.js";
import { fetchJson } from "./page.js";

const { standard, subject, region, within, nearest, on } = document.querySelector(".stage").dataset;
const { map, land, labels, counties } = await startBase(within);
const area = counties.find(({ id }) => id === region);
const bounds = area?.geometry ? L.geoJSON(area).getBounds() : land.getBounds();
frame(bounds);
await show();
document.body.dataset.ready = "true";

function frame(wanted) {
  if (wanted.isValid()) map.fitBounds(wanted, { padding: [24, 24], animate: false });
}

async function show() {
  const { rows } = await fetchJson(`/api/v1/standards/${encodeURIComponent(standard)}/coverage?by=county&on=${on}${within ? `&region=${within}` : ""}`);
  labels.annotate(shareNotes(rows));
  const all = await loadSubjects({ code: standard, subject, on, region }, rows);
  const subjects = all.filter(({ code }) => code.startsWith(region));
  if (!bounds.isValid()) frame(L.latLngBounds(subjects.filter(({ point }) => point).map(({ point: [lon, lat] }) => [lat, lon])));
  drawSubjects(window.mapLayers.sites, counties, subjects, nearest, openSubject);
  if (subjects.length) legend(document.getElementById("legend"), subjects, document.querySelector("h1").textContent);
}

function openSubject({ code, isCounty, isTownship }) {
  location.href = isCounty || isTownship ? `?standard=${encodeURIComponent(standard)}&region=${code}&on=${on}` : `/villages/${code}/`;
}
