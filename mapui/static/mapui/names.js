// Names found by characters, full pinyin, initials or a mixture, where no server answers: the same
// levels as sites/finding has them, but for slips and shortened names. Not a module: workers of older phones have none.

{
  const FITS = ["exact", "prefix", "part", "pinyin", "initials", "words"];
  const [EXACT, PREFIX, PART, PINYIN, INITIALS, WORDS] = FITS.keys();
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

  // Whether a query can be read from the beginning of these characters; as a whole, from all.
  function reads(characters, query, syllables, withInitials, whole) {
    if (!query) return !whole || !characters.length;
    if (!characters.length) return false;
    const [first, ...others] = characters;
    return steps(first, query, syllables, withInitials)
      .some((length) => reads(others, query.slice(length), syllables, withInitials, whole));
  }

  // How well a name fits: [level, rank in it], the least the best; null where it doesn't.
  function fit(name, query, syllables) {
    if (name === query) return [EXACT, 0];
    if (name.startsWith(query)) return [PREFIX, 0];
    if (name.includes(query)) return [PART, 0];
    const characters = [...name];
    for (const level of [PINYIN, INITIALS]) {
      const from = (i, whole) => reads(characters.slice(i), query, syllables, level === INITIALS, whole);
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

  // The records ({ name, region_name, … }) that a query fits, the best first, each with its `fit`.
  // `readings`: characters by the syllable that they are read as.
  globalThis.findNames = (records, query, readings = {}) => {
    const words = wordsOf(query);
    if (!words.length) return [];
    const syllables = syllablesOf(readings);
    return records
      .map((record) => ({ record, found: fitWords(wordsOf(record.name).join(""), record.region_name ?? "", words, syllables) }))
      .filter(({ found }) => found)
      .sort((a, b) => a.found[0] - b.found[0] || a.found[1] - b.found[1] || a.record.name.length - b.record.name.length)
      .map(({ record, found }) => ({ ...record, fit: FITS[found[0]] }));
  };
}
