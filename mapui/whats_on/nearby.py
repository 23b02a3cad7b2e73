"""Events near a place: a site or a village that somebody names, never where a person is."""

import datetime
from math import cos, radians

from django.contrib.gis.geos import Point, Polygon
from django.db.models import FloatField, Func, Q, Value
from django.db.models.functions import Length
from django.utils.translation import gettext as _

from events.querysets import EventQuerySet
from mapui.naming import NAMES
from mapui.params import BadParameters, refusal
from mapui.properties import EVENT_PLACE, GEOMETRY
from sites.choices import SiteKind
from sites.models import Site, Village
from sites.querysets import SiteQuerySet, VillageQuerySet

DEGREE_M = 110_500  # no degree of latitude is shorter; one of longitude is at least its cosine
WITHIN_M = 10_000  # where only the place is named
VILLAGE_DIGITS = 12
MOST = 12  # places of one name that are offered

Place = Site | Village


class Metres(Func):
    """Metres between two points on the WGS 84 ellipsoid."""

    function = "ST_DistanceSpheroid"
    output_field = FloatField()


def events_near(events: EventQuerySet, code: str, within: float | None) -> EventQuerySet:
    """Those at most so far from the site or village, each with its `metres` from there.

    Raises BadParameters where nothing has this code, or nobody knows where it is.
    """
    here = place(code)
    if here is None or here.location is None:
        message = _("near:没有编号为 %(code)s 的场所或村(社区),或者不知道它在哪里。")
        raise BadParameters([refusal("near", code, "CODE", message % {"code": code})])
    return within_metres(events, here.location, within or WITHIN_M)


def within_metres(events: EventQuerySet, point: Point, metres: float) -> EventQuerySet:
    """Those at most so far from a point, each with its `metres` from there."""
    box = _around(point, metres)
    sites = Site.objects.filter(location__bboverlaps=box)
    fronts = sites.filter(kind=SiteKind.FRONT).values("village")
    villages = Village.objects.filter(location__bboverlaps=box)
    near = events.any_of(
        Q(site__in=sites), Q(site=None, village__in=fronts), Q(site=None, village__in=villages)
    )
    far = Metres(EVENT_PLACE, Value(point, GEOMETRY))
    return near.annotate(metres=far).filter(metres__lte=metres)


def _around(point: Point, metres: float) -> Polygon:
    """A box with everything so near in it, of the whole breadth where it meets a pole or ±180°."""
    up = metres / DEGREE_M
    highest = min(90.0, abs(point.y) + up)
    aside = up / max(cos(radians(highest)), 1e-9)
    west, east = point.x - aside, point.x + aside
    if west < -180 or east > 180:
        west, east = -180, 180
    return Polygon.from_bbox((west, max(-90, point.y - up), east, min(90, point.y + up)))


def place(code: str) -> Place | None:
    """The site or the village with this code."""
    return (Village if is_village(code) else Site).objects.filter(pk=code).first()


def is_village(code: str) -> bool:
    """Whether a code is one of a village, whatever else a site may be called."""
    return code.isdecimal() and len(code) == VILLAGE_DIGITS


def places_named(text: str, today: datetime.date) -> list[Place]:
    """Villages and sites that can be meant by a name or a code, at most 12, the shortest first.

    One alone where only one bears exactly this name; what the search finds where none does.
    """
    text = text.strip()
    if not text:
        return []
    by_name = Q(name__contains=text) | Q(code=text)
    found: list[Place] = [*_villages().filter(by_name)[:MOST], *_sites().filter(by_name)[:MOST]]
    found.sort(key=lambda one: (text not in {one.name, one.code}, len(one.name), one.code))
    exactly = [one for one in found if text in {one.name, one.code}]
    if not found:
        return _places_like(text, today)
    return exactly if len(exactly) == 1 else found[:MOST]


def _places_like(text: str, today: datetime.date) -> list[Place]:
    """By pinyin, initials, a former name or with one slip, the best first."""
    types = ("village", "site", "service", "place")
    codes = [hit.code for hit in NAMES.find(text, today, MOST) if hit.type in types]
    both = (_villages().filter(code__in=codes), _sites().filter(code__in=codes))
    found: dict[str, Place] = {str(one.pk): one for records in both for one in records}
    return [found[code] for code in codes if code in found]


def _villages() -> VillageQuerySet:
    known = Village.objects.exclude(location=None).select_related("township__parent")
    return known.defer("township__boundary", "township__parent__boundary").order_by(
        Length("name"), "code"
    )


def _sites() -> SiteQuerySet:
    listed = Site.objects.exclude(kind=SiteKind.FRONT).select_related("county")
    return listed.defer("county__boundary", "footprint").order_by(Length("name"), "code")
