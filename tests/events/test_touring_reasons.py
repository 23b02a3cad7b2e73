"""What is said about a call that is left out is true: shown by changing the problem and driving."""

from dataclasses import replace

import numpy as np
from hypothesis import HealthCheck, given, settings

from events.touring import Call, Problem, Team, plan, replay, routes_of, what_would_it_take
from tests.events.test_touring import DAY, line, one_day, problems, village


def driven(problem, routes):
    """The rules that these days break, but for musts that are not among them."""
    return [b for b in replay(problem, routes).broken if b.code != "must_missing"]


def with_call(found, call, detail):
    """The plan's days with the call where the detail says."""
    routes = routes_of(found)
    calls, end = routes[detail.team, detail.day]
    kept = [other for other in calls if other not in detail.calls]
    kept.insert(detail.position, call)
    return {**routes, (detail.team, detail.day): (tuple(kept), end)}


def longer(problem, team, day, minutes):
    """The team's day and duty so many minutes longer."""
    mine = problem.teams[team]
    opens, closes = mine.shifts[day]
    shifts = tuple((opens, closes + minutes) if d == day else s for d, s in enumerate(mine.shifts))
    duty = None if mine.max_duty is None else mine.max_duty + minutes
    teams = list(problem.teams)
    teams[team] = replace(mine, shifts=shifts, max_duty=duty)
    return replace(problem, teams=teams)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(problems())
def test_the_minutes_missing_are_exactly_those_that_make_it_fit(problem):
    found = plan(problem, iterations=60)
    for call, reason in found.left_out.items():
        if reason.code != "no_time":
            continue
        d = reason.detail
        assert d.minutes > 0
        routes = with_call(found, call, d)
        assert driven(longer(problem, d.team, d.day, d.minutes), routes) == []
        assert driven(longer(problem, d.team, d.day, d.minutes - 1), routes) != []


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(problems())
def test_no_call_that_would_add_value_still_fits(problem):
    found = plan(problem, iterations=60)
    for call in found.left_out:
        for (team, day), (calls, end) in routes_of(found).items():
            for at in range(len(calls) + 1):
                tried = {**routes_of(found), (team, day): ((*calls[:at], call, *calls[at:]), end)}
                gains = replay(problem, tried).plan.value > found.value
                assert not gains or driven(problem, tried) != []


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(problems())
def test_what_would_have_to_go_is_worth_at_least_as_much_and_makes_room(problem):
    found = plan(problem, iterations=60)
    for call, reason in found.left_out.items():
        if reason.code != "worth_less" or reason.detail.team is None:
            continue
        assert driven(problem, with_call(found, call, reason.detail)) == []
        kept = {
            duty: (tuple(c for c in calls if c not in reason.detail.calls), end)
            for duty, (calls, end) in routes_of(found).items()
        }
        assert replay(problem, kept).plan.value == found.value - reason.detail.value


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(problems())
def test_a_change_that_is_named_lets_the_call_in(problem):
    found = plan(problem, iterations=40)
    for call in list(found.left_out)[:3]:
        change = what_would_it_take(problem, found, call)
        if change.code != "impossible":
            changed, routes = applied(problem, found, call, change)
            assert driven(changed, routes) == [], change


def applied(problem, found, call, change):
    """The problem and the days once the change is made."""
    d, each = change.detail, problem.calls[call]
    routes = with_call(found, call, d) if d.position is not None else routes_of(found)
    if change.code == "longer_day":
        return longer(problem, d.team, d.day, d.minutes), routes
    if change.code == "bed_limit":
        assert d.minutes > problem.max_to_bed
        return replace(problem, max_to_bed=d.minutes), routes
    if change.code == "other_day":
        assert not each.windows[d.day]
        windows = tuple(
            problem.teams[d.team].shifts[d.day] if day == d.day else w
            for day, w in enumerate(each.windows)
        )
        return with_changed(problem, call, replace(each, windows=windows)), routes
    if change.code == "other_team":
        return with_changed(problem, call, replace(each, teams=None)), routes
    if change.code == "other_bed":
        return problem, slept_elsewhere(problem, found, call, d)
    assert change.code in ("none", "drop")
    return problem, routes


def with_changed(problem, call, other):
    return replace(problem, calls=[*problem.calls[:call], other, *problem.calls[call + 1 :]])


def slept_elsewhere(problem, found, call, detail):
    """The first way of the days around the other bed that holds the call."""
    routes = routes_of(found)
    calls, _ = routes[detail.team, detail.day]
    routes[detail.team, detail.day] = (calls, detail.place)
    for duty in [(detail.team, day) for day in problem.teams[detail.team].days]:
        calls, end = routes[duty]
        for at in range(len(calls) + 1):
            tried = {**routes, duty: ((*calls[:at], call, *calls[at:]), end)}
            if not driven(problem, tried):
                return tried
    return routes


def left_out(problem, call, iterations=200):
    return plan(problem, iterations=iterations).left_out[call]


