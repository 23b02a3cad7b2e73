// The signs of the map: one for each kind by its shape and character, rings for many. Each has a
// name for those who hear the page.
/* global L */

import { config, day, say, weekday } from "./page.js";

const RINGS = [[10, 44], [100, 48], [Infinity, 56]]; // up to so many places: pixels across

// An icon whose element carries its name.
const NamedIcon = L.DivIcon.extend({
  createIcon(old) {
    const element = L.DivIcon.prototype.createIcon.call(this, old);
    element.setAttribute("aria-label", this.options.name);
    return element;
  },
});

// `next`: when something is on there soon, or nothing.
export function placeIcon({ kind, name }, next) {
  const when = next && `${day(next)} ${weekday(next)}`;
  return new NamedIcon({
    className: `site ${kind}${next ? " soon" : ""}`,
    html: `<b>${config.glyphs[kind]}</b>${next ? "<i></i>" : ""}`,
    iconSize: [44, 44], // what a finger hits; the sign within is smaller
    name: say(next ? "mark_soon" : "mark", { kind: config.kinds[kind], name, day: when }),
  });
}

export function ring(cluster) {
  const n = cluster.getChildCount();
  const soon = cluster.getAllChildMarkers().some(({ options }) => options.soon);
  const [, size] = RINGS.find(([most]) => n < most);
  return new NamedIcon({
    className: soon ? "ring soon" : "ring",
    html: `<span>${n}</span>${soon ? "<i></i>" : ""}`,
    iconSize: [size, size],
    name: say(soon ? "cluster_soon" : "cluster", { n, where: lieIn(cluster) }),
  });
}

// The county of the places in a ring, or the first of several.
function lieIn(cluster) {
  const counties = new Set(cluster.getAllChildMarkers().map(({ options }) => options.county));
  const [county] = counties;
  return counties.size > 1 ? say("and_others", { county }) : county;
}

// Call `press` on Enter and Space, as a button does.
export function onPress(marker, press) {
  marker.on("click", press);
  marker.on("keydown", ({ originalEvent: key }) => {
    if (key.key !== "Enter" && key.key !== " ") return;
    key.preventDefault();
    press();
  });
}

// From a ring opened by key to the first mark that was in it: Leaflet leaves the focus on the map.
// A focused mark stays where it is: Leaflet would move the map, and with it the marks to come.
export function keepFocus(clusters, map) {
  L.Marker.mergeOptions({ autoPanOnFocus: false });
  clusters.on("clusterkeypress", ({ layer, originalEvent: key }) => {
    if (key.key !== "Enter" && key.key !== " ") return;
    const [first] = layer.getAllChildMarkers();
    if (key.key === " ") layer.zoomToBounds();
    const settled = () => setTimeout(() => clusters.getVisibleParent(first)?.getElement()?.focus());
    map.once("moveend", settled);
  });
}
