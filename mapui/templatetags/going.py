"""How to get to a place: map apps of a phone, and an address to copy."""

from django import template

from events.models import Event
from mapui import navigation
from sites.models import Site, Village

register = template.Library()


@register.inclusion_tag("mapui/going.html")
def going(to: Site | Village | Event) -> dict[str, object]:
    """One button that opens a choice of map apps; nothing where no position is known.

    An event is where its site is, else at its village's own point.
    """
    place = (to.site or to.village) if isinstance(to, Event) else to
    if place.location is None:
        return {"ways": None}
    ways = navigation.links(place.location.x, place.location.y, place.name)
    return {"ways": ways, "place": place, "address": _address(place)}


def _address(place: Site | Village) -> str:
    """What to tell a driver: the county, what is known of the street or the village, the name."""
    if isinstance(place, Village):
        parts = [place.township.parent, place.township, place]
    else:
        parts = [place.county, place.address or place.village, place]
    first, *rest = (str(part) for part in parts if part)
    return " ".join(rest if rest[0].startswith(first) else [first, *rest])
