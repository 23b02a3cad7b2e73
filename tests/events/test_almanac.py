"""The local calendar: on which days and at which hours a village can be visited."""

import datetime
from itertools import pairwise

import pytest
from django.db import IntegrityError
from hypothesis import given
from hypothesis import strategies as st

from events import almanac
from events.almanac import Line, intersect, open_windows, union
from tests import factories

MONDAY = datetime.date(2026, 12, 7)
DAY = datetime.timedelta(days=1)
NINE, NOON, ONE = datetime.time(9), datetime.time(12), datetime.time(13)

minutes = st.integers(0, 60)
spans = st.lists(st.tuples(minutes, minutes), max_size=5)
days = st.dates(datetime.date(2019, 1, 1), datetime.date(2033, 12, 31))


def line(first, last, **fields):
    return Line("封路", "closed", "150203", first, last, **fields)


def inside(minute, windows):
    """Whether the minute that begins then lies in one of the windows."""
    return any(begin <= minute < end for begin, end in windows)


# Lines


@given(days, days, days)
def test_a_line_of_one_year_holds_from_its_first_to_its_last_day(first, last, day):
    assert line(first, last).holds_on(day) == (first <= day <= last)


@given(days, st.integers(0, 800), days)
def test_a_yearly_line_holds_on_the_same_days_of_every_year(first, length, day):
    """Walked day by day: every day of the line, put into the year that is asked about."""
    last = first + length * DAY
    season = {((first + n * DAY).month, (first + n * DAY).day) for n in range(min(length, 800) + 1)}
    if {(2, 28), (3, 1)} <= season:
        season.add((2, 29))
    ends_february = (last.month, last.day) == (2, 28) and first != last
    if ends_february and not _has_29th(last.year):
        season.add((2, 29))
    asked = (day.month, day.day)
    assert line(first, last, yearly=True).holds_on(day) == (asked in season)


def _has_29th(year):
    return (datetime.date(year, 3, 1) - DAY).day == 29


@pytest.mark.parametrize(
    ("day", "holds"),
    [("2031-11-30", False), ("2031-12-01", True), ("2032-02-29", True), ("2032-03-01", False)],
)
def test_a_winter_goes_over_new_year_and_to_the_end_of_february(day, holds):
    winter = line(datetime.date(2026, 12, 1), datetime.date(2027, 2, 28), yearly=True)
    assert winter.holds_on(datetime.date.fromisoformat(day)) is holds


def test_a_yearly_29_february_is_on_leap_years_alone():
    leap = datetime.date(2028, 2, 29)
    once = line(leap, leap, yearly=True)
    assert once.holds_on(datetime.date(2032, 2, 29))
    assert not once.holds_on(datetime.date(2027, 2, 28))
    assert not once.holds_on(datetime.date(2027, 3, 1))


@given(days, st.sets(st.integers(1, 7)), st.sets(st.integers(1, 31)))
def test_weekdays_and_days_of_the_month_both_narrow_a_line(day, weekdays, month_days):
    narrowed = line(
        datetime.date.min,
        datetime.date.max,
        weekdays=tuple(weekdays),
        month_days=tuple(month_days),
    )
    on_weekday = not weekdays or day.isoweekday() in weekdays
    on_month_day = not month_days or day.day in month_days
    assert narrowed.holds_on(day) == (on_weekday and on_month_day)


# Windows


@given(spans)
def test_a_union_has_the_same_minutes_in_windows_that_do_not_touch(windows):
    joined = union(windows)
    for minute in range(61):
        assert inside(minute, joined) == inside(minute, windows)
    assert all(a[1] < b[0] for a, b in pairwise(joined))
    assert all(begin < end for begin, end in joined)


@given(spans, spans)
def test_an_intersection_has_the_minutes_of_both(a, b):
    both = intersect(union(a), union(b))
    for minute in range(61):
        assert inside(minute, both) == (inside(minute, a) and inside(minute, b))


@given(st.tuples(minutes, minutes), spans, spans)
def test_what_is_open_is_within_the_hours_in_what_opens_and_outside_what_closes(
    hours, opened, closed
):
    windows = open_windows(hours, opened, closed)
    for minute in range(61):
        by_rule = not opened or inside(minute, opened)
        expected = inside(minute, [hours]) and by_rule and not inside(minute, closed)
        assert inside(minute, windows) == expected
    assert list(windows) == union(windows)


