"""Fewer candidates for the search: all musts, half by region, half by value per minute.

Half of the rest is taken in turn from the surroundings of each bed or home, the most valuable
first, so that remote areas survive; half by value per minute of visit and shortest way.
"""

import numpy as np
from numpy.typing import NDArray

from events.touring.problem import Problem
from events.touring.reach import reachable, shortest_ways

FEWEST = 400  # measured: fewer lose value, more lose time
PER_DUTY = 25  # or so many a day and team, several times what a day can hold


def candidates(problem: Problem) -> list[int]:
    """The calls that a search should be given. Asks for ways from and to beds and homes only."""
    return chosen_calls(problem, reachable(problem))


def chosen_calls(
    problem: Problem, possible: NDArray[np.bool_], count: int | None = None
) -> list[int]:
    """The calls that the search is given, ascending. `possible` (calls, duties) as of `reach`."""
    usable = np.flatnonzero(possible.any(axis=1))
    most = count or max(FEWEST, PER_DUTY * len(problem.duties))
    if len(usable) <= most:
        return [int(call) for call in usable]
    musts = {int(call) for call in usable if problem.calls[int(call)].must}
    rest = np.array([call for call in usable if int(call) not in musts], dtype=np.int64)
    worth = np.array([_worth(problem, call) for call in rest])
    left = max(most - len(musts), 0)
    chosen = dict.fromkeys(_in_turn(problem, rest, worth)[: left // 2])
    for call in rest[np.argsort(-_per_minute(problem, rest, worth), kind="stable")]:
        if len(chosen) >= left:
            break
        chosen.setdefault(int(call))
    return sorted(musts | set(chosen))


def _worth(problem: Problem, call: int) -> float:
    each = problem.calls[call]
    return each.value + each.most_bonus + sum(problem.worth[unit] for unit in each.serves)


def _per_minute(
    problem: Problem, calls: NDArray[np.int64], worth: NDArray[np.float64]
) -> NDArray[np.float64]:
    places = np.array([problem.calls[call].place for call in calls], dtype=np.int64)
    minutes = np.array([problem.calls[call].minutes for call in calls], dtype=np.float64)
    ways = [np.minimum(*shortest_ways(problem, *duty, places)) for duty in problem.duties]
    share: NDArray[np.float64] = worth / (minutes + np.min(ways, axis=0) + 1)
    return share


def _in_turn(problem: Problem, calls: NDArray[np.int64], worth: NDArray[np.float64]) -> list[int]:
    """All calls: the best around each bed or home, then the second best around each, and so on."""
    bases = sorted({place for duty in problem.duties for place in problem.nights_for(*duty)})
    places = np.array([problem.calls[call].place for call in calls], dtype=np.int64)
    base = problem.minutes[np.ix_(np.array(bases), places)].argmin(axis=0)
    order = np.lexsort((calls, -worth, base))
    rank = np.empty(len(calls), dtype=np.int64)
    _, first, size = np.unique(base[order], return_index=True, return_counts=True)
    rank[order] = np.arange(len(calls)) - np.repeat(first, size)
    return [int(call) for call in calls[np.lexsort((calls, -worth, rank))]]
