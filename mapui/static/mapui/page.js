// What every page with a map needs: the words of its language, data, and small DOM helpers.

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

const lang = document.documentElement.lang;
const shanghai = { timeZone: "Asia/Shanghai" };
const dayFormat = new Intl.DateTimeFormat(lang, { month: "short", day: "numeric", ...shanghai });
const longDay = new Intl.DateTimeFormat(lang, { year: "numeric", month: "short", day: "numeric", ...shanghai });
const weekdayFormat = new Intl.DateTimeFormat(lang, { weekday: "short", ...shanghai });
const timeFormat = new Intl.DateTimeFormat(lang, {
  hour: "2-digit", minute: "2-digit", hourCycle: "h23", ...shanghai,
});

export const day = (time) => dayFormat.format(new Date(time));
export const dayOfYear = (time) => longDay.format(new Date(time));
export const weekday = (time) => weekdayFormat.format(new Date(time));
export const hour = (time) => timeFormat.format(new Date(time));

export function distance(metres) {
  const [value, unit, digits] =
    metres < 1000 ? [metres, "meter", 0] : [metres / 1000, "kilometer", metres < 100000 ? 1 : 0];
  return new Intl.NumberFormat(lang, {
    style: "unit", unit, unitDisplay: lang.startsWith("zh") ? "long" : "short",
    maximumFractionDigits: digits, minimumFractionDigits: digits,
  }).format(value);
}

// Change some parameters of the address without a new page; null takes one away.
export function remember(changes) {
  const url = new URL(location);
  for (const [name, value] of Object.entries(changes)) {
    if (value) url.searchParams.set(name, value);
    else url.searchParams.delete(name);
  }
  history.replaceState(null, "", url);
}
