"""The page as an application of the phone: its manifest, its service worker, what it says offline."""

import json

from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils.translation import gettext as _

from mapui.context import site_name
from mapui.naming import NAMES
from mapui.words import offline_words, page_config

ICONS = (
    ("icon.svg", "any", "any"),
    ("icon-192.png", "192x192", "any"),
    ("icon-512.png", "512x512", "any"),
    ("icon-maskable-512.png", "512x512", "maskable"),
)
TYPES = {"svg": "image/svg+xml", "png": "image/png"}
# What is kept when the worker is installed; with it what these pages load.
READINGS = "/offline/readings.json"
PAGES = ("/", "/events/", "/services/", "/offline/", READINGS)
DATA = (
    "/api/v1/sites?limit=10000",
    "/api/v1/regions?level=county",
    "/api/v1/regions?level=township&limit=10000",
    "/api/v1/villages?limit=10000",
    "/api/v1/events?limit=1000&from=",
)


def manifest(request: HttpRequest) -> HttpResponse:
    """What a phone needs to install the page."""
    name = site_name()
    icons = [
        {"src": static(f"mapui/{file}"), "sizes": sizes, "type": TYPES[file[-3:]], "purpose": use}
        for file, sizes, use in ICONS
    ]
    about = {
        "name": name,
        "short_name": name[:12],
        "description": _("家门口的法治广场、公园和长廊,近期的演出和讲座。"),
        "lang": request.LANGUAGE_CODE,
        "id": "/",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#1e3a70",
        "icons": icons,
    }
    return JsonResponse(about, content_type="application/manifest+json")


def favicon(request: HttpRequest) -> HttpResponse:
    """The icon for those who ask at the root, whatever the page says."""
    return redirect(static("mapui/icon-192.png"))


def worker(request: HttpRequest) -> HttpResponse:
    """The service worker of all public pages; another text, so a new one, where a file changed."""
    version = getattr(staticfiles_storage, "manifest_hash", "") or "0"
    kept = {
        "version": version,
        "pages": PAGES,
        "data": DATA,
        "offline": "/offline/",
        "readings": READINGS,
    }
    scripts = ", ".join(json.dumps(static(f"mapui/{name}.js")) for name in ("names", "worker"))
    text = f"self.kept = {json.dumps(kept)};\nimportScripts({scripts});\n"
    response = HttpResponse(text, "text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


def offline(request: HttpRequest) -> HttpResponse:
    """What is shown of a page that this phone has not opened yet; offline.js says what it knows."""
    return render(request, "mapui/offline.html", {"config": page_config(offline_words())})


def readings(request: HttpRequest) -> HttpResponse:
    """How the characters of all names are read, by syllable, for a search without network."""
    return JsonResponse(NAMES.readings(), json_dumps_params={"ensure_ascii": False})
