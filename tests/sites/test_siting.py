"""Siting against trying every set of places, and on the villages of the fixtures."""

import csv
import itertools
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from sites.geodesy import distances
from sites.siting import METHODS, choose, improvements

unhurried = settings(deadline=None, max_examples=50)  # a busy machine is no failure
VILLAGES = Path(__file__).resolve().parents[2] / "fixtures" / "villages.csv"
HERE, THERE = (109.84, 40.65), (109.85, 40.65)  # 846 m apart


@st.composite
def questions(draw, methods=METHODS):
    """Keyword arguments of `choose`: up to 9 demands, 7 candidates, distances with ties and inf."""
    n, m = draw(st.integers(0, 9)), draw(st.integers(1, 7))
    distance = st.one_of(st.integers(0, 9), st.just(np.inf), st.floats(0, 9, width=16))
    weight = draw(st.sampled_from([st.integers(0, 4), st.floats(0, 4, width=16)]))
    method = draw(st.sampled_from(methods))
    fixed = draw(st.sets(st.integers(0, m - 1), max_size=m - 1))
    count = None if method == "lscp" else draw(st.integers(1, m - len(fixed)))
    return {
        "demand": np.zeros((n, 2)),
        "candidates": np.zeros((m, 2)),
        "weights": np.array(draw(st.lists(weight, min_size=n, max_size=n)), dtype=float),
        "method": method,
        "count": count,
        "radius_m": draw(st.integers(0, 9)),
        "fixed": sorted(fixed),
        "metres": np.array(
            draw(st.lists(distance, min_size=n * m, max_size=n * m)), dtype=float
        ).reshape(n, m),
    }


def value(question, new):
    """What the method makes least of, computed plainly; None where `new` is not allowed."""
    metres, weights = question["metres"], question["weights"]
    opened = [*new, *question["fixed"]]
    covered = (metres <= question["radius_m"])[:, opened].any(axis=1)
    if question["method"] == "lscp":
        reachable = (metres <= question["radius_m"]).any(axis=1)
        return len(new) if (covered == reachable).all() else None
    if question["method"] == "mclp":
        return -weights[covered].sum()
    served = np.isfinite(metres).any(axis=1) & (weights > 0)
    finite = metres[served][np.isfinite(metres[served])]
    lengths = np.where(np.isfinite(metres), metres, 2 * finite.max(initial=0))[served]
    if not opened:
        return None if served.any() else 0.0
    return (weights[served] * lengths[:, opened].min(axis=1)).sum()


def best_of_all(question):
    """The least value and every set of new places that has it."""
    m = question["metres"].shape[1]
    free = [j for j in range(m) if j not in question["fixed"]]
    count = len(free) if question["count"] is None else question["count"]
    sets = [s for size in range(count + 1) for s in itertools.combinations(free, size)]
    values = {s: v for s in sets if (v := value(question, s)) is not None}
    least = min(values.values())
    return least, [s for s, v in values.items() if v <= least + 1e-9 * abs(least)]


@unhurried
@given(questions())
def test_the_answer_is_the_best_of_all_sets_and_says_so(question):
    choice = choose(**question)
    least, _ = best_of_all(question)
    assert choice.status == "optimal"
    assert abs(choice.objective) == pytest.approx(abs(least))
    assert choice.bound == choice.objective
    assert value(question, choice.chosen.tolist()) == pytest.approx(least)


@unhurried
@given(questions())
def test_unique_is_said_of_the_only_best_set_and_not_of_another(question):
    choice = choose(**question)
    _, sets = best_of_all(question)
    chosen = tuple(choice.chosen.tolist())
    others = [s for s in sets if s != chosen and len(s) <= len(chosen)]
    assert choice.unique is None or choice.unique == (not others)


@unhurried
@given(questions())
def test_only_new_places_that_are_of_use_are_chosen(question):
    chosen = choose(**question).chosen.tolist()
    assert chosen == sorted(set(chosen) - set(question["fixed"]))
    least, _ = best_of_all(question)
    for place in chosen:
        without = value(question, [j for j in chosen if j != place])
        assert without is None or without > least