# From the records


@pytest.fixture
def village(county):
    return factories.village(code="150203001001")


def occasion(**fields):
    defaults = {
        "name": "接羔",
        "kind": "closed",
        "first": MONDAY,
        "last": MONDAY + 30 * DAY,
        "source": "demonstration",
    }
    if "village" not in fields:
        defaults["region"] = factories.region("150203")
    return factories.occasion(**{**defaults, **fields})


def on(day=MONDAY, code="150203001001", **options):
    return almanac.read([code], [day]).windows(code, day, **options)


def test_without_a_line_the_hours_of_work_are_open(village):
    assert on() == ((480, 1140),)
    assert on(hours=(600, 700)) == ((600, 700),)


@pytest.mark.parametrize("code", ["150203", "150203001", "1502"])
def test_a_closure_of_a_division_closes_its_villages(village, code):
    occasion(region=factories.region(code))
    assert on() == ()
    assert on(MONDAY - DAY) == ((480, 1140),)


def test_a_closure_elsewhere_closes_nothing(village):
    occasion(region=factories.region("150204"))
    occasion(village=factories.village("150203001"))
    assert on() == ((480, 1140),)


def test_a_closure_of_some_hours_parts_the_day(village):
    occasion(village=village, opens=NOON, closes=ONE)
    assert on() == ((480, 720), (780, 1140))


@pytest.mark.parametrize("half", [{"opens": NOON}, {"closes": ONE}])
def test_hours_without_an_end_or_a_beginning_are_refused(village, half):
    with pytest.raises(IntegrityError, match="occasion_hours_in_order"):
        occasion(village=village, **half)


def test_lines_of_hours_add_up_and_closures_take_away(village):
    occasion(kind="hours", name="礼堂", village=village, opens=NINE, closes=NOON)
    assert on() == ((540, 720),)
    occasion(kind="hours", name="礼堂下午", opens=ONE, closes=datetime.time(22))
    assert on() == ((540, 720), (780, 1140))
    occasion(village=village, opens=datetime.time(10), closes=datetime.time(11))
    assert on() == ((540, 600), (660, 720), (780, 1140))


def test_hours_of_some_weekdays_leave_the_others_open(village):
    occasion(kind="hours", village=village, opens=NINE, closes=NOON, weekdays=[1])
    assert on(MONDAY) == ((540, 720),)
    assert on(MONDAY + DAY) == ((480, 1140),)


def test_what_closes_a_day_is_named(village):
    occasion(name="风雪封路")
    occasion(name="停电", village=village, opens=NINE, closes=NOON)
    occasion(name="礼堂", kind="hours", village=village, opens=NINE, closes=NOON)
    asked = almanac.read([village.code], [MONDAY, MONDAY - DAY])
    assert asked.closures(village.code, MONDAY) == ["风雪封路", "停电", "礼堂"]
    assert asked.closures(village.code, MONDAY - DAY) == []


def test_markets_and_festivals_gather_the_villages_around(village):
    occasion(name="集市", kind="market", weekdays=[1], yearly=True)
    occasion(name="那达慕", kind="festival", village=village)
    occasion(name="打草")
    asked = almanac.read([village.code], [MONDAY, MONDAY + DAY])
    names = [line.name for line in asked.gatherings(village.code, MONDAY)]
    assert names == ["集市", "那达慕"]
    assert [each.name for each in asked.gatherings(village.code, MONDAY + DAY)] == ["那达慕"]


def test_what_was_not_read_is_not_answered(village):
    asked = almanac.read([village.code], [MONDAY])
    with pytest.raises(ValueError, match="was not read"):
        asked.windows(village.code, MONDAY + DAY)
    with pytest.raises(ValueError, match="was not read"):
        asked.gatherings("150203001002", MONDAY)


def test_many_villages_and_days_take_one_query(village, django_assert_num_queries):
    others = [factories.village().code for _ in range(5)]
    for _ in range(5):
        occasion()
    dates = [MONDAY + n * DAY for n in range(10)]
    with django_assert_num_queries(1):
        asked = almanac.read([village.code, *others], dates)
        for code in others:
            assert [asked.windows(code, day) for day in dates] == [()] * 10
