"""Numbers by which the senders of messages look up what became of them. Pure.

Eight characters by chance, out of 31 that look like no other, and one to check them: a
prime, and weights smaller than it, so that one wrong character and two that changed places are
always noticed. 31^8 is 853 thousand million: nobody guesses one.
"""

import secrets
import unicodedata

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # without 0 O, 1 I L
BASE = len(ALPHABET)
DRAWN = 8
LENGTH = DRAWN + 1
_GROUP = 3
_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_IGNORED = str.maketrans("", "", " -‐‑–—_.·")


def make() -> str:
    """A new number, as it is stored."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(DRAWN))
    return drawn + _check(drawn)


def read(text: str) -> str | None:
    """The number that was typed, as it is stored; None where it can be none.

    Small letters, full-width ones, spaces and dashes are forgiven.
    """
    number = unicodedata.normalize("NFKC", text).upper().translate(_IGNORED)
    if len(number) != LENGTH or not set(number) <= set(ALPHABET):
        return None
    return number if number[-1] == _check(number[:-1]) else None


def shown(number: str) -> str:
    """In groups, to be read aloud and copied: K7Q-M4X-PA2."""
    return "-".join(number[i : i + _GROUP] for i in range(0, len(number), _GROUP))


def _check(drawn: str) -> str:
    total = sum(weight * _VALUES[each] for weight, each in enumerate(drawn, start=2))
    return ALPHABET[total % BASE]
