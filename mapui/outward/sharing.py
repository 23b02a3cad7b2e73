"""What a picture to share tells of a place, an event, a village or the city: database → Card."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from django.conf import settings
from django.contrib.gis.db.models.functions import GeometryDistance
from django.contrib.gis.geos import Point, Polygon
from django.core.files.storage import default_storage
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events.choices import Status
from events.models import Event
from mapui.context import site_name
from mapui.exports import miniature, pictures
from mapui.exports.cards import Card
from mapui.exports.miniature import Ground, Land, Mark, Name
from mapui.templatetags.fazhimap import day, weekday
from mapui.words import GLYPHS
from sites import clock, photos, sentences
from sites.choices import CODE_LENGTH, Level, SiteKind, Source
from sites.models import Photo, Region, Site, Village
from sites.querysets import SiteQuerySet

MOST_DOTS = 240  # around a place: the nearest
MOST_CITY_DOTS = 4_000  # more would hide the map
MOST_LANDS = 200  # a province has fewer counties; more would be lines alone
ROUGH_M = 200  # an error from which on a picture says so
VILLAGE = "village"
Place = Site | Village


@dataclass(frozen=True)
class Spot:
    """Where the mark is and how it looks: nothing takes place there, or something soon."""

    at: Point | None
    error_m: float
    is_off: bool = False
    is_soon: bool = False


def of_site(site: Site, now: datetime.datetime) -> Card:
    """A place, with the event that comes next; seven queries."""
    coming = Event.objects.filter(site=site.pk).upcoming(now).select_related("programme").first()
    is_closed = _is_closed(site, now.date())
    spot = Spot(site.location, site.position_error_m, is_closed, bool(coming))
    card = _around(site, now, spot)
    return replace(
        card,
        kind=kind_of(site),
        title=site.name,
        where=" · ".join(filter(None, (site.county.name, site.designation))),
        more=" · ".join(filter(None, (site.address, site.opening))),
        then=(_("接下来"), _moment(coming), coming.programme.name) if coming else (),
        band=_("未开放") if is_closed else "",
        played=_played(site, coming),
        reason=_("扫码看路线和活动"),
    )


def of_event(event: Event, now: datetime.datetime) -> Card:
    """An event: when and where it is, moved or cancelled as it may be; five queries.

    It is `at` a point with `error_m`, as `properties.EVENT_SPOT` has it.
    """
    place = event.site or event.village
    is_off = event.status == Status.CANCELLED
    card = _around(place, now, Spot(event.at, event.error_m, is_off, event.ends_at >= now))
    then = " · ".join(filter(None, (event.programme.topics, str(event.troupe or ""))))
    return replace(
        card,
        kind=str(event.programme.get_kind_display()),
        title=event.programme.name,
        when=_span(event),
        where=place.name,
        more=_address(place),
        then=(then,) if then else (),
        band=_band(event),
        is_off=is_off,
        played=_played(event, place),
        reason=_("扫码看最新时间和路线"),
    )


def of_village(village: Village, now: datetime.datetime) -> Card:
    """A village among the places around it; four queries."""
    card = _around(village, now, Spot(village.location, village.position_error_m))
    return replace(
        card,
        kind=str(village.get_kind_display()),
        title=village.name,
        where=_address(village),
        more=_("附近的法治阵地和普法活动"),
        played=_played(village),
        reason=_("扫码看路线和活动"),
    )


def of_city(now: datetime.datetime) -> Card:
    """The whole city with its places; five queries at most, which read only what is drawn."""
    name = site_name()
    listed = Site.objects.listed().within(settings.CITY).open_on(now.date())
    played = Count("pk", filter=Q(source=Source.DEMONSTRATION))
    count = listed.aggregate(all=Count("pk"), played=played)
    outlines = _outlines(Q(level=_level_drawn(), code__startswith=settings.CITY))
    ground = Ground(
        lands=tuple(_lands(outlines, settings.CITY, "")),
        dots=tuple(_city_dots(listed)) if count["all"] <= MOST_CITY_DOTS else (),
        names=tuple(_names(outlines)),
        waters=_waters(),
        approval=settings.FURNITURE["approval"],
    )
    told = ngettext("%(n)d 处法治文化场所", "%(n)d 处法治文化场所", count["all"])
    return Card(
        kind=_("地图"),
        title=name,
        ground=ground,
        far_m=0,
        sender=_sender(name),
        where=told % {"n": count["all"]},
        more=_("家门口的法治广场、公园和长廊"),
        played=_("演示数据") if count["played"] else "",
        reason=_("扫码看路线和活动"),
        hotline=_("公共法律服务热线 12348"),
    )


def _city_dots(listed: SiteQuerySet) -> Iterator[tuple[float, float, str]]:
    for at, kind in listed.order_by("code").values_list("location", "kind"):
        yield at.x, at.y, kind


def _level_drawn() -> Level:
    """Counties; of a country, which has thousands, the level above with few enough outlines."""
    if len(settings.CITY) >= CODE_LENGTH[Level.CITY]:
        return Level.COUNTY
    outlined = Region.objects.within(settings.CITY).exclude(boundary=None)
    counts = dict(outlined.order_by().values_list("level").annotate(Count("pk")))
    levels = (Level.COUNTY, Level.CITY)
    few = (level for level in levels if 0 < counts.get(level, 0) <= MOST_LANDS)
    return next(few, Level.PROVINCE)


def kind_of(site: Site) -> str:
    """市级公园; of fronts and service points the kind alone."""
    if site.kind in (SiteKind.FRONT, SiteKind.SERVICE):
        return str(site.get_kind_display())
    words = {"tier": site.get_tier_display(), "kind": str(site.get_kind_display()).lower()}
    return _("%(tier)s%(kind)s") % words


def _is_closed(site: Site, today: datetime.date) -> bool:
    planned = site.opened_on is not None and site.opened_on > today
    return planned or (site.closed_on is not None and site.closed_on <= today)


def _around(place: Place, now: datetime.datetime, spot: Spot) -> Card:
    """A card of a place with its map, its photo and who says so: words are yet to be put in."""
    ground, far_m = _ground(place, now, spot)
    return Card(
        kind="",
        title="",
        ground=replace(ground, note=_note(spot)),
        far_m=far_m,
        sender=_sender(site_name()),
        hotline=_("公共法律服务热线 12348"),
        photo=_photo(place),
    )


def _county(place: Place) -> str:
    return place.county_id if isinstance(place, Site) else place.township.parent_id


def _ground(place: Place, now: datetime.datetime, spot: Spot) -> tuple[Ground, float]:
    """What lies around a place and how far; of one whose position is not known its city."""
    approval, county = settings.FURNITURE["approval"], _county(place)
    at = spot.at
    if at is None:
        outlines = _outlines(Q(level=Level.COUNTY, code__startswith=county[:4]))
        lands = tuple(_lands(outlines, county[:4], county))
        return Ground(lands, (), tuple(_names(outlines)), _waters(), approval=approval), 0
    dots = tuple(_dots(place, at, now.date()))
    far_m = miniature.reach(at.x, at.y, spot.error_m, [dot[:2] for dot in dots])
    shown = Polygon.from_bbox(miniature.around(at.x, at.y, far_m * 2))
    shown.srid = 4326
    outlines = _outlines(
        Q(level=Level.COUNTY, code__startswith=county[:4])
        | Q(level=Level.COUNTY, boundary__bboverlaps=shown)
        | Q(level=Level.TOWNSHIP, seat__within=shown)
    )
    lands = tuple(_lands(outlines, county[:4], county))
    names, mark = tuple(_names(outlines)), _mark(place, spot)
    return Ground(lands, dots, names, _waters(), mark, approval=approval), far_m


Outline = tuple[str, str, object, Point | None]  # code, name, boundary, seat


def _outlines(wanted: Q) -> list[Outline]:
    found = Region.objects.filter(wanted).order_by("code")
    return list(found.values_list("code", "name", "boundary", "seat"))


def _lands(outlines: Iterable[Outline], near: str, own: str) -> Iterator[Land]:
    for code, _name, boundary, _seat in outlines:
        if boundary is not None:
            rings = tuple(ring for polygon in boundary.coords for ring in polygon)
            yield Land(rings, bool(near) and code.startswith(near), code == own)


def _names(outlines: Iterable[Outline]) -> Iterator[Name]:
    """Counties first, the largest of all: they have precedence where names are in each other's way."""
    for code, name, boundary, seat in sorted(outlines, key=_precedence):
        at = seat or (boundary and boundary.point_on_surface)
        if at:
            yield Name(at.x, at.y, name, len(code) <= 6)


