"""What a tour is to be planned from: places and minutes between them, calls, teams, beds.

All numbers are whole minutes on each day's own clock (0 is midnight). Everything refuses nonsense
when it is made, with a ValueError that names the field and the value.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import isfinite
from numbers import Integral, Real
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from events.touring.windows import Windows

MOST_TEAM_DAYS = 200  # more than that is several tours, not one

Span = tuple[int, int]
Window = Span | Sequence[Span] | None


@dataclass(frozen=True)
class Call:
    """A visit that may be made once.

    `windows[d]` is (open, close), several such pairs, or None or () where it is closed; the whole
    visit lies inside one of them. `teams` are the indices allowed, None for all. `serves` are
    units whose `Problem.worth` counts once per plan, on top of `value`. `bonus[d]` is added to
    `value` when the visit is on day d; () is none.
    """

    place: int
    minutes: int
    value: float
    windows: Sequence[Window]
    must: bool = False
    teams: Sequence[int] | None = None
    serves: Sequence[int] = ()
    bonus: Sequence[float] = ()

    def __post_init__(self) -> None:
        _whole("place", self.place)
        _whole("minutes", self.minutes)
        _points("value", self.value)
        for day in range(len(self.windows)):
            _check_spans(f"windows[{day}]", self.spans(day))
        for name, indices in (("teams", self.teams or ()), ("serves", self.serves)):
            for index in indices:
                _whole(name, index)
        if len(self.bonus) not in (0, len(self.windows)):
            raise ValueError(
                f"bonus must have one entry a day ({len(self.windows)}) or none, "
                f"not {len(self.bonus)}"
            )
        for day, points in enumerate(self.bonus):
            _points(f"bonus[{day}]", points)

    def spans(self, day: int) -> tuple[Span, ...]:
        """The day's windows in order of time; () where it is closed."""
        return self._spans[day]

    def bonus_on(self, day: int) -> float:
        """What the call is worth on that day beside its value."""
        return self.bonus[day] if self.bonus else 0

    @cached_property
    def most_bonus(self) -> float:
        """The greatest bonus of a day with a window."""
        days = range(len(self.bonus))
        return max((self.bonus[day] for day in days if self.spans(day)), default=0)

    @cached_property
    def _spans(self) -> tuple[tuple[Span, ...], ...]:
        return tuple(_spans_of(window) for window in self.windows)


@dataclass(frozen=True)
class Team:
    """Who travels. `shifts[d]` is (earliest leaving, latest return) or None for a day off.

    `max_duty` limits the minutes from leaving to return. `start` is where the team is on its first
    working day (its home by default). `nights[d]` fixes the place to sleep after day d; after the
    last working day that is where the tour ends instead of at home. `sleeps`: at which of the
    problem's beds it may sleep; None: at all.
    """

    home: int
    shifts: Sequence[Span | None]
    max_duty: int | None = None
    start: int | None = None
    nights: Sequence[int | None] | None = None
    sleeps: Sequence[int] | None = None

    def __post_init__(self) -> None:
        _whole("home", self.home)
        for day, shift in enumerate(self.shifts):
            if shift is not None:
                _check_spans(f"shifts[{day}]", (tuple(shift),))
        if self.max_duty is not None:
            _whole("max_duty", self.max_duty)
        if self.start is not None:
            _whole("start", self.start)
        if self.nights is not None and len(self.nights) != len(self.shifts):
            raise ValueError(
                f"nights must have one entry a day ({len(self.shifts)}), not {len(self.nights)}"
            )
        for place in self.nights or ():
            if place is not None:
                _whole("nights", place)

    @cached_property
    def days(self) -> tuple[int, ...]:
        """The days on which the team works."""
        return tuple(day for day, shift in enumerate(self.shifts) if shift is not None)

    @property
    def begins(self) -> int:
        """The place where the first working day starts."""
        return self.home if self.start is None else self.start

    def fixed_night(self, day: int) -> int | None:
        """The place fixed for the night after `day`, if any."""
        return None if self.nights is None else self.nights[day]


