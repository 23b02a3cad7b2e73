"""A draft made good: visits that no longer fit taken out, musts that are missing put in."""

from collections.abc import Callable, Iterator, Sequence
from itertools import product

import numpy as np
from numpy.typing import NDArray

from events.touring.insertion import Draft
from events.touring.model import Duty, Nights, Routes
from events.touring.nights import worth_alone
from events.touring.polish import polished, rank

NEAR = 3  # beds on either side of a must that are tried


def trimmed(draft: Draft, duties: Sequence[Duty] | None = None) -> Draft:
    """The draft without the visits, of least value first, that no longer fit these days."""
    routes: Routes = dict(draft.routes)
    for duty in draft.problem.duties if duties is None else duties:
        calls = list(draft.calls(duty))
        while calls and not draft.fits(duty, calls):
            calls.remove(_least(draft, duty, calls))
        routes[duty] = tuple(calls)
    return Draft(draft.problem, draft.nights, routes)


def _least(draft: Draft, duty: Duty, calls: list[int]) -> int:
    """The visit to take out: one that makes the day fit, else any; the least worth of them."""
    helping = [c for c in calls if draft.fits(duty, [other for other in calls if other != c])]
    problem = draft.problem

    def worth(call: int) -> tuple[bool, float]:
        each = problem.calls[call]
        return each.must, worth_alone(problem, call) + each.bonus_on(duty[1])

    return min(helping or calls, key=worth)


def with_musts(
    draft: Draft,
    calls: Sequence[int],
    possible: NDArray[np.bool_],
    spent: Callable[[], bool],
) -> Draft:
    """The draft with each of the musts among `calls` that nights near to it bring into a day.

    The search moves one night at a time and values the whole of a day; a far village may need
    both of its nights moved and its day to itself, which nothing else would lead to.
    """
    for call in calls:
        if not draft.problem.calls[call].must or call in draft.visited or spent():
            continue
        found = max(_around(draft, call, possible, spent), key=rank, default=draft)
        if rank(found) > rank(draft):
            draft = polished(found, calls, possible)
    return draft


def _around(
    draft: Draft, call: int, possible: NDArray[np.bool_], spent: Callable[[], bool]
) -> Iterator[Draft]:
    """Drafts in which the must is visited, on any day, between any nights near to it."""
    problem = draft.problem
    for column, duty in enumerate(problem.duties):
        if not possible[call, column] or spent():
            continue
        team, days = duty[0], problem.teams[duty[0]].days
        at = days.index(duty[1])
        before = (team, days[at - 1]) if at else None
        touched = [(team, day) for day in days[max(0, at - 1) : at + 2]]
        kept = tuple(each for each in draft.calls(duty) if problem.calls[each].must)
        for first, last in product(_beds(draft, before, call), _beds(draft, duty, call)):
            nights = {**draft.nights, **first, **last}
            alone = Draft(problem, nights, draft.routes)
            if not alone.fits(duty, (call,)):
                continue
            ways = [(*kept[:i], call, *kept[i:]) for i in range(len(kept) + 1)]
            route = next((way for way in ways if alone.fits(duty, way)), (call,))
            made = trimmed(alone.with_route(duty, route), touched)
            if all(made.fits(each, made.calls(each)) for each in touched):
                yield made


def _beds(draft: Draft, duty: Duty | None, call: int) -> list[Nights]:
    """The night as it is, and at the places for it that are nearest to the call."""
    if duty is None:
        return [{}]
    problem = draft.problem
    place = problem.calls[call].place
    options = problem.nights_for(*duty)
    near = sorted(options, key=lambda bed: problem.minutes_between(place, bed))[:NEAR]
    return [{duty: bed} for bed in dict.fromkeys([draft.nights[duty], *near])]
