"""A gap in a day, filled at once: the call worth most that fits, the plan otherwise as it is."""

from collections.abc import Iterable

from events.touring.insertion import Draft, Slot, Table, slots
from events.touring.model import Duty
from events.touring.problem import Problem
from events.touring.reach import reachable
from events.touring.result import Plan


def fill(problem: Problem, plan: Plan, duty: Duty, among: Iterable[int]) -> tuple[int, ...] | None:
    """The day's visits with the worthiest of the calls that fit; None where none does.

    Worth is the call's own, the bonus of the day and the units that no other visit serves; a must
    comes before all others. Of equal ones the shorter detour wins, then the lower number.
    """
    draft = Draft(
        problem,
        {(day.team, day.day): day.end for day in plan.days},
        {(day.team, day.day): tuple(visit.call for visit in day.visits) for day in plan.days},
    )
    visited = set(draft.visited)
    calls = sorted(set(among) - visited)
    if not calls or duty not in problem.duties:
        return None
    table = Table(draft, slots(draft, [duty]))
    missing = table.shortfalls(calls, reachable(problem))
    served = {unit for call in visited for unit in problem.calls[call].serves}
    options = [
        (-_worth(problem, call, duty[1], served), _detour(draft, slot, call), call, column)
        for row, call in zip(missing, calls, strict=True)
        for column, slot in enumerate(table.slots)
        if row[column] == 0
    ]
    for worth, _minutes, call, column in sorted(options):
        slot = table.slots[column]
        if worth < 0 and draft.fits(duty, slot.with_call(call)):
            return slot.with_call(call)
    return None


def _worth(problem: Problem, call: int, day: int, served: set[int]) -> float:
    each = problem.calls[call]
    newly = sum(problem.worth[unit] for unit in set(each.serves) - served)
    return each.value + each.bonus_on(day) + newly + each.must * problem.top


def _detour(draft: Draft, slot: Slot, call: int) -> int:
    """Minutes that the day's way is longer with the call in the slot."""
    start, end = draft.ends(slot.duty)
    places = [start, *(draft.problem.calls[each].place for each in slot.calls), end]
    before, after = places[slot.position], places[slot.position + 1]
    place, minutes = draft.problem.calls[call].place, draft.problem.minutes_between
    return minutes(before, place) + minutes(place, after) - minutes(before, after)
