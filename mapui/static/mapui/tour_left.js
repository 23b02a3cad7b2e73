// Who is left out of a tour, the worthiest first, each with its reason and what would let it in.

import { $, say, tag } from "./page.js";

const [FIRST, STEP] = [10, 30]; // shown at first, and more at a time

export class LeftOut {
  constructor(act) {
    Object.assign(this, { act, all: [], shown: FIRST, answers: new Map() });
    $("left-filter").addEventListener("input", () => { this.shown = FIRST; this.list(); });
    $("left-more").addEventListener("click", () => { this.shown += STEP; this.list(); });
  }

  draw(tour, busy) {
    if (tour.version !== this.version) this.answers.clear();
    Object.assign(this, { all: tour.left_out, version: tour.version, busy });
    $("left").hidden = busy && !this.all.length;
    $("left-count").textContent = String(this.all.length);
    this.list();
  }

  list() {
    const text = $("left-filter").value.trim();
    const found = this.all.filter(({ name, village }) => name.includes(text) || village.startsWith(text));
    const focused = document.activeElement?.dataset?.key;
    const none = say(this.all.length ? "none_like_it" : "none_left_out", { text });
    const items = found.slice(0, this.shown).map((each) => this.item(each));
    $("left-list").replaceChildren(...(items.length ? items : [tag("li", { className: "quiet" }, none)]));
    const more = found.length - this.shown;
    $("left-more").hidden = more <= 0;
    if (more > 0) $("left-more").textContent = say("more", { n: more });
    if (focused) $("left-list").querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
  }

  item(each) {
    const answer = tag("p", { className: "answer", role: "status" }, this.answers.get(each.village) ?? "");
    const name = tag("p", { className: "what" }, tag("a", { href: `/villages/${each.village}/` }, each.name));
    if (each.must) name.append(" ", tag("b", { className: "fault" }, `▲ ${say("must")}`));
    if (each.points) name.append(tag("small", {}, ` · ${say("points", { n: each.points })}`));
    const back = ["excluded", "declined"].includes(each.code);
    const buttons = tag(
      "p",
      { className: "card-buttons" },
      this.button(each, "what_would_it_take", async () => {
        answer.textContent = "…";
        const told = await this.act.question(each);
        this.answers.set(each.village, told);
        answer.textContent = told;
      }),
      this.button(each, back ? "let_in_again" : "take_in", () => (each.code === "excluded" ? this.act.include(each) : this.act.takeIn(each))),
    );
    const item = tag("li", { draggable: !this.busy }, name, tag("p", { className: "reason" }, each.detail), buttons, answer);
    item.addEventListener("dragstart", (event) => event.dataTransfer.setData("text/plain", each.village));
    return item;
  }

  button(each, word, act) {
    const made = tag("button", { type: "button", className: "link", disabled: this.busy && word !== "what_would_it_take" }, say(word));
    made.setAttribute("aria-label", say("of_village", { what: say(word), name: each.name }));
    made.dataset.key = `${word}:${each.village}`;
    made.addEventListener("click", act);
    return made;
  }
}
