"""Estimated minutes: by setting and season, and back to metres."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sites import sentences, travel
from sites.travel import DEFAULT, Speed

WINTER = Speed(30, 1.4, "", 11, 3)
HERDING = Speed(50, 1.2, "herding")
JANUARY = Speed(20, 1.5, "herding", 1, 1)


def test_without_any_speed_on_record_it_is_40_kmh_and_a_third_longer():
    assert travel.speed([], "urban", 6) is DEFAULT
    assert DEFAULT.metres_in(15) == pytest.approx(10_000 / 1.3)


@pytest.mark.parametrize(
    ("setting", "month", "expected"),
    [
        ("farming", 6, DEFAULT),
        ("farming", 11, WINTER),
        ("farming", 12, WINTER),
        ("farming", 3, WINTER),
        ("farming", 4, DEFAULT),
        ("", 1, WINTER),
        ("herding", 12, HERDING),
        ("herding", 1, JANUARY),
    ],
)
def test_a_settings_own_speed_and_the_shorter_season_come_first(setting, month, expected):
    assert travel.speed([WINTER, HERDING, JANUARY], setting, month) == expected


@given(st.floats(1, 200), st.floats(1, 10), st.floats(0, 1000, allow_subnormal=False))
def test_minutes_lead_to_metres_and_back(kmh, detour, minutes):
    speed = Speed(kmh, detour)
    assert speed.minutes_for(speed.metres_in(minutes)) == pytest.approx(minutes)


@given(st.integers(1, 12), st.integers(1, 12))
def test_a_season_has_the_months_that_it_says(first, last):
    season = Speed(40, 1.3, "", first, last)
    months = [month for month in range(1, 13) if season.holds_in("urban", month)]
    assert len(months) == season.months()
    assert {first, last} <= set(months)


def test_minutes_are_told_with_how_they_are_known():
    assert sentences.journey(22.3, False, DEFAULT) == "约 23 分钟路程(估计:直线×1.3,40 公里/时)"
    assert sentences.journey(15.0, True, DEFAULT) == "15 分钟路程(按道路)"
    assert sentences.journey(math.inf, True, DEFAULT) == "没有道路可到"
