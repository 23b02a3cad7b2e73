// Suggests villages while their name is typed. Without it, the server asks which one is meant.

const WAIT_MS = 180;
const input = document.querySelector("input[name=place]");
const list = document.createElement("datalist");
list.id = "villages";
input.after(list);
input.setAttribute("list", list.id);

let timer = 0;
let asked = "";

input.addEventListener("input", () => {
  // The village of before is not meant any more.
  document.querySelector("input[type=hidden][name=village]")?.remove();
  clearTimeout(timer);
  timer = setTimeout(suggest, WAIT_MS);
});

async function suggest() {
  const q = input.value.trim();
  if (!q || q === asked || q.includes(" ")) return;
  asked = q;
  try {
    const response = await fetch(`/api/v1/search?limit=50&q=${encodeURIComponent(q)}`, { headers: { Accept: "application/json" } });
    if (!response.ok) return;
    const { results } = await response.json();
    if (q !== asked) return;
    list.replaceChildren(...results.filter(({ type }) => type === "village").slice(0, 12).map(option));
  } catch { /* a network that is gone: the server asks */ }
}

function option({ name, region_name: region }) {
  const element = document.createElement("option");
  element.value = region ? `${name} ${region}` : name;
  return element;
}
