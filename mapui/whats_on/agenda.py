"""The page of events: which days it shows, and what is on in each of them."""

import calendar
import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import Count, F, QuerySet, Window
from django.db.models.functions import Coalesce, RowNumber, TruncDate

from events.choices import Status
from events.models import Event
from events.querysets import EventQuerySet
from mapui.filters import Agenda
from sites import clock

DAY = datetime.timedelta(days=1)
SATURDAY = 5
# How many events of a day a page lists; the day's own page lists the rest.
MOST = {"day": 200, "week": 12, "month": 3}

_DAY_OF = TruncDate("starts_at", tzinfo=clock.SHANGHAI)


@dataclass(frozen=True)
class Day:
    """A Shanghai day: how much is on, the first of it, and what has moved away to another day."""

    date: datetime.date
    count: int = 0
    events: list[Event] = field(default_factory=list)
    gone: list[Event] = field(default_factory=list)
    outside: bool = False  # of another month than the page is about

    @property
    def more(self) -> int:
        """How many events are not listed here."""
        return self.count - len(self.events)


@dataclass(frozen=True)
class Span:
    """Days that a page shows, both included; None leaves a side open."""

    first: datetime.date | None
    last: datetime.date | None
    before: datetime.date | None = None  # where the page before, and the one after, begin
    after: datetime.date | None = None


def span(asked: Agenda, today: datetime.date) -> Span:
    """The days around `from`, by default around today."""
    first = asked.first or today
    match asked.view:
        case "day":
            return Span(first, first, first - DAY, first + DAY)
        case "week":
            monday = first - first.weekday() * DAY
            return Span(monday, monday + 6 * DAY, monday - 7 * DAY, monday + 7 * DAY)
        case "month":
            length = calendar.monthrange(first.year, first.month)[1]
            begin, end = first.replace(day=1), first.replace(day=length)
            return Span(begin, end, (begin - DAY).replace(day=1), end + DAY)
    if asked.first or asked.last:
        return Span(asked.first, asked.last)
    return Span(today, None)


def weekend(today: datetime.date) -> tuple[datetime.date, datetime.date]:
    """Saturday and Sunday to come: on a Saturday only tomorrow, on a Sunday those after it."""
    if today.weekday() == SATURDAY:
        return today + DAY, today + DAY
    saturday = today + (SATURDAY - today.weekday()) % 7 * DAY
    return saturday, saturday + DAY


def days(
    found: EventQuerySet,
    first: datetime.date,
    last: datetime.date,
    most: int,
    now: datetime.datetime,
) -> list[Day]:
    """Each day from first to last with at most so many of its events; three queries.

    Which they are is asked first: the cards of all others would be made for nothing.
    """
    of_day = {"partition_by": _DAY_OF}
    numbered = (
        found.order_by()
        .between(first, last)
        .annotate(
            nth=Window(RowNumber(), order_by=("starts_at", "code"), **of_day),
            in_all=Window(Count("*"), **of_day),
        )
    )
    counts = dict(numbered.filter(nth__lte=most).values_list("pk", "in_all"))
    shown = found.filter(pk__in=counts).order_by("starts_at", "code")
    held = _by_day(shown, "starts_at")
    gone = _by_day(found.moved_away(first, last, now), "moved_from")
    return [
        _day(date, held.get(date, []), gone.get(date, []), counts) for date in _dates(first, last)
    ]


def _day(
    date: datetime.date, events: list[Event], gone: list[Event], counts: dict[str, int]
) -> Day:
    away = [event for event in gone if clock.day_of(event.starts_at) != date]
    return Day(date, counts[events[0].pk] if events else 0, events, away)


def _by_day(events: Iterable[Event], moment: str) -> dict[datetime.date, list[Event]]:
    found: dict[datetime.date, list[Event]] = {}
    for event in events:
        found.setdefault(clock.day_of(getattr(event, moment)), []).append(event)
    return found


def _dates(first: datetime.date, last: datetime.date) -> Iterator[datetime.date]:
    return (first + n * DAY for n in range((last - first).days + 1))


def weeks(month: list[Day]) -> list[list[Day]]:
    """The days of a month in weeks from Monday to Sunday, filled up with those around it."""
    before = [month[0].date - n * DAY for n in range(month[0].date.weekday(), 0, -1)]
    after = [month[-1].date + n * DAY for n in range(1, 7 - month[-1].date.weekday())]
    filled = [
        *(Day(date, outside=True) for date in before),
        *month,
        *(Day(date, outside=True) for date in after),
    ]
    return [filled[n : n + 7] for n in range(0, len(filled), 7)]


def counted(found: EventQuerySet, day: datetime.date) -> list[list[Day]]:
    """The month of a day in weeks, only how much is on; one query."""
    first = day.replace(day=1)
    last = day.replace(day=calendar.monthrange(day.year, day.month)[1])
    rows = found.between(first, last).exclude(status=Status.CANCELLED).annotate(day=_DAY_OF)
    counts = dict(rows.order_by().values("day").annotate(n=Count("pk")).values_list("day", "n"))
    return weeks([Day(date, counts.get(date, 0)) for date in _dates(first, last)])


@dataclass(frozen=True)
class Nearest:
    """The days with something on that are nearest to an empty period."""

    before: datetime.date | None
    after: datetime.date | None


def nearest(found: EventQuerySet, shown: Span) -> Nearest:
    """The last day before and the first after the days shown on which something is on."""
    on = found.exclude(status=Status.CANCELLED).order_by("starts_at")
    starts = on.values_list("starts_at", flat=True)
    after = starts.between(shown.last + DAY, None).first() if shown.last else None
    before = starts.between(None, shown.first - DAY).last() if shown.first else None
    return Nearest(before and clock.day_of(before), after and clock.day_of(after))


def by_county(found: EventQuerySet, shown: Span) -> QuerySet:
    """(county's code, how much is on) in the days shown, where most is on first."""
    lies_in = Coalesce(F("site__county"), F("village__township__parent"))
    on = found.between(shown.first, shown.last).exclude(status=Status.CANCELLED)
    counted = on.annotate(lies_in=lies_in).order_by().values("lies_in").annotate(n=Count("pk"))
    return counted.order_by("-n", "lies_in").values_list("lies_in", "n")
