"""What the page of a place or a village shows: what is there, its story, what is near."""

import datetime
from typing import Any

from django.contrib.gis.db.models.functions import GeometryDistance
from django.db.models import Max, Min, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from events.models import Event
from mapui import filters
from sites import geodesy, sentences
from sites.choices import Facility, Language, SiteKind
from sites.models import Site, Village
from sites.querysets import SiteQuerySet

NEAR_FRONTS, NEAR_SITES = 3, 5
LOOKED_AT = 24  # by degrees, which mislead by as much as the latitude
STORY = 12  # events of the past that are shown at once

Near = list[tuple[Site, str]]  # each with its distance in words


def about(site: Site, now: datetime.datetime) -> dict[str, Any]:
    """The context of a place's page."""
    events = filters.Events(site=site.code).apply(Event.objects.with_places())
    held = events.held_before(now)
    story = held.order_by().aggregate(
        first=Min("starts_at"), last=Max("starts_at"), people=Coalesce(Sum("attendance"), 0)
    )
    return {
        "site": site,
        "facilities": [str(Facility(value).label) for value in _other_facilities(site)],
        "is_step_free": Facility.STEP_FREE in site.facilities,
        "has_toilets": Facility.TOILETS in site.facilities,
        "languages": [str(Language(value).label) for value in site.languages],
        "is_open": Site.objects.open_on(now.date()).filter(pk=site.pk).exists(),
        "photos": site.photos.all(),
        "fronts": fronts_near(site, now.date()),
        "upcoming": Event.objects.with_places().bound_for(events, site=site.code).to_come(now)[:20],
        "past": held[:50],
        "past_total": held.count(),
        "story": story,
        "shown": STORY,
    }


def _other_facilities(site: Site) -> list[str]:
    """Those that are not told apart, under accessibility."""
    told = (Facility.STEP_FREE, Facility.TOILETS)
    return [value for value in site.facilities if value not in told]


def fronts_near(site: Site, day: datetime.date) -> Near:
    """The nearest open village fronts; the site itself left out."""
    fronts = Site.objects.open_on(day).filter(kind=SiteKind.FRONT).exclude(pk=site.pk)
    return [
        (each, _how_far(site, each, away)) for each, away in _nearest(site, fronts, NEAR_FRONTS)
    ]


def sites_near(village: Village, day: datetime.date) -> Near:
    """The nearest open sites that are counted; none where nobody knows where the village is."""
    found = _nearest(village, Site.objects.open_on(day).listed(), NEAR_SITES)
    return [(each, sentences.distance(away, _error(village, each))) for each, away in found]


def _nearest(here: Site | Village, sites: SiteQuerySet, most: int) -> list[tuple[Site, float]]:
    """With the metres between."""
    if here.location is None:
        return []
    sites = sites.order_by(GeometryDistance("location", here.location))
    found = list(sites.only("code", "name", "kind", "location", "position_error_m")[:LOOKED_AT])
    if not found:
        return []
    there = [each.location.coords for each in found]
    index, metres = geodesy.nearest([here.location.coords], there, min(most, len(found)))
    pairs = zip(index.ravel().tolist(), metres.ravel().tolist(), strict=True)
    return [(found[i], away) for i, away in pairs]


def _error(here: Site | Village, other: Site) -> float:
    return here.position_error_m + other.position_error_m


def _how_far(here: Site, other: Site, metres: float) -> str:
    """No distance where the positions may be wrong by as much."""
    error = _error(here, other)
    return sentences.distance(metres, error) if error < metres else _("就在附近")
