"""Numbers by which the senders of messages look up what became of them. Pure.

Eight characters by chance and one to check them, as `sites.characters` has them. 31^8 is 853 thousand million: nobody guesses one.
"""

import secrets

from sites.characters import ALPHABET, BASE, VALUES, are_ours, tidied, weighed

DRAWN = 8
LENGTH = DRAWN + 1
_GROUP = 3


def make() -> str:
    """A new number, as it is stored."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(DRAWN))
    return drawn + _check(drawn)


def read(text: str) -> str | None:
    """The number that was typed, as it is stored; None where it can be none.

    Small letters, full-width ones, spaces and dashes are forgiven.
    """
    number = tidied(text)
    if len(number) != LENGTH or not are_ours(number):
        return None
    return number if number[-1] == _check(number[:-1]) else None


def is_whole(text: str) -> bool:
    """Whether what was typed is as long as a number is, right or wrong."""
    return len(tidied(text)) == LENGTH


def shown(number: str) -> str:
    """In groups, to be read aloud and copied: K7Q-M4X-PA2."""
    return "-".join(number[i : i + _GROUP] for i in range(0, len(number), _GROUP))


def _check(drawn: str) -> str:
    return ALPHABET[weighed(VALUES[each] for each in drawn) % BASE]
