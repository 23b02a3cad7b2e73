import assert from "node:assert/strict";
import test from "node:test";

import { byDistance, metres } from "../../mapui/static/mapui/geo.js";

test("a degree of latitude is 111.2 km", () => {
  assert.ok(Math.abs(metres([110, 40], [110, 41]) - 111195) < 1);
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
