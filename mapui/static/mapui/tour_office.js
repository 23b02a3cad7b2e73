// What a tour needs beside its route: permissions, and money.

import { $, say, tag } from "./page.js";

const RATES = { fuel: "fuel_yuan", lodging: "lodging_yuan", allowances: "allowance_yuan" };
const yuan = new Intl.NumberFormat(document.documentElement.lang);

// `change` sends a change of the tour.
export function drawOffice(tour, facts, change, closed) {
  const focused = document.activeElement?.dataset?.key;
  const states = Object.entries(facts.approval_states);
  $("approvals").replaceChildren(...tour.approvals.map((each) => approval(each, states, change, closed)));
  const parts = Object.keys(RATES).map((part) => cost(part, tour.costs[part], change, closed));
  const total = tag("tr", { className: "total" }, tag("th", { scope: "row" }, say("total")), tag("td"), tag("td", { className: "number" }, tag("b", {}, money(tour.costs.total_yuan))));
  $("costs").replaceChildren(...parts, total);
  if (focused) document.querySelector(`#office [data-key="${CSS.escape(focused)}"]`)?.focus();
}

const money = (n) => `${yuan.format(n)} ${say("yuan")}`;

function approval({ what, name, state, note, date }, states, change, closed) {
  const row = tag("tr", { className: `permit ${state}` });
  const choose = field("select", { disabled: closed }, `${what}:state`, say("approval_of", { name }));
  choose.append(...states.map(([value, text]) => tag("option", { value }, text)));
  choose.value = state;
  const day = field("input", { type: "date", value: date ?? "", disabled: closed }, `${what}:date`, say("date_of", { name }));
  const words = field("input", { value: note ?? "", maxLength: 300, placeholder: say("note_here"), disabled: closed }, `${what}:note`, say("note_of", { name }));
  const send = () => change({ approvals: { [what]: { state: choose.value, date: day.value || null, note: words.value.trim() } } });
  for (const each of [choose, day, words]) each.addEventListener("change", send);
  row.append(tag("th", { scope: "row" }, name), ...[choose, day, words].map((each) => tag("td", {}, each)));
  return row;
}

function cost(part, told, change, closed) {
  const rule = RATES[part];
  const [amount, rate] = Object.entries(told).filter(([name]) => name !== "yuan");
  const price = field("input", { type: "number", min: 0, max: 10_000, step: 1, value: rate[1], disabled: closed }, `rate:${part}`, say(`rate_${part}`));
  price.addEventListener("change", () => { if (price.reportValidity()) change({ rules: { [rule]: Number(price.value) } }); });
  const how = say(`amount_${part}`, { n: yuan.format(amount[1]) });
  return tag("tr", {}, tag("th", { scope: "row" }, say(`cost_${part}`)), tag("td", {}, `${how} × `, price, ` ${say(`rate_${part}`)}`), tag("td", { className: "number" }, money(told.yuan)));
}

// Named for those who hear it; its key finds it again after a redraw.
function field(name, properties, key, label) {
  const each = tag(name, properties);
  each.setAttribute("aria-label", label);
  each.dataset.key = key;
  return each;
}