@unhurried
@given(questions())
def test_who_is_assigned_and_gained_follows_from_the_distances(question):
    choice = choose(**question)
    metres, radius = question["metres"], question["radius_m"]
    opened = sorted([*choice.chosen.tolist(), *question["fixed"]])
    for i, row in enumerate(metres):
        near = [j for j in opened if row[j] <= radius]
        reached = near if question["method"] != "p-median" else np.isfinite(row[opened]).any()
        nearest = min(opened, key=lambda j, row=row: (row[j], j)) if reached else -1
        assert choice.assigned[i] == nearest
        assert choice.covered[i] == bool(near)
        before = row[question["fixed"]].min(initial=np.inf)
        limit = radius if question["method"] != "p-median" else np.finfo(float).max
        gains = nearest in choice.chosen and row[nearest] <= limit
        gains &= row[nearest] < before if question["method"] == "p-median" else before > radius
        gained_by = [p for p, g in zip(choice.chosen, choice.gains, strict=True) if i in g]
        assert gained_by == ([nearest] if gains else [])


@unhurried
@given(questions())
def test_every_answer_on_the_way_is_no_better_than_the_last_and_no_bound_is_passed(question):
    sign = -1 if question["method"] == "mclp" else 1
    answers = list(improvements(**question))
    values = [sign * answer.objective for answer in answers]
    assert values == sorted(values, reverse=True)
    assert all(sign * answer.bound <= values[-1] + 1e-9 for answer in answers)
    assert (answers[-1].chosen == choose(**question).chosen).all()


def test_distances_are_geodesics_where_none_are_given():
    gap = distances([HERE], [THERE])[0]
    ask = {"method": "mclp", "count": 1, "fixed": [0]}
    assert choose([THERE], [HERE, THERE], [1], radius_m=gap, **ask).chosen.tolist() == []
    assert choose([THERE], [HERE, THERE], [1], radius_m=gap - 1e-3, **ask).chosen.tolist() == [1]
    assert choose([THERE], [HERE], [2], method="p-median", count=1).objective == 2 * gap


def test_the_same_points_as_demand_and_candidates_have_the_same_distances_as_others():
    points = np.random.default_rng(1).uniform((109, 40), (111, 42), (150, 2))
    shifted = np.vstack([points, [[100.0, 30.0]]])
    ask = {"method": "p-median", "count": 7}
    once, both = (
        choose(points, points, np.ones(150), **ask),
        choose(points, shifted, np.ones(150), **ask),
    )
    assert once.chosen.tolist() == both.chosen.tolist()
    assert once.objective == pytest.approx(both.objective, rel=1e-12)


def test_demand_out_of_reach_of_all_candidates_is_left_out_and_the_rest_solved():
    choice = choose([HERE, (100, 30), THERE], [HERE], [1, 1, 1], method="lscp", radius_m=1000)
    assert choice.covered.tolist() == [True, False, True]
    assert choice.assigned.tolist() == [0, -1, 0]
    assert (choice.objective, choice.status) == (1, "optimal")


def test_a_choice_says_in_a_sentence_what_it_does():
    ask = {"method": "mclp", "count": 1, "radius_m": 1000}
    choice = choose([HERE, THERE], [HERE, THERE], [1, 1], **ask)
    assert str(choice) == "1 place reaches 2 more villages (optimal)"
    ask = {"method": "p-median", "count": 2}
    choice = choose([HERE, THERE], [HERE, THERE], [1, 1], **ask)
    assert str(choice) == "2 places are nearer to 2 villages (optimal)"


def test_two_places_that_do_equally_well_are_said_to_be_not_the_only_answer():
    ask = {"method": "mclp", "count": 1, "radius_m": 1000}
    assert choose([HERE, THERE], [HERE, THERE], [1, 1], **ask).unique is False
    assert choose([HERE], [HERE, (100, 30)], [1], **ask).unique is True


