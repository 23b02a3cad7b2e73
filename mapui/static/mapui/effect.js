// What the changes would do: asked of the server, shown in figures, lists and rings on the map.
/* global L */

import { $, say, tag } from "./page.js";

const LISTED = 30;

export class Effect {
  // `names` holds the subjects by code, `link` makes a link of a code, `layer` carries the rings.
  constructor(api, names, link, layer) {
    Object.assign(this, { api, names, link, layer, asking: false, waiting: null });
  }

  // One question at a time, and after it the latest one.
  async ask(changes) {
    this.waiting = changes;
    if (this.asking) return;
    this.asking = true;
    try {
      while (this.waiting) {
        const body = this.waiting;
        this.waiting = null;
        await this.answer(body);
      }
    } catch {
      $("status").textContent = say("no_answer");
    } finally {
      this.asking = false;
    }
  }

  async answer(body) {
    const response = await fetch(`${this.api}/what-if`, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": $("what-if").dataset.csrf },
      body: JSON.stringify(body),
    });
    const found = await response.json();
    if (response.ok) this.show(found);
    else $("status").textContent = found.detail;
  }

  show({ before, after, gained, lost, built_gained: builtGained, built_lost: builtLost }) {
    for (const row of $("counts").querySelectorAll("[data-count]")) {
      showCount(row, before[row.dataset.count], after[row.dataset.count]);
    }
    this.list($("gained"), gained);
    this.list($("lost"), lost);
    this.list($("built-gained"), builtGained.filter((code) => !gained.includes(code)));
    this.layer.clearLayers();
    for (const code of builtGained) this.ring(code, "gain");
    for (const code of new Set([...builtLost, ...lost])) this.ring(code, "loss");
  }

  ring(code, className) {
    const point = this.names.get(code)?.point;
    if (point) this.layer.addLayer(L.circleMarker([point[1], point[0]], { radius: 11, className: `effect ${className}`, interactive: false }));
  }

  list(list, codes) {
    const section = list.closest("section");
    section.hidden = !codes.length;
    section.querySelector("small").textContent = say("count", { n: codes.length });
    const items = codes.slice(0, LISTED).map((code) => tag("li", {}, this.link(code)));
    if (codes.length > LISTED) items.push(tag("li", { className: "quiet" }, say("and_more", { n: codes.length - LISTED })));
    list.replaceChildren(...items);
  }
}

function showCount(row, before, after) {
  const difference = after - before;
  row.querySelector("[data-before]").textContent = before;
  row.querySelector("[data-after]").textContent = after;
  const shown = row.querySelector("[data-difference]");
  shown.textContent = difference > 0 ? `+${difference}` : difference < 0 ? `−${-difference}` : "0";
  shown.className = `number ${difference > 0 ? "gained" : difference < 0 ? "missed" : ""}`;
}
