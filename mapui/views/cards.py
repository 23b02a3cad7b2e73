"""An event, a place, a village or the city as a picture: of a link, and to share with a code."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response, patch_vary_headers

from events.models import Event
from mapui.exports import cards
from mapui.exports.cards import Card
from mapui.outward import addresses, sharing, short_links
from mapui.properties import EVENT_SPOT
from sites import clock
from sites.models import Site, Village

PNG = "image/png"
MINUTES_S = 300  # that a picture may be kept without asking: an event may be called off
OUTLINES = ("township__boundary", "township__parent__boundary")


def _site(code: str) -> Card:
    sites = Site.objects.select_related("county", "village").defer("county__boundary", "footprint")
    return sharing.of_site(get_object_or_404(sites, code=code), clock.now())


def _event(code: str) -> Card:
    events = Event.objects.with_places().annotate(**EVENT_SPOT)
    return sharing.of_event(get_object_or_404(events, code=code), clock.now())


def _village(code: str) -> Card:
    villages = Village.objects.select_related("township__parent").defer(*OUTLINES)
    return sharing.of_village(get_object_or_404(villages, code=code), clock.now())


CARDS: dict[str, Callable[[str], Card]] = {"site": _site, "event": _event, "village": _village}


def card(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    """The picture for chat groups, with a code that leads to the short address."""
    made = CARDS[kind](code)
    address = addresses.absolute(request)(short_links.short(kind, code))
    response = _picture(request, cards.tag(made, address), lambda: cards.tall(made, address))
    response["Link"] = f'<{address}>; rel="shortlink"'
    return response


def preview(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    """The picture that a messenger shows of a link to the page."""
    made = CARDS[kind](code)
    return _picture(request, cards.tag(made), lambda: cards.wide(made))


def around(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    """The map around the place, for its page."""
    made = CARDS[kind](code)
    return _picture(request, cards.tag(made, "around"), lambda: cards.alone(made))


def city(request: HttpRequest) -> HttpResponse:
    """The picture of the city, for links to pages that have none of their own."""
    made = sharing.of_city(clock.now())
    return _picture(request, cards.tag(made), lambda: cards.wide(made))


def _picture(request: HttpRequest, tag: str, draw: Callable[[], bytes]) -> HttpResponse:
    """The picture; whoever has it already is told so before it is drawn."""
    etag = f'"{tag}"'
    response = get_conditional_response(request, etag=etag)
    if response is None:
        response = HttpResponse(cards.kept(tag, draw), PNG)
        response["ETag"] = etag
    response["Cache-Control"] = f"public, max-age={MINUTES_S}"
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    return response
