// The page's questions: where to, what did the village say, under which name, and shall it be.

import { $, day as dayText, say, tag, weekday } from "./page.js";
import { dayOf, placeOf } from "./tour_moves.js";

const option = (value, text) => tag("option", { value: String(value) }, text);

// Opens a dialog; resolves to its form where it was answered, else to null.
export function ask(id) {
  const dialog = $(id);
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue ? dialog.querySelector("form") : null), { once: true });
  });
}

// Where a village should go: {team, date, position}, or null.
export async function askPlace(tour, facts, { village, name }) {
  const now = placeOf(tour.days, village);
  const { elements } = $("move-dialog").querySelector("form");
  $("move-title").textContent = say(now ? "moving" : "taking_in", { name });
  elements.date.replaceChildren(...facts.dates.map((date) => { const noon = `${date}T12:00+08:00`; return option(date, `${weekday(noon)} ${dayText(noon)}`); }));
  elements.team.replaceChildren(...facts.teams.map((each) => option(each.team, each.name)));
  elements.date.value = now?.date ?? facts.dates[0];
  elements.team.value = String(now?.team ?? facts.teams[0].team);
  const arrange = () => {
    const { stops } = dayOf(tour.days, Number(elements.team.value), elements.date.value);
    const others = stops.filter((stop) => stop.village !== village).length;
    elements.position.replaceChildren(...Array.from({ length: others + 1 }, (_, i) => option(i, i === others && others ? say("last_position") : say("position", { n: i + 1 }))));
    elements.position.value = String(others);
  };
  elements.date.onchange = elements.team.onchange = arrange;
  arrange();
  const form = await ask("move-dialog");
  return form && { team: Number(elements.team.value), date: elements.date.value, position: Number(elements.position.value) };
}

// What the village said, and whether another one shall come in its place; null where nothing is to be recorded.
export async function askNote(name) {
  const { elements } = $("note-dialog").querySelector("form");
  $("note-title").textContent = say("declining", { name });
  elements.note.value = "";
  return (await ask("note-dialog")) && { note: elements.note.value.trim(), replace: $("note-dialog").returnValue === "replace" };
}

// The first day of the tour; null where it stays.
export async function askStart(first) {
  const { elements } = $("start-dialog").querySelector("form");
  elements.start.value = first;
  return (await ask("start-dialog")) && elements.start.value;
}

export async function askName(first) {
  const { elements } = $("copy-dialog").querySelector("form");
  elements.name.value = first;
  return (await ask("copy-dialog")) && elements.name.value.trim();
}

// Asks once, also about what is broken; `doIt` resolves to nothing, or to sentences that stand in the way and stay in sight.
export function askConfirm(n, faults, doIt) {
  const dialog = $("confirm-dialog");
  $("confirm-title").textContent = say("confirming", { n });
  const broken = faults ? [tag("b", { className: "fault" }, `▲ ${say("faults", { n: faults })}`), tag("br")] : [];
  $("confirm-note").replaceChildren(...broken, say("confirm_note"));
  $("clashes").hidden = true;
  $("confirm-yes").disabled = false;
  $("confirm-yes").onclick = async () => {
    $("confirm-yes").disabled = true;
    const clashes = await doIt();
    if (!clashes.length) return dialog.close();
    $("clashes").replaceChildren(...clashes.map((sentence) => tag("p", {}, `▲ ${sentence}`)));
    $("clashes").hidden = false;
    $("confirm-yes").disabled = false;
  };
  dialog.showModal();
}
