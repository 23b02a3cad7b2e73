"""An event or a place as a picture to share."""

import hashlib

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response, patch_vary_headers

from events.models import Event
from mapui import short_links
from mapui.exports import cards
from sites import clock
from sites.models import Site

PNG = "image/png"


def event_card(request: HttpRequest, code: str) -> HttpResponse:
    """What, when and where an event is, with a code that leads to its page."""
    event = get_object_or_404(Event.objects.with_places(), code=code)
    moved = event.moved_from is not None
    address = request.build_absolute_uri(short_links.short("event", code))
    return _picture(request, cards.event_html(event, moved, address))


def site_card(request: HttpRequest, code: str) -> HttpResponse:
    """What and where a place is and what comes next there, with a code that leads to its page."""
    sites = Site.objects.select_related("county", "village").defer("county__boundary")
    site = get_object_or_404(sites, code=code)
    coming = Event.objects.filter(site=code).upcoming(clock.now()).select_related("programme")
    address = request.build_absolute_uri(short_links.short("site", code))
    return _picture(request, cards.site_html(site, coming.first(), address))


def _picture(request: HttpRequest, html: str) -> HttpResponse:
    """The document drawn; whoever has this picture already is told so before it is drawn."""
    etag = f'"{hashlib.blake2b(html.encode(), digest_size=12).hexdigest()}"'
    response = get_conditional_response(request, etag=etag)
    if response is None:
        response = HttpResponse(cards.drawn(html), PNG)
        response["ETag"] = etag
    response["Cache-Control"] = "public, max-age=300"
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    return response
