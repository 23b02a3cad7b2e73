"""Where in a village a programme can be given, and what the place lacks for it."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import F, FloatField, Func

from events.choices import Need
from sites.choices import SiteKind
from sites.models import Site, Village

FACILITY = {Need.POWER: "power", Need.STAGE: "stage", Need.SCREEN: "screen"}


@dataclass(frozen=True)
class Venue:
    """A place of a village; `site` is None where it is only the village's own point.

    `lacks`: needs that the place is known not to meet; `unknown`: those nobody has recorded.
    """

    site: str | None
    name: str
    lon: float
    lat: float
    error_m: int
    lacks: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def choose(
    villages: Collection[str], needs: Collection[str], on: datetime.date
) -> dict[str, Venue]:
    """The best place of each village for what is needed; villages without a position are left out.

    First who lacks least, then who is known to have most, then the village's own front. Two
    queries.
    """
    found: dict[str, tuple[tuple, Venue]] = {}
    for village, is_front, venue in _sites(villages, needs, on):
        rank = (len(venue.lacks), len(venue.unknown), not is_front, venue.site)
        if village not in found or rank < found[village][0]:
            found[village] = rank, venue
    venues = {village: venue for village, (_rank, venue) in found.items()}
    return _points([code for code in villages if code not in venues], needs) | venues


def _sites(villages: Collection[str], needs: Collection[str], on: datetime.date) -> list[tuple]:
    rows = Site.objects.open_on(on).filter(village__in=villages)
    columns = ("village_id", "kind", "code", "name", "lon", "lat", "position_error_m")
    answer = []
    for village, kind, *place, facilities, seats in (
        rows.annotate(lon=_ordinate("ST_X"), lat=_ordinate("ST_Y"))
        .values_list(*columns, "facilities", "indoor_seats")
        .order_by("code")
    ):
        lacks, unknown = _wanting(needs, facilities, seats)
        answer.append((village, kind == SiteKind.FRONT, Venue(*place, lacks, unknown)))
    return answer


def _wanting(
    needs: Collection[str], facilities: list[str], seats: int | None
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(lacks, unknown): nothing is known of a place with neither facilities nor seats recorded."""
    missing = tuple(
        need
        for need in needs
        if not (seats if need == Need.INDOOR else FACILITY.get(need, need) in facilities)
    )
    recorded = bool(facilities) or seats is not None
    return (missing, ()) if recorded else ((), missing)


def _points(villages: Collection[str], needs: Collection[str]) -> dict[str, Venue]:
    rows = Village.objects.filter(code__in=villages, location__isnull=False)
    places = rows.annotate(lon=_ordinate("ST_X"), lat=_ordinate("ST_Y")).values_list(
        "code", "name", "lon", "lat", "position_error_m"
    )
    return {code: Venue(None, *place, (), tuple(needs)) for code, *place in places}


def _ordinate(function: str) -> Func:
    return Func(F("location"), function=function, output_field=FloatField())
