"""Which places to open so that all demand costs least: a search and its proof, step by step.

Greedy start, exchange (`interchange`), prices that bound from below and suggest places (`dual`),
random kicks, and over what the bound leaves possible an integer programme (`programme`) or, where
that is too large, branch and bound (`branches`). Every step is counted, not timed, and the random
numbers are always the same ones: the answer depends on the clock only when the time is up.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from time import monotonic

import numpy as np

from sites.siting.branches import Branches
from sites.siting.dual import Dual, beatable, settles
from sites.siting.interchange import Indices, Interchange, Task, greedy
from sites.siting.programme import cheapest

FIRST_STEPS, STEPS, KICKS = 40, 40, 2  # price steps before the first answer; both in a round
PATIENCE = 60  # kicks in a row without success, before branching
NODES = 50  # of the tree, between two answers


@dataclass(frozen=True)
class Found:
    """Places, what they cost, a bound that nothing is below, and whether they are the only best.

    `unique` is None where it is not known.
    """

    places: Indices
    value: float
    bound: float
    unique: bool | None = None


def search(task: Task, until: float) -> Iterator[Found]:
    """Better and better answers, the first at once, until one is proven or `monotonic() > until`.

    Places that save nothing are left out, so that there may be fewer than `task.count`.
    """
    run = _Run(task)
    yield run.found()
    yield from run.rounds(until)
    if run.undecided(until) and not run.prove(until):
        yield from run.wander(until)
        yield from run.branch(until)
    yield run.found(run.is_unique(until) if run.proven else None)


class _Run:
    """The best answer so far, where the search stands, and the bound."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.here = Interchange(task, greedy(task))
        self.here.descend()
        self.places, self.value = self.here.places, self.here.value
        self.rng = np.random.default_rng(0)
        self.dual = Dual(task, (self.here.paid + self.here.second) / 2)
        self.proof = -np.inf
        self.dual.ascend(FIRST_STEPS, self.value)

    @property
    def proven(self) -> bool:
        """Whether nothing better than `value` can be."""
        return settles(self.task, max(self.dual.bound, self.proof), self.value)

    def found(self, unique: bool | None = None) -> Found:
        """The best answer so far; a bound between two steps is as good as the higher one."""
        bound, step = max(self.dual.bound, self.proof), self.task.step
        if step:
            bound = math.ceil((bound - self.task.tolerance) / step) * step
        bound = self.value if self.proven else min(bound, self.value)
        return Found(_useful(self.task, self.places), self.value, bound, unique)

    def undecided(self, until: float) -> bool:
        """Whether there is something left to do, and time for it."""
        return not self.proven and monotonic() < until

    def rounds(self, until: float) -> Iterator[Found]:
        """Steps of the prices, the answers that they suggest, and kicks, until prices settle."""
        while self.undecided(until) and not self.dual.converged:
            suggested = self.dual.ascend(STEPS, self.value)
            if len(suggested) == len(self.here.places):
                there = Interchange(self.task, suggested)
                there.descend()
                self._take(there)
            self.kicks(KICKS, until)
            self.dual.rule_out(self.value)
            yield self.found()

    def kicks(self, count: int, until: float) -> None:
        """Leave the local optimum at random and come down again, not to a worse one."""
        for _ in range(count):
            if monotonic() > until:
                return
            there = self.here.copy()
            there.kick(self.rng)
            there.descend()
            self._take(there)

    def prove(self, until: float) -> bool:
        """Let HiGHS decide what is left; False where that is too much."""
        limit, seconds = beatable(self.task, self.value), until - monotonic()
        solved = cheapest(self.task, self.dual.prices, limit, seconds)
        if solved is None:
            return False
        if solved.places is not None:
            self._note(solved.places)
        self.proof = min(solved.bound, self.value)
        return True

    def wander(self, until: float) -> Iterator[Found]:
        """Kicks until many in a row found nothing better."""
        since = 0
        while since < PATIENCE and monotonic() < until:
            before = self.value
            self.kicks(KICKS, until)
            since += KICKS
            if self.value < before:
                since = 0
                yield self.found()

    def branch(self, until: float) -> Iterator[Found]:
        """Decide what is left by branch and bound."""
        tree = Branches(self.task, self.dual.prices, self.places)
        for node, _ in enumerate(tree.grow()):
            self._note(tree.places)
            self.proof = tree.bound
            if monotonic() > until:
                return
            if node % NODES == 0:
                yield self.found()
        self._note(tree.places)
        self.proof = tree.bound

    def is_unique(self, until: float) -> bool | None:
        """Whether no other places, and no more, are as good; None where that takes too long."""
        chosen, seconds = _useful(self.task, self.places), until - monotonic()
        if not len(chosen):
            return True
        if has_equal_exchange(self.task, chosen):
            return False
        limit = self.value + max(self.task.tolerance, 1e-9 * self.value)
        if seconds <= 0:
            return None
        alike = replace(self.task, step=0.0, count=len(chosen))
        other = cheapest(alike, self.dual.prices, limit, seconds, chosen)
        if other is None or (other.bound <= limit and other.places is None):
            return None
        return other.bound > limit

    def _take(self, there: Interchange) -> None:
        if there.value <= self.here.value + self.task.tolerance:
            self.here = there
            self._note(there.places)

    def _note(self, places: Indices) -> None:
        value = self.task.value(places)
        if value < self.value - self.task.tolerance:
            self.places, self.value = places.copy(), value


def has_equal_exchange(task: Task, places: Indices) -> bool:
    """Whether another place instead of one of `places` does as well."""
    changes = Interchange(task, places).changes()
    changes[:, places] = np.inf
    return bool(changes.min(initial=np.inf) <= max(task.tolerance, 1e-9 * task.value(places)))


def _useful(task: Task, places: Indices) -> Indices:
    """`places`, ascending, without those that save nothing; of equal ones the highest go."""
    kept = np.sort(places)
    while len(kept):
        offers = np.column_stack([task.cost[:, kept], task.base])
        best, second = np.partition(offers, 1, axis=1)[:, :2].T
        loss = np.bincount(offers.argmin(axis=1), second - best, minlength=len(kept) + 1)
        idle = np.flatnonzero(loss[:-1] <= task.tolerance / 2)
        if not len(idle):
            break
        kept = np.delete(kept, idle[-1])
    return kept
