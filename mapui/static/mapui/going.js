// 路线: the map app that was used last opens with one tap; else, or where another one is wanted, a
// choice of apps. Which app it was stays on the device. Nobody is sent to a rough position unwarned.

import { wireCopying } from "./copying.js";
import { fromWgs84 } from "./crs.js";

const KEPT = "map-app";
const DECIMALS = 6; // a tenth of a metre
const words = document.getElementById("going-choice")?.dataset;
const choice = document.getElementById("going-choice")?.content.firstElementChild;
const make = (name, properties) => Object.assign(document.createElement(name), properties);
let opener = null;

function lastUsed() {
  try { return localStorage.getItem(KEPT); } catch { return null; } // closed to some frames
}

function keep(app) {
  try { localStorage.setItem(KEPT, app); } catch { /* the choice is asked for again */ }
}

// Where an app of the choice leads for a link: the same as mapui/outward/navigation.py says.
function way({ dataset: { system, address } }, link) {
  const point = link.closest("[data-point]").dataset.point.split(",").map(Number);
  const [lon, lat] = fromWgs84(point, system).map((degrees) => degrees.toFixed(DECIMALS));
  const name = encodeURIComponent(link.dataset.going.replaceAll(",", " ").trim().split(/\s+/).join(" "));
  return address.replaceAll("{lon}", lon).replaceAll("{lat}", lat).replaceAll("{name}", name);
}

const chosen = (among) => among.querySelector(`[data-app="${CSS.escape(lastUsed() ?? "")}"]`);

// What to tell a driver; see mapui/outward/navigation.py.
export function addressOf(...parts) {
  const told = parts.filter(Boolean);
  return told.filter((part, n) => !told[n + 1]?.startsWith(part)).join(" ");
}

function open(link, button) {
  for (const app of choice.querySelectorAll("[data-app]")) app.href = way(app, link);
  choice.querySelector("input").value = link.dataset.address;
  const warning = choice.querySelector(".rough");
  warning.textContent = link.dataset.rough ?? "";
  warning.hidden = !warning.textContent;
  link.closest("[data-point]").append(choice);
  wireCopying();
  opener = button;
  opener.setAttribute("aria-expanded", "true");
  choice.scrollIntoView({ block: "nearest" });
  choice.querySelector("a").focus({ preventScroll: true });
}

function close() {
  choice.remove();
  opener.removeAttribute("aria-expanded");
  opener.focus();
}

function toggle(link, button) {
  const isOpen = choice.isConnected && opener === button;
  if (choice.isConnected) close();
  if (!isOpen) open(link, button);
}

function go(click, link) {
  const app = choice && !link.dataset.rough && chosen(choice);
  if (app) { link.href = way(app, link); return true; }
  if (choice && !click.ctrlKey && !click.metaKey) { click.preventDefault(); toggle(link, link); }
  return false;
}

// Beside each link that leads to the app that was used last, a button for the others.
export function offerOthers(root = document) {
  if (!choice || !chosen(choice)) return;
  for (const link of root.querySelectorAll("a[data-going]:not([data-rough], :has(+ .others))")) {
    link.after(make("button", { type: "button", className: "act others", ariaLabel: words.others.replace("{place}", link.dataset.going) }));
  }
}

// On the page of a place: a button of its own for the app that was used last.
function offerLast() {
  for (const details of document.querySelectorAll(".going > details")) {
    const app = chosen(details);
    if (!app || details.querySelector(".rough")) continue;
    const link = details.parentElement.querySelector(".direct") ?? make("a", { className: "button primary direct", rel: app.rel });
    link.href = app.href;
    link.dataset.app = app.dataset.app;
    link.textContent = details.dataset.direct.replace("{app}", app.textContent);
    details.before(link);
  }
}

addEventListener("click", (click) => {
  const target = click.target.closest?.("a[data-app], a[data-going], .others");
  if (!target) return;
  if (target.matches(".others")) { toggle(target.previousElementSibling, target); return; }
  if (target.dataset.app) { keep(target.dataset.app); offerOthers(); offerLast(); }
  else if (!go(click, target)) return;
  if (self !== top) target.target = "_blank"; // map apps let nobody frame them
});
addEventListener("keydown", ({ key }) => { if (key === "Escape" && choice?.isConnected) close(); });

wireCopying();
offerOthers();
offerLast();
if (location.hash === "#going") for (const details of document.querySelectorAll(".going > details")) details.open = true;
