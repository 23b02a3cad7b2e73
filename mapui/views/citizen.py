"""Pages for everybody: the map, a place, a village."""

import datetime

from django.conf import settings
from django.contrib.gis.db.models import Extent
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from events.models import Event
from mapui import filters, place_page
from mapui.context import coverage_visible
from mapui.maps import MapParts, city_map
from mapui.modules import loaded_by
from mapui.whats_on import happenings, soon
from mapui.words import home_words, page_config
from sites import access, clock, freshness, roads, travel
from sites.choices import LISTED_KINDS, SiteKind
from sites.models import Coverage, Region, Site, Standard, Village

OTHER_KINDS = (SiteKind.SERVICE, SiteKind.FRONT)  # found like the sites, counted apart
CHINA = (73.0, 18.0, 135.0, 54.0)  # framed where no boundary is known yet


def home(request: HttpRequest) -> HttpResponse:
    """The map: what is on near and soon, and places; with a switch, coverage."""
    now = clock.now()
    found = soon.cards(now)
    counted = Site.objects.open_on(now.date())
    counts = dict(counted.listed().values_list("kind").annotate(Count("kind")))
    others = dict(counted.filter(kind__in=OTHER_KINDS).values_list("kind").annotate(Count("kind")))
    context = {
        "map": city_parts(),
        "map_config": {**page_config(home_words()), "paces": _paces(now.date())},
        "modules": loaded_by("home.js"),
        "kinds": [(SiteKind(kind), counts.get(kind, 0)) for kind in LISTED_KINDS],
        "other_kinds": [(SiteKind(kind), others.get(kind, 0)) for kind in OTHER_KINDS],
        "total": sum(counts.values()),
        "cards": found,
        "spans": soon.counts(found),
        "standards": Standard.objects.effective_on(now.date()).order_by("code"),
        "asked_place": _asked_place(request),
        **_listed(request, now),
    }
    return render(request, "mapui/home.html", context)


def _asked_place(request: HttpRequest) -> Site | None:
    """For those without script: the place that an address asks to show on the map."""
    code = filters.OnMap.read(request.GET, strict=False).place
    return Site.objects.filter(pk=code).only("code", "name").first() if code else None


def _paces(today: datetime.date) -> dict[str, object]:
    """How fast one gets about, for the browser, which alone knows from where."""
    drive = travel.speed(roads.speeds(), "", today.month)
    by = {"walk": travel.WALK, "drive": drive}
    told = {name: {"kmh": pace.kmh, "detour": pace.detour} for name, pace in by.items()}
    return {**told, "walked_m": travel.WALKED_M}


def _listed(request: HttpRequest, now: datetime.datetime) -> dict[str, object]:
    """For those without script: the counties, and what the one that is asked for has of a kind."""
    counties = Region.objects.counties().within(settings.CITY).order_by("code").only("code", "name")
    asked = filters.Regions.read(request.GET, strict=False).region
    kind = request.GET.get("kind")
    kinds = [SiteKind(kind)] if kind in SiteKind.values else []
    listed = {"counties": counties, "listed_kinds": kinds}
    if not asked:
        return listed
    sites = Site.objects.open_on(now.date()).within(asked).filter(kind__in=kinds or LISTED_KINDS)
    sites = list(sites.order_by("kind", "name").defer("footprint"))
    coming = happenings.at_sites([(s.code, s.kind, s.village_id) for s in sites], now).next
    places = [(each, coming.get(each.code)) for each in sites]
    return {**listed, "county": asked, "places": places}


def site(request: HttpRequest, code: str) -> HttpResponse:
    """One place: what it is, what comes, what was."""
    sites = Site.objects.select_related("county", "village__township", "organ")
    found = get_object_or_404(
        sites.defer("county__boundary", "village__township__boundary", "footprint"), code=code
    )
    may_edit = access.may_edit(request.user, "site", found.county_id)
    context = {**place_page.about(found, clock.now()), "may_edit": may_edit}
    return render(request, "mapui/site.html", context)


def village(request: HttpRequest, code: str) -> HttpResponse:
    """One village: what is near, what covers it, on every standard, and what was held in it."""
    villages = Village.objects.select_related("township__parent")
    outlines = ("township__boundary", "township__parent__boundary")
    place = get_object_or_404(villages.defer(*outlines), code=code)
    now = clock.now()
    events = Event.objects.in_village(code).with_places()
    context = {
        "village": place,
        "facts": _facts(code, now.date()) if coverage_visible(request) else [],
        "near": place_page.sites_near(place, now.date()),
        "sites": place.sites.open_on(now.date()),
        "upcoming": Event.objects.with_places().bound_for(events, village=code).to_come(now)[:20],
        "past": events.held_before(now)[:50],
        "past_total": events.held_before(now).count(),
    }
    return render(request, "mapui/village.html", context)


def _facts(code: str, today: datetime.date) -> QuerySet[Coverage]:
    freshness.ensure_fresh(today)
    facts = Coverage.objects.filter(subject=code).select_related("standard", "nearest")
    return facts.order_by("standard__code")


def city_parts(*, clustered: bool = True) -> MapParts:
    """The map of the city, framed on its boundaries."""
    extent = Region.objects.aggregate(extent=Extent("boundary"))["extent"]
    return city_map(extent or CHINA, clustered=clustered)
