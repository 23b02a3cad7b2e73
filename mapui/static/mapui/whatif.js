// What if a place stood here? Added, moved and removed on the map; counts follow at once, and
// nothing is stored until it is saved as a scenario.
/* global L */

import { startBase } from "./base.js";
import * as steps from "./changes.js";
import { drawSubjects, loadSubjects } from "./coverage.js";
import { Effect } from "./effect.js";
import { byDistance } from "./geo.js";
import { $, config, fetchJson, say, tag } from "./page.js";
import { wireSiting } from "./siting.js";

const { standard, subject, kinds, tiers, nearest, at: first } = $("what-if").dataset;
const scenario = JSON.parse($("scenario").textContent);
const api = `/api/v1/standards/${encodeURIComponent(standard)}`;

const { map, land, labels, counties } = await startBase();
map.fitBounds(land.getBounds(), { padding: [16, 16], animate: false });
const layers = Object.fromEntries(["subjects", "effect", "sites", "proposed", "changed"].map((name) => [name, L.layerGroup().addTo(map)]));
const [subjects, sites] = await Promise.all([readSubjects(), readSites()]);
const names = new Map(subjects.map((each) => [each.code, each]));
const effect = new Effect(api, names, subjectLink, layers.effect);

let changes = scenario ? { add: scenario.add, remove: scenario.remove, move: scenario.move } : steps.NONE;
let past = [];
let adding = false;

async function readSubjects() {
  const { rows } = await fetchJson(`${api}/coverage?by=county`);
  return loadSubjects({ code: standard, subject }, rows);
}

async function readSites() {
  const { features } = await fetchJson(`/api/v1/sites?limit=10000&kind=${kinds}&tier=${tiers}`);
  return new Map(features.map((each) => [each.id, { code: each.id, point: each.geometry.coordinates, ...each.properties }]));
}

function take(next) {
  past.push(changes);
  changes = next;
  draw();
  effect.ask(changes);
}

function undo() {
  if (!past.length) return;
  changes = past.pop();
  draw();
  effect.ask(changes);
}

// The map

function draw() {
  layers.changed.clearLayers();
  layers.sites.clearLayers();
  for (const site of sites.values()) drawSite(site);
  changes.add.forEach(drawAdded);
  changes.move.forEach(drawMoved);
  labels.arrange();
  listChanges();
  $("undo").disabled = !past.length;
  $("clear").disabled = steps.isNone(changes);
}

const at = ([lon, lat]) => [lat, lon];

function drawSite(site) {
  if (changes.move.some(({ code }) => code === site.code)) return;
  const removed = changes.remove.includes(site.code);
  const mark = L.circleMarker(at(site.point), { radius: 5, className: removed ? "existing removed" : "existing" });
  mark.bindTooltip(site.name);
  mark.bindPopup(() => siteMenu(site, removed));
  layers.sites.addLayer(mark);
}

function siteMenu(site, removed) {
  const menu = tag("div", { className: "site-menu" }, tag("b", {}, site.name));
  const button = (text, act) => {
    const each = tag("button", { type: "button", className: "button" }, text);
    each.addEventListener("click", () => { map.closePopup(); act(); });
    menu.append(each);
  };
  if (removed) button(say("put_back"), () => take(steps.leave(changes, site.code)));
  else {
    button(say("move"), () => take(steps.moveSite(changes, site.code, site.point)));
    button(say("remove"), () => take(steps.removeSite(changes, site.code)));
  }
  return menu;
}

function drawAdded(place, number) {
  drag([place.lon, place.lat], "pin added", "＋", addedName(place), (point) => steps.dragAdded(changes, number, point));
}

function drawMoved({ code, lon, lat }) {
  const site = sites.get(code);
  if (site) layers.changed.addLayer(L.polyline([at(site.point), [lat, lon]], { className: "moved-from", interactive: false }));
  drag([lon, lat], "pin moved", "移", site?.name ?? code, (point) => steps.moveSite(changes, code, point));
}

// A pin to drag: the counts follow while it moves; where it is dropped is a step to undo.
function drag(point, className, html, title, changed) {
  const icon = L.divIcon({ className, html, iconSize: [34, 34] });
  const marker = L.marker(at(point), { icon, title, alt: title, draggable: true, autoPan: true });
  const here = () => { const { lng, lat } = marker.getLatLng(); return [round(lng), round(lat)]; };
  marker.on("drag", () => effect.ask(changed(here())));
  marker.on("dragend", () => take(changed(here())));
  layers.changed.addLayer(marker);
}

const round = (degrees) => Math.round(degrees * 1e6) / 1e6;

map.on("click", ({ latlng }) => {
  if (!adding) return;
  setAdding(false);
  addAt([round(latlng.lng), round(latlng.lat)]);
});

