"""Move recorded events to around another day, so that a demonstration is always of today.

Pure. Days are Shanghai's. Most events move by whole weeks and keep their weekday; those of
campaigns with a date in the calendar (宪法宣传周 …) move by whole years and keep their season.
"""

import calendar
import datetime
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from events.choices import Status
from sites.clock import SHANGHAI

WEEK = datetime.timedelta(weeks=1)


@dataclass(frozen=True)
class Times:
    """When an event is, and what decides how it moves. Moments are aware."""

    starts_at: datetime.datetime
    ends_at: datetime.datetime
    held_at: datetime.datetime | None = None
    status: str = Status.PLANNED
    campaign: str = ""


def shift(
    events: Sequence[Times], reference: datetime.date, today: datetime.date, dated: Collection[str]
) -> list[Times]:
    """The events as they would be around `today`, were they recorded around `reference`.

    `reference` is a Monday; the weeks are whole ones from it to `today`. Of each `dated`
    campaign, all held events move together by the most years that leave all before today;
    every other one moves by the fewest that leave it not before the Monday that the reference
    became. A 29 February that a year lacks becomes the 28th.
    """
    weeks = (today - reference).days // 7
    monday = reference + weeks * WEEK
    years = _years_of_held(events, today, dated)
    moved = []
    for times in events:
        if times.campaign not in dated:
            moved.append(_by_weeks(times, weeks))
        elif times.status == Status.HELD:
            moved.append(_by_years(times, years[times.campaign]))
        else:
            moved.append(_by_years(times, _fewest_years(_day(times.starts_at), monday)))
    return moved


def add_years(day: datetime.date, years: int) -> datetime.date:
    """The same day of another year; 29 February becomes the 28th where there is none.

    >>> add_years(datetime.date(2024, 2, 29), 1)
    datetime.date(2025, 2, 28)
    """
    last = calendar.monthrange(day.year + years, day.month)[1]
    return day.replace(year=day.year + years, day=min(day.day, last))


def _years_of_held(
    events: Sequence[Times], today: datetime.date, dated: Collection[str]
) -> dict[str, int]:
    """Of each dated campaign, by how many years its held events move."""
    last: dict[str, datetime.date] = defaultdict(lambda: datetime.date.min)
    for times in events:
        if times.status == Status.HELD and times.campaign in dated:
            day = _day(times.held_at or times.ends_at)
            last[times.campaign] = max(last[times.campaign], day)
    return {campaign: _most_years(day, today) for campaign, day in last.items()}


def _most_years(day: datetime.date, limit: datetime.date) -> int:
    years = limit.year - day.year
    return years if add_years(day, years) < limit else years - 1


def _fewest_years(day: datetime.date, limit: datetime.date) -> int:
    years = limit.year - day.year
    return years if add_years(day, years) >= limit else years + 1


def _by_weeks(times: Times, weeks: int) -> Times:
    held = times.held_at and times.held_at + weeks * WEEK
    starts, ends = times.starts_at + weeks * WEEK, times.ends_at + weeks * WEEK
    return replace(times, starts_at=starts, ends_at=ends, held_at=held)


def _by_years(times: Times, years: int) -> Times:
    """The start moves by years, and the other moments stay as far from it as they were."""
    start = times.starts_at.astimezone(SHANGHAI)
    moved = datetime.datetime.combine(add_years(start.date(), years), start.timetz())
    by = moved - start
    held = times.held_at and times.held_at + by
    return replace(times, starts_at=moved, ends_at=times.ends_at + by, held_at=held)


def _day(moment: datetime.datetime) -> datetime.date:
    return moment.astimezone(SHANGHAI).date()
