// A team's day on a phone: what is pressed is kept first and sent then, once, however weak the
// network; the next stop is large; and where the team cannot go on, the rest is planned anew.

import { $, config, say, tag } from "./page.js";
import { newUuid, Queue } from "./queue.js";
import { wireStuck } from "./today_stuck.js";

const RETRY_MS = 30_000;
const queue = new Queue(localStorage, `fazhimap-held-${config.tour}`);
const stops = [...document.querySelectorAll(".stop")];
let sending = false;
let problem = ""; // why what is waiting was not sent

const token = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? document.querySelector("[name=csrfmiddlewaretoken]").value;

// What the page says

function draw() {
  forgetKnown();
  stops.forEach(drawStop);
  const next = stops.find((stop) => !isDone(stop));
  for (const stop of stops) {
    const was = stop.classList.contains("next");
    stop.classList.toggle("next", stop === next);
    if (was !== (stop === next)) stop.querySelector("details").open = stop === next;
  }
  $("all-done").hidden = Boolean(next) || !stops.length;
  drawUnsent();
}

// What the server shows as held needs no entry any more.
function forgetKnown() {
  for (const stop of stops) {
    const entry = queue.of(stop.dataset.village);
    if (entry?.sent && stop.dataset.state === "held") queue.drop(entry.uuid);
  }
}

const isDone = (stop) => ["held", "cancelled"].includes(stop.dataset.state) || Boolean(pressed(stop));

function pressed(stop) {
  const entry = queue.of(stop.dataset.village);
  return entry && !entry.refused ? entry : null;
}

function drawStop(stop) {
  const entry = queue.of(stop.dataset.village);
  const form = stop.querySelector(".hold");
  const mark = stop.querySelector("[data-mark]");
  if (form) form.hidden = Boolean(pressed(stop));
  if (pressed(stop)) {
    const parts = [say("held"), say("people", { n: entry.attendance }), ...(entry.sent ? [] : [say("here_only")])];
    mark.textContent = parts.join(" · ");
    mark.className = entry.sent ? "mark held" : "mark held unsent";
  } else if (isDone(stop)) mark.className = `mark ${stop.dataset.state}`;
  else {
    const late = new Date(stop.dataset.begin) < new Date();
    mark.textContent = late ? say("late") : "";
    mark.className = late ? "mark late" : "mark";
  }
  drawRefused(stop, entry);
}

function drawRefused(stop, entry) {
  const result = stop.querySelector(".result");
  result.hidden = !entry?.refused;
  if (!entry?.refused) return;
  const button = (text, act) => {
    const each = tag("button", { type: "button", className: "button" }, text);
    each.addEventListener("click", () => { act(); draw(); send(); });
    return each;
  };
  const again = button(say("again"), () => queue.change(entry.uuid, { refused: "" }));
  const drop = button(say("drop"), () => queue.drop(entry.uuid));
  result.replaceChildren(say("refused", { detail: entry.refused }), " ", again, " ", drop);
}

function drawUnsent() {
  const n = queue.unsent().length;
  const why = sending ? say("sending") : problem || say("kept_until_online");
  $("unsent").hidden = !n;
  $("unsent").textContent = n ? `${say("unsent", { n })} · ${why}` : "";
}

// Keep first, send then

function press(event) {
  event.preventDefault();
  const { village, attendance, note } = event.target.elements;
  const error = event.target.querySelector(".error");
  const n = Number(attendance.value);
  error.hidden = attendance.value.trim() !== "" && Number.isInteger(n) && n >= 0;
  error.textContent = error.hidden ? "" : say("how_many");
  if (!error.hidden) { attendance.focus(); return; }
  try {
    queue.add({ uuid: newUuid(crypto), village: village.value, attendance: n, note: note.value, at: new Date().toISOString(), sent: false, refused: "" });
  } catch {
    event.target.submit(); // the phone keeps nothing for us: send it as a plain form
    return;
  }
  draw();
  send();
}

async function send() {
  if (sending) return;
  sending = true;
  problem = "";
  for (const entry of queue.waiting()) {
    drawUnsent();
    if (!(await sendOne(entry))) break;
  }
  sending = false;
  draw();
}

// Whether the next one is worth trying: not where there is no network or nobody is signed in.
async function sendOne(entry) {
  let response;
  try {
    response = await fetch(config.held, {
      method: "POST",
      redirect: "manual",
      headers: { Accept: "application/json", "X-CSRFToken": token() },
      body: new URLSearchParams({ uuid: entry.uuid, village: entry.village, attendance: entry.attendance, note: entry.note, at: entry.at }),
    });
  } catch {
    return false;
  }
  if (response.type === "opaqueredirect" || response.status === 403) problem = say("sign_in");
  else if (response.ok) queue.change(entry.uuid, { sent: true, attendance: (await response.json()).attendance });
  else if (response.status === 422) queue.change(entry.uuid, { refused: (await response.json()).detail });
  else problem = say("busy");
  return response.ok || response.status === 422;
}

// The network

function drawNetwork() {
  $("network").classList.toggle("notice", !navigator.onLine);
  $("network").textContent = navigator.onLine ? $("network").dataset.online : $("network").dataset.offline;
}

// Start

document.querySelectorAll(".hold").forEach((form) => { form.noValidate = true; form.addEventListener("submit", press); });
wireStuck(token);
addEventListener("online", () => { drawNetwork(); send(); });
addEventListener("offline", drawNetwork);
addEventListener("storage", draw);
document.addEventListener("visibilitychange", () => { if (!document.hidden) { draw(); send(); } });
setInterval(() => { draw(); if (queue.waiting().length) send(); }, RETRY_MS);
draw();
drawNetwork();
send();
if ("serviceWorker" in navigator) navigator.serviceWorker.register(config.worker).catch(() => {}); // without it the page needs network
document.body.dataset.ready = "true";
