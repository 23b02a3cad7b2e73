// Buttons that copy the field before them.

const DONE_MS = 2500;

export function wireCopying() {
  for (const button of document.querySelectorAll("[data-copy][hidden]")) { // each once
    button.hidden = false;
    button.addEventListener("click", () => copy(button));
  }
}

async function copy(button) {
  const field = button.parentElement.querySelector("input");
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    document.execCommand("copy"); // plain http, and the browsers inside messengers
  }
  const label = button.textContent;
  button.textContent = button.dataset.done;
  setTimeout(() => { button.textContent = label; }, DONE_MS);
}