function addAt([lon, lat]) {
  take(steps.addPlace(changes, { lon, lat, kind: $("kind").value, tier: $("tier").value }));
}

function setAdding(on) {
  adding = on;
  $("add").setAttribute("aria-pressed", String(on));
  map.getContainer().classList.toggle("adding", on);
  $("status").textContent = on ? say("click_map") : "";
}

// The panel

function subjectLink(code) {
  const name = names.get(code)?.name ?? code;
  return subject === "village" ? tag("a", { href: `/villages/${code}/` }, name) : name;
}

function nearestVillage(point) {
  const known = subjects.filter((each) => each.point);
  return known.length ? byDistance(known, point)[0] : null;
}

function addedName({ lon, lat }) {
  const village = nearestVillage([lon, lat]);
  return village ? say("added_near", { name: village.name }) : `${lon}, ${lat}`;
}

function listChanges() {
  const items = [
    ...changes.add.map((place, number) => changeItem("＋", addedName(place), () => steps.dropAdded(changes, number), workLink(place))),
    ...changes.move.map(({ code }) => changeItem("移", sites.get(code)?.name ?? code, () => steps.leave(changes, code), checkLink(code))),
    ...changes.remove.map((code) => changeItem("−", sites.get(code)?.name ?? code, () => steps.leave(changes, code), checkLink(code))),
  ];
  $("changes").replaceChildren(...items);
  $("no-changes").hidden = items.length > 0;
}

function changeItem(sign, text, without, work) {
  const drop = tag("button", { type: "button", className: "link" }, say("take_back"));
  drop.setAttribute("aria-label", `${say("take_back")} ${text}`);
  drop.addEventListener("click", () => take(without()));
  return tag("li", {}, tag("b", { className: "sign-text" }, sign), tag("span", { className: "grow" }, text), ...work, drop);
}

// What is planned turned into work, for those who may do it: an event there, a place to check.
function workLink({ lon, lat }) {
  const village = subject === "village" && nearestVillage([lon, lat]);
  if (!("worker" in $("what-if").dataset) || !village) return [];
  return [tag("a", { href: `/admin/events/event/add/?village=${village.code}&status=planned` }, say("plan_event"))];
}

function checkLink(code) {
  if (!("worker" in $("what-if").dataset)) return [];
  return [tag("a", { href: `/admin/sites/site/${encodeURIComponent(code)}/change/` }, say("check_place"))];
}

function wirePanel() {
  $("add").addEventListener("click", () => setAdding(!adding));
  $("undo").addEventListener("click", undo);
  $("clear").addEventListener("click", () => take(steps.NONE));
  $("add-at").addEventListener("submit", (event) => {
    event.preventDefault();
    const found = pick(subjects, $("village").value);
    if (found?.point) addAt(found.point);
    else $("status").textContent = say("no_such", { name: $("village").value });
  });
  $("drop-site").addEventListener("submit", (event) => {
    event.preventDefault();
    const found = pick([...sites.values()], $("site").value);
    if (found) take(steps.removeSite(changes, found.code));
    else $("status").textContent = say("no_such", { name: $("site").value });
  });
  const options = (list, all) => $(list).replaceChildren(...all.map(({ code, name }) => tag("option", { value: `${name} ${code}` })));
  options("villages", subjects.filter(({ point }) => point));
  options("sites", [...sites.values()]);
  $("save")?.addEventListener("submit", save);
}

// What a list suggested, "name code", or a name or a code that is the only one like it.
function pick(all, text) {
  const wanted = text.trim();
  const found = all.filter(({ code, name }) => wanted && (wanted === `${name} ${code}` || wanted === code || wanted === name));
  return found.length === 1 ? found[0] : null;
}

async function save(event) {
  event.preventDefault();
  const replaced = event.submitter?.value === "replace";
  const body = { name: $("name").value, note: $("note").value, standard, ...changes, ...(replaced ? { version: scenario.version } : {}) };
  const response = await fetch(replaced ? `/api/v1/scenarios/${scenario.id}` : "/api/v1/scenarios", {
    method: replaced ? "PUT" : "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": $("save").elements.csrfmiddlewaretoken.value },
    body: JSON.stringify(body),
  });
  const saved = await response.json();
  if (response.ok) location.href = `/coverage/what-if/?scenario=${saved.id}`;
  else $("saved").textContent = saved.detail;
}

drawSubjects(layers.subjects, counties, subjects, nearest, () => {});
wirePanel();
wireSiting(api, (places) => take({ ...changes, add: [...changes.add, ...places.map(({ lon, lat }) => ({ lon, lat, kind: $("kind").value, tier: $("tier").value }))] }), subjectLink, layers.proposed);
const there = names.get(first)?.point;
if (there && !scenario) addAt(there);
else draw();
await effect.answer(changes);
document.body.dataset.ready = "true";
