"""Where a period's events were held: by village, else by the site."""

from dataclasses import dataclass

from django.contrib.gis.db.models import PointField
from django.db.models import Count, F
from django.db.models.functions import Coalesce, Substr

from events.choices import Status
from events.models import Event
from events.reports.cells import COUNTY_DIGITS, Period

DIGITS = 6  # of a degree: a tenth of a metre


@dataclass(frozen=True)
class Place:
    """A village, or a site of no village, with how many events were held there.

    `lon`, `lat`: degrees, WGS 84; None where the village has no position.
    """

    code: str
    name: str
    county: str
    lon: float | None
    lat: float | None
    events: int


def held_places(period: Period, county: str = "") -> tuple[Place, ...]:
    """The places of the period's held events by code, each event at one place; one query."""
    events = Event.objects.filter(status=Status.HELD).between(period.first, period.last)
    rows = (
        (events.within(county) if county else events)
        .order_by()
        .values(
            place=Coalesce("village_id", "site__village_id", "site_id"),
            called=Coalesce("village__name", "site__village__name", "site__name"),
            within=Coalesce(
                Substr("village_id", 1, COUNTY_DIGITS),
                Substr("site__village_id", 1, COUNTY_DIGITS),
                F("site__county_id"),
            ),
            point=Coalesce(
                "village__location",
                "site__village__location",
                "site__location",
                output_field=PointField(),
            ),
        )
        .annotate(count=Count("pk"))
    )
    return tuple(sorted(map(_place, rows), key=lambda place: place.code))


def _place(row: dict) -> Place:
    point = row["point"]
    lon, lat = (round(side, DIGITS) for side in point.coords) if point else (None, None)
    return Place(row["place"], row["called"], row["within"], lon, lat, row["count"])
