"""The map around a place as pixels: our own base map, the place's mark, its neighbours as dots.

Colours and shapes are those of the map of the pages. Positions are WGS 84 lon, lat in degrees.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mapui.drawing import METRES_A_DEGREE, Plane, fitted, overlap, round_length
from mapui.exports import painting
from mapui.exports.painting import ACCENT, COVERED, DEEP, GROUND, INK, MUTED, SOON, Box, Point

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

Ring = tuple[Point, ...]
Size = tuple[int, int]

LAND, SEA, BORDER, WATER, LABEL = "#f7f3e8", "#e4eaf1", "#b9ae95", "#8fb4d8", "#6e644c"
COLOURS = {"base": DEEP, "service": COVERED}  # of marks; others have the accent
DOTS = {"front": "#7f90b3", "village": "#7f90b3", "service": COVERED}
OFF, HERE = "#6b7480", "#b8470b"
FINER = 2  # pixels drawn for each that is kept, so that edges are smooth
MARK, INSET, MARGIN = 88, 196, 18  # pixels
MOST_INSET = 3 / 8  # of the map's height
NEIGHBOURS = 8  # that a map shows at least, where they are not too far
LEAST_M, MOST_M = 2_500, 30_000  # from the middle to the nearest edge
MOST_NAMES = 9
EDGE = 0.04  # the share of a map that stays free on each side


@dataclass(frozen=True)
class Mark:
    """The place that it is about. `error_m`: how far it may be from where it is drawn.

    `kind`: of a site, else `village`; `is_off`: nothing takes place; `is_soon`: something does.
    """

    lon: float
    lat: float
    kind: str
    glyph: str
    error_m: float = 0
    is_off: bool = False
    is_soon: bool = False


@dataclass(frozen=True)
class Land:
    """A county in its outline; `is_near`: in the city of the place, so on the small map, too."""

    rings: tuple[Ring, ...]
    is_near: bool = True
    is_own: bool = False


@dataclass(frozen=True)
class Name:
    """A name at its place; the county's own are written larger."""

    lon: float
    lat: float
    text: str
    is_large: bool = False


@dataclass(frozen=True)
class Ground:
    """What a map shows: without a mark all of its lands, else what is around the mark.

    `note`: what must be said of the position; `approval`: the number of the map's approval.
    """

    lands: tuple[Land, ...]
    dots: tuple[tuple[float, float, str], ...]  # lon, lat, kind
    names: tuple[Name, ...] = ()
    waters: tuple[tuple[Ring, bool], ...] = ()  # whether it has a name
    mark: Mark | None = None
    note: str = ""
    approval: str = ""


def reach(lon: float, lat: float, error_m: float, others: Sequence[Point]) -> float:
    """How far a map around a place shows, in metres from the middle to the nearest edge.

    As far as a few neighbours, the nearest first in `others`, and always past the error.
    """
    away = [metres(lon, lat, *other) for other in others[:NEIGHBOURS]]
    wanted = max(away, default=0) * 1.15 if len(away) == NEIGHBOURS else MOST_M
    return max(min(max(wanted, LEAST_M), MOST_M), error_m * 1.5)


