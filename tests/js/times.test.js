import assert from "node:assert/strict";
import test from "node:test";

import { inShanghai } from "../../mapui/static/mapui/times.js";

const shanghai = new Intl.DateTimeFormat("en-US", {
  timeZone: "Asia/Shanghai", year: "numeric", month: "numeric", day: "numeric", weekday: "short",
  hour: "numeric", minute: "numeric", hourCycle: "h23",
});
const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

test("moments are what Intl says of Shanghai, around midnights and leap days too", () => {
  for (const time of ["2021-01-06T09:30:00+08:00", "2024-02-28T16:00:00Z", "2026-12-31T15:59:59Z", "2026-12-31T16:00:00Z"]) {
    const said = Object.fromEntries(shanghai.formatToParts(new Date(time)).map(({ type, value }) => [type, value]));
    const { year, month, day, weekday, hour, minute } = inShanghai(time);
    assert.deepEqual(
      [year, month + 1, day, WEEKDAYS[weekday], hour, minute],
      [...["year", "month", "day"].map((part) => Number(said[part])), said.weekday, Number(said.hour), Number(said.minute)],
    );
  }
});
