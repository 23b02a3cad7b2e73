// Keeps the city as it was last seen: the map, its data and the pages that were opened, for no or
// little network. Only what the server marks as public is kept. `self.kept` is set by the script
// that imports this one: the version of our files, the pages and data to keep from the start;
// `findNames` by names.js.
/* global kept, findNames */

const FILES = `city-files-${kept.version}`;
const PAGES = `city-pages-${kept.version}`;
const WAIT_MS = 4000; // longer than that, what is kept is better than nothing
const MOST_KEPT = 300;
const MOST_RENEWED = 40;
const SEARCH = "/api/v1/search";
let readingsAreNew = false; // since this worker started

addEventListener("install", (event) => event.waitUntil(keepCity().then(() => skipWaiting())));
addEventListener("activate", (event) => event.waitUntil(forget((name) => ![FILES, PAGES].includes(name)).then(() => clients.claim())));

addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (url.pathname === "/admin/logout/") event.waitUntil(forget((name) => name !== FILES, /^(city|today)-/).then(keepCity));
  if (request.method !== "GET" || url.pathname.startsWith("/admin/")) return;
  if (url.pathname.startsWith("/static/")) event.respondWith(keptFirst(request));
  else if (request.mode === "navigate") event.respondWith(page(request, url));
  else if (url.pathname === SEARCH) event.respondWith(fetch(request).catch(() => search(url.searchParams.get("q") ?? "")));
  else if (url.pathname.startsWith("/api/v1/")) event.respondWith(newest(request, () => data(url)).then((answer) => answer ?? Response.error()));
});

// Install: the pages and data to keep from the start, what was opened under the former version,
// and every file that these pages load.
async function keepCity() {
  const today = new Date(Date.now() + 8 * 3600 * 1000).toISOString().slice(0, 10); // in Shanghai
  const data = kept.data.map((path) => path.replace(/from=$/, `from=${today}`));
  await Promise.all([...kept.pages, ...data].map((path) => asAnybody(path).then((answer) => keep(path, answer))));
  await Promise.all((await openedBefore()).map((url) => fetch(url).then((answer) => keep(url, answer)).catch(() => {})));
  const cache = await caches.open(PAGES);
  const texts = await Promise.all(kept.pages.map(async (path) => (await cache.match(path))?.text() ?? ""));
  await keepFiles(texts.flatMap((text) => filesIn(text, location.href)));
}

// Whoever is signed in is given the public page, and not what the browser holds as theirs.
async function asAnybody(path) {
  const answer = await fetch(path);
  return answer.headers.get("X-Offline") === "keep" ? answer : fetch(path, { credentials: "omit", cache: "no-store" });
}

async function openedBefore() {
  const before = (await caches.keys()).filter((name) => name.startsWith("city-pages-") && name !== PAGES);
  const held = await Promise.all(before.map(async (name) => (await caches.open(name)).keys()));
  return held.flat().map(({ url }) => url).filter((url) => !new URL(url).pathname.startsWith("/api/")).slice(-MOST_RENEWED);
}

// Our files that a page, a module or a sheet names.
function filesIn(text, base) {
  const named = [...text.matchAll(/(?:src|href)="(\/static\/[^"]+)"|(?:from|import)\s*\(?\s*"(\.[^"]+)"|"(\/static\/[^"]+)"|url\("?([^")]+)"?\)/g)];
  return named.map((match) => new URL(match.slice(1).find(Boolean), base)).filter(({ origin, pathname }) => origin === location.origin && pathname.startsWith("/static/")).map(String);
}

async function keepFiles(urls, done = new Set()) {
  const cache = await caches.open(FILES);
  const fresh = [...new Set(urls)].filter((url) => !done.has(url));
  fresh.forEach((url) => done.add(url));
  const further = await Promise.all(fresh.map(async (url) => {
    const answer = (await cache.match(url)) ?? await fetch(url);
    if (!answer.ok) return [];
    const text = /javascript|css/.test(answer.headers.get("Content-Type")) ? await answer.clone().text() : "";
    await cache.put(url, answer);
    return filesIn(text, url);
  }));
  if (further.flat().length) await keepFiles(further.flat(), done);
}

async function keep(url, answer) {
  if (!answer.ok || answer.redirected || answer.headers.get("X-Offline") !== "keep") return;
  const cache = await caches.open(PAGES);
  await cache.delete(url);
  await cache.put(url, answer);
  const opened = (await cache.keys()).filter((held) => !kept.pages.includes(new URL(held.url).pathname) && !held.url.includes("limit=10"));
  await Promise.all(opened.slice(0, -MOST_KEPT).map((held) => cache.delete(held)));
}

