"""A strict Content-Security-Policy with a nonce, and clear pages where something fails."""

import secrets
from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from mapui import problems
from mapui.display import is_framed
from mapui.furniture import embedders
from mapui.maps import tile_hosts

View = Callable[[HttpRequest], HttpResponse]

READING = ("GET", "HEAD")


def takes_forms(view: View) -> View:
    """Mark a page that takes forms; all others only read. In a frame it opens outside of it."""

    @wraps(view)
    def shown(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if is_framed(request) and request.method in READING:
            return render(request, "mapui/own_window.html")
        return view(request, *args, **kwargs)

    shown.takes_forms = True
    return shown


def content_security_policy(get_response: View) -> View:
    """Allow our own files and scripts that carry this response's nonce; nothing else."""

    def respond(request: HttpRequest) -> HttpResponse:
        request.csp_nonce = secrets.token_urlsafe(16)
        response = get_response(request)
        frames = _may_frame(request)
        response.setdefault("Content-Security-Policy", _policy(request.csp_nonce, frames))
        if frames != "'none'":
            del response["X-Frame-Options"]  # the older header knows no list
            patch_vary_headers(response, ["Sec-Fetch-Dest"])
        return response

    return respond


def _may_frame(request: HttpRequest) -> str:
    """Nobody may frame the administration; our pages whoever is set."""
    return "'none'" if request.path.startswith("/admin/") else embedders()


def _policy(nonce: str, frames: str) -> str:
    images = " ".join(["'self'", "data:", *tile_hosts(settings.BASEMAP)])
    return (
        "default-src 'none'; "
        f"script-src 'self' 'nonce-{nonce}'; style-src 'self'; img-src {images}; "
        "font-src 'self'; connect-src 'self'; manifest-src 'self'; "
        f"form-action 'self'; base-uri 'none'; frame-ancestors {frames}"
    )


class ClearFailures:
    """Turn an exception that `problems` knows into its answer, for pages and API alike."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed):
            return problems.not_allowed(request, response)
        return response

    def process_view(
        self, request: HttpRequest, view: View, args: object, kwargs: object
    ) -> HttpResponse | None:
        """Refuse a method that a page does not serve, before its CSRF token is looked for.

        Django's own pages take forms, ours where they are marked; the API knows its methods.
        """
        reads = view.__module__.startswith("mapui.views.") and not hasattr(view, "takes_forms")
        allowed = READING if reads else (*READING, "POST")
        if request.path.startswith(problems.API) or request.method in allowed:
            return None
        return HttpResponseNotAllowed(allowed)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Django calls this when a view raises; None leaves it to Django."""
        problem = problems.describe(exception)
        return problem and problems.answer(request, problem)
