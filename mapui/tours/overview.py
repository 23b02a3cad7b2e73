"""The troupes' coming weeks and this month's figures, as the page of tours shows them."""

import datetime
from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import Case, Count, F, Q, Value, When
from django.db.models.functions import TruncDate
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from events.choices import Status, TourStatus
from events.models import Event, Stop, Tour
from sites import clock

WEEKS = 5
DAY = datetime.timedelta(days=1)
SATURDAY = 5
WEEKDAYS = (
    pgettext_lazy("weekday", "一"),
    pgettext_lazy("weekday", "二"),
    pgettext_lazy("weekday", "三"),
    pgettext_lazy("weekday", "四"),
    pgettext_lazy("weekday", "五"),
    pgettext_lazy("weekday", "六"),
    pgettext_lazy("weekday", "日"),
)
MOST_DRAFTS = 8  # tours that are not confirmed, shown in the calendar
OPEN = (TourStatus.DRAFT, TourStatus.QUEUED, TourStatus.PLANNING)
# How an event stands, in the order of the marks in a day.
STATES = {
    "held": Status.HELD.label,
    "overdue": gettext_lazy("过了日子还没登记"),
    "confirmed": Status.CONFIRMED.label,
    "planned": Status.PLANNED.label,
}
ASKED = {"held": "status=held", "overdue": "overdue=true"}


@dataclass(frozen=True)
class Campaign:
    """A campaign with its days in every year: (month, day) of the first and the last, inclusive."""

    name: str | Promise
    first: tuple[int, int]
    last: tuple[int, int]

    def holds_on(self, day: datetime.date) -> bool:
        """Whether the day is one of the campaign's."""
        return self.first <= (day.month, day.day) <= self.last


# The week around 4 December, the day of the constitution, as 中央宣传部, 司法部 and 全国普法办
# announce it each year; the two months as the bureau's own reports name them (fixtures/README.md).
CAMPAIGNS = (
    Campaign(gettext_lazy("宪法宣传周"), (12, 1), (12, 7)),
    Campaign(gettext_lazy("民法典宣传月"), (5, 1), (5, 31)),
    Campaign(gettext_lazy("法治宣传教育月"), (11, 1), (11, 30)),
)


def campaigns_on(day: datetime.date) -> list[str]:
    """The names of the campaigns of a day."""
    return [str(each.name) for each in CAMPAIGNS if each.holds_on(day)]


@dataclass(frozen=True)
class Mark:
    """So many events of a troupe on a day that stand alike: `held`, `overdue`, `confirmed` …"""

    state: str
    n: int

    @property
    def words(self) -> str:
        """What it stands for: 已举办."""
        return str(STATES[self.state])

    @property
    def query(self) -> str:
        """What to ask the page of events for, to see just these."""
        return ASKED.get(self.state, f"status={self.state}&overdue=false")


@dataclass(frozen=True)
class Day:
    """A column of the calendar. `names_month`: the month is told here."""

    date: datetime.date
    is_past: bool
    is_today: bool
    is_weekend: bool
    campaigns: list[str]
    names_month: bool

    @property
    def weekday(self) -> str:
        """一 for Monday."""
        return str(WEEKDAYS[self.date.weekday()])


@dataclass(frozen=True)
class Span:
    """So many columns of the head, of one campaign or of none."""

    name: str
    days: int


@dataclass(frozen=True)
class Row:
    """A troupe's weeks: the marks of each day; of what is over, how much was held."""

    code: str
    name: str
    cells: list[tuple[Day, list[Mark]]]
    held: int
    due: int


@dataclass(frozen=True)
class Draft:
    """A tour that is not confirmed: (day, stops) of each day; None where it is not on the road."""

    tour: Tour
    cells: list[tuple[Day, int | None]]


@dataclass(frozen=True)
class Calendar:
    """Some weeks across the troupes: what stands, and what is only proposed."""

    days: list[Day]
    spans: list[Span]
    rows: list[Row]
    drafts: list[Draft]
    more_drafts: int

    @property
    def before(self) -> datetime.date:
        """Where the weeks before these begin."""
        return self.days[0].date - len(self.days) * DAY

    @property
    def after(self) -> datetime.date:
        """Where the weeks after these begin."""
        return self.days[-1].date + DAY


def calendar(
    now: datetime.datetime, first: datetime.date | None = None, weeks: int = WEEKS
) -> Calendar:
    """Whole weeks, Monday first, from last week on or from the week of `first`; three queries."""
    today = now.astimezone(clock.SHANGHAI).date()
    start = first or today - 7 * DAY
    monday = start - start.weekday() * DAY
    days = [_day(monday + n * DAY, today, monday) for n in range(7 * weeks)]
    drafts = _drafts(days)
    more = max(0, len(drafts) - MOST_DRAFTS)
    return Calendar(days, _spans(days), _rows(days, now), drafts[:MOST_DRAFTS], more)


