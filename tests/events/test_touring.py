"""Plans are driven again by `resimulate`, which shares no code with the planner."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events.touring import Call, Plan, Problem, Team, plan, replay, routes_of
from events.touring.prefilter import chosen_calls
from events.touring.reach import reachable
from tests.events.resimulate import faults

DAY = (480, 1080)


def line(*minutes):
    """Places on a road, so many minutes from its beginning."""
    at = np.array(minutes)
    return np.abs(at[:, None] - at[None, :])


def village(place, value=10, **other):
    return Call(place, other.pop("minutes", 60), value, other.pop("windows", (DAY,)), **other)


def one_day(*calls, road=(0, 30, 60, 90), **team):
    return Problem(line(*road), calls, [Team(0, (DAY,), **team)])


@st.composite
def problems(draw):
    """Small tours of all kinds: beds, lunch breaks, days off, duties, shared worth, musts, markets."""
    days, teams, places = draw(st.integers(1, 3)), draw(st.integers(1, 2)), draw(st.integers(2, 9))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    points = rng.integers(0, 150, (places, 2))
    travel = np.abs(points[:, None] - points[None]).sum(-1)
    beds = tuple(int(b) for b in rng.choice(places, rng.integers(0, min(4, places)), replace=False))

    def window():
        return [None, (), (540, 720), ((540, 700), (820, 1000)), (400, 1200)][rng.integers(5)]

    def markets():
        if rng.random() < 0.4:
            return ()
        return tuple(int(rng.integers(1, 40)) if rng.random() < 0.4 else 0 for _ in range(days))

    units = int(rng.integers(0, 4))
    calls = [
        Call(
            int(rng.integers(places)),
            int(rng.integers(10, 120)),
            int(rng.integers(0, 50)),
            tuple(window() for _ in range(days)),
            must=bool(rng.random() < 0.15),
            teams=None if rng.random() < 0.7 else (int(rng.integers(teams)),),
            serves=tuple(k for k in range(units) if rng.random() < 0.4),
            bonus=markets(),
        )
        for _ in range(int(rng.integers(0, 11)))
    ]

    def shifts():
        free = [
            None if rng.random() < 0.15 else (480, int(rng.integers(700, 1100)))
            for _ in range(days)
        ]
        return tuple(free)

    crew = [
        Team(int(rng.integers(places)), shifts(), None if rng.random() < 0.5 else 400)
        for _ in range(teams)
    ]
    worth = tuple(int(w) for w in rng.integers(1, 40, units))
    limit = None if rng.random() < 0.5 else int(rng.integers(20, 120))
    return Problem(travel, calls, crew, beds, limit, worth)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(problems())
def test_every_plan_can_be_driven_as_it_says(problem):
    found = plan(problem, iterations=150)
    assert faults(problem, found) == []


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(problems())
def test_a_plan_replays_with_the_same_times_and_breaks_no_rule_but_for_musts(problem):
    found = plan(problem, iterations=60)
    again = replay(problem, routes_of(found))
    assert {broken.code for broken in again.broken} <= {"must_missing"}
    assert again.plan.days == found.days
    assert again.plan.value == found.value


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(problems())
def test_an_earlier_plan_is_never_made_worse(problem):
    first = plan(problem, iterations=10, seed=3)
    assert plan(problem, iterations=40, start=first).value >= first.value - musts_lost(problem)


def musts_lost(problem):
    """A must may cost other value: then plans are not compared by value alone."""
    return 10**6 if any(call.must for call in problem.calls) else 0


def best_by_hand(problem):
    """The best value of one team's one day: every order of every choice, driven greedily."""
    best = 0
    for count in range(1, len(problem.calls) + 1):
        for order in permutations(range(len(problem.calls)), count):
            if not replay(problem, {(0, 0): (order, None)}).broken:
                best = max(best, problem.worth_of(order))
    return best


