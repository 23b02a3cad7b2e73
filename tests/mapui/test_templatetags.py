"""Template filters: figures as people read them."""

import pytest
from django.contrib.gis.geos import Point
from hypothesis import given
from hypothesis import strategies as st

from mapui.templatetags.fazhimap import coordinates, deciding, distance_from, metres
from sites.models import Coverage, Site, Standard, Village

# tests/js/numbers.test.js has the same ones.
READ = {
    None: "—",
    0: "0 米",
    381.4: "380 米",
    994.9: "990 米",
    995: "1.0 公里",
    5349: "5.3 公里",
    123456: "123.5 公里",
}


@pytest.mark.parametrize(("distance", "text"), READ.items())
def test_a_distance_is_read_to_ten_metres_or_a_tenth_of_a_kilometre(distance, text):
    assert metres(distance) == text


@given(st.floats(0, 1e6))
def test_a_distance_is_read_within_its_rounding(distance):
    number, unit = metres(distance).split(" ")
    read = float(number) * {"米": 1, "公里": 1000}[unit]
    assert abs(read - distance) <= (5 if distance < 995 else 50) + 1e-6


def test_a_distance_between_positions_that_may_be_off_is_about_right():
    assert metres(5349, 101) == "约 5.3 公里"
    assert metres(5349, 100) == "5.3 公里"
    assert metres(None, 2000) == "—"


def test_a_place_in_the_village_is_as_far_as_the_positions_tell():
    here = Village(code="150203001001", position_error_m=300)
    own = Site(code="150203-0001", village_id=here.code, position_error_m=100)
    other = Site(code="150203-0001", village_id="150203001002", position_error_m=100)
    read = [
        distance_from(Coverage(nearest=site, distance_m=away), here)
        for site, away in [(own, 400), (own, 460), (other, 400), (None, None)]
    ]
    assert read == ["在村内", "约 460 米", "约 400 米", "—"]


def test_coordinates_are_as_fine_as_the_position_is_known():
    here = Point(109.840123456, 40.65, srid=4326)
    assert coordinates(Village(location=here, position_error_m=2000)) == "40.6500, 109.8401"
    assert coordinates(Site(location=here, position_error_m=5)) == "40.65000, 109.84012"


def test_the_kth_place_decides_where_a_standard_asks_for_k():
    assert deciding(Standard(min_count=1)) == "最近的合格场所"
    assert deciding(Standard(min_count=3)) == "第 3 近的合格场所"
