"""What every page shows: the name, the footer's furniture, and whether data is a demonstration."""

from functools import partial

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from events.models import Event
from mapui import furniture
from mapui.display import Display
from mapui.outward import addresses
from sites.choices import Source
from sites.models import Region, Site, Standard, Village


def page(request: HttpRequest) -> dict[str, object]:
    """Context of every template."""
    return {
        "furniture": furniture_links(),
        "display": Display.of(request),
        "mongolian": f"{settings.MONGOLIAN_ORDER} size-{settings.MONGOLIAN_SIZE}",
        "site_name": SimpleLazyObject(site_name),
        "demonstration": SimpleLazyObject(is_demonstration),
        "origin": SimpleLazyObject(partial(addresses.origin, request)),
        "csp_nonce": getattr(request, "csp_nonce", ""),
        "coverage_visible": coverage_visible(request),
    }


def furniture_links() -> dict[str, str]:
    """The furniture that is set, and where its numbers lead."""
    return {
        **settings.FURNITURE,
        "police_link": furniture.police_link(settings.FURNITURE["police"]),
        "contact_link": furniture.contact_link(settings.FURNITURE["contact"]),
    }


def coverage_visible(request: HttpRequest) -> bool:
    """Whether coverage may be shown: to everybody, or where it is internal to users."""
    return settings.COVERAGE_PUBLIC or request.user.is_authenticated


def site_name() -> str:
    """What the product calls itself: by the setting, else by the city."""
    if settings.FURNITURE["name"]:
        return settings.FURNITURE["name"]
    city = Region.objects.filter(code=settings.CITY).values_list("name", flat=True).first() or ""
    return _("%(city)s法治地图") % {"city": city.removesuffix("市")}


def is_demonstration() -> bool:
    """Whether any record that is shown is for demonstration only."""
    first, *others = (
        model.objects.filter(source=Source.DEMONSTRATION).order_by().values("source")
        for model in (Site, Event, Standard, Village)
    )
    return first.union(*others).exists()
