import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import vm from "node:vm";

const SCRIPT = readFileSync(new URL("../../mapui/static/mapui/worker.js", import.meta.url), "utf8");
const READINGS = "/offline/readings.json";

// A worker that was started just now, and the addresses that it asked the network for.
function started() {
  const asked = [];
  const listeners = {};
  const cache = { keys: async () => [], put: async () => {}, delete: async () => {}, match: async () => undefined };
  const fetch = async (request) => {
    asked.push(String(request.url ?? request));
    return new Response("{}", { headers: { "X-Offline": "keep" } });
  };
  vm.runInNewContext(SCRIPT, {
    kept: { version: "1", pages: [], data: [], offline: "/offline/", readings: READINGS },
    addEventListener: (name, listener) => { listeners[name] = listener; },
    location: new URL("http://city/"), caches: { open: async () => cache, match: cache.match },
    fetch, Response, URL, setTimeout: () => {},
  });
  const open = async (path) => {
    let answer;
    const request = { url: `http://city${path}`, method: "GET", mode: "cors" };
    listeners.fetch({ request, respondWith: (given) => { answer = given; }, waitUntil: () => {} });
    await answer;
    await new Promise(setImmediate);
  };
  return { asked, open };
}

test("how names are read is asked anew with the places, once a start", async () => {
  const { asked, open } = started();
  await open("/api/v1/events?limit=3");
  assert.ok(!asked.includes(READINGS));
  await open("/api/v1/sites?limit=10000");
  await open("/api/v1/sites?limit=10000");
  assert.equal(asked.filter((url) => url === READINGS).length, 1);
});
