"""The parts of siting: what exchanges change, what prices bound, what branching decides."""

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from sites.siting.branches import Branches
from sites.siting.covering import merged, undominated
from sites.siting.dual import Dual, lower_bound, possible
from sites.siting.interchange import Interchange, Task, greedy
from sites.siting.medians import search
from sites.siting.programme import cheapest

unhurried = settings(deadline=None, max_examples=60)  # a busy machine is no failure
seeds = st.integers(0, 2**32 - 1)


def random_task(seed, whole=True):
    rng = np.random.default_rng(seed)
    n, m = rng.integers(1, 12), rng.integers(1, 9)
    cost = rng.integers(0, 20, (n, m)).astype(float) if whole else rng.random((n, m))
    return Task(
        cost, cost.max(axis=1) + rng.integers(0, 2), int(rng.integers(1, m + 1)), whole * 1.0
    )


def least(task):
    sets = itertools.combinations(range(task.cost.shape[1]), task.count)
    return min(task.value(np.array(each)) for each in sets)


@unhurried
@given(seeds)
def test_what_exchanges_change_is_kept_as_if_counted_anew(seed):
    task, rng = random_task(seed), np.random.default_rng(seed)
    here = Interchange(task, greedy(task))
    for _ in range(5):
        here.kick(rng)
    anew = Interchange(task, here.places)
    assert here.value == anew.value == task.value(here.places)
    assert (here.changes() == anew.changes()).all()
    for slot, place in itertools.product(range(task.count), range(task.cost.shape[1])):
        other = here.places.copy()
        other[slot] = place
        assert here.changes()[slot, place] == task.value(other) - here.value


@unhurried
@given(seeds)
def test_coming_down_ends_where_no_exchange_helps(seed):
    task = random_task(seed)
    here = Interchange(task, greedy(task))
    here.descend()
    assert here.changes().min() >= 0


@unhurried
@given(seeds, st.booleans())
def test_no_price_bounds_above_the_best_and_no_place_of_a_best_answer_is_ruled_out(seed, whole):
    task, best = random_task(seed, whole), least(random_task(seed, whole))
    dual = Dual(task, task.base / 2)
    dual.ascend(30, best)
    assert lower_bound(task, task.base / 3) <= best + 1e-9
    assert dual.bound <= best + 1e-9
    kept = np.flatnonzero(possible(task, dual.prices, best + 1e-9))
    assert task.only(kept).value(greedy(task.only(kept))) >= best - 1e-9
    assert least(Task(task.cost[:, kept], task.base, min(task.count, len(kept)))) <= best + 1e-9


@unhurried
@given(seeds, st.booleans())
def test_branching_finds_the_best_from_any_start(seed, whole):
    task = random_task(seed, whole)
    tree = Branches(task, task.base / 2, np.arange(task.count))
    for _ in tree.grow():
        assert tree.bound <= least(task) + 1e-9
    assert abs(tree.value - least(task)) < 1e-9
    assert task.value(tree.places) == tree.value == tree.bound


@unhurried
@given(seeds, st.booleans())
def test_the_programme_finds_the_best_and_then_another_one(seed, whole):
    task, best = random_task(seed, whole), least(random_task(seed, whole))
    prices, limit = task.base / 2, best + 1e-9
    first = cheapest(task, prices, limit, 10)
    assert abs(task.value(first.places) - best) < 1e-9
    other = cheapest(task, prices, limit, 10, first.places)
    if other.bound <= limit:
        assert not set(first.places) <= set(other.places)
        assert abs(task.value(other.places) - best) < 1e-9


def test_a_wide_gap_is_closed_by_branching():
    """Distances without geometry bound badly, and are too many levels for the programme."""
    cost = np.random.default_rng(3).permutation(160 * 160).reshape(160, 160).astype(float)
    task = Task(cost, 2 * cost.max(axis=1) + 1, 2, 1.0)
    *_, last = search(task, np.inf)
    assert last.value == last.bound == least(task)


@unhurried
@given(seeds)
def test_what_is_dominated_and_what_is_merged(seed):
    rng = np.random.default_rng(seed)
    cover = (rng.random((rng.integers(1, 9), rng.integers(1, 9))) < 0.4).astype(np.int32)
    kept = undominated(sparse.csr_array(cover)).tolist()
    for j, column in enumerate(cover.T):
        rivals = [k for k, other in enumerate(cover.T) if k != j and (column <= other).all()]
        beaten = any(k < j or (cover[:, k] != column).any() for k in rivals)
        assert (j in kept) == (column.any() and not beaten)
    first = [min(k for k, other in enumerate(cover) if (other == row).all()) for row in cover]
    alike = merged(sparse.csr_array(cover))
    for row, lowest, found in zip(cover, first, alike, strict=True):
        assert found == lowest or not row.any()
