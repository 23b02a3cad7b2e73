"""For search engines: robots.txt and the sitemaps."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from mapui.api.replies import reply
from mapui.outward import addresses, sitemaps
from mapui.problems import Missing
from sites import clock

XML = "application/xml"
TEXT = "text/plain; charset=utf-8"


def robots(request: HttpRequest) -> HttpResponse:
    """What may be looked at."""
    return reply(request, sitemaps.robots(addresses.absolute(request)).encode(), TEXT)


def index(request: HttpRequest) -> HttpResponse:
    """All sitemaps."""
    text = sitemaps.index(clock.today(), addresses.absolute(request))
    return reply(request, text.encode(), XML)


def sheet(request: HttpRequest, kind: str, number: int) -> HttpResponse:
    """One sitemap: pages of one kind, at most 50,000."""
    absolute = addresses.absolute(request)
    if (kind, number) == ("pages", 1):
        entries = sitemaps.pages(absolute)
    else:
        records = sitemaps.kinds(clock.today()).get(kind)
        entries = records.entries(number, absolute) if records and number else []
    if not entries:
        raise Missing(_("没有这份网站地图;全部列在 /sitemap.xml。"))
    return reply(request, sitemaps.sheet(entries).encode(), XML)