def tiny_day(seed, shared):
    rng = np.random.default_rng(seed)
    points = rng.integers(0, 150, (6, 2))
    travel = np.abs(points[:, None] - points[None]).sum(-1)
    windows = [(480, 700), (600, 800), ((480, 560), (800, 1000)), (480, 1080)]
    calls = [
        Call(
            place,
            int(rng.integers(20, 100)),
            int(rng.integers(1, 50)),
            (windows[rng.integers(4)],),
            serves=(int(rng.integers(3)),) if shared else (),
        )
        for place in range(1, 6)
    ]
    return Problem(travel, calls, [Team(0, ((480, 900),))], worth=(5, 20, 9))


@pytest.mark.parametrize("shared", [False, True])
@pytest.mark.parametrize("seed", range(15))
def test_a_tiny_day_is_planned_as_well_as_can_be(seed, shared):
    problem = tiny_day(seed, shared)
    assert plan(problem, iterations=1500).value == best_by_hand(problem)


def test_the_same_seed_and_iterations_give_the_same_plan():
    rng = np.random.default_rng(4)
    points = rng.integers(0, 200, (40, 2))
    travel = np.abs(points[:, None] - points[None]).sum(-1)
    calls = [village(p, int(rng.integers(1, 99)), windows=(DAY, DAY)) for p in range(10, 40)]
    teams = [Team(0, (DAY, DAY)), Team(1, (DAY, DAY))]
    problem = Problem(travel, calls, teams, tuple(range(2, 10)), 90)
    plans = [plan(problem, iterations=2000, seed=7) for _ in range(2)]
    assert plans[0] == plans[1]
    assert faults(problem, plans[0]) == []


def test_a_team_sleeps_at_a_bed_where_home_is_too_far():
    far = [village(2, windows=(DAY, DAY)), village(3, windows=(DAY, DAY), minutes=300)]
    away = Problem(line(0, 250, 250, 255), far, [Team(0, (DAY, DAY))], beds=(1,), max_to_bed=30)
    found = plan(away, iterations=500)
    assert faults(away, found) == []
    assert found.value == 20
    assert found.days[0].end == 1
    assert plan(Problem(away.travel, far, away.teams), iterations=500).value == 10


def test_a_bed_farther_than_the_limit_is_not_used():
    far = [village(2, windows=(DAY, DAY), minutes=90), village(3, windows=(DAY, DAY), minutes=300)]
    near = Problem(line(0, 200, 250, 255), far, [Team(0, (DAY, DAY))], beds=(1,), max_to_bed=30)
    assert plan(near, iterations=500).value == 10


def test_a_team_may_always_go_home_however_far_beds_may_be():
    calls = [village(1, windows=(DAY, None)), village(1, windows=(None, DAY))]
    farther = Problem(line(0, 120, 400), calls, [Team(0, (DAY, DAY))], beds=(2,), max_to_bed=90)
    found = plan(farther, iterations=300)
    assert faults(farther, found) == []
    assert (found.value, found.days[0].end) == (20, 0)
    assert replay(farther, {(0, 0): ((0,), None), (0, 1): ((1,), None)}).broken == ()


def test_a_fixed_night_and_another_start_are_kept():
    team = Team(0, (DAY, DAY), start=2, nights=(1, None))
    problem = Problem(line(0, 60, 120), [village(2, windows=(DAY, None))], [team], beds=(1, 2))
    found = plan(problem, iterations=100)
    assert [(day.start, day.end) for day in found.days] == [(2, 1), (1, 0)]
    assert faults(problem, found) == []


def test_on_a_day_off_the_team_stays_where_it_sleeps():
    calls = [village(1, windows=(DAY, DAY, DAY), minutes=200) for _ in range(3)]
    road = line(0, 250)
    problem = Problem(road, calls, [Team(0, (DAY, None, DAY))], beds=(1,))
    found = plan(problem, iterations=300)
    assert faults(problem, found) == []
    assert [day.day for day in found.days] == [0, 2]
    assert found.value == 20


