"""Minutes and metres between the places of a tour: by road where a server is set, else estimated."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sites import geodesy, roads, travel

ESTIMATED = ""


@dataclass(frozen=True)
class Legs:
    """`minutes` (n, n) whole, `metres` (n, n) along the road; `by`: who said so, "" an estimate.

    `estimated`: the share of the pairs that no server has answered, 0 to 1.
    """

    minutes: NDArray[np.int64]
    metres: NDArray[np.float64]
    by: str
    estimated: float


UNREACHABLE = 24 * 60  # minutes: no road leads there, so no day is long enough


def between(points: NDArray[np.float64], settings: Sequence[str], month: int, slack: int) -> Legs:
    """All legs between points (n, 2) of lon, lat, in a month, with `slack` minutes added to each.

    An estimate goes half the way at the speed of the one end's setting and half at the other's.
    Minutes are rounded up; a place is no minutes from itself.
    """
    straight = _geodesics(points)
    pace = travel.speeds_of(roads.speeds(), settings, month)
    per_metre = np.array([speed.minutes_for(1.0) for speed in pace])
    detour = np.array([speed.detour for speed in pace])
    minutes = straight * (per_metre[:, None] + per_metre) / 2
    metres = straight * (detour[:, None] + detour) / 2
    by, estimated = ESTIMATED, 1.0
    if roads.server():
        road = _by_road(points)
        told = ~np.isnan(road)
        minutes = np.where(told, road, minutes)
        by, estimated = roads.profile(), 1 - float(told.mean())
    whole = np.where(np.isinf(minutes), UNREACHABLE, np.ceil(minutes)).astype(np.int64)
    whole[straight > 0] += slack
    np.fill_diagonal(whole, 0)
    return Legs(np.minimum(whole, UNREACHABLE), metres, by, estimated)


def _by_road(points: NDArray[np.float64]) -> NDArray[np.float64]:
    n = len(points)
    start, end = np.repeat(points, n, axis=0), np.tile(points, (n, 1))
    minutes = roads.between(start, end).reshape(n, n)
    np.fill_diagonal(minutes, 0.0)
    return minutes


def _geodesics(points: NDArray[np.float64]) -> NDArray[np.float64]:
    n = len(points)
    metres = np.zeros((n, n))
    i, j = np.triu_indices(n, 1)
    metres[i, j] = metres[j, i] = geodesy.distances(points[i], points[j]) if len(i) else 0.0
    return metres
