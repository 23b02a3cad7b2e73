"""Minutes and metres between the places of a tour: by road where a server is set, else estimated."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sites import geodesy, roads, travel

ESTIMATED = ""
PATIENCE = 20.0  # seconds that planning waits for a routing server, unlike a page
UNREACHABLE = 24 * 60  # minutes: no road leads there, so no day is long enough

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Places:
    """Points (n, 2) of lon, lat with their settings, in a month; `slack`: minutes more each leg."""

    points: Floats
    settings: Sequence[str]
    month: int
    slack: int

    @cached_property
    def pace(self) -> tuple[Floats, Floats]:
        """Minutes a metre of straight line, and detours, at each place."""
        pace = travel.speeds_of(roads.speeds(), self.settings, self.month)
        per_metre = np.array([speed.minutes_for(1.0) for speed in pace])
        return per_metre, np.array([speed.detour for speed in pace])


@dataclass(frozen=True)
class Legs:
    """`minutes` (n, n) whole, `metres` (n, n) along the road; `by`: who was asked, "" nobody.

    `told` (n, n): the server has answered; the others are estimated. None where it has told all.
    """

    minutes: NDArray[np.int64]
    metres: Floats
    by: str
    told: NDArray[np.bool_] | None = None

    def is_estimated(self, start: int, end: int) -> bool:
        """Whether a server was asked for this leg, and has not answered."""
        return self.told is not None and not bool(self.told[start, end])


def between(places: Places, seconds: float | None = None, asked: int | None = None) -> Legs:
    """All legs between the places.

    An estimate goes half the way at the speed of the one end's setting and half at the other's.
    Minutes are rounded up; a place is no minutes from itself. A routing server is waited for as
    in `roads.between`, and asked only for legs that have an end among the first `asked` places.
    """
    straight = _geodesics(places.points)
    per_metre, detour = places.pace
    minutes = straight * (per_metre[:, None] + per_metre) / 2
    metres = straight * (detour[:, None] + detour) / 2
    by, told = ESTIMATED, None
    if roads.server():
        road = _by_road(places.points, straight, seconds, asked)
        told = ~np.isnan(road)
        minutes = np.where(told, road, minutes)
        by, told = roads.profile(), None if told.all() else told
    return Legs(_whole(minutes, straight, places.slack), metres, by, told)


def around(places: Places, count: int) -> NDArray[np.int16]:
    """(n, n) estimated minutes from and to the first `count` places; 0 between all others.

    Of a large matrix only these parts are ever written: the rest takes no memory.
    """
    points, n = places.points, len(places.points)
    i, j = np.repeat(np.arange(count), n), np.tile(np.arange(n), count)
    straight = geodesy.distances(points[i], points[j]).reshape(count, n)
    per_metre, _ = places.pace
    minutes = np.ceil(straight * (per_metre[:count, None] + per_metre) / 2)
    minutes[straight > 0] += places.slack
    whole = np.minimum(minutes, UNREACHABLE).astype(np.int16)
    found = np.zeros((n, n), np.int16)
    found[:count], found[:, :count] = whole, whole.T
    return found


def _whole(minutes: Floats, straight: Floats, slack: int) -> NDArray[np.int64]:
    whole = np.where(np.isinf(minutes), UNREACHABLE, np.ceil(minutes)).astype(np.int64)
    whole[straight > 0] += slack
    np.fill_diagonal(whole, 0)
    return np.minimum(whole, UNREACHABLE)


def _by_road(points: Floats, straight: Floats, seconds: float | None, asked: int | None) -> Floats:
    """(n, n) minutes by road, NaN where not told; between places at one point there is no way."""
    minutes = np.where(straight > 0, np.nan, 0.0)
    wanted = straight > 0
    if asked is not None:
        wanted[asked:, asked:] = False
    i, j = np.nonzero(wanted)
    minutes[i, j] = roads.between(points[i], points[j], seconds=seconds)
    return minutes


def _geodesics(points: Floats) -> Floats:
    n = len(points)
    metres = np.zeros((n, n))
    i, j = np.triu_indices(n, 1)
    metres[i, j] = metres[j, i] = geodesy.distances(points[i], points[j]) if len(i) else 0.0
    return metres
