"""Minutes by road where a routing server is set, kept in the database, and estimates elsewhere.

A server that fails is left alone for a while; what it has not answered is estimated. The places
nearest by distance are candidates, the road decides among them.
"""

import logging
import math
import time
from dataclasses import dataclass

import numpy as np
from django.conf import settings
from django.db import connection

from sites import geodesy, routing
from sites.models import Site, TravelSpeed
from sites.routing import Server
from sites.travel import Speed
from sites.verdicts import Bools, Floats, Ints, Located, Tally

logger = logging.getLogger(__name__)

CANDIDATES = 8  # places looked at beyond those that a standard asks for
SECONDS = 2.0  # that a page waits for a routing server in all
REST_SECONDS = 60.0  # that a server which failed is left alone
GRID = 1e5  # points are told apart by hundred-thousandths of a degree, about a metre
ROUNDING = 1e-9  # minutes: a limit that is reached exactly is kept

KNOWN = """
    SELECT asked.number - 1, COALESCE(t.minutes, 'Infinity') FROM sites_traveltime t
    JOIN unnest(%s::int[], %s::int[], %s::int[], %s::int[]) WITH ORDINALITY
      AS asked (from_lon, from_lat, to_lon, to_lat, number)
      USING (from_lon, from_lat, to_lon, to_lat)
    WHERE t.profile = %s"""

KEEP = """
    INSERT INTO sites_traveltime (profile, from_lon, from_lat, to_lon, to_lat, minutes)
    SELECT %s, * FROM unnest(%s::int[], %s::int[], %s::int[], %s::int[], %s::float8[])
    ON CONFLICT DO NOTHING"""

# Of this process: when a server that failed may be asked again.
_resting: dict[Server, float] = {}


@dataclass(frozen=True)
class Minutes:
    """Minutes to the place that decides, a row a subject: NaN where there is none, inf: no road.

    `by_road`: whether a routing server said so; else by `speeds`.
    """

    values: Floats
    by_road: Bools
    speeds: list[Speed]


def server() -> Server | None:
    """The routing server that is set, if any."""
    return Server(settings.ROUTING_KIND, settings.ROUTING_URL) if settings.ROUTING_URL else None


def profile() -> str:
    """Whose minutes are asked for; "" where they are estimated."""
    asked = server()
    return asked.profile if asked else ""


def speeds() -> list[Speed]:
    """Every speed that is on record."""
    return [each.as_speed() for each in TravelSpeed.objects.all()]


@dataclass(frozen=True)
class Judge:
    """Counts the places within `limit` minutes by road; the `need`-th quickest decides.

    Candidates are the nearest by distance. What the server does not answer is estimated by each
    subject's speed (`pace`), and so is what a position's error may add or take. `keep`: store
    the answers.
    """

    pace: list[Speed]
    limit: float
    need: int
    keep: bool = True

    def __call__(self, subjects: Located, sites: Located) -> tuple[Bools, Bools, Ints, Floats]:
        """(verdict, certain, index, metres); −1 and inf where there is no place."""
        index, metres = _candidates(subjects, sites, CANDIDATES + self.need - 1)
        each_metre = np.array([speed.minutes_for(1.0) for speed in self.pace])[:, None]
        i, nth = np.nonzero(index >= 0)
        j = index[i, nth]
        minutes = metres * each_metre
        road = between(subjects.points[i], sites.points[j], keep=self.keep)
        minutes[i, nth] = np.where(np.isnan(road), minutes[i, nth], road)
        slack = np.zeros(metres.shape)
        slack[i, nth] = (subjects.errors[i] + sites.errors[j]) * each_metre[i, 0]
        built, certain = self._tally(subjects, sites, minutes, slack).verdict(self.need)
        quickest = np.lexsort((index, metres, minutes), axis=-1)[:, self.need - 1]
        every = np.arange(len(index))
        return built, certain, index[every, quickest], metres[every, quickest]

    def _tally(self, subjects: Located, sites: Located, minutes: Floats, slack: Floats) -> Tally:
        counted, fewest, most = (
            (minutes + sign * slack <= self.limit + ROUNDING).sum(axis=1) for sign in (0, 1, -1)
        )
        unknown = np.isnan(subjects.points).any(axis=1)
        m = len(sites.points)
        most = np.where(unknown, m, most + m - len(sites.known()))
        return Tally(counted, fewest, most)


