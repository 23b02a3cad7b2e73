"""What would let a left-out call in: changes tried on the plan, each confirmed before it is said."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from events.touring.insertion import Draft, Slot, Table, slots
from events.touring.model import Duty
from events.touring.planning import draft_of
from events.touring.problem import Problem
from events.touring.reach import reachable
from events.touring.reasons import cheapest, cheapest_drop, dropping
from events.touring.result import Change, Detail, Plan

LONGER_AT_MOST = 120  # minutes: rather another day or another visit dropped than longer than this
BEDS_TRIED = 12  # nearest to the call


def what_would_it_take(problem: Problem, plan: Plan, call: int) -> Change:
    """The cheapest change with which the plan, otherwise as it is, holds the call.

    In this order: none; another bed for one night; the day or the way to the bed longer by at most
    `LONGER_AT_MOST` minutes, whichever takes fewer; another day open; another team allowed; other
    visits dropped, worth least; a longer day. Every answer was tried on the plan.
    """
    draft = draft_of(problem, plan)
    for change in _changes(draft, call):
        return change
    return Change("impossible")


def _changes(draft: Draft, call: int) -> Iterator[Change]:
    possible = reachable(draft.problem)
    longer = _longer(draft, call, _everywhere(draft, call))
    if longer is not None and longer.detail.minutes == 0:
        yield Change("none", replace(longer.detail, minutes=None))
    yield from _other_bed(draft, call)
    farther = _bed_limit(draft, call)
    yield from _short([longer, farther])
    yield from _opened(draft, call, "other_day")
    yield from _opened(draft, call, "other_team")
    drop = cheapest_drop(draft, call, possible)
    if drop is not None:
        yield Change("drop", dropping(draft, drop))
    yield from (change for change in (longer, farther) if change is not None)


def _short(options: list[Change | None]) -> list[Change]:
    """Those that take few minutes more, the fewest first."""
    known = [(_more(change), change) for change in options if change is not None]
    return [change for more, change in sorted(known, key=lambda e: e[0]) if more <= LONGER_AT_MOST]


def _more(change: Change) -> int:
    minutes, limit = change.detail.minutes or 0, change.detail.limit or 0
    return minutes - limit if change.code == "bed_limit" else minutes


def _everywhere(draft: Draft, call: int) -> NDArray[np.bool_]:
    """(calls, duties) True for the call wherever its team is allowed, out of reach or not."""
    problem = draft.problem
    anywhere = np.zeros((len(problem.calls), len(problem.duties)), dtype=bool)
    anywhere[call] = [problem.allows(call, team) for team, _ in problem.duties]
    return anywhere


def _longer(draft: Draft, call: int, allowed: NDArray[np.bool_]) -> Change | None:
    table = Table(draft, slots(draft, draft.problem.duties))
    best = cheapest(draft, call, table, table.shortfalls([call], allowed)[0])
    if best is None:
        return None
    over, slot = best
    return Change("longer_day", Detail(*slot.duty, over, position=slot.position))


def _fitting(draft: Draft, call: int, duties: list[Duty] | None = None) -> Slot | None:
    """Where the call fits as things are."""
    table = Table(draft, slots(draft, duties or draft.problem.duties))
    row = table.shortfalls([call], _everywhere(draft, call))[0]
    for column in np.flatnonzero(row == 0):
        slot = table.slots[int(column)]
        if draft.fits(slot.duty, slot.with_call(call)):
            return slot
    return None


def _other_bed(draft: Draft, call: int) -> Iterator[Change]:
    problem = draft.problem
    place = problem.calls[call].place
    for duty in problem.duties:
        after = problem.next_day(*duty)
        options = [bed for bed in problem.nights_for(*duty) if bed != draft.nights[duty]]
        if after is None:
            continue
        both = [duty, (duty[0], after)]
        options.sort(key=lambda bed: problem.minutes_between(place, bed))
        for bed in options[:BEDS_TRIED]:
            moved = Draft(problem, {**draft.nights, duty: bed}, draft.routes)
            if not all(moved.fits(each, moved.calls(each)) for each in both):
                continue
            slot = _fitting(moved, call, both)
            if slot is not None:
                yield Change("other_bed", Detail(*duty, place=bed, position=slot.position))


def _bed_limit(draft: Draft, call: int) -> Change | None:
    limit = draft.problem.max_to_bed
    if limit is None or not draft.problem.beds:
        return None
    free = Draft(replace(draft.problem, max_to_bed=None), draft.nights, draft.routes)
    ways = []
    for duty in draft.problem.duties:
        route = (*draft.calls(duty), call)
        if draft.problem.leg_limit(*duty, draft.nights[duty]) is None or not draft.problem.allows(
            call, duty[0]
        ):
            continue
        if free.fits(duty, route):
            ways.append((free.drive(duty, route).last_leg, duty))
    if not ways or min(ways)[0] <= limit:
        return None
    minutes, duty = min(ways)
    place = draft.nights[duty]
    return Change(
        "bed_limit", Detail(*duty, minutes, limit, place, position=len(draft.calls(duty)))
    )


def _opened(draft: Draft, call: int, code: str) -> Iterator[Change]:
    """The call open all day on a day that it is closed, or allowed to a team that it is not."""
    problem = draft.problem
    each = problem.calls[call]
    for team, day in problem.duties:
        if code == "other_day":
            if each.spans(day) or not problem.allows(call, team):
                continue
            windows = [
                problem.teams[team].shifts[day] if d == day else None
                for d in range(problem.day_count)
            ]
            changed = replace(each, windows=tuple(windows))
        elif problem.allows(call, team):
            continue
        else:
            changed = replace(each, teams=(team,))
        calls = (*problem.calls[:call], changed, *problem.calls[call + 1 :])
        tried = Draft(replace(problem, calls=calls), draft.nights, draft.routes)
        slot = _fitting(tried, call, [(team, day)])
        if slot is not None:
            yield Change(code, Detail(team, day, position=slot.position))
