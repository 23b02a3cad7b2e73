"""Names with what they name, the best first; and what a query finds among them. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from sites.finding import graphs
from sites.finding.text import GAP, Text
from sites.finding.words import words_of

Flags = NDArray[np.bool_]
ALWAYS = 2**31 - 1
REGION_DIGITS = 9
COUNTY_DIGITS = 6
FEW = 3
REGION = b"region"  # the type of a division
KIND = b"-kind"  # how types end that are whole kinds of places or of events
SEVERAL = ";"  # between former names


class Level(IntEnum):
    """How well a name fits what was typed, the best first."""

    EXACT = 0
    SHORTENED = 1
    PREFIX = 2
    PART = 3
    SPELT = 4  # the whole name by its pinyin
    PINYIN = 5
    INITIALS = 6
    WORDS = 7
    SLIP = 8


@dataclass(frozen=True)
class Entries:
    """What can be found, as columns: `former` names separated by ";", `region` a division's code.

    `opened` and `closed` are ordinals of dates, found on `opened ≤ day < closed`, NaN where there
    is no date; `behind`: entries that come after all others that fit as well.
    """

    types: Sequence[str]
    codes: Sequence[str]
    names: Sequence[str]
    former: Sequence[str]
    regions: Sequence[str]
    opened: NDArray[np.float64]
    closed: NDArray[np.float64]
    behind: Flags

    @classmethod
    def joined(cls, parts: Sequence["Entries"]) -> "Entries":
        """Those of all parts."""
        return cls(
            [one for part in parts for one in part.types],
            [one for part in parts for one in part.codes],
            [one for part in parts for one in part.names],
            [one for part in parts for one in part.former],
            [one for part in parts for one in part.regions],
            np.concatenate([part.opened for part in parts]),
            np.concatenate([part.closed for part in parts]),
            np.concatenate([part.behind for part in parts]),
        )


@dataclass(frozen=True)
class Hit:
    """One entry that was found, by which of its names, and how well that fits."""

    type: str
    code: str
    level: Level
    former: bool


class Index:
    """Entries, to be found by their names.

    Names stand in the order in which they are to be told: those behind last, the shorter first.
    """

    def __init__(self, entries: Entries) -> None:
        former = [(i, names.split(SEVERAL)) for i, names in enumerate(entries.former) if names]
        names = [*entries.names, *(name for _i, them in former for name in them)]
        entry = [*range(len(entries.names)), *(i for i, them in former for _name in them)]
        self._codes = np.array(entries.codes, "S")
        lengths = np.array([len(name) for name in names], np.int32)
        self._entry = np.array(entry, np.int32)
        order = np.lexsort((self._codes[self._entry], lengths, entries.behind[self._entry]))
        self._entry = self._entry[order]
        self._former = order >= len(entries.names)
        self._text = Text([names[i] for i in order])
        self._types = np.array(entries.types, "S")
        counties = (self._types == REGION) & (np.char.str_len(self._codes) <= COUNTY_DIGITS)
        self._are_kinds = np.char.endswith(self._types, KIND)[self._entry]
        self._counties = self._text.starts[counties[self._entry]]
        self._regions = np.array([_padded(code) for code in entries.regions], np.int64)
        self._opened = np.nan_to_num(entries.opened, nan=0).astype(np.int32)
        self._closed = np.nan_to_num(entries.closed, nan=ALWAYS).astype(np.int32)

    def __len__(self) -> int:
        return len(self._codes)

    def readings(self) -> dict[str, str]:
        """The characters of all names by the syllables that they are read as."""
        return self._text.alphabet.readings()

    def find(self, query: str, on: int, limit: int) -> list[Hit]:
        """The best finds for what was typed, of what is open on a day, given as its ordinal."""
        words = words_of(query)
        if not words or not len(self):
            return []
        is_open = ((self._opened <= on) & (on < self._closed))[self._entry]
        taken: dict[int, Hit] = {}
        for level, rows in self._found(words):
            self._take(taken, level, rows & is_open, limit)
            if len(taken) >= limit:
                return list(taken.values())
        if _is_little([hit.level for hit in taken.values()]):
            for rows in self._with_a_slip("".join(words)):
                self._take(taken, Level.SLIP, rows & is_open, limit)
        return list(taken.values())

    def _take(self, taken: dict[int, Hit], level: Level, rows: Flags, limit: int) -> None:
        """Add the first of the rows whose entries are not among those taken."""
        for row in np.flatnonzero(rows):
            if len(taken) >= limit:
                return
            i = int(self._entry[row])
            if i not in taken:
                name = self._types[i].decode(), self._codes[i].decode()
                taken[i] = Hit(*name, level, bool(self._former[row]))

    def _found(self, words: Sequence[str]) -> Iterator[tuple[Level, Flags]]:
        """Which names fit, level by level, the best first; a name may come again."""
        whole = "".join(words)
        yield from self._literally(whole)
        readings = [(Level.PINYIN, graphs.by_sound)] if len(whole) > 1 or whole.isascii() else []
        if any(map(graphs.is_letter, whole)):
            readings += [(Level.INITIALS, graphs.by_initials), (Level.INITIALS, graphs.by_mixture)]
        for level, reading in readings:
            yield from self._read(level, whole, reading)
        if len(words) > 1:
            yield Level.WORDS, self._with_all(words)

    def _literally(self, whole: str) -> Iterator[tuple[Level, Flags]]:
        text = self._text
        ends = text.follow(graphs.exact(text.alphabet, whole, graphs.literally))
        from_start = text.symbols[ends - len(whole) - 1] == GAP
        to_end = text.symbols[ends] == GAP
        yield Level.EXACT, text.rows(ends[from_start & to_end])
        yield Level.SHORTENED, self._shortened(whole, graphs.literally)
        yield Level.PREFIX, text.rows(ends[from_start])
        yield Level.PART, text.rows(ends)

    def _read(
        self, level: Level, whole: str, reading: graphs.Reading
    ) -> Iterator[tuple[Level, Flags]]:
        text, graph = self._text, graphs.exact(self._text.alphabet, whole, reading)
        ends = text.follow(graph, text.starts)
        to_end = Level.SPELT if level is Level.PINYIN else level
        yield to_end, text.rows(ends[text.symbols[ends] == GAP])
        yield level, self._shortened(whole, reading)
        yield level, text.rows(ends)
        yield level, text.rows(text.follow(graph))

    def _shortened(self, whole: str, reading: graphs.Reading) -> Flags:
        """Counties, and divisions above them, that are called so for short."""
        graph = graphs.shortened(self._text.alphabet, whole, reading)
        none = self._counties[:0]
        return self._text.rows(self._text.follow(graph, self._counties) if graph else none)

    def _with_all(self, words: Sequence[str]) -> Flags:
        """Names of entries that every word fits, by their own names or by a division's."""
        fits = np.ones(len(self), bool)
        for word in dict.fromkeys(words):
            fits &= self._with(word)
        return fits[self._entry] & ~self._former

    def _with(self, word: str) -> Flags:
        """Which entries a word fits."""
        fits = np.zeros(len(self), bool)
        for _level, rows in self._found([word]):
            fits[self._entry[rows]] = True
        if len(word) > 1:
            for i in np.flatnonzero(fits & (self._types == REGION)):
                low, high = _interval(self._codes[i].decode())
                fits |= (self._regions >= low) & (self._regions < high)
        return fits

    def _with_a_slip(self, whole: str) -> Iterator[Flags]:
        """Names that fit but for one slip: looked for from the end that has none.

        The words for kinds are in many names: a name with a slip would find them before itself.
        """
        text, middle = self._text, len(whole) // 2
        for make in (graphs.with_a_slip, graphs.initials_with_a_slip):
            behind = make(text.alphabet, whole, range(middle, len(whole)))
            before = make(text.alphabet, whole, range(middle))
            if behind and before:
                rows = text.rows(text.follow(behind)) | text.rows(text.follow_back(before))
                yield rows & ~self._are_kinds


def _is_little(levels: Sequence[Level]) -> bool:
    """Whether so little fits that a slip is to be thought of: no name as it is, few in parts."""
    partly = [level for level in levels if level in (Level.PINYIN, Level.WORDS)]
    return len(partly) < FEW and all(level > Level.SPELT for level in levels)


def _padded(code: str) -> int:
    return _interval(code)[0] if code else -1


def _interval(code: str) -> tuple[int, int]:
    """The codes of townships that begin so, as numbers: from, and to but not with."""
    digits, scale = int(code[:REGION_DIGITS]), 10 ** max(0, REGION_DIGITS - len(code))
    return digits * scale, (digits + 1) * scale
