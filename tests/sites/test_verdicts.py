"""Counting targets for subjects, with the fewest and the most that position errors allow."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from sites import verdicts
from sites.verdicts import NO_PAIRS, Located, tally

GEOD = Geod(ellps="WGS84")
MANY = settings(max_examples=40, deadline=None)
METRES = st.integers(0, 160_000).map(lambda eighths: eighths / 8)  # sums are exact in any order


@st.composite
def located(draw, most=6):
    """Up to `most` positions in a small area; some unknown, some sharing a place."""
    place = st.tuples(st.floats(110, 110.1), st.floats(40, 40.1))
    places = draw(st.lists(st.one_of(place, st.just((110.05, 40.05)), st.none()), max_size=most))
    points = np.array([p or (np.nan, np.nan) for p in places], float).reshape(-1, 2)
    errors = draw(st.lists(METRES, min_size=len(places), max_size=len(places)))
    return Located(points, np.array(errors, float))


@st.composite
def worlds(draw):
    """Subjects, targets, members and limits (some NaN)."""
    subjects, targets = draw(located()), draw(located())
    n, m = len(subjects.points), len(targets.points)
    pairs = sorted(
        draw(st.sets(st.tuples(st.integers(0, n - 1), st.integers(0, m - 1)))) if n and m else []
    )
    members = tuple(np.array(pairs, np.int64).reshape(-1, 2).T) if pairs else NO_PAIRS
    limits = draw(st.lists(st.one_of(METRES, st.just(np.nan)), min_size=n, max_size=n))
    return subjects, targets, members, np.array(limits, float)


def metres(subjects, targets, i, j):
    """Geodesic metres, NaN where a position is unknown."""
    ends = (*subjects.points[i], *targets.points[j])
    return np.nan if np.isnan(ends).any() else GEOD.inv(*ends)[2]


@settings(max_examples=300, deadline=None)
@given(worlds(), st.integers(1, 3))
def test_the_shorter_way_to_a_verdict_tells_what_the_tally_tells(world, need):
    subjects, targets, _members, limits = world
    verdict, certain, index, distance = verdicts.within_reach(subjects, targets, limits, need)
    expected = tally(subjects, targets, NO_PAIRS, limits).verdict(need)
    assert np.array_equal(verdict, expected[0])
    assert np.array_equal(certain, expected[1])
    nearest = verdicts.kth_nearest(subjects, targets, need)
    assert np.array_equal(index, nearest[0])
    assert np.array_equal(distance, nearest[1])


@MANY
@given(worlds())
def test_a_tally_counts_members_and_those_in_reach_once(world):
    subjects, targets, members, limits = world
    found = tally(subjects, targets, members, limits)
    pairs = set(zip(*(part.tolist() for part in members), strict=True))
    for i in range(len(subjects.points)):
        now = fewest = most = 0
        for j in range(len(targets.points)):
            apart = metres(subjects, targets, i, j)
            error = subjects.errors[i] + targets.errors[j]
            unknown = np.isnan(apart) or np.isnan(limits[i])
            member = (i, j) in pairs
            now += member or apart <= limits[i]
            fewest += member or apart + error <= limits[i]
            most += bool(member or unknown or apart - error <= limits[i])
        assert (found.counted[i], found.fewest[i], found.most[i]) == (now, fewest, most)


@MANY
@given(worlds())
def test_fewest_counted_and_most_are_in_order(world):
    found = tally(*world)
    assert (found.fewest <= found.counted).all()
    assert (found.counted <= found.most).all()
    assert (found.most <= len(world[1].points)).all()


@MANY
@given(worlds(), st.integers(1, 4))
def test_a_verdict_is_certain_exactly_where_all_three_counts_agree(world, need):
    found = tally(*world)
    verdict, certain = found.verdict(need)
    counts = np.array([found.counted, found.fewest, found.most]) >= need
    assert (verdict == counts[0]).all()
    assert (certain == (counts.all(axis=0) | ~counts.any(axis=0))).all()


@MANY
@given(worlds(), st.integers(1, 4))
def test_without_errors_and_with_all_places_known_everything_is_certain(world, need):
    subjects, targets, members, limits = world
    exact = [
        Located(np.nan_to_num(each.points, nan=40.0), np.zeros(len(each.points)))
        for each in (subjects, targets)
    ]
    _verdict, certain = tally(*exact, members, np.nan_to_num(limits)).verdict(need)
    assert certain.all()


@MANY
@given(worlds())
def test_without_a_distance_only_members_count_and_surely(world):
    subjects, targets, members, _limits = world
    found = tally(subjects, targets, members, None)
    expected = np.bincount(members[0], minlength=len(subjects.points))
    for count in (found.counted, found.fewest, found.most):
        assert (count == expected).all()


@MANY
@given(worlds(), st.integers(1, 3))
def test_the_kth_nearest_is_the_kth_by_distance_then_by_place_in_the_list(world, k):
    subjects, targets, _members, _limits = world
    index, far = verdicts.kth_nearest(subjects, targets, k)
    for i in range(len(subjects.points)):
        apart = [(metres(subjects, targets, i, j), j) for j in range(len(targets.points))]
        ranked = sorted(pair for pair in apart if not np.isnan(pair[0]))
        expected = ranked[k - 1] if len(ranked) >= k else (np.inf, -1)
        assert (far[i], index[i]) == expected


@MANY
@given(worlds(), st.integers(1, 3))
def test_the_kth_member_puts_those_of_unknown_distance_last(world, k):
    subjects, targets, members, _limits = world
    index, far = verdicts.kth_member(subjects, targets, members, k)
    for i in range(len(subjects.points)):
        own = [int(j) for s, j in zip(*members, strict=True) if s == i]
        ranked = sorted(
            (np.nan_to_num(metres(subjects, targets, i, j), nan=np.inf), j) for j in own
        )
        expected = ranked[k - 1] if len(ranked) >= k else (np.inf, -1)
        assert (far[i], index[i]) == expected


@MANY
@given(worlds(), st.data())
def test_the_latest_day_is_that_of_whatever_counts(world, data):
    subjects, targets, members, limits = world
    m = len(targets.points)
    days = np.array(data.draw(st.lists(st.integers(0, 9), min_size=m, max_size=m)), np.int64)
    found = verdicts.latest(subjects, targets, members, limits, days)
    pairs = set(zip(*(part.tolist() for part in members), strict=True))
    for i in range(len(subjects.points)):
        counting = [
            int(days[j])
            for j in range(m)
            if (i, j) in pairs or metres(subjects, targets, i, j) <= limits[i]
        ]
        assert found[i] == max(counting, default=-1)
