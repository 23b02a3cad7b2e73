// The wish for a tour: only the days and teams that there are, each day with its date; villages
// picked by name; what lies folded away told in a few words.

import { reserveDays } from "./tour_days.js";
import { picker } from "./village_picker.js";

const form = document.getElementById("tour-form");
const { lang } = document.documentElement;
const names = JSON.parse(document.getElementById("village-names").textContent);
const dayFormat = new Intl.DateTimeFormat(lang, { month: "short", day: "numeric", weekday: "short", timeZone: "UTC" });

function arrange() {
  const { start, days, teams } = form.elements;
  const dates = reserveDays(start.value, Number(days.value)).map((date) => dayFormat.format(new Date(date)));
  for (const label of form.querySelectorAll("[data-day]")) {
    const date = dates[Number(label.dataset.day) - 1];
    label.hidden = !date;
    if (date) label.querySelector("span").textContent = date;
    else label.querySelector("input").checked = false;
  }
  for (const select of form.querySelectorAll(".hours-line select[name$=day]")) keepOptions(select, dates.length, dates);
  for (const select of form.querySelectorAll(".hours-line select[name$=team]")) keepOptions(select, Number(teams.value));
  for (const part of form.querySelectorAll("[data-team]")) part.hidden = Number(teams.value) < 2 || Number(part.dataset.team) > Number(teams.value);
  tell();
}

// The first option stands for all; of the others there are so many.
function keepOptions(select, count, texts = []) {
  [...select.options].slice(1).forEach((option, i) => {
    option.hidden = option.disabled = i >= count;
    if (texts[i]) option.textContent = texts[i];
  });
  if (select.selectedOptions[0]?.disabled) select.selectedIndex = 0;
}

function tell() {
  for (const place of form.querySelectorAll("[data-told]")) {
    const values = place.dataset.told.split(" ").map((name) => [name, valueOf(form.elements[name])]);
    const filled = (_, name) => Object.fromEntries(values)[name];
    place.textContent = place.dataset.words ? place.dataset.words.replace(/\{(\w+)\}/g, filled) : values.map(([, value]) => value).join(" · ");
  }
}

function valueOf(field) {
  if (field.selectedOptions) return field.selectedOptions[0]?.textContent ?? "";
  return "villages" in field.dataset ? field.value.split("\n").filter(Boolean).length : field.value || "—";
}

function addHours() {
  const total = form.elements["hours-TOTAL_FORMS"];
  const line = document.getElementById("hours-line").content.cloneNode(true);
  for (const field of line.querySelectorAll("[name]")) {
    field.name = field.name.replace("__prefix__", total.value);
    field.id = field.id.replace("__prefix__", total.value);
  }
  const first = line.querySelector("select");
  document.getElementById("hours-line").before(line);
  total.value = Number(total.value) + 1;
  arrange();
  first.focus();
}

for (const box of form.querySelectorAll(".villages")) picker(box, names, tell);
const more = document.getElementById("more-hours");
more.parentElement.hidden = false;
more.addEventListener("click", addHours);
form.addEventListener("input", arrange);
arrange();
document.body.dataset.ready = "true";
