"""What a browser may keep for when there is no network: public pages and data, nobody's own."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

HEADER = "X-Offline"
PAGES = {
    "home",
    "site",
    "village",
    "events",
    "event",
    "coverage",
    "data",
    "services",
    "offline",
    "readings",
}
DATA = tuple(f"/api/v1/{kind}" for kind in ("sites", "villages", "regions", "events", "standards"))

View = Callable[[HttpRequest], HttpResponse]


def mark_public(get_response: View) -> View:
    """Say of a response whether our service worker may keep it."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if is_public(request, response):
            response[HEADER] = "keep"
        return response

    return respond


def is_public(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether this is a page or data that everybody is shown alike, without a place of the reader.

    Where it is the same as before, the browser puts these headers over those that it holds.
    """
    match = request.resolver_match
    listed = request.path.startswith(DATA) or (match and match.url_name in PAGES)
    own = settings.SESSION_COOKIE_NAME in request.COOKIES or "Authorization" in request.headers
    plain = "near" not in request.GET and "no-store" not in response.get("Cache-Control", "")
    return bool(
        request.method == "GET"
        and response.status_code in (200, 304)
        and listed
        and plain
        and not own
    )