def _precedence(outline: Outline) -> tuple[int, float]:
    code, _name, boundary, _seat = outline
    return len(code), -boundary.area if boundary else 0.0


def _dots(place: Place, at: Point, today: datetime.date) -> Iterator[tuple[float, float, str]]:
    """The open places nearest to where a place is, itself left out, the nearest first."""
    others = Site.objects.open_on(today)
    if isinstance(place, Site):
        others = others.exclude(pk=place.pk)
    found = others.order_by(GeometryDistance("location", at), "pk")
    for there, kind in found.values_list("location", "kind")[:MOST_DOTS]:
        yield there.x, there.y, kind


def _waters() -> tuple[tuple[miniature.Ring, bool], ...]:
    """Lines of rivers and shores of lakes, and whether they have a name."""
    found = []
    for each in pictures.waters_features():
        lines = each["geometry"]["coordinates"]
        lines = [lines] if each["geometry"]["type"] == "LineString" else lines
        name = bool(each["properties"].get("name"))
        found += [(tuple((x, y) for x, y, *_z in line), name) for line in lines]
    return tuple(found)


def _mark(place: Place, spot: Spot) -> Mark:
    if isinstance(place, Site):
        kind, glyph = place.kind, GLYPHS[SiteKind(place.kind)]
    else:
        kind, glyph = VILLAGE, str(place.get_kind_display())[:1]
    at, soon = spot.at, spot.is_soon and not spot.is_off
    return Mark(at.x, at.y, kind, glyph, spot.error_m, spot.is_off, soon)


