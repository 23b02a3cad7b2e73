// The home page: places and what is on; behind a switch, coverage. State is kept in the address.
/* global L */

import { startBase } from "./base.js";
import { drawVillages, legend, loadVillages } from "./coverage.js";
import { frame } from "./frame.js";
import { tell } from "./lists.js";
import { $, config, fetchJson, remember, say, tag } from "./page.js";
import { Places } from "./places.js";
import { wireSearch } from "./search.js";

const address = new URLSearchParams(location.search);
const { map, land, labels, counties } = await startBase();
const countyNames = new Map(counties.map((county) => [county.id, county.properties.name]));
const places = new Places(map, countyNames, () => labels.arrange());
const villageLayer = L.layerGroup();
let view = null;

const cityBounds = () => land.getBounds();

// Where half of the places are: between the quartiles of their positions, somewhat widened.
function innerCity() {
  const quantile = (values, q) => values.sort((a, b) => a - b)[Math.floor(q * (values.length - 1))];
  const range = (axis) => [0.2, 0.7].map((q) => quantile(places.places.map(({ point }) => point[axis]), q));
  const [west, east] = range(0);
  const [south, north] = range(1);
  return [[south, west], [north, east]];
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
    villageLayer.remove();
    labels.annotate({});
  }
}

async function showCoverage() {
  const code = $("standard").value;
  const [option] = $("standard").selectedOptions;
  remember({ standard: code });
  $("sentence").textContent = option.dataset.sentence;
  $("coverage-link").href = `/coverage/?standard=${encodeURIComponent(code)}`;
  const [villages, board] = await Promise.all([
    loadVillages(code),
    fetchJson(`/api/v1/standards/${encodeURIComponent(code)}/coverage?by=county`),
  ]);
  if (view !== "coverage" || code !== $("standard").value) return;
  villageLayer.addTo(map);
  drawVillages(villageLayer, villages, (village) => { location.href = `/villages/${village.code}/`; });
  if (villages.length) legend($("legend"), villages, option.textContent);
  else $("legend").hidden = true;
  labels.annotate(Object.fromEntries(board.rows.map((row) => [row.code, percent(row.share)])));
  showFigures(board.rows);
  showCounties(board.rows);
}

const percent = (share) => `${Math.floor(share * 100 + 1e-9)}%`;

function showFigures(rows) {
  const sum = (name) => rows.reduce((total, row) => total + row[name], 0);
  const figure = (kind, n, text) => tag("div", { className: `figure ${kind}` }, tag("b", {}, String(n)), tag("span", {}, text));
  $("figures").replaceChildren(
    figure("effective", sum("met"), say("met", { n: sum("subjects") })),
    figure("gap", sum("subjects") - sum("met"), say("unmet")),
    figure("", sum("doubtful"), say("doubtful")),
  );
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
  if (county?.geometry) frame(map, L.geoJSON(county).getBounds().pad(0.02));
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
    setView("places");
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
    link.addEventListener("click", (click) => { click.preventDefault(); setView(link.dataset.view); });
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

frame(map, cityBounds());
wireControls();
await places.load();
if (matchMedia("(max-width: 800px)").matches) frame(map, innerCity());
wireNear();
wireSearch(places);
if (config.kinds[address.get("kind")]) chooseKind(address.get("kind"));
const standard = address.get("standard");
if ([...$("standard").options].some(({ value }) => value === standard)) $("standard").value = standard;
await setView(address.get("view") === "coverage" && $("standard").value ? "coverage" : "places");
if (address.get("place")) await places.choose(address.get("place"), true);
document.body.dataset.ready = "true";
