// What is on soon, as cards: by days, and the nearest first where somebody said where they are.

import { journey, metres } from "./geo.js";
import { correctCards } from "./kept.js";
import { $, config, day, distance, say, weekday } from "./page.js";

export class Cards {
  constructor() {
    correctCards((time) => `${day(time)} ${weekday(time)}`);
    this.list = $("cards");
    this.all = this.list ? [...this.list.children] : [];
    this.span = "";
    this.first = this.all.filter((card) => !card.hidden).length;
    this.shown = this.first;
    for (const chip of document.querySelectorAll("[data-span]")) chip.addEventListener("click", () => this.choose(chip));
    $("more-cards")?.addEventListener("click", () => this.more());
    this.draw();
  }

  choose(chip) {
    this.span = chip.dataset.span;
    this.shown = this.first;
    for (const each of document.querySelectorAll("[data-span]")) each.setAttribute("aria-pressed", String(each === chip));
    this.draw();
  }

  // Show the rest, and go on reading at the first of it.
  more() {
    const next = this.wanted()[this.shown];
    this.shown = Infinity;
    this.draw();
    next?.querySelector("a").focus();
  }

  wanted() {
    return this.all.filter((card) => !this.span || card.dataset.when.split(" ").includes(this.span));
  }

  draw() {
    if (!this.list) return;
    const wanted = this.wanted();
    const shown = new Set(wanted.slice(0, this.shown));
    for (const card of this.all) card.hidden = !shown.has(card);
    $("more-cards").hidden = wanted.length <= this.shown;
    $("no-card").hidden = wanted.length > 0;
  }

  // Say of each how far it is from a [lon, lat], and put the nearest first.
  from(here) {
    const far = new Map(this.all.map((card) => [card, howFar(card, here)]));
    for (const [card, away] of far) if (away < Infinity) card.querySelector("[data-far]").textContent = `${distance(away, Number(card.dataset.error))} · ${pace(away)}`;
    this.all.sort((a, b) => far.get(a) - far.get(b));
    this.list?.append(...this.all);
    this.draw();
  }
}

function howFar(card, here) {
  return card.dataset.point ? metres(here, card.dataset.point.split(",").map(Number)) : Infinity;
}

// The way in minutes: on foot where it is near, else by car.
export function pace(away) {
  const { by, minutes } = journey(away, config.paces);
  return say(by, { n: minutes });
}
