"""A plan as rows, and rows as a plan: what is unchanged keeps its state, notes and event."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from events.choices import TourStatus
from events.models import Stop, Tour, TourDay, TourVersion
from events.touring import Broken, Day, Plan, Visit, replay
from events.tours import candidates, confirming
from events.tours.briefing import Briefing, is_kept
from events.tours.reasoning import Json, Values, broken, left_out, why, worths
from sites import clock

Routes = dict[tuple[int, int], tuple[tuple[int, ...], int | None]]
OPEN = "open"  # why a village is left out: nothing is in its way, nobody has tried yet


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


@dataclass(frozen=True)
class ByHand:
    """What is known of a plan that somebody made: `faults`, the rules that it breaks.

    `former`: what undoing goes back to beside the plan, as `snapshot` names it. `marks`: fields
    of stops by village. `left_out`: the reasons as they were before, None for those stored.
    """

    faults: tuple[Broken, ...]
    former: Mapping[str, Any] = field(default_factory=dict)
    marks: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    left_out: list[dict] | None = None


@transaction.atomic
def store(
    brief: Briefing,
    plan: Plan,
    label: str,
    by_hand: ByHand | None = None,
    left: list[Json] | None = None,
) -> None:
    """Make the tour's days and stops those of the plan; the former ones are kept to be undone.

    `label` says what was done; without one nothing is kept. `by_hand`: None for the solver's plan.
    `left`: who the solver's plan leaves out, where the briefing does not hold all candidates.
    A confirmed tour's events follow: moved with their stops, cancelled where their stop is gone,
    and revived where it is back.
    """
    tour = Tour.objects.select_for_update().get(pk=brief.tour.pk)
    confirming.hold_events(tour)
    if label:
        remember(tour, label, by_hand.former if by_hand else {})
    stops = {stop.village_id: stop for stop in tour.stops.select_related("day")}
    wanted = {brief.villages[call] for call in plan.visited} | _kept_stops(brief)
    gone = [stop for code, stop in stops.items() if code not in wanted]
    if tour.confirmed_at:
        confirming.call_off(gone)
    Stop.objects.filter(pk__in=[stop.pk for stop in gone]).delete()
    _store_plan(brief, tour, plan, stops, by_hand)
    tour.value = sum(Stop.objects.filter(tour=tour).values_list("value", flat=True))
    if by_hand:
        tour.left_out = _still_out(brief, tour, wanted, set(stops), by_hand.left_out)
    else:
        tour.left_out = left or left_out(brief, plan)
    if wanted or tour.status != TourStatus.FAILED:
        tour.status = TourStatus.CONFIRMED if tour.confirmed_at else TourStatus.DRAFT
        tour.failure = ""
    tour.travel, tour.version = brief.legs.by, tour.version + 1
    tour.save()
    if tour.confirmed_at:
        confirming.follow(tour)
    brief.tour.refresh_from_db()


def _store_plan(
    brief: Briefing, tour: Tour, plan: Plan, stops: dict[str, Stop], by_hand: ByHand | None
) -> None:
    """The days of the plan with their stops; days without any are gone."""
    faults = by_hand.faults if by_hand else ()
    marks = by_hand.marks if by_hand else {}
    values = worths(brief, plan)
    days = _store_days(brief, tour, plan, faults)
    for day in plan.days:
        for order, visit in enumerate(day.visits, 1):
            code = brief.villages[visit.call]
            stop = stops.get(code) or Stop(tour=tour, village_id=code)
            _fill(brief, plan, stop, day, order, values, faults)
            stop.day = days[day.team, day.day]
            for name, value in marks.get(code, {}).items():
                setattr(stop, name, value)
            stop.save()
    tour.team_days.exclude(pk__in=[day.pk for day in days.values()]).filter(stops=None).delete()


def _still_out(
    brief: Briefing, tour: Tour, wanted: set[str], visited: set[str], former: list[dict] | None
) -> list[dict]:
    """The villages left out after an edit by hand: who was, and who was thrown out now.

    Nobody that was in the tour or left out of it is forgotten. `former`: the reasons to go by.
    """
    reasons = {each["village"]: each for each in (tour.left_out if former is None else former)}
    for code in [*(each["village"] for each in tour.left_out), *sorted(visited)]:
        reasons.setdefault(code, {"village": code, "code": OPEN, "must": False})
    asked = {*brief.rules.exclude, *brief.rules.declined}
    for code in sorted(asked & set(brief.apart)):
        why_not, details = brief.apart[code]
        reasons[code] = {"village": code, "code": why_not, "must": False, **details}
    for code, each in reasons.items():
        if each["code"] in (candidates.EXCLUDED, candidates.DECLINED) and code not in asked:
            reasons[code] = {"village": code, "code": OPEN, "must": False}
    out = [each for code, each in reasons.items() if code not in wanted]
    return sorted(out, key=lambda each: each["village"] not in asked)


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
        kept = _kept_of(brief, each)
        done = bool(kept) and not each.visits and each.team + 1 not in brief.since.at
        leaves = kept[-1].leave if done else leaves
        day.resumes_at = leaves if _resumes(brief, day) and not done else None
        day.leaves_at = min(day.leaves_at, leaves) if kept else leaves
        way = datetime.timedelta(minutes=each.back_at - each.left_at)
        day.back_at = leaves + max(way, datetime.timedelta())
        day.drive_min = brief.problem.minutes_between(last, each.end)
        day.drive_m = round(brief.legs.metres[last, each.end])
        day.drive_estimated = brief.legs.is_estimated(last, each.end)
        day.sleeps_at = brief.bed_at(each.end)
        own = [f for f in faults if f.call is None and (f.team, f.day) == key and not done]
        day.broken = broken(brief, own)
        days[key] = day
    for day in days.values():
        day.broken += _too_few_beds(brief, day, days.values())
        day.save()
    return days


def _too_few_beds(brief: Briefing, day: TourDay, others: Iterable[TourDay]) -> list[dict]:
    """The fault where a night's lodging has fewer beds than the people who are to sleep there."""
    bed = day.sleeps_at
    if bed is None:
        return []
    guests = [each for each in others if (each.date, each.sleeps_at_id) == (day.date, bed.pk)]
    people = sum(brief.crews[each.team - 1].people for each in guests)
    if people <= bed.beds:
        return []
    return [{"code": "beds_full", "place": bed.name, "limit": bed.beds, "people": people}]


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
    stop.order = order + len(_kept_of(brief, day))
    stop.site_id = brief.venues[stop.village_id].site
    stop.arrive, stop.begin, stop.leave = (
        brief.moment(day.day, minute) for minute in (visit.arrive, visit.begin, visit.leave)
    )
    stop.drive_min = brief.problem.minutes_between(before, place)
    stop.drive_m = round(brief.legs.metres[before, place])
    stop.drive_estimated = brief.legs.is_estimated(before, place)
    stop.value = values[visit.call][0]
    stop.why = why(brief, plan, visit.call, values)
    stop.broken = broken(brief, [fault for fault in faults if fault.call == visit.call])
    stop.broken += _not_free(brief, day, visit)


