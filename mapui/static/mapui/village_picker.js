// Villages picked by name: a field of codes, one a line, becomes a search with what was picked
// below it. Without this module the field takes names and codes as text.

const PAUSE_MS = 150;
const MOST = 12; // proposals

// `box` holds the textarea and a .picker; `names` are the known villages' names by code.
export function picker(box, names, changed) {
  const parts = {
    box, names, changed,
    field: box.querySelector("textarea"),
    told: box.querySelector(".picker"),
    input: box.querySelector("[role=combobox]"),
    list: box.querySelector("[role=listbox]"),
    status: box.querySelector("[role=status]"),
    picked: box.querySelector(".picked"),
    timer: 0,
    at: -1,
  };
  const { field, input, list, told } = parts;
  input.id = `${field.id}-find`;
  list.id = `${field.id}-list`;
  input.setAttribute("aria-controls", list.id);
  list.setAttribute("aria-label", box.querySelector("label").firstChild.textContent.trim());
  box.querySelector("label").htmlFor = input.id;
  box.querySelector(".how").hidden = true;
  field.hidden = true;
  told.hidden = false;
  if (box.querySelector(".errorlist")) field.hidden = false; // what was wrong stays in sight
  input.addEventListener("input", () => { clearTimeout(parts.timer); parts.timer = setTimeout(() => look(parts), PAUSE_MS); });
  input.addEventListener("keydown", (event) => keys(parts, event));
  input.addEventListener("blur", () => setTimeout(() => close(parts), PAUSE_MS));
  field.addEventListener("change", () => draw(parts));
  draw(parts);
}

const codes = ({ field }) => field.value.split(/[\s,,;;、]+/).filter(Boolean);

async function look(parts) {
  const { input, told, status } = parts;
  const text = input.value.trim();
  if (!text) return close(parts);
  let results;
  try {
    const answer = await fetch(`/api/v1/search?${new URLSearchParams({ q: text, limit: 100 })}`, { headers: { Accept: "application/json" } });
    ({ results } = await answer.json());
  } catch {
    status.classList.remove("unseen");
    status.textContent = told.dataset.failed;
    return undefined;
  }
  if (input.value.trim() !== text) return undefined; // a later one is on its way
  const chosen = new Set(codes(parts));
  const found = results.filter(({ type, code }) => type === "village" && !chosen.has(code)).slice(0, MOST);
  status.classList.toggle("unseen", found.length > 0);
  status.textContent = found.length ? told.dataset.found.replace("{n}", found.length) : told.dataset.none.replace("{text}", text);
  return open(parts, found);
}

function open(parts, found) {
  const { list, input } = parts;
  list.replaceChildren(...found.map((each, i) => option(parts, each, i)));
  list.hidden = !found.length;
  input.setAttribute("aria-expanded", String(found.length > 0));
  mark(parts, -1);
}

function option(parts, { code, name, region_name }, i) {
  const item = document.createElement("li");
  item.id = `${parts.list.id}-${i}`;
  item.role = "option";
  item.dataset.code = code;
  const where = document.createElement("small");
  where.textContent = region_name ?? "";
  item.append(`${name} `, where);
  item.addEventListener("pointerdown", (event) => { event.preventDefault(); take(parts, item); });
  parts.names[code] ??= [name, region_name].filter(Boolean).join(" · ");
  return item;
}

function close(parts) {
  parts.list.hidden = true;
  parts.input.setAttribute("aria-expanded", "false");
  parts.input.removeAttribute("aria-activedescendant");
}

function mark(parts, at) {
  parts.at = at;
  [...parts.list.children].forEach((item, i) => item.setAttribute("aria-selected", String(i === at)));
  const item = parts.list.children[at];
  if (item) { parts.input.setAttribute("aria-activedescendant", item.id); item.scrollIntoView({ block: "nearest" }); }
  else parts.input.removeAttribute("aria-activedescendant");
}

function keys(parts, event) {
  const { list, input } = parts;
  const n = list.hidden ? 0 : list.children.length;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && n) { event.preventDefault(); mark(parts, (parts.at + step + n) % n); }
  else if (event.key === "Escape" && n) { event.preventDefault(); close(parts); }
  else if (event.key === "Enter" && (n || input.value.trim())) { // never sends the form half-way
    event.preventDefault();
    if (n) take(parts, list.children[Math.max(parts.at, 0)]);
  }
}

function take(parts, item) {
  put(parts, [...codes(parts), item.dataset.code]);
  parts.input.value = "";
  parts.status.textContent = "";
  close(parts);
  parts.input.focus();
}

function put(parts, wanted) {
  parts.field.value = [...new Set(wanted)].join("\n");
  draw(parts);
  parts.changed();
}

function draw(parts) {
  const { picked, names, told, input } = parts;
  picked.replaceChildren(...codes(parts).map((code) => {
    const name = names[code] ?? code;
    const item = document.createElement("li");
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "chip", textContent: `${name} ✕` });
    button.setAttribute("aria-label", told.dataset.remove.replace("{name}", name));
    button.addEventListener("click", () => { put(parts, codes(parts).filter((each) => each !== code)); input.focus(); });
    item.append(button);
    return item;
  }));
}
