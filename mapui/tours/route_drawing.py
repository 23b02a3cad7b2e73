"""A day's route as SVG text: numbered stops in their order, where it begins and where it ends. Pure.

The plane, the colours and the fonts are those of `drawing`.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from shapely import Geometry, clip_by_rect

from mapui.drawing import METRES_A_DEGREE, STYLE, Plane, overlap, scale_bar

WIDTH, HEIGHT = 1000, 400
MARGIN = 70.0  # pixels between what is shown and the frame
SMALLEST_M = 2000.0  # what a map shows at least, across
FONT, RADIUS = 19, 14
Box = tuple[float, float, float, float]

LOOKS = """
.way { fill: none; stroke: #1e3a70; stroke-width: 3; stroke-linejoin: round }
.way.home { stroke-dasharray: 9 6 }
.stop { fill: #1e3a70; stroke: #fff; stroke-width: 2 } .number { fill: #fff; font-weight: bold }
.base { fill: #fff; stroke: #1b2430; stroke-width: 2.4 }
.bed { fill: #fff; stroke: #b8470b; stroke-width: 2.4 }
"""


@dataclass(frozen=True)
class Place:
    """A lon, lat in degrees with its name; `kind`: `base` (square), `stop` (number), `bed` (diamond)."""

    lon: float
    lat: float
    name: str
    kind: str = "stop"


def draw(
    places: Sequence[Place],
    lands: Sequence[Geometry] = (),
    waters: Sequence[Geometry] = (),
) -> str:
    """The places in the order in which they are driven to; the last way, to the bed, is dashed.

    Lines are straight: they say the order, not the road. "" where there is no place.
    """
    if not places:
        return ""
    plane = _plane(places)
    spots = [plane(place.lon, place.lat) for place in places]
    seen = _seen(plane)
    lines = [
        f'<path class="{kind}" fill-rule="evenodd" d="{_path(part, plane)}"/>'
        for kind, shapes in (("land", lands), ("water", waters))
        for shape in shapes
        if not (part := clip_by_rect(shape, *seen)).is_empty
    ]
    body = "\n".join([*lines, *_ways(spots), *_signs(places, spots), *_names(places, spots)])
    frame = f'x="1" y="1" width="{WIDTH - 2}" height="{HEIGHT - 2}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" '
        f'height="{HEIGHT}"><style>{STYLE}{LOOKS}</style><clipPath id="frame"><rect {frame}/>'
        f'</clipPath><rect class="sea" {frame}/><g clip-path="url(#frame)">\n{body}\n</g>'
        f'{scale_bar(plane, 16, HEIGHT - 16)}<rect class="frame" {frame}/></svg>'
    )


def _plane(places: Sequence[Place]) -> Plane:
    lons, lats = [place.lon for place in places], [place.lat for place in places]
    lon, lat = (min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2
    up = max((max(lats) - min(lats)) * METRES_A_DEGREE, SMALLEST_M)
    across = (max(lons) - min(lons)) * METRES_A_DEGREE * math.cos(math.radians(lat))
    scale = min((WIDTH - 4 * MARGIN) / max(across, SMALLEST_M), (HEIGHT - 2 * MARGIN) / up)
    return Plane(lon, lat, WIDTH / 2, HEIGHT / 2, scale)


def _seen(plane: Plane) -> Box:
    """West, south, east, north of what the frame shows, and a little more: cuts are not seen."""
    up = (HEIGHT / 2 + 20) / plane.scale / METRES_A_DEGREE
    across = (WIDTH / 2 + 20) / plane.scale / METRES_A_DEGREE / math.cos(math.radians(plane.lat))
    return plane.lon - across, plane.lat - up, plane.lon + across, plane.lat + up


def _path(shape: Geometry, plane: Plane) -> str:
    lines = []
    for part in getattr(shape, "geoms", [shape]):
        closed = part.geom_type == "Polygon"
        for ring in [part.exterior, *part.interiors] if closed else [part]:
            steps = "L".join(f"{x:.1f},{y:.1f}" for x, y in (plane(*c[:2]) for c in ring.coords))
            lines.append(f"M{steps}{'Z' if closed else ''}")
    return "".join(lines)


def _ways(spots: Sequence[tuple[float, float]]) -> list[str]:
    """The lines between the places; the last one is the way to where the team sleeps."""
    steps = [f"{x:.1f},{y:.1f}" for x, y in spots]
    if len(steps) < 3:
        return [f'<path class="way" d="M{"L".join(steps)}"/>']
    return [
        f'<path class="way" d="M{"L".join(steps[:-1])}"/>',
        f'<path class="way home" d="M{"L".join(steps[-2:])}"/>',
    ]


def _signs(places: Sequence[Place], spots: Sequence[tuple[float, float]]) -> Iterator[str]:
    number = 0
    for place, (x, y) in zip(places, spots, strict=True):
        if place.kind == "stop":
            number += 1
            yield (
                f'<circle class="stop" cx="{x:.1f}" cy="{y:.1f}" r="{RADIUS}"/>'
                f'<text class="number" x="{x:.1f}" y="{y + 6:.1f}" font-size="17" '
                f'text-anchor="middle">{number}</text>'
            )
        else:
            r = RADIUS - 2
            turned = f' transform="rotate(45 {x:.1f} {y:.1f})"' if place.kind == "bed" else ""
            yield (
                f'<rect class="{place.kind}" x="{x - r:.1f}" y="{y - r:.1f}" '
                f'width="{2 * r}" height="{2 * r}"{turned}/>'
            )


def _names(places: Sequence[Place], spots: Sequence[tuple[float, float]]) -> Iterator[str]:
    """Each name once, beside its place where nothing is in the way; else above or below."""
    used = [(x - RADIUS, y - RADIUS, x + RADIUS, y + RADIUS) for x, y in spots]
    named: set[tuple[str, str]] = set()
    for place, (x, y) in zip(places, spots, strict=True):
        if (place.kind, place.name) in named:
            continue
        named.add((place.kind, place.name))
        width = FONT * sum(0.6 if ord(c) < 0x2E80 else 1.0 for c in place.name)
        boxes = list(_around(x, y, width))
        free = [box for box in boxes if _is_inside(box) and not any(overlap(box, u) for u in used)]
        box = (free or boxes)[0]
        used.append(box)
        where = f'x="{box[0]:.1f}" y="{box[3] - 5:.1f}" font-size="{FONT}"'
        words = escape(place.name)
        yield f'<text class="halo" {where}>{words}</text><text {where}>{words}</text>'


def _around(x: float, y: float, width: float) -> Iterable[Box]:
    """Where a name may stand: right, left, above, below, and the four corners."""
    gap, half = RADIUS + 5, FONT * 0.65
    for dy in (0.0, -RADIUS * 1.6, RADIUS * 1.6):
        yield (x + gap, y - half + dy, x + gap + width, y + half + dy)
        yield (x - gap - width, y - half + dy, x - gap, y + half + dy)
    for dy in (-gap - half, gap + half):
        yield (x - width / 2, y + dy - half, x + width / 2, y + dy + half)


def _is_inside(box: Box) -> bool:
    return box[0] > 4 and box[1] > 4 and box[2] < WIDTH - 4 and box[3] < HEIGHT - 4
