// A standard's sentence and how many meet it, while it is being typed.

const form = document.getElementById("standard");
const sentence = document.getElementById("sentence");
const told = document.getElementById("told");
let timer = null;
let asked = 0;

// Show only the boxes that the choices above them call for.
function showParts() {
  for (const part of form.querySelectorAll("[data-for]")) {
    const [name, value] = part.dataset.for.split("=");
    part.hidden = form.elements[name].value !== value;
  }
}

async function preview() {
  const number = ++asked;
  const response = await fetch(form.dataset.preview, { method: "POST", body: new FormData(form) });
  if (number !== asked) return;
  if (response.ok) {
    const found = await response.json();
    sentence.textContent = found.sentence;
    told.textContent = found.told;
  } else if (response.status === 422) {
    const { errors } = await response.json();
    sentence.textContent = "";
    told.textContent = Object.values(errors).flat().join(" ");
  }
}

form.addEventListener("input", () => {
  showParts();
  clearTimeout(timer);
  timer = setTimeout(preview, 120);
});
showParts();
if (form.querySelector("[name=kinds]:checked") || form.elements.months.value) await preview();
document.body.dataset.ready = "true";
