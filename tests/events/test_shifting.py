"""Demonstration events, moved to around today."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.shifting import Times, add_years, shift
from sites.clock import SHANGHAI

MONDAY = datetime.date(2026, 11, 23)
WEEK_OF = "宪法宣传周"
DAYS = st.dates(datetime.date(2020, 1, 1), datetime.date(2040, 12, 31))


def moment(day, hour=9):
    return datetime.datetime.combine(day, datetime.time(hour), SHANGHAI)


def times(day, status="planned", campaign=""):
    held = moment(day, 11) if status == "held" else None
    return Times(moment(day), moment(day, 10), held, status, campaign)


def day_of(shifted):
    return shifted.starts_at.astimezone(SHANGHAI).date()


def shifted_days(events, today):
    return [day_of(each) for each in shift(events, MONDAY, today, [WEEK_OF])]


def test_in_the_week_of_reference_nothing_moves():
    events = [
        times(datetime.date(2026, 11, 20), "held"),
        times(datetime.date(2026, 12, 4), campaign=WEEK_OF),
    ]
    for days in range(7):
        assert shift(events, MONDAY, MONDAY + datetime.timedelta(days), [WEEK_OF]) == events


def test_an_event_moves_by_whole_weeks():
    friday = times(datetime.date(2026, 11, 20), "held")
    (moved,) = shift([friday], MONDAY, datetime.date(2027, 1, 13), [WEEK_OF])
    assert moved.starts_at - friday.starts_at == datetime.timedelta(weeks=7)
    assert moved.held_at - friday.held_at == datetime.timedelta(weeks=7)


def test_a_dated_campaign_keeps_its_season_and_its_years_apart():
    held = [times(datetime.date(year, 12, 4), "held", WEEK_OF) for year in (2023, 2024, 2025)]
    assert shifted_days(held, datetime.date(2027, 3, 1)) == [
        datetime.date(year, 12, 4) for year in (2024, 2025, 2026)
    ]


def test_what_was_held_is_never_of_today_where_it_might_not_have_begun():
    held = times(datetime.date(2025, 12, 4), "held", WEEK_OF)
    assert shifted_days([held], datetime.date(2026, 12, 4)) == [datetime.date(2025, 12, 4)]
    assert shifted_days([held], datetime.date(2026, 12, 5)) == [datetime.date(2026, 12, 4)]


def test_a_dated_campaign_to_come_is_the_next_one():
    coming = times(datetime.date(2026, 12, 4), "planned", WEEK_OF)
    assert shifted_days([coming], datetime.date(2026, 12, 6)) == [datetime.date(2026, 12, 4)]
    assert shifted_days([coming], datetime.date(2026, 12, 7)) == [datetime.date(2027, 12, 4)]


def test_the_past_can_be_today_too():
    assert shifted_days([times(MONDAY)], datetime.date(2024, 1, 3)) == [datetime.date(2024, 1, 1)]


@pytest.mark.parametrize(("years", "day"), [(1, 28), (4, 29), (-1, 28)])
def test_a_leap_day_becomes_the_28th(years, day):
    assert add_years(datetime.date(2024, 2, 29), years) == datetime.date(2024 + years, 2, day)


@given(
    DAYS,
    st.lists(st.tuples(DAYS, st.sampled_from(["held", "planned"]), st.sampled_from(["", WEEK_OF]))),
)
def test_held_stays_past_and_planned_stays_to_come(today, rows):
    events = [times(*row) for row in rows]
    monday = MONDAY + datetime.timedelta(weeks=(today - MONDAY).days // 7)
    for before, after in zip(events, shift(events, MONDAY, today, [WEEK_OF]), strict=True):
        assert after.ends_at - after.starts_at == before.ends_at - before.starts_at
        assert after.starts_at.timetz() == before.starts_at.timetz()
        if before.campaign and before.status == "held":
            assert day_of(after) < today
        elif before.campaign:
            assert monday <= day_of(after) < monday + datetime.timedelta(days=367)
        else:
            assert (day_of(after) - day_of(before)).days % 7 == 0
