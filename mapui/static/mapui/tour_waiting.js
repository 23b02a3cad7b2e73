// The waiting list of the page of tours: read beside the page, for a county, and longer on request.

import { pageOf } from "./tour_fragment.js";

const list = document.getElementById("waiting-list");
const form = document.getElementById("waiting-form");
let reading = null;

async function show(address) {
  reading?.abort();
  const mine = (reading = new AbortController());
  list.setAttribute("aria-busy", "true");
  try {
    list.replaceChildren(...(await pageOf(address, mine.signal)));
  } catch (failed) {
    if (failed.name === "AbortError") return;
    const told = document.createElement("p");
    Object.assign(told, { className: "warn", textContent: list.dataset.failed });
    list.replaceChildren(told);
  }
  list.setAttribute("aria-busy", "false");
}

const address = () => `${form.action}?${new URLSearchParams(new FormData(form))}`;

form.elements.region.addEventListener("change", () => {
  const here = new URL(location);
  here.searchParams.set("region", form.elements.region.value);
  history.replaceState(null, "", here);
  show(address());
});
list.addEventListener("click", async (event) => {
  const more = event.target.closest("a.more");
  if (!more) return;
  event.preventDefault();
  const seen = list.querySelectorAll("tbody tr").length;
  await show(more.href);
  list.querySelectorAll("tbody tr")[seen]?.querySelector("a")?.focus();
});
await show(address());
document.body.dataset.ready = "true";
