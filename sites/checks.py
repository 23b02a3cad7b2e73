"""System checks: settings that are wrong are told at start, each with what to write instead."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from sites import routing


@register("routing")
def routing_server(**_options: object) -> list[CheckMessage]:
    """ROUTING_KIND is known, and ROUTING_URL is an address or empty."""
    found: list[CheckMessage] = []
    if settings.ROUTING_KIND not in routing.KINDS:
        found.append(
            Error(
                f"ROUTING_KIND is {settings.ROUTING_KIND!r}.",
                hint=f"Use one of: {', '.join(routing.KINDS)}.",
                id="sites.E001",
            )
        )
    if settings.ROUTING_URL and not _is_address(settings.ROUTING_URL):
        found.append(
            Error(
                f"ROUTING_URL is {settings.ROUTING_URL!r}.",
                hint="Give an address such as http://127.0.0.1:5000, or leave it empty.",
                id="sites.E002",
            )
        )
    return found


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        port_is_fine = parts.port != 0
    except ValueError:
        return False
    plain = not (parts.query or parts.fragment or url != url.strip())
    return parts.scheme in ("http", "https") and bool(parts.hostname) and plain and port_is_fine
