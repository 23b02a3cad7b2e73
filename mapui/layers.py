"""Places and events as GeoJSON bytes: the database writes the geometry, orjson the rest.

No Python object of a model is made, so that ten thousand records take tens of milliseconds.
A feature's `id` is the record's code; coordinates have seven decimals (a centimetre).
"""

import datetime
from typing import Any

import numpy as np
import orjson
from django.contrib.gis.db.models.functions import AsGeoJSON
from django.contrib.gis.geos import Point
from django.db.models import Count, QuerySet, Value, Window
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from events.querysets import EventQuerySet
from mapui import filters
from mapui.properties import (
    EVENT,
    EVENT_DETAIL,
    EVENT_PLACE,
    FACT,
    GEOMETRY,
    REGION,
    SITE,
    SITE_DETAIL,
    VILLAGE,
    VILLAGE_DETAIL,
)
from mapui.whats_on import happenings
from mapui.whats_on.nearby import Metres
from sites import board, clock
from sites.board import State
from sites.coverage import Facts
from sites.models import Coverage, Standard
from sites.querysets import RegionQuerySet, SiteQuerySet, VillageQuerySet

Feature = dict[str, Any]


def collection(features: list[Feature], matched: int) -> bytes:
    """A FeatureCollection; `matched` counts those that were asked for, however many are given."""
    document = {
        "type": "FeatureCollection",
        "numberMatched": matched,
        "numberReturned": len(features),
        "features": features,
    }
    return orjson.dumps(document)


def page(records: QuerySet, asked: filters.Paging) -> tuple[list, int]:
    """The part of a list of rows that is wanted, and how long the whole is."""
    counted = records.annotate(matched=Window(Count("*")))
    rows = list(counted[asked.offset : asked.offset + asked.limit])
    if not rows:
        return [], records.count() if asked.offset else 0
    return [row[:-1] for row in rows], rows[0][-1]


def regions(found: RegionQuerySet, asked: filters.Regions) -> bytes:
    """Divisions by code, each with its boundary or else its seat."""
    shape = Coalesce("boundary", "seat", output_field=GEOMETRY)
    rows, matched = page(_rows(found.order_by("code"), REGION, shape), asked)
    return collection(_features(rows, REGION), matched)


def villages(
    found: VillageQuerySet,
    asked: filters.Paging,
    standard: Standard | None = None,
    past: Facts | None = None,
) -> bytes:
    """Villages by code; with a standard also its stored facts, or `past` ones; null without any."""
    rows, matched = page(_rows(found.order_by("code"), VILLAGE), asked)
    features = _features(rows, VILLAGE)
    if past:
        _add_past(features, past)
    elif standard:
        _add_facts(features, standard)
    return collection(features, matched)


def village(found: VillageQuerySet, *, with_coverage: bool) -> bytes:
    """One village in full; maybe with its stored facts on every standard."""
    (one,) = _features(_rows(found, VILLAGE_DETAIL), VILLAGE_DETAIL)
    if with_coverage:
        columns = {"standard": "standard__code", **FACT, "nearest_name": "nearest__name"}
        stored = Coverage.objects.filter(subject=one["id"]).order_by("standard__code")
        one["properties"]["coverage"] = [
            _rounded(dict(zip(columns, values, strict=True)))
            for values in stored.values_list(*columns.values())
        ]
    return orjson.dumps(one)


def sites(found: SiteQuerySet, asked: filters.Sites, now: datetime.datetime) -> bytes:
    """Sites by code, or the nearest first with `distance_m`, each with its next and last event."""
    columns = SITE
    if asked.near:
        here = Value(Point(asked.near, srid=4326), GEOMETRY)
        found = found.annotate(metres=Metres("location", here)).order_by("metres", "code")
        columns = SITE | {"distance_m": "metres"}
    else:
        found = found.order_by("code")
    if asked.within is not None:
        found = found.filter(metres__lte=asked.within)
    rows, matched = page(_rows(found, columns), asked)
    return collection(_sites(_features(rows, columns), now), matched)


def site(found: SiteQuerySet, now: datetime.datetime) -> bytes:
    """One site in full."""
    (one,) = _sites(_features(_rows(found, SITE_DETAIL), SITE_DETAIL), now)
    return orjson.dumps(one)


def events(found: EventQuerySet, asked: filters.Events) -> bytes:
    """Events in the order of their beginnings."""
    rows, matched = page(_rows(found.order_by("starts_at", "code"), EVENT, EVENT_PLACE), asked)
    return collection(_events(_features(rows, EVENT)), matched)


def event(found: EventQuerySet) -> bytes:
    """One event in full."""
    (one,) = _events(_features(_rows(found, EVENT_DETAIL, EVENT_PLACE), EVENT_DETAIL))
    return orjson.dumps(one)


