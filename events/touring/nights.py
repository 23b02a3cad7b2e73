"""Where to sleep, guessed before visits are planned: by the value that lies along each day's way.

In the guess a call costs its minutes, a hop, and a share of its detour from the way between the
day's two places; a day takes the most value per minute until it is full, and what one day has
taken no other can. Nights are moved by simulated annealing on the sum (Kirkpatrick, Gelatt & Vecchi
1983). It tells nights apart as well as a second of search does, in a thousandth of the time.
"""

from collections.abc import Mapping
from math import exp
from random import Random

import numpy as np
from numpy.typing import NDArray

from events.touring.clock import Drive, in_time
from events.touring.model import Duty, Nights, start_of
from events.touring.problem import Problem

HOP = 8  # minutes from one call to the next
SHARED = 3  # calls share a detour
DAYS_GUESSED = 6000  # in one annealing: some two tenths of a second
HEAT = 0.04  # of a day's value: what a move may lose at first
NEAR = 8  # beds
NEARBY = 0.6  # how often one of them is tried, not any


class Outlook:
    """What days between two places may be worth. `possible` (calls, duties) as of `reach`."""

    def __init__(self, problem: Problem, possible: NDArray[np.bool_]) -> None:
        self.problem = problem
        calls = range(len(problem.calls))
        places = np.array([call.place for call in problem.calls], dtype=np.int64)
        ends = {place for duty in problem.duties for place in problem.nights_for(*duty)}
        ends |= {team.begins for team in problem.teams}
        self._there = {end: problem.minutes[end, places].astype(np.int64) for end in ends}
        self._back = {end: problem.minutes[places, end].astype(np.int64) for end in ends}
        self._worth = np.array([most_worth(problem, call) for call in calls], dtype=np.float64)
        self._stays = np.array([call.minutes + HOP for call in problem.calls], dtype=np.float64)
        self._usable = {duty: possible[:, column] for column, duty in enumerate(problem.duties)}

    def value(self, nights: Mapping[Duty, int]) -> float:
        """What the days between these nights may be worth together."""
        free = np.ones(len(self._worth), dtype=bool)
        in_turn = sorted(self.problem.duties, key=lambda duty: (duty[1], duty[0]))
        return sum(self._taken(duty, dict(nights), free) for duty in in_turn)

    def _taken(self, duty: Duty, nights: Nights, free: NDArray[np.bool_]) -> float:
        """What the day may be worth; the calls that it takes are free no longer."""
        start, end = start_of(self.problem, nights, duty), nights[duty]
        team = self.problem.teams[duty[0]]
        opens, closes = team.shifts[duty[1]] or (0, 0)
        longest = closes - opens if team.max_duty is None else min(team.max_duty, closes - opens)
        way = self.problem.minutes_between(start, end)
        mine = np.flatnonzero(free & self._usable[duty])
        detours = np.maximum(self._there[start][mine] + self._back[end][mine] - way, 0)
        costs = self._stays[mine] + detours / SHARED
        order = np.argsort(-self._worth[mine] / costs, kind="stable")
        count = np.searchsorted(np.cumsum(costs[order]), longest - way, side="right")
        taken = mine[order[:count]]
        free[taken] = False
        return float(self._worth[taken].sum())


def guessed(outlook: Outlook, nights: Nights, random: Random) -> Nights:
    """Better nights than these, as far as the outlook tells."""
    problem = outlook.problem
    free = [duty for duty in problem.duties if len(problem.nights_for(*duty)) > 1]
    value = best = outlook.value(nights)
    found, count = nights, DAYS_GUESSED // len(problem.duties)
    for step in range(count if free else 0):
        duty = random.choice(free)
        moved = {**nights, duty: _other_bed(problem, duty, nights[duty], random)}
        change = outlook.value(moved) - value
        heat = HEAT * value / len(problem.duties) * (1 - step / count) ** 2
        if change >= 0 or (heat > 0 and random.random() < exp(change / heat)):
            nights, value = moved, value + change
        if value > best:
            found, best = nights, value
    return found


def _other_bed(problem: Problem, duty: Duty, at: int, random: Random) -> int:
    others = [bed for bed in problem.nights_for(*duty) if bed != at]
    if random.random() < NEARBY:
        others.sort(key=lambda bed: problem.minutes_between(at, bed))
        others = others[:NEAR]
    return random.choice(others)


def staying(problem: Problem) -> Nights:
    """Nights at home, or where the team is as long as it cannot get home in a day."""
    nights: Nights = {}
    for team, mine in enumerate(problem.teams):
        at = mine.begins
        for day in mine.days:
            options = problem.nights_for(team, day)
            at = next(
                (
                    place
                    for place in (mine.home, at)
                    if place in options and in_time(Drive(problem, team, day, at, (), place))
                ),
                _nearest_place(problem, at, options),
            )
            nights[team, day] = at
    return nights


def _nearest_place(problem: Problem, at: int, options: tuple[int, ...]) -> int:
    return min(options, key=lambda place: problem.minutes_between(at, place))


def most_worth(problem: Problem, call: int) -> float:
    """What the call is worth on its best day if nothing else serves its units."""
    return worth_alone(problem, call) + problem.calls[call].most_bonus


def worth_alone(problem: Problem, call: int) -> float:
    each = problem.calls[call]
    return each.value + sum(problem.worth[unit] for unit in each.serves)
