"""Better places by exchange: one open place for a closed one, while that helps.

The vertex substitution of Teitz & Bart (1968), with the bookkeeping of Resende & Werneck (2003):
what opening a place gains, what closing one loses, and what both together win back is kept for
all pairs, and an exchange recomputes only the demand that it concerns. All of it is NumPy.

A task is a matrix of costs and a base: demand `i` costs `base[i]` when nobody serves it (or an
existing place does), and `cost[i, j]` when place `j` does; it takes the cheapest. The values that
are added and subtracted are exact for whole numbers; others drift in the last digits, so that
a change counts only from `tolerance` on.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]


@dataclass(frozen=True)
class Task:
    """Open at most `count` of m places so that n demands cost least.

    `cost` (n, m) and `base` (n,), all finite and at least 0. `step` is what two different values
    differ by at least (1 for whole numbers), 0 where that is not known.
    """

    cost: Floats
    base: Floats
    count: int
    step: float = 0.0

    @property
    def tolerance(self) -> float:
        """Less than this is rounding."""
        return max(self.step / 4, 1e-10 * float(self.base.sum()))

    def value(self, places: Indices) -> float:
        """What all demand costs together when `places` are open."""
        return float(np.minimum(self.cost[:, places].min(axis=1, initial=np.inf), self.base).sum())

    def only(self, columns: Indices) -> "Task":
        """The same with `columns` as the only places."""
        return replace(self, cost=np.ascontiguousarray(self.cost[:, columns]))


def greedy(task: Task) -> Indices:
    """The places that each save most when added to those before; of equal ones the lowest."""
    paid = task.base.copy()
    gain = np.maximum(paid[:, None] - task.cost, 0).sum(axis=0)
    chosen = np.empty(min(task.count, task.cost.shape[1]), dtype=np.intp)
    for slot in range(len(chosen)):
        place = chosen[slot] = gain.argmax()
        rows = np.flatnonzero(task.cost[:, place] < paid)
        cost, before = task.cost[rows], paid[rows, None]
        paid[rows] = task.cost[rows, place]
        gain += (np.maximum(paid[rows, None] - cost, 0) - np.maximum(before - cost, 0)).sum(axis=0)
        gain[chosen[: slot + 1]] = -np.inf
    return chosen


class Interchange:
    """Open places and, kept up to date, what every exchange of one would change."""

    def __init__(self, task: Task, places: Indices) -> None:
        self.task = task
        self.places = places.copy()
        demands, candidates = task.cost.shape
        # Per demand: the slot that serves it (the last slot means its base), the runner-up's
        # slot, and what the two cost.
        self.slot, self.runner_up = np.empty((2, demands), dtype=np.intp)
        self.paid, self.second = np.empty((2, demands))
        self.gain = np.zeros(candidates)
        self.loss = np.zeros(len(places) + 1)
        self.regain = np.zeros((len(places) + 1, candidates))
        everyone = np.arange(demands)
        self._assign(everyone)
        self._count(everyone, +1)

    @property
    def value(self) -> float:
        """What all demand costs together."""
        return float(self.paid.sum())

    def copy(self) -> "Interchange":
        """One that changes on its own."""
        twin = object.__new__(Interchange)
        for name, value in vars(self).items():
            setattr(twin, name, value.copy() if isinstance(value, np.ndarray) else value)
        return twin

    def changes(self) -> Floats:
        """(slots, candidates): by how much each exchange would change the value."""
        changes: Floats = self.loss[:-1, None] - self.regain[:-1] - self.gain
        return changes

    def exchange(self, slot: int, place: int) -> None:
        """Close what is open in `slot` and open `place` there."""
        nearer = self.task.cost[:, place] < self.second
        concerned = (self.slot == slot) | (self.runner_up == slot) | nearer
        rows = np.flatnonzero(concerned)
        self._count(rows, -1)
        self.places[slot] = place
        self._assign(rows)
        self._count(rows, +1)

    def descend(self) -> None:
        """Make the best exchange again and again, until none helps."""
        while self.places.size:
            changes = self.changes()
            slot, place = np.unravel_index(changes.argmin(), changes.shape)
            if changes[slot, place] >= -self.task.tolerance:
                return
            self.exchange(int(slot), int(place))

    def kick(self, rng: np.random.Generator) -> None:
        """Exchange two to four at random, to leave a local optimum."""
        for _ in range(min(int(rng.integers(2, 5)), len(self.places))):
            place = int(rng.integers(self.task.cost.shape[1]))
            if place not in self.places:
                self.exchange(int(rng.integers(len(self.places))), place)

    def _assign(self, rows: Indices) -> None:
        """Who serves `rows`, and who would if that place closed."""
        last = len(self.places)
        offers = np.empty((len(rows), last + 2))
        offers[:, :last] = self.task.cost[np.ix_(rows, self.places)]
        offers[:, last:] = self.task.base[rows, None]
        each = np.arange(len(rows))
        for slot, paid in ((self.slot, self.paid), (self.runner_up, self.second)):
            best = offers.argmin(axis=1)
            slot[rows], paid[rows] = np.minimum(best, last), offers[each, best]
            offers[each, best] = np.inf

    def _count(self, rows: Indices, sign: int) -> None:
        """Add (or with -1 take away) what `rows` contribute to gain, loss and regain."""
        if not rows.size:
            return
        rows = rows[np.argsort(self.slot[rows], kind="stable")]
        slots, starts = np.unique(self.slot[rows], return_index=True)
        cost, paid, second = self.task.cost[rows], self.paid[rows], self.second[rows]
        self.gain += sign * np.maximum(paid[:, None] - cost, 0).sum(axis=0)
        self.loss[slots] += sign * np.add.reduceat(second - paid, starts)
        np.maximum(cost, paid[:, None], out=cost)
        np.subtract(second[:, None], cost, out=cost)
        np.maximum(cost, 0, out=cost)
        self.regain[slots] += sign * np.add.reduceat(cost, starts, axis=0)