@pytest.mark.parametrize(
    ("changed", "names"),
    [
        ({"method": "p-center"}, "method"),
        ({"count": 3}, "count must be at most 2"),
        ({"count": 2, "fixed": [0]}, "count must be at most 1"),
        ({"count": 0}, "count"),
        ({"count": None}, "count"),
        ({"method": "lscp"}, "count"),
        ({"radius_m": None}, "radius_m"),
        ({"radius_m": -1}, "radius_m"),
        ({"radius_m": float("nan")}, "radius_m"),
        ({"fixed": [2]}, "fixed"),
        ({"fixed": [-1]}, "fixed"),
        ({"weights": [1, -1]}, "weights"),
        ({"weights": [1, float("nan")]}, "weights"),
        ({"weights": [1]}, "weights"),
        ({"demand": [1, 2]}, "demand"),
        ({"demand": [(1, 2), (181, 2)]}, "demand, row 1"),
        ({"candidates": [(1, 91), (1, 2)]}, "candidates, row 0"),
        ({"metres": [[1, 2]]}, "metres"),
        ({"metres": [[1, 2], [3, float("nan")]]}, "metres"),
        ({"metres": [[1, 2], [3, -4]]}, "metres"),
        ({"seconds": -1}, "seconds"),
        ({"seconds": float("nan")}, "seconds"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_name(changed, names):
    asked = {"demand": [HERE, THERE], "candidates": [HERE, THERE], "weights": [1, 1]}
    asked |= {"method": "mclp", "count": 1, "radius_m": 500} | changed
    with pytest.raises(ValueError, match=f"^{names}"):
        choose(**asked)


@pytest.mark.parametrize("method", METHODS)
def test_where_nobody_asks_nothing_is_chosen(method):
    count = None if method == "lscp" else 1
    choice = choose([], [HERE], [], method=method, count=count, radius_m=5)
    assert (len(choice.chosen), choice.objective, choice.status) == (0, 0, "optimal")


@pytest.fixture(scope="module")
def villages():
    with VILLAGES.open(encoding="utf-8") as lines:
        return np.array([(float(r["lon"]), float(r["lat"])) for r in csv.DictReader(lines)])


@pytest.fixture(scope="module")
def metres(villages):
    pairs = np.repeat(villages, len(villages), axis=0), np.tile(villages, (len(villages), 1))
    return distances(*pairs).reshape(len(villages), -1)


def city(villages, method, **changed):
    weights = np.random.default_rng(7).integers(200, 5000, len(villages))
    asked = {"method": method, "radius_m": 5000, "seconds": 60} | changed
    return choose(villages, villages, weights, **asked)


def test_the_fewest_places_for_the_city_are_as_many_as_the_plain_model_needs(villages, metres):
    choice = city(villages, "lscp")
    plain = milp(
        np.ones(len(villages)),
        integrality=np.ones(len(villages)),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint((metres <= 5000).astype(float), lb=1),
    )
    assert (choice.objective, choice.status) == (round(plain.fun), "optimal")
    assert (metres <= 5000)[:, choice.chosen].any(axis=1).all()


@pytest.mark.parametrize("method", ["mclp", "p-median"])
def test_the_city_is_decided_and_always_the_same_way(villages, metres, method):
    choice = city(villages, method, count=20)
    again = city(villages, method, count=20, metres=metres)
    assert choice.status == "optimal"
    assert choice.chosen.tolist() == again.chosen.tolist()
    assert choice.objective == pytest.approx(again.objective, rel=1e-12)


@pytest.mark.parametrize(("method", "count"), [("lscp", None), ("mclp", 20), ("p-median", 20)])
def test_without_time_there_is_still_an_answer_with_a_bound(villages, metres, method, count):
    quick = city(villages, method, count=count, metres=metres, seconds=0)
    best = city(villages, method, count=count, metres=metres)
    low, high = sorted([quick.objective, quick.bound])
    assert quick.status == "feasible"
    assert 0 < quick.gap < 0.2
    assert f"(at most {quick.gap:.2%} from the best)" in str(quick)
    assert low <= best.objective <= high
