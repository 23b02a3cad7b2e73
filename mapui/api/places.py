"""Divisions, villages and sites for reading."""

from django.http import HttpRequest, HttpResponse
from ninja import Router

from mapui import filters, layers
from mapui.api import auth
from mapui.api.replies import READ, only, reads, reply
from mapui.api.standards import in_effect
from sites import clock, freshness
from sites.models import Region, Site, Village

router = Router(tags=["places"])


@router.api_operation(
    READ, "/regions", summary="Divisions", **reads(filters.Regions, "FeatureCollection")
)
def regions(request: HttpRequest) -> HttpResponse:
    """Divisions by code; the geometry is the boundary, else the seat.

    Properties: name level statutory list_year parent source.
    """
    asked = filters.Regions.read(request.GET)
    return reply(request, layers.regions(asked.apply(Region.objects.all()), asked))


@router.api_operation(
    READ,
    "/villages",
    summary="Villages and communities",
    **reads(filters.Villages, "FeatureCollection", 401, 404),
)
def villages(request: HttpRequest) -> HttpResponse:
    """Villages by code.

    Properties: name kind township township_name county county_name setting population position
    position_error_m source; with `standard` also built reached met certain nearest distance_m
    last_event_on, as of today or of the day `on`.
    """
    asked = filters.Villages.read(request.GET)
    today = clock.today()
    on = asked.day(today)
    standard = past = None
    if asked.standard:
        auth.require_coverage(request)
        standard = in_effect(asked.standard, on)
        past = freshness.facts(standard, on, today) if on != today else None
        freshness.ensure_fresh(today)
    found = asked.apply(Village.objects.all())
    return reply(request, layers.villages(found, asked, standard, past))


@router.api_operation(
    READ,
    "/villages/{slug:code}",
    summary="One village",
    **reads(filters.Nothing, "Feature", 404),
)
def village(request: HttpRequest, code: str) -> HttpResponse:
    """The same properties and more; `coverage` has its verdicts on every standard about villages.

    `coverage` is absent where coverage is internal and nobody is signed in.
    """
    filters.Nothing.read(request.GET)
    found = only(Village.objects.all(), code)
    show = auth.sees_coverage(request)
    if show:
        freshness.ensure_fresh(clock.today())
    return reply(request, layers.village(found, with_coverage=show))


@router.api_operation(READ, "/sites", summary="Sites", **reads(filters.Sites, "FeatureCollection"))
def sites(request: HttpRequest) -> HttpResponse:
    """Sites by code, or the nearest first.

    Properties: name kind tier designation region region_name village village_name address opened_on
    closed_on status position_error_m source next_event last_event (each `{code, programme, programme_name,
    starts_at}` or null), with `near` also distance_m.
    """
    asked = filters.Sites.read(request.GET)
    now = clock.now()
    found = asked.apply(Site.objects.all(), now.date())
    return reply(request, layers.sites(found, asked, now))


@router.api_operation(
    READ, "/sites/{slug:code}", summary="One site", **reads(filters.Nothing, "Feature", 404)
)
def site(request: HttpRequest, code: str) -> HttpResponse:
    """The same properties and more."""
    filters.Nothing.read(request.GET)
    found = only(Site.objects.all(), code)
    return reply(request, layers.site(found, clock.now()))