def test_a_call_without_a_window_long_enough_is_closed():
    short = left_out(one_day(village(1, windows=((600, 640),))), 0)
    assert (short.code, short.detail.minutes, short.detail.limit) == ("closed", 60, 40)
    assert left_out(one_day(village(1, windows=(None,))), 0).code == "closed"


def test_a_call_that_no_working_team_may_make_is_not_allowed():
    assert left_out(one_day(village(1, teams=())), 0).code == "not_allowed"
    problem = Problem(line(0, 9), [village(1, teams=(1,))], [Team(0, (DAY,)), Team(0, (None,))])
    assert left_out(problem, 0).code == "not_allowed"


def test_a_call_too_far_for_a_day_is_out_of_reach_by_the_minutes_that_it_would_take():
    reason = left_out(one_day(village(1), road=(0, 300)), 0)
    assert reason.code == "out_of_reach"
    assert (reason.detail.minutes, reason.detail.limit) == (660, 600)
    assert reason.detail.place == 0


def test_seventy_four_minutes_missing_are_said():
    open_late = {"windows": ((480, 1300),)}
    calls = [village(1, 9, minutes=500, **open_late), village(2, 1, minutes=154, **open_late)]
    reason = left_out(one_day(*calls, road=(0, 10, 10)), 1)
    assert (reason.code, reason.detail.minutes, reason.detail.limit) == ("no_time", 74, 80)


def test_a_call_whose_hour_is_taken_by_a_better_one_is_worth_less():
    calls = [village(1, 9, windows=((600, 660),)), village(2, 4, windows=((600, 660),))]
    reason = left_out(one_day(*calls), 1)
    assert (reason.code, reason.detail.calls, reason.detail.value) == ("worth_less", (0,), 9)


def test_of_two_musts_at_the_same_hour_one_names_the_other():
    calls = [village(p, p, windows=((600, 660),), must=True) for p in (1, 2)]
    found = plan(one_day(*calls), iterations=200)
    (made,) = found.visited
    reason = found.left_out[1 - made]
    assert (reason.code, reason.detail.calls) == ("excluded_by_must", (made,))


def test_a_call_that_reaches_nobody_new_gains_nothing():
    calls = [village(1, 0, serves=(0,)), village(2, 0, serves=(0,))]
    found = plan(Problem(line(0, 5, 9), calls, [Team(0, (DAY,))], worth=(8,)), iterations=100)
    (made,) = found.visited
    reason = found.left_out[1 - made]
    assert (reason.code, reason.detail.calls) == ("no_gain", (made,))


def test_a_night_at_another_bed_is_preferred_to_a_longer_day():
    calls = [village(1, 9, windows=(DAY, None), minutes=200), village(2, 9, windows=(None, DAY))]
    road = line(0, 190, 200, 195)
    home = Problem(road, calls, [Team(0, ((480, 1080), (480, 800)))], beds=(3,))
    hand = {(0, 0): ((0,), None), (0, 1): ((), None)}
    stayed = replay(home, hand).plan
    change = what_would_it_take(home, stayed, 1)
    assert (change.code, change.detail.place) == ("other_bed", 3)


def test_a_hand_made_plan_is_never_refused_and_each_broken_rule_is_named():
    calls = [
        village(1, windows=((480, 560), DAY)),
        village(2, windows=(None, DAY), must=True),
        village(3, windows=(DAY, DAY), teams=(1,)),
        village(3, windows=(DAY, DAY), minutes=560),
        village(1, windows=(DAY, DAY), must=True),
    ]
    teams = [Team(0, (DAY, DAY), max_duty=300), Team(0, (DAY, None))]
    problem = Problem(line(0, 30, 60, 90, 200), calls, teams, beds=(4,), max_to_bed=20)
    routes = {(0, 0): ((1, 0, 3), 4), (0, 1): ((2, 2), 1), (1, 1): ((0,), None)}
    codes = [(b.code, b.call) for b in replay(problem, routes).broken]
    assert set(codes) == {
        ("day_off", 0),
        ("closed", 1),
        ("late", 0),
        ("over_shift", None),
        ("over_duty", None),
        ("bed_too_far", 3),
        ("team_not_allowed", 2),
        ("not_home", None),
        ("twice", 2),
        ("must_missing", 4),
    } | ({("late", 3)} & set(codes))


def test_a_plan_of_five_hundred_calls_explains_all_that_it_leaves_out():
    rng = np.random.default_rng(2)
    points = rng.integers(0, 300, (520, 2))
    travel = np.abs(points[:, None] - points[None]).sum(-1)
    calls = [Call(p, 60, int(rng.integers(1, 90)), (DAY, DAY)) for p in range(20, 520)]
    problem = Problem(travel, calls, [Team(0, (DAY, DAY))], tuple(range(1, 20)), 60)
    found = plan(problem, iterations=600)
    assert len(found.left_out) == 500 - len(found.visited)
    assert driven(problem, routes_of(found)) == []
