// Villages or divisions by the state of a standard: marks or fills on the map, and the legend that
// counts them.
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

// Whom a standard judges, with their states; `rows` is its table by county.
export async function loadSubjects({ code, subject, on = "", region = "" }, rows) {
  if (subject === "village") return loadVillages(code, on, region);
  return subject === "county" ? divisions(rows, { isCounty: true }) : loadTownships(code, on, region);
}

async function loadTownships(standard, on, region) {
  const within = region ? `&region=${region}` : "";
  const [{ rows }, { features }] = await Promise.all([
    fetchJson(`/api/v1/standards/${encodeURIComponent(standard)}/coverage?by=township&on=${on}${within}`),
    fetchJson(`/api/v1/regions?level=township&limit=10000${within}`),
  ]);
  const shapes = new Map(features.map(({ id, geometry }) => [id, geometry]));
  return divisions(rows, { isTownship: true }).map((each) => ({ ...each, ...placed(shapes.get(each.code)) }));
}

// Where a division is drawn: in its boundary, else at its seat.
function placed(geometry) {
  return { geometry, point: geometry?.type === "Point" ? geometry.coordinates : undefined };
}

async function loadVillages(standard, on, region) {
  const url = `/api/v1/villages?standard=${encodeURIComponent(standard)}&on=${on}&limit=10000${region ? `&region=${region}` : ""}`;
  const { features } = await fetchJson(url);
  return features
    .filter((feature) => feature.properties.met !== null)
    .map((feature) => ({ code: feature.id, point: feature.geometry?.coordinates, ...feature.properties, state: state(feature.properties) }));
}

function state({ built, reached, met }) {
  if (met) return "effective";
  if (built && reached === false) return "idle";
  if (reached && built === false) return "delivered";
  return "none";
}

function divisions(rows, level) {
  const has = (count) => (count === null ? null : count > 0);
  return rows.map(({ code, name, built, reached, met, doubtful }) => {
    const verdict = { built: has(built), reached: has(reached), met: met > 0 };
    return { code, name, ...level, ...verdict, certain: doubtful === 0, distance_m: null, state: state(verdict) };
  });
}

const isDivision = ({ isCounty, isTownship }) => Boolean(isCounty || isTownship);
const isOutlined = ({ geometry }) => Boolean(geometry?.type.endsWith("Polygon"));

// How many villages are in each state that a standard of these clauses knows, and how many doubtful.
function count(villages) {
  const counts = { effective: 0, idle: 0, delivered: 0, none: 0, doubtful: 0 };
  for (const village of villages) {
    counts[village.state] += 1;
    if (!village.certain) counts.doubtful += 1;
  }
  return counts;
}

const twoClauses = (villages) =>
  villages.some((village) => village.built !== null && village.reached !== null);

// What the states of these subjects are called.
function namer(subjects) {
  if (twoClauses(subjects)) return (state) => say(`state_${state}`);
  const [met, unmet] = subjects.some(isDivision) ? ["county_met", "county_unmet"] : ["state_met", "state_none"];
  return (state) => say(state === "effective" ? met : unmet);
}

// Draw all anew; `nearest` says which qualifying place decides, `open` is called with the subject.
export function drawSubjects(layer, counties, subjects, nearest, open) {
  layer.clearLayers();
  const shapes = new Map(counties.map(({ id, geometry }) => [id, geometry]));
  const all = subjects.map((each) => (each.isCounty ? { ...each, ...placed(shapes.get(each.code)) } : each));
  drawOutlines(layer, all, open);
  drawMarks(layer, all, nearest, open);
}

// The worst last, so that gaps lie on top.
function drawMarks(layer, subjects, nearest, onClick) {
  const name = namer(subjects);
  const sorted = subjects.filter((each) => each.point && !isOutlined(each))
    .sort((a, b) => ORDER.indexOf(b.state) - ORDER.indexOf(a.state));
  for (const subject of sorted) layer.addLayer(mark(subject, name, nearest, onClick));
}

function drawOutlines(layer, subjects, onClick) {
  const name = namer(subjects);
  for (const subject of subjects.filter(isOutlined)) {
    const feature = { type: "Feature", geometry: subject.geometry, properties: {} };
    const shape = L.geoJSON(feature, { style: { className: `county-state ${subject.state}` } });
    shape.bindTooltip(() => tooltip(subject, name), { sticky: true });
    shape.on("click", () => onClick(subject));
    layer.addLayer(shape);
  }
}

function mark(village, name, nearest, onClick) {
  const Shape = village.state === "delivered" ? Diamond : L.CircleMarker;
  const marker = new Shape([village.point[1], village.point[0]], {
    radius: village.state === "none" ? 6.5 : 6,
    className: `village ${village.state}${village.certain ? "" : " doubtful"}`,
  });
  marker.bindTooltip(() => tooltip(village, name, nearest));
  marker.on("click", () => onClick(village));
  return marker;
}

function tooltip(village, name, nearest) {
  const lines = [tag("b", {}, village.name), tag("br"), name(village.state)];
  if (!village.certain) lines.push(` · ${say("doubtful")}`);
  if (village.distance_m !== null) lines.push(tag("br"), `${nearest} ${distance(village.distance_m, village.position_error_m)}`);
  return tag("div", {}, ...lines);
}

export function legend(element, villages, title) {
  const both = twoClauses(villages);
  const named = namer(villages);
  const counts = count(villages);
  const states = both ? ["effective", "idle", "delivered", "none"] : ["effective", "none"];
  const shape = villages.some((each) => each.isCounty || isOutlined(each)) ? "county" : "";
  const row = (sign, name, n, short = name) =>
    tag("div", { className: sign },
      tag("dt", {}, tag("i", { className: `sign ${sign} ${shape}` }), tag("span", { className: "long" }, name), tag("span", { className: "short" }, short)),
      tag("dd", {}, String(n)));
  element.replaceChildren(
    tag("p", {}, title),
    tag("dl", {},
      ...states.map((name) => row(name, named(name), counts[name], both ? say(`short_${name}`) : undefined)),
      row("doubtful", say("of_which_doubtful"), counts.doubtful)),
  );
  element.hidden = false;
}
