"""Coordinates of Chinese web maps into WGS 84 and back."""

import coordTransform
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sites.crs import CRS, from_wgs84, to_wgs84
from sites.geodesy import distances

unhurried = settings(deadline=None)  # a busy machine is no failure
MICROMETRE = 1e-6

# (WGS 84, GCJ-02), published with eviltransform (python/test.py) and coordtransform (README).
PUBLISHED_GCJ02 = [
    ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
    ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
    ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
    ((116.404, 39.915), (116.41024449916938, 39.91640428150164)),
]
# (WGS 84, BD-09): the first published in gcoord's README, the others computed with gcoord 1.0.7.
COMPUTED_BD09 = [
    ((116.403988, 39.914266), (116.41661560068297, 39.92196580126834)),
    ((109.840347, 40.657449), (109.85262500668578, 40.6643453846506)),
    ((110.4355, 41.6919), (110.44835052112083, 41.69980756912911)),
]
CASES = [("gcj02", *pair) for pair in PUBLISHED_GCJ02] + [("bd09", *p) for p in COMPUTED_BD09]

# Inside the box that is shifted, far enough from its edge for no shift to lead across it.
in_china = st.lists(
    st.tuples(st.floats(73.7, 135.0), st.floats(3.9, 53.5)), min_size=1, max_size=30
).map(np.array)
shifted = pytest.mark.parametrize("crs", ["gcj02", "bd09"])


@pytest.mark.parametrize(("crs", "wgs84", "expected"), CASES)
def test_a_point_lands_where_the_published_values_say(crs, wgs84, expected):
    assert from_wgs84([wgs84], crs)[0] == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(("crs", "expected", "shifted_point"), CASES)
def test_a_published_point_comes_back_within_a_micrometre(crs, expected, shifted_point):
    assert distances(to_wgs84([shifted_point], crs), [expected]).max() <= MICROMETRE


@shifted
@unhurried
@given(points=in_china)
def test_every_point_in_china_comes_back_within_a_micrometre(crs, points):
    assert distances(to_wgs84(from_wgs84(points, crs), crs), points).max() <= MICROMETRE


@shifted
@unhurried
@given(points=in_china)
def test_the_shift_is_never_longer_than_two_kilometres(crs, points):
    assert distances(from_wgs84(points, crs), points).max() < 2000


@pytest.mark.parametrize("crs", ["wgs84", "cgcs2000"])
@unhurried
@given(points=in_china)
def test_wgs84_and_cgcs2000_keep_their_numbers(crs, points):
    assert np.array_equal(to_wgs84(points, crs), points)
    assert np.array_equal(from_wgs84(points, crs), points)


@pytest.mark.parametrize("place", [(139.7671, 35.6812), (-0.1246, 51.5008), (-180, -90), (0, 0)])
def test_gcj02_moves_nothing_outside_china(place):
    assert from_wgs84([place], "gcj02")[0].tolist() == list(place)
    assert to_wgs84([place], "gcj02")[0].tolist() == list(place)


def test_at_the_edge_of_the_box_the_answer_stays_near_the_librarys_estimate():
    lat = np.linspace(3.9, 53.5, 500)
    edges = np.concatenate([np.column_stack([np.full(500, lon), lat]) for lon in (73.663, 135.047)])
    estimate = np.column_stack(coordTransform.gcj02_to_wgs84(*edges.T))
    assert distances(to_wgs84(edges, "gcj02"), estimate).max() < 20


def test_the_callers_points_are_left_as_they_were():
    points = np.array([[110.0, 40.6]])
    to_wgs84(points, "cgcs2000")[0, 0] = 0
    to_wgs84(points, "gcj02")
    assert points.tolist() == [[110.0, 40.6]]


@pytest.mark.parametrize("crs", CRS)
def test_no_points_give_no_points(crs):
    assert to_wgs84([], crs).shape == (0, 2)
    assert from_wgs84(np.empty((0, 2)), crs).shape == (0, 2)


@pytest.mark.parametrize("convert", [to_wgs84, from_wgs84])
def test_an_unknown_crs_is_named_beside_the_known_ones(convert):
    with pytest.raises(ValueError, match=r"'utm50n'.*wgs84, gcj02, bd09, cgcs2000"):
        convert([[110.0, 40.6]], "utm50n")


@pytest.mark.parametrize("points", [[110.0, 40.6], [[110.0, 40.6, 1060.0]], [[[110.0, 40.6]]]])
def test_points_of_another_shape_are_refused(points):
    with pytest.raises(ValueError, match=r"shape \(n, 2\)"):
        to_wgs84(points, "gcj02")


def test_a_coordinate_that_is_no_number_is_named_by_its_row():
    with pytest.raises(ValueError, match="row 1"):
        to_wgs84([[110.0, 40.6], [np.nan, 40.6]], "bd09")
