"""What a person types as words of plain symbols, and how characters are read. Pure."""

import os
import re
import unicodedata
from functools import lru_cache

_MARKS = re.compile("[\u0300-\u036f]+")
LONGEST = 50  # symbols of a query that are looked at


def plain(text: str) -> str:
    """The text in one width and case, without tone marks on letters; ü is v, as one types it."""
    text = unicodedata.normalize("NFKC", text).lower()
    if text.isascii():
        return text
    marked = unicodedata.normalize("NFD", text.replace("ü", "v"))
    return unicodedata.normalize("NFC", _MARKS.sub("", marked))


def words_of(text: str) -> list[str]:
    """The words of a query, of letters, digits and characters only; at most 50 symbols of them."""
    kept = "".join(char if char.isalnum() else " " for char in plain(text) if char not in "'’")
    words, room = [], LONGEST
    for word in kept.split():
        words.append(word[:room])
        room -= len(words[-1])
        if room <= 0:
            break
    return words


@lru_cache(maxsize=20_000)
def readings(symbol: str) -> tuple[str, ...]:
    """The syllables that a character is read as, without tones, ü as v and as u; a letter is its own."""
    if symbol.isascii():
        return (symbol,)
    spelt = {_toneless(one) for one in _dictionary().get(ord(symbol), "").split(",") if one}
    return tuple(sorted(spelt | {one.replace("v", "u") for one in spelt}))


def _toneless(syllable: str) -> str:
    marked = (
        unicodedata.normalize("NFD", syllable).replace("u\u0308", "v").replace("u\u0304\u0308", "v")
    )
    return _MARKS.sub("", marked)


def _dictionary() -> dict[int, str]:
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")  # 44 MB that we have no use for
    from pypinyin.pinyin_dict import pinyin_dict  # noqa: PLC0415  (not at the start of the server)

    return pinyin_dict
