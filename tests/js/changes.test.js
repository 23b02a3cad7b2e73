import assert from "node:assert/strict";
import test from "node:test";

import * as changes from "../../mapui/static/mapui/changes.js";

const SQUARE = { lon: 110, lat: 40, kind: "square", tier: "county" };

test("a step makes a new value and leaves the old one for undo", () => {
  const one = changes.addPlace(changes.NONE, SQUARE);
  assert.ok(changes.isNone(changes.NONE));
  assert.deepEqual(changes.dragAdded(one, 0, [111, 41]).add, [{ ...SQUARE, lon: 111, lat: 41 }]);
  assert.deepEqual(one.add, [SQUARE]);
  assert.ok(changes.isNone(changes.dropAdded(one, 0)));
});

test("a site is removed or moved, not both, and can stay after all", () => {
  const moved = changes.moveSite(changes.removeSite(changes.NONE, "S"), "S", [110, 40]);
  assert.deepEqual([moved.remove, moved.move], [[], [{ code: "S", lon: 110, lat: 40 }]]);
  const removed = changes.removeSite(moved, "S");
  assert.deepEqual([removed.remove, removed.move], [["S"], []]);
  assert.ok(changes.isNone(changes.leave(removed, "S")));
});

test("a site that is moved twice is where it was put last", () => {
  const twice = changes.moveSite(changes.moveSite(changes.NONE, "S", [1, 1]), "S", [2, 2]);
  assert.deepEqual(twice.move, [{ code: "S", lon: 2, lat: 2 }]);
});
