// What lies under every map: the land, the waters, and labels that keep out of the way.
/* global L */

import { placeLabels } from "./layout.js";
import { tag } from "./page.js";

// Panes for the land, under all marks, and for labels, over them; neither takes clicks.
export function addPanes(map) {
  for (const [name, level] of [["land", 200], ["labels", 610]]) {
    map.createPane(name).style.zIndex = level;
    map.getPane(name).style.pointerEvents = "none";
  }
}

const polygonsOf = ({ features }) => ({ type: "FeatureCollection", features: features.filter(({ geometry }) => geometry?.type.endsWith("Polygon")) });

// The soft edge of the land, under it; there is none over the tiles of others.
export function drawShore(map, counties) {
  L.geoJSON(polygonsOf(counties), { pane: "land", interactive: false, style: { className: "shore", fill: false } }).addTo(map);
}

export function drawLand(map, counties, overTiles) {
  const style = { className: overTiles ? "land rest" : "land", fill: !overTiles };
  return L.geoJSON(polygonsOf(counties), { pane: "land", interactive: false, style }).addTo(map);
}

export function drawWaters(map, waters) {
  L.geoJSON(waters, {
    pane: "land",
    interactive: false,
    style: (water) => ({ className: "water", weight: water.properties.name ? 3 : 1.2 }),
  }).addTo(map);
}

// Where rivers bear their names: [name, place] once each, on its own line nearest to a point.
export function riverNames(waters, { lng, lat }) {
  const away = ([x, y]) => (x - lng) ** 2 + (y - lat) ** 2;
  const found = new Map();
  for (const { properties: { name }, geometry } of waters.features) {
    if (!name || geometry.type !== "LineString") continue;
    const [nearest] = [...geometry.coordinates, found.get(name)].filter(Boolean).sort((a, b) => away(a) - away(b));
    found.set(name, nearest);
  }
  return [...found].map(([name, [x, y]]) => [name, L.latLng(y, x)]);
}

export function middle(feature) {
  if (feature.properties.seat) return L.latLng(feature.properties.seat[1], feature.properties.seat[0]);
  return L.geoJSON(feature).getBounds().getCenter();
}

// Labels, moved off markers and each other, hidden where there is no room.
export class Labels {
  constructor(map) {
    this.map = map;
    this.items = [];
    map.on("moveend zoomend", () => this.arrange());
  }

  add(place, text, kind, key, fromZoom = 0) {
    const icon = L.divIcon({ className: `label ${kind}`, html: "<span></span>", iconSize: null });
    const marker = L.marker(place, { icon, interactive: false, keyboard: false, pane: "labels" });
    marker.addTo(this.map);
    const span = marker.getElement().firstChild;
    span.textContent = text;
    this.items.push({ marker, span, place, key, fromZoom, text, tight: kind === "river" });
  }

  // A second line under some labels, {text, below}, such as a share; {} takes all away.
  annotate(notes) {
    for (const item of this.items) {
      item.span.textContent = item.text;
      if (!notes[item.key]) continue;
      const { text, below } = notes[item.key];
      item.span.append(tag("small", { className: below ? "below" : "" }, text));
    }
    this.arrange();
  }

  arrange() {
    cancelAnimationFrame(this.pending);
    this.pending = requestAnimationFrame(() => this.arrangeNow());
  }

  arrangeNow() {
    const zoom = this.map.getZoom();
    const shown = this.items.filter((item) => zoom >= item.fromZoom);
    for (const item of this.items) item.span.hidden = zoom < item.fromZoom;
    const boxes = shown.map(({ place, span, tight }) => {
      const { x, y } = this.map.latLngToContainerPoint(place);
      return { x, y, width: span.offsetWidth, height: span.offsetHeight, tight };
    });
    placeLabels(boxes, this.taken()).forEach((offset, i) => {
      shown[i].span.hidden = !offset;
      if (offset) shown[i].span.style.transform = `translate(calc(-50% + ${offset[0]}px), calc(-50% + ${offset[1]}px))`;
    });
  }

  taken() {
    const frame = this.map.getContainer().getBoundingClientRect();
    return [...this.map.getPane("markerPane").children].map((element) => {
      const { left, right, top, bottom } = element.getBoundingClientRect();
      return { left: left - frame.left, right: right - frame.left, top: top - frame.top, bottom: bottom - frame.top };
    });
  }
}
