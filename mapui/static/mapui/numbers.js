// How figures are read: no more precise than they are known. Pure.

const ROUGH_M = 100; // from this error on a distance is only about right

// Metres for people: tens of metres below a kilometre, then kilometres with one decimal; `about`
// where the positions' errors, in metres, are worth a word.
export function readable(metres, error = 0) {
  const tens = Math.round(metres / 10) * 10;
  const about = error > ROUGH_M;
  if (tens < 1000) return { n: String(tens), unit: "metres", about };
  return { n: (metres / 1000).toFixed(1), unit: "kilometres", about };
}

// A share from 0 to 1 as per cent without a fraction; 100 only where nothing is missing.
export const percent = (share) => `${Math.floor(share * 100 + 1e-9)}%`;

// What a division's label says of its row: its share, and whether that is below the city's.
export function shareNotes(rows) {
  const sum = (name) => rows.reduce((total, row) => total + row[name], 0);
  const city = sum("met") / sum("subjects");
  return Object.fromEntries(rows.map(({ code, share }) => [code, { text: percent(share), below: share < city }]));
}