def _day(date: datetime.date, today: datetime.date, first: datetime.date) -> Day:
    is_weekend = date.weekday() >= SATURDAY
    told = date == first or date.day == 1
    return Day(date, date < today, date == today, is_weekend, campaigns_on(date), told)


def _spans(days: list[Day]) -> list[Span]:
    """The campaigns as bands over the days; none where no day has one."""
    named = [_("、").join(day.campaigns) for day in days]
    return [Span(name, len(list(run))) for name, run in groupby(named)] if any(named) else []


def _rows(days: list[Day], now: datetime.datetime) -> list[Row]:
    """The troupes that have anything in these days, the busiest first."""
    stands = Case(When(Event.objects.is_overdue(now), then=Value("overdue")), default=F("status"))
    found = (
        Event.objects.between(days[0].date, days[-1].date)
        .filter(troupe__isnull=False)
        .exclude(status=Status.CANCELLED)
        .annotate(day=TruncDate("starts_at", tzinfo=clock.SHANGHAI), stands=stands)
        .order_by()
        .values_list("troupe_id", "troupe__name", "day", "stands")
        .annotate(n=Count("pk"))
    )
    counts: dict[tuple[str, str], dict[datetime.date, dict[str, int]]] = {}
    for code, name, day, state, n in found:
        counts.setdefault((code, name), {}).setdefault(day, {})[state] = n
    rows = [_row(*troupe, days, by_day) for troupe, by_day in counts.items()]
    return sorted(rows, key=lambda row: (-sum(len(marks) for _, marks in row.cells), row.code))


def _row(code: str, name: str, days: list[Day], counts: dict[datetime.date, dict[str, int]]) -> Row:
    cells = []
    for day in days:
        of_day = counts.get(day.date, {})
        cells.append((day, [Mark(state, of_day[state]) for state in STATES if state in of_day]))
    total = Counter()
    for of_day in counts.values():
        total.update(of_day)
    return Row(code, name, cells, total["held"], total["held"] + total["overdue"])


def _drafts(days: list[Day]) -> list[Draft]:
    """Tours on the road in these days that nobody has confirmed, the newest first; two queries."""
    found = Tour.objects.filter(status__in=OPEN, start__lte=days[-1].date).order_by("-pk")
    tours = [tour for tour in found if tour.last >= days[0].date]
    dated = Stop.objects.filter(tour__in=tours).values_list("tour_id", "day__date")
    counts = Counter(dated)
    return [_draft(tour, days, counts) for tour in tours]


def _draft(tour: Tour, days: list[Day], counts: Counter[tuple[int, datetime.date]]) -> Draft:
    cells = [
        (day, counts[tour.pk, day.date] if tour.start <= day.date <= tour.last else None)
        for day in days
    ]
    return Draft(tour, cells)


def month(now: datetime.datetime) -> dict[str, Any]:
    """This month's events of the troupes: planned, held, still to come, and not recorded; one query.

    `planned` is everything that was to take place and was not cancelled.
    """
    first = now.date().replace(day=1)
    last = (first + datetime.timedelta(days=31)).replace(day=1) - datetime.timedelta(days=1)
    ours = Event.objects.between(first, last).filter(troupe__isnull=False)
    figures = ours.aggregate(
        planned=Count("pk", filter=~Q(status=Status.CANCELLED)),
        held=Count("pk", filter=Q(status=Status.HELD)),
        overdue=Count("pk", filter=Event.objects.is_overdue(now)),
        cancelled=Count("pk", filter=Q(status=Status.CANCELLED)),
    )
    figures["coming"] = figures["planned"] - figures["held"] - figures["overdue"]
    return {**figures, "first": first, "last": last}


def coming(villages: list[str], now: datetime.datetime) -> dict[str, tuple[datetime.date, bool]]:
    """By village, the first day on which something is planned there, and whether it is settled.

    Settled are events; stops of tours that are not confirmed are not. One query.
    """
    drafts = Stop.objects.filter(village__in=villages, begin__gte=now, tour__status__in=OPEN)
    events = Event.objects.filter(village__in=villages).upcoming(now)
    of_both = drafts.order_by().values_list("village_id", "begin", Value(False))
    rows = of_both.union(events.order_by().values_list("village_id", "starts_at", Value(True)))
    # An event goes before a draft, the sooner before the later: who is written last stands.
    inside = sorted(rows, key=lambda row: (row[2], -row[1].timestamp()))
    return {
        village: (begin.astimezone(clock.SHANGHAI).date(), settled)
        for village, begin, settled in inside
    }
