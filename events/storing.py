"""A plan as rows, and rows as a plan: what is unchanged keeps its state, notes and event."""

from django.db import transaction

from events import confirming
from events.briefing import Briefing, is_kept
from events.choices import TourStatus
from events.models import Stop, Tour, TourDay, TourVersion
from events.reasoning import Values, broken, left_out, why, worths
from events.touring import Broken, Day, Plan, replay
from sites import clock

Routes = dict[tuple[int, int], tuple[tuple[int, ...], int | None]]


def routes_as_stored(brief: Briefing) -> Routes:
    """The stored days as `touring.replay` takes them; what is no candidate any more is left out."""
    tour, number = brief.tour, brief.number
    since = brief.since.moment if brief.since else None
    days = tour.team_days.prefetch_related("stops").select_related("sleeps_at")
    routes: Routes = {}
    codes = {bed.code for bed in brief.beds}
    for day in days:
        if day.team > len(brief.crews) or day.date not in tour.dates:
            continue
        calls = tuple(
            number[stop.village_id]
            for stop in sorted(day.stops.all(), key=lambda stop: stop.order)
            if stop.village_id in number and not (since and stop.begin < since)
        )
        bed = day.sleeps_at_id if day.sleeps_at_id in codes else None
        key = day.team - 1, tour.dates.index(day.date)
        routes[key] = calls, brief.place_of_bed(bed, day.team - 1)
    return routes


def plan_as_stored(brief: Briefing) -> Plan | None:
    """The stored stops as a plan to start from; None where there is none."""
    routes = routes_as_stored(brief)
    if not any(calls for calls, _night in routes.values()):
        return None
    working = set(brief.problem.duties)
    held = {duty: route for duty, route in routes.items() if duty in working}
    return replay(brief.problem, held).plan


@transaction.atomic
def store(
    brief: Briefing,
    plan: Plan,
    label: str,
    faults: tuple[Broken, ...] | None = None,
    former_rules: dict | None = None,
) -> None:
    """Make the tour's days and stops those of the plan; the former ones are kept to be undone.

    `label` says what was done; without one nothing is kept. `former_rules`: those to undo to.
    `faults`: the rules that a plan made by hand breaks; None for one that the solver made.
    A confirmed tour's events follow: moved with their stops, cancelled where their stop is gone.
    """
    tour = Tour.objects.select_for_update().get(pk=brief.tour.pk)
    if label:
        remember(tour, label, former_rules)
    values = worths(brief, plan)
    kept = _kept_stops(brief)
    stops = {stop.village_id: stop for stop in tour.stops.all()}
    wanted = {brief.villages[call] for call in plan.visited} | kept
    gone = [stop for code, stop in stops.items() if code not in wanted]
    if tour.confirmed_at:
        confirming.call_off(gone)
    Stop.objects.filter(pk__in=[stop.pk for stop in gone]).delete()
    days = _store_days(brief, tour, plan, faults or ())
    for day in plan.days:
        for order, visit in enumerate(day.visits, 1):
            code = brief.villages[visit.call]
            stop = stops.get(code) or Stop(tour=tour, village_id=code)
            _fill(brief, plan, stop, day, order, values, faults or ())
            stop.day = days[day.team, day.day]
            stop.save()
    tour.team_days.exclude(pk__in=[day.pk for day in days.values()]).filter(stops=None).delete()
    tour.status = TourStatus.CONFIRMED if tour.confirmed_at else TourStatus.DRAFT
    tour.value = sum(Stop.objects.filter(tour=tour).values_list("value", flat=True))
    by_hand = faults is not None
    tour.left_out = _still_out(brief, tour, wanted) if by_hand else left_out(brief, plan)
    tour.failure, tour.travel, tour.version = "", brief.legs.by, tour.version + 1
    tour.save()
    if tour.confirmed_at:
        confirming.follow(tour)
    brief.tour.refresh_from_db()


