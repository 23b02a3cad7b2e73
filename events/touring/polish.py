"""What a search leaves lying: calls that still fit, and exchanges within a day that gain.

After it, no left-out call that would add value fits anywhere as it is, nor for up to
`MOST_DROPPED` visits in a row that are worth less; nor a must for any number in a row.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from events.touring.insertion import Draft, Slot, Table, slots
from events.touring.model import Duty
from events.touring.problem import Problem

MOST_DROPPED = 3
WHOLE_DAY = 10**3  # visits in a row taken out: all of them
MOST_STEPS = 300
MOST_TRIED = 10  # exchanges a day and step; insertions are all tried


def rank(draft: Draft) -> float:
    """The value of a draft, with musts dominating."""
    return draft.value + sum(weight(draft.problem, call) for call in draft.visited)


def weight(problem: Problem, call: int) -> float:
    """The dominating part of a must's value."""
    return problem.top if problem.calls[call].must else 0.0


@dataclass(frozen=True)
class Prices:
    """What visits are worth in a draft, units that several of them serve counted once."""

    draft: Draft
    served: Counter[int] = field(init=False)

    def __post_init__(self) -> None:
        problem = self.draft.problem
        units = (unit for call in self.draft.visited for unit in problem.calls[call].serves)
        object.__setattr__(self, "served", Counter(units))

    def gain(self, call: int) -> float:
        """What visiting the call would add, but for the bonus of the day."""
        problem = self.draft.problem
        each = problem.calls[call]
        new = sum(problem.worth[unit] for unit in set(each.serves) if not self.served[unit])
        return each.value + new + problem.top * each.must

    def gains(self, calls: Sequence[int]) -> NDArray[np.float64]:
        """(calls, days) what visiting each of them on each day would add."""
        plain = np.array([self.gain(call) for call in calls], dtype=np.float64)
        bonuses: NDArray[np.float64] = self.draft.problem.bonuses[np.array(calls, np.int64)]
        return plain[:, None] + bonuses

    def loss(self, dropped: Sequence[int], day: int, with_musts: bool = True) -> float:
        """What taking these visits of that day out would lose."""
        problem = self.draft.problem
        calls = [problem.calls[call] for call in dropped]
        gone = Counter(unit for call in calls for unit in set(call.serves))
        lost = sum(problem.worth[unit] for unit, n in gone.items() if self.served[unit] <= n)
        musts = problem.top * sum(call.must for call in calls) if with_musts else 0.0
        return sum(call.value + call.bonus_on(day) for call in calls) + lost + musts


class Board:
    """For each day of a draft and each call: does it fit, and for which visits taken out.

    Days are looked at again only when they change.
    """

    def __init__(
        self,
        draft: Draft,
        calls: Sequence[int],
        possible: NDArray[np.bool_],
        most: int,
        duties: Iterable[Duty] | None = None,
    ) -> None:
        self.draft, self.calls, self._possible, self._most = draft, list(calls), possible, most
        self._days: dict[Duty, tuple[list[Slot], NDArray[np.bool_]]] = {}
        for duty in draft.problem.duties if duties is None else duties:
            self._look(duty)

    def change(self, draft: Draft, duty: Duty) -> None:
        """The day of the draft is another one now."""
        self.draft = draft
        self._look(duty)

    def best_steps(self) -> list[tuple[float, int, Slot]]:
        """Per day the exchanges or insertions that seem to gain: (net gain, call, slot)."""
        prices, visited = Prices(self.draft), set(self.draft.visited)
        new = np.array([call not in visited for call in self.calls], dtype=bool)
        every = prices.gains(self.calls)
        found: list[tuple[float, int, Slot]] = []
        for (_, day), (slots_of_day, fits) in self._days.items():
            gains = every[:, day]
            hopeful = np.flatnonzero(new & (gains > 0))
            net = gains[hopeful, None] - _losses(prices, slots_of_day)[None, :]
            rows, columns = np.nonzero(fits[hopeful] & (net > 0))
            order = np.argsort(-net[rows, columns], kind="stable")
            plain = np.array([not slots_of_day[column].dropped for column in columns], dtype=bool)
            best = [*order[plain[order]], *order[~plain[order]][:MOST_TRIED]]
            found += [
                (
                    float(net[rows[k], columns[k]]),
                    self.calls[hopeful[rows[k]]],
                    slots_of_day[columns[k]],
                )
                for k in best
            ]
        return sorted(found, key=lambda step: -step[0])

    def cheapest_drops(self) -> dict[int, Slot]:
        """Where each call fits for visits in a row that are worth least together, if anywhere."""
        prices = Prices(self.draft)
        every = [slot for slots_of_day, _ in self._days.values() for slot in slots_of_day]
        if not every or not self.calls:
            return {}
        losses = _losses(prices, every)
        order = np.argsort(losses, kind="stable")
        fits = np.concatenate([fits for _, fits in self._days.values()], axis=1)[:, order]
        found: dict[int, Slot] = {}
        for row, call in enumerate(self.calls):
            for column in np.flatnonzero(fits[row]):
                slot = every[order[column]]
                if self.draft.fits(slot.duty, slot.with_call(call)):
                    found[call] = slot
                    break
        return found

    def _look(self, duty: Duty) -> None:
        slots_of_day = slots(self.draft, [duty], most_dropped=self._most)
        table = Table(self.draft, slots_of_day)
        self._days[duty] = (slots_of_day, table.shortfalls(self.calls, self._possible) == 0)


def _losses(prices: Prices, slots_of_day: Sequence[Slot]) -> NDArray[np.float64]:
    known: dict[tuple[int, ...], float] = {}
    for slot in slots_of_day:
        if slot.dropped not in known:
            known[slot.dropped] = prices.loss(slot.dropped, slot.duty[1])
    return np.array([known[slot.dropped] for slot in slots_of_day])


def polished(
    draft: Draft,
    calls: Sequence[int],
    possible: NDArray[np.bool_],
    duties: Sequence[Duty] | None = None,
) -> Draft:
    """The draft with insertions and exchanges on these days that gain, the greatest gain first."""
    if not calls or duties == []:
        return draft
    musts = [call for call in calls if draft.problem.calls[call].must]
    if not set(musts) <= set(draft.visited):
        draft = _stepped(draft, Board(draft, musts, possible, WHOLE_DAY, duties))
    return _stepped(draft, Board(draft, calls, possible, MOST_DROPPED, duties))


def _stepped(draft: Draft, board: Board) -> Draft:
    for _ in range(MOST_STEPS):
        step = _confirmed(draft, board)
        if step is None:
            break
        draft, duty = step
        board.change(draft, duty)
    return draft


def _confirmed(draft: Draft, board: Board) -> tuple[Draft, Duty] | None:
    before = rank(draft)
    for _, call, slot in board.best_steps():
        route = slot.with_call(call)
        if draft.fits(slot.duty, route):
            better = draft.with_route(slot.duty, route)
            if rank(better) > before:
                return better, slot.duty
    return None
