"""A proven lower bound by Lagrangian relaxation (Cornuejols, Fisher & Nemhauser 1977).

Let each demand pay a price λᵢ ≤ baseᵢ instead of being served exactly once. What remains falls
apart by place: place j is worth ρⱼ(λ) = Σᵢ max(0, λᵢ - costᵢⱼ), the best `count` places are
opened, and

    L(λ) = Σᵢ λᵢ - Σ (the `count` largest ρⱼ(λ))

is at most the cheapest value for whatever prices λ. Subgradient steps (Held, Wolfe & Crowder
1974, smoothed after Camerini et al. 1975) raise it to the bound of the linear programme.

With a value to beat, L also says which places cannot be part of anything better (fixing by
reduced cost): forcing place j open costs at least the difference between ρⱼ and the last ρ that
was taken.
"""

import numpy as np
from numpy.typing import NDArray

from sites.siting.interchange import Floats, Indices, Task

SHRINK_AFTER = 20  # steps without a better bound
SMALLEST_STEP = 1e-3


class Dual:
    """Prices, the best bound that they proved, and the places not yet ruled out."""

    def __init__(self, task: Task, prices: Floats, length: float = 1.5) -> None:
        self.whole = self.task = task
        self.columns: Indices = np.arange(task.cost.shape[1])
        self.prices = self._at = np.minimum(prices, task.base)
        self.bound = -np.inf
        self._length, self._stalled = length, 0
        self._direction = np.zeros(len(prices))

    @property
    def converged(self) -> bool:
        """Whether more steps would hardly raise the bound."""
        return self._length < SMALLEST_STEP

    def ascend(self, steps: int, value: float) -> Indices:
        """Take steps towards `value`, an answer's; returns the cheapest places seen on the way."""
        best, places = np.inf, self.columns[:0]
        for _ in range(steps):
            served, taken = self._step(value)
            reached = float(np.minimum(served, self.task.base).sum())
            if reached < best:
                best, places = reached, self.columns[taken]
            if self.converged:
                break
        return places

    def rule_out(self, value: float) -> None:
        """Forget the places that no answer better than `value` can contain."""
        keep = possible(self.task, self.prices, beatable(self.task, value))
        if keep.sum() < 0.9 * len(keep):
            self.columns = self.columns[keep]
            self.task = self.whole.only(self.columns)

    def ranked(self) -> Indices:
        """Positions in `columns`, those worth most at the best prices first."""
        return np.argsort(-_worth(self.task, self.prices).sum(axis=0), kind="stable")

    def _step(self, value: float) -> tuple[Floats, Indices]:
        """One step: what each demand costs with the places taken, and these."""
        worth = _worth(self.task, self._at)
        total = worth.sum(axis=0)
        count = min(self.task.count, len(total))
        taken = np.argsort(-total, kind="stable")[:count]
        bound = float(self._at.sum() - total[taken].sum())
        self._note(bound)
        slope = 1.0 - (worth[:, taken] > 0).sum(axis=1)
        self._direction = slope + 0.3 * self._direction
        square = float(self._direction @ self._direction)
        if square == 0:
            self._length = 0.0
        else:
            length = self._length * max(value - bound, 1e-9 * abs(value)) / square
            self._at = np.clip(self._at + length * self._direction, 0, self.task.base)
        return self.task.cost[:, taken].min(axis=1, initial=np.inf), taken

    def _note(self, bound: float) -> None:
        """Keep the best bound; where none comes for long, go back to its prices, shorter steps."""
        better = bound > self.bound + 1e-6 * abs(self.bound) or self.bound == -np.inf
        self._stalled = 0 if better else self._stalled + 1
        if bound > self.bound:
            self.bound, self.prices = bound, self._at
        if self._stalled >= SHRINK_AFTER:
            self._length, self._stalled = 0.6 * self._length, 0
            self._at = self.prices


def beatable(task: Task, value: float) -> float:
    """Answers that are better than `value`, or as good where values are not whole, are at most this."""
    return value - task.step + task.tolerance if task.step else value + task.tolerance


def settles(task: Task, bound: float, value: float) -> bool:
    """Whether a bound proves that nothing is better than `value`."""
    return bound > (beatable(task, value) if task.step else value - task.tolerance)


def lower_bound(task: Task, prices: Floats) -> float:
    """L(λ), a bound on every answer of the task."""
    return float(prices.sum() - _largest(_worth(task, prices).sum(axis=0), task.count).sum())


def possible(task: Task, prices: Floats, limit: float) -> NDArray[np.bool_]:
    """Per place, False where these prices prove that with it open no value is at most `limit`."""
    worth = _worth(task, prices).sum(axis=0)
    taken = _largest(worth, task.count)
    bound_with = prices.sum() - taken.sum() + taken.min(initial=np.inf) - worth
    keep: NDArray[np.bool_] = bound_with <= limit
    return keep


def _worth(task: Task, prices: Floats) -> Floats:
    worth: Floats = prices[:, None] - task.cost
    return np.maximum(worth, 0, out=worth)


def _largest(worth: Floats, count: int) -> Floats:
    taken: Floats = np.sort(worth)[max(len(worth) - count, 0) :]
    return taken
