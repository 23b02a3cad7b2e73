"""Nearest neighbours and radius searches against measuring every pair with pyproj."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyproj import Geod

from sites import geodesy
from sites.geodesy import distances, nearest, within

unhurried = settings(deadline=None)  # a busy machine is no failure
GEOD = Geod(ellps="WGS84")
BAOTOU = (109.84, 40.65)
HALF_MERIDIAN = 20003931.4586  # metres from pole to pole


def measured(points, targets):
    """The (n, m) geodesic metres of all pairs, one pyproj call a pair."""
    pairs = [[GEOD.inv(*point, *target)[2] for target in targets] for point in points]
    return np.array(pairs, dtype=float).reshape(len(points), len(targets))


def brute_nearest(points, targets, k):
    metres = measured(points, targets)
    padding = ((0, 0), (0, max(k - len(targets), 0)))
    order = np.argsort(metres, axis=1, kind="stable")[:, :k]
    sorted_metres = np.take_along_axis(metres, order, axis=1)
    return (
        np.pad(order, padding, constant_values=-1),
        np.pad(sorted_metres, padding, constant_values=np.inf),
    )


def wrapped(lon):
    return (lon + 180) % 360 - 180


longitudes = st.sampled_from([-180.0, -179.999999, -90.0, 0.0, 110.0, 179.5, 180.0]) | st.floats(
    -180, 180
)
latitudes = st.sampled_from([-90.0, -89.999999, 0.0, 1e-9, 40.65, 89.9, 90.0]) | st.floats(-90, 90)
places = st.tuples(longitudes, latitudes)
nudges = st.sampled_from([0.0, 1e-12, -1e-9, 1e-6, -0.001, 0.01, 0.4, -0.6])


@st.composite
def crowds(draw):
    """Points and targets of which many coincide, mirror each other or are almost antipodes."""
    points = draw(st.lists(places, min_size=1, max_size=5))
    targets = draw(st.lists(places, max_size=8))
    for lon, lat in draw(st.lists(st.sampled_from(points), max_size=10)):
        east, north = draw(nudges), draw(nudges)
        sign = draw(st.sampled_from([1, -1]))
        turn = 0 if sign == 1 else 180
        targets.append((wrapped(lon + turn + east), float(np.clip(sign * lat + north, -90, 90))))
    return np.array(points), np.array(draw(st.permutations(targets))).reshape(-1, 2)


def scattered(seed, points, targets, spread):
    rng = np.random.default_rng(seed)
    return (
        rng.normal(BAOTOU, spread, (points, 2)),
        rng.normal(BAOTOU, spread, (targets, 2)).round(2),
    )


@pytest.mark.parametrize(
    ("start", "end", "metres"),
    [
        ((-73.8, 40.6), (-0.5, 51.6), 5551759.400),  # New York to London, GeographicLib
        ((174.81, -41.32), (-5.50, 40.96), 19959679.267),  # Wellington to Salamanca, the same
        ((0, 0), (179.5, 0.5), 19936288.579),  # almost antipodes, Karney 2013
        ((0, 90), (77, -90), HALF_MERIDIAN),
        ((180, 12), (-180, 12), 0.0),
    ],
)
def test_distances_agree_with_published_ones(start, end, metres):
    assert distances([start], [end])[0] == pytest.approx(metres, abs=0.0006)


def test_distances_need_rows_that_pair_up():
    with pytest.raises(ValueError, match="2 and 1 rows"):
        distances([BAOTOU, BAOTOU], [BAOTOU])


@unhurried
@given(crowd=crowds(), k=st.integers(1, 6))
@example(crowd=(np.array([[0.0, 90.0]]), np.array([[5.0, -90.0], [7.0, -90.0]])), k=1)
def test_the_nearest_are_those_that_measuring_every_pair_finds(crowd, k):
    points, targets = crowd
    index, metres = nearest(points, targets, k)
    expected_index, expected_metres = brute_nearest(points, targets, k)
    shape = (len(points),) if k == 1 else (len(points), k)
    assert np.array_equal(index, expected_index.reshape(shape))
    assert np.array_equal(metres, expected_metres.reshape(shape))


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("k", [1, 8])
def test_near_the_antipode_of_a_crowd_the_nearest_is_still_found(seed, k):
    points, targets = scattered(seed, 6, 400, spread=0.4)
    targets = np.column_stack([targets[:, 0] - 180, -targets[:, 1]])
    index, metres = nearest(points, targets, k)
    expected_index, expected_metres = brute_nearest(points, targets, k)
    assert np.array_equal(index.reshape(-1, k), expected_index)
    assert np.array_equal(metres.reshape(-1, k), expected_metres)


@pytest.mark.parametrize("spread", [0.05, 0.5, 9.0])
def test_a_citys_nearest_agree_with_measuring_every_pair(spread):
    points, targets = scattered(7, 60, 400, spread)
    index, metres = nearest(points, targets, 3)
    expected_index, expected_metres = brute_nearest(points, targets, 3)
    assert np.array_equal(index, expected_index)
    assert np.array_equal(metres, expected_metres)


def test_many_rounds_and_threads_give_what_one_does(monkeypatch):
    points, targets = scattered(8, 300, 500, spread=0.2)
    whole = nearest(points, targets, 4)
    monkeypatch.setattr(geodesy, "PAIRS_AT_ONCE", 50)
    pieces = nearest(points, targets, 4)
    assert np.array_equal(whole[0], pieces[0])
    assert np.array_equal(whole[1], pieces[1])


def test_of_equally_far_targets_the_lower_index_comes_first():
    east, west = (1.0, 0.0), (-1.0, 0.0)
    index, metres = nearest([(0.0, 0.0)], [east, west, west, east], 3)
    assert index.tolist() == [[0, 1, 2]]
    assert metres[0, 0] == metres[0, 1] == metres[0, 2]


def test_thousands_of_targets_on_one_spot_cost_one_measurement_a_point(monkeypatch):
    counted = []
    inverse = geodesy._geodesics
    monkeypatch.setattr(geodesy, "_geodesics", lambda a, b: counted.append(len(a)) or inverse(a, b))
    index, _ = nearest([(0.0, 0.0), (1.0, 1.0)], [BAOTOU] * 5000)
    assert index.tolist() == [0, 0]
    assert sum(counted) == 2


def test_fewer_targets_than_asked_for_leave_minus_one_and_infinity():
    index, metres = nearest([BAOTOU], [BAOTOU], 3)
    assert index.tolist() == [[0, -1, -1]]
    assert metres.tolist() == [[0.0, np.inf, np.inf]]


def test_nobody_has_a_nearest_where_there_are_no_targets():
    index, metres = nearest([BAOTOU], [])
    assert index.tolist() == [-1]
    assert metres.tolist() == [np.inf]


@pytest.mark.parametrize(("k", "shape"), [(1, (0,)), (2, (0, 2))])
def test_no_points_have_no_nearest(k, shape):
    index, metres = nearest(np.empty((0, 2)), [BAOTOU], k)
    assert index.shape == metres.shape == shape


@unhurried
@given(crowd=crowds(), metres=st.sampled_from([-1.0, 0.0, 1e-7, 2e3, 7e4, 1e7, 19.95e6, np.inf]))
def test_within_finds_the_pairs_that_measuring_every_pair_finds(crowd, metres):
    points, targets = crowd
    rows, columns = within(points, targets, metres)
    expected = np.nonzero(measured(points, targets) <= metres)
    assert np.array_equal([rows, columns], expected)


@unhurried
@given(crowd=crowds(), data=st.data())
def test_a_pair_exactly_at_its_limit_is_within_it(crowd, data):
    points, targets = crowd
    pairs = measured(points, targets)
    column = data.draw(st.integers(0, max(len(targets) - 1, 0)))
    limits = pairs[:, column] if len(targets) else np.zeros(len(points))
    limits = np.where(data.draw(st.booleans()), limits, np.nextafter(limits, -1))
    rows, columns = within(points, targets, limits)
    assert np.array_equal([rows, columns], np.nonzero(pairs <= limits[:, None]))


@unhurried
@given(crowd=crowds(), data=st.data())
def test_slack_widens_and_narrows_the_limit_of_a_target(crowd, data):
    points, targets = crowd
    number = st.sampled_from([-5e4, -300.0, 0.0, 300.0, 5e4, 2e7])
    limits = np.array([data.draw(number) for _ in points])
    slack = np.array([data.draw(number) for _ in targets])
    rows, columns = within(points, targets, limits, slack)
    allowed = limits[:, None] + slack
    assert np.array_equal([rows, columns], np.nonzero(measured(points, targets) <= allowed))


@pytest.mark.parametrize("rows_at_once", [1, 7, 4096])
def test_a_citys_pairs_agree_with_measuring_every_pair(monkeypatch, rows_at_once):
    monkeypatch.setattr(geodesy, "ROWS_AT_ONCE", rows_at_once)
    points, targets = scattered(9, 80, 300, spread=0.1)
    limits = np.random.default_rng(9).choice([2000.0, 5000.0, 20000.0], len(points))
    rows, columns = within(points, targets, limits)
    expected = np.nonzero(measured(points, targets) <= limits[:, None])
    assert np.array_equal([rows, columns], expected)


@unhurried
@given(crowd=crowds())
def test_a_chord_bounds_its_geodesic_from_both_sides(crowd):
    points, targets = crowd
    chords = np.linalg.norm(
        geodesy._earth_centred(points)[:, None] - geodesy._earth_centred(targets), axis=2
    )
    geodesics = measured(points, targets)
    assert (geodesics <= geodesy._longest_geodesic(chords)).all()
    assert (chords <= geodesy._longest_chord(geodesics)).all()


@pytest.mark.parametrize("search", [nearest, lambda a, b: within(a, b, 5.0), distances])
@pytest.mark.parametrize(
    ("points", "complaint"),
    [
        ([110.0, 40.0], r"shape \(n, 2\)"),
        ([[110.0, 40.0, 1.0]], r"shape \(n, 2\)"),
        ([[110.0, 40.0], [351.2, 40.0]], "row 1: longitude 351.2 is outside -180…180"),
        ([[40.0, 110.0]], "row 0: latitude 110.0 is outside -90…90"),
        ([[np.nan, 40.0]], "row 0: longitude nan is not finite"),
        ([[110.0, np.inf]], "row 0: latitude inf is not finite"),
    ],
)
def test_points_that_are_nowhere_are_refused_by_name(search, points, complaint):
    with pytest.raises(ValueError, match=complaint):
        search(points, [BAOTOU])
    with pytest.raises(ValueError, match=complaint):
        search([BAOTOU], points)


@pytest.mark.parametrize("k", [0, -1])
def test_fewer_than_one_nearest_is_refused(k):
    with pytest.raises(ValueError, match=f"k must be at least 1, not {k}"):
        nearest([BAOTOU], [BAOTOU], k)


@pytest.mark.parametrize(
    ("metres", "slack", "complaint"),
    [
        ([1.0, 2.0], None, r"metres must be one number or have the shape \(1,\)"),
        (np.nan, None, "metres must be numbers"),
        (5.0, [1.0], r"slack must be one number or have the shape \(2,\)"),
        (5.0, [1.0, np.nan], "slack must be numbers"),
        (5.0, [1.0, np.inf], "slack must be finite"),
    ],
)
def test_limits_that_say_nothing_are_refused(metres, slack, complaint):
    with pytest.raises(ValueError, match=complaint):
        within([BAOTOU], [BAOTOU, BAOTOU], metres, slack)
