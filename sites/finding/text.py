"""All names as one row of symbols, and where a query leads in it. Pure."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sites.finding.words import plain, readings

Positions = NDArray[np.int32]
Symbols = NDArray[np.bool_]  # which symbols of the alphabet an edge lets pass
Node = tuple[int, int, int]  # letters of the query behind us, slips so far, a step in between

START: Node = (0, 0, 0)
GAP = 0  # the symbol between two names
LONGEST_SYLLABLE = 6


@dataclass(frozen=True)
class Graph:
    """Edges by the node that they leave, each to a greater node; paths run from START to `end`.

    An edge without symbols is passed without any.
    """

    end: Node
    edges: Mapping[Node, Sequence[tuple[Node, Symbols | None]]]


class Alphabet:
    """The symbols that names are made of; sets of them by what they stand for."""

    def __init__(self, symbols: str) -> None:
        """`symbols`: each once, the gap first."""
        self._symbols = symbols
        self._number = {symbol: i for i, symbol in enumerate(symbols)}
        read: dict[str, list[int]] = defaultdict(list)
        for symbol, i in self._number.items():
            for syllable in readings(symbol) if i != GAP else ():
                read[syllable].append(i)
        self._read_as = dict(read)
        self._sets: dict[tuple[str, str], Symbols | None] = {}
        self.anything = np.ones(len(symbols), bool)
        self.anything[GAP] = False

    def spell(self, numbers: NDArray[np.uint16]) -> str:
        """The symbols with these numbers."""
        return "".join(self._symbols[i] for i in numbers)

    def readings(self) -> dict[str, str]:
        """Characters by the syllables that they are read as, all that are no letters or digits."""
        spelt = {
            syllable: "".join(one for one in map(self._symbols.__getitem__, them) if one > "\x7f")
            for syllable, them in sorted(self._read_as.items())
        }
        return {syllable: characters for syllable, characters in spelt.items() if characters}

    def exactly(self, char: str) -> Symbols | None:
        """This symbol alone."""
        number = self._number.get(char)
        return self._kept("=", char, lambda: [] if number is None else [number])

    def read_as(self, syllable: str) -> Symbols | None:
        """Those that are read so."""
        return self._kept("read", syllable, lambda: self._read([syllable]))

    def beginning(self, letters: str) -> Symbols | None:
        """Those with a reading that begins so."""
        longer = (syllable for syllable in self._read_as if syllable.startswith(letters))
        return self._kept("from", letters, lambda: self._read(longer))

    def sounding_like(self, char: str) -> Symbols | None:
        """Those that share a reading with this character."""
        return self._kept("like", char, lambda: self._read(readings(char)))

    def near(self, letters: str) -> Symbols | None:
        """Those with a reading that is one slip away from these letters."""
        return self._kept("near", letters, lambda: self._read(self._slips(letters)))

    def _slips(self, letters: str) -> set[str]:
        """Longer syllables that one letter more, less, else or swapped makes of the letters."""
        found: set[str] = set()
        for shorter in _shorter(letters):
            found |= self._by_shorter.get(shorter, set())
        return {one for one in found if len(one) > 1 and one != letters and _one_slip(one, letters)}

    @cached_property
    def _by_shorter(self) -> Mapping[str, set[str]]:
        found = defaultdict(set)
        for syllable in self._read_as:
            for shorter in _shorter(syllable):
                found[shorter].add(syllable)
        return found

    def _read(self, syllables: Iterable[str]) -> list[int]:
        return [i for syllable in syllables for i in self._read_as.get(syllable, [])]

    def _kept(self, kind: str, key: str, numbers: Callable[[], list[int]]) -> Symbols | None:
        """The set, made when first asked for; None where it is empty."""
        if (kind, key) not in self._sets:
            if len(self._sets) > 5_000:
                self._sets.clear()
            chosen = np.zeros(len(self._number), bool)
            chosen[numbers()] = True
            self._sets[kind, key] = chosen if chosen.any() else None
        return self._sets.get((kind, key))


def _shorter(word: str) -> set[str]:
    """The word, and the word without one of its letters."""
    return {word, *(word[:i] + word[i + 1 :] for i in range(len(word)))}


def _one_slip(a: str, b: str) -> bool:
    """Whether one letter more, less, else, or two neighbours swapped make one word of the other."""
    a, b = sorted((a, b), key=len)
    if len(b) > len(a):
        return a in _shorter(b)
    differ = [i for i in range(len(a)) if a[i] != b[i]]
    if len(differ) == 2 and differ[1] == differ[0] + 1:
        i, j = differ
        return a[i] == b[j] and a[j] == b[i]
    return len(differ) == 1


class Text:
    """The symbols of all names, a gap before, between and after them."""

    def __init__(self, names: Sequence[str]) -> None:
        joined = plain("\0".join(["", *names, ""]))
        points = np.frombuffer(joined.encode("utf-32-le"), np.uint32)
        counts = np.bincount(points, minlength=1)
        kept = [int(p) for p in np.flatnonzero(counts) if p == GAP or chr(p).isalnum()]
        number = np.full(len(counts), -1, np.int32)
        number[kept] = np.arange(len(kept))
        symbols = number[points]
        self.symbols = symbols[symbols >= 0].astype(np.uint16)
        self.starts = (np.flatnonzero(self.symbols == GAP)[:-1] + 1).astype(np.int32)
        self.lengths = np.diff(self.starts, append=np.int32(len(self.symbols))) - 1
        self.alphabet = Alphabet("".join(map(chr, kept)))
        self._places = np.argsort(self.symbols, kind="stable").astype(np.int32)
        self._bounds = np.searchsorted(self.symbols[self._places], np.arange(len(kept) + 1))

    def rows(self, ends: Positions) -> NDArray[np.bool_]:
        """Which names have one of these ends of a match in them."""
        found = np.zeros(len(self.starts), bool)
        found[np.searchsorted(self.starts, ends - 1, side="right") - 1] = True
        return found

    def name(self, row: int) -> str:
        """A name as it stands here."""
        start = self.starts[row]
        return self.alphabet.spell(self.symbols[start : start + self.lengths[row]])

    def places(self, wanted: Symbols) -> Positions:
        """Where one of these symbols stands."""
        them = np.flatnonzero(wanted)
        parts = [self._places[self._bounds[i] : self._bounds[i + 1]] for i in them]
        return np.concatenate(parts) if parts else np.empty(0, np.int32)

    def follow(self, graph: Graph, first: Positions | None = None) -> Positions:
        """Where a path through the graph can end in the text: after its last symbol.

        `first`: where paths begin; None is anywhere.
        """
        waiting: dict[Node, list[Positions | None]] = {START: [first]}
        for node in sorted(graph.edges):
            here = self._merged(waiting.pop(node, []))
            if here is None or len(here):
                for target, wanted in graph.edges[node]:
                    waiting.setdefault(target, []).append(self._after(here, wanted))
        return self._known(waiting.get(graph.end, []))

    def follow_back(self, graph: Graph) -> Positions:
        """The same from the end to the beginning: after the first symbols of paths."""
        edges: dict[Node, list[tuple[Node, Symbols | None]]] = defaultdict(list)
        for node, them in graph.edges.items():
            for target, wanted in them:
                edges[target].append((node, wanted))
        waiting: dict[Node, list[Positions | None]] = {graph.end: [None]}
        for node in sorted(edges, reverse=True):
            here = self._merged(waiting.pop(node, []))
            if here is None or len(here):
                for source, wanted in edges[node]:
                    waiting.setdefault(source, []).append(self._before(here, wanted))
        return self._known(waiting.get(START, [])) + np.int32(1)

    def _after(self, here: Positions | None, wanted: Symbols | None) -> Positions | None:
        """The positions after one symbol of those wanted; None is every position."""
        if wanted is None:
            return here
        if here is None:
            return self.places(wanted) + np.int32(1)
        return here[wanted[self.symbols[here]]] + np.int32(1)

    def _before(self, here: Positions | None, wanted: Symbols | None) -> Positions | None:
        """The positions of one symbol of those wanted before these."""
        if wanted is None:
            return here
        if here is None:
            return self.places(wanted)
        before: Positions = here - np.int32(1)
        return before[wanted[self.symbols[before]]]

    def _merged(self, parts: Sequence[Positions | None]) -> Positions | None:
        """Positions that several edges led to, each once; None, which is all, if one of them is."""
        if any(part is None for part in parts):
            return None
        if len(parts) == 1:
            return parts[0]
        together = self._known(parts)
        if len(together) < len(self.symbols) // 64:
            return np.unique(together)
        marked = np.zeros(len(self.symbols), bool)
        marked[together] = True
        return np.flatnonzero(marked).astype(np.int32)

    def _known(self, parts: Sequence[Positions | None]) -> Positions:
        return np.concatenate([np.empty(0, np.int32), *(p for p in parts if p is not None)])
