// A long list, shown a screenful at a time.

import { $ } from "./page.js";

const STEP = 40;

// Fill the list element with render(item) for every item, the `first` at once; its button shows the
// next ones.
export function showList(list, more, items, render, first = STEP) {
  let shown = 0;
  const next = () => {
    const until = shown ? shown + STEP : first;
    list.append(...items.slice(shown, until).map(render));
    shown = until;
    more.hidden = shown >= items.length;
  };
  list.replaceChildren();
  more.onclick = next;
  next();
}

// Announce something in the panel's status line; an empty text clears it.
export function tell(text) {
  $("message").textContent = text;
  $("message").hidden = !text;
}