def metres(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    """About how far two points are apart that are near each other."""
    across = (other_lon - lon) * math.cos(math.radians(lat))
    return math.hypot(across, other_lat - lat) * METRES_A_DEGREE


def around(lon: float, lat: float, far_m: float) -> Box:
    """West, south, east, north of everything within some metres."""
    up = far_m / METRES_A_DEGREE
    across = up / math.cos(math.radians(lat))
    return lon - across, lat - up, lon + across, lat + up


def draw(ground: Ground, size: Size, far_m: float) -> "Image":
    """The map in `size` pixels; around its mark as far as `reach` says."""
    mark = ground.mark
    box = around(mark.lon, mark.lat, far_m) if mark else _bounds(ground.lands)
    plane = fitted(box, (0, 0, *size), EDGE)
    picture = _base(ground, size, plane)
    _write(picture, ground, plane)
    if mark:
        _paste_mark(picture, mark, plane)
        _inset(picture, ground)
        _scale_bar(picture, plane)
    _notes(picture, ground)
    return picture


def _bounds(lands: Iterable[Land]) -> Box:
    points = [point for land in lands for ring in land.rings for point in ring]
    if not points:
        return 73.0, 18.0, 135.0, 54.0
    lons, lats = zip(*points, strict=True)
    return min(lons), min(lats), max(lons), max(lats)


def _pixels(ring: Ring, plane: Plane, finer: int = FINER) -> list[Point]:
    return [(x * finer, y * finer) for x, y in (plane(*point[:2]) for point in ring)]


def _base(ground: Ground, size: Size, plane: Plane) -> "Image":
    """Land, waters and dots, drawn larger and made smaller."""
    from PIL import Image, ImageDraw  # noqa: PLC0415  # slow to load

    large = Image.new("RGB", (size[0] * FINER, size[1] * FINER), SEA)
    pen = ImageDraw.Draw(large)
    lands = [_pixels(ring, plane) for land in ground.lands for ring in land.rings]
    for ring in lands:
        pen.polygon(ring, fill=LAND)
    for ring in lands:
        pen.line(ring, BORDER, 3 * FINER, joint="curve")
    for ring, is_named in ground.waters:
        pen.line(_pixels(ring, plane), WATER, (5 if is_named else 2) * FINER, joint="curve")
    for lon, lat, kind in ground.dots:
        _dot(pen, plane(lon, lat), kind, 5.5 if ground.mark else 4)
    if ground.mark:
        large = _with_error(large, ground.mark, plane)
    return large.reduce(FINER)


def _dot(pen: "ImageDraw", at: Point, kind: str, radius: float) -> None:
    for grown, colour in ((1.8, GROUND), (0, DOTS.get(kind, ACCENT))):
        pen.ellipse(_square(at, (radius + grown) * 2, FINER), fill=colour)


def _square(at: Point, side: float, finer: int = 1) -> Box:
    x, y = at[0] * finer, at[1] * finer
    half = side * finer / 2
    return x - half, y - half, x + half, y + half


def _with_error(large: "Image", mark: Mark, plane: Plane) -> "Image":
    """A dashed circle of where the place may be, where that is larger than its mark."""
    from PIL import Image, ImageDraw  # noqa: PLC0415

    radius = mark.error_m * plane.scale
    if radius < MARK / 2:
        return large
    box = _square(plane(mark.lon, mark.lat), 2 * radius, FINER)
    veil = Image.new("RGBA", large.size)
    pen = ImageDraw.Draw(veil)
    pen.ellipse(box, fill=(30, 58, 112, 24))
    step = max(math.degrees(14 / radius), 1.5)
    for n in range(int(180 / step)):
        pen.arc(box, 2 * n * step, (2 * n + 1) * step, ACCENT, 4 * FINER)
    return Image.alpha_composite(large.convert("RGBA"), veil).convert("RGB")


def _paste_mark(picture: "Image", mark: Mark, plane: Plane) -> None:
    from PIL import Image, ImageDraw  # noqa: PLC0415

    side, at = MARK + 8, plane(mark.lon, mark.lat)
    sign = Image.new("RGBA", (side * 4, side * 4))
    pen = ImageDraw.Draw(sign)
    whole = (0, 0, side * 4 - 1, side * 4 - 1)
    colour = OFF if mark.is_off else COLOURS.get(mark.kind, ACCENT)
    for inset, fill in ((8, INK), (14, GROUND), (34, colour)):
        box = (whole[0] + inset, whole[1] + inset, whole[2] - inset, whole[3] - inset)
        painting.shape(pen, mark.kind, box, fill)
    if mark.is_soon:
        pen.ellipse((side * 3 - 12, 0, side * 4 - 1, side + 11), fill=GROUND)
        pen.ellipse((side * 3 + 4, 16, side * 4 - 17, side - 5), fill=SOON)
    sign = sign.reduce(4)
    corner = (round(at[0] - side / 2), round(at[1] - side / 2))
    picture.paste(sign, corner, sign)
    font = painting.font(round(MARK * 0.44), bold=True)
    ImageDraw.Draw(picture).text(at, mark.glyph, GROUND, font, anchor="mm")


def _write(picture: "Image", ground: Ground, plane: Plane) -> None:
    """Names where nothing is in the way: neither the mark, nor the small map, nor another name."""
    from PIL import ImageDraw  # noqa: PLC0415

    pen = ImageDraw.Draw(picture)
    used = list(_taken(picture.size, ground, plane))
    for name in ground.names:
        size = 28 if name.is_large else 24
        x, y = plane(name.lon, name.lat)
        half = painting.width(name.text, size) / 2 + 6
        y += 0 if name.is_large else size
        box = (x - half, y - size * 0.7, x + half, y + size * 0.7)
        if len(used) > MOST_NAMES + 4 or not _is_inside(box, picture.size):
            continue
        if not any(overlap(box, other) for other in used):
            used.append(box)
            font = painting.font(size, bold=name.is_large)
            look = {"stroke_width": 3, "stroke_fill": LAND, "anchor": "mm"}
            pen.text((x, y), name.text, LABEL, font, **look)


def _taken(size: Size, ground: Ground, plane: Plane) -> Iterator[Box]:
    yield 0, 0, size[0] * 0.45, 104  # where a tall picture says the kind
    yield 0, size[1] - 70, size[0], size[1]
    if ground.mark:
        yield _square(plane(ground.mark.lon, ground.mark.lat), MARK * 1.3)
        side = _inset_side(size)
        yield size[0] - side - 2 * MARGIN, 0, size[0], side + 2 * MARGIN


def _is_inside(box: Box, size: Size) -> bool:
    return box[0] > 0 and box[1] > 0 and box[2] < size[0] and box[3] < size[1]


def _inset_side(size: Size) -> int:
    return min(INSET, round(size[1] * MOST_INSET))


def _inset(picture: "Image", ground: Ground) -> None:
    """Where in the city it is: the city's counties, small, in the upper right corner."""
    from PIL import Image, ImageDraw  # noqa: PLC0415

    near = [land for land in ground.lands if land.is_near]
    if not near or not ground.mark:
        return
    inset = _inset_side(picture.size)
    plane = fitted(_bounds(near), (0, 0, inset, inset), 2 * EDGE)
    small = Image.new("RGB", (inset * FINER, inset * FINER), GROUND)
    pen = ImageDraw.Draw(small)
    for land in sorted(near, key=lambda land: land.is_own):
        for ring in land.rings:
            pen.polygon(_pixels(ring, plane), fill="#c3d0e8" if land.is_own else "#eee7d5")
            pen.line(_pixels(ring, plane), BORDER, 2 * FINER, joint="curve")
    at = plane(ground.mark.lon, ground.mark.lat)
    for side, colour in ((28, GROUND), (21, HERE)):
        pen.ellipse(_square(at, side, FINER), fill=colour)
    edge = inset * FINER - 1
    pen.rectangle((0, 0, edge, edge), outline=MUTED, width=2 * FINER)
    picture.paste(small.reduce(FINER), (picture.width - inset - MARGIN, MARGIN))


def _scale_bar(picture: "Image", plane: Plane) -> None:
    """A round length at the lower right."""
    from PIL import ImageDraw  # noqa: PLC0415

    pen = ImageDraw.Draw(picture)
    length, words = round_length(110 / plane.scale)
    right, y = picture.width - MARGIN, picture.height - MARGIN
    left = right - length * plane.scale
    pen.line([(left, y - 9), (left, y), (right, y), (right, y - 9)], INK, 3)
    font = painting.font(22)
    look = {"stroke_width": 3, "stroke_fill": LAND, "anchor": "mb"}
    pen.text(((left + right) / 2, y - 6), words, INK, font, **look)


def _notes(picture: "Image", ground: Ground) -> None:
    """What is to be said of the position, and the map's approval, at the lower left."""
    from PIL import ImageDraw  # noqa: PLC0415

    pen, bottom = ImageDraw.Draw(picture), float(picture.height)
    if ground.approval:
        pen.text((MARGIN, bottom - 10), ground.approval, MUTED, painting.font(20), anchor="lb")
        bottom -= 34
    if ground.note:
        far = painting.width(ground.note, 32, bold=True)
        box = (MARGIN, bottom - 66, MARGIN + far + 32, bottom - 14)
        pen.rounded_rectangle(box, 26, GROUND, ACCENT, 3)
        middle = (box[0] + 16, (box[1] + box[3]) / 2)
        pen.text(middle, ground.note, ACCENT, painting.font(32, bold=True), anchor="lm")
