"""A place, an event, a village or the city as one picture: words beside the map around it.

Wide for the preview of a link (Open Graph), tall with a code for the chat groups of a village, and
the map alone for the page of the place.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from django.core.files.storage import default_storage

from mapui.exports import miniature, painting
from mapui.exports.miniature import Ground, Size
from mapui.exports.painting import (
    ACCENT,
    COVERED,
    DEEP,
    GROUND,
    INK,
    LEADING,
    LINE,
    MUTED,
    NOTE,
    NOTE_INK,
    SIGNAL,
    Box,
)
from sites import photos

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

WIDE, TALL, ALONE = (1200, 630), (1080, 1350), (660, 440)  # pixels
PANEL, MAP = 600, 520  # what words have of the wide one's width, a map of the tall one's height
CODE = 264  # pixels
KEPT = 64  # pictures in memory, of about 100 KB each
_KEPT: OrderedDict[str, bytes] = OrderedDict()  # by tag, the last used last
_KEEPING = Lock()
LOOK = 2  # counted up when the drawing changes, so that no old picture is taken for the new one


@dataclass(frozen=True)
class Card:
    """What a picture tells. `band`: what has changed, above all; `then`: what comes next there.

    `when` is struck out where `is_off`. `far_m`: how far the map shows. `photo`: its files' name.
    `reason`: what the code is good for; `sender`: who says all this.
    """

    kind: str
    title: str
    ground: Ground
    far_m: float
    sender: str
    where: str = ""
    more: str = ""
    when: str = ""
    band: str = ""
    is_off: bool = False
    played: str = ""
    then: tuple[str, ...] = ()
    reason: str = ""
    hotline: str = ""
    photo: str = ""


@dataclass(frozen=True)
class Row:
    """Words of one line, in the largest of `sizes` that fits; `is_main`: of as many as there is room."""

    words: str
    sizes: tuple[int, ...]
    colour: str = INK
    bold: bool = False
    is_main: bool = False
    is_struck: bool = False
    gap: int = 4  # above it


def tag(card: Card, more: str = "") -> str:
    """What tells this picture from every other, known before it is drawn.

    `more`: what it shows beside the card, or what kind of picture it is.
    """
    return hashlib.blake2b(f"{LOOK} {card!r} {more}".encode(), digest_size=12).hexdigest()


def kept(tag: str, draw: Callable[[], bytes]) -> bytes:
    """The picture that has a tag: from memory, else drawn; what was used least lately goes."""
    with _KEEPING:
        if tag in _KEPT:
            _KEPT.move_to_end(tag)
            return _KEPT[tag]
    picture = draw()
    with _KEEPING:
        _KEPT[tag] = picture
        if len(_KEPT) > KEPT:
            _KEPT.popitem(last=False)
    return picture


def wide(card: Card) -> bytes:
    """The preview of a link as PNG, to be read at a quarter of its size."""
    picture, pen = _sheet(WIDE)
    across = WIDE[0] - PANEL
    if card.photo:
        half = WIDE[1] // 2
        _paste_photo(picture, card.photo, (PANEL, 0), (across, half))
        _paste_map(picture, card, (PANEL, half), (across, WIDE[1] - half))
    else:
        _paste_map(picture, card, (PANEL, 0), (across, WIDE[1]))
    top = _band(pen, card, (0, 0, PANEL, 76))
    top = _pills(pen, card, (44, top + 32, PANEL - 24))
    rows = _rows(card, (92, 76, 64, 54, 46, 40), 38)
    _column(pen, rows, (44, top + 12, PANEL - 36, WIDE[1] - 84))
    _column(pen, [Row(card.sender, (26, 22), MUTED)], (44, WIDE[1] - 66, PANEL - 36, WIDE[1] - 20))
    return painting.png(picture)


def tall(card: Card, address: str) -> bytes:
    """The picture for a chat group as PNG, with a code that leads to an address."""
    picture, pen = _sheet(TALL)
    if card.photo:
        half = TALL[0] // 2
        _paste_photo(picture, card.photo, (0, 0), (half, MAP))
        _paste_map(picture, card, (half, 0), (TALL[0] - half, MAP))
    else:
        _paste_map(picture, card, (0, 0), (TALL[0], MAP))
    _pills(pen, card, (40, 36, TALL[0] - (40 if card.photo else 270)))
    top = _band(pen, card, (0, MAP, TALL[0], MAP + 84))
    foot = TALL[1] - CODE - 56
    _column(pen, _rows(card, (84, 70, 58, 48), 44), (64, top + 18, TALL[0] - 64, foot))
    _foot(picture, card, address, foot)
    return painting.png(picture)


def alone(card: Card) -> bytes:
    """The map without words, as PNG."""
    return painting.png(miniature.draw(card.ground, ALONE, card.far_m))


def _rows(card: Card, sizes: tuple[int, ...], size: int) -> list[Row]:
    """When, what and where, and what comes then; what is not known has no row."""
    when_colour = MUTED if card.is_off else COVERED
    colours = (MUTED, COVERED, INK)
    rows = [
        Row(card.when, (56, 48, 42, 38, 34), when_colour, bold=True, is_struck=card.is_off),
        Row(card.title, sizes, DEEP, bold=True, is_main=True),
        Row(card.where, (size, size - 6), INK, bold=True, gap=12),
        Row(card.more, (size - 4, size - 8), MUTED),
        *(
            Row(words, (size - 2, size - 6), colours[n], bold=n > 0, gap=4 if n else 24)
            for n, words in enumerate(card.then)
        ),
    ]
    return [row for row in rows if row.words]


def _sheet(size: Size) -> tuple["Image", "ImageDraw"]:
    from PIL import Image, ImageDraw  # noqa: PLC0415  # slow to load

    picture = Image.new("RGB", size, GROUND)
    return picture, ImageDraw.Draw(picture)


def _paste_map(picture: "Image", card: Card, corner: Size, size: Size) -> None:
    picture.paste(miniature.draw(card.ground, size, card.far_m), corner)


def _paste_photo(picture: "Image", name: str, corner: Size, size: Size) -> None:
    """The middle of the photo, as large as its place."""
    from PIL import Image, ImageOps  # noqa: PLC0415

    with default_storage.open(photos.path(name)) as file, Image.open(file) as photo:
        photo.draft("RGB", size)
        picture.paste(ImageOps.fit(photo.convert("RGB"), size), corner)


def _band(pen: "ImageDraw", card: Card, box: Box) -> float:
    """What has changed, across the whole; where the rest may begin."""
    if not card.band:
        return box[1]
    pen.rectangle(box, SIGNAL)
    size, (words, *_) = painting.fitting(card.band, (46, 40, 34), box[2] - 88, 60, bold=True)
    middle = (44, (box[1] + box[3]) / 2)
    pen.text(middle, words, GROUND, painting.font(size, bold=True), anchor="lm")
    return box[3]


def _pills(pen: "ImageDraw", card: Card, span: tuple[float, float, float]) -> float:
    """The kind, and that all is played, between `span`: left, top, right; the lower edge."""
    left, top, right = span
    x, height = left, 58
    for told, ground, ink in ((card.kind, ACCENT, GROUND), (card.played, NOTE, NOTE_INK)):
        if not told:
            continue
        size, (words, *_) = painting.fitting(told, (34, 30, 26), right - x - 48, 46, bold=True)
        end = x + painting.width(words, size, bold=True) + 48
        pen.rounded_rectangle((x, top, end, top + height), height / 2, ground)
        font = painting.font(size, bold=True)
        pen.text(((x + end) / 2, top + height / 2), words, ink, font, anchor="mm")
        x = end + 14
    return top + height


def _column(pen: "ImageDraw", rows: Sequence[Row], box: Box) -> None:
    """Rows one below the other; the main one takes what room the others leave, before the last go."""
    left, top, right, bottom = box
    within, rows = right - left, list(rows)
    least = max((row.sizes[-1] * LEADING for row in rows if row.is_main), default=0)
    while len(rows) > 1 and bottom - top - _height(rows) < least:
        rows.pop()
    room = bottom - top - _height(rows)
    for row in rows:
        height = room if row.is_main else row.sizes[0] * LEADING
        top += row.gap
        size, found = painting.fitting(row.words, row.sizes, within, height, bold=row.bold)
        for line in found:
            _line(pen, line, (left, top), size, row)
            top += size * LEADING


def _height(rows: Sequence[Row]) -> float:
    """Of all but the main one, and of the gaps."""
    return sum(row.gap + row.sizes[0] * LEADING * (not row.is_main) for row in rows)


def _line(pen: "ImageDraw", words: str, at: tuple[float, float], size: int, row: Row) -> None:
    middle = at[1] + size * LEADING / 2
    pen.text((at[0], middle), words, row.colour, painting.font(size, bold=row.bold), anchor="lm")
    if row.is_struck:
        end = at[0] + painting.width(words, size, bold=row.bold)
        pen.line([(at[0], middle), (end, middle)], row.colour, 4)


def _foot(picture: "Image", card: Card, address: str, top: float) -> None:
    """The code at the right, what it is good for beside it."""
    from PIL import ImageDraw  # noqa: PLC0415

    pen = ImageDraw.Draw(picture)
    pen.line([(64, top), (TALL[0] - 64, top)], LINE, 3)
    code = painting.code(address, CODE)
    picture.paste(code, (TALL[0] - 44 - code.width, TALL[1] - 28 - code.height))
    rows = [
        Row(card.reason, (42, 36), ACCENT, True),
        Row(card.sender, (34, 30, 26), MUTED),
        Row(card.hotline, (34, 30), MUTED),
    ]
    rows = [row for row in rows if row.words]
    bottom = TALL[1] - 52
    _column(pen, rows, (64, bottom - _height(rows) - 1, TALL[0] - 64 - CODE, bottom))
