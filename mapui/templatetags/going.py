"""How to get to a place: map apps of a phone, and an address to copy."""

from django import template
from django.contrib.gis.geos import Point
from django.urls import reverse

from events.models import Event
from mapui.outward import navigation
from mapui.words import MAP_APPS
from sites.models import Site, Village

register = template.Library()


@register.inclusion_tag("mapui/going.html")
def going(to: Site | Village | Event) -> dict[str, object]:
    """One button that opens a choice of map apps; nothing where no position is known.

    An event is `at` a point, as `properties.EVENT_PLACE` has it.
    """
    place, village = _of(to) if isinstance(to, Event) else (to, getattr(to, "village", None))
    at = to.at if isinstance(to, Event) else to.location
    if at is None:
        return {"apps": None}
    ways = navigation.links(at.x, at.y, place.name)
    apps = [{"key": key, "name": name, "way": ways[key]} for key, name in MAP_APPS.items()]
    return {"apps": apps, "place": place, "address": _address(place, village)}


@register.inclusion_tag("mapui/going_choice.html")
def going_choice() -> dict[str, object]:
    """The same choice, once for all places of a page: going.js fills in where it leads."""
    apps = [
        {"key": key, "name": name, "app": navigation.APPS[key]} for key, name in MAP_APPS.items()
    ]
    return {"apps": apps}


@register.inclusion_tag("mapui/go.html")
def go(to: Event) -> dict[str, object]:
    """A link that going.js leads to a map app, as far as it is known; else to the event's page."""
    place, village = _of(to)
    page = reverse("event", args=[to.pk])
    return {"page": page, "place": place.name, "address": _address(place, village)}


@register.filter
def point(at: Point | None) -> str:
    """lon,lat in degrees, as the browser reads it; "" where nobody knows."""
    return f"{at.x:.6f},{at.y:.6f}" if at else ""


def _of(event: Event) -> tuple[Site | Village, Village | None]:
    """Where an event is, and the village that it is in."""
    return event.site or event.village, event.village


def _address(place: Site | Village, village: Village | None) -> str:
    if isinstance(place, Village):
        township = place.township
        return navigation.address(township.parent.name, township.name, place.name)
    street = place.address or (village.name if village else "")
    return navigation.address(place.county.name, street, place.name)
