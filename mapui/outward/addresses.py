"""Addresses with scheme and host, for what leaves the site: previews, codes, calendars, sitemaps."""

from collections.abc import Callable

from django.http import HttpRequest
from django.utils.encoding import iri_to_uri

from mapui import furniture

Absolute = Callable[[str], str]  # a path of ours → an address with scheme and host


def origin(request: HttpRequest) -> str:
    """https://fazhi.example: as it is set, else as it was asked for."""
    return furniture.public_url() or f"{request.scheme}://{request.get_host()}"


def absolute(request: HttpRequest) -> Absolute:
    """What makes addresses of paths, the same whatever name the proxy calls this server by."""
    base = origin(request)
    return lambda path: iri_to_uri(f"{base}{path}")


def webcal(address: str) -> str:
    """An address of a calendar in the scheme by which phones subscribe to it."""
    return f"webcal:{address.partition(':')[2]}"
