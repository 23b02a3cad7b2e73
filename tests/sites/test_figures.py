"""Sums by division, on arrays."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sites import figures

metres = st.one_of(st.floats(0, 2e7), st.just(float("nan")), st.sampled_from([0.0, 4441.4]))
keyed = st.lists(st.tuples(st.sampled_from(["150202", "150203", "150121", "11"]), metres))


@given(keyed)
def test_percentiles_are_numpys_group_by_group(rows):
    groups = figures.grouped([key for key, _ in rows])
    values = np.array([value for _, value in rows], float)
    found = figures.percentiles(values, groups, (50, 90, 100))
    for i in range(len(groups.codes)):
        mine = values[groups.number == i]
        mine = mine[~np.isnan(mine)]
        expected = np.percentile(mine, [50, 90, 100]).round(1).tolist() if len(mine) else [None] * 3
        assert [each[i] for each in found] == expected


@given(keyed, st.integers(0, 4))
def test_subjects_keep_their_division_and_those_left_out_have_none(rows, skip):
    keys = [key for key, _ in rows]
    inside = np.arange(len(keys)) % 5 != skip
    groups = figures.grouped(keys, inside)
    assert groups.codes == sorted({key for key, is_in in zip(keys, inside, strict=True) if is_in})
    named = [groups.codes[i] if i >= 0 else None for i in groups.number]
    assert named == [key if is_in else None for key, is_in in zip(keys, inside, strict=True)]


@given(keyed)
def test_the_division_above_has_the_subjects_of_those_below(rows):
    keys = [key for key, _ in rows]
    cities = figures.grouped(keys).up_to(4)
    assert [cities.codes[i] for i in cities.number] == [key[:4] for key in keys]
    assert cities.codes == sorted({key[:4] for key in keys})
