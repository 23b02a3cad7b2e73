"""Why a call is left out: the cheapest insertion over the actual plan."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from events.touring.clock import timed
from events.touring.insertion import Draft, Slot, Table, slots
from events.touring.polish import WHOLE_DAY, Board, Prices
from events.touring.problem import Problem
from events.touring.reach import shortest_ways
from events.touring.result import Detail, Reason
from events.touring.windows import NEVER

AT_ONCE = 500  # calls in a table


def reasons(draft: Draft, possible: NDArray[np.bool_]) -> dict[int, Reason]:
    """One reason for every call that the draft leaves out, by call."""
    problem, visited = draft.problem, set(draft.visited)
    out = [call for call in range(len(problem.calls)) if call not in visited]
    found = {call: reason for call in out if (reason := _without_plan(problem, call, possible))}
    served = {unit: call for call in visited for unit in problem.calls[call].serves}
    prices = Prices(draft)
    possible = possible & _gaining(prices)
    for call in out:
        if call not in found and not possible[call].any():
            by = sorted({served[unit] for unit in problem.calls[call].serves if unit in served})
            found[call] = Reason("no_gain", Detail(calls=tuple(by), value=0))
    rest = [call for call in out if call not in found]
    musts = [call for call in rest if problem.calls[call].must]
    found.update(_excluded(draft, musts, possible))
    rest = [call for call in rest if call not in found]
    found.update(_no_time(draft, rest, possible))
    found.update(_worth_less(draft, [call for call in rest if call not in found], possible))
    for call in rest:
        if call not in found:
            found[call] = _nights(problem, call, possible)
    return dict(sorted(found.items()))


def _gaining(prices: Prices) -> NDArray[np.bool_]:
    """(calls, duties) whether the call would add value on that day."""
    problem = prices.draft.problem
    days = np.array([day for _, day in problem.duties], dtype=np.int64)
    gaining: NDArray[np.bool_] = prices.gains(range(len(problem.calls)))[:, days] > 0
    return gaining


def _without_plan(problem: Problem, call: int, possible: NDArray[np.bool_]) -> Reason | None:
    """Why no plan at all could hold the call alone, if so."""
    if possible[call].any():
        return None
    each = problem.calls[call]
    duties = [duty for duty in problem.duties if problem.allows(call, duty[0])]
    if not duties:
        return Reason("not_allowed", Detail())
    spans = {day: each.spans(day) for _, day in duties}
    longest = max((shut - opens for day in spans.values() for opens, shut in day), default=-1)
    if longest < each.minutes:
        known = longest if longest >= 0 else None
        return Reason("closed", Detail(minutes=each.minutes, limit=known))
    return Reason("out_of_reach", nearest_way(problem, call, limited=False))


def nearest_way(problem: Problem, call: int, *, limited: bool) -> Detail:
    """The day on which the call alone misses the team's limits by least.

    `minutes` from the earliest leaving (or the shortest duty) to the return, `limit` what the
    shift (or duty) allows, `place` the nearest bed or home. Where no day has a window that can be
    met or a bed that is near enough, `minutes` is the way to `place`, and `limit` what it may take.
    """
    best: tuple[tuple[int, int], Detail] | None = None
    place = np.array([problem.calls[call].place])
    for team, day in problem.duties:
        if not problem.allows(call, team):
            continue
        nights = problem.nights_for(team, day)
        ways = problem.minutes[place[0], list(nights)]
        near = int(ways.argmin())
        there, back = shortest_ways(problem, team, day, place, limited=limited)
        over, minutes, limit = _over(problem, call, (team, day), int(there[0]), int(back[0]))
        known = over < NEVER // 2
        detail = Detail(
            team=team,
            day=day,
            minutes=minutes if known else int(ways[near]),
            limit=limit if known else problem.leg_limit(team, day, nights[near]),
            place=nights[near],
        )
        badness = (min(over, NEVER // 2), int(ways[near]))
        if best is None or badness < best[0]:
            best = (badness, detail)
    return best[1] if best else Detail()


def _over(
    problem: Problem, call: int, duty: tuple[int, int], there: int, back: int
) -> tuple[int, int, int]:
    """Minutes over the limit, minutes needed, and the limit, for the call alone in that day."""
    each, mine = problem.calls[call], problem.teams[duty[0]]
    opens, closes = mine.shifts[duty[1]] or (0, 0)
    one = problem.windows(duty[1]).only([call])
    begin = int(one.begins(np.array([opens + there]), np.array([each.minutes]))[0])
    end = begin + each.minutes + back
    work = there + each.minutes + back
    if mine.max_duty is not None and work - mine.max_duty > end - closes:
        return work - mine.max_duty, work, mine.max_duty
    return end - closes, end - opens, closes - opens


def cheapest(
    draft: Draft, call: int, table: Table, row: NDArray[np.int64]
) -> tuple[int, Slot] | None:
    """The least minutes that a day must be longer for the call, and where it goes; exact.

    `row` (slots,) are the shortfalls of the table, which never say too much.
    """
    best: tuple[int, Slot] | None = None
    for column in np.argsort(row, kind="stable"):
        if row[column] >= (NEVER if best is None else best[0]):
            break
        slot = table.slots[column]
        over = draft.overrun(slot.duty, slot.with_call(call))
        if over is not None and (best is None or over < best[0]):
            best = (over, slot)
    return best


def _no_time(draft: Draft, calls: Sequence[int], possible: NDArray[np.bool_]) -> dict[int, Reason]:
    table = Table(draft, slots(draft, draft.problem.duties))
    spare = {duty: spare_minutes(draft, duty) for duty in draft.problem.duties}
    found = {}
    for first in range(0, len(calls), AT_ONCE):
        part = calls[first : first + AT_ONCE]
        for call, row in zip(part, table.shortfalls(part, possible), strict=True):
            best = cheapest(draft, call, table, row)
            if best is not None:
                over, slot = best
                found[call] = Reason(
                    "no_time",
                    Detail(*slot.duty, over, spare[slot.duty], position=slot.position),
                )
    return found


def spare_minutes(draft: Draft, duty: tuple[int, int]) -> int:
    """Minutes between the return of a day and the end of its shift (or its longest duty)."""
    drive = draft.drive(duty)
    day = timed(drive)
    spare = drive.shift[1] - day.back_at
    return spare if drive.max_duty is None else min(spare, drive.max_duty - day.duty)


def _nights(problem: Problem, call: int, possible: NDArray[np.bool_]) -> Reason:
    """Every bed is too far and home too, or it is the plan's nights that are the wrong ones."""
    near = nearest_way(problem, call, limited=True)
    if near.limit is not None and near.minutes is not None and near.minutes > near.limit:
        return Reason("out_of_reach", near)
    return Reason("other_nights", _other_nights(problem, call, possible))


