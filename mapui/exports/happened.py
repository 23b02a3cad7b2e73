"""A picture for reports: where a period's events were held, by county and by village."""

from collections.abc import Sequence

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from events.reports.places import Place
from events.reports.report import Report
from mapui import context
from mapui.drawing import Area, Key, Mark, draw
from mapui.exports import pictures, words

SCALE = 2.0  # pixels for every 1/72 inch: about 1,600 across
STEPS = 4  # shades of counties
LEAST = (1, 2, 5, 10)  # events at a place: the least of each size of mark


def png(told: Report, title: str, sources: str) -> bytes:
    """The map under its title, with legend, dates and sources, as PNG."""
    return pictures.png(pictures.pdf(_page(told, title, sources)), SCALE)


def drawing(told: Report) -> str:
    """The map as SVG: counties shaded by their events, a mark for every place where one was held."""
    counts = _by_county(told)
    edges = [] if told.county else steps(max(counts.values(), default=0))
    areas = [
        _area(county, counts.get(county.code), edges)
        for county in pictures.counties(told.county or settings.CITY)
    ]
    placed = [place for place in told.places if place.lon is not None]
    marks = [Mark(place.lon, place.lat, f"times{_size(place.events)}") for place in placed]
    keys = [*_area_keys(counts, edges), *_mark_keys(placed)]
    return draw(areas, marks, keys, waters=pictures.waters(), inset=_("局部放大"))


def steps(most: int) -> list[int]:
    """The greatest count of each shade, ascending: equal parts of the greatest, none twice."""
    return sorted({-(-most * step // STEPS) for step in range(1, STEPS + 1)} - {0})


def _by_county(told: Report) -> dict[str, int]:
    """Held events of each county, or of the one that is told of, as the report's table has them; none where nothing is recorded."""
    rows = {row.code: row.figures[0].value for row in told.counties}
    if told.county:
        rows = {told.county: told.sections[0].figures[0].value}
    return {code: count for code, count in rows.items() if count is not None}


def _area(county: pictures.Region, count: int | None, edges: Sequence[int]) -> Area:
    label = county.name if count is None else f"{county.name} {count}"
    if count is None or not edges:
        return pictures.area(county, label, "")
    state = next(i for i, edge in enumerate(edges, start=1) if count <= edge) if count else 0
    return pictures.area(county, label, f"held{state}")


def _area_keys(counts: dict[str, int], edges: Sequence[int]) -> list[Key]:
    if not edges:
        return []
    keys = [Key("", _("旗县区:举办活动的场数(名称旁的数)"))]
    if 0 in counts.values():
        keys.append(Key("held0", _("%(n)s 场") % {"n": 0}, is_area=True))
    for number, edge in enumerate(edges, start=1):
        least = edges[number - 2] + 1 if number > 1 else 1
        keys.append(Key(f"held{number}", _("%(n)s 场") % {"n": _range(least, edge)}, is_area=True))
    return keys


def _mark_keys(placed: Sequence[Place]) -> list[Key]:
    """How many places had how many events."""
    keys = [Key("", _("村(社区)和场所:举办过的场数"), len(placed))]
    for least, after in zip(LEAST, (*LEAST[1:], None), strict=True):
        held = sum(_size(place.events) == least for place in placed)
        times = _range(least, after - 1) if after else f"≥ {least}"
        keys.append(Key(f"times{least}", _("%(n)s 场") % {"n": times}, held))
    return keys


def _range(least: int, most: int) -> str:
    return str(least) if least == most else f"{least}–{most}"


def _size(events: int) -> int:
    return max(least for least in LEAST if least <= events)


def _page(told: Report, title: str, sources: str) -> str:
    unplaced = sum(place.lon is None for place in told.places)
    found = {
        "title": _("%(title)s:活动举办地") % {"title": title},
        "first": told.period.first,
        "last": told.as_of,
        "places": len(told.places),
        "unplaced": unplaced,
        "drawing": mark_safe(drawing(told)),  # noqa: S308 — escaped where it is drawn
        "sources": [sources, *words.of_maps(demonstrates=context.is_demonstration())],
    }
    return render_to_string("mapui/exports/happened.html", found)
