// The home page: places and what is on; behind a switch, coverage. State is kept in the address.
/* global L */

import { startBase } from "./base.js";
import { drawSubjects, legend, loadSubjects } from "./coverage.js";
import { frame } from "./frame.js";
import { densest } from "./geo.js";
import { tell } from "./lists.js";
import { percent, shareNotes } from "./numbers.js";
import { $, config, fetchJson, newStep, onStep, remember, say, tag } from "./page.js";
import { Places } from "./places.js";
import { wireSearch } from "./search.js";

const { map, land, labels, counties } = await startBase();
const countyNames = new Map(counties.map((county) => [county.id, county.properties.name]));
const places = new Places(map, countyNames, () => labels.arrange());
const stateLayer = L.layerGroup();
let view = null;

const hasBoundary = ({ geometry }) => Boolean(geometry?.type.endsWith("Polygon"));
const cityBounds = () => land.getBounds();

// The counties where half of the places are, the densest.
const innerCity = () => L.geoJSON(densest(counties.filter(hasBoundary), places.places)).getBounds();

// The other view, as a step that Back takes back.
function switchTo(next) {
  if (next !== view) newStep();
  return setView(next);
}

async function setView(next) {
  view = next;
  for (const link of document.querySelectorAll(".view")) {
    if (link.dataset.view === view) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  places.leave();
  $("places-view").hidden = view !== "places";
  $("coverage-view").hidden = view !== "coverage";
  $("legend").hidden = true;
  places.show(view === "places");
  remember({ view: view === "coverage" ? view : null, standard: view === "coverage" ? $("standard").value : null });
  if (view === "coverage") await showCoverage();
  else {
    stateLayer.remove();
    labels.annotate({});
  }
}

async function showCoverage() {
  const code = $("standard").value;
  const [option] = $("standard").selectedOptions;
  remember({ standard: code });
  $("sentence").textContent = option.dataset.sentence;
  $("coverage-link").href = `/coverage/?standard=${encodeURIComponent(code)}`;
  const { rows } = await fetchJson(`/api/v1/standards/${encodeURIComponent(code)}/coverage?by=county`);
  const subjects = await loadSubjects({ code, subject: option.dataset.subject }, rows);
  if (view !== "coverage" || code !== $("standard").value) return;
  stateLayer.addTo(map);
  drawSubjects(stateLayer, counties, subjects, option.dataset.nearest, openSubject);
  if (subjects.length) legend($("legend"), subjects, option.textContent);
  else $("legend").hidden = true;
  labels.annotate(shareNotes(rows));
  showFigures(rows);
  showCounties(rows);
}

function openSubject({ code, isCounty, isTownship }) {
  if (isCounty) zoomTo(code);
  else if (isTownship) location.href = `/coverage/?standard=${encodeURIComponent($("standard").value)}&region=${code}`;
  else location.href = `/villages/${code}/`;
}

function showFigures(rows) {
  const sum = (name) => rows.reduce((total, row) => total + row[name], 0);
  const figure = (kind, n, text) => tag("div", { className: `figure ${kind}` }, tag("b", {}, String(n)), tag("span", {}, text));
  $("figures").replaceChildren(
    figure("effective", sum("met"), say("met", { n: sum("subjects") })),
    figure("gap", sum("subjects") - sum("met"), say("unmet")),
  );
  $("doubtful").textContent = say("doubtful_count", { n: sum("doubtful") });
  $("doubtful").hidden = !sum("doubtful");
}

function showCounties(rows) {
  const worstFirst = [...rows].sort((a, b) => a.share - b.share);
  $("counties").replaceChildren(...worstFirst.map((row) => {
    const button = tag("button", { type: "button" }, row.name);
    button.addEventListener("click", () => zoomTo(row.code));
    return tag("tr", {}, tag("td", {}, button),
      tag("td", { className: "number" }, `${row.met} / ${row.subjects}`),
      tag("td", { className: "number" }, tag("b", {}, percent(row.share))));
  }));
}

function zoomTo(code) {
  const county = counties.find(({ id }) => id === code);
  if (county && hasBoundary(county)) frame(map, L.geoJSON(county).getBounds().pad(0.02));
}

function wireNear() {
  let waiting = false;
  let me = null;
  const found = (lat, lon) => {
    waiting = false;
    me?.remove();
    me = L.marker([lat, lon], { icon: L.divIcon({ className: "me", iconSize: [18, 18] }), interactive: false, keyboard: false }).addTo(map);
    places.here = [lon, lat];
    tell("");
    switchTo("places");
    const nearest = places.nearest(5);
    frame(map, L.latLngBounds([[lat, lon], ...nearest.map(({ point }) => [point[1], point[0]])]).pad(0.1));
    places.list();
    $("places-title").scrollIntoView({ block: "start" });
  };
  map.on("click", ({ latlng }) => { if (waiting) found(latlng.lat, latlng.lng); });
  $("near").addEventListener("click", () => {
    tell(say("locating"));
    const refused = () => { waiting = true; tell(say("no_location")); };
    if (!navigator.geolocation) { refused(); return; }
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => found(coords.latitude, coords.longitude), refused, { timeout: 10000, maximumAge: 60000 });
  });
}

function wireControls() {
  for (const link of document.querySelectorAll(".view")) {
    link.addEventListener("click", (click) => { click.preventDefault(); switchTo(link.dataset.view); });
  }
  for (const chip of document.querySelectorAll(".chip")) {
    chip.addEventListener("click", () => chooseKind(chip.dataset.kind));
  }
  $("standard").addEventListener("change", showCoverage);
  $("whole-city").addEventListener("click", () => frame(map, cityBounds()));
  $("inner-city").addEventListener("click", () => frame(map, innerCity()));
  $("handle").addEventListener("click", () => {
    const open = $("panel").classList.toggle("open");
    $("handle").setAttribute("aria-expanded", String(open));
  });
}

function chooseKind(kind) {
  for (const chip of document.querySelectorAll(".chip")) {
    chip.setAttribute("aria-pressed", String(chip.dataset.kind === kind));
  }
  places.filter(kind);
}

// Show what the address says.
async function followAddress() {
  const address = new URLSearchParams(location.search);
  const kind = address.get("kind") in config.kinds ? address.get("kind") : "";
  if (kind !== places.kind) chooseKind(kind);
  const standard = address.get("standard");
  if ([...$("standard").options].some(({ value }) => value === standard)) $("standard").value = standard;
  const place = address.get("place");
  await setView(address.get("view") === "coverage" && $("standard").value ? "coverage" : "places");
  if (place) await places.choose(place, true);
}

frame(map, cityBounds());
wireControls();
await places.load();
if (matchMedia("(max-width: 800px)").matches) frame(map, innerCity());
wireNear();
wireSearch(places);
await followAddress();
onStep(followAddress);
document.body.dataset.ready = "true";
