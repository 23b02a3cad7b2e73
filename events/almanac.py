"""When a village can be visited, by the local calendar: closures, hours, market days, festivals.

`read` fetches the lines for some villages and days; the rest is pure. Minutes are of the Shanghai
day, 0 midnight; a window (from, to) is a time in which a whole visit may lie.
"""

import datetime
import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q

from events.choices import OccasionKind
from events.models import Occasion
from sites.choices import CODE_LENGTH

Window = tuple[int, int]
Windows = tuple[Window, ...]

WORKING_HOURS: Window = (8 * 60, 19 * 60)
DAY = 24 * 60
YEAR = datetime.timedelta(days=365)
FEBRUARY_28, FEBRUARY_29 = (2, 28), (2, 29)
LENGTHS = sorted(CODE_LENGTH.values())


@dataclass(frozen=True)
class Line:
    """A line of the local calendar, as `Occasion` describes it; `place` is a division's or village's code.

    A yearly line holds in every year, before its first one too. One that ends on 28 February of a
    year without a 29th ends with February.
    """

    name: str
    kind: str
    place: str
    first: datetime.date
    last: datetime.date
    yearly: bool = False
    weekdays: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()
    opens: datetime.time | None = None
    closes: datetime.time | None = None

    def holds_on(self, day: datetime.date) -> bool:
        """Whether the line speaks of the day."""
        if self.weekdays and day.isoweekday() not in self.weekdays:
            return False
        if self.month_days and day.day not in self.month_days:
            return False
        return self._of_season(day) if self.yearly else self.first <= day <= self.last

    def _of_season(self, day: datetime.date) -> bool:
        """Whether a yearly line's days include the day: over New Year where it begins the later."""
        if self.last - self.first >= YEAR:
            return True
        first, last, asked = ((each.month, each.day) for each in (self.first, self.last, day))
        if last == FEBRUARY_28 and first != last and not _is_leap(self.last.year):
            last = FEBRUARY_29
        if self.first.year == self.last.year:
            return first <= asked <= last
        return asked >= first or asked <= last

    def hours(self) -> Window | None:
        """The minutes from `opens` to `closes`, to the day's ends where one is blank; None: all day."""
        if self.opens is None and self.closes is None:
            return None
        begin = math.floor(_minutes(self.opens)) if self.opens else 0
        return begin, math.ceil(_minutes(self.closes)) if self.closes else DAY


@dataclass(frozen=True)
class Almanac:
    """The lines for some villages on some days. Asking for another village or day is a ValueError."""

    lines: Mapping[str, Sequence[Line]]
    codes: frozenset[str]
    dates: frozenset[datetime.date]

    def windows(self, code: str, date: datetime.date, hours: Window = WORKING_HOURS) -> Windows:
        """When a visit to the village may lie on the day, within `hours`; () when never.

        Within the hours of any line of hours that holds that day, and outside of every closure.
        """
        lines = self._holding(code, date)
        return open_windows(
            hours,
            [line.hours() or hours for line in lines if line.kind == OccasionKind.HOURS],
            [line.hours() or hours for line in lines if line.kind == OccasionKind.CLOSED],
        )

    def closures(self, code: str, date: datetime.date, hours: Window = WORKING_HOURS) -> list[str]:
        """The names of what closes the village on the day, or a part of the day.

        Where nothing of `hours` is left, the lines of hours are named too.
        """
        shut = not self.windows(code, date, hours)
        kinds = {OccasionKind.CLOSED, OccasionKind.HOURS} if shut else {OccasionKind.CLOSED}
        names = [line.name for line in self._holding(code, date) if line.kind in kinds]
        return list(dict.fromkeys(names))

    def gatherings(self, code: str, date: datetime.date) -> list[Line]:
        """The markets and festivals on the day, of the village or of a division around it."""
        kinds = {OccasionKind.MARKET, OccasionKind.FESTIVAL}
        return [line for line in self._holding(code, date) if line.kind in kinds]

    def _holding(self, code: str, date: datetime.date) -> list[Line]:
        if code not in self.codes or date not in self.dates:
            raise ValueError(f"{code} on {date} was not read")
        around = [*_divisions(code), code]
        return [
            line for place in around for line in self.lines.get(place, ()) if line.holds_on(date)
        ]


def read(codes: Sequence[str], dates: Sequence[datetime.date]) -> Almanac:
    """The local calendar of the villages with these codes on these days: one query."""
    lines: dict[str, list[Line]] = defaultdict(list)
    if codes and dates:
        for occasion in _occasions(codes, dates):
            lines[occasion.village_id or occasion.region_id].append(_line(occasion))
    return Almanac(dict(lines), frozenset(codes), frozenset(dates))


def _occasions(codes: Collection[str], dates: Collection[datetime.date]) -> Iterable[Occasion]:
    divisions = {division for code in codes for division in _divisions(code)}
    somewhere = Q(region__in=divisions) | Q(village__in=set(codes))
    sometime = Q(yearly=True) | Q(first__lte=max(dates), last__gte=min(dates))
    return Occasion.objects.filter(somewhere, sometime).order_by("first", "name", "pk")


def _line(occasion: Occasion) -> Line:
    return Line(
        occasion.name,
        occasion.kind,
        occasion.village_id or occasion.region_id,
        occasion.first,
        occasion.last,
        occasion.yearly,
        tuple(occasion.weekdays),
        tuple(occasion.month_days),
        occasion.opens,
        occasion.closes,
    )


def open_windows(hours: Window, opened: Sequence[Window], closed: Sequence[Window]) -> Windows:
    """`hours`, within the union of `opened` where there is any, without `closed`.

    Windows come apart and in order; what is only a moment is none.
    """
    left = intersect([hours], union(opened)) if opened else union([hours])
    for begin, end in union(closed):
        outside = [(min(hours[0], begin), begin), (end, max(hours[1], end))]
        left = intersect(left, outside)
    return tuple(left)


def union(windows: Iterable[Window]) -> list[Window]:
    """The same time as windows that neither overlap nor touch, in order."""
    joined: list[Window] = []
    for begin, end in sorted(window for window in windows if window[0] < window[1]):
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((begin, end))
    return joined


def intersect(a: Iterable[Window], b: Iterable[Window]) -> list[Window]:
    """The time that lies in a window of `a` and in one of `b`; each of the two without overlaps."""
    b = list(b)
    both = [(max(x[0], y[0]), min(x[1], y[1])) for x in a for y in b]
    return sorted(window for window in both if window[0] < window[1])


def _divisions(village: str) -> list[str]:
    """The codes of the divisions around a village, the largest first."""
    return [village[:length] for length in LENGTHS]


def _minutes(time: datetime.time) -> float:
    return time.hour * 60 + time.minute + time.second / 60


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
