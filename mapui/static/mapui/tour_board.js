// The week of a tour: a column a day, a row a team, every stop with its times, reasons and buttons.

import { day as dayText, hour, say, tag, weekday } from "./page.js";
import { dayOf, dropPosition, earlier, later, timeline } from "./tour_moves.js";

const MARK = "▲ ";
const DRAGGED = "text/plain";

export class Board {
  // `facts` are the page's; `act` what the buttons do, by name.
  constructor(element, facts, act) {
    Object.assign(this, { element, facts, act });
  }

  draw(tour, busy) {
    this.tour = tour;
    this.busy = busy;
    this.focused = document.activeElement?.dataset?.key ?? this.focused;
    this.element.replaceChildren(...this.facts.teams.map((team) => this.row(team)));
    this.element.setAttribute("aria-busy", String(busy));
    if (!busy) this.refocus();
  }

  // The focus stays with its stop, also where the same button leads nowhere from the new place.
  refocus() {
    const key = this.focused;
    this.focused = undefined;
    if (!key || document.activeElement !== document.body) return;
    const find = (each) => this.element.querySelector(`[data-key="${CSS.escape(each)}"]:not(:disabled)`);
    (find(key) ?? find(key.replace(/^\w+/, "move")))?.focus();
  }

  row({ team, name }) {
    const days = this.facts.dates.map((date, i) => this.day(dayOf(this.tour.days, team, date), i));
    const head = this.facts.teams.length > 1 ? [tag("h3", {}, name)] : [];
    return tag("section", { className: `team t${team}` }, ...head, tag("ol", { className: "days" }, ...days));
  }

  day(day, number) {
    const list = tag("ol", { className: "stops" });
    for (const entry of timeline(day, this.facts.lunch)) list.append(this.entry(entry, day));
    if (!day.leaves) list.append(tag("li", { className: "none" }, say("nothing_that_day")));
    const faults = day.broken.map((sentence) => tag("p", { className: "fault" }, MARK + sentence));
    const column = tag("li", { className: "day-column" }, this.dayHead(day.date, number), list, ...faults);
    this.takesDrops(column, day);
    return column;
  }

  dayHead(date, number) {
    const noon = `${date}T12:00+08:00`;
    const marks = (this.facts.campaigns[date] ?? []).map((name) => tag("span", { className: "campaign-name" }, `◆ ${name}`));
    return tag("h4", { className: `c${number % 7}` }, `${weekday(noon)} ${dayText(noon)} `, ...marks);
  }

  entry(entry, day) {
    if (entry.kind === "stop") return this.card(entry.stop, day);
    if (entry.kind === "night") return this.night(entry, day);
    const words = {
      leave: () => say("leaves", { time: hour(entry.time) }),
      drive: () => say(entry.estimated ? "drive_estimated" : "drive", { minutes: entry.minutes, km: Math.round(entry.metres / 1000) }),
      wait: () => say("wait", { minutes: entry.minutes }),
      lunch: () => say("lunch", { minutes: entry.minutes }),
    };
    return tag("li", { className: `between ${entry.kind}` }, words[entry.kind]());
  }

  night({ time }, day) {
    const where = day.bed ? say("sleep", { name: day.sleeps_at }) : say("home");
    const text = tag("p", {}, tag("b", {}, where), ` ${say("at", { time: hour(time) })}`, ...(day.bed_pinned ? [` · ${say("own_choice")}`] : []));
    const choose = this.facts.away && this.facts.beds.length ? [this.bedChoice(day)] : [];
    return tag("li", { className: `night ${day.bed ? "away" : "at-home"}` }, text, ...choose);
  }

  bedChoice(day) {
    const team = this.facts.teams.find((each) => each.team === day.team)?.name ?? "";
    const select = tag("select", { disabled: this.busy });
    select.setAttribute("aria-label", say("bed_of", { day: dayText(`${day.date}T12:00+08:00`), team }));
    select.dataset.key = `bed:${day.team}:${day.date}`;
    select.append(tag("option", { value: "" }, say("at_home")), ...this.facts.beds.map(({ code, name }) => tag("option", { value: code }, name)));
    select.value = day.bed ?? "";
    select.addEventListener("change", () => this.act.bed(day, select.value || null));
    return select;
  }

