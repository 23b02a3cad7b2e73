// The home page: what is on near and soon, and places; behind a switch, coverage. State is kept in
// the address.
/* global L */

import { startBase } from "./base.js";
import { Cards } from "./cards.js";
import { frame } from "./frame.js";
import { densest } from "./geo.js";
import { Here } from "./here.js";
import { tell } from "./lists.js";
import { $, breathe, config, newStep, onStep, remember, say, tag } from "./page.js";
import { askPlaces, Places } from "./places.js";
import { wireSearch } from "./search.js";
import "./share.js";
import { Sheet } from "./sheet.js";

const phone = matchMedia("(max-width: 800px)");

const asked = askPlaces(); // comes while the map is made
asked.catch(() => {}); // `load` tells
const hasBoundary = ({ geometry }) => Boolean(geometry?.type.endsWith("Polygon"));
const wholeCity = (among) => L.geoJSON(among.filter(hasBoundary)).getBounds();
// The counties where half of the places are, the densest.
const innerCity = (among, all) => L.geoJSON(densest(among.filter(hasBoundary), all)).getBounds();

const cards = new Cards();
const { map, labels, counties } = await startBase("", openOn);
const countyNames = new Map(counties.map((county) => [county.id, county.properties.name]));
const sheet = new Sheet($("panel"), $("handle"), $("panel-body"), () => places?.list());
const places = new Places(map, countyNames, sheet, () => labels.arrange());
const here = new Here(map, foundMe, () => { if (phone.matches) sheet.set("peek"); });
let view = null;
let board = null; // coverage, once somebody asks for it

// What the map shows first: the whole city, on a phone the inner one.
async function openOn(opened, among) {
  const { features } = await asked.catch(() => ({ features: [] }));
  const all = features.map(({ properties }) => properties);
  frame(opened, phone.matches && all.length ? innerCity(among, all) : wholeCity(among));
}

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
  if (view !== "coverage") board?.hide();
  else if (board) await board.show();
  else {
    const { BoardView } = await import("./board_view.js");
    board ??= new BoardView(map, counties, labels, zoomTo);
    if (view === "coverage") await board.show();
  }
}

function zoomTo(code) {
  const county = counties.find(({ id }) => id === code);
  if (county && hasBoundary(county)) frame(map, L.geoJSON(county).getBounds().pad(0.02));
}

async function foundMe({ point, name, code }) {
  await switchTo("places");
  places.here = { point, name, code };
  cards.from(point);
  sheet.set("half");
  const nearest = places.nearest();
  frame(map, L.latLngBounds([point, ...nearest.map((place) => place.point)].map(([lon, lat]) => [lat, lon])).pad(0.1));
  places.list();
  places.announce();
  tell(name ? "" : say("found_near"));
  const title = $("places-title");
  title.textContent = say(name ? "near_place_title" : "near_title", { name });
  title.scrollIntoView({ block: "start" });
  $("places").focus({ preventScroll: true }); // the chips between the two are passed over
}

function wireControls() {
  for (const link of document.querySelectorAll(".view")) {
    link.addEventListener("click", async (click) => {
      click.preventDefault();
      await switchTo(link.dataset.view);
      if (!link.checkVisibility()) document.querySelector(".view:not([aria-current])").focus(); // a phone shows the other
    });
  }
  for (const chip of document.querySelectorAll("[data-kind]")) {
    chip.addEventListener("click", () => chooseKind(chip.dataset.kind));
  }
  for (const button of [$("near"), $("dock-near")]) {
    button?.addEventListener("click", (click) => {
      click.preventDefault();
      if (document.body.dataset.ready) here.locate();
      else $("near").dataset.pressed = "true";
    });
  }
  $("whole-city").addEventListener("click", () => frame(map, wholeCity(counties)));
  $("inner-city").addEventListener("click", () => frame(map, innerCity(counties, places.places)));
}

function chooseKind(kind) {
  for (const chip of document.querySelectorAll("[data-kind]")) {
    chip.setAttribute("aria-pressed", String(chip.dataset.kind === kind));
  }
  return places.filter(kind);
}

// Show what the address says.
async function followAddress() {
  const address = new URLSearchParams(location.search);
  const kind = address.get("kind") in config.kinds ? address.get("kind") : "";
  if (kind !== places.kind) await chooseKind(kind);
  const standard = address.get("standard");
  if ([...$("standard").options].some(({ value }) => value === standard)) $("standard").value = standard;
  const place = address.get("place");
  if (!place && places.chosen) places.back();
  await setView(address.get("view") === "coverage" && $("standard").value ? "coverage" : "places");
  if (place) await places.choose(place, true);
}

// The places; where the network fails, say so and offer to try again.
async function load() {
  try {
    await places.load(asked);
  } catch (failure) {
    const again = tag("button", { type: "button", className: "button" }, say("retry"));
    again.addEventListener("click", () => location.reload());
    tell(say("not_loaded"));
    $("message").append(again);
    throw failure;
  }
}

wireControls();
await load();
await breathe();
places.draw();
here.finds = wireSearch(places);
await followAddress();
onStep(followAddress);
document.body.dataset.ready = "true";
if (new URLSearchParams(location.search).has("near") || $("near").dataset.pressed) {
  remember({ near: null });
  here.locate();
}
