// The wish for a tour: only the reserve days that there are, each with its date.

import { reserveDays } from "./tour_days.js";

const form = document.getElementById("tour-form");
const { lang } = document.documentElement;

function arrange() {
  const { start, days } = form.elements;
  const dates = reserveDays(start.value, Number(days.value));
  for (const label of form.querySelectorAll("[data-day]")) {
    const date = dates[Number(label.dataset.day) - 1];
    label.hidden = !date;
    if (!date) label.querySelector("input").checked = false;
    label.title = date ? new Intl.DateTimeFormat(lang, { month: "short", day: "numeric", weekday: "short", timeZone: "UTC" }).format(new Date(date)) : "";
  }
}

form.elements.start.addEventListener("input", arrange);
form.elements.days.addEventListener("input", arrange);
arrange();