// Names that came since have characters of their own.
async function renewReadings() {
  if (readingsAreNew) return;
  readingsAreNew = true;
  await asAnybody(kept.readings).then((answer) => keep(kept.readings, answer)).catch(() => { readingsAreNew = false; });
}

async function forget(which, ours = /^city-/) {
  const names = (await caches.keys()).filter((name) => ours.test(name));
  await Promise.all(names.filter(which).map((name) => caches.delete(name)));
}

async function keptFirst(request) {
  const held = await caches.match(request);
  if (held) return held;
  const answer = await fetch(request);
  if (answer.ok && answer.status === 200) (await caches.open(FILES)).put(request, answer.clone());
  return answer;
}

// As it is now; without network, or while it takes too long, as `otherwise` has it.
async function newest(request, otherwise) {
  const answer = fetch(request).then((response) => {
    if (response.status >= 502) throw new Error(response.status); // what stands before our server answers
    keep(request.url, response.clone());
    if (new URL(request.url).pathname === "/api/v1/sites") renewReadings();
    return response;
  });
  const late = new Promise((resolve) => { setTimeout(resolve, WAIT_MS); }).then(otherwise);
  const instead = answer.catch(otherwise);
  return (await Promise.race([instead, late])) ?? instead;
}

async function page(request, url) {
  const answer = await newest(request, () => keptPage(url));
  if (answer) return answer;
  const place = url.pathname.match(/^\/sites\/([^/]+)\/$/);
  if (place) return Response.redirect(`/?place=${place[1]}`); // the map has it, if not its whole page
  return told(await caches.match(kept.offline, { ignoreVary: true }));
}

async function keptPage({ href, pathname }) {
  const held = await caches.match(href.split("#")[0], { ignoreSearch: pathname === "/", ignoreVary: true });
  return held && told(held);
}

// A kept page that says since when it is kept.
async function told(held) {
  if (!held) return Response.error();
  const since = new Date(held.headers.get("Date") ?? Date.now()).toISOString();
  const text = (await held.text()).replace("<html ", `<html data-kept="${since}" `);
  return new Response(text, { headers: held.headers });
}

// Data as it was kept; what was never asked for from the lists of the city: one record, or a place's
// events to come, which are `partial`.
async function data(url) {
  const held = await caches.match(url.href, { ignoreVary: true });
  const [, kind, code] = url.pathname.match(/^\/api\/v1\/(events|sites|villages)(?:\/([^/]+))?$/) ?? [];
  if (held || !kind) return held;
  const { features } = await keptData(`/api/v1/${kind}`);
  if (code) return Response.json(features.find(({ id }) => id === decodeURIComponent(code)) ?? null);
  if (kind !== "events") return undefined;
  const site = url.searchParams.get("site");
  const found = features.filter(({ properties }) => !site || properties.site === site);
  return Response.json({ type: "FeatureCollection", features: found, numberMatched: found.length, numberReturned: found.length, partial: true });
}

async function keptData(path) {
  const cache = await caches.open(PAGES);
  const [held] = (await cache.keys()).filter(({ url }) => new URL(url).pathname === path && /limit=10+/.test(url) && !url.includes("site="));
  return held ? (await cache.match(held, { ignoreVary: true })).json() : { features: [] };
}

// What fits best among the names that are kept.
async function search(q) {
  const [sites, villages, events] = await Promise.all(["sites", "villages", "events"].map((kind) => keptData(`/api/v1/${kind}`)));
  const readings = await caches.match(kept.readings, { ignoreVary: true });
  const named = (type, { features }) => features.map(({ id, geometry, properties }) => ({
    type, code: id, name: properties.name, former_names: properties.former_names, starts_at: null,
    url: `/${type}s/${encodeURIComponent(id)}/`,
    region: properties.region ?? properties.township, region_name: properties.region_name ?? properties.township_name,
    lon: geometry?.coordinates[0] ?? null, lat: geometry?.coordinates[1] ?? null,
  }));
  const results = findNames([...named("site", sites), ...named("village", villages), ...programmes(events)], q, await readings?.json());
  return Response.json({ results: results.slice(0, 20) });
}

// Each programme that is on, with its next event.
function programmes({ features }) {
  const next = new Map();
  for (const { id, geometry, properties: event } of features) {
    if (next.has(event.programme) || event.status === "cancelled" || new Date(event.ends_at) < Date.now()) continue;
    next.set(event.programme, {
      type: "programme", code: id, name: event.programme_name, starts_at: event.starts_at, url: `/events/${encodeURIComponent(id)}/`,
      region: null, region_name: event.site_name ?? event.village_name, lon: geometry?.coordinates[0] ?? null, lat: geometry?.coordinates[1] ?? null,
    });
  }
  return [...next.values()];
}
