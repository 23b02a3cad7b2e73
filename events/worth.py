"""What a visit to a village is worth, in whole points: one formula, every number of it a parameter.

Pure. `need` reads from the records what the formula asks for.
"""

import math
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Pairs = tuple[Ints, Ints]


@dataclass(frozen=True)
class Weights:
    """How many points each reason to come is worth. Our own formula, no text prescribes one:

        own = [month · min(months, months_cap)] + [hundred_people · people / 100]
            + [request · open requests] + [quota · visits missing]
        visit = own + [newly] · villages newly met + [market] or [festival] on such a day

    `months`: whole months that the village has waited since it was last reached; never reached
    is `months_cap`. People that nobody has counted are no points. Requests: those that the
    programme satisfies. Visits missing: from the county's quota of the year. A village newly met
    counts once in a tour, however many visits reach it. Each [ ] is rounded once to whole points,
    half up, and the rounded points are added: what a page shows adds up to what is planned with.
    Raises ValueError for a weight that is negative or no finite number.
    """

    month: float = 1.0
    months_cap: int = 36
    hundred_people: float = 1.0
    newly: float = 20.0
    request: float = 10.0
    market: float = 5.0
    festival: float = 10.0
    quota: float = 2.0

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if not (math.isfinite(value) and value >= 0):
                raise ValueError(f"{field.name} must be a number of 0 or more, not {value}")

    def waited(self, months: Floats) -> Ints:
        """Points for months of waiting; inf is never reached."""
        return whole(self.month * np.minimum(months, self.months_cap))

    def people(self, people: Floats) -> Ints:
        """Points for people; NaN, not known, is none."""
        return whole(self.hundred_people * np.nan_to_num(people) / 100)

    def requests(self, counts: Ints) -> Ints:
        """Points for open requests."""
        return whole(self.request * counts)

    def missing(self, visits: Ints) -> Ints:
        """Points for visits that the county's quota still lacks."""
        return whole(self.quota * visits)

    @property
    def unit(self) -> int:
        """Points for one village that newly meets the standard."""
        return int(whole(self.newly))

    def day(self, *, market: bool, festival: bool) -> int:
        """Points for coming on a market day and on a festival's."""
        return int(whole(self.market * market)) + int(whole(self.festival * festival))


def whole(points: float | Floats) -> Ints:
    """Points to the nearest whole one, half up."""
    return np.floor(np.asarray(points, float) + 0.5).astype(np.int64)


def months_waited(last: Ints, day: int) -> Floats:
    """Whole months from each of `last` to `day`, all days since 1970-01-01; −1, never, is inf.

    As calendars count: from 31 January it is one month on 31 March, and none yet on 28 February.
    An event that is not before `day` leaves 0.
    """
    then, now = last.astype("datetime64[D]"), np.datetime64(day, "D")
    months = _months(now) - _months(then) - (_day_of_month(now) < _day_of_month(then))
    return np.where(last < 0, np.inf, np.maximum(months, 0).astype(float))


def _months(days: np.ndarray | np.datetime64) -> Ints:
    return np.asarray(days).astype("datetime64[M]").astype(np.int64)


def _day_of_month(days: np.ndarray | np.datetime64) -> Ints:
    days = np.asarray(days)
    return (days - days.astype("datetime64[M]").astype("datetime64[D]")).astype(np.int64)
