"""The times of a hand-made plan and the rules that it breaks. Never refuses; says what is wrong."""

from collections.abc import Mapping, Sequence

from events.touring.clock import Timed, timed
from events.touring.insertion import Draft
from events.touring.model import Duty, Nights, Routes
from events.touring.problem import Problem
from events.touring.result import Broken, Day, Detail, Plan, Replay

Given = Mapping[Duty, tuple[Sequence[int], int | None]]


def routes_of(plan: Plan) -> dict[Duty, tuple[tuple[int, ...], int | None]]:
    """A plan as `replay` takes it: per (team, day) the calls in order and where the day ends."""
    return {
        (day.team, day.day): (tuple(visit.call for visit in day.visits), day.end)
        for day in plan.days
    }


def replay(problem: Problem, routes: Given) -> Replay:
    """The earliest times of hand-made days, and every rule that they break.

    `routes` gives per (team, day) the calls in order and the place to sleep, None for home (after
    the last working day, for where the tour ends); working days that it does not name are idle and
    end at home. `Plan.left_out` is empty: nothing was chosen. Raises IndexError or KeyError for
    calls, teams, days or places that there are not.
    """
    nights: Nights = {}
    made: Routes = {}
    broken: list[Broken] = []
    for (team, day), (calls, _) in sorted(routes.items()):
        if problem.teams[team].shifts[day] is None and calls:
            broken += [Broken("day_off", team, day, call) for call in calls]
    for duty in problem.duties:
        calls, night = routes.get(duty, ((), None))
        made[duty], nights[duty] = tuple(calls), _night(problem, duty, night)
    draft = Draft(problem, nights, made)
    days = tuple(day_of(draft, duty) for duty in problem.duties)
    for duty in problem.duties:
        broken += _broken(draft, duty)
    broken += _once(problem, made)
    return Replay(Plan(days, {}, draft.value), tuple(broken))


def plan_of(draft: Draft) -> Plan:
    """The draft with its times; why calls are left out is not said."""
    days = tuple(day_of(draft, duty) for duty in draft.problem.duties)
    return Plan(days, {}, draft.value)


def day_of(draft: Draft, duty: Duty) -> Day:
    """A day of the draft with its times."""
    start, end = draft.ends(duty)
    day = timed(draft.drive(duty))
    return Day(*duty, start, day.visits, end, day.back_at, day.left_at)


def _night(problem: Problem, duty: Duty, night: int | None) -> int:
    if night is not None:
        return night
    mine = problem.teams[duty[0]]
    fixed = mine.fixed_night(duty[1])
    return fixed if fixed is not None and problem.is_last(*duty) else mine.home


def _broken(draft: Draft, duty: Duty) -> list[Broken]:
    problem, calls = draft.problem, draft.calls(duty)
    day = timed(draft.drive(duty))
    found = [Broken("closed", *duty, calls[at]) for at in day.closed]
    found += [Broken("late", *duty, calls[at], Detail(minutes=by)) for at, by in day.late]
    found += [
        Broken("team_not_allowed", *duty, call)
        for call in calls
        if not problem.allows(call, duty[0])
    ]
    return found + _limits(draft, duty, day) + _bed(draft, duty)


def _limits(draft: Draft, duty: Duty, day: Timed) -> list[Broken]:
    mine = draft.problem.teams[duty[0]]
    opens, closes = mine.shifts[duty[1]] or (0, 0)
    found = []
    if day.back_at > closes:
        detail = Detail(minutes=day.back_at - closes, limit=closes - opens)
        found.append(Broken("over_shift", *duty, None, detail))
    if mine.max_duty is not None and day.duty > mine.max_duty:
        detail = Detail(minutes=day.duty - mine.max_duty, limit=mine.max_duty)
        found.append(Broken("over_duty", *duty, None, detail))
    return found


def _bed(draft: Draft, duty: Duty) -> list[Broken]:
    problem, calls = draft.problem, draft.calls(duty)
    end = draft.nights[duty]
    options = problem.nights_for(*duty)
    if end not in options:
        code, place = "not_a_bed", end
        if problem.teams[duty[0]].fixed_night(duty[1]) is not None:
            code, place = "other_bed", options[0]
        elif problem.is_last(*duty):
            code, place = "not_home", options[0]
        return [Broken(code, *duty, None, Detail(place=place))]
    limit, leg = problem.leg_limit(*duty, end), draft.drive(duty).last_leg
    if limit is None or leg <= limit:
        return []
    last = calls[-1] if calls else None
    return [Broken("bed_too_far", *duty, last, Detail(minutes=leg, limit=limit, place=end))]


def _once(problem: Problem, routes: Routes) -> list[Broken]:
    found, seen = [], set()
    for (team, day), calls in routes.items():
        for call in calls:
            if call in seen:
                found.append(Broken("twice", team, day, call))
            seen.add(call)
    missing = (i for i, call in enumerate(problem.calls) if call.must and i not in seen)
    return found + [Broken("must_missing", None, None, call) for call in missing]
