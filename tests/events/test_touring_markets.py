"""A visit on a market day is worth more: the bonus counts wherever plans are compared."""

from itertools import permutations

import numpy as np
import pytest

from events.touring import Call, Problem, Team, plan, replay, routes_of
from tests.events.resimulate import faults
from tests.events.test_touring import DAY, line, one_day, village


def worth_by_hand(problem, days):
    """Values, bonuses of the days and units served, of calls per day."""
    made = [(problem.calls[call], day) for day, calls in enumerate(days) for call in calls]
    units = {unit for each, _ in made for unit in each.serves}
    points = sum(each.value + (each.bonus[day] if each.bonus else 0) for each, day in made)
    return points + sum(problem.worth[unit] for unit in units)


def best_two_days_by_hand(problem):
    """The best value of one team's two days from home: every order cut in two."""
    best = 0
    for count in range(1, len(problem.calls) + 1):
        for order in permutations(range(len(problem.calls)), count):
            for cut in range(count + 1):
                days = (order[:cut], order[cut:])
                routes = {(0, day): (calls, None) for day, calls in enumerate(days)}
                worth = worth_by_hand(problem, days)
                if worth > best and not replay(problem, routes).broken:
                    best = worth
    return best


def tiny_markets(seed, shared):
    rng = np.random.default_rng(seed)
    points = rng.integers(0, 120, (5, 2))
    travel = np.abs(points[:, None] - points[None]).sum(-1)
    windows = [(480, 900), (600, 800), ((480, 560), (700, 900)), None]
    calls = [
        Call(
            place,
            int(rng.integers(20, 100)),
            int(rng.integers(0, 30)),
            tuple(windows[rng.integers(4)] for _ in range(2)),
            serves=(int(rng.integers(3)),) if shared else (),
            bonus=tuple(int(b) for b in rng.integers(0, 40, 2) * (rng.random(2) < 0.6)),
        )
        for place in range(1, 5)
    ]
    return Problem(travel, calls, [Team(0, ((480, 800), (480, 750)))], worth=(5, 20, 9))


@pytest.mark.parametrize("shared", [False, True])
@pytest.mark.parametrize("seed", range(12))
def test_tiny_days_with_markets_are_planned_as_well_as_can_be(seed, shared):
    problem = tiny_markets(seed, shared)
    found = plan(problem, iterations=1500)
    assert faults(problem, found) == []
    assert found.value == best_two_days_by_hand(problem)


def test_a_village_is_visited_on_its_market_day_and_the_bonus_counts():
    call = village(1, 10, windows=(DAY, DAY, DAY), bonus=(0, 0, 7))
    problem = Problem(line(0, 30), [call], [Team(0, (DAY, DAY, DAY))])
    found = plan(problem, iterations=300)
    assert [len(day.visits) for day in found.days] == [0, 0, 1]
    assert found.value == 17
    assert replay(problem, routes_of(found)).plan.value == 17
    assert replay(problem, {(0, 0): ((0,), None)}).plan.value == 10


def test_of_two_villages_at_the_same_hour_the_one_with_a_market_is_visited():
    hour = ((600, 660),)
    calls = [village(1, 9, windows=hour), village(2, 4, windows=hour, bonus=(6,))]
    found = plan(one_day(*calls), iterations=300)
    assert found.visited == (1,)
    reason = found.left_out[0]
    assert (reason.code, reason.detail.calls, reason.detail.value) == ("worth_less", (1,), 10)


def test_a_visit_worth_something_only_on_its_market_day_is_not_made_on_another():
    call = village(1, 0, windows=(DAY, (480, 530)), bonus=(0, 5))
    problem = Problem(line(0, 30), [call], [Team(0, (DAY, DAY))])
    found = plan(problem, iterations=100)
    assert found.visited == ()
    assert found.left_out[0].code == "no_gain"
