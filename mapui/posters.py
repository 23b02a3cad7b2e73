"""Posters to hang on site: large, with a code that opens the page of the place for ever.

What ages is not printed: the code leads to it. A4 and A3 are the same drawing.
"""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from mapui.context import site_name
from mapui.exports import pictures
from mapui.outward import short_links
from mapui.outward.addresses import Absolute
from sites import access
from sites.choices import Facility, Language, Source
from sites.models import Site

SIZES = {"a4": (210, 297, 4.2), "a3": (297, 420, 5.94)}  # millimetres, and those of a letter
MOST = 25  # posters in one file: a few seconds
VIEW = "-50 8 260 106"  # of a scene, as wide as the poster; the ground goes on beyond its frame
SCENES = "mapui/scenes.svg"
SYMBOL = re.compile(r'<symbol id="([\w-]+)"[^>]*>(.*?)</symbol>', re.DOTALL)
VARIABLE = re.compile(r"var\(--\w+, (#\w+)\)")


def posters(sites: Iterable[Site], size: str, absolute: Absolute) -> bytes:
    """A PDF with a poster a page. `size`: a4 or a3."""
    width, height, letter = SIZES[size]
    context = {
        "posters": [_poster(site, absolute) for site in sites],
        "width": width,
        "height": height,
        "letter": letter,
        "site_name": site_name(),
        "operator": settings.FURNITURE["operator"],
    }
    return pictures.pdf(render_to_string("mapui/papers/poster.html", context))


def wanted(user: access.User, region: str) -> QuerySet[Site]:
    """The places of a region whose posters the user may print, in the order of their codes."""
    sites = Site.objects.editable_by(user).within(region)
    return sites.select_related("county", "village").defer("county__boundary").order_by("code")


def _poster(site: Site, absolute: Absolute) -> dict[str, object]:
    address = absolute(short_links.short("site", site.code))
    return {
        "site": site,
        "address": address.split("://", 1)[-1],
        "code": _code(address),
        "scene": scene(site.kind),
        "facilities": [str(Facility(value).label) for value in site.facilities],
        "languages": [str(Language(value).label) for value in site.languages],
        "played": site.source == Source.DEMONSTRATION,
    }


def scene(kind: str) -> SafeString:
    """The calm picture that stands for a kind of place or of programme, as SVG."""
    shapes = _scenes()
    body = shapes["ground"] + shapes.get(kind, "")
    return mark_safe(  # noqa: S308 — our own file
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{VIEW}">{body}</svg>'
    )


@cache
def _scenes() -> dict[str, str]:
    """The shapes of every scene by its kind, in plain colours: a document knows no variables."""
    text = Path(finders.find(SCENES)).read_text(encoding="utf-8")
    return {name: VARIABLE.sub(r"\1", body) for name, body in SYMBOL.findall(text)}


def _code(address: str) -> SafeString:
    """A code that is still read when a quarter of it is scratched or wet."""
    import segno  # noqa: PLC0415  # only papers need it

    code = segno.make(address, error="q", micro=False, boost_error=False)
    return mark_safe(code.svg_inline(omitsize=True, border=4))  # noqa: S308 — squares only
