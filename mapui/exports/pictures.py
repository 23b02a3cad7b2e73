"""The board's map as SVG, and documents of it as PDF and PNG."""

import io
import json
from collections.abc import Collection
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
from django.conf import settings
from django.contrib.staticfiles import finders
from django.utils.translation import gettext as _

from mapui.drawing import Area, Key, Mark, draw
from mapui.exports.gathering import Gathered
from sites.choices import Subject
from sites.models import Region

if TYPE_CHECKING:
    from django.contrib.gis.geos import MultiPolygon
    from shapely import Geometry

WATERS = "basemap/waters.geojson"
PDFIUM = Lock()  # PDFium may be used by one thread at a time


def drawing(gathered: Gathered) -> str:
    """The map of the board as SVG text: subjects as marks, divisions filled where they have outlines."""
    shapes = outlines(gathered)
    drawn = [*areas(gathered), *_townships(gathered, shapes)]
    marks = _marks(gathered, shapes)
    return draw(drawn, marks, keys(gathered, shapes), waters=waters(), inset=_("局部放大"))


def outlines(gathered: Gathered) -> dict[str, "MultiPolygon"]:
    """The boundaries of the subjects, by code; only divisions have any."""
    if gathered.standard.subject == Subject.VILLAGE:
        return {}
    codes = [gathered.facts.subjects.codes[i] for i in gathered.chosen]
    found = Region.objects.filter(code__in=codes).exclude(boundary=None).order_by("code")
    return dict(found.values_list("code", "boundary"))


def areas(gathered: Gathered) -> list[Area]:
    """The counties of the region, with a state where the standard is about counties."""
    states = _states(gathered) if gathered.standard.subject == Subject.COUNTY else {}
    return [
        area(county, county.name, states.get(county.code, ""))
        for county in counties(gathered.region)
    ]


def _townships(gathered: Gathered, shapes: dict[str, "MultiPolygon"]) -> list[Area]:
    """The townships that have an outline, over the counties; their names would crowd the map."""
    from shapely import wkb  # noqa: PLC0415  # slow to load

    if gathered.standard.subject != Subject.TOWNSHIP:
        return []
    states = _states(gathered)
    return [
        Area("", wkb.loads(bytes(shape.wkb)), None, states[code], layer=1)
        for code, shape in shapes.items()
    ]


def _states(gathered: Gathered) -> dict[str, str]:
    codes = gathered.facts.subjects.codes
    return {codes[i]: gathered.states[i].value for i in gathered.chosen}


def area(county: Region, label: str, state: str) -> Area:
    """A county as it is drawn, its label at its seat."""
    from shapely import wkb  # noqa: PLC0415  # slow to load

    outline = county.boundary and wkb.loads(bytes(county.boundary.wkb))
    middle = county.seat or (county.boundary and county.boundary.point_on_surface)
    return Area(label, outline, (middle.x, middle.y) if middle else None, state)


def counties(region: str) -> list[Region]:
    """The counties of a region; of a township, the county that it is in."""
    return list(Region.objects.counties().within(region[:6] or settings.CITY).order_by("code"))


def keys(gathered: Gathered, shapes: Collection[str] = ()) -> list[Key]:
    """The legend: how many are in each state, and how many of all are doubtful.

    The signs are areas where any subject is drawn in its outline.
    """
    if gathered.total is None:
        return []
    counted = gathered.total.states.items()
    lines = [Key(state.value, str(state.label), n, bool(shapes)) for state, n in counted]
    return [*lines, Key("doubtful", _("其中待核实"), gathered.total.row.doubtful)]


def waters() -> list["Geometry"]:
    """Rivers and lakes of the base map, as shapes in degrees."""
    from shapely.geometry import shape  # noqa: PLC0415  # slow to load

    return [shape(each["geometry"]) for each in waters_features()]


def waters_features() -> list[dict]:
    """Rivers and lakes of the base map, as GeoJSON features."""
    path = finders.find(WATERS)
    return json.loads(Path(path).read_text(encoding="utf-8"))["features"] if path else []


def _marks(gathered: Gathered, shapes: Collection[str]) -> list[Mark]:
    """A mark at every subject that has a position and no outline."""
    facts = gathered.facts
    points = facts.subjects.located.points
    return [
        Mark(
            float(points[i, 0]),
            float(points[i, 1]),
            gathered.states[i].value,
            not bool(facts.certain[i]),
        )
        for i in gathered.chosen
        if facts.subjects.codes[i] not in shapes and not np.isnan(points[i]).any()
    ]


def pdf(html: str) -> bytes:
    """A document of HTML as PDF; nothing is fetched from anywhere."""
    from weasyprint import HTML  # noqa: PLC0415  # slow to load

    return HTML(string=html, url_fetcher=_refuse).write_pdf()


def _refuse(url: str) -> dict[str, object]:
    raise ValueError(f"a document must hold all that it shows, not fetch {url}")


def png(document: bytes, scale: float) -> bytes:
    """The first page of a PDF as PNG, `scale` pixels for every 1/72 inch."""
    import pypdfium2  # noqa: PLC0415  # slow to load

    stream = io.BytesIO()
    with PDFIUM, pypdfium2.PdfDocument(document) as opened:
        picture = opened[0].render(scale=scale).to_pil()
    picture.save(stream, "PNG", optimize=False)
    return stream.getvalue()
