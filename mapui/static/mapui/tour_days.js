// The days of a tour. Pure.

const DAY = 86_400_000;

// ISO dates of so many days from the first; none where either is not known yet.
export function reserveDays(first, count) {
  const start = Date.parse(first);
  if (Number.isNaN(start) || !(count >= 1)) return [];
  return Array.from({ length: Math.min(count, 99) }, (_, i) => new Date(start + i * DAY).toISOString().slice(0, 10));
}
