"""What a search finds: hits in the index of names, told as the records are now."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.contrib.gis.db.models import GeometryField
from django.contrib.gis.db.models.functions import PointOnSurface
from django.db.models import F, FloatField, Func, Q, QuerySet, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from events.models import Event, Programme, Troupe
from mapui.naming import NAMES
from mapui.properties import EVENT_PLACE
from sites import clock
from sites.choices import EventKind, SiteKind
from sites.finding import Hit
from sites.models import Region, Site, Village

Result = dict[str, object]
SOON = 5  # how many coming events of what was found are told
# What has coming events to be told: the field of an event that leads to it.
LEADS_TO = {
    "programme": "programme_id",
    "troupe": "troupe_id",
    "event-kind": "programme__kind",
}
FITS = ("exact", "shortened", "prefix", "part", "pinyin", "pinyin", "initials", "words", "similar")
SITE_TYPES = ("site", "service", "place", "front")
PAGES = {**dict.fromkeys(SITE_TYPES, "site"), "village": "village", "event": "event"}
SEAT = Coalesce("seat", PointOnSurface("boundary"), output_field=GeometryField(srid=4326))


@dataclass(frozen=True)
class Source:
    """Where the records of some types are; `lies_in` is the foreign key to their division."""

    records: QuerySet
    types: tuple[str, ...]
    lies_in: str = ""
    point: Combinable | str = ""
    former: str = ""

    def told(self, hits: Iterable[Hit]) -> Mapping[str, Result]:
        """By code, the records of those hits that are of these types and still there."""
        wanted = {hit.code: hit for hit in hits if hit.type in self.types}
        if not wanted:
            return {}
        nothing = Value(None, output_field=TextField())
        fields = {
            "code": F("code"),
            "name": F("name"),
            "region": F(f"{self.lies_in}_id") if self.lies_in else nothing,
            "region_name": F(f"{self.lies_in}__name") if self.lies_in else nothing,
            "lon": _ordinate(self.point, "ST_X") if self.point else nothing,
            "lat": _ordinate(self.point, "ST_Y") if self.point else nothing,
            "former_name": F(self.former) if self.former else nothing,
        }
        found = self.records.filter(code__in=wanted)
        rows = found.annotate(**{f"_{name}": one for name, one in fields.items()})
        told = {}
        for row in rows.values_list(*(f"_{name}" for name in fields)):
            hit, result = wanted[row[0]], dict(zip(fields, row, strict=True))
            told[hit.code] = _with_its_hit(result, hit)
        return told


def search(query: str, now: datetime.datetime, limit: int) -> list[Result]:
    """The best finds, each followed by the next events of it if it has some; at most `limit`."""
    hits = NAMES.find(query, now.date(), limit)
    told = [_kinds(hits), *(source.told(hits) for source in _sources())]
    by_key = {(one["type"], one["code"]): one for source in told for one in source.values()}
    results = [by_key[hit.type, hit.code] for hit in hits if (hit.type, hit.code) in by_key]
    return _with_events(results, now)[:limit]


def _kinds(hits: Iterable[Hit]) -> Mapping[str, Result]:
    """By code, the kinds of places and of events among the hits, in the reader's language."""
    names: dict[str, dict[str, str]] = {
        "event-kind": {kind.value: str(kind.label) for kind in EventKind},
        "site-kind": {kind.value: str(kind.label) for kind in SiteKind}
        | {SiteKind.SERVICE.value: _("公共法律服务")},
    }
    nothing = dict.fromkeys(("region", "region_name", "lon", "lat"))
    return {
        hit.code: _with_its_hit(
            {"code": hit.code, "name": names[hit.type][hit.code], **nothing}, hit
        )
        for hit in hits
        if hit.type in names
    }


def _sources() -> list[Source]:
    return [
        Source(Region.objects.all(), ("region",), "parent", SEAT, "former_names"),
        Source(Village.objects.all(), ("village",), "township", "location", "former_names"),
        Source(Site.objects.all(), SITE_TYPES, "county", "location", "former_names"),
        Source(Programme.objects.all(), ("programme",)),
        Source(Troupe.objects.all(), ("troupe",), "base"),
    ]


def _with_its_hit(result: Result, hit: Hit) -> Result:
    former = str(result.pop("former_name", "") or "") if hit.former else ""
    return {
        "type": hit.type,
        **result,
        "former_name": former or None,
        "fit": FITS[hit.level],
        "starts_at": None,
        "url": _url(hit.type, hit.code),
    }


def _with_events(results: list[Result], now: datetime.datetime) -> list[Result]:
    """The results, each followed by its next events; an event once."""
    rows = _next_events(results, now)
    told: list[Result] = []
    for result in results:
        told.append(result)
        path = LEADS_TO.get(str(result["type"]))
        own = [row for row in rows if path and row[path] == result["code"]]
        told += [_event(row, str(result["fit"])) for row in own]
        rows = [row for row in rows if row not in own]
    return told


def _next_events(results: Iterable[Result], now: datetime.datetime) -> Sequence[Mapping]:
    """The next events of those of the results that have any."""
    wanted = Q()
    for kind, path in LEADS_TO.items():
        codes = [result["code"] for result in results if result["type"] == kind]
        wanted |= Q(**{f"{path}__in": codes}) if codes else Q()
    if not wanted:
        return []
    coming = Event.objects.upcoming(now).filter(wanted)
    coming = coming.annotate(
        region=Coalesce("site__county", "village__township__parent"),
        region_name=Coalesce("site__county__name", "village__township__parent__name"),
        place_name=Coalesce("site__name", "village__name"),
        lon=_ordinate(EVENT_PLACE, "ST_X"),
        lat=_ordinate(EVENT_PLACE, "ST_Y"),
    )
    names = ("code", "programme__name", "place_name", "region", "region_name", "lon", "lat")
    return list(coming.values(*LEADS_TO.values(), "starts_at", *names)[:SOON])


def _event(row: Mapping[str, object], fit: str) -> Result:
    kept = ("region", "region_name", "lon", "lat")
    return {
        "type": "event",
        "code": row["code"],
        "name": f"{row['programme__name']} · {row['place_name']}",
        **{name: row[name] for name in kept},
        "former_name": None,
        "fit": fit,
        "starts_at": row["starts_at"].astimezone(clock.SHANGHAI).isoformat(),
        "url": _url("event", str(row["code"])),
    }


def _url(kind: str, code: str) -> str:
    """The page that a result leads to: its own, or the list that it is about."""
    if kind in PAGES:
        return reverse(PAGES[kind], args=[code])
    if kind == "site-kind":
        return reverse("services") if code == SiteKind.SERVICE else f"{reverse('home')}?kind={code}"
    return f"{reverse('events')}?{kind.removeprefix('event-')}={code}"


def _ordinate(point: Combinable | str, function: str) -> Func:
    return Func(point, function=function, output_field=FloatField())
