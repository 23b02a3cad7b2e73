"""Words, shapes and codes as pixels with Pillow: what pictures to share are put together from."""

import io
import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

Box = tuple[float, float, float, float]  # left, top, right, bottom
Point = tuple[float, float]

INK, MUTED, GROUND, LINE = "#1b2430", "#55606e", "#ffffff", "#dbe0e7"
ACCENT, DEEP, COVERED, SIGNAL, SOON = "#1e3a70", "#14294f", "#0b5d56", "#8a3406", "#f0b400"
NOTE, NOTE_INK = "#fff6dc", "#6b4a00"
LEADING = 1.28  # of a line of text, in letters
LITTLE_SMALLER = 0.75
# Files of fonts with Chinese, by boldness: (name, which of those in it); Pillow looks for them.
FONTS = {
    False: (
        ("NotoSansCJK-Regular.ttc", 2),
        ("NotoSansSC-Regular.otf", 0),
        ("PingFang.ttc", 0),
        ("msyh.ttc", 0),
    ),
    True: (
        ("NotoSansCJK-Bold.ttc", 2),
        ("NotoSansSC-Bold.otf", 0),
        ("PingFang.ttc", 0),
        ("msyhbd.ttc", 0),
    ),
}
# A word of other scripts, or one character; what may not begin a line goes with what is before it.
_WORDS = re.compile(r"(?:[!-~\u00c0-\u024f]+|\s|.)[,。、;:!?)》”’〉】]*")
# Of the kinds of places, as the pages' style sheet has them.
_SHAPES: dict[str, Sequence[Point]] = {
    "base": ((0.5, 0), (0.96, 0.25), (0.96, 0.75), (0.5, 1), (0.04, 0.75), (0.04, 0.25)),
    "hall": (
        *((0.5, 0), (1, 0.38), (0.92, 0.38), (0.92, 0.98)),
        *((0.08, 0.98), (0.08, 0.38), (0, 0.38)),
    ),
    "front": ((0.5, -0.04), (1.04, 0.5), (0.5, 1.04), (-0.04, 0.5)),
    "service": (
        *((0.5, 0), (0.94, 0.12), (0.94, 0.56), (0.8, 0.8)),
        *((0.5, 1), (0.2, 0.8), (0.06, 0.56), (0.06, 0.12)),
    ),
}


@cache
def font(size: int, *, bold: bool = False) -> "FreeTypeFont":
    """A font with Chinese characters; where the machine has none, one without."""
    from PIL import ImageFont  # noqa: PLC0415  # slow to load

    for name, index in FONTS[bold]:
        try:
            return ImageFont.truetype(name, size, index)
        except OSError:
            continue
    return ImageFont.load_default(size)


def width(text: str, size: int, *, bold: bool = False) -> float:
    """Of a line, in pixels."""
    return font(size, bold=bold).getlength(text)


def lines(text: str, size: int, within: float, *, bold: bool = False) -> list[str]:
    """A text as lines no wider than `within` pixels, none broken inside a word that fits."""
    found, line = [], ""
    for word in _pieces(text, size, within, bold):
        if line and width((line + word).rstrip(), size, bold=bold) > within:
            found.append(line.rstrip())
            line = word.lstrip()
        else:
            line += word
    return [*found, line.rstrip()] if line.strip() else found


def _pieces(text: str, size: int, within: float, bold: bool) -> Iterator[str]:
    """Words, and of a word that is longer than a line its characters."""
    for word in _WORDS.findall(" ".join(text.split())):
        yield from [word] if width(word, size, bold=bold) <= within else word


def fitting(
    text: str, sizes: Sequence[int], within: float, height: float, *, bold: bool = False
) -> tuple[int, list[str]]:
    """The largest size in which a text has room, with its lines; in the smallest it is cut short.

    One that is little smaller is taken where it saves a line: a last line of one character is ugly.
    """
    laid = [(size, lines(text, size, within, bold=bold)) for size in sizes]
    fit = [(size, found) for size, found in laid if len(found) * size * LEADING <= height]
    if fit:
        near = [each for each in fit if each[0] >= fit[0][0] * LITTLE_SMALLER]
        return min(near, key=lambda each: (len(each[1]), -each[0]))
    size, found = laid[-1]
    most = max(int(height // (size * LEADING)), 1)
    if len(found) > most:
        found = [*found[: most - 1], _cut(" ".join(found[most - 1 :]), size, within, bold)]
    return size, found


def _cut(text: str, size: int, within: float, bold: bool) -> str:
    while text and width(f"{text}…", size, bold=bold) > within:
        text = text[:-1]
    return f"{text}…"


def shape(draw: "ImageDraw", kind: str, box: Box, colour: str) -> None:
    """The shape of a kind of place; a circle for what has none of its own."""
    left, top, right, bottom = box
    across, down = right - left, bottom - top
    if kind in _SHAPES:
        draw.polygon([(left + x * across, top + y * down) for x, y in _SHAPES[kind]], fill=colour)
    elif kind in ("square", "corridor"):
        inner = (left + 0.05 * across, top + 0.05 * down, right - 0.05 * across, bottom)
        round_below = kind == "square"
        radius = (0.24 if round_below else 0.43) * across
        corners = (True, True, round_below, round_below)
        draw.rounded_rectangle(inner, radius, colour, corners=corners)
    else:
        draw.ellipse(box, fill=colour)


def code(address: str, size: int) -> "Image":
    """A QR code of an address as a square of at most `size` pixels, its quiet zone included."""
    import segno  # noqa: PLC0415  # only papers need it
    from PIL import Image  # noqa: PLC0415

    made = segno.make(address, error="m", micro=False)
    rows = [[255 * (not dark) for dark in row] for row in made.matrix_iter(border=4)]
    square = Image.new("L", (len(rows), len(rows)))
    square.putdata([value for row in rows for value in row])
    scale = size // len(rows)
    return square.resize((len(rows) * scale,) * 2, Image.Resampling.NEAREST)


def png(picture: "Image") -> bytes:
    """The picture as a file."""
    stream = io.BytesIO()
    picture.save(stream, "PNG", compress_level=6)
    return stream.getvalue()
