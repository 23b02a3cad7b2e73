// How a division's share and size look on the map. Pure.

// Bands of shares, in per cent: [name, from, to], the least first.
export const SHARE_BANDS = [["least", 0, 50], ["low", 50, 80], ["high", 80, 95], ["most", 95, 100]];

const LARGEST = 26; // pixels
const SMALLEST = 6;

// The band of a share from 0 to 1; the lower limit belongs to it.
export function shareBand(share) {
  return SHARE_BANDS.findLast(([, from]) => share * 100 + 1e-9 >= from)[0];
}

// The radius of a disc whose area is to the largest as its subjects are to the most.
export function discRadius(subjects, most) {
  return Math.max(SMALLEST, LARGEST * Math.sqrt(subjects / most));
}
