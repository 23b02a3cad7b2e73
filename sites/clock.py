"""Today, now and Shanghai days: the only place that reads the clock."""

import calendar
import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> datetime.datetime:
    """The present moment, moved to the fixed day where the setting TODAY names one.

    With an hour (2026-07-15T08:00) the clock stands still.
    """
    moment = timezone.now().astimezone(SHANGHAI)
    if not settings.TODAY:
        return moment
    fixed = datetime.datetime.fromisoformat(settings.TODAY).replace(tzinfo=SHANGHAI)
    if "T" in settings.TODAY:
        return fixed
    return datetime.datetime.combine(fixed.date(), moment.time(), SHANGHAI)


def today() -> datetime.date:
    """Today's date in Shanghai."""
    return now().date()


def midnight(day: datetime.date) -> datetime.datetime:
    """The moment at which a Shanghai day begins."""
    return datetime.datetime.combine(day, datetime.time(), SHANGHAI)


def day_of(moment: datetime.datetime) -> datetime.date:
    """The Shanghai date of a moment."""
    return moment.astimezone(SHANGHAI).date()


def months_before(day: datetime.date, months: int) -> datetime.date:
    """The same day some months earlier; a day that the month lacks becomes its last.

    >>> months_before(datetime.date(2025, 3, 31), 1)
    datetime.date(2025, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return datetime.date(year, month + 1, min(day.day, last))


def day_after(day: datetime.date) -> datetime.date:
    """The next day."""
    return day + datetime.timedelta(days=1)


def has_begun(day: datetime.date) -> bool:
    """Whether a day has come, by our clock or by the database's, which knows of no fixed day."""
    return day <= max(today(), timezone.localdate())