@dataclass(frozen=True, eq=False)
class Problem:
    """One tour to plan. `travel` (n, n) are whole minutes between places, slack included.

    A night between two working days of a team is spent at one of `beds` or at its home; without
    beds always at home. The day's last leg to a bed takes at most `max_to_bed` minutes; the way
    home may be longer, and the way to a fixed night too.
    """

    travel: Any
    calls: Sequence[Call]
    teams: Sequence[Team]
    beds: Sequence[int] = ()
    max_to_bed: int | None = None
    worth: Sequence[float] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "travel", _travel(self.travel))
        if self.max_to_bed is not None:
            _whole("max_to_bed", self.max_to_bed)
        self._check_days()
        self._check_places()
        self._check_indices()

    @property
    def minutes(self) -> NDArray[np.integer[Any]]:
        """(n, n) minutes between places."""
        matrix: NDArray[np.integer[Any]] = self.travel
        return matrix

    @cached_property
    def day_count(self) -> int:
        return len(self.teams[0].shifts)

    @cached_property
    def duties(self) -> tuple[tuple[int, int], ...]:
        """Every (team, day) that is worked, in order."""
        return tuple((team, day) for team, each in enumerate(self.teams) for day in each.days)

    def windows(self, day: int) -> Windows:
        """The day's windows of all calls as arrays."""
        return self._windows[day]

    @cached_property
    def _windows(self) -> tuple[Windows, ...]:
        days = range(self.day_count)
        return tuple(Windows.of([call.spans(day) for call in self.calls]) for day in days)

    @cached_property
    def bonuses(self) -> NDArray[np.float64]:
        """(calls, days) points that a call is worth more on a day."""
        days = range(self.day_count)
        rows = [[call.bonus_on(day) for day in days] for call in self.calls]
        return np.array(rows, dtype=np.float64).reshape(len(rows), self.day_count)

    def minutes_between(self, start: int, end: int) -> int:
        return int(self.travel[start, end])

    @cached_property
    def top(self) -> float:
        """More than any plan is worth: what makes a must dominate."""
        most = sum(max(call.bonus, default=0) for call in self.calls)
        return self.worth_of(range(len(self.calls))) + most + 1

    def worth_of(self, calls: Iterable[int]) -> float:
        """What these calls are worth together on any day: values, and every unit served once."""
        chosen = list(calls)
        served = {unit for call in chosen for unit in self.calls[call].serves}
        return sum(self.calls[call].value for call in chosen) + sum(self.worth[k] for k in served)

    def allows(self, call: int, team: int) -> bool:
        allowed = self.calls[call].teams
        return allowed is None or team in allowed

    def is_last(self, team: int, day: int) -> bool:
        """Whether the team goes home for good after this day."""
        return day == self.teams[team].days[-1]

    def next_day(self, team: int, day: int) -> int | None:
        days = self.teams[team].days
        after = days.index(day) + 1
        return days[after] if after < len(days) else None

    def leg_limit(self, team: int, day: int, night: int) -> int | None:
        """The most minutes that the day's last leg to the place `night` may take; None: any."""
        mine = self.teams[team]
        free = night == mine.home or mine.fixed_night(day) is not None or self.is_last(team, day)
        return None if free else self.max_to_bed

    def nights_for(self, team: int, day: int) -> tuple[int, ...]:
        """The places where the team may be after this day, home last."""
        mine = self.teams[team]
        fixed = mine.fixed_night(day)
        if fixed is not None:
            return (fixed,)
        if self.is_last(team, day):
            return (mine.home,)
        beds = self.beds if mine.sleeps is None else mine.sleeps
        return (*dict.fromkeys(bed for bed in beds if bed != mine.home), mine.home)

    def _check_days(self) -> None:
        if not self.teams:
            raise ValueError("teams must not be empty")
        days = len(self.teams[0].shifts)
        if days == 0:
            raise ValueError("shifts must have at least one day, not 0")
        if len(self.teams) * days > MOST_TEAM_DAYS:
            raise ValueError(
                f"teams times days must be at most {MOST_TEAM_DAYS}, "
                f"not {len(self.teams)} times {days}"
            )
        for index, team in enumerate(self.teams):
            if len(team.shifts) != days:
                raise ValueError(
                    f"teams[{index}].shifts must have {days} days, not {len(team.shifts)}"
                )
        for index, call in enumerate(self.calls):
            if len(call.windows) != days:
                raise ValueError(
                    f"calls[{index}].windows must have {days} days, not {len(call.windows)}"
                )

    def _check_places(self) -> None:
        named = [(f"calls[{index}].place", call.place) for index, call in enumerate(self.calls)]
        for index, team in enumerate(self.teams):
            named += [(f"teams[{index}].home", team.home), (f"teams[{index}].start", team.begins)]
            nights = (place for place in team.nights or () if place is not None)
            named += [(f"teams[{index}].nights", place) for place in nights]
            if strange := sorted({*(team.sleeps or ())} - {*self.beds}):
                raise ValueError(f"teams[{index}].sleeps must be of the beds, not {strange[0]}")
        for bed in self.beds:
            _whole("beds", bed)
            named.append(("beds", bed))
        for name, place in named:
            if place >= len(self.travel):
                raise ValueError(f"{name} must be below {len(self.travel)} (travel), not {place}")

    def _check_indices(self) -> None:
        for k, worth in enumerate(self.worth):
            _points(f"worth[{k}]", worth)
        for index, call in enumerate(self.calls):
            for team in call.teams or ():
                if team >= len(self.teams):
                    raise ValueError(
                        f"calls[{index}].teams must be below {len(self.teams)}, not {team}"
                    )
            for unit in call.serves:
                if unit >= len(self.worth):
                    raise ValueError(
                        f"calls[{index}].serves must be below {len(self.worth)} (worth), not {unit}"
                    )


