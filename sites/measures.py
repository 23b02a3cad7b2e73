"""How far candidates are from whom they are for: as metres, or as minutes by road and estimate.

A candidate's way is asked of the routing server where it is among the nearest of a subject by
straight line; the ways beyond, and those that the server does not answer, are estimated.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from sites import geodesy, roads, travel
from sites.coverage import Facts, allowed_metres
from sites.travel import Speed
from sites.verdicts import Bools, Floats, Ints

DISTANCE, MINUTES = "distance", "minutes"
MEASURES = (DISTANCE, MINUTES)
MOST_PAIRS = 12_000  # ways asked of the routing server for one question
ROWS_AT_ONCE = 64
FURTHEST = 1.5  # a road may be so many times as quick as its estimate


@dataclass(frozen=True)
class Ways:
    """`values` (n, m): from n subjects to m candidates, inf where there is no way within reach.

    `radius`: the most that counts as near. `by_road` (n, m): whether a routing server said so;
    `answered` (n,): whether it answered all that was asked for. Both None where no minutes matter.
    """

    values: Floats
    radius: float
    by_road: Bools | None = None
    answered: Bools | None = None

    def estimated(self, assigned: Ints) -> int:
        """How many subjects' minutes are estimated, each being served by `assigned` (−1: nobody)."""
        if self.by_road is None or self.answered is None:
            return 0
        own = self.by_road[np.arange(len(assigned)), assigned]
        return int((~self.answered | ((assigned >= 0) & ~own)).sum())


def speaks_of_minutes(facts: Facts) -> bool:
    """Whether the standard says how near in minutes."""
    return facts.standard.max_minutes is not None


def pace_of(facts: Facts, who: Ints) -> list[Speed]:
    """How fast one gets about from each of the subjects, on the day of the facts."""
    settings = [facts.subjects.settings[i] for i in who]
    return travel.speeds_of(roads.speeds(), settings, facts.on.month)


def within_limits(facts: Facts, who: Ints, candidates: Floats) -> Ways | None:
    """Ways from subjects (n,) to candidates (m, 2), as far as the standard's clause asks.

    None where one number of metres holds for all, so that positions alone decide.
    """
    if not len(who):
        return None
    limits = allowed_metres(facts.standard, facts.subjects, facts.on)[who]
    starts = facts.subjects.located.points[who]
    by_server = speaks_of_minutes(facts) and roads.server() is not None
    if not by_server and len(np.unique(limits)) <= 1:
        return None
    i, j = geodesy.within(starts, candidates, limits * (FURTHEST if by_server else 1.0))
    metres = geodesy.distances(starts[i], candidates[j])
    shares = np.full((len(who), len(candidates)), np.inf)
    if not by_server:
        shares[i, j] = np.minimum(metres / limits[i], 1.0)
        return Ways(shares, 1.0)
    pace = pace_of(facts, who)
    minutes, by_road, answered = _asked(starts, candidates, pace, (i, j, metres))
    return Ways(minutes, facts.standard.max_minutes + roads.ROUNDING, by_road, answered)


def minutes_between(facts: Facts, who: Ints, candidates: Floats) -> Ways:
    """Minutes from subjects (n,) to every candidate (m, 2), however far."""
    starts = facts.subjects.located.points[who]
    i, j = (part.ravel() for part in np.indices((len(starts), len(candidates))))
    metres = _every_distance(starts, candidates)
    minutes, by_road, answered = _asked(starts, candidates, pace_of(facts, who), (i, j, metres))
    return Ways(minutes, np.inf, by_road, answered)


def _every_distance(starts: Floats, ends: Floats) -> Floats:
    """Metres of every pair (n · m,), row by row; pyproj lets other threads work meanwhile."""

    def rows(part: Floats) -> Floats:
        pairs = np.repeat(part, len(ends), axis=0), np.tile(ends, (len(part), 1))
        return geodesy.distances(*pairs)

    parts = [starts[at : at + ROWS_AT_ONCE] for at in range(0, len(starts), ROWS_AT_ONCE)]
    with ThreadPoolExecutor() as threads:
        return np.concatenate([np.empty(0), *threads.map(rows, parts)])


def _asked(
    starts: Floats, ends: Floats, pace: list[Speed], pairs: tuple[Ints, Ints, Floats]
) -> tuple[Floats, Bools, Bools]:
    """Minutes (n, m) of the pairs (i, j, metres), inf elsewhere; by road; all answered (n,)."""
    i, j, metres = pairs
    shape = (len(starts), len(ends))
    minutes, by_road = np.full(shape, np.inf), np.zeros(shape, bool)
    minutes[i, j] = metres * np.array([speed.minutes_for(1.0) for speed in pace])[i]
    if roads.server() is None:
        return minutes, by_road, np.zeros(len(starts), bool)
    asked = _nearest(i, metres, max(roads.CANDIDATES, MOST_PAIRS // max(len(starts), 1)))
    rows, columns = i[asked], j[asked]
    road = roads.between(starts[rows], ends[columns])
    told = ~np.isnan(road)
    minutes[rows[told], columns[told]] = road[told]
    by_road[rows[told], columns[told]] = True
    answered = np.ones(len(starts), bool)
    answered[rows[~told]] = False
    return minutes, by_road, answered


def _nearest(row: Ints, metres: Floats, k: int) -> Ints:
    """Which of the pairs are among the k nearest of their row."""
    order = np.lexsort((metres, row))
    first = np.searchsorted(row[order], row[order])
    return order[np.arange(len(order)) - first < k]
