import assert from "node:assert/strict";
import test from "node:test";

import { reserveDays } from "../../mapui/static/mapui/tour_days.js";
import * as moves from "../../mapui/static/mapui/tour_moves.js";

const DATES = ["2026-12-07", "2026-12-08"];
const at = (time, day = DATES[0]) => `${day}T${time}+08:00`;
const stop = (village, arrive, begin, leave) => ({ village, lon: 110, lat: 41, drive_min: 60, drive_m: 40000, arrive: at(arrive), begin: at(begin), leave: at(leave), broken: [] });
const A = stop("A", "09:00", "09:00", "10:30");
const B = stop("B", "12:10", "13:00", "14:30");
const MONDAY = { team: 1, date: DATES[0], leaves: at("08:00"), back: at("15:30"), drive_min: 60, drive_m: 40000, bed: "H", bed_lon_lat: [111, 42], broken: [], stops: [A, B] };

test("a stop goes before its neighbour, else to the end of the day before", () => {
  assert.deepEqual(moves.earlier([MONDAY], DATES, "B"), { team: 1, date: DATES[0], position: 0 });
  assert.equal(moves.earlier([MONDAY], DATES, "A"), null);
  const tuesday = { ...MONDAY, date: DATES[1], stops: [stop("C", "09:00", "09:00", "10:00")] };
  assert.deepEqual(moves.earlier([MONDAY, tuesday], DATES, "C"), { team: 1, date: DATES[0], position: 2 });
});

test("a stop goes after its neighbour, else to the beginning of the next day, that may be empty", () => {
  assert.deepEqual(moves.later([MONDAY], DATES, "A"), { team: 1, date: DATES[0], position: 1 });
  assert.deepEqual(moves.later([MONDAY], DATES, "B"), { team: 1, date: DATES[1], position: 0 });
  assert.equal(moves.later([{ ...MONDAY, date: DATES[1] }], DATES, "B"), null);
});

test("a drop goes before the first card whose middle lies below it", () => {
  assert.deepEqual([0, 150, 400].map((y) => moves.dropPosition([100, 200], y)), [0, 1, 2]);
});

test("a drop to where it is already is no change", () => {
  assert.ok(moves.isSame([MONDAY], "B", { team: 1, date: DATES[0], position: 1 }));
  assert.ok(!moves.isSame([MONDAY], "B", { team: 1, date: DATES[0], position: 0 }));
  assert.ok(!moves.isSame([MONDAY], "X", { team: 1, date: DATES[0], position: 0 }));
});

test("a day passes from leaving to the night, and its waits add up to the clock", () => {
  const entries = moves.timeline(MONDAY, [720, 780]);
  assert.deepEqual(entries.map(({ kind }) => kind), ["leave", "drive", "stop", "drive", "lunch", "stop", "drive", "night"]);
  assert.equal(entries.find(({ kind }) => kind === "lunch").minutes, 90);
  const spent = entries.reduce((sum, each) => sum + (each.kind === "stop" ? moves.minutesBetween(each.stop.begin, each.stop.leave) : each.minutes ?? 0), 0);
  assert.equal(spent, moves.minutesBetween(MONDAY.leaves, MONDAY.back));
  assert.equal(moves.timeline(MONDAY, null)[4].kind, "wait");
});

test("a team drives from home to its bed, and from there the next day back home", () => {
  const tuesday = { ...MONDAY, date: DATES[1], bed: null, bed_lon_lat: null, stops: [A] };
  const homes = new Map([[1, [109, 40]]]);
  assert.deepEqual(moves.routes([tuesday, MONDAY], homes).map(({ points }) => points), [
    [[109, 40], [110, 41], [110, 41], [111, 42]],
    [[111, 42], [110, 41], [109, 40]],
  ]);
});

test("broken rules of stops and of days are counted", () => {
  const broken = { ...MONDAY, broken: ["long"], stops: [{ ...A, broken: ["late", "closed"] }] };
  assert.equal(moves.faultCount([broken, MONDAY]), 3);
});

test("the days of a tour run over the end of a month", () => {
  assert.deepEqual(reserveDays("2026-11-30", 2), ["2026-11-30", "2026-12-01"]);
  assert.deepEqual([reserveDays("", 2), reserveDays("2026-11-30", NaN)], [[], []]);
});