def _other_nights(problem: Problem, call: int, possible: NDArray[np.bool_]) -> Detail:
    """The first day that could hold the call, and the night after it nearest to the call."""
    team, day = problem.duties[int(np.argmax(possible[call]))]
    place = problem.calls[call].place
    nights = problem.nights_for(team, day)
    near = min(nights, key=lambda night: problem.minutes_between(place, night))
    return Detail(team, day, problem.minutes_between(place, near), place=near)


def _dropped_for(
    draft: Draft, calls: Sequence[int], possible: NDArray[np.bool_]
) -> dict[int, Slot]:
    """Where calls fit for visits in a row that are worth least; without those that fit nowhere."""
    found: dict[int, Slot] = {}
    for first in range(0, len(calls), AT_ONCE):
        part = calls[first : first + AT_ONCE]
        found.update(Board(draft, part, possible, WHOLE_DAY).cheapest_drops())
    return found


def _worth_less(
    draft: Draft, calls: Sequence[int], possible: NDArray[np.bool_]
) -> dict[int, Reason]:
    return {
        call: Reason("worth_less", dropping(draft, slot))
        for call, slot in _dropped_for(draft, calls, possible).items()
    }


def _excluded(draft: Draft, musts: Sequence[int], possible: NDArray[np.bool_]) -> dict[int, Reason]:
    found = {}
    for call, slot in _dropped_for(draft, musts, possible).items():
        others = tuple(each for each in slot.dropped if draft.problem.calls[each].must)
        if others:
            detail = Detail(*slot.duty, calls=others, position=slot.position)
            found[call] = Reason("excluded_by_must", detail)
    return found


def dropping(draft: Draft, slot: Slot) -> Detail:
    """The slot's visits that go, and what the plan loses by that."""
    lost = Prices(draft).loss(slot.dropped, slot.duty[1], with_musts=False)
    return Detail(*slot.duty, calls=slot.dropped, value=lost, position=slot.position)


def cheapest_drop(draft: Draft, call: int, possible: NDArray[np.bool_]) -> Slot | None:
    """Where the call fits for visits in a row that are worth least together."""
    return _dropped_for(draft, [call], possible).get(call)
