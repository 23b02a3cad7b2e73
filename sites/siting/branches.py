"""Branch and bound on Lagrangian bounds, for few places that leave many possible.

A programme with a variable for every pair is too large there; a node here is a task like the
first one: a place forced open is part of the base, a place closed is no column. Each node raises
its prices a little from those of its parent and rules out what it can. The node with the lowest
bound is next, so that the bound of all only rises.
"""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from sites.siting.dual import Dual, settles
from sites.siting.interchange import Floats, Indices, Task

STEPS = 30  # of the prices, at each node


@dataclass(frozen=True, order=True)
class _Node:
    bound: float
    number: int
    opened: Indices = field(compare=False)
    columns: Indices = field(compare=False)
    prices: Floats = field(compare=False)


class Branches:
    """The search tree of a task, the best answer in it, and a bound on all."""

    def __init__(self, task: Task, prices: Floats, places: Indices) -> None:
        self.task, self.places, self.value = task, places, task.value(places)
        self._heap: list[_Node] = []
        self._made = 0
        self._add(places[:0], np.arange(task.cost.shape[1]), prices, -np.inf)

    @property
    def bound(self) -> float:
        """No answer is below this."""
        return min(self._heap[0].bound, self.value) if self._heap else self.value

    def grow(self) -> Iterator[None]:
        """Branch at one node after the other, until nothing better can be left."""
        while self._heap and not settles(self.task, self._heap[0].bound, self.value):
            node = heapq.heappop(self._heap)
            place, others = node.columns[:1], node.columns[1:]
            self._add(np.append(node.opened, place), others, node.prices, node.bound)
            self._add(node.opened, others, node.prices, node.bound)
            yield
        self._heap.clear()

    def _add(self, opened: Indices, columns: Indices, prices: Floats, bound: float) -> None:
        """A node for the answers with `opened` and otherwise some of `columns`, if one may win."""
        base = np.minimum(self.task.base, self.task.cost[:, opened].min(axis=1, initial=np.inf))
        count = self.task.count - len(opened)
        here = Task(self.task.cost[:, columns], base, count, self.task.step)
        if count <= 1 or len(columns) <= count:
            self._note(np.append(opened, columns[_best(here)]))
            return
        dual = Dual(here, prices, length=0.5)
        suggested = dual.ascend(STEPS, self.value)
        self._note(np.append(opened, columns[suggested]))
        bound = max(bound, dual.bound)
        if settles(self.task, bound, self.value):
            return
        dual.rule_out(self.value)
        left = columns[dual.columns[dual.ranked()]]
        self._made += 1
        heapq.heappush(self._heap, _Node(bound, self._made, opened, left, dual.prices))

    def _note(self, places: Indices) -> None:
        value = self.task.value(places)
        if value < self.value - self.task.tolerance:
            self.places, self.value = places, value


def _best(task: Task) -> Indices:
    """The best answer of a task that may open one place, none, or all of them."""
    columns = np.arange(task.cost.shape[1])
    if task.count != 1 or not len(columns):
        return columns[: max(task.count, 0)]
    return columns[[np.minimum(task.cost, task.base[:, None]).sum(axis=0).argmin()]]
