// Names found by characters, full pinyin, initials or a mixture, where no server answers: the same
// levels as sites/finding has them, but for shortened names. Not a module: workers of older phones have none.

{
  const FITS = ["exact", "prefix", "part", "pinyin", "initials", "words", "similar"];
  const [EXACT, PREFIX, PART, PINYIN, INITIALS, WORDS, SIMILAR] = FITS.keys();
  const HAN = /\p{Script=Han}/u;
  const FEWEST = { characters: 3, letters: 5 }; // of a query that may have a slip
  const DOUBLE_INITIALS = /^[zcs]h/;

  // In one width and case, without tone marks; ü is v, as one types it.
  const plain = (text) => text.normalize("NFKC").toLowerCase().replaceAll("ü", "v")
    .normalize("NFD").replace(/[\u0300-\u036f]+/g, "").normalize("NFC");

  const wordsOf = (text) => plain(text).replace(/['’]/g, "").split(/[^\p{L}\p{N}]+/u).filter(Boolean);

  // The syllables of each character, from the characters of each syllable.
  function syllablesOf(readings) {
    const found = new Map();
    for (const [syllable, characters] of Object.entries(readings)) {
      for (const character of characters) found.set(character, [...(found.get(character) ?? []), syllable]);
    }
    return found;
  }

  // How many letters of the rest of a query one character can stand for.
  function steps(character, rest, syllables, withInitials) {
    const found = character === rest[0] ? [1] : [];
    for (const syllable of syllables.get(character) ?? []) {
      if (rest.startsWith(syllable)) found.push(syllable.length);
      else if (syllable.startsWith(rest)) found.push(rest.length); // not typed to its end
      if (!withInitials) continue;
      if (syllable[0] === rest[0]) found.push(1);
      if (DOUBLE_INITIALS.test(syllable) && rest.startsWith(syllable.slice(0, 2))) found.push(2);
    }
    return found;
  }

  // Whether one letter is wrong, too many, missing, or two are swapped.
  function isSlip(typed, meant) {
    let same = 0;
    while (same < meant.length && typed[same] === meant[same]) same += 1;
    const [a, b] = [typed.slice(same), meant.slice(same)];
    return a.slice(1) === b.slice(1) || a.slice(1) === b || a === b.slice(1)
      || (a[0] === b[1] && a[1] === b[0] && a.slice(2) === b.slice(2));
  }

  // The same with a slip: another character in its place, or its syllable mistyped.
  function slips(character, rest, syllables) {
    const found = HAN.test(rest[0]) ? [1] : [];
    for (const syllable of (syllables.get(character) ?? []).filter(({ length }) => length > 1)) {
      for (const length of [syllable.length - 1, syllable.length, syllable.length + 1]) {
        if (length <= rest.length && isSlip(rest.slice(0, length), syllable)) found.push(length);
      }
    }
    return found;
  }

  // Whether a query can be read from the beginning of these characters; as a whole, from all.
  // `slip`: with one slip.
  function reads(characters, query, syllables, { withInitials = false, whole = false, slip = false }) {
    if (!query) return !whole || !characters.length;
    if (!characters.length) return false;
    const [first, ...others] = characters;
    const on = (may) => (length) => reads(others, query.slice(length), syllables, { withInitials, whole, slip: may });
    return steps(first, query, syllables, withInitials).some(on(slip)) || (slip && slips(first, query, syllables).some(on(false)));
  }

  // How well a name fits: [level, rank in it], the least the best; null where it doesn't.
  function fit(name, query, syllables) {
    if (name === query) return [EXACT, 0];
    if (name.startsWith(query)) return [PREFIX, 0];
    if (name.includes(query)) return [PART, 0];
    const characters = [...name];
    for (const level of [PINYIN, INITIALS]) {
      const from = (i, whole) => reads(characters.slice(i), query, syllables, { withInitials: level === INITIALS, whole });
      if (from(0, true)) return [level, 0];
      if (from(0, false)) return [level, 1];
      if (characters.some((_, i) => from(i, false))) return [level, 2];
    }
    return null;
  }

  function fitWords(name, region, words, syllables) {
    const whole = fit(name, words.join(""), syllables);
    if (whole || words.length < 2) return whole;
    return words.every((word) => region.includes(word) || fit(name, word, syllables)) ? [WORDS, 0] : null;
  }

  function isSimilar(name, query, syllables) {
    const characters = [...name];
    return characters.some((_, i) => reads(characters.slice(i), query, syllables, { slip: true }));
  }

  // The names of a record, the present one first.
  const namesOf = ({ name, former_names: former = "" }) => [name, ...former.split(/[;;,,、|]+/).map((each) => each.trim()).filter(Boolean)];

  function best(records, found) {
    const fits = records.flatMap((record) => namesOf(record).map((name) => ({ record, name, fits: found(wordsOf(name).join(""), record) })));
    const seen = new Set();
    return fits.filter((each) => each.fits)
      .sort((a, b) => a.fits[0] - b.fits[0] || a.fits[1] - b.fits[1] || a.name.length - b.name.length)
      .filter(({ record }) => !seen.has(record) && seen.add(record))
      .map(({ record, name, fits: [level] }) => ({ ...record, former_name: name === record.name ? null : name, fit: FITS[level] }));
  }

  // The records ({ name, former_names, region_name, … }) that a query fits, the best first, each with
  // its `fit`; with a slip where none fits else. `readings`: characters by the syllable that they are
  // read as.
  globalThis.findNames = (records, query, readings = {}) => {
    const words = wordsOf(query);
    if (!words.length) return [];
    const syllables = syllablesOf(readings);
    const found = best(records, (name, { region_name: region }) => fitWords(name, region ?? "", words, syllables));
    const whole = words.join("");
    const enough = [...whole].length >= (HAN.test(whole) ? FEWEST.characters : FEWEST.letters);
    return found.length || !enough ? found : best(records, (name) => isSimilar(name, whole, syllables) && [SIMILAR, 0]);
  };
}
