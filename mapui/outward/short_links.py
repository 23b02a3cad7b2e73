"""Short addresses for posters, cards and messages: /s/ a site, /e/ an event, /v/ a village. Pure.

A short address is its record's code, written anew: nothing is stored, and what is printed today
still leads there in ten years. Codes of the usual form are numbered first and get the fewest
characters. The last character is a check: a wrong character, two that changed places, or the
wrong letter before the stroke lead nowhere instead of to somewhere else.

>>> short("event", "E2026-1234")
'/e/43RBF'
>>> code_of("event", "43r-bf")
'E2026-1234'
"""

from math import prod

from sites.characters import ALPHABET, BASE, VALUES, are_ours, tidied, weighed

LETTERS = {"site": "s", "event": "e", "village": "v"}
LONGEST = 30  # characters of a code
SHORTEST, MOST = 2, 40  # characters of a short address

_DIGITS = "0123456789"
_COUNTY = ("12345678", *[_DIGITS] * 5)
_YEAR = ("E", "2", "0", "23456789", _DIGITS, "-")  # E2020 … E2099
# Of what each character of a usual code is one. Never change these: addresses are on posters.
_USUAL: dict[str, tuple[tuple[str, ...], ...]] = {
    "site": ((*_COUNTY, "-", *[_DIGITS] * 4), (*_COUNTY, "-", *[_DIGITS] * 5)),
    "event": ((*_YEAR, *[_DIGITS] * 4), (*_YEAR, *[_DIGITS] * 5)),
    "village": ((*_COUNTY, *[_DIGITS] * 6),),
}
_ANY = "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"


class WrongLink(ValueError):
    """The characters are no short address of ours: one of them is wrong or missing."""


def short(kind: str, code: str) -> str:
    """The path of a record's short address; `kind` is site, event or village.

    Raises ValueError for a code that no record can have.
    """
    number, digits = _number(kind, code), []
    while number or not digits:
        number, digit = divmod(number, BASE)
        digits.insert(0, digit)
    digits.append(_check(kind, digits))
    return f"/{LETTERS[kind]}/{''.join(ALPHABET[digit] for digit in digits)}"


def code_of(kind: str, token: str) -> str:
    """The code that a short address stands for, small letters and dashes being no matter.

    Raises WrongLink where its check does not fit.
    """
    token = tidied(token)
    if not SHORTEST <= len(token) <= MOST or not are_ours(token):
        raise WrongLink(token)
    *digits, check = (VALUES[character] for character in token)
    if check != _check(kind, digits):
        raise WrongLink(token)
    number = 0
    for digit in digits:
        number = number * BASE + digit
    return _code(kind, number)


def _check(kind: str, digits: list[int]) -> int:
    """Of the characters and of the letter before the stroke."""
    return (weighed(reversed(digits)) + ord(LETTERS[kind])) % BASE


def _number(kind: str, code: str) -> int:
    """The number of a code among all: those of each usual form, then all others by length."""
    first = 0
    for places in _USUAL[kind]:
        if len(code) == len(places) and all(c in of for c, of in zip(code, places, strict=True)):
            number = 0
            for character, of in zip(code, places, strict=True):
                number = number * len(of) + of.index(character)
            return first + number
        first += prod(map(len, places))
    if not 1 <= len(code) <= LONGEST or not set(code) <= set(_ANY):
        raise ValueError(f"no record can have the code {code!r}")
    number = 0
    for character in code:
        number = number * len(_ANY) + _ANY.index(character) + 1
    return first + number


def _code(kind: str, number: int) -> str:
    for places in _USUAL[kind]:
        size = prod(map(len, places))
        if number < size:
            return _characters(number, places)
        number -= size
    code = ""
    while number:
        number, place = divmod(number - 1, len(_ANY))
        code = _ANY[place] + code
    if not 1 <= len(code) <= LONGEST:
        raise WrongLink(code)
    return code


def _characters(number: int, places: tuple[str, ...]) -> str:
    code = ""
    for of in reversed(places):
        number, place = divmod(number, len(of))
        code = of[place] + code
    return code