def test_two_visits_that_reach_the_same_villages_count_them_once():
    calls = [village(1, 1, serves=(0, 1)), village(2, 1, serves=(0, 1)), village(3, 1, serves=(2,))]
    problem = Problem(line(0, 10, 20, 30), calls, [Team(0, ((480, 700),))], worth=(50, 50, 60))
    found = plan(problem, iterations=300)
    assert found.value == 162
    assert faults(problem, found) == []


def test_a_must_is_made_at_the_cost_of_more_value():
    calls = [village(1, 1, minutes=500, must=True), village(2, 100, minutes=300)]
    assert plan(one_day(*calls), iterations=200).visited == (0,)


def test_an_impossible_must_does_not_keep_the_rest_from_being_planned():
    calls = [village(1, 5, windows=(None,), must=True), village(2, 7)]
    found = plan(one_day(*calls), iterations=200)
    assert found.visited == (1,)
    assert found.left_out[0].code == "closed"


def test_no_calls_are_an_empty_plan():
    found = plan(Problem(line(0, 30), [], [Team(0, (DAY,))]))
    assert found.value == 0
    assert found.left_out == {}
    assert [day.visits for day in found.days] == [()]


def test_a_team_leaves_as_late_as_its_return_allows():
    found = plan(one_day(village(1, windows=((600, 700),))), iterations=50)
    day = found.days[0]
    assert (day.left_at, day.visits[0].arrive, day.back_at) == (570, 600, 690)


def test_a_later_window_is_taken_where_the_duty_is_too_long_otherwise():
    calls = [
        village(1, minutes=30, windows=(((500, 540), (700, 800)),)),
        village(2, minutes=30, windows=((800, 900),)),
    ]
    found = plan(one_day(*calls, max_duty=200), iterations=200)
    assert found.value == 20
    assert found.days[0].duty <= 200


def test_two_processes_answer_in_time_and_as_one_plan():
    calls = [village(1 + p % 3, p) for p in range(20)]
    problem = one_day(*calls)
    found = plan(problem, seconds=1.5, processes=2)
    assert faults(problem, found) == []


def test_of_many_candidates_the_musts_and_remote_places_are_kept_for_the_search():
    rng = np.random.default_rng(8)
    near, far = rng.integers(0, 40, (600, 2)), rng.integers(400, 420, (12, 2))
    points = np.concatenate([[[0, 0], [410, 410]], near, far])
    travel = np.abs(points[:, None] - points[None]).sum(-1)
    calls = [Call(place, 60, 50, (DAY, DAY), must=place == 3) for place in range(2, 614)]
    problem = Problem(travel, calls, [Team(0, (DAY, DAY))], beds=(1,))
    chosen = chosen_calls(problem, reachable(problem))
    assert len(chosen) == 400
    assert 1 in chosen
    assert set(range(600, 612)) <= set(chosen) or not reachable(problem)[600:].any()


def test_a_must_is_made_even_where_it_takes_the_place_of_a_full_day():
    calls = [village(p % 3 + 1, 400, minutes=20) for p in range(20)]
    calls.append(village(4, 0, minutes=100, must=True))
    found = plan(one_day(*calls, road=(0, 5, 9, 14, 240)), iterations=600)
    assert 20 in found.visited


def test_a_must_is_made_though_it_takes_a_far_bed_and_a_day_of_its_own():
    rng = np.random.default_rng(5)
    beds, near = rng.integers(0, 90, (60, 2)), rng.integers(0, 90, (80, 2))
    points = np.concatenate([[[0, 0], [200, 200], [215, 205]], beds, near])
    travel = np.abs(points[:, None] - points[None]).sum(-1)
    calls = [Call(place, 60, 50, (DAY, DAY, DAY)) for place in range(63, 143)]
    calls.append(Call(2, 60, 0, (DAY, DAY, DAY), must=True))
    home, shifts = 0, (DAY, DAY, DAY)
    teams = [Team(home, shifts), Team(home, shifts)]
    problem = Problem(travel, calls, teams, beds=(1, *range(3, 63)), max_to_bed=40)
    found = plan(problem, iterations=100)
    assert 80 in found.visited
    assert faults(problem, found) == []
    earlier = plan(Problem(travel, calls[:-1], teams, beds=problem.beds), iterations=100)
    assert 80 in plan(problem, iterations=100, start=earlier).visited