def _still_out(brief: Briefing, tour: Tour, wanted: set[str]) -> list[dict]:
    """The villages left out after an edit by hand: who was, with who was thrown out now."""
    before = [each for each in tour.left_out if each["village"] not in wanted | set(brief.apart)]
    asked = {*brief.rules.exclude, *brief.rules.declined}
    apart = {code: why_not for code, why_not in brief.apart.items() if code in asked}
    thrown = [
        {"village": code, "code": code_, "must": False, **details}
        for code, (code_, details) in sorted(apart.items())
    ]
    others = [each for each in tour.left_out if each["village"] in set(brief.apart) - asked]
    return thrown + before + others


def _kept_stops(brief: Briefing) -> set[str]:
    """Villages whose stops are over."""
    stops = brief.tour.stops.select_related("event")
    return {stop.village_id for stop in stops if is_kept(stop, brief.since)}


def _store_days(
    brief: Briefing, tour: Tour, plan: Plan, faults: tuple[Broken, ...]
) -> dict[tuple[int, int], TourDay]:
    stored = {(day.team - 1, tour.dates.index(day.date)): day for day in tour.team_days.all()}
    days = {}
    for each in plan.days:
        if not each.visits and each.start == each.end:
            continue
        key = each.team, each.day
        day = stored.get(key) or TourDay(tour=tour, team=each.team + 1, date=tour.dates[each.day])
        last = brief.problem.calls[each.visits[-1].call].place if each.visits else each.start
        leaves = brief.moment(each.day, each.left_at)
        begun = day.pk and brief.since and day.leaves_at < brief.since.moment
        day.leaves_at = day.leaves_at if begun else leaves
        day.back_at = max(leaves, brief.moment(each.day, each.back_at))
        day.drive_min = brief.problem.minutes_between(last, each.end)
        day.drive_m = round(brief.legs.metres[last, each.end])
        day.sleeps_at = brief.bed_at(each.end)
        day.broken = broken(brief, [f for f in faults if f.call is None and (f.team, f.day) == key])
        day.save()
        days[key] = day
    return days


def _fill(  # noqa: PLR0913, PLR0917
    brief: Briefing,
    plan: Plan,
    stop: Stop,
    day: Day,
    order: int,
    values: Values,
    faults: tuple[Broken, ...],
) -> None:
    visit = day.visits[order - 1]
    place = brief.problem.calls[visit.call].place
    before = brief.problem.calls[day.visits[order - 2].call].place if order > 1 else day.start
    stop.order = order + _already(brief, day)
    stop.site_id = brief.venues[stop.village_id].site
    stop.arrive, stop.begin, stop.leave = (
        brief.moment(day.day, minute) for minute in (visit.arrive, visit.begin, visit.leave)
    )
    stop.drive_min = brief.problem.minutes_between(before, place)
    stop.drive_m = round(brief.legs.metres[before, place])
    stop.value = values[visit.call][0]
    stop.why = why(brief, plan, visit.call, values)
    stop.broken = broken(brief, [fault for fault in faults if fault.call == visit.call])


def _already(brief: Briefing, day: Day) -> int:
    """Stops of the day that are over."""
    stops = brief.tour.stops.filter(
        day__team=day.team + 1, day__date=brief.tour.dates[day.day]
    ).select_related("event")
    return sum(is_kept(stop, brief.since) for stop in stops)


def remember(tour: Tour, label: str, former_rules: dict | None) -> None:
    """Keep the plan as it is, to be undone to; nothing where there is no plan yet."""
    if not tour.team_days.exists():
        return
    kept = snapshot(tour)
    if former_rules is not None:
        kept["rules"] = former_rules
    TourVersion.objects.update_or_create(
        tour=tour,
        version=tour.version,
        defaults={"label": label, "plan": kept, "made_at": clock.now()},
    )


def snapshot(tour: Tour) -> dict:
    """The days and stops as JSON: what `editing.undo` restores."""
    days = tour.team_days.prefetch_related("stops")
    return {
        "rules": tour.rules,
        "days": [
            {
                "team": day.team,
                "date": day.date.isoformat(),
                "sleeps_at": day.sleeps_at_id,
                "bed_pinned": day.bed_pinned,
                "stops": [
                    {
                        "village": stop.village_id,
                        "pinned": stop.pinned,
                        "state": stop.state,
                        "note": stop.note,
                        "begin": stop.begin.isoformat(),
                    }
                    for stop in sorted(day.stops.all(), key=lambda stop: stop.order)
                ],
            }
            for day in days
        ],
    }
