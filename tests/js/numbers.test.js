import assert from "node:assert/strict";
import test from "node:test";

import { percent, readable, shareNotes } from "../../mapui/static/mapui/numbers.js";

test("a distance is read in tens of metres, then in kilometres with one decimal", () => {
  const texts = [0, 4.9, 381.4, 994.9, 995, 5349, 123456].map((metres) => Object.values(readable(metres)).slice(0, 2).join(" "));
  assert.deepEqual(texts, [
    "0 metres", "0 metres", "380 metres", "990 metres", "1.0 kilometres", "5.3 kilometres", "123.5 kilometres",
  ]);
});

test("a distance is about right where its positions are off by more than 100 m", () => {
  assert.equal(readable(700).about, false);
  assert.equal(readable(700, 100).about, false);
  assert.equal(readable(700, 101).about, true);
});

test("a share is a hundred per cent only where nothing is missing", () => {
  assert.deepEqual([0, 0.5, 0.9999, 1].map(percent), ["0%", "50%", "99%", "100%"]);
});

test("a division below the city's share is marked, one at it is not", () => {
  const rows = [{ code: "a", met: 5, subjects: 10, share: 0.5 }, { code: "b", met: 1, subjects: 10, share: 0.1 }, { code: "c", met: 3, subjects: 10, share: 0.3 }];
  assert.deepEqual(Object.values(shareNotes(rows)).map(({ below }) => below), [false, true, false]);
  assert.equal(shareNotes(rows).b.text, "10%");
});
