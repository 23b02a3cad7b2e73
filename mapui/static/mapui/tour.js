// A tour's page: its week and its map follow the API; every change is sent at once.

import { startBase } from "./base.js";
import { wireCopying } from "./copying.js";
import { $, day as dayText, say, tag } from "./page.js";
import { Board } from "./tour_board.js";
import { askConfirm, askName, askNote, askPlace, askStart } from "./tour_dialogs.js";
import { LeftOut } from "./tour_left.js";
import { TourMap } from "./tour_map.js";
import { faultCount, isSame } from "./tour_moves.js";
import { drawOffice } from "./tour_office.js";
import { drawParts } from "./tour_papers.js";
import { Offline, Talk } from "./tour_talk.js";

const POLL_MS = 700;
const NOTICE_MS = 8000; // good news goes away by itself
const facts = JSON.parse($("facts").textContent);
const talk = new Talk(facts.id, $("tour").dataset.csrf);
const isBusy = (each) => ["queued", "planning"].includes(each?.status);

let tour = null;
let asking = 0; // changes on their way
let watching = false;
let fading = 0;

const act = {
  move: (stop, place) => put("move", stop, place),
  drop: (village, place) => {
    const stop = tour.days.flatMap(({ stops }) => stops).find((each) => each.village === village);
    if (stop) return isSame(tour.days, village, place) ? null : put("move", stop, place);
    const left = tour.left_out.find((each) => each.village === village);
    return left && put("add", left, place);
  },
  ask: async (stop) => { const place = await askPlace(tour, facts, stop); if (place) put("move", stop, place); },
  takeIn: async (left) => { const place = await askPlace(tour, facts, left); if (place) put("add", left, place); },
  include: ({ village }) => change({ include: [village] }),
  pin: ({ village, pinned }) => change(pinned ? { unpin: [village] } : { pin: [village] }),
  remove: ({ village, name }) => change({ exclude: [village] }, say("removed", { name })),
  bed: ({ team, date }, lodging) => change({ bed: [{ team, date, lodging }] }),
  state: setState,
  question,
  show: (village) => {
    const card = document.querySelector(`.stop-card[data-village="${CSS.escape(village)}"]`);
    card?.scrollIntoView({ block: "center", inline: "center" });
    card?.querySelector("a")?.focus({ preventScroll: true });
  },
};

function put(how, { village, name }, place) {
  const told = { name, day: dayText(`${place.date}T12:00+08:00`), n: place.position + 1 };
  return change({ [how]: [{ village, ...place }] }, say(how === "move" ? "moved" : "taken_in", told));
}

// A village that cannot receive anybody leaves the plan; the next best takes its place where that is wished.
async function setState(stop, state, back) {
  const answer = state === "declined" ? await askNote(stop.name) : { note: stop.note };
  if (!answer) return back();
  const { note, replace = false } = answer;
  return change({ state: [{ village: stop.village, state, note }], ...(replace ? { replace } : {}) });
}

async function question({ village }) {
  try {
    return (await talk.send("GET", `/left-out/${encodeURIComponent(village)}`)).sentence;
  } catch (failed) {
    return failed instanceof Offline ? say("no_answer") : failed.message;
  }
}

// One change: sent, and the page drawn from what comes back.
async function change(body, done = say("saved")) {
  asking += 1;
  notice(say("saving"));
  $("week").setAttribute("aria-busy", "true");
  try {
    const told = await talk.change(() => ({ version: tour.version, ...body }));
    take(told);
    notice(told.replaced?.sentence ?? done);
  } catch (failed) {
    await explain(failed);
  } finally {
    asking -= 1;
    if (!asking && tour) draw();
  }
}

async function explain(failed) {
  if (failed instanceof Offline) return notice(say(navigator.onLine ? "no_answer" : "offline"), true);
  if (failed.status === undefined) throw failed;
  if (failed.status === 409) await read();
  const detail = failed.errors.map(({ message }) => message).filter(Boolean).join(" ") || failed.message;
  return notice(failed.status === 409 ? say("reloaded", { detail }) : detail, true);
}

function notice(text, wrong = false) {
  $("notice").hidden = !text;
  $("notice").classList.toggle("wrong", wrong);
  if ($("notice").textContent !== text) $("notice").textContent = text;
  clearTimeout(fading);
  if (text && !wrong) fading = setTimeout(() => notice(""), NOTICE_MS);
}

async function read() {
  try {
    take(await talk.read());
  } catch (failed) {
    cannotRead(failed);
  }
}

// Before anything was read there is nothing to show but a way to try again.
function cannotRead(failed) {
  const text = failed.status === 404 ? say("gone") : failed.status ? failed.message : say(navigator.onLine ? "cannot_read" : "offline_reading");
  notice(text, true);
  if (tour) return;
  const again = tag("button", { type: "button", className: "button" }, say("again"));
  again.addEventListener("click", () => { notice(""); read(); });
  $("week").replaceChildren(again);
}

function take(told) {
  const before = tour;
  tour = told;
  draw();
  if (isBusy(tour) && !watching) watch();
  else if (!isBusy(tour) && (isBusy(before) || (!before && tour.failure))) finished();
}

function finished() {
  const n = tour.sums.stops;
  if (tour.failure) notice(say("failed", { why: tour.failure }), true);
  else notice(n ? say("planned", { n }) : say("none_planned"), !n);
}

