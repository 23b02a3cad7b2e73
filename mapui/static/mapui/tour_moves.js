// A tour's days read as rows, times, routes and places to move to. Pure: no page, no map.

const MINUTE = 60_000;

export const minutesBetween = (first, last) => Math.round((new Date(last) - new Date(first)) / MINUTE);

// The day of a team on a date, or an empty one.
export function dayOf(days, team, date) {
  return days.find((each) => each.team === team && each.date === date) ?? { team, date, stops: [], broken: [] };
}

// Where a stop stands: {team, date, position}, or null.
export function placeOf(days, village) {
  for (const { team, date, stops } of days) {
    const position = stops.findIndex((stop) => stop.village === village);
    if (position >= 0) return { team, date, position };
  }
  return null;
}

// One place earlier with the same team: before its neighbour, else last on the day before; null
// at the very beginning.
export function earlier(days, dates, village) {
  const at = placeOf(days, village);
  if (!at) return null;
  if (at.position > 0) return { ...at, position: at.position - 1 };
  const before = dates[dates.indexOf(at.date) - 1];
  return before ? { team: at.team, date: before, position: dayOf(days, at.team, before).stops.length } : null;
}

export function later(days, dates, village) {
  const at = placeOf(days, village);
  if (!at) return null;
  if (at.position < dayOf(days, at.team, at.date).stops.length - 1) return { ...at, position: at.position + 1 };
  const after = dates[dates.indexOf(at.date) + 1];
  return after ? { team: at.team, date: after, position: 0 } : null;
}

// Which position a drop at height y means, given the middles of the other cards from top down.
export const dropPosition = (middles, y) => middles.filter((middle) => middle < y).length;

// A move to where it is already changes nothing.
export function isSame(days, village, { team, date, position }) {
  const at = placeOf(days, village);
  return Boolean(at) && at.team === team && at.date === date && at.position === position;
}

// A day as it passes: leave, drive, wait, stop … and the way to the night. `lunch` is a pair of
// minutes of the day, or null.
export function timeline(day, lunch) {
  if (!day.leaves) return [];
  const entries = [{ kind: "leave", time: day.leaves }];
  let free = day.leaves;
  for (const stop of day.stops) {
    entries.push({ kind: "drive", minutes: stop.drive_min, metres: stop.drive_m, estimated: stop.drive_estimated });
    const minutes = minutesBetween(free, stop.begin) - stop.drive_min;
    if (minutes > 0) entries.push({ kind: isLunch(stop.begin, minutes, lunch) ? "lunch" : "wait", minutes });
    entries.push({ kind: "stop", stop });
    free = stop.leave;
  }
  entries.push({ kind: "drive", minutes: day.drive_min, metres: day.drive_m, estimated: day.drive_estimated });
  entries.push({ kind: "night", time: day.back });
  return entries;
}

// Whether a wait that ends at a moment meets the lunch hour.
function isLunch(end, minutes, lunch) {
  if (!lunch) return false;
  const last = minuteOfDay(end);
  return last - minutes < lunch[1] && last > lunch[0];
}

// Minutes since midnight in Shanghai, of a time such as 2026-12-07T09:40+08:00.
export function minuteOfDay(time) {
  const shanghai = new Date(new Date(time).getTime() + 8 * 60 * MINUTE);
  return shanghai.getUTCHours() * 60 + shanghai.getUTCMinutes();
}

// What each team drives each day, as [lon, lat]: from home or last night's bed to the next one.
export function routes(days, homes) {
  const slept = new Map();
  const inOrder = [...days].sort((a, b) => (a.date < b.date ? -1 : Number(a.date > b.date)));
  return inOrder.map((day) => {
    const home = homes.get(day.team) ?? null;
    const from = slept.get(day.team) ?? home;
    const to = day.bed_lon_lat ?? home;
    slept.set(day.team, day.bed_lon_lat ?? null);
    const stops = day.stops.filter(({ lon }) => lon !== null).map(({ lon, lat }) => [lon, lat]);
    return { team: day.team, date: day.date, points: [from, ...stops, to].filter(Boolean) };
  });
}

// How many rules are broken, at stops and for whole days.
export const faultCount = (days) => days.reduce((sum, day) => sum + day.broken.length + day.stops.reduce((all, stop) => all + stop.broken.length, 0), 0);
