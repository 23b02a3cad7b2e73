"""A query as graphs: literally, by pinyin, by sound, by initials, by a mixture, with one slip. Pure."""

from collections import defaultdict
from collections.abc import Callable, Iterator

from sites.finding.text import LONGEST_SYLLABLE, Alphabet, Graph, Node, Symbols

Edges = dict[Node, list[tuple[Node, Symbols | None]]]
Token = tuple[int, Symbols]  # how many letters of the query, and what they may stand for
Reading = Callable[[Alphabet, str, int], Iterator[Token]]

DOUBLE_INITIALS = ("zh", "ch", "sh")
FEWEST_CHARACTERS = 3  # of a query that may have a slip: what is left must still say something
FEWEST_LETTERS = 4
FEWEST_INITIALS = 5
LONGEST_SHORT = 12  # letters of a short form, as tuyouqi
LONGEST_LEAP = 6  # characters that a short form leaves out in one place


def literally(alphabet: Alphabet, query: str, i: int) -> Iterator[Token]:
    """The symbol itself."""
    yield from _token(1, alphabet.exactly(query[i]))


def by_pinyin(alphabet: Alphabet, query: str, i: int) -> Iterator[Token]:
    """Whole syllables, the last maybe not typed to its end; characters as they are."""
    other = _syllables if is_letter(query[i]) else literally
    yield from other(alphabet, query, i)


def by_sound(alphabet: Alphabet, query: str, i: int) -> Iterator[Token]:
    """The same, but a character stands for all that are read as it is."""
    if is_letter(query[i]):
        yield from _syllables(alphabet, query, i)
    else:
        yield from _token(1, alphabet.sounding_like(query[i]))


def by_initials(alphabet: Alphabet, query: str, i: int) -> Iterator[Token]:
    """A letter for each character: the first of its reading, or zh, ch, sh."""
    if not is_letter(query[i]):
        yield from literally(alphabet, query, i)
        return
    for letters in (query[i], query[i : i + 2]):
        if len(letters) == 1 or letters in DOUBLE_INITIALS:
            yield from _token(len(letters), alphabet.beginning(letters))


def by_mixture(alphabet: Alphabet, query: str, i: int) -> Iterator[Token]:
    """Syllables and initials as they come."""
    yield from by_pinyin(alphabet, query, i)
    if is_letter(query[i]):
        yield from by_initials(alphabet, query, i)


def is_letter(char: str) -> bool:
    """Whether pinyin may be meant."""
    return "a" <= char <= "z"


def _syllables(alphabet: Alphabet, query: str, i: int) -> Iterator[Token]:
    for letters in _letters(query, i, LONGEST_SYLLABLE):
        is_last = i + len(letters) == len(query)
        wanted = alphabet.beginning(letters) if is_last else alphabet.read_as(letters)
        yield from _token(len(letters), wanted)


def _letters(query: str, i: int, most: int) -> Iterator[str]:
    """What begins at i and is letters only, the shortest first."""
    for j in range(i + 1, min(i + most, len(query)) + 1):
        if not is_letter(query[j - 1]):
            return
        yield query[i:j]


def _token(length: int, wanted: Symbols | None) -> Iterator[Token]:
    if wanted is not None:
        yield length, wanted


def exact(alphabet: Alphabet, query: str, reading: Reading) -> Graph:
    """The query as it was typed."""
    edges = defaultdict(list)
    for i in range(len(query)):
        for length, wanted in reading(alphabet, query, i):
            edges[i, 0, 0].append(((i + length, 0, 0), wanted))
    return Graph((len(query), 0, 0), edges)