  card(stop, day) {
    const time = tag("time", { dateTime: stop.begin }, hour(stop.begin));
    const name = tag("a", { href: `/villages/${stop.village}/`, draggable: false }, stop.name);
    const minutes = Math.round((new Date(stop.leave) - new Date(stop.begin)) / 60_000);
    const card = tag(
      "li",
      { className: `stop-card${stop.pinned ? " pinned" : ""}${stop.broken.length ? " broken" : ""}${stop.held ? " held" : ""}`, draggable: !this.busy && !stop.held },
      tag("p", { className: "what" }, time, " ", name, tag("small", {}, ` · ${stop.township}`)),
      tag("p", { className: "quiet" }, say("show", { end: hour(stop.leave), minutes })),
      tag("p", { className: "why" }, stop.why),
      this.worth(stop),
      ...stop.broken.map((sentence) => tag("p", { className: "fault" }, MARK + sentence)),
      ...(stop.note ? [tag("p", { className: "quiet" }, stop.note)] : []),
      this.stateLine(stop),
      ...(stop.held ? [] : [this.moves(stop)]),
    );
    card.dataset.village = stop.village;
    card.dataset.date = day.date;
    this.drags(card, stop);
    return card;
  }

  worth(stop) {
    const unknown = stop.parts?.unknown?.length ?? 0;
    const told = [...stop.worth, ...(unknown ? [say("unknown", { n: unknown })] : [])];
    return tag("details", { className: "quiet" }, tag("summary", {}, say("worth", { n: stop.value })), tag("ul", {}, ...told.map((line) => tag("li", {}, line))));
  }

  stateLine(stop) {
    const line = tag("p", { className: "state-line" });
    if (stop.held) line.append(tag("b", { className: "status confirmed" }, `✓ ${say("held")}`));
    else line.append(this.stateChoice(stop));
    if (stop.event) line.append(tag("a", { href: `/events/${stop.event}/` }, say("event")));
    if (!stop.held) line.append(this.button(stop, "remove", "✕", () => this.act.remove(stop)));
    return line;
  }

  stateChoice(stop) {
    const select = tag("select", { className: `chip-select ${stop.state}`, disabled: this.busy });
    select.setAttribute("aria-label", say("state_of", { name: stop.name }));
    select.dataset.key = `state:${stop.village}`;
    select.append(...Object.entries(this.facts.states).map(([value, label]) => tag("option", { value }, label)));
    select.value = stop.state;
    select.addEventListener("change", () => this.act.state(stop, select.value, () => { select.value = stop.state; }));
    return select;
  }

  moves(stop) {
    const { days } = this.tour;
    const before = earlier(days, this.facts.dates, stop.village);
    const after = later(days, this.facts.dates, stop.village);
    const pin = stop.pinned ? "unpin" : "pin";
    return tag(
      "p",
      { className: "card-buttons" },
      this.button(stop, "earlier", say("earlier"), () => this.act.move(stop, before), !before),
      this.button(stop, "later", say("later"), () => this.act.move(stop, after), !after),
      this.button(stop, "move", say("move"), () => this.act.ask(stop)),
      this.button(stop, pin, say(pin), () => this.act.pin(stop)),
    );
  }

  // Named with its village for those who hear it; its key finds it again after a redraw.
  button(stop, name, text, act, disabled = false) {
    const each = tag("button", { type: "button", className: `link do-${name}`, disabled: this.busy || disabled }, text);
    each.setAttribute("aria-label", say("of_village", { what: say(name), name: stop.name }));
    each.dataset.key = `${name === "unpin" ? "pin" : name}:${stop.village}`;
    each.addEventListener("click", act);
    return each;
  }

  drags(card, stop) {
    card.addEventListener("dragstart", (event) => {
      event.dataTransfer.setData(DRAGGED, stop.village);
      event.dataTransfer.effectAllowed = "move";
      card.classList.add("dragged");
    });
    card.addEventListener("dragend", () => card.classList.remove("dragged"));
  }

  takesDrops(column, { team, date }) {
    column.addEventListener("dragover", (event) => {
      if (this.busy) return;
      event.preventDefault();
      column.classList.add("over");
    });
    column.addEventListener("dragleave", (event) => {
      if (!column.contains(event.relatedTarget)) column.classList.remove("over");
    });
    column.addEventListener("drop", (event) => {
      event.preventDefault();
      column.classList.remove("over");
      const village = event.dataTransfer.getData(DRAGGED);
      const others = [...column.querySelectorAll(".stop-card")].filter((card) => card.dataset.village !== village);
      const middles = others.map((card) => { const { top, height } = card.getBoundingClientRect(); return top + height / 2; });
      this.act.drop(village, { team, date, position: dropPosition(middles, event.clientY) });
    });
  }
}