def _candidates(subjects: Located, sites: Located, k: int) -> tuple[Ints, Floats]:
    """The k nearest sites of each subject (n, k) and how many metres off; −1 and inf for none."""
    shape = (len(subjects.points), k)
    index, metres = np.full(shape, -1), np.full(shape, np.inf)
    rows, columns = subjects.known(), sites.known()
    if len(rows) and len(columns):
        near, far = geodesy.nearest(subjects.points[rows], sites.points[columns], k)
        near = near.reshape(len(rows), k)
        index[rows] = np.where(near >= 0, columns[near], -1)
        metres[rows] = far.reshape(len(rows), k)
    return index, metres


def told(points: Floats, nearest: list[str | None], metres: Floats, pace: list[Speed]) -> Minutes:
    """Minutes from points (n, 2) to the sites with these codes, `metres` away; asks no server."""
    values = metres * np.array([speed.minutes_for(1.0) for speed in pace])
    by_road = np.zeros(len(values), bool)
    if server():
        codes = {code for code in nearest if code}
        places = dict(Site.objects.filter(code__in=codes).values_list("code", "location"))
        known = [i for i, code in enumerate(nearest) if code in places]
        ends = np.array([places[nearest[i]].coords for i in known]).reshape(-1, 2)
        road = _stored(_grid(points[known], ends))
        answered = ~np.isnan(road)
        values[np.array(known, int)[answered]] = road[answered]
        by_road[np.array(known, int)[answered]] = True
    return Minutes(values, by_road, pace)


def between(
    starts: Floats, ends: Floats, *, keep: bool = True, seconds: float | None = None
) -> Floats:
    """Minutes by road for pairs of points (n, 2): inf where no road leads, NaN where not told.

    Never raises for a server's sake, and waits for it no longer than `seconds` (by default what a
    page waits, SECONDS; with 0 it is not asked at all). `keep`: store new answers.
    """
    asked = server()
    if asked is None or not len(starts):
        return np.full(len(starts), np.nan)
    grid = _grid(starts, ends)
    minutes = _stored(grid)
    missing = np.flatnonzero(np.isnan(minutes))
    wait = SECONDS if seconds is None else seconds
    if not len(missing) or not wait or _resting.get(asked, 0.0) > time.monotonic():
        return minutes
    minutes[missing] = _ask(asked, grid[missing] / GRID, wait)
    answered = missing[~np.isnan(minutes[missing])]
    if keep and len(answered):
        _store(asked, grid[answered], minutes[answered])
    return minutes


def _grid(starts: Floats, ends: Floats) -> Ints:
    return np.rint(np.hstack([starts, ends]) * GRID).astype(np.int64)


def _ask(asked: Server, pairs: Floats, seconds: float) -> Floats:
    """Minutes for pairs (n, 4); a failure is logged once, until the server answers again."""
    (sources, i), (targets, j) = (
        np.unique(part, axis=0, return_inverse=True) for part in (pairs[:, :2], pairs[:, 2:])
    )
    numbers = list(zip(i.reshape(-1).tolist(), j.reshape(-1).tolist(), strict=True))
    answer = routing.minutes(
        asked, list(map(tuple, sources)), list(map(tuple, targets)), numbers, seconds
    )
    if answer.failure:
        if asked not in _resting:
            logger.warning("%s: %s; minutes are estimated", asked.profile, answer.failure)
        _resting[asked] = time.monotonic() + REST_SECONDS
    elif _resting.pop(asked, None) is not None:
        logger.warning("%s answers again", asked.profile)
    return answer.minutes


def _stored(grid: Ints) -> Floats:
    """Minutes that are on record for rows (n, 4) of the grid; NaN where they are not."""
    minutes = np.full(len(grid), np.nan)
    with connection.cursor() as cursor:
        cursor.execute(KNOWN, [*(column.tolist() for column in grid.T), profile()])
        for number, value in cursor.fetchall():
            minutes[number] = value
    return minutes


def _store(asked: Server, grid: Ints, minutes: Floats) -> None:
    told = [None if math.isinf(value) else value for value in minutes.tolist()]
    with connection.cursor() as cursor:
        cursor.execute(KEEP, [asked.profile, *(column.tolist() for column in grid.T), told])
