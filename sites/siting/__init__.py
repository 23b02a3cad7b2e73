"""Where new places would help most: three classical location models, answered and proven.

Sets: demands i = 1…n with weights wᵢ; candidates j = 1…m, of which `fixed` exist already and are
always open; dᵢⱼ from demand to candidate. Decision: yⱼ = 1 where a new place opens. Nⱼ(r) are the
demands within the radius r of j, the limit included. Fixed places never count towards `count` or
the number of places.

lscp (location set covering; Toregas, Swain, ReVelle & Bergman 1971): min Σ yⱼ such that every
    demand that some candidate covers is covered. Demand out of reach of all candidates is left
    out (`covered` is False there) and the rest solved; weights do not matter.
mclp (maximal covering; Church & ReVelle 1974): max Σ wᵢ (i covered), Σ yⱼ ≤ count.
p-median (Hakimi 1964; ReVelle & Swain 1970): min Σ wᵢ (the distance to the nearest open place),
    Σ yⱼ ≤ count. Where there is no way (inf) to any candidate, demand is left out; where there is
    none to an open one, it counts as twice the longest finite distance.

A place that would gain nobody is not chosen: there may be fewer than `count`.

Limits and methods: lscp is reduced by dominance and solved piece by piece (`covering`). The other
two are one task (`interchange`): covering costs 0 or wᵢ. Greedy, exchange (Teitz & Bart 1968;
Resende & Werneck 2003) and kicks give answers, Lagrangian prices (Cornuejols, Fisher & Nemhauser
1977) the bound (`dual`), HiGHS the proof over what reduced costs leave possible (`programme`).
Memory is some ten times n · m · 8 bytes for the p-median; thousands by thousands are its limit.

The same question has the same answer whenever the time suffices for the proof: nothing but the
end of the time depends on the clock. Of equally good answers it is always the same one, mostly of
low indices (not the lexicographically least); `Choice.unique` says whether there are others.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from time import monotonic

import numpy as np
from numpy.typing import ArrayLike

from sites.siting import covering, medians
from sites.siting.choice import METHODS, Choice, Method
from sites.siting.interchange import Floats, Indices, Task
from sites.siting.medians import Found
from sites.siting.problem import Problem

__all__ = ["METHODS", "Choice", "Method", "choose", "improvements"]


def choose(  # noqa: PLR0913
    demand: ArrayLike,
    candidates: ArrayLike,
    weights: ArrayLike,
    *,
    method: str,
    count: int | None = None,
    radius_m: float | None = None,
    fixed: Iterable[int] = (),
    metres: ArrayLike | None = None,
    seconds: float = 10,
) -> Choice:
    """The best new places that `seconds` suffice to find, with a bound on every answer.

    `demand` (n, 2) and `candidates` (m, 2) are lon, lat in degrees, `weights` (n,). `metres`
    (n, m) may give distances (or minutes; then `radius_m` too); else they are geodesics. `count`
    is for mclp and p-median, `radius_m` for lscp and mclp (p-median: only for `covered`).
    Raises ValueError, naming the parameter, for what cannot be meant: other shapes, negative or
    NaN numbers, a count of more than the candidates that are not fixed.
    """
    *_, last = improvements(
        demand,
        candidates,
        weights,
        method=method,
        count=count,
        radius_m=radius_m,
        fixed=fixed,
        metres=metres,
        seconds=seconds,
    )
    return last


def improvements(  # noqa: PLR0913
    demand: ArrayLike,
    candidates: ArrayLike,
    weights: ArrayLike,
    *,
    method: str,
    count: int | None = None,
    radius_m: float | None = None,
    fixed: Iterable[int] = (),
    metres: ArrayLike | None = None,
    seconds: float = 10,
) -> Iterator[Choice]:
    """What `choose` finds, as it finds it: a first answer with its bound at once, then better ones.

    The last one is what `choose` returns. Close the iterator to stop between two answers; the
    proof at the end runs for as long as `seconds` leave. Raises as `choose`, before the first.
    """
    question = Problem.checked(
        demand,
        candidates,
        weights,
        method=method,
        count=count,
        radius_m=radius_m,
        fixed=fixed,
        metres=metres,
    )
    if not seconds >= 0:
        raise ValueError(f"seconds must be at least 0, not {seconds}")
    answers = _answers(question, monotonic() + seconds)
    return (question.choice(found) for found in answers)


def _answers(question: Problem, until: float) -> Iterator[Found]:
    """Answers in the candidates' indices and the method's own values."""
    solve: dict[str, Callable[[Problem, float], Iterator[Found]]] = {
        "lscp": _lscp,
        "mclp": _mclp,
        "p-median": _p_median,
    }
    return solve[question.method](question, until)


def _lscp(question: Problem, until: float) -> Iterator[Found]:
    cover = question.cover[:, question.free]
    wanted = ~question.covered_by(question.fixed) & question.covered_by(question.free)
    for found in covering.search(cover[wanted], until):
        yield replace(found, places=question.free[found.places])


def _mclp(question: Problem, until: float) -> Iterator[Found]:
    already = question.covered_by(question.fixed)
    wanted = ~already & question.covered_by(question.free) & (question.weights > 0)
    cover = question.cover[wanted][:, question.free]
    alike, group = np.unique(covering.merged(cover), return_inverse=True)
    weights: Floats = np.zeros(len(alike))
    np.add.at(weights, group, question.weights[wanted])
    whole = _task((1.0 - cover[alike].toarray()) * weights[:, None], weights, question.count or 0)
    columns = covering.undominated(cover[alike])
    most = float(question.weights[already | wanted].sum())
    for found in _searched(whole.only(columns), until):
        places = columns[found.places]
        unique = found.unique and not medians.has_equal_exchange(whole, places)
        chosen = question.free[places]
        reached = question.covered_by(np.union1d(question.fixed, chosen))
        value = float(question.weights[reached].sum())
        bound = value if found.value == found.bound else max(most - found.bound, value)
        yield Found(chosen, value, bound, unique)


def _p_median(question: Problem, until: float) -> Iterator[Found]:
    reachable = np.isfinite(question.metres).any(axis=1) & (question.weights > 0)
    metres = question.metres[reachable]
    no_way = ~np.isfinite(metres)
    if no_way.any():
        metres = np.where(no_way, 2 * metres[~no_way].max(), metres)
    cost = metres * question.weights[reachable, None]
    base = _base(cost, question.fixed)
    task = _task(np.minimum(cost[:, question.free], base[:, None]), base, question.count or 0)
    for found in _searched(task, until):
        yield replace(found, places=question.free[found.places])


def _base(cost: Floats, fixed: Indices) -> Floats:
    """What demand costs without a new place; without a fixed one, more than any place would."""
    base: Floats = cost[:, fixed].min(axis=1) if len(fixed) else 2 * cost.max(axis=1, initial=0) + 1
    return base


def _task(cost: Floats, base: Floats, count: int) -> Task:
    """With the step that whole numbers allow."""
    numbers = np.append(cost.ravel(), base)
    whole = numbers.size and numbers.max() < 2**52 and not (numbers % 1).any()
    step = float(np.gcd.reduce(numbers.astype(np.int64))) if whole else 0.0
    return Task(cost, base, count, step)


def _searched(task: Task, until: float) -> Iterator[Found]:
    """As `medians.search`; where there is nobody to serve, nothing is chosen."""
    if task.cost.size:
        return medians.search(task, until)
    return iter([Found(np.empty(0, dtype=np.intp), 0.0, 0.0, unique=True)])
