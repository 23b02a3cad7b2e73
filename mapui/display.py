"""How a reader wants pages shown: the elder version, light or dark. Kept in cookies of a year."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.http import url_has_allowed_host_and_scheme

THEMES = ("auto", "light", "dark")
MARKS = ("embed", "elder")  # what an address says of how a page is shown


@dataclass(frozen=True)
class Display:
    """The reader's choices (without any the normal version, as light or dark as the device is);
    and whether the page stands in a page of others, without our head and foot."""

    elder: bool = False
    theme: str = "auto"
    embedded: bool = False

    @classmethod
    def of(cls, request: HttpRequest) -> "Display":
        """What the cookies say, or in a frame the address; anything else than a known choice is none."""
        theme = request.COOKIES.get("theme", "auto")
        embedded = _is_embedded(request)
        asked = embedded and _is_marked(request, "elder")  # no cookie reaches a frame
        elder = asked or request.COOKIES.get("elder") == "1"
        return cls(elder, theme if theme in THEMES else "auto", embedded)


def _is_embedded(request: HttpRequest) -> bool:
    """Whether the page is asked for a frame, or for a window of an application of others."""
    return request.path == "/embed/" or _is_marked(request, "embed") or is_framed(request)


def _is_marked(request: HttpRequest, mark: str) -> bool:
    return "1" in (request.GET.get(mark), _sent(request).get(mark))


def _sent(request: HttpRequest) -> QueryDict:
    """The form; an empty one where it cannot be read: the page that says so is shown, too."""
    try:
        return request.POST
    except BadRequest:
        return QueryDict()


def is_framed(request: HttpRequest) -> bool:
    """Whether the page is asked for a frame. Under a page of others no cookie of ours comes along."""
    return request.headers.get("Sec-Fetch-Dest") == "iframe"


def kept(request: HttpRequest, address: str) -> str:
    """An address of ours that is shown as this page is: marked, where this one is marked."""
    marks = [f"{mark}=1" for mark in MARKS if _is_marked(request, mark)]
    if not marks:
        return address
    return f"{address}{'&' if '?' in address else '?'}{'&'.join(marks)}"


def remember(response: HttpResponse, name: str, value: str) -> None:
    """Keep a choice in the browser."""
    response.set_cookie(
        name, value, max_age=settings.LANGUAGE_COOKIE_AGE, secure=settings.HTTPS, samesite="Lax"
    )


def way_back(request: HttpRequest) -> str:
    """The page of ours that a form was sent from, else the map."""
    came_from = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(came_from, {request.get_host()}, request.is_secure())
    parts = urlsplit(came_from)
    return f"{parts.path}{parts.query and '?'}{parts.query}" if ours and parts.path else "/"
