// Places on the map and in the list, in step: kinds, the part of the map in view, what is chosen.
/* global L */

import { focusOn, inSight } from "./frame.js";
import { byDistance } from "./geo.js";
import { showList } from "./lists.js";
import { $, config, day, dayOfYear, distance, fetchJson, fill, hour, remember, say, tag, weekday } from "./page.js";

const SOON = 7 * 24 * 3600 * 1000;

export class Places {
  constructor(map, countyNames, onDraw) {
    this.map = map;
    this.clusters = window.mapLayers.sites;
    this.countyNames = countyNames;
    this.onDraw = onDraw;
    this.kind = "";
    this.here = null;
    this.chosen = null;
    this.clusters.options.iconCreateFunction = ring;
    this.clusters.on("animationend", onDraw);
    map.on("moveend", () => this.list());
  }

  async load() {
    const answer = await fetchJson("/api/v1/sites?limit=10000");
    this.places = answer.features.map((feature) => ({
      code: feature.id, point: feature.geometry.coordinates, ...feature.properties,
    }));
    this.byCode = new Map(this.places.map((place) => [place.code, place]));
    for (const place of this.places) place.marker = this.marker(place);
    this.draw();
  }

  marker(place) {
    const soon = place.next_event && new Date(place.next_event.starts_at) - Date.now() < SOON;
    const icon = L.divIcon({
      className: soon ? "pin soon" : "pin", html: config.glyphs[place.kind], iconSize: [32, 32],
    });
    const marker = L.marker([place.point[1], place.point[0]], { icon, title: place.name });
    marker.on("click", () => this.choose(place.code));
    marker.on("add", () => marker.getElement().setAttribute("aria-label", `${config.kinds[place.kind]} ${place.name}`));
    return marker;
  }

  wanted() {
    return this.places.filter((place) => !this.kind || place.kind === this.kind);
  }

  draw() {
    this.clusters.clearLayers();
    this.clusters.addLayers(this.wanted().map((place) => place.marker));
    this.list();
    this.onDraw();
  }

  show(visible) {
    if (visible) this.clusters.addTo(this.map);
    else this.clusters.remove();
    this.onDraw();
  }

  filter(kind) {
    this.kind = kind;
    remember({ kind });
    this.draw();
  }

  nearest(n) {
    return byDistance(this.wanted(), this.here).slice(0, n);
  }

  list() {
    if (!this.places) return;
    const bounds = inSight(this.map);
    const centre = bounds.getCenter();
    const inView = this.wanted().filter(({ point }) => bounds.contains([point[1], point[0]]));
    const sorted = byDistance(inView, this.here ?? [centre.lng, centre.lat]);
    $("places-count").textContent = say(this.here ? "near_here" : "in_view", { n: sorted.length });
    showList($("places"), $("more"), sorted, (place) => this.item(place));
  }

  item(place) {
    const item = fill("place-item", { ...this.fields(place), distance: this.here && distance(place.distance, place.position_error_m) });
    item.querySelector("button").addEventListener("click", () => this.choose(place.code, true));
    return item;
  }

  fields(place) {
    return {
      glyph: config.glyphs[place.kind],
      name: place.name,
      meta: [say("tier_and_kind", { tier: config.tiers[place.tier], kind: config.kinds[place.kind].toLowerCase() }), this.countyNames.get(place.region), place.designation]
        .filter(Boolean).join(" · "),
      next: nextLine(place),
    };
  }

  // Show one place in the panel and on the map; `move` brings the map to it.
  async choose(code, move = false) {
    const place = this.byCode.get(code);
    if (!place) return;
    this.leave();
    this.chosen = place;
    remember({ place: code });
    if (move) focusOn(this.map, place.marker.getLatLng());
    place.marker.getElement()?.classList.add("chosen");
    const { features } = await fetchJson(`/api/v1/events?site=${encodeURIComponent(code)}&limit=1000`);
    if (this.chosen === place) this.detail(place, features);
  }

  detail(place, features) {
    const events = features.map((feature) => ({ code: feature.id, ...feature.properties }));
    const now = new Date();
    const coming = events.filter((event) => new Date(event.ends_at) >= now);
    const past = events.filter((event) => event.status === "held").reverse();
    const content = fill("place-detail", {
      ...this.fields(place),
      address: place.address,
      position: say("position", { source: config.sources[place.source], error: distance(place.position_error_m) }),
      link: say("details"),
      upcoming: eventList(coming, day, say("nothing_planned")),
      past: eventList(past.slice(0, 10), dayOfYear, say("nothing_held")),
    });
    content.querySelector("a.button").href = `/sites/${encodeURIComponent(place.code)}/`;
    content.querySelector("[data-action]").addEventListener("click", () => this.back());
    $("detail").replaceChildren(content);
    $("detail").hidden = false;
    $("places-view").hidden = true;
    $("panel-body").scrollTop = 0;
    $("detail").querySelector("h2").focus({ preventScroll: true });
  }

  back() {
    this.leave();
    $("places-view").hidden = false;
    $("handle").focus();
  }

  leave() {
    this.chosen?.marker.getElement()?.classList.remove("chosen");
    this.chosen = null;
    remember({ place: null });
    $("detail").hidden = true;
  }
}

function ring(cluster) {
  const n = cluster.getChildCount();
  const size = n < 10 ? 36 : n < 100 ? 42 : 50;
  return L.divIcon({ className: "ring", html: `<span aria-label="${say("cluster", { n })}">${n}</span>`, iconSize: [size, size] });
}

function nextLine(place) {
  const { next_event: next, last_event: last } = place;
  if (next) return fragment(tag("b", {}, `${day(next.starts_at)} ${weekday(next.starts_at)} ${hour(next.starts_at)}`), ...(next.moved_from ? [" ", tag("em", {}, say("moved"))] : []), ` ${next.programme_name}`);
  if (last) return say("last_event", { day: dayOfYear(last.starts_at) });
  return "";
}

function eventList(events, dated, none) {
  if (!events.length) return tag("p", { className: "quiet" }, none);
  return fragment(...events.map((event) =>
    tag("a", { className: `event-line ${event.status}`, href: `/events/${encodeURIComponent(event.code)}/` },
      tag("time", { dateTime: event.starts_at }, tag("b", {}, dated(event.starts_at)), ` ${weekday(event.starts_at)} ${hour(event.starts_at)}`),
      tag("span", { className: "what" }, tag("span", { className: "title" }, event.programme_name), ...change(event)))));
}

// That an event is off, or when it was to be.
function change({ status, moved_from: former }) {
  if (status === "cancelled") return [" ", tag("em", {}, say("cancelled"))];
  if (!former) return [];
  const was = tag("s", {}, `${day(former)} ${weekday(former)} ${hour(former)}`);
  return [" ", tag("em", {}, say("moved")), tag("span", { className: "was" }, `${say("was")} `, was)];
}

function fragment(...children) {
  const all = document.createDocumentFragment();
  all.append(...children);
  return all;
}