def gaps(facts: Facts, asked: filters.Gaps) -> bytes:
    """Who does not meet the standard, most needed first, and why."""
    found = board.gaps(facts, asked.region)
    states = board.states(facts)
    shown = found[asked.offset : asked.offset + asked.limit]
    features = [
        feature(facts.subjects.codes[i], _point(facts, i), _gap(facts, i, states[i])) for i in shown
    ]
    return collection(features, len(found))


def feature(code: str, geometry: object, properties: dict[str, Any]) -> Feature:
    """A Feature; `geometry` is a GeoJSON object, as a mapping or a fragment, or None."""
    return {"type": "Feature", "id": code, "geometry": geometry, "properties": properties}


def _rows(
    found: QuerySet, columns: dict[str, str], shape: str | Combinable = "location"
) -> QuerySet:
    """(code, geometry as text, the columns) a record."""
    return found.values_list("pk", AsGeoJSON(shape, precision=7), *columns.values())


def _features(rows: list[tuple], columns: dict[str, str]) -> list[Feature]:
    names = tuple(columns)
    features = []
    for code, geometry, *values in rows:
        properties = _rounded(dict(zip(names, values, strict=True)))
        features.append(feature(code, geometry and orjson.Fragment(geometry), properties))
    return features


def _rounded(properties: dict[str, Any]) -> dict[str, Any]:
    """Distances to 0.1 m."""
    if properties.get("distance_m") is not None:
        properties["distance_m"] = round(properties["distance_m"], 1)
    return properties


def _add_facts(villages: list[Feature], standard: Standard) -> None:
    if not villages:
        return
    span = (villages[0]["id"], villages[-1]["id"])  # they are in the order of their codes
    stored = Coverage.objects.filter(standard=standard, subject__range=span)
    facts = {code: values for code, *values in stored.values_list("subject", *FACT.values())}
    for village in villages:
        values = facts.get(village["id"], [None] * len(FACT))
        village["properties"] |= _rounded(dict(zip(FACT, values, strict=True)))


def _add_past(villages: list[Feature], past: Facts) -> None:
    place = {code: i for i, code in enumerate(past.subjects.codes)}
    for village in villages:
        i = place.get(village["id"])
        village["properties"] |= dict.fromkeys(FACT) if i is None else _verdict(past, i)


def _sites(sites: list[Feature], now: datetime.datetime) -> list[Feature]:
    """Add what follows from the dates: whether it is open, what comes, what was."""
    found = happenings.at_sites(
        [(site["id"], site["properties"]["kind"], site["properties"]["village"]) for site in sites],
        now,
    )
    for site in sites:
        about = site["properties"]
        about["status"] = _status(about["opened_on"], about["closed_on"], now.date())
        about["next_event"] = found.next.get(site["id"])
        about["last_event"] = found.last.get(site["id"])
    return sites


def _status(
    opened_on: datetime.date | None, closed_on: datetime.date | None, today: datetime.date
) -> str:
    if opened_on and opened_on > today:
        return "planned"
    return "closed" if closed_on and closed_on <= today else "open"


def _events(events: list[Feature]) -> list[Feature]:
    """Tell times in Shanghai's."""
    for event in events:
        about = event["properties"]
        for moment in ("starts_at", "ends_at", "moved_from"):
            about[moment] = about[moment] and about[moment].astimezone(clock.SHANGHAI)
    return events


def _point(facts: Facts, i: int) -> dict[str, Any] | None:
    point = facts.subjects.located.points[i]
    if np.isnan(point).any():
        return None
    return {"type": "Point", "coordinates": point.round(7).tolist()}


def _gap(facts: Facts, i: int, state: State) -> dict[str, Any]:
    subjects, people = facts.subjects, facts.subjects.population[i]
    return {
        "name": subjects.names[i],
        "subject": facts.standard.subject,
        "township": subjects.townships[i],
        "county": subjects.counties[i],
        "population": None if np.isnan(people) else int(people),
        "state": state,
        **_verdict(facts, i),
        "reason": board.reason(facts, i),
    }


def _verdict(facts: Facts, i: int) -> dict[str, Any]:
    """The fact on subject i under the names of FACT."""
    metres = facts.metres[i]
    return {
        "built": None if facts.built is None else bool(facts.built[i]),
        "reached": None if facts.reached is None else bool(facts.reached[i]),
        "met": bool(facts.met[i]),
        "certain": bool(facts.certain[i]),
        "nearest": facts.nearest[i],
        "distance_m": None if np.isnan(metres) else round(float(metres), 1),
        "last_event_on": board.last_event(facts, i),
    }
