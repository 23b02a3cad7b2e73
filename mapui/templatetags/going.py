"""How to get to a place: map apps of a phone, and an address to copy."""

from django import template
from django.contrib.gis.geos import Point
from django.urls import reverse

from events.models import Event
from mapui.outward import navigation
from mapui.words import MAP_APPS, rough_way
from sites.models import Site, Village

register = template.Library()


@register.inclusion_tag("mapui/going.html")
def going(to: Site | Village | Event, *, main: bool = False) -> dict[str, object]:
    """One button that opens a choice of map apps; nothing where no position is known.

    `main`: the one that most are here for. An event is `at` a point with `error_m`, as
    `properties.EVENT_SPOT` has it.
    """
    if isinstance(to, Event):
        place, at, error_m = _place(to), to.at, to.error_m
    else:
        place, at, error_m = to, to.location, to.position_error_m
    if at is None:
        return {"apps": None}
    ways = navigation.links(at.x, at.y, place.name)
    apps = [{"key": key, "name": name, "way": ways[key]} for key, name in MAP_APPS.items()]
    return {"apps": apps, "rough": rough_way(error_m), "address": address(place), "main": main}


@register.inclusion_tag("mapui/going_choice.html")
def going_choice() -> dict[str, object]:
    """The same choice, once for all places of a page: going.js fills in where it leads."""
    apps = [
        {"key": key, "name": name, "app": navigation.APPS[key]} for key, name in MAP_APPS.items()
    ]
    return {"apps": apps}


@register.inclusion_tag("mapui/go.html")
def go(to: Event) -> dict[str, object]:
    """A link that going.js leads to a map app, as far as it is known; else to the event's page.

    The event has `error_m`, as for `going`.
    """
    place = _place(to)
    page = reverse("event", args=[to.pk])
    rough = rough_way(to.error_m or 0)
    return {"page": page, "place": place.name, "address": address(place), "rough": rough}


@register.filter
def point(at: Point | None) -> str:
    """lon,lat in degrees, as the browser reads it; "" where nobody knows."""
    return f"{at.x:.6f},{at.y:.6f}" if at else ""


def _place(event: Event) -> Site | Village:
    return event.site or event.village


@register.filter
def address(place: Site | Village) -> str:
    """A site's county and street, where that is not on record its village; the same in places.js."""
    if isinstance(place, Village):
        township = place.township
        return navigation.address(township.parent.name, township.name, place.name)
    street = place.address or (place.village.name if place.village else "")
    return navigation.address(place.county.name, street, place.name)
