import assert from "node:assert/strict";
import { test } from "node:test";

import { discRadius, shareBand } from "../../mapui/static/mapui/divisions_scale.js";

test("a share belongs to the band that begins at or below it", () => {
  const shares = [0, 0.499, 0.5, 0.8, 0.949, 0.95, 1];
  assert.deepEqual(shares.map(shareBand), ["least", "least", "low", "high", "high", "most", "most"]);
});

test("a disc's area grows with its subjects, and never vanishes", () => {
  assert.equal(discRadius(100, 100) / discRadius(25, 100), 2);
  assert.equal(discRadius(0, 100), 6);
});
