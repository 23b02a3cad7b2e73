// A team's day on a phone: what is pressed is kept first and sent then, once, however weak the
// network; the next stop is large; and where the team cannot go on, the rest is planned anew.

import { $, config, day, hour, say, tag } from "./page.js";
import { newUuid, Queue } from "./queue.js";

const RETRY_MS = 30_000;
const POLL_MS = 700;
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

// The team cannot go on

function locate() {
  const failed = () => { $("located").textContent = say("no_position"); };
  if (!navigator.geolocation) { failed(); return; }
  navigator.geolocation.getCurrentPosition(({ coords }) => {
    const option = $("phone-position");
    option.value = `${coords.longitude.toFixed(6)},${coords.latitude.toFixed(6)}`;
    option.hidden = false;
    option.selected = true;
    $("located").textContent = say("position_ready");
  }, failed, { timeout: 15_000, maximumAge: 60_000 });
}

async function ask(path, body) {
  const options = body && { method: "POST", body: JSON.stringify(body) };
  const headers = { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": token() };
  const response = await fetch(`${config.api}${path}`, { ...options, headers });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.detail);
  return answer;
}

async function startOver(event) {
  event.preventDefault();
  const form = event.target;
  const { reason, where, from } = form.elements;
  if (!navigator.onLine) { $("stuck-said").textContent = say("no_network"); return; }
  const button = form.querySelector(".primary");
  button.disabled = true;
  $("stuck-said").textContent = say("planning");
  $("tell").replaceChildren();
  $("anew").hidden = true;
  const wish = { reason: reason.value, moment: `${config.date}T${from.value}+08:00`, at: { [config.team]: where.value.split(",").map(Number) } };
  try {
    const { version } = await ask("");
    await ask("/stuck", { ...wish, version });
    await tell(await planned(), version, reason.value);
  } catch (error) {
    $("stuck-said").textContent = error instanceof TypeError ? say("no_answer") : say("not_planned", { detail: error.message });
  }
  button.disabled = false;
}

async function planned() {
  for (;;) {
    const tour = await ask("");
    if (!["queued", "planning"].includes(tour.status)) return tour;
    await new Promise((resolve) => { setTimeout(resolve, POLL_MS); });
  }
}

async function tell(tour, version, reason) {
  if (tour.failure) throw new Error(tour.failure);
  const changes = tour.version === version ? [] : await ask("/changes");
  changes.sort((a, b) => new Date(a.was ?? a.now) - new Date(b.was ?? b.now));
  $("stuck-said").textContent = changes.length ? `${say("tell_them")}${say("why_stuck", { reason })}` : say("nothing_changed");
  $("tell").replaceChildren(...changes.map(toTell));
  $("anew").hidden = !changes.length;
}

function toTell({ village, name, was, now }) {
  const key = now ? (was ? "moved_to" : "newly") : "called_off";
  const text = say(key, { day: day(now ?? was), time: hour(now ?? was) });
  const [person, phone] = config.contacts[village] ?? [];
  const call = phone ? [tag("a", { href: `tel:${phone}`, className: "button" }, say("call", { name: person }))] : [];
  return tag("li", {}, tag("a", { href: `/villages/${village}/` }, name), ` ${text} `, ...call);
}

// Start

document.querySelectorAll(".hold").forEach((form) => { form.noValidate = true; form.addEventListener("submit", press); });
$("stuck-form").addEventListener("submit", startOver);
$("locate").addEventListener("click", locate);
addEventListener("online", send);
addEventListener("storage", draw);
document.addEventListener("visibilitychange", () => { if (!document.hidden) { draw(); send(); } });
setInterval(() => { draw(); if (queue.waiting().length) send(); }, RETRY_MS);
draw();
send();
if ("serviceWorker" in navigator) navigator.serviceWorker.register(config.worker).catch(() => {}); // without it the page needs network
document.body.dataset.ready = "true";
