// Villages by the state of a standard: marks on the map, and the legend that counts them.
/* global L */

import { distance, fetchJson, say, tag } from "./page.js";

// An SVG mark of four corners, so that a state differs by shape too.
const Diamond = L.CircleMarker.extend({
  _updatePath() {
    const { x, y } = this._point;
    const r = this._radius + 1;
    this._renderer._setPath(this, this._empty() ? "" : `M${x - r},${y}L${x},${y - r}L${x + r},${y}L${x},${y + r}Z`);
  },
});

const ORDER = ["none", "delivered", "idle", "effective"];

export async function loadVillages(standard) {
  const url = `/api/v1/villages?standard=${encodeURIComponent(standard)}&limit=10000`;
  const { features } = await fetchJson(url);
  return features
    .filter((feature) => feature.properties.met !== null)
    .map((feature) => ({ code: feature.id, point: feature.geometry?.coordinates, ...feature.properties, state: state(feature.properties) }));
}

export function state({ built, reached, met }) {
  if (met) return "effective";
  if (built && reached === false) return "idle";
  if (reached && built === false) return "delivered";
  return "none";
}

// How many villages are in each state that a standard of these clauses knows, and how many doubtful.
export function count(villages) {
  const counts = { effective: 0, idle: 0, delivered: 0, none: 0, doubtful: 0 };
  for (const village of villages) {
    counts[village.state] += 1;
    if (!village.certain) counts.doubtful += 1;
  }
  return counts;
}

export const twoClauses = (villages) =>
  villages.some((village) => village.built !== null && village.reached !== null);

export const stateName = (village, both) =>
  say(!both && village.state === "effective" ? "state_met" : `state_${village.state}`);

// Draw the worst last, so that gaps lie on top.
export function drawVillages(layer, villages, onClick) {
  layer.clearLayers();
  const both = twoClauses(villages);
  const sorted = villages.filter(({ point }) => point)
    .sort((a, b) => ORDER.indexOf(b.state) - ORDER.indexOf(a.state));
  for (const village of sorted) layer.addLayer(mark(village, both, onClick));
}

function mark(village, both, onClick) {
  const Shape = village.state === "delivered" ? Diamond : L.CircleMarker;
  const marker = new Shape([village.point[1], village.point[0]], {
    radius: village.state === "none" ? 6.5 : 6,
    className: `village ${village.state}${village.certain ? "" : " doubtful"}`,
  });
  marker.bindTooltip(() => tooltip(village, both));
  marker.on("click", () => onClick(village));
  return marker;
}

function tooltip(village, both) {
  const lines = [tag("b", {}, village.name), tag("br"), stateName(village, both)];
  if (!village.certain) lines.push(` · ${say("doubtful")}`);
  if (village.distance_m !== null) lines.push(tag("br"), say("nearest", { distance: distance(village.distance_m) }));
  return tag("div", {}, ...lines);
}

export function legend(element, villages, title) {
  const both = twoClauses(villages);
  const counts = count(villages);
  const states = both ? ["effective", "idle", "delivered", "none"] : ["effective", "none"];
  const row = (sign, name, n) =>
    tag("div", {}, tag("i", { className: `sign ${sign}` }), tag("dt", {}, name), tag("dd", {}, String(n)));
  element.replaceChildren(
    tag("p", {}, title),
    tag("dl", {},
      ...states.map((name) => row(name, stateName({ state: name }, both), counts[name])),
      row("doubtful", say("of_which_doubtful"), counts.doubtful)),
  );
  element.hidden = false;
}