def _note(spot: Spot) -> str:
    """What must be said of where the mark is: nothing where the position is good."""
    if spot.at is None:
        return _("位置还没有登记")
    if spot.error_m < ROUGH_M:
        return ""
    return _("位置为约略,误差约 %(far)s") % {"far": sentences.distance(spot.error_m)}


def _photo(place: Place) -> str:
    """The place's first photo; "" where there is none, or its file is gone."""
    if isinstance(place, Village):
        return ""
    name = Photo.objects.filter(site=place.pk).values_list("file", flat=True).first()
    return name if name and default_storage.exists(photos.path(name)) else ""


def _address(place: Place) -> str:
    if isinstance(place, Site):
        return " · ".join(filter(None, (place.county.name, place.address)))
    return f"{place.township.parent.name} · {place.township.name}"


def _band(event: Event) -> str:
    if event.status == Status.CANCELLED:
        return _("已取消,请不要前往")
    changed = _("时间有变") if event.moved_from else _("地点有变") if event.moved_place else ""
    if event.status == Status.PLANNED:
        return _("%(changed)s,还待确认") % {"changed": changed} if changed else _("时间待确认")
    return _("%(changed)s,以此为准") % {"changed": changed} if changed else ""


def _moment(event: Event) -> str:
    starts = timezone.localtime(event.starts_at, clock.SHANGHAI)
    return f"{day(starts)} {weekday(starts)} {starts:%H:%M}"


def _span(event: Event) -> str:
    return f"{_moment(event)}–{timezone.localtime(event.ends_at, clock.SHANGHAI):%H:%M}"


def _played(*records: Place | Event | None) -> str:
    """That this is a demonstration, where a record that is told of is one."""
    played = any(record and record.source == Source.DEMONSTRATION for record in records)
    return _("演示数据") if played else ""


def _sender(name: str) -> str:
    return " · ".join(filter(None, (name, settings.FURNITURE["operator"])))
