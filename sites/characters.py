"""Characters that people read from a poster and type: none looks like another, one checks. Pure.

31 is a prime, and no weight is 0 modulo it, so that one wrong character is always noticed, and
two that changed places are, in up to 28 of them.
"""

import unicodedata
from collections.abc import Iterable

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # without 0 O, 1 I L
BASE = len(ALPHABET)
VALUES = {character: value for value, character in enumerate(ALPHABET)}
_WEIGHTS = 28
_IGNORED = str.maketrans("", "", " -‐‑–—_.·")


def tidied(text: str) -> str:
    """What was meant: small letters, full-width ones, spaces and dashes are forgiven."""
    return unicodedata.normalize("NFKC", text).upper().translate(_IGNORED)


def are_ours(text: str) -> bool:
    """Whether all characters are of the alphabet."""
    return set(text) <= set(ALPHABET)


def weighed(values: Iterable[int]) -> int:
    """The sum that a check character is made of. Never change it: numbers are on posters."""
    return sum((2 + place % _WEIGHTS) * value for place, value in enumerate(values))
