// Search while typing: a combobox whose list is walked by the arrow keys. Places open in the panel,
// everything else on its own page. Without scripts the form leads to a page with the same finds.

import { $, config, day, fetchJson, hour, say, tag } from "./page.js";

const PAUSE = 120;
const LONGEST = 50;

export function wireSearch(places) {
  const box = new SearchBox($("q"), $("found"), places);
  box.wire();
  if (box.input.value) box.look();
  return box;
}

class SearchBox {
  constructor(input, list, places) {
    Object.assign(this, { input, list, places, timer: null, active: -1, asked: "" });
    this.status = tag("p", { className: "unseen", role: "status" });
    list.after(this.status);
  }

  wire() {
    const { input, list } = this;
    for (const [name, value] of Object.entries({
      role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id, maxlength: LONGEST,
    })) input.setAttribute(name, value);
    list.setAttribute("aria-label", input.placeholder);
    input.addEventListener("input", () => { clearTimeout(this.timer); this.timer = setTimeout(() => this.look(), PAUSE); });
    input.addEventListener("keydown", (key) => this.press(key));
    input.addEventListener("focus", () => { if (input.value && !this.isOpen() && this.options().length) this.open(true); });
    input.form.addEventListener("submit", (submit) => this.submit(submit));
    document.addEventListener("click", (click) => { if (!click.target.closest(".finder")) this.hide(); });
    document.addEventListener("focusin", (focus) => { if (!focus.target.closest(".finder")) this.hide(); });
  }

  options() { return [...this.list.querySelectorAll("[role=option]")]; }

  isOpen() { return !this.list.hidden; }

  open(hasOptions) {
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", String(hasOptions));
  }

  // What is still asked for is let go, too.
  hide() {
    clearTimeout(this.timer);
    this.asked = null;
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.activate(-1);
  }

  // What was typed is asked for; an answer that comes after more was typed is let go.
  async look() {
    clearTimeout(this.timer);
    const q = this.input.value.trim();
    this.asked = q;
    if (!q) { this.show([], q); this.hide(); return; }
    const answer = await fetchJson(`/api/v1/search?q=${encodeURIComponent(q)}`).catch(() => null);
    if (q === this.asked) this.show(answer?.results ?? [], q, answer ? "nothing_found" : "not_searchable");
  }

  show(results, q, none) {
    this.active = -1;
    this.input.removeAttribute("aria-activedescendant");
    if (results.length) this.list.setAttribute("role", "listbox");
    else this.list.removeAttribute("role");
    this.list.replaceChildren(...(results.length ? this.items(results) : nextSteps(q, none)));
    this.status.textContent = results.length ? say("found_count", { n: results.length }) : q && say(none);
    if (q) this.open(results.length > 0);
  }

  items(results) {
    const items = [];
    results.forEach((result, i) => {
      if (result.fit === "similar" && results[i - 1]?.fit !== "similar") {
        items.push(tag("li", { role: "presentation" }, tag("p", { className: "label" }, say("similar"))));
      }
      const link = tag("a", { href: result.url, id: `found-${i}`, role: "option", tabIndex: -1, result }, ...told(result));
      link.setAttribute("aria-selected", "false");
      link.addEventListener("click", (click) => {
        if (!this.places.byCode.has(result.code)) return;
        click.preventDefault();
        this.hide();
        this.places.open(result.code, true);
      });
      items.push(tag("li", { role: "presentation" }, link));
    });
    return items;
  }

  activate(i) {
    const options = this.options();
    options[this.active]?.setAttribute("aria-selected", "false");
    this.active = i;
    const option = options[i];
    if (!option) { this.input.removeAttribute("aria-activedescendant"); return; }
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", option.id);
  }

  press(key) {
    const count = this.options().length;
    if (key.isComposing) return; // the arrows and Enter belong to the input method
    if (key.key === "Escape" && this.isOpen()) {
      key.preventDefault(); // the next Escape clears the box
      this.hide();
    } else if ((key.key === "ArrowDown" || key.key === "ArrowUp") && count) {
      key.preventDefault();
      if (!this.isOpen()) this.open(true);
      const step = key.key === "ArrowDown" ? 1 : -1;
      const from = this.active < 0 && step < 0 ? count : this.active;
      this.activate((from + step + count) % count);
    }
  }

  // Enter opens what is chosen; without a choice, the page of all finds.
  submit(submit) {
    const option = this.options()[this.active];
    if (option && this.isOpen()) {
      submit.preventDefault();
      option.click();
    } else if (!this.input.value.trim()) submit.preventDefault();
  }
}

// A find as one line: its name, a former name it was found by, what and where it is.
export function told(result) {
  const former = result.former_name && tag("span", { className: "former" }, say("former_name", { name: result.former_name }));
  const when = result.starts_at && `${day(result.starts_at)} ${hour(result.starts_at)}`;
  const about = [config.types[result.type], when, result.region_name].filter(Boolean).join(" · ");
  return [result.name, ...(former ? [former] : []), tag("small", {}, about)];
}

// Nothing was found: it says so, and where else to look.
function nextSteps(q, none) {
  if (!q) return [];
  return [
    tag("li", {}, tag("p", {}, say(none))),
    tag("li", {}, tag("a", { href: `/search/?q=${encodeURIComponent(q.slice(0, LONGEST))}` }, say("look_elsewhere"))),
  ];
}
