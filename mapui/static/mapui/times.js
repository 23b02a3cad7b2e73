// Moments as Shanghai's clock and calendar have them: eight hours ahead, all year since 1991. Pure.
// Intl knows as much, but a phone takes a tenth of a second to make it ready.

const AHEAD_MS = 8 * 3600 * 1000;

// The parts of a moment, numbers; `weekday` counts from Sunday, `month` from January, both from 0.
export function inShanghai(time) {
  const at = new Date(new Date(time).getTime() + AHEAD_MS);
  return {
    year: at.getUTCFullYear(), month: at.getUTCMonth(), day: at.getUTCDate(), weekday: at.getUTCDay(),
    hour: at.getUTCHours(), minute: at.getUTCMinutes(),
  };
}
