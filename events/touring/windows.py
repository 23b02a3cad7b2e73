"""A day's windows of all calls as arrays."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
NEVER = 10**8  # minutes: no way


@dataclass(frozen=True)
class Windows:
    """(calls, most windows a call), in order of time; `closes` is −1 where there is none."""

    opens: Ints
    closes: Ints

    @classmethod
    def of(cls, spans: Sequence[Sequence[tuple[int, int]]]) -> "Windows":
        """From each call's windows of the day."""
        shape = (len(spans), max((len(each) for each in spans), default=1) or 1)
        opens, closes = np.zeros(shape, np.int64), np.full(shape, -1, np.int64)
        for call, each in enumerate(spans):
            for k, (start, end) in enumerate(each):
                opens[call, k], closes[call, k] = start, end
        return cls(opens, closes)

    def only(self, calls: Any) -> "Windows":
        """The windows of some calls, in that order."""
        return Windows(self.opens[calls], self.closes[calls])

    def begins(self, arrive: Ints, minutes: Ints) -> Ints:
        """The first minute that fits, per call (the first axis); NEVER where none does."""
        shape = (-1,) + (1,) * (arrive.ndim - 1)
        best = np.full(arrive.shape, NEVER, np.int64)
        for k in range(self.opens.shape[1]):
            begin = np.maximum(arrive, self.opens[:, k].reshape(shape))
            fits = begin + minutes.reshape(shape) <= self.closes[:, k].reshape(shape)
            best = np.where(fits, np.minimum(best, begin), best)
        return best