def _not_free(brief: Briefing, day: Day, visit: Visit) -> list[dict]:
    """The faults where the team is to rest on the day, or its troupe is busy at the time."""
    found: list[dict] = [{"code": "day_off"}] if brief.is_off(day.team, day.day) else []
    date = brief.tour.dates[day.day]
    events = [
        code
        for held in brief.held
        if held.date == date and day.team >= held.free
        if held.span[0] < visit.leave and held.span[1] > visit.arrive
        for code in held.events
    ]
    if events:
        found.append({"code": "troupe_busy", "events": list(dict.fromkeys(events))})
    return found


def _kept_of(brief: Briefing, day: Day) -> list[Stop]:
    """Stops of the day that are over, in order."""
    stops = brief.tour.stops.filter(
        day__team=day.team + 1, day__date=brief.tour.dates[day.day]
    ).select_related("event")
    return [stop for stop in stops.order_by("begin") if is_kept(stop, brief.since)]


def _resumes(brief: Briefing, day: TourDay) -> bool:
    """Whether planning has started over on the day."""
    since = brief.since
    if since is None:
        return False
    moment = since.left if brief.by_hand else since.moment
    return moment is not None and moment.astimezone(clock.SHANGHAI).date() == day.date


def remember(tour: Tour, label: str, former: Mapping[str, Any]) -> None:
    """Keep the plan as it is, to be undone to; nothing where there is no plan yet.

    `former`: what of the snapshot the edit has changed already, as it was.
    """
    if not tour.team_days.exists():
        return
    kept = {**snapshot(tour), **former}
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
        "start": tour.start.isoformat(),
        "left_out": tour.left_out,
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
