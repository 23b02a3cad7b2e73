import assert from "node:assert/strict";
import { test } from "node:test";

import { gapInPercent, objects } from "../../mapui/static/mapui/stream.js";

const streamOf = (...parts) => new ReadableStream({
  start(controller) {
    for (const part of parts) controller.enqueue(part);
    controller.close();
  },
});

const all = async (stream) => {
  const found = [];
  for await (const each of objects(stream)) found.push(each);
  return found;
};

test("lines are put together from whatever parts come, also of a character", async () => {
  const bytes = new TextEncoder().encode('{"name":"固阳"}\n{"n":2}\n');
  for (let cut = 0; cut <= bytes.length; cut += 1) {
    assert.deepEqual(await all(streamOf(bytes.slice(0, cut), bytes.slice(cut))), [{ name: "固阳" }, { n: 2 }]);
  }
});

test("a last line need not end, and an empty one says nothing", async () => {
  assert.deepEqual(await all(streamOf(new TextEncoder().encode('\n{"n":1}'))), [{ n: 1 }]);
});

test("half a line is an error, not an answer", async () => {
  await assert.rejects(all(streamOf(new TextEncoder().encode('{"n":1}\n{"n":'))), SyntaxError);
});

test("a gap is told as no less than it is", () => {
  assert.equal(gapInPercent({ objective: 100, bound: 102.01 }), "2.1");
  assert.equal(gapInPercent({ objective: 100, bound: 100 }), "0.0");
  assert.equal(gapInPercent({ objective: 1000, bound: 1000.1 }), "0.1");
  assert.equal(gapInPercent({ objective: 0, bound: 3 }), "100.0");
});
