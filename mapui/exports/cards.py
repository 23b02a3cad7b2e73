"""A place or an event as one picture, for the chat groups of a village: 1080 × 1350 pixels."""

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from events.models import Event
from mapui.context import site_name
from mapui.exports import pictures
from mapui.papers import qr
from sites.models import Site

WIDTH, HEIGHT = 1080, 1350  # pixels of the picture, and of its page in CSS
SCALE = 96 / 72  # pixels a point, so that a pixel of CSS becomes one
VIEW = "-50 8 260 106"  # of a scene, as wide as the picture; the ground goes on beyond its frame
SCENES = "mapui/scenes.svg"
SYMBOL = re.compile(r'<symbol id="([\w-]+)"[^>]*>(.*?)</symbol>', re.DOTALL)
VARIABLE = re.compile(r"var\(--\w+, (#\w+)\)")
KEPT = 48  # pictures in memory, of about 100 KB each


def event_html(event: Event, moved: bool, address: str) -> str:
    """The picture of an event as a document; `address`: where its code leads."""
    return _html(
        {"event": event, "place": event.site, "moved": moved}, event.programme.kind, address
    )


def site_html(site: Site, coming: Event | None, address: str) -> str:
    """The picture of a place as a document, with the event that comes next."""
    return _html({"place": site, "coming": coming}, site.kind, address)


def _html(about: Mapping[str, object], kind: str, address: str) -> str:
    common = {
        "width": WIDTH,
        "height": HEIGHT,
        "scene": scene(kind),
        "code": qr(address),
        "site_name": site_name(),
        "operator": settings.FURNITURE["operator"],
    }
    return render_to_string("mapui/papers/card.html", {**common, **about})


@lru_cache(maxsize=KEPT)
def drawn(html: str) -> bytes:
    """The document as PNG; the same document is drawn once."""
    return pictures.png(pictures.pdf(html), SCALE)


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
