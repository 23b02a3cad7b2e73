"""Where a call would fit in the days of a plan, and what it would cost.

A day with visits v₁…vₖ has k + 1 slots. Per slot Eᵢ, the earliest minute of leaving the stop
before it, and Lᵢ, the latest minute of arriving at the stop after it for which all later windows
can still be kept (with the day's end, and without), decide in one step whether a call fits
(Savelsbergh 1992, "The vehicle routing problem with time windows: minimizing route duration").
What the arrays propose, `clock` confirms.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from events.touring.clock import Drive, begin_in, in_time, overrun
from events.touring.model import Duty, Nights, Routes, start_of
from events.touring.problem import Problem
from events.touring.windows import NEVER

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Slot:
    """Between two stops of a day whose visits are `calls` after `dropped` were taken out."""

    duty: Duty
    calls: tuple[int, ...]
    position: int
    dropped: tuple[int, ...] = ()

    def with_call(self, call: int) -> tuple[int, ...]:
        """The day's visits with the call in this slot."""
        return (*self.calls[: self.position], call, *self.calls[self.position :])


@dataclass(frozen=True)
class Draft:
    """A plan in the making: where days end and what is visited, in order."""

    problem: Problem
    nights: Nights
    routes: Routes

    def calls(self, duty: Duty) -> tuple[int, ...]:
        return self.routes.get(duty, ())

    def ends(self, duty: Duty) -> tuple[int, int]:
        """The places where the day starts and ends."""
        return start_of(self.problem, self.nights, duty), self.nights[duty]

    def drive(self, duty: Duty, calls: Sequence[int] | None = None) -> Drive:
        """The day as it is, or with other calls, to be timed."""
        start, end = self.ends(duty)
        return Drive(self.problem, *duty, start, self.calls(duty) if calls is None else calls, end)

    def fits(self, duty: Duty, calls: Sequence[int]) -> bool:
        """Whether the day with these calls keeps every limit."""
        return in_time(self.drive(duty, calls))

    def overrun(self, duty: Duty, calls: Sequence[int]) -> int | None:
        """Minutes that the day would have to be longer; None where that does not help."""
        return overrun(self.drive(duty, calls))

    def with_route(self, duty: Duty, calls: tuple[int, ...]) -> "Draft":
        return Draft(self.problem, self.nights, {**self.routes, duty: calls})

    @property
    def visited(self) -> tuple[int, ...]:
        return tuple(call for route in self.routes.values() for call in route)

    @property
    def value(self) -> float:
        return self.problem.worth_of(self.visited) + self.bonus

    @property
    def bonus(self) -> float:
        """What the visits are worth more because of their days."""
        calls = self.problem.calls
        return sum(
            calls[call].bonus_on(day) for (_, day), route in self.routes.items() for call in route
        )


def slots(draft: Draft, duties: Iterable[Duty], *, most_dropped: int = 0) -> list[Slot]:
    """All slots of these days, also with up to `most_dropped` visits in a row taken out."""
    found = []
    for duty in duties:
        calls = draft.calls(duty)
        for first, after in _runs(len(calls), most_dropped):
            kept = calls[:first] + calls[after:]
            dropped = calls[first:after]
            found += [Slot(duty, kept, at, dropped) for at in range(len(kept) + 1)]
    return found


def _runs(count: int, most: int) -> list[tuple[int, int]]:
    runs = [(i, i + n) for n in range(1, most + 1) for i in range(count - n + 1)]
    return [(0, 0), *runs]


