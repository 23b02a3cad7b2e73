// A page that was kept on an earlier day: its "today" was then. Days are said by their dates, and what
// is over goes.

import { inShanghai } from "./times.js";

function dayNumber(time) {
  const { year, month, day } = inShanghai(time);
  return Date.UTC(year, month, day);
}

function isOfAnEarlierDay() {
  const { kept } = document.documentElement.dataset;
  return Boolean(kept) && dayNumber(kept) < dayNumber(Date.now());
}

// The cards of the home page; `dated`: how a day is said.
export function correctCards(dated) {
  if (!isOfAnEarlierDay()) return;
  for (const card of document.querySelectorAll("#cards > .card")) {
    const time = card.querySelector(".when time");
    if (new Date(card.dataset.ends) < Date.now()) card.remove();
    else time.querySelector("b").textContent = dated(time.dateTime);
  }
  document.querySelector(".spans")?.remove();
}

// The page of what is on, as it opens: today's part is over, its other days have their dates.
export function correctAgenda() {
  const soon = document.querySelector(".soon");
  if (!soon || !isOfAnEarlierDay()) return;
  document.querySelector(".whens").remove();
  document.getElementById("soon-today").closest("section").remove();
  document.getElementById("soon-weekend").hidden = true;
  const today = dayNumber(Date.now());
  for (const time of soon.parentElement.querySelectorAll(".event-line time")) {
    if (dayNumber(time.dateTime) < today) (time.closest(".event-way") ?? time.closest(".event-line")).remove();
  }
  for (const heading of soon.parentElement.querySelectorAll("h3")) {
    if (!heading.nextElementSibling?.matches(".event-line, .event-way")) heading.remove();
  }
}
