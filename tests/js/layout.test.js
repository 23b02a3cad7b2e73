import assert from "node:assert/strict";
import test from "node:test";

import { placeLabels } from "../../mapui/static/mapui/layout.js";

const label = (x, y) => ({ x, y, width: 40, height: 20 });
const boxAt = ({ x, y, width, height }, [dx, dy]) => ({
  left: x + dx - width / 2, right: x + dx + width / 2, top: y + dy - height / 2, bottom: y + dy + height / 2,
});
const overlap = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

test("a lone label stays where it is", () => {
  assert.deepEqual(placeLabels([label(100, 100)], []), [[0, 0]]);
});

test("a label moves off a marker", () => {
  const marker = { left: 90, right: 110, top: 90, bottom: 110 };
  const [offset] = placeLabels([label(100, 100)], [marker]);
  assert.ok(!overlap(boxAt(label(100, 100), offset), marker));
});

test("placed labels never overlap, whatever the crowd", () => {
  let seed = 7;
  const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  for (let trial = 0; trial < 200; trial += 1) {
    const labels = Array.from({ length: 30 }, () => label(random() * 300, random() * 300));
    const boxes = placeLabels(labels, []).flatMap((offset, i) => (offset ? [boxAt(labels[i], offset)] : []));
    for (const [i, box] of boxes.entries()) assert.ok(!boxes.slice(i + 1).some((other) => overlap(box, other)));
  }
});

test("a label without room is hidden", () => {
  const wall = { left: -1000, right: 1000, top: -1000, bottom: 1000 };
  assert.deepEqual(placeLabels([label(0, 0)], [wall]), [null]);
});

test("a tight label leaves its line by little, or goes", () => {
  const river = { x: 100, y: 100, width: 40, height: 20, tight: true };
  const [free] = placeLabels([river], []);
  assert.deepEqual(free, [0, 0]);
  const [moved] = placeLabels([river], [{ left: 80, right: 120, top: 97, bottom: 103 }]);
  assert.ok(Math.abs(moved[1]) <= 20 && moved[0] === 0);
  assert.deepEqual(placeLabels([river], [{ left: 0, right: 200, top: 0, bottom: 200 }]), [null]);
});
