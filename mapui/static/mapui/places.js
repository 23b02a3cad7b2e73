// Places on the map and in the list, in step: kinds, the part of the map in view, what is chosen.
/* global L */

import { pace } from "./cards.js";
import { focusOn, inSight } from "./frame.js";
import { byDistance } from "./geo.js";
import { offerOthers } from "./going.js";
import { showList, tell } from "./lists.js";
import { keepFocus, onPress, placeIcon, ring } from "./marks.js";
import { $, config, day, dayOfYear, distance, fetchJson, fill, hour, newStep, remember, say, tag, weekday } from "./page.js";
import { leadTo } from "./way.js";

const SOON = 7 * 24 * 3600 * 1000;
const NEAREST = 5; // listed first where somebody said where they are
const REST = 800; // milliseconds
const APART = ["service", "front"]; // found in the same way, and not counted among the sites

export const askPlaces = (kind = "") => fetchJson(`/api/v1/sites?limit=10000${kind && `&kind=${kind}`}`);

export class Places {
  constructor(map, countyNames, sheet, onDraw) {
    Object.assign(this, { map, countyNames, sheet, onDraw });
    this.clusters = window.mapLayers.sites;
    this.kind = "";
    this.here = null; // { point, name, code }, once it is known; code: the place itself
    this.chosen = null;
    this.apart = {}; // places by kind, once they are asked for
    this.clusters.options.iconCreateFunction = ring;
    this.clusters.on("animationend", onDraw);
    keepFocus(this.clusters, map);
    map.on("moveend", () => this.listSoon());
    $("detail").addEventListener("keydown", ({ key }) => { if (key === "Escape" && !$("detail").querySelector(".choice")) this.back(); });
  }

  // The places that were asked for; `draw` shows them.
  async load(asked) {
    this.byCode = new Map();
    this.places = this.taken(await asked);
  }

  taken({ features }) {
    return features.map((feature) => {
      const place = { code: feature.id, point: feature.geometry.coordinates, ...feature.properties };
      this.byCode.set(place.code, place);
      return Object.assign(place, { marker: this.marker(place) });
    });
  }

  marker(place) {
    const next = place.next_event?.starts_at;
    const soon = Boolean(next) && new Date(next) - Date.now() < SOON;
    const marker = L.marker([place.point[1], place.point[0]], { icon: placeIcon(place, soon && next), title: place.name, soon, county: this.countyNames.get(place.region) });
    onPress(marker, () => this.open(place.code, false, marker));
    return marker;
  }

  wanted() {
    if (this.apart[this.kind]) return this.apart[this.kind];
    return this.places.filter((place) => !this.kind || place.kind === this.kind);
  }

  draw() {
    this.listed = null;
    this.clusters.clearLayers();
    this.clusters.addLayers(this.wanted().map((place) => place.marker));
    this.listSoon();
    this.onDraw();
  }

  show(visible) {
    if (visible) this.clusters.addTo(this.map);
    else this.clusters.remove();
    this.onDraw();
  }

  async filter(kind) {
    this.kind = kind;
    remember({ kind });
    if (APART.includes(kind)) this.apart[kind] ??= this.taken(await askPlaces(kind));
    if (this.kind !== kind) return;
    this.draw();
    this.announce();
  }

