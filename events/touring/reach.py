"""Which calls can be made at all: alone in a day, from the best start to the best end.

The limit of the last leg rules nothing out: the visit after it may be nearer to the bed.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from events.touring.problem import Problem
from events.touring.windows import NEVER

Ints = NDArray[np.int64]


def starts_of(problem: Problem, team: int, day: int) -> tuple[int, ...]:
    """The places where the team may wake up on a day."""
    days = problem.teams[team].days
    before = days.index(day) - 1
    return problem.nights_for(team, days[before]) if before >= 0 else (problem.teams[team].begins,)


def shortest_ways(
    problem: Problem, team: int, day: int, places: Ints, *, limited: bool = False
) -> tuple[Ints, Ints]:
    """Minutes from the best start to each place, and from it to the best end (within the limit)."""
    travel: NDArray[np.integer[Any]] = problem.minutes
    starts = np.array(starts_of(problem, team, day))
    there = travel[np.ix_(starts, places)].min(axis=0).astype(np.int64)
    nights = problem.nights_for(team, day)
    backs = travel[np.ix_(places, np.array(nights))].astype(np.int64)
    for column, night in enumerate(nights if limited else ()):
        limit = problem.leg_limit(team, day, night)
        if limit is not None:
            backs[backs[:, column] > limit, column] = NEVER
    return there, backs.min(axis=1)


def reachable(problem: Problem) -> NDArray[np.bool_]:
    """(calls, duties) whether a call can be made alone on that team's day."""
    duties, calls = problem.duties, problem.calls
    possible = np.zeros((len(calls), len(duties)), dtype=bool)
    if not calls:
        return possible
    places = np.array([call.place for call in calls], dtype=np.int64)
    minutes = np.array([call.minutes for call in calls], dtype=np.int64)
    for column, (team, day) in enumerate(duties):
        there, back = shortest_ways(problem, team, day, places)
        mine = problem.teams[team]
        opens, closes = mine.shifts[day] or (0, -1)
        leave = problem.windows(day).begins(opens + there, minutes) + minutes
        fits = leave + back <= closes
        if mine.max_duty is not None:
            fits &= there + minutes + back <= mine.max_duty
        possible[:, column] = fits & _allowed(calls, team)
    return possible


def _allowed(calls: Sequence[Any], team: int) -> NDArray[np.bool_]:
    return np.array([call.teams is None or team in call.teams for call in calls], dtype=bool)
