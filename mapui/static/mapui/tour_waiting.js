// The waiting list of the page of tours: read beside the page, for a county, longer on request;
// what is ticked in it is what the next tour has to visit.

import { pageOf } from "./tour_fragment.js";

const list = document.getElementById("waiting-list");
const form = document.getElementById("plan-form");
const plan = document.getElementById("plan");
const any = plan.textContent;
let reading = null;

async function show(address) {
  reading?.abort();
  const mine = (reading = new AbortController());
  const kept = ticked();
  list.setAttribute("aria-busy", "true");
  try {
    list.replaceChildren(...(await pageOf(address, mine.signal)));
  } catch (failed) {
    if (failed.name === "AbortError") return;
    const told = document.createElement("p");
    Object.assign(told, { className: "warn", textContent: list.dataset.failed });
    list.replaceChildren(told);
  }
  for (const box of boxes()) box.checked = kept.has(box.value);
  list.setAttribute("aria-busy", "false");
  count();
}

const boxes = () => [...list.querySelectorAll("[name=must]")];
const ticked = () => new Set(boxes().filter((box) => box.checked).map((box) => box.value));

function count() {
  const n = ticked().size;
  plan.textContent = n ? plan.dataset.some.replace("{n}", n) : any;
}

const { region } = form.elements;
const address = () => `${region.dataset.list}?${new URLSearchParams({ region: region.value })}`;

region.addEventListener("change", () => {
  const here = new URL(location);
  here.searchParams.set("region", region.value);
  history.replaceState(null, "", here);
  show(address());
});
list.addEventListener("change", count);
list.addEventListener("click", async (event) => {
  const more = event.target.closest("a.more");
  if (!more) return;
  event.preventDefault();
  const seen = list.querySelectorAll("tbody tr").length;
  await show(more.href);
  list.querySelectorAll("tbody tr")[seen]?.querySelector("input, a")?.focus();
});

// Where the calendar is wider than the screen, it opens on today.
const now = document.querySelector(".across .dates .now");
if (now) now.closest(".scroll").scrollLeft = now.offsetLeft - now.closest("tr").firstElementChild.offsetWidth - now.offsetWidth;
await show(address());
document.body.dataset.ready = "true";
