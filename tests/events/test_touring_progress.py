"""Whoever waits for a plan is shown the best so far and can stop the search."""

from time import monotonic

from events.touring import Problem, Team, plan
from tests.events.test_touring import DAY, line, one_day, village


def test_progress_is_told_ever_better_plans_and_can_stop_the_search():
    calls = [village(p % 4, p) for p in range(1, 20)]
    seen = []

    def told(better):
        seen.append(better.value)
        return False

    found = plan(one_day(*calls), iterations=10**9, progress=told)
    assert len(seen) == 1
    assert found.value >= seen[0]


def test_progress_is_asked_on_while_nothing_better_is_found_and_stops_a_long_search_at_once():
    asked = []

    def told(best):
        asked.append((monotonic(), best.value))
        return len(asked) < 6

    found = plan(one_day(village(1), village(2)), seconds=60, progress=told, processes=1)
    times = [at for at, _ in asked]
    assert monotonic() - times[-1] < 1
    assert len(asked) == 6
    assert times[-1] - times[0] < 5
    assert [value for _, value in asked[-2:]] == [20, 20]
    assert found.value == 20


def test_being_asked_does_not_change_the_plan():
    calls = [village(p, p, windows=(DAY, DAY), bonus=(0, p % 3)) for p in range(3, 20)]
    road = line(*range(0, 400, 20))
    problem = Problem(road, calls, [Team(0, (DAY, DAY))], beds=(1, 2, 9))
    asked = []
    plans = [plan(problem, iterations=1500, progress=each) for each in (None, asked.append)]
    assert plans[0] == plans[1]
    assert asked[-1].value <= plans[1].value


def test_what_the_first_improvement_finds_is_told():
    seen = []
    plan(one_day(village(1), village(2)), iterations=300, progress=lambda b: seen.append(b.value))
    assert seen[-1] == 20