def _whole(name: str, number: object) -> None:
    if isinstance(number, bool) or not isinstance(number, Integral) or number < 0:
        raise ValueError(f"{name} must be a whole number of at least 0, not {number!r}")


def _points(name: str, number: object) -> None:
    if not isinstance(number, Real) or not isfinite(number) or number < 0:
        raise ValueError(f"{name} must be a number of at least 0, not {number!r}")


def _spans_of(window: Window) -> tuple[Span, ...]:
    if window is None or len(window) == 0:
        return ()
    if isinstance(window[0], Integral):
        return (cast(Span, tuple(window)),)
    return tuple(sorted(cast(Span, tuple(span)) for span in cast(Sequence[Span], window)))


def _check_spans(name: str, spans: Sequence[Sequence[int]]) -> None:
    for span in spans:
        if len(span) != 2:
            raise ValueError(f"{name} must be (start, end), not {span!r}")
        for minute in span:
            _whole(name, minute)
        if span[1] < span[0]:
            raise ValueError(f"{name} must not end before it starts, not {span!r}")


def _travel(given: Any) -> NDArray[np.integer[Any]]:
    matrix = np.asarray(given)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or not matrix.size:
        raise ValueError(f"travel must be a square matrix, not of shape {matrix.shape}")
    if not np.issubdtype(matrix.dtype, np.integer):
        whole = matrix.astype(np.float64)
        if not np.isfinite(whole).all() or (whole != np.floor(whole)).any():
            raise ValueError("travel must be whole minutes, not fractions, infinite or NaN")
        matrix = whole.astype(np.int64)
    if matrix.min() < 0:
        at = tuple(int(i) for i in np.unravel_index(matrix.argmin(), matrix.shape))
        raise ValueError(f"travel[{at[0]}][{at[1]}] must be at least 0, not {matrix.min()}")
    matrix = matrix.view()
    matrix.flags.writeable = False
    return matrix
