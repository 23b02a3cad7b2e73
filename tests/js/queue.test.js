import assert from "node:assert/strict";
import { webcrypto } from "node:crypto";
import { test } from "node:test";

import { newUuid, Queue } from "../../mapui/static/mapui/queue.js";

function storage(text = null) {
  return { text, getItem() { return this.text; }, setItem(_key, text_) { this.text = text_; } };
}

const entry = (uuid, village = "1", more = {}) => ({ uuid, village, attendance: 5, sent: false, refused: "", ...more });

test("a village is pressed once, unless the server refused", () => {
  const queue = new Queue(storage(), "k");
  queue.add(entry("a"));
  assert.equal(queue.add(entry("b")).uuid, "a");
  assert.equal(queue.all().length, 1);
  queue.change("a", { refused: "early" });
  assert.equal(queue.add(entry("c")).uuid, "c");
  assert.deepEqual(queue.all().map(({ uuid }) => uuid), ["c"]);
});

test("what is sent or refused does not wait to be sent", () => {
  const queue = new Queue(storage(), "k");
  queue.add(entry("a", "1"));
  queue.add(entry("b", "2"));
  queue.add(entry("c", "3"));
  queue.change("a", { sent: true });
  queue.change("b", { refused: "no" });
  assert.deepEqual(queue.waiting().map(({ uuid }) => uuid), ["c"]);
  assert.deepEqual(queue.unsent().map(({ uuid }) => uuid), ["b", "c"]);
  queue.drop("b");
  assert.deepEqual(queue.unsent().map(({ uuid }) => uuid), ["c"]);
});

test("two windows keep each other's entries", () => {
  const shared = storage();
  new Queue(shared, "k").add(entry("a", "1"));
  new Queue(shared, "k").add(entry("b", "2"));
  assert.equal(new Queue(shared, "k").all().length, 2);
});

test("what is no list counts as nothing", () => {
  for (const text of ["{", "{}", "null"]) assert.deepEqual(new Queue(storage(text), "k").all(), []);
});

test("a UUID is one also without a secure context", () => {
  const made = newUuid({ getRandomValues: (bytes) => webcrypto.getRandomValues(bytes) });
  assert.match(made, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
