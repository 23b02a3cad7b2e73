// What every page with a map needs: the words of its language, data, and small DOM helpers.

import { readable } from "./numbers.js";
import { inShanghai } from "./times.js";

const STEP = "map";

export const config = JSON.parse(document.getElementById("map-config").textContent);

export const $ = (id) => document.getElementById(id);

// A sentence of the page's language with {name} filled in.
export function say(key, values = {}) {
  return config.words[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

export async function fetchJson(url) {
  const response = await fetch(url, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response.json();
}

// A copy of a <template> with its data-field elements filled; a field without a value goes away.
export function fill(template, fields) {
  const copy = $(template).content.cloneNode(true);
  for (const element of copy.querySelectorAll("[data-field]")) {
    const value = fields[element.dataset.field];
    if (value === undefined || value === null || value === "") element.remove();
    else if (value instanceof Node) element.replaceChildren(value);
    else element.textContent = value;
  }
  return copy;
}

// tag("b", {className: "x"}, "text", child …)
export function tag(name, properties, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

const one = (names, i) => say(names).split(" ")[i];

function dated(key) {
  return (time) => {
    const { year, month, day: date } = inShanghai(time);
    return say(key, { year, month: one("months", month), day: date });
  };
}

export const day = dated("day");
export const dayOfYear = dated("day_of_year");
export const weekday = (time) => one("weekdays", inShanghai(time).weekday);
export function hour(time) {
  const parts = inShanghai(time);
  return [parts.hour, parts.minute].map((n) => String(n).padStart(2, "0")).join(":");
}

// Let the browser draw what is there, and hear the user, before the next piece of work.
export const breathe = () => new Promise((go) => { setTimeout(go); });

// A distance in words, no more precise than the errors of its positions, all in metres.
export function distance(metres, error) {
  const { n, unit, about } = readable(metres, error);
  const text = say(unit, { n });
  return about ? say("about", { distance: text }) : text;
}

// Make what follows a step of its own, that the browser's Back takes back.
export const newStep = () => history.pushState(STEP, "");

// Change some parameters of the address without a new page; null takes one away.
export function remember(changes) {
  const url = new URL(location);
  for (const [name, value] of Object.entries(changes)) {
    if (value) url.searchParams.set(name, value);
    else url.searchParams.delete(name);
  }
  history.replaceState(STEP, "", url);
}

// Call `follow` when the user goes back or forward between our steps (not to a #fragment).
export function onStep(follow) {
  addEventListener("popstate", ({ state }) => { if (state === STEP) follow(); });
}