@dataclass
class Table:
    """Slots as arrays, to be asked for many calls at once."""

    draft: Draft
    slots: Sequence[Slot]

    def __post_init__(self) -> None:
        known: dict[tuple[Duty, tuple[int, ...]], list[tuple[int, ...]]] = {}
        rows = []
        for slot in self.slots:
            key = (slot.duty, slot.calls)
            if key not in known:
                known[key] = _day_rows(self.draft, slot.duty, slot.calls)
            rows.append(known[key][slot.position])
        columns = np.array(rows, dtype=np.int64).reshape(len(rows), len(_COLUMNS)).T
        self.columns: dict[str, Ints] = dict(zip(_COLUMNS, columns, strict=True))
        self.days = np.array([slot.duty[1] for slot in self.slots], dtype=np.int64)

    def shortfalls(self, calls: Sequence[int], possible: NDArray[np.bool_]) -> Ints:
        """(calls, slots) at least so many minutes are missing; NEVER where no longer day helps.

        `possible` (calls of the problem, duties) rules out what cannot be visited at all. With a
        limit of duty, and where days have several windows, more may be missing.
        """
        index = np.array(calls, dtype=np.int64)
        problem, c = self.draft.problem, self.columns
        place = np.array([problem.calls[call].place for call in calls], dtype=np.int64)
        minutes = np.array([problem.calls[call].minutes for call in calls], dtype=np.int64)
        travel: NDArray[np.integer[Any]] = problem.minutes
        there = travel[c["before"][None, :], place[:, None]].astype(np.int64)
        onward = travel[place[:, None], c["after"][None, :]].astype(np.int64)
        begin = self._begins(index, c["leave"][None, :] + there, minutes)
        arrive = begin + minutes[:, None] + onward
        back = np.maximum(arrive + c["rest"], c["back"])
        work = c["work"] + there + onward + minutes[:, None] - c["way"]
        missing = np.maximum(np.maximum(back - c["closes"], work - c["duty"]), 0)
        never = (begin >= NEVER) | (arrive > c["latest"]) | (onward > c["limit"])
        column = {duty: k for k, duty in enumerate(problem.duties)}
        own = np.array([column[slot.duty] for slot in self.slots], dtype=np.int64)
        never |= ~possible[np.ix_(index, own)]
        return np.where(never, NEVER, missing)

    def _begins(self, calls: Ints, arrive: Ints, minutes: Ints) -> Ints:
        begins = np.empty_like(arrive)
        for day in np.unique(self.days):
            mine = self.days == day
            some = self.draft.problem.windows(int(day)).only(calls)
            begins[:, mine] = some.begins(arrive[:, mine], minutes)
        return begins


# Per slot: stops before and after, earliest leaving and latest arrival (windows alone), minutes of
# work after it, the day's return and work now, the way that falls out, and the day's limits.
_COLUMNS = (
    "before after leave latest rest back work way closes duty limit".split()  # noqa: SIM905
)


def _day_rows(draft: Draft, duty: Duty, calls: Sequence[int]) -> list[tuple[int, ...]]:
    problem, (start, end) = draft.problem, draft.ends(duty)
    team = problem.teams[duty[0]]
    opens, closes = team.shifts[duty[1]] or (0, 0)
    stops = [start, *(problem.calls[call].place for call in calls), end]
    legs = [problem.minutes_between(a, b) for a, b in pairwise(stops)]
    leaves = _leaves(problem, duty[1], calls, legs, opens)
    latest = _latest(problem, duty[1], calls, legs)
    stays = [problem.calls[call].minutes for call in calls]
    work, back = sum(legs) + sum(stays), leaves[-1] + legs[-1]
    limit = problem.leg_limit(*duty, end)
    rows: list[tuple[int, ...]] = []
    for at in range(len(calls) + 1):
        rest = sum(stays[at:]) + sum(legs[at + 1 :])
        leg = NEVER if limit is None or at < len(calls) else limit
        max_duty = NEVER if team.max_duty is None else team.max_duty
        now = (leaves[at], latest[at], rest, back, work, legs[at])
        rows.append((stops[at], stops[at + 1], *now, closes, max_duty, leg))
    return rows


def _leaves(
    problem: Problem, day: int, calls: Sequence[int], legs: Sequence[int], opens: int
) -> list[int]:
    leaves = [opens]
    for call, leg in zip(calls, legs, strict=False):
        each = problem.calls[call]
        begin = begin_in(each.spans(day), each.minutes, leaves[-1] + leg)
        leaves.append(NEVER if begin is None else begin + each.minutes)
    return leaves


def _latest(problem: Problem, day: int, calls: Sequence[int], legs: Sequence[int]) -> list[int]:
    """The latest arrival at the stop after each slot that keeps all windows from there on."""
    latest = [2 * NEVER]
    for call, leg in zip(reversed(calls), reversed(legs), strict=False):
        each = problem.calls[call]
        leave = latest[-1] - leg
        ends = [
            min(shut, leave) - each.minutes
            for opens, shut in each.spans(day)
            if min(shut, leave) - each.minutes >= opens
        ]
        latest.append(max(ends, default=-1))
    return latest[::-1]