def shortened(alphabet: Alphabet, query: str, reading: Reading) -> Graph | None:
    """The query as a short form: between its symbols others are left out, as 昆区 is 昆都仑区.

    None where it is too short or too long for one.
    """
    if not 1 < len(query) <= LONGEST_SHORT:
        return None
    edges: Edges = defaultdict(list)
    for i in range(len(query)):
        leaps = range(LONGEST_LEAP + 1 if i else 1)
        for length, wanted in reading(alphabet, query, i):
            for left_out in leaps:
                edges[i, 0, left_out].append(((i + length, 0, 0), wanted))
        for left_out in leaps[:-1]:
            edges[i, 0, left_out].append(((i, 0, left_out + 1), alphabet.anything))
    return Graph((len(query), 0, 0), edges)


def with_a_slip(alphabet: Alphabet, query: str, slips: range) -> Graph | None:
    """The query with one letter or character more, less, else, or two swapped; None if it is short.

    `slips`: at which of its letters the slip may be.
    """
    letters = sum(map(is_letter, query))
    if len(query) - letters < FEWEST_CHARACTERS and letters < FEWEST_LETTERS:
        return None
    edges = _twice(exact(alphabet, query, by_pinyin))
    for i, char in enumerate(query):
        if i in slips and is_letter(char):
            _slipped_letters(alphabet, query, i, edges)
        if i in slips and letters < len(query):  # a letter among characters may be a slip itself
            _slipped_symbol(alphabet, query, i, edges)
        if i > 0:
            _after_a_swap(alphabet, query, i, edges)
    return Graph((len(query), 1, 0), edges)


def initials_with_a_slip(alphabet: Alphabet, query: str, slips: range) -> Graph | None:
    """Initials of which one is wrong, missing or too many; None if they are few."""
    if len(query) < FEWEST_INITIALS or not all(map(is_letter, query)):
        return None
    edges = _twice(exact(alphabet, query, by_initials))
    for i in slips:
        _any_symbol(alphabet, i, edges)
    return Graph((len(query), 1, 0), edges)


def _twice(graph: Graph) -> Edges:
    """The edges, and the same again for those who have slipped once."""
    edges: Edges = defaultdict(list)
    for (i, _, _), them in graph.edges.items():
        for slips in (0, 1):
            edges[i, slips, 0] += [((j, slips, 0), wanted) for (j, _, _), wanted in them]
    return edges


def _any_symbol(alphabet: Alphabet, i: int, edges: Edges) -> None:
    """The symbol at i is another, is too many, or one is missing before it."""
    edges[i, 0, 0] += [((i + 1, 1, 0), None)]
    if i > 0:
        edges[i, 0, 0] += [((i + 1, 1, 0), alphabet.anything), ((i, 1, 0), alphabet.anything)]


def _slipped_symbol(alphabet: Alphabet, query: str, i: int, edges: Edges) -> None:
    _any_symbol(alphabet, i, edges)
    own, after = (alphabet.exactly(char) for char in (query[i], query[i + 1 : i + 2]))
    if own is not None and after is not None:
        edges[i, 0, 0].append(((i + 1, 1, 2), after))
        edges[i + 1, 1, 2].append(((i + 2, 1, 0), own))


def _slipped_letters(alphabet: Alphabet, query: str, i: int, edges: Edges) -> None:
    """A syllable with a slip in it, or two syllables that swap the letters where they meet."""
    for letters in _letters(query, i, LONGEST_SYLLABLE + 1):
        j = i + len(letters)
        if (wanted := alphabet.near(letters)) is not None:
            edges[i, 0, 0].append(((j, 1, 0), wanted))
        swapped = letters[:-1] + query[j : j + 1]
        if j < len(query) and (wanted := alphabet.read_as(swapped)) is not None:
            edges[i, 0, 0].append(((j, 1, 1), wanted))


def _after_a_swap(alphabet: Alphabet, query: str, i: int, edges: Edges) -> None:
    """The second of two such syllables: it begins with the letter before i."""
    if is_letter(query[i - 1]):
        for rest in ("", *_letters(query, i + 1, LONGEST_SYLLABLE)):
            if (wanted := alphabet.read_as(query[i - 1] + rest)) is not None:
                edges[i, 1, 1].append(((i + 1 + len(rest), 1, 0), wanted))
