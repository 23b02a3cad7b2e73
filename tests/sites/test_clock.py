"""Today, Shanghai days and months."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sites import clock

days = st.dates(datetime.date(1990, 1, 1), datetime.date(2090, 12, 31))


def test_today_is_the_day_that_the_setting_names(settings):
    settings.TODAY = "2026-12-04"
    assert clock.today() == datetime.date(2026, 12, 4)
    assert clock.now().date() == clock.today()
    assert clock.now().utcoffset() == datetime.timedelta(hours=8)


def test_with_an_hour_the_clock_stands_still(settings):
    settings.TODAY = "2026-12-04T23:30"
    stands = datetime.datetime(2026, 12, 4, 15, 30, tzinfo=datetime.UTC)
    assert (clock.now(), clock.today()) == (stands, datetime.date(2026, 12, 4))


def test_without_the_setting_today_is_shanghais(settings):
    settings.TODAY = ""
    ahead = datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=8)
    assert abs(clock.now().replace(tzinfo=datetime.UTC) - ahead) < datetime.timedelta(seconds=5)


def test_a_shanghai_day_begins_at_16_utc_of_the_day_before():
    begins = clock.midnight(datetime.date(2026, 7, 15)).astimezone(datetime.UTC)
    assert begins == datetime.datetime(2026, 7, 14, 16, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("day", "months", "earlier"),
    [
        ("2026-03-31", 1, "2026-02-28"),
        ("2024-03-31", 1, "2024-02-29"),
        ("2024-02-29", 12, "2023-02-28"),
        ("2026-01-15", 1, "2025-12-15"),
        ("2026-12-31", 24, "2024-12-31"),
        ("2026-05-31", 0, "2026-05-31"),
    ],
)
def test_months_before_keeps_the_day_or_takes_the_months_last(day, months, earlier):
    of = datetime.date.fromisoformat
    assert clock.months_before(of(day), months) == of(earlier)


@given(days, st.integers(0, 600))
def test_months_before_counts_months(day, months):
    earlier = clock.months_before(day, months)
    assert (day.year - earlier.year) * 12 + day.month - earlier.month == months
    next_day = earlier + datetime.timedelta(days=1)
    assert earlier.day == day.day or (earlier.day < day.day and next_day.day == 1)


@given(days, days, st.integers(1, 60))
def test_a_later_day_never_has_an_earlier_window(one, other, months):
    first, second = sorted((one, other))
    assert clock.months_before(first, months) <= clock.months_before(second, months)
