"""The board's map as SVG, and documents of it as PDF and PNG."""

import io
import json
from pathlib import Path
from threading import Lock

import numpy as np
from django.conf import settings
from django.contrib.staticfiles import finders
from django.utils.translation import gettext as _

from mapui.drawing import Area, Key, Mark, draw
from mapui.exports.gathering import Gathered
from sites.choices import Subject
from sites.models import Region

WATERS = "basemap/waters.geojson"
PDFIUM = Lock()  # PDFium may be used by one thread at a time


def drawing(gathered: Gathered) -> str:
    """The map of the board as SVG text: subjects, or the counties themselves, by state."""
    from shapely.geometry import shape  # noqa: PLC0415  # slow to load

    waters = [shape(each["geometry"]) for each in waters_features()]
    by_area = gathered.standard.subject == Subject.COUNTY
    marks = [] if by_area else _marks(gathered)
    return draw(areas(gathered), marks, keys(gathered), waters=waters, inset=_("局部放大"))


def areas(gathered: Gathered) -> list[Area]:
    """The counties of the region, with a state where the standard is about counties."""
    from shapely import wkb  # noqa: PLC0415  # slow to load

    states = {}
    if gathered.standard.subject == Subject.COUNTY:
        codes = gathered.facts.subjects.codes
        states = {codes[i]: gathered.states[i].value for i in gathered.chosen}
    found = []
    for county in counties(gathered.region):
        outline = county.boundary and wkb.loads(bytes(county.boundary.wkb))
        label = county.seat or (county.boundary and county.boundary.point_on_surface)
        place = (label.x, label.y) if label else None
        found.append(Area(county.name, outline, place, states.get(county.code, "")))
    return found


def counties(region: str) -> list[Region]:
    """The counties of a region; of a township, the county that it is in."""
    return list(Region.objects.counties().within(region[:6] or settings.CITY).order_by("code"))


def keys(gathered: Gathered) -> list[Key]:
    """The legend: how many are in each state, and how many of all are doubtful."""
    if gathered.total is None:
        return []
    counted = gathered.total.states.items()
    lines = [Key(state.value, str(state.label), n) for state, n in counted]
    return [*lines, Key("doubtful", _("其中待核实"), gathered.total.row.doubtful)]


def waters_features() -> list[dict]:
    """Rivers and lakes of the base map, as GeoJSON features."""
    path = finders.find(WATERS)
    return json.loads(Path(path).read_text(encoding="utf-8"))["features"] if path else []


def _marks(gathered: Gathered) -> list[Mark]:
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
        if not np.isnan(points[i]).any()
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
