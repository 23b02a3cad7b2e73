// Where a team cannot go on: the rest is planned anew from where it is, and the page says what to
// do now, and whom to tell what, in words that can be read out or sent.

import { $, config, day, hour, say, tag } from "./page.js";

const POLL_MS = 700;
const SMALL_MS = 5 * 60_000; // moved by less: nobody is called about it
let token = () => "";

// `readToken` gives the token that a write needs.
export function wireStuck(readToken) {
  token = readToken;
  $("stuck-form").addEventListener("submit", startOver);
  $("locate").addEventListener("click", locate);
}

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
  waited({ seconds: 0 });
  $("tell").replaceChildren();
  $("anew").hidden = true;
  const moment = `${config.date}T${from.value}+08:00`;
  const wish = { reason: reason.value, moment, at: { [config.team]: where.value.split(",").map(Number) } };
  try {
    const { version } = await ask("");
    await ask("/stuck", { ...wish, version });
    await tell(await planned(), version, reason.value, moment);
  } catch (error) {
    $("stuck-said").textContent = error instanceof TypeError ? say("no_answer") : say("not_planned", { detail: error.message });
  }
  button.disabled = false;
}

const waited = ({ seconds = 0 }) => { $("stuck-said").textContent = say("planning", { seconds, total: config.seconds }); };

async function planned() {
  for (;;) {
    const tour = await ask("");
    if (!["queued", "planning"].includes(tour.status)) return tour;
    waited(tour.progress ?? {});
    await new Promise((resolve) => { setTimeout(resolve, POLL_MS); });
  }
}

async function tell(tour, version, reason, moment) {
  if (tour.failure) throw new Error(tour.failure);
  const all = tour.version === version ? [] : await ask("/changes");
  const changes = all.filter(({ was, now }) => !was || !now || Math.abs(new Date(now) - new Date(was)) >= SMALL_MS);
  changes.sort((a, b) => new Date(a.was ?? a.now) - new Date(b.was ?? b.now));
  const told = changes.length ? say("tell_them", { n: changes.length }) : say("nothing_changed");
  $("stuck-said").replaceChildren(tag("p", {}, whatNow(tour.days ?? [], moment)), tag("p", {}, told));
  $("tell").replaceChildren(...changes.map((change) => toTell(change, reason)));
  $("anew").hidden = !all.length;
}

// Until when to wait, and where to go then; the planner's own word goes first.
function whatNow(days, moment) {
  const mine = days.find(({ team, date }) => team === config.team && date === config.date);
  const next = mine?.stops.find(({ begin, held }) => !held && new Date(begin) >= new Date(moment));
  const first = mine?.resumes_sentence ? `${mine.resumes_sentence}${say("stop_mark")}` : "";
  if (!next) return first || say("no_more");
  const leave = new Date(new Date(next.arrive) - next.drive_min * 60_000);
  const values = { name: next.name, arrive: hour(next.arrive), time: hour(leave) };
  return first ? `${first}${say("then_to", values)}` : say(leave > new Date(moment) ? "wait_here" : "go_now", values);
}

function toTell({ village, name, was, now }, reason) {
  const key = now ? (was ? "moved_to" : "newly") : "called_off";
  const moment = (time) => (time ? `${day(time)} ${hour(time)}` : "");
  const text = say(key, { day: day(now ?? was), time: hour(now ?? was) });
  const words = say(`say_${key}`, { ...config, reason, name, was: moment(was), now: moment(now) });
  const [person, phone] = config.contacts[village] ?? [];
  const buttons = phone
    ? [tag("a", { href: `tel:${phone}`, className: "button" }, say("call", { name: person })), tag("a", { href: `sms:${phone}?&body=${encodeURIComponent(words)}`, className: "button" }, say("message"))]
    : [say("no_contact")];
  return tag("li", {}, tag("p", {}, tag("a", { href: `/villages/${village}/` }, tag("b", {}, name)), ` ${text}`), tag("blockquote", {}, words), tag("p", { className: "ways" }, ...buttons));
}
