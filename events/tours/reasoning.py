"""Why a stop is where it is, and why a village is left out: codes and figures, fit for JSON.

Sentences are made where they are shown. Teams are numbered from 1, days are ISO dates.
"""

from collections.abc import Iterable
from itertools import pairwise

from events.touring import Broken, Day, Detail, Plan
from events.tours.briefing import Briefing

Json = dict[str, object]
Values = dict[int, tuple[int, list[str]]]


def worths(brief: Briefing, plan: Plan) -> Values:
    """What each visit adds, by call: (points, villages that it newly brings to meet the standard).

    The points are its own, those of its day (a market, a festival), and of the villages it brings.
    A village that several visits would bring counts for the earliest; so the points add up to the
    plan's value.
    """
    order = sorted(
        (day.day, visit.begin, day.team, visit.call) for day in plan.days for visit in day.visits
    )
    seen: set[int] = set()
    found: Values = {}
    for day, _begin, _team, call in order:
        each = brief.problem.calls[call]
        units = [unit for unit in each.serves if unit not in seen]
        seen.update(units)
        points = round(each.value) + round(each.bonus_on(day))
        points += sum(int(brief.problem.worth[unit]) for unit in units)
        found[call] = points, [brief.needs.units[unit] for unit in units]
    return found


def why(brief: Briefing, plan: Plan, call: int, values: Values) -> Json:
    """What a visit is worth and why it is on its day.

    `own` are the numbers behind its points (`Needs.parts`), `day_points` those for a market or a
    festival that day; `newly` the villages that it adds;
    `detour_min`: how many minutes of driving its day would save without it; `elsewhere_min`: the
    fewest that it would cost on another team's or another day's way (None: nowhere else is open).
    """
    village = brief.villages[call]
    day = next(d for d in plan.days if any(v.call == call for v in d.visits))
    date = brief.tour.dates[day.day]
    gatherings = brief.openings.calendar.gatherings(village, date)
    minutes = brief.problem.calls[call].minutes
    open_days = [
        each.isoformat()
        for each in brief.tour.dates
        if any(
            closes - opens >= minutes
            for opens, closes in brief.openings.windows(village, brief.venues[village], each)
        )
    ]
    return {
        "points": values[call][0],
        "own": brief.needs.parts(brief.rows[call]),
        "newly": values[call][1],
        "day_points": round(brief.problem.calls[call].bonus_on(day.day)),
        "gatherings": [line.name for line in gatherings],
        "open_days": open_days,
        "unknown": list(brief.venues[village].unknown),
        "detour_min": _detour(brief, call, day),
        "elsewhere_min": _elsewhere(brief, plan, call, day),
    }


def _stations(plan_day: Day, brief: Briefing) -> list[int]:
    places = [brief.problem.calls[visit.call].place for visit in plan_day.visits]
    return [plan_day.start, *places, plan_day.end]


def _extra(brief: Briefing, a: int, place: int, b: int) -> int:
    minutes = brief.problem.minutes_between
    return minutes(a, place) + minutes(place, b) - minutes(a, b)


def _detour(brief: Briefing, call: int, day: Day) -> int:
    stations = _stations(day, brief)
    at = stations.index(brief.problem.calls[call].place, 1)
    return _extra(brief, stations[at - 1], stations[at], stations[at + 1])


def _elsewhere(brief: Briefing, plan: Plan, call: int, own: Day) -> int | None:
    each = brief.problem.calls[call]
    extras = [
        _extra(brief, a, each.place, b)
        for day in plan.days
        if day is not own and each.spans(day.day) and brief.problem.allows(call, day.team)
        for stations in [_stations(day, brief)]
        for a, b in pairwise(stations)
    ]
    return min(extras, default=None)


def left_out(brief: Briefing, plan: Plan) -> list[Json]:
    """Villages without a visit, the worthiest first, then those that never were candidates."""
    return told(brief, explained(brief, plan))


def explained(brief: Briefing, plan: Plan) -> list[Json]:
    """Why the plan leaves out each of the calls that it does."""
    visited = set(plan.visited)
    served = {unit for call in visited for unit in brief.problem.calls[call].serves}
    return [
        {
            "village": brief.villages[call],
            "code": reason.code,
            "points": _adds(brief, call, served),
            "must": brief.problem.calls[call].must,
            **_closures(brief, call, reason.code),
            **detail(brief, reason.detail),
        }
        for call, reason in plan.left_out.items()
        if call not in visited
    ]


def told(brief: Briefing, reasons: Iterable[Json]) -> list[Json]:
    """Who is left out, the worthiest first, then the villages that never were candidates."""
    first = sorted(
        reasons, key=lambda each: (not each["must"], -int(str(each["points"])), each["village"])
    )
    return first + [
        {"village": code, "code": why_not, "must": code in brief.rules.must, **details}
        for code, (why_not, details) in sorted(brief.apart.items())
    ]


def _adds(brief: Briefing, call: int, served: set[int]) -> int:
    """What a visit would add to a plan that serves these units already."""
    each = brief.problem.calls[call]
    new = [unit for unit in each.serves if unit not in served]
    return round(each.value + each.most_bonus + sum(brief.problem.worth[unit] for unit in new))


def _closures(brief: Briefing, call: int, code: str) -> Json:
    """What closes a village on the tour's days, where that is the reason."""
    if code != "closed":
        return {}
    names = [
        name
        for day in brief.tour.dates
        for name in brief.openings.closures(brief.villages[call], day)
    ]
    return {"closures": list(dict.fromkeys(names))}


def detail(brief: Briefing, numbers: Detail) -> Json:
    """The solver's numbers in the records' own terms; what does not apply is left out."""
    found: Json = {
        "team": None if numbers.team is None else numbers.team + 1,
        "date": None if numbers.day is None else brief.tour.dates[numbers.day].isoformat(),
        "minutes": numbers.minutes,
        "limit": numbers.limit,
        "villages": [brief.villages[call] for call in numbers.calls],
        "value": None if numbers.value is None else round(numbers.value),
        "place": None if numbers.place is None else _place(brief, numbers.place),
    }
    return {name: value for name, value in found.items() if value not in (None, [])}


def _place(brief: Briefing, place: int) -> str:
    """The name of a bed; "" for a home."""
    bed = brief.bed_at(place)
    return bed.name if bed else ""


def broken(brief: Briefing, faults: Iterable[Broken]) -> list[Json]:
    """Broken rules of a plan made by hand, with the village concerned."""
    return [
        {
            "code": fault.code,
            "village": None if fault.call is None else brief.villages[fault.call],
            **_closed_by(brief, fault),
            **detail(brief, fault.detail),
        }
        for fault in faults
    ]


def _closed_by(brief: Briefing, fault: Broken) -> Json:
    """What closes the village on the day of a hand-made visit, where that is the fault."""
    if fault.code not in ("closed", "late") or fault.call is None or fault.day is None:
        return {}
    day = brief.tour.dates[fault.day]
    names = brief.openings.closures(brief.villages[fault.call], day)
    return {"closures": names} if names else {}