// While it is planned, ask again and again, also where an answer fails to come.
function watch() {
  watching = true;
  setTimeout(async () => {
    watching = false;
    if (!document.hidden) await read();
    if (isBusy(tour) && !watching) watch();
  }, POLL_MS);
}

function draw() {
  const busy = isBusy(tour);
  const closed = busy || asking > 0;
  drawHead(busy);
  drawProgress(busy);
  if (busy && !tour.days.length) $("week").replaceChildren();
  else board.draw(tour, closed);
  left.draw(tour, closed);
  map?.draw(tour, busy);
  $("tools").hidden = $("how").hidden = busy && !tour.days.length;
  for (const id of ["undo", "replan", "copy", "other-days", "confirm"]) $(id).disabled = closed;
  $("undo").disabled = closed || !tour.can_undo;
  $("confirm").hidden = tour.status === "confirmed";
  $("go").hidden = !$("confirm").hidden;
  $("confirm").disabled = closed || !tour.sums.stops;
  $("papers").hidden = !tour.sums.stops;
  drawParts(tour, facts);
  $("office").hidden = !tour.sums.stops;
  drawOffice(tour, facts, change, closed);
}

// Where the minutes come from; and how many of them the routing server did not answer.
function basis(tour, sums) {
  if (!tour.travel) return say("travel_estimated");
  const by = say("travel_by", { by: tour.travel });
  return sums.legs_estimated ? `${by} ${say("travel_partly", { n: sums.legs_estimated })}` : by;
}

function drawHead(busy) {
  const { sums } = tour;
  const name = { queued: "queued", planning: "planning" }[tour.status];
  $("status-name").className = `status ${tour.status}`;
  $("status-name").textContent = facts.statuses[tour.status] ?? name;
  const figure = (number, text, className = "") => tag("div", { className: `figure ${className}` }, tag("b", {}, String(number)), tag("span", {}, text));
  const costs = tag("details", { className: "figure" }, tag("summary", {}, tag("b", {}, String(sums.cost_yuan)), tag("span", {}, say("yuan"))), tag("p", {}, say("costs", sums.costs)));
  const shown = [
    figure(sums.stops, say("stops")),
    figure(`+${sums.newly}`, say("newly"), "effective"),
    figure(sums.km, say(tour.travel ? "km" : "km_estimated")),
    figure(sums.drive_hours, say("hours")),
    costs,
    ...(sums.people ? [figure(sums.people, sums.people_unknown ? say("people_unknown", { n: sums.people_unknown }) : say("people"), "minor")] : []),
  ];
  $("figures").replaceChildren(...(busy && !tour.days.length ? [] : shown));
  $("basis").textContent = sums.stops ? basis(tour, sums) : "";
  const n = faultCount(tour.days);
  $("faults").hidden = !n;
  $("faults").textContent = n ? `▲ ${say("faults", { n })}` : "";
}

function drawProgress(busy) {
  const { seconds = 0, stops, value, stop } = tour.progress;
  $("computing").hidden = !busy;
  if (!busy) return;
  const total = facts.seconds;
  const text = stop ? say("stopping") : tour.status === "queued" ? say("queued") : say("planning", { seconds, total });
  if ($("computing-text").textContent !== text) $("computing-text").textContent = text;
  $("computing-best").textContent = stops === undefined ? "" : say("best", { stops, value });
  if (tour.status === "queued") $("computing-bar").removeAttribute("value");
  else $("computing-bar").value = Math.min(100, (100 * seconds) / total);
  $("cancel").disabled = Boolean(stop);
}

function wire() {
  wireCopying();
  $("undo").addEventListener("click", () => change({ undo: true }, say("undone")));
  $("replan").addEventListener("click", () => change({ replan: true }, ""));
  $("cancel").addEventListener("click", () => post("/cancel"));
  $("copy").addEventListener("click", saveCopy);
  $("other-days").addEventListener("click", moveAll);
  $("confirm").addEventListener("click", () => askConfirm(tour.sums.stops, faultCount(tour.days), confirmIt));
  addEventListener("online", () => { notice(""); read(); });
  addEventListener("offline", () => notice(say("offline_reading"), true));
  document.addEventListener("visibilitychange", () => { if (!document.hidden && isBusy(tour)) read(); });
}

async function post(path) {
  try {
    take(await talk.post(path));
  } catch (failed) {
    await explain(failed);
  }
}

// The whole tour on other days: the page's dates are other ones then.
async function moveAll() {
  const start = await askStart(tour.start);
  if (!start || start === tour.start) return;
  await change({ start });
  if (tour.start === start) location.reload();
}

async function saveCopy() {
  const name = await askName(say("copied", { name: tour.name, n: facts.variants + 1 }).slice(-100));
  if (!name) return;
  try {
    location.href = `/tours/${(await talk.post("/copy", { name })).id}/`;
  } catch (failed) {
    await explain(failed);
  }
}

// The sentences that stand in the way, or none.
async function confirmIt() {
  try {
    const { events } = await talk.post("/confirm");
    await read();
    notice(say("confirmed", { n: events.length }));
    return [];
  } catch (failed) {
    if (failed instanceof Offline) return [say("no_answer")];
    if (failed.status === undefined) throw failed;
    return failed.errors.length ? failed.errors.map(({ message }) => message) : [failed.message];
  }
}

const board = new Board($("week"), facts, act);
const left = new LeftOut(act);
let map = null;
wire();
await read();
map = new TourMap(await startBase(), facts, act);
map.legend($("legend"));
if (tour) map.draw(tour, isBusy(tour));
document.body.dataset.ready = "true";