  // Say how many there are, once the map has come to rest: only where somebody asked for them.
  announce() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => { $("places-said").textContent = $("places-count").textContent; }, REST);
  }

  nearest() {
    return byDistance(this.others(), this.here.point).slice(0, NEAREST);
  }

  // Those to be listed: without the one that somebody is at.
  others() {
    return this.wanted().filter(({ code }) => code !== this.here?.code);
  }

  // Once for all that happens in one step, and after it: the map comes first.
  listSoon() {
    clearTimeout(this.pending);
    this.pending = setTimeout(() => this.list());
  }

  // What is in view, or, where somebody said where they are, all, wherever the map is.
  list() {
    clearTimeout(this.pending);
    if (!this.places) return;
    const bounds = inSight(this.map);
    const centre = bounds.getCenter();
    const listed = this.others().filter(({ point }) => this.here || bounds.contains([point[1], point[0]]));
    const order = [this.kind, this.here?.point ?? bounds.toBBoxString()].join();
    if (order === this.listed) return;
    this.listed = order;
    const sorted = byDistance(listed, this.here?.point ?? [centre.lng, centre.lat]);
    const counted = this.here ? "near_here" : APART.includes(this.kind) ? `${this.kind}_in_view` : "in_view";
    $("places-count").textContent = say(counted, { n: sorted.length });
    showList($("places"), $("more"), sorted, (place) => this.item(place), this.here ? NEAREST : undefined);
  }

  item(place) {
    const item = fill("place-item", { ...this.fields(place), distance: this.here && distance(place.distance, place.position_error_m) });
    const button = item.querySelector("button");
    button.dataset.code = place.code;
    button.addEventListener("click", () => this.open(place.code, true, button));
    return item;
  }

  fields(place) {
    const kind = config.kinds[place.kind];
    const said = APART.includes(place.kind) ? kind : say("tier_and_kind", { tier: config.tiers[place.tier], kind: kind.toLowerCase() });
    const glyph = tag("i", { className: `badge ${place.kind}`, ariaHidden: "true" }, config.glyphs[place.kind]);
    return {
      glyph,
      name: place.name,
      meta: [said, this.countyNames.get(place.region), place.designation].filter(Boolean).join(" · "),
      walk: this.here && place.distance !== undefined && pace(place.distance),
      next: nextLine(place),
    };
  }

  // As a step that the browser's Back takes back.
  open(code, move, opener = null) {
    newStep();
    return this.choose(code, move, opener);
  }

  // Show one place in the panel and on the map; `move` brings the map to it. `opener`: where the
  // focus goes back to: the place's mark, or its line of the list.
  async choose(code, move = false, opener = null) {
    const place = this.byCode.get(code);
    if (!place) return;
    this.leave();
    this.chosen = place;
    this.opener = opener;
    remember({ place: code });
    this.sheet.atMostHalf();
    if (move) focusOn(this.map, place.marker.getLatLng());
    place.marker.getElement()?.classList.add("chosen");
    const asked = await fetchJson(`/api/v1/events?site=${encodeURIComponent(code)}&limit=1000`);
    if (this.chosen === place) this.detail(place, asked);
  }

  // `partial`: without a network, only what is to come is known.
  detail(place, { features, partial }) {
    const events = features.map((feature) => ({ code: feature.id, ...feature.properties }));
    const now = new Date();
    const coming = events.filter((event) => new Date(event.ends_at) >= now);
    const past = events.filter((event) => event.status === "held").reverse();
    const here = this.here && byDistance([place], this.here.point)[0].distance;
    const content = fill("place-detail", {
      ...this.fields(place),
      address: place.address,
      walk: this.here && `${say(this.here.name ? "from_place" : "from_here", { distance: distance(here, place.position_error_m), name: this.here.name })} · ${pace(here)}`,
      position: say("position", { source: config.sources[place.source], error: distance(place.position_error_m) }),
      link: say("details"),
      upcoming: eventList(coming, day, say("nothing_planned")),
      past: eventList(past.slice(0, 10), dayOfYear, say(partial ? "past_unknown" : "nothing_held")),
    });
    const page = `/sites/${encodeURIComponent(place.code)}/`;
    content.querySelector("[data-field=link]").href = page;
    const go = content.querySelector("[data-going]");
    go.href = `${page}#going`;
    leadTo(go, place.point, place);
    const share = content.querySelector("[data-action=share]");
    share.href = `${page}card.png`;
    share.dataset.share = place.name;
    content.querySelector("[data-action=back]").addEventListener("click", () => this.back());
    $("detail").replaceChildren(content);
    offerOthers($("detail"));
    $("detail").hidden = false;
    $("places-view").hidden = true;
    $("panel-body").scrollTop = 0;
    this.sheet.atLeastHalf();
    tell("");
    $("detail").querySelector("h2").focus({ preventScroll: true });
  }

  // Close the place: the focus goes back to where it was opened.
  back() {
    const { chosen, opener } = this;
    this.leave();
    $("places-view").hidden = false;
    const line = document.querySelector(`#places [data-code="${CSS.escape(chosen.code)}"]`);
    const mark = opener === chosen.marker && this.clusters.getVisibleParent(chosen.marker)?.getElement();
    const target = mark || line || $("places-title");
    target.scrollIntoView?.({ block: "nearest" });
    target.focus({ preventScroll: true });
  }

  leave() {
    this.chosen?.marker.getElement()?.classList.remove("chosen");
    this.chosen = null;
    remember({ place: null });
    $("detail").hidden = true;
  }
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