def test_a_plan_says_in_a_line_what_it_is():
    assert str(plan(one_day(village(1)), iterations=20)) == "1 visits worth 10, 0 left out"
    assert str(Plan(())) == "0 visits worth 0, 0 left out"


GOOD = {"place": 1, "minutes": 60, "value": 5, "windows": (DAY,)}


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"minutes": -1}, "minutes must be a whole number of at least 0, not -1"),
        ({"minutes": 1.5}, "minutes must be a whole number of at least 0, not 1.5"),
        ({"value": -2}, "value must be a number of at least 0, not -2"),
        ({"value": float("nan")}, "value must be a number of at least 0, not nan"),
        ({"windows": ((600, 500),)}, r"windows\[0\] must not end before it starts"),
        ({"windows": (((600, 700), (900, 800)),)}, r"windows\[0\] must not end before it starts"),
        ({"place": -1}, "place must be a whole number of at least 0, not -1"),
        ({"bonus": (1, 2)}, r"bonus must have one entry a day \(1\) or none, not 2"),
        ({"bonus": (-3,)}, r"bonus\[0\] must be a number of at least 0, not -3"),
        ({"bonus": (float("inf"),)}, r"bonus\[0\] must be a number of at least 0, not inf"),
    ],
)
def test_a_call_refuses_nonsense(changed, message):
    with pytest.raises(ValueError, match=message):
        Call(**{**GOOD, **changed})


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"shifts": ((900, 500),)}, r"shifts\[0\] must not end before it starts"),
        ({"home": -1}, "home must be"),
        ({"max_duty": -5}, "max_duty must be"),
        ({"nights": (1, 2)}, "nights must have one entry a day"),
    ],
)
def test_a_team_refuses_nonsense(changed, message):
    with pytest.raises(ValueError, match=message):
        Team(**{"home": 0, "shifts": (DAY,), **changed})


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"travel": [[0, 1]]}, "travel must be a square matrix"),
        ({"travel": [[0, -1], [1, 0]]}, r"travel\[0\]\[1\] must be at least 0, not -1"),
        ({"travel": [[0, 1.5], [1, 0]]}, "travel must be whole minutes"),
        ({"teams": []}, "teams must not be empty"),
        ({"teams": [Team(0, ())]}, "at least one day"),
        ({"teams": [Team(0, (DAY,)), Team(0, (DAY, DAY))]}, r"teams\[1\].shifts must have 1 days"),
        ({"teams": [Team(0, (DAY,) * 60)] * 20}, "teams times days must be at most 200"),
        ({"calls": [Call(5, 1, 1, (DAY,))]}, r"calls\[0\].place must be below 2"),
        ({"calls": [Call(1, 1, 1, ())]}, r"calls\[0\].windows must have 1 days"),
        ({"calls": [Call(1, 1, 1, (DAY,), teams=(3,))]}, r"calls\[0\].teams must be below 1"),
        ({"calls": [Call(1, 1, 1, (DAY,), serves=(0,))]}, r"calls\[0\].serves must be below 0"),
        ({"beds": (9,)}, "beds must be below 2"),
        ({"max_to_bed": -1}, "max_to_bed must be"),
        ({"worth": (-1,)}, r"worth\[0\] must be a number of at least 0"),
    ],
)
def test_a_problem_refuses_nonsense(changed, message):
    good = {"travel": [[0, 1], [1, 0]], "calls": [Call(**GOOD)], "teams": [Team(0, (DAY,))]}
    with pytest.raises(ValueError, match=message):
        Problem(**{**good, **changed})


@pytest.mark.parametrize("wrong", [{"seconds": -1}, {"seconds": float("nan")}, {"iterations": -1}])
def test_a_limit_below_zero_is_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        plan(one_day(village(1)), **wrong)
