"""A map of areas and marks as SVG text. Pure: shapes and numbers in, text out.

The plane is equirectangular at the middle latitude of what is shown: true to scale within a city.
Colours and shapes are those of the pages.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from xml.sax.saxutils import escape

import shapely
from shapely import Geometry

METRES_A_DEGREE = math.pi / 180 * 6371008.8  # on the mean sphere (IUGG)
WIDTH, HEIGHT = 1000, 1060
MAP = (12.0, 12.0, 628.0, 1036.0)  # left, top, width, height
SIDE = (660.0, 12.0, 328.0)  # left, top, width of what stands beside the map
ROW, FONT = 30, 17
SMALLEST = 0.35  # pixels: what is finer is simplified away
NICE = (1, 2, 5)
QUARTER = 0.5523  # of the radius: the control points of a Bézier curve that is a quarter circle

STYLE = """
text { font-family: "Noto Sans CJK SC", "Noto Sans SC", "Microsoft YaHei", "PingFang SC", sans-serif; fill: #1b2430 }
.halo { fill: #f7f3e8; stroke: #f7f3e8; stroke-width: 4; stroke-linejoin: round }
.sea { fill: #e3eaf0 } .land { fill: #f7f3e8; stroke: #b3a78d; stroke-width: 1.2 }
.water { fill: none; stroke: #7fa9cf; stroke-width: 1.4 }
.effective { fill: #0f766e; stroke: #fff; stroke-width: .6 }
.idle { fill: #8fcac4; stroke: #134e4a; stroke-width: 1 }
.delivered { fill: #fff; stroke: #0f766e; stroke-width: 1.8 }
.none { fill: #fff; stroke: #b8470b; stroke-width: 1.8 }
.area.effective { fill-opacity: .35; stroke: #0f766e; stroke-width: 1.6 }
.area.idle { fill-opacity: .6; stroke-width: 1.6 }
.area.delivered { stroke-dasharray: 2 4 }
.area.none { fill: #e7a27c; fill-opacity: .5; stroke-width: 2.4; stroke-dasharray: 7 5 }
.doubtful { stroke-dasharray: 1.8 1.6 } .effective.doubtful { fill: #3d968d; stroke: #0f766e; stroke-width: 1 }
.idle.doubtful { fill: #cfe8e5 }
.times1, .times2, .times5, .times10 { fill: #1e3a70; fill-opacity: .82; stroke: #fff; stroke-width: 1 }
.area.held0 { fill: #fff } .area.held1 { fill: #dbe4f3 } .area.held2 { fill: #b7c8e6 }
.area.held3 { fill: #93abd8 } .area.held4 { fill: #6f8ecb }
.area.held0, .area.held1, .area.held2, .area.held3, .area.held4 { stroke: #55606e; stroke-width: 1 }
.frame { fill: none; stroke: #55606e; stroke-width: 1.2 }
"""

Box = tuple[float, float, float, float]  # west, south, east, north


@dataclass(frozen=True)
class Area:
    """A division: its shape in degrees, or None; `state` fills it, "" leaves it land.

    `state`: of a subject, or `held0` … `held4`: the more events, the darker. Areas of
    one `layer` share borders and do not overlap.
    """

    name: str
    shape: Geometry | None
    label: tuple[float, float] | None
    state: str = ""
    layer: int = 0


@dataclass(frozen=True)
class Mark:
    """A subject at a lon, lat in one of the states; or a place by its events, `times1` … `times10`."""

    lon: float
    lat: float
    state: str
    doubtful: bool = False


@dataclass(frozen=True)
class Key:
    """A line of the legend: the state whose sign it shows, in words, and how many there are.

    Without a state it is a heading; `is_area`: the sign is an area beside marks, too.
    """

    state: str
    label: str
    count: int | None = None
    is_area: bool = False


@dataclass(frozen=True)
class Scene:
    """What is drawn: land, marks on it, and rivers."""

    areas: Sequence[Area]
    marks: Sequence[Mark]
    waters: Sequence[Geometry]


@dataclass(frozen=True)
class Plane:
    """Degrees to pixels: the middle of `box` in the middle of a rectangle of pixels."""

    lon: float
    lat: float
    x: float
    y: float
    scale: float  # pixels a metre

    def __call__(self, lon: float, lat: float) -> tuple[float, float]:
        across = METRES_A_DEGREE * math.cos(math.radians(self.lat)) * self.scale
        return (
            self.x + (lon - self.lon) * across,
            self.y - (lat - self.lat) * METRES_A_DEGREE * self.scale,
        )


def draw(
    areas: Sequence[Area],
    marks: Sequence[Mark],
    keys: Sequence[Key],
    *,
    waters: Sequence[Geometry] = (),
    inset: str = "",
) -> str:
    """The map with its legend and scale bar; where marks crowd, an inset called `inset` as well."""
    areas = _simplified(areas)
    plane = fitted(_extent(areas, marks), MAP)
    scene = Scene(areas, marks, waters)
    parts = [_layer(scene, plane, MAP, "main")]
    top = SIDE[1] + ROW * (len(keys) + 1)
    parts += [_legend(keys, bool(marks)), scale_bar(plane, MAP[0] + 14, MAP[1] + MAP[3] - 14)]
    crowd = _crowded(areas, marks) if inset else None
    if crowd:
        parts += _inset(scene, plane, crowd, top, inset)
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'width="{WIDTH}" height="{HEIGHT}"><style>{STYLE}</style>\n{body}\n</svg>'
    )


def _simplified(areas: Sequence[Area]) -> list[Area]:
    """Shapes without the corners that nobody could see; what two share stays shared."""
    shaped = [area for area in areas if area.shape is not None]
    if not shaped:
        return list(areas)
    west, south, east, north = shapely.total_bounds([area.shape for area in shaped])
    finest = max((east - west) / MAP[2], (north - south) / MAP[3]) * SMALLEST
    found: dict[int, Geometry] = {}
    for layer in {area.layer for area in shaped}:
        alike = [area for area in shaped if area.layer == layer]
        shapes = shapely.coverage_simplify([area.shape for area in alike], finest)
        found |= dict(zip(map(id, alike), shapes, strict=True))
    return [replace(area, shape=found.get(id(area))) for area in areas]


def _extent(areas: Sequence[Area], marks: Sequence[Mark]) -> Box:
    shapes = [area.shape for area in areas if area.shape is not None]
    points = [(mark.lon, mark.lat) for mark in marks]
    if not shapes and not points:
        return (73.0, 18.0, 135.0, 54.0)
    bounds = shapely.total_bounds([*shapes, *shapely.points(points)] if points else shapes)
    west, south, east, north = (float(side) for side in bounds)
    margin = max(east - west, north - south, 0.01) * 0.02
    return west - margin, south - margin, east + margin, north + margin


def fitted(box: Box, frame: tuple[float, float, float, float], margin: float = 0) -> Plane:
    """A box in degrees, as large as it goes into a frame (left, top, width, height in pixels).

    `margin`: the share of the frame that stays free on each side.
    """
    west, south, east, north = box
    left, top, width, height = frame
    lat = (south + north) / 2
    across = (east - west) * METRES_A_DEGREE * math.cos(math.radians(lat))
    up = (north - south) * METRES_A_DEGREE
    scale = min(width / across, height / up) * (1 - 2 * margin)
    return Plane((west + east) / 2, lat, left + width / 2, top + height / 2, scale)


def _layer(scene: Scene, plane: Plane, frame: tuple[float, float, float, float], name: str) -> str:
    left, top, width, height = frame
    rectangle = f'x="{left}" y="{top}" width="{width}" height="{height}"'
    land = [_area(area, plane) for area in scene.areas if area.shape is not None]
    rivers = [f'<path class="water" d="{_path(water, plane)}"/>' for water in scene.waters]
    return "\n".join(
        [
            f'<clipPath id="{name}"><rect {rectangle}/></clipPath>',
            f'<rect class="sea" {rectangle}/><g clip-path="url(#{name})">',
            *land,
            *rivers,
            *_marks(scene.marks, plane),
            *_names(scene.areas, plane, frame),
            f'</g><rect class="frame" {rectangle}/>',
        ]
    )


def _area(area: Area, plane: Plane) -> str:
    kind = f"area {area.state}" if area.state else "land"
    return f'<path class="{kind}" fill-rule="evenodd" d="{_path(area.shape, plane)}"/>'


def _path(shape: Geometry, plane: Plane) -> str:
    lines = []
    for part in shapely.get_parts(shape):
        closed = part.geom_type == "Polygon"
        for ring in [part.exterior, *part.interiors] if closed else [part]:
            steps = "L".join(f"{x:.1f},{y:.1f}" for x, y in (plane(*c[:2]) for c in ring.coords))
            lines.append(f"M{steps}{'Z' if closed else ''}")
    return "".join(lines)


# The worst is drawn last, on top; of places by their events the smallest.
ORDER = ("effective", "idle", "delivered", "none", "times10", "times5", "times2", "times1")
RADIUS = 3.4
RADII = {"times1": 2.8, "times2": 4.0, "times5": 5.4, "times10": 7.2}


def _marks(marks: Iterable[Mark], plane: Plane) -> list[str]:
    """One path for all marks that look alike: a thousand elements would take seconds to print."""
    alike: dict[tuple[int, bool], list[str]] = {}
    for mark in marks:
        x, y = plane(mark.lon, mark.lat)
        look = (ORDER.index(mark.state), not mark.doubtful)
        radius = RADII.get(mark.state, RADIUS)
        alike.setdefault(look, []).append(_outline(mark.state, x, y, radius))
    return [
        _sign(ORDER[place], "".join(alike[place, sure]), doubtful=not sure)
        for place, sure in sorted(alike)
    ]


def _sign(state: str, outline: str, *, doubtful: bool = False) -> str:
    kind = f"{state} doubtful" if doubtful else state
    return f'<path class="{kind}" d="{outline}"/>'


def _outline(state: str, x: float, y: float, radius: float) -> str:
    """A diamond for what was delivered, else a circle, as commands of a path."""
    if state != "delivered":
        return f"M{x - radius:.1f},{y:.1f}{_circle(radius)}"
    r = radius + 0.8
    return f"M{x - r:.1f},{y:.1f}L{x:.1f},{y - r:.1f}L{x + r:.1f},{y:.1f}L{x:.1f},{y + r:.1f}Z"


@cache
def _circle(radius: float) -> str:
    """From its leftmost point, as four Bézier curves: printed in half the time that arcs take."""
    r, k = radius, radius * (1 - QUARTER)
    q = radius * QUARTER
    curves = (
        (0, -q, k, -r, r, -r),
        (q, 0, r, k, r, r),
        (0, q, -k, r, -r, r),
        (-q, 0, -r, -k, -r, -r),
    )
    return "".join("c" + " ".join(f"{side:.2f}" for side in curve) for curve in curves) + "Z"


def _names(
    areas: Sequence[Area], plane: Plane, frame: tuple[float, float, float, float]
) -> list[str]:
    """Names inside the frame, beside their places where others are in the way."""
    left, top, width, height = frame
    used: list[Box] = []
    written = []
    for area in areas:
        x, y = plane(*area.label) if area.label else (-1.0, -1.0)
        half = FONT * 0.52 * len(area.name)
        if not (left < x < left + width and top < y < top + height):
            continue
        x = min(max(x, left + half + 4), left + width - half - 4)
        places = [(x, y + step * FONT * 1.3) for step in (0, -1, 1, -2, 2, -3, 3)]
        boxes = [(px - half, py - FONT * 0.6, px + half, py + FONT * 0.6) for px, py in places]
        free = [box for box in boxes if not any(overlap(box, other) for other in used)]
        if free:
            used.append(free[0])
            middle = (free[0][1] + free[0][3]) / 2
            written.append(_name(area.name, x, middle + FONT * 0.35))
    return written


def overlap(a: Box, b: Box) -> bool:
    """Whether two boxes share more than an edge."""
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _name(text: str, x: float, y: float) -> str:
    where = f'x="{x:.1f}" y="{y:.1f}" font-size="{FONT}" font-weight="bold" text-anchor="middle"'
    words = escape(text)
    return f'<text class="halo" {where}>{words}</text><text {where}>{words}</text>'


def _legend(keys: Sequence[Key], has_marks: bool) -> str:
    left, top, width = SIDE
    lines = []
    for number, key in enumerate(keys):
        y = top + ROW * (number + 0.5)
        indent = 34 if key.state else 0
        lines += [
            _key_sign(key, left + 12, y, has_marks),
            f'<text x="{left + indent}" y="{y + 6}" font-size="{FONT}">{escape(key.label)}</text>',
        ]
        if key.count is not None:
            lines.append(
                f'<text x="{left + width}" y="{y + 6}" font-size="{FONT}" font-weight="bold" '
                f'text-anchor="end">{key.count}</text>'
            )
    return "\n".join(lines)


def _key_sign(key: Key, x: float, y: float, has_marks: bool) -> str:
    if not key.state:
        return ""
    if key.state == "doubtful":
        ring = "fill: none; stroke: #1b2430; stroke-width: 1.6; stroke-dasharray: 2.6 2.2"
        return f'<circle cx="{x}" cy="{y}" r="7" style="{ring}"/>'
    if has_marks and not key.is_area:
        return _sign(key.state, _outline(key.state, x, y, RADII.get(key.state, 7)))
    return f'<rect class="area {key.state}" x="{x - 9}" y="{y - 9}" width="18" height="18"/>'


def round_length(most: float) -> tuple[float, str]:
    """The longest round length of at most so many metres, in metres and in words."""
    power = 10 ** math.floor(math.log10(most))
    metres = max(step * power for step in NICE if step * power <= most)
    return metres, f"{metres / 1000:g} km" if metres >= 1000 else f"{metres:g} m"


def scale_bar(plane: Plane, left: float, y: float) -> str:
    """A round length of at most 180 pixels, from its lower left corner on."""
    metres, words = round_length(180 / plane.scale)
    right = left + metres * plane.scale
    line = f"M{left},{y - 8}V{y}H{right:.1f}V{y - 8}"
    return (
        f'<path d="{line}" style="fill: none; stroke: #1b2430; stroke-width: 1.6"/>'
        f'<text x="{(left + right) / 2:.1f}" y="{y - 8}" font-size="14" text-anchor="middle">'
        f"{words}</text>"
    )


def _crowded(areas: Sequence[Area], marks: Sequence[Mark]) -> Box | None:
    """Where half of the marks lie, the densest areas first, if that is a fifth of the map or less."""
    shaped = [area for area in areas if area.shape is not None]
    if len(marks) < 100 or len(shaped) < 2:
        return None
    points = shapely.points([(mark.lon, mark.lat) for mark in marks])
    held = [points[shapely.contains(area.shape, points)] for area in shaped]
    order = sorted(
        range(len(shaped)), key=lambda i: len(held[i]) / shaped[i].shape.area, reverse=True
    )
    found: list[Geometry] = []
    while len(found) < len(marks) / 2 and order:
        found += list(held[order.pop(0)])
    west, south, east, north = _extent([], [Mark(p.x, p.y, "none") for p in found])
    whole = _extent(areas, marks)
    share = (east - west) * (north - south) / ((whole[2] - whole[0]) * (whole[3] - whole[1]))
    return (west, south, east, north) if share <= 0.2 else None


def _inset(scene: Scene, plane: Plane, box: Box, top: float, title: str) -> list[str]:
    """The crowded part, larger, with its outline on the map."""
    left, _, width = SIDE
    shape = (box[3] - box[1]) / (box[2] - box[0]) / math.cos(math.radians((box[1] + box[3]) / 2))
    frame = (left, top + ROW, width, min(width * shape, MAP[1] + MAP[3] - top - ROW))
    inner = fitted(box, frame)
    inside = [m for m in scene.marks if box[0] < m.lon < box[2] and box[1] < m.lat < box[3]]
    west, north = plane(box[0], box[3])
    east, south = plane(box[2], box[1])
    outline = f'x="{west:.1f}" y="{north:.1f}" width="{east - west:.1f}"'
    return [
        f'<rect class="frame" {outline} height="{south - north:.1f}"/>',
        f'<text x="{left}" y="{top + 20}" font-size="{FONT}">{escape(title)}</text>',
        _layer(replace(scene, marks=inside), inner, frame, "inset"),
    ]
