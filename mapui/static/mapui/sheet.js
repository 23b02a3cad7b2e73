// The list over the map on a phone: three heights, by finger, by button and by key.

import { say } from "./page.js";

const LEVELS = ["peek", "half", "full"];
const STILL = 8; // pixels that a finger may slip and still press

export class Sheet {
  constructor(panel, handle, body, onChange) {
    Object.assign(this, { panel, handle, body, onChange });
    handle.addEventListener("click", () => this.step());
    handle.addEventListener("keydown", (key) => this.key(key));
    handle.addEventListener("pointerdown", (down) => this.grab(down));
    this.set(panel.dataset.height);
  }

  get level() {
    return this.panel.dataset.height;
  }

  set(level) {
    const changed = level !== this.level;
    this.panel.dataset.height = level;
    this.panel.style.removeProperty("--sheet");
    this.handle.setAttribute("aria-expanded", String(level !== "peek"));
    this.handle.firstElementChild.textContent = say(`sheet_${level}`);
    if (changed) this.onChange?.(level);
  }

  // At least half open, or at most: where something is shown in the list, or on the map.
  atLeastHalf() { if (this.level === "peek") this.set("half"); }
  atMostHalf() { if (this.level === "full") this.set("half"); }

  step() {
    if (this.dragged) this.dragged = false;
    else this.set(this.level === "half" ? "full" : "half");
  }

  key(key) {
    const by = { ArrowUp: 1, ArrowDown: -1 }[key.key];
    if (!by) return;
    key.preventDefault();
    this.set(LEVELS[Math.min(2, Math.max(0, LEVELS.indexOf(this.level) + by))]);
  }

  grab(down) {
    const from = this.body.getBoundingClientRect().height;
    const height = (at) => Math.max(0, from + down.clientY - at.clientY);
    const move = (at) => {
      if (Math.abs(at.clientY - down.clientY) < STILL && !this.dragged) return;
      this.dragged = true;
      this.panel.style.setProperty("--sheet", `${height(at)}px`);
    };
    const drop = (at) => {
      this.handle.removeEventListener("pointermove", move);
      if (this.dragged) this.settle(height(at));
    };
    this.dragged = false;
    this.handle.setPointerCapture(down.pointerId);
    this.handle.addEventListener("pointermove", move);
    this.handle.addEventListener("pointerup", drop, { once: true });
    this.handle.addEventListener("pointercancel", drop, { once: true });
  }

  // The level nearest to a height in pixels.
  settle(pixels) {
    const share = pixels / innerHeight;
    this.set(share < 0.22 ? "peek" : share < 0.58 ? "half" : "full");
    setTimeout(() => { this.dragged = false; }); // the click that ends a drag comes before
  }
}
