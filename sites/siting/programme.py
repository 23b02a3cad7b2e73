"""The integer programmes that HiGHS proves, with what is already ruled out left away.

Covering (`fewest`): min Σ yⱼ with Σ (yⱼ of j that cover i) ≥ 1 for every demand i.

Serving (`cheapest`), for a task of `sites.siting.interchange`: the radius formulation (Cornuejols,
Nemhauser & Wolsey 1980; García, Labbé & Marín 2011). Let v₁ < v₂ < … be the different costs at
which demand i can be served, and z_ik say that no open place serves it at v_k or less:

    min Σᵢ (v₁ + Σ_k (v_k+1 - v_k) z_ik)   with   z_ik ≥ z_i,k-1 - Σ (yⱼ of cost v_k),  Σ yⱼ ≤ count

where z_i0 = 1 and the base is the last v. Only y need be whole. Where a demand is covered or not
it is the textbook maximal covering model; for the p-median it has no row per pair but per level.
"""

import math
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, milp

from sites.siting.dual import lower_bound, possible
from sites.siting.interchange import Floats, Indices, Task

MOST_LEVELS = 6_000  # beyond, branching on bounds proves sooner, and HiGHS needs much memory


@dataclass(frozen=True)
class Solved:
    """The best places found, None where there are none, and what nothing can be below."""

    places: Indices | None
    bound: float


def fewest(cover: sparse.csr_array, seconds: float, other_than: Indices | None = None) -> Solved:
    """The fewest columns that cover every row; `other_than` forbids one answer."""
    columns = cover.shape[1]
    limits = [LinearConstraint(cover.astype(np.float64), lb=1)]
    if other_than is not None:
        limits.append(_forbid(other_than, columns, columns))
    answer = _highs(np.ones(columns), np.ones(columns), Bounds(0, 1), limits, seconds)
    return Solved(_ones(answer, columns), _bound(answer))


def cheapest(
    task: Task,
    prices: Floats,
    limit: float,
    seconds: float,
    other_than: Indices | None = None,
) -> Solved | None:
    """The places of the least value among those of at most `limit`.

    Answers above `limit` need not be found: they are left away wherever `prices` rule them out,
    so a `bound` above it only says that there is none at most `limit`. `other_than` forbids one
    answer. None where what remains has more than `MOST_LEVELS`.
    """
    columns = np.flatnonzero(possible(task, prices, limit))
    task = task.only(columns)
    model = _Levels.of(task, prices + (limit - lower_bound(task, prices)))
    if len(model.width) > MOST_LEVELS:
        return None
    here = None
    if other_than is not None and np.isin(other_than, columns).all():  # else it is ruled out
        here = np.searchsorted(columns, other_than)
    answer = model.solve(task, seconds, here)
    places = _ones(answer, len(columns))
    if places is None:
        return Solved(None, _bound(answer) + model.constant)
    proven = task.value(places) if answer.status == 0 else _bound(answer) + model.constant
    return Solved(columns[places], proven)


@dataclass(frozen=True)
class _Levels:
    """Pairs (row, column) of a demand and a place, by demand, then cost; each in a level."""

    row: Indices
    column: Indices
    level: Indices
    first: Indices  # per level, whether it is its demand's cheapest
    width: Floats  # per level, how much more the next one costs
    last: Floats  # per level, the upper limit of z: 0 where the next one is ruled out
    constant: float

    @classmethod
    def of(cls, task: Task, dearest: Floats) -> "_Levels":
        """`dearest` is the most that each demand may cost."""
        order = np.argsort(task.cost, axis=1, kind="stable")
        cost = np.take_along_axis(task.cost, order, axis=1)
        row, rank = np.nonzero((cost <= dearest[:, None]) & (cost < task.base[:, None]))
        paid = cost[row, rank]
        new_row = np.diff(row, prepend=-1) > 0
        opens = new_row | (np.diff(paid, prepend=-1) != 0)
        at, value = row[opens], paid[opens]
        ends = np.diff(at, append=-1) != 0
        beyond = np.where(ends, task.base[at], np.roll(value, -1))
        unserved = np.setdiff1d(np.arange(len(task.base)), at)
        return cls(
            row=row,
            column=order[row, rank],
            level=np.cumsum(opens) - 1,
            first=new_row[opens],
            width=beyond - value,
            last=np.where(ends & (task.base[at] > dearest[at]), 0.0, 1.0),
            constant=float(value[new_row[opens]].sum() + task.base[unserved].sum()),
        )

    def solve(self, task: Task, seconds: float, other_than: Indices | None) -> OptimizeResult:
        """Variables are y, then z."""
        places, levels = task.cost.shape[1], len(self.width)
        y = sparse.csr_array(
            (np.ones(len(self.level)), (self.level, self.column)), shape=(levels, places)
        )
        later = np.flatnonzero(~self.first)
        before = sparse.csr_array((np.ones(len(later)), (later, later - 1)), shape=(levels, levels))
        chain = sparse.hstack([y, sparse.eye_array(levels) - before], format="csr")
        limits = [
            LinearConstraint(chain, lb=self.first.astype(np.float64)),
            LinearConstraint(_row_of_ones(np.arange(places), places + levels), ub=task.count),
        ]
        if other_than is not None:
            limits.append(_forbid(other_than, places, places + levels))
        whole = np.r_[np.ones(places), np.zeros(levels)]
        upper = np.r_[np.ones(places), self.last]
        cost = np.r_[np.zeros(places), self.width]
        return _highs(cost, whole, Bounds(0, upper), limits, seconds)


def _highs(
    cost: Floats, whole: Floats, bounds: Bounds, limits: list[LinearConstraint], seconds: float
) -> OptimizeResult:
    options = {"mip_rel_gap": 0.0, "time_limit": max(seconds, 0.01)}
    return milp(cost, integrality=whole, bounds=bounds, constraints=limits, options=options)


def _forbid(answer: Indices, places: int, variables: int) -> LinearConstraint:
    """Not all of `answer`, or, where that is not all of it, something else besides."""
    return LinearConstraint(_row_of_ones(answer, variables), ub=len(answer) - 1)


def _row_of_ones(at: Indices, length: int) -> sparse.csr_array:
    return sparse.csr_array((np.ones(len(at)), (np.zeros(len(at), dtype=int), at)), (1, length))


def _ones(answer: OptimizeResult, places: int) -> Indices | None:
    return None if answer.x is None else np.flatnonzero(answer.x[:places] > 0.5)


def _bound(answer: OptimizeResult) -> float:
    """What HiGHS proved: all of it where nothing fits, nothing where it had no time."""
    if answer.status == 2:
        return math.inf
    if answer.status == 0:
        return float(answer.fun)
    return -math.inf if answer.mip_dual_bound is None else float(answer.mip_dual_bound)
