"""The answer: which places, whom they gain, and how good that is."""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sites.siting.interchange import Indices

Method = Literal["lscp", "mclp", "p-median"]
METHODS: tuple[Method, ...] = ("lscp", "mclp", "p-median")


@dataclass(frozen=True, eq=False)
class Choice:
    """New places among the candidates, with what they do for n demands and how good that is.

    chosen: the new places, ascending indices of candidates; never a fixed one.
    assigned: (n,) the nearest open candidate, fixed or new, of equally near ones the lowest; -1
        where none is within the radius (p-median: where none can be reached).
    covered: (n,) whether an open candidate is within the radius (p-median without a radius:
        whether one can be reached).
    objective: lscp: how many new places. mclp: the weight covered, by fixed places too. p-median:
        Σ weight x distance.
    bound: proven; no answer is better than this.
    status: `optimal` only where that is proven, to HiGHS' and floating-point tolerances.
    gains: for each chosen place the demands that it gains, ascending: newly covered and nearest to
        it; p-median: nearer to it than to every fixed place. No demand is in two.
    unique: whether no other places, at most as many, are as good; None where that is not known.
    """

    chosen: Indices
    assigned: Indices
    covered: NDArray[np.bool_]
    objective: float
    bound: float
    status: Literal["optimal", "feasible"]
    gains: tuple[Indices, ...] = ()
    unique: bool | None = None
    method: Method = field(default="mclp", kw_only=True)

    @property
    def gap(self) -> float:
        """How far from the best the answer may at most be, as a share of its objective."""
        distance = abs(self.objective - self.bound)
        return distance / abs(self.objective) if self.objective else float(distance > 0)

    def __str__(self) -> str:
        places, gained = len(self.chosen), sum(len(each) for each in self.gains)
        one = places == 1
        near = self.method == "p-median"
        verb = (
            ("is nearer to" if one else "are nearer to") if near else "reaches" if one else "reach"
        )
        more = "" if near else "more "
        what = "village" if gained == 1 else "villages"
        proof = "optimal" if self.status == "optimal" else f"at most {self.gap:.2%} from the best"
        return f"{places} {'place' if one else 'places'} {verb} {gained} {more}{what} ({proof})"
