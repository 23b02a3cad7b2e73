import assert from "node:assert/strict";
import test from "node:test";

import { area, byDistance, densest, journey, metres } from "../../mapui/static/mapui/geo.js";

test("a degree of latitude is 111.04 km here", () => {
  assert.ok(Math.abs(metres([110, 40], [110, 41]) - 111044.3) < 1);
});

test("a place is nowhere from itself, and half the world from its antipode", () => {
  assert.equal(metres([110, 40], [110, 40]), 0);
  assert.ok(Math.abs(metres([110, 40], [-70, -40]) - Math.PI * 6371008.8) < 1);
});

test("places come nearest first, with their distance", () => {
  const sorted = byDistance([{ code: "far", point: [111, 40] }, { code: "near", point: [110.1, 40] }], [110, 40]);
  assert.deepEqual(sorted.map(({ code }) => code), ["near", "far"]);
  assert.ok(sorted[0].distance < sorted[1].distance);
});

const square = (id, west, south, side) => {
  const [east, north] = [west + side, south + side];
  const ring = [[west, south], [east, south], [east, north], [west, north], [west, south]];
  return { id, geometry: { type: "Polygon", coordinates: [ring] } };
};
const places = (region, n) => Array.from({ length: n }, () => ({ region }));

test("an area is that of its ring without its holes, whichever way they run", () => {
  const outer = square("", 110, 40, 0.1).geometry.coordinates[0];
  const hole = square("", 110.02, 40.02, 0.05).geometry.coordinates[0].toReversed();
  const whole = area({ type: "Polygon", coordinates: [outer] });
  assert.ok(Math.abs(whole / 94.7e6 - 1) < 0.002);
  const pierced = area({ type: "MultiPolygon", coordinates: [[outer, hole], [outer]] });
  assert.ok(Math.abs(pierced / whole - 1.75) < 0.001);
});

test("half of the places lie in the fewest of the densest areas", () => {
  const areas = [square("wide", 100, 40, 2), square("small", 110, 40, 0.1), square("middle", 112, 40, 0.2), square("empty", 113, 40, 0.01)];
  const all = [...places("wide", 40), ...places("small", 30), ...places("middle", 30), ...places("unknown", 500)];
  assert.deepEqual(densest(areas, all).map(({ id }) => id), ["small", "middle"]);
  assert.deepEqual(densest(areas, []), []);
});

test("a distance over the city is that of the ellipsoid to a hundred-thousandth", () => {
  const geodesics = [ // pyproj.Geod(ellps="WGS84")
    [[109.84, 40.65], [109.84, 41.65], 111056.8],
    [[109.84, 40.65], [110.84, 40.65], 84578.2],
    [[109.84, 40.65], [109.85, 40.66], 1395.85],
    [[109.2, 40.2], [111.5, 42.7], 337650.6],
  ];
  for (const [a, b, exact] of geodesics) assert.ok(Math.abs(metres(a, b) / exact - 1) < 1e-5);
});

test("a near way is told on foot, a far one by car, and none takes no time", () => {
  const paces = { walk: { kmh: 4.5, detour: 1.3 }, drive: { kmh: 40, detour: 1.3 }, walked_m: 3000 };
  assert.deepEqual(journey(0, paces), { by: "walk", minutes: 1 });
  assert.deepEqual(journey(750, paces), { by: "walk", minutes: 13 });
  assert.deepEqual(journey(751, paces), { by: "walk", minutes: 14 });
  assert.deepEqual(journey(2999, paces).by, "walk");
  assert.deepEqual(journey(40_000, paces), { by: "drive", minutes: 78 });
  assert.deepEqual(journey(40_000, { ...paces, drive: { kmh: 20, detour: 1.5 } }), { by: "drive", minutes: 180 });
});
