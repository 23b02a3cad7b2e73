// What might be different: places added, removed and moved. Pure: every step makes a new value.

export const NONE = { add: [], remove: [], move: [] };

export const isNone = ({ add, remove, move }) => !(add.length || remove.length || move.length);

export const addPlace = (changes, place) => ({ ...changes, add: [...changes.add, place] });

export const dragAdded = (changes, number, [lon, lat]) => ({
  ...changes,
  add: changes.add.map((place, i) => (i === number ? { ...place, lon, lat } : place)),
});

export const dropAdded = (changes, number) => ({
  ...changes,
  add: changes.add.filter((_, i) => i !== number),
});

// A site is removed or moved, not both.
export const removeSite = (changes, code) => ({ ...leave(changes, code), remove: [...leave(changes, code).remove, code] });

export const moveSite = (changes, code, [lon, lat]) => ({ ...leave(changes, code), move: [...leave(changes, code).move, { code, lon, lat }] });

// The site stays where it is after all.
export const leave = ({ add, remove, move }, code) => ({
  add,
  remove: remove.filter((each) => each !== code),
  move: move.filter((each) => each.code !== code),
});
