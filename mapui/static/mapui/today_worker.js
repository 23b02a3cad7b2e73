// Keeps a tour's page of the day and its files, so that it opens without network. `self.kept` is
// set by the script that imports this one: the cache's name, the files, and what to say otherwise.
/* global kept */

const WAIT_MS = 5000; // longer than that, the kept page is better than none

addEventListener("install", (event) => event.waitUntil(keepAll().then(() => skipWaiting())));
addEventListener("activate", (event) => event.waitUntil(forgetOlder().then(() => clients.claim())));

addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || new URL(request.url).origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(newest(request));
  else if (kept.files.includes(new URL(request.url).pathname)) event.respondWith(keptFirst(request));
});

// The files, and the pages that are open while this is installed.
async function keepAll() {
  const cache = await caches.open(kept.cache);
  await cache.addAll(kept.files);
  const open = await clients.matchAll({ type: "window", includeUncontrolled: true });
  const pages = open.map(({ url }) => url.split("#")[0]).filter((url) => url.startsWith(registration.scope));
  await Promise.all(pages.map(async (url) => keep(url, await fetch(url, { redirect: "manual" }))));
}

async function forgetOlder() {
  const mine = kept.cache.replace(/[^-]*$/, "");
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(mine) && name !== kept.cache).map((name) => caches.delete(name)));
}

// The page as it is now; without network, or while it takes too long, as it was last.
async function newest(request) {
  const answer = fetch(request).then(async (response) => { await keep(request.url, response.clone()); return response; });
  const before = await caches.match(request.url);
  if (!before) return answer.catch(() => new Response(kept.offline, { headers: { "Content-Type": "text/plain; charset=utf-8" } }));
  const late = new Promise((resolve) => { setTimeout(() => resolve(before), WAIT_MS); });
  return Promise.race([answer.catch(() => before), late]);
}

// Whoever is sent to sign in, or may not see it any more, does not see the kept page either.
async function keep(url, response) {
  const cache = await caches.open(kept.cache);
  if (response.ok) await cache.put(url, response);
  else if (response.type === "opaqueredirect" || [401, 403, 404].includes(response.status)) await forgetPages(cache);
}

async function forgetPages(cache) {
  const held = await cache.keys();
  await Promise.all(held.filter(({ url }) => url.startsWith(registration.scope)).map((request) => cache.delete(request)));
}

async function keptFirst(request) {
  return (await caches.match(request)) ?? fetch(request);
}
