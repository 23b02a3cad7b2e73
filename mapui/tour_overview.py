"""The troupes' coming weeks and this month's figures, as the page of tours shows them."""

import datetime
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.choices import Status
from events.models import Event
from sites import clock

WEEKS = 5
DAY = datetime.timedelta(days=1)


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
class DayCell:
    """A day of the calendar: who is on the road, [(troupe, events)], and the campaigns.

    `told`: those to be named, where they begin and at each week's start; the others go on.
    """

    date: datetime.date
    is_past: bool
    is_today: bool
    troupes: list[tuple[str, int]]
    campaigns: list[str]
    told: bool


def calendar(today: datetime.date, weeks: int = WEEKS) -> list[list[DayCell]]:
    """Whole weeks from this one on, Monday first, with the troupes' events by day; one query."""
    monday = today - datetime.timedelta(days=today.weekday())
    days = [monday + datetime.timedelta(days=n) for n in range(7 * weeks)]
    found = Event.objects.between(days[0], days[-1]).exclude(status=Status.CANCELLED)
    starts = found.filter(troupe__isnull=False).values_list("starts_at", "troupe__name")
    counts = Counter((moment.astimezone(clock.SHANGHAI).date(), name) for moment, name in starts)
    by_day: dict[datetime.date, list[tuple[str, int]]] = {}
    for (day, name), n in sorted(counts.items()):
        by_day.setdefault(day, []).append((name, n))
    cells = [
        DayCell(
            day,
            day < today,
            day == today,
            by_day.get(day, []),
            campaigns_on(day),
            day.weekday() == 0 or campaigns_on(day) != campaigns_on(day - DAY),
        )
        for day in days
    ]
    return [cells[at : at + 7] for at in range(0, len(cells), 7)]


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


def weekday_names() -> list[str]:
    """Monday to Sunday, short."""
    return [_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日")]
