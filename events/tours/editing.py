"""A tour changed by hand: the times, the broken rules and the value follow at once; undo."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from events import planning
from events.choices import StopState, TourStatus
from events.errors import ChangedMeanwhileError, NotReadyError, RulesError
from events.models import Stop, Tour, TourDay
from events.touring import replay
from events.tours import briefing, confirming, edits, resuming, rules
from events.tours.briefing import Briefing, From, is_kept
from events.tours.edits import Edit, Place
from events.tours.replacing import candidates_for, filled, gaps
from events.tours.rules import Rules
from events.tours.storing import ByHand, Routes, routes_as_stored, snapshot, store
from sites import clock

__all__ = ["Edit", "Place", "changed", "copy", "differences", "edit", "replan", "stop_planning"]

BUSY = (TourStatus.QUEUED, TourStatus.PLANNING)


@transaction.atomic
def edit(number: int, change: Edit, version: int | None = None) -> Tour:
    """Change a stored tour; all of the edit or nothing.

    What has begun of a confirmed tour stays as it was. Raises ChangedMeanwhileError where
    `version` is not the tour's, RulesError with every fault and ClashError where a confirmed tour
    would meet another event.
    """
    tour = _current(number, version)
    if tour.status in BUSY:
        raise RulesError([("status", _("正在计算,请等它结束或先停止,再改。"))])
    confirming.hold_events(tour)
    if change.undo:
        return _undo(tour)
    if change.approvals:
        tour.approvals = {**tour.approvals, **change.approvals}
        tour.version += not change.changes_the_plan
        tour.save(update_fields=["approvals", "version"])
    if change.changes_the_plan:
        _edit(tour, change)
    tour.refresh_from_db()
    return tour


def _edit(tour: Tour, change: Edit) -> None:
    before = snapshot(tour)
    since = resuming.since(tour, clock.now())
    over = _over(tour, since)
    if change.start and change.start != tour.start:
        edits.check_start(tour, change.start, over)
        move_days(tour, change.start)
    edits.check(tour, change, over)
    tour.rules = _new_rules(tour, change).to_json()
    tour.save(update_fields=["rules"])
    stops = set(tour.stops.values_list("village_id", flat=True))
    options = candidates_for(tour, change) if change.replace else set()
    brief = briefing.brief(tour, since, only={*stops, *change.placed, *options}, by_hand=True)
    routes = changed(brief, routes_as_stored(brief), change)
    if change.replace:
        routes = filled(brief, routes, gaps(tour, change), options)
    former = {name: before[name] for name in ("rules", "start", "days")}
    _store(brief, routes, _label(change), ByHand((), former, _marks(tour, change)))
    for team, date in change.beds:
        TourDay.objects.filter(tour=tour, team=team, date=date).update(bed_pinned=True)


def _over(tour: Tour, since: From | None) -> set[str]:
    """The villages whose visit was held or has begun."""
    stops = tour.stops.select_related("event")
    return {stop.village_id for stop in stops if is_kept(stop, since)}


def move_days(tour: Tour, start: datetime.date) -> None:
    """Let the tour begin on another day; what was agreed for the old days is to be asked again."""
    by = start - tour.start
    days = list(tour.team_days.all())
    for day in reversed(days) if by > datetime.timedelta() else days:
        TourDay.objects.filter(pk=day.pk).update(date=day.date + by)
    tour.stops.filter(state=StopState.AGREED).update(state=StopState.TO_CALL)
    tour.rules = rules.moved(rules.read(tour.rules), by).to_json()
    tour.start = start
    tour.save(update_fields=["start", "rules"])


def changed(brief: Briefing, routes: Routes, change: Edit) -> Routes:
    """Routes with stops thrown out, put elsewhere or added, and nights changed.

    Raises RulesError for a village that is no candidate.
    """
    gone = {*change.thrown_out, *change.placed}
    numbers = {brief.number[code] for code in gone if code in brief.number}
    made = {
        duty: ([call for call in calls if call not in numbers], night)
        for duty, (calls, night) in routes.items()
    }
    for place in change.put:
        if place.village not in brief.number:
            raise RulesError([("village", _refusal(brief, place.village))])
        duty = place.team - 1, brief.tour.dates.index(place.date)
        calls, _night = made.setdefault(duty, ([], place.team - 1))
        calls.insert(place.position, brief.number[place.village])
    for (team, date), bed in change.beds.items():
        duty = team - 1, brief.tour.dates.index(date)
        calls, _night = made.get(duty, ([], None))
        made[duty] = calls, brief.place_of_bed(bed, team - 1)
    return {duty: (tuple(calls), night) for duty, (calls, night) in made.items()}


def _refusal(brief: Briefing, village: str) -> str:
    code = brief.apart.get(village, ("", {}))[0]
    sentences = {
        "no_position": _("没有位置,排不进去;请先在数据里补上经度、纬度。"),
        "lacks": _("没有这个节目要的场地条件。"),
        "declined": _("这次不能接待;先改它的状态。"),
        "excluded": _("您说过不去;先取消“不去”。"),
    }
    return f"{village}:{sentences.get(code, _('不在这次巡演的范围里。'))}"


def _store(brief: Briefing, routes: Routes, label: str, by_hand: ByHand) -> None:
    """Store hand-made routes with their times and broken rules."""
    answer = replay(brief.problem, routes)
    faults = tuple(fault for fault in answer.broken if fault.code != "must_missing")
    store(brief, answer.plan, label, replace(by_hand, faults=faults))


def _new_rules(tour: Tour, change: Edit) -> Rules:
    """The tour's rules with the edit's. Raises RulesError."""
    now = rules.read({**tour.rules, **change.rules})
    back = {*change.include, *change.placed}
    exclude = [code for code in now.exclude if code not in back]
    exclude += [code for code in change.exclude if code not in exclude]
    declined = {code: note for code, note in now.declined.items() if code not in back}
    must = tuple(code for code in now.must if code not in change.thrown_out)
    return replace(now, exclude=tuple(exclude), declined={**declined, **change.declined}, must=must)


def _marks(tour: Tour, change: Edit) -> dict[str, dict[str, Any]]:
    """Pins and what the villages said, by village; a stop that is over gets them at once."""
    marks: dict[str, dict[str, Any]] = defaultdict(dict)
    for code in (*change.pin, *change.placed):
        marks[code]["pinned"] = True
    for code in change.unpin:
        marks[code]["pinned"] = False
    for code, (state, note) in change.states.items():
        marks[code] |= {"state": state, "note": note}
    for code, fields in marks.items():
        tour.stops.filter(village=code).update(**fields)
    return dict(marks)


def _label(change: Edit) -> str:
    """What was done, in a few words, for whoever undoes it."""
    labels = {
        "start": _("改了日期"),
        "put": _("改了站点"),
        "exclude": _("去掉了村"),
        "beds": _("改了住处"),
        "states": _("记了村里的答复"),
        "replace": _("换了村"),
        "pin": _("固定了站点"),
        "rules": _("改了要求"),
    }
    named = [label for name, label in labels.items() if getattr(change, name)]
    return _("、").join(named) or _("改动")


def _undo(tour: Tour) -> Tour:
    last = tour.versions.order_by("-version").first()
    if last is None:
        raise RulesError([("undo", _("没有可以撤销的改动。"))])
    days, since = last.plan["days"], resuming.since(tour, clock.now())
    start = datetime.date.fromisoformat(last.plan.get("start", tour.start.isoformat()))
    if start != tour.start:
        edits.check_start(tour, start, _over(tour, since))
        move_days(tour, start)
    tour.rules = last.plan["rules"]
    tour.save(update_fields=["rules"])
    stops = [stop for day in days for stop in day["stops"]]
    names = {stop["village"] for stop in stops}
    brief = briefing.brief(tour, since, only=names, by_hand=True)
    tour.team_days.update(bed_pinned=False)
    last.delete()
    marks = {stop["village"]: {n: stop[n] for n in ("pinned", "state", "note")} for stop in stops}
    by_hand = ByHand((), {}, marks, last.plan.get("left_out"))
    _store(brief, dict(_routes(brief, days)), "", by_hand)
    for day in days:
        found = tour.team_days.filter(team=day["team"], date=day["date"])
        found.update(bed_pinned=day["bed_pinned"])
    tour.refresh_from_db()
    return tour


def _routes(brief: Briefing, days: Iterable[dict[str, Any]]) -> Iterable[tuple]:
    beds = {bed.code for bed in brief.beds}
    for day in days:
        date = datetime.date.fromisoformat(day["date"])
        calls = [brief.number[s["village"]] for s in day["stops"] if s["village"] in brief.number]
        bed = day["sleeps_at"] if day["sleeps_at"] in beds else None
        night = brief.place_of_bed(bed, day["team"] - 1)
        yield (day["team"] - 1, brief.tour.dates.index(date)), (tuple(calls), night)


def _current(number: int, version: int | None) -> Tour:
    """The tour, locked. Raises ChangedMeanwhileError where it is not of this version."""
    tour = Tour.objects.select_for_update().get(pk=number)
    if version is not None and version != tour.version:
        raise ChangedMeanwhileError(
            _("这个巡演在您打开之后被别人改过了,这次改动没有保存:请看新的安排,再改一次。")
        )
    return tour


@transaction.atomic
def check_version(number: int, version: int | None) -> None:
    """Raise ChangedMeanwhileError where the tour is not of this version."""
    _current(number, version)


@transaction.atomic
def replan(
    number: int,
    version: int | None = None,
    moment: datetime.datetime | None = None,
    at: Mapping[int, tuple[float, float]] | None = None,
) -> Tour:
    """Queue a tour to be planned around what is pinned and, where it is under way, from now on.

    From `moment` on where one is given: earlier stops stay, and teams that `at` names stand there.
    Raises ChangedMeanwhileError, RulesError for a moment or a place that cannot be, NotReadyError
    where the tour is being planned from another moment; one that waits anyway is left alone.
    """
    tour = _current(number, version)
    if moment is not None:
        resuming.check(tour, moment, at or {})
    if moment is not None and tour.status == TourStatus.PLANNING:
        raise NotReadyError(_("正在计算,这次没有重排:请等它结束或先停止,再从现在起重排。"))
    if moment is None and tour.status in BUSY:
        return tour
    since = From(moment, dict(at or {})) if moment else resuming.since(tour, clock.now())
    tour.progress = resuming.written(since)
    tour.status = TourStatus.QUEUED
    tour.save(update_fields=["status", "progress"])
    return tour


def stop_planning(number: int) -> None:
    """Ask the worker to keep the best plan so far."""
    with transaction.atomic():
        tour = Tour.objects.select_for_update().get(pk=number)
        if tour.status == TourStatus.PLANNING:
            Tour.objects.filter(pk=number).update(progress={**tour.progress, "stop": True})
        if tour.status == TourStatus.QUEUED:
            planning.fail(tour, _("已停止,没有排。"))


@transaction.atomic
def copy(number: int, name: str, start: datetime.date | None = None) -> Tour:
    """A variant of a tour under another name: the same wish and plan, and no events.

    With `start` it begins on that day: times and broken rules are those of the new days.
    """
    tour = Tour.objects.get(pk=number)
    days = list(tour.team_days.prefetch_related("stops"))
    tour.pk, tour.name, tour.origin_id = None, name, tour.origin_id or number
    tour.confirmed_at, tour.version = None, 1
    tour.status = TourStatus.DRAFT if days else TourStatus.QUEUED
    tour.progress, tour.approvals, tour.made_at = {}, {}, clock.now()
    tour.save()
    for day in days:
        stops = list(day.stops.all())
        day.pk, day.tour, day.resumes_at = None, tour, None
        day.save()
        for stop in stops:
            stop.pk, stop.tour, stop.day, stop.event = None, tour, day, None
        Stop.objects.bulk_create(stops)
    if start and not days:
        move_days(tour, start)
    elif start and start != tour.start:
        _edit(tour, Edit(start=start))
        tour.versions.all().delete()
        tour.refresh_from_db()
    return tour


def differences(tour: Tour) -> list[dict[str, Any]]:
    """What the last edit or replanning changed: {village, was, now}, moments or None."""
    last = tour.versions.order_by("-version").first()
    if last is None:
        return []
    was = {stop["village"]: stop.get("begin") for day in last.plan["days"] for stop in day["stops"]}
    now = {stop.village_id: stop.begin.isoformat() for stop in tour.stops.all()}
    return [
        {"village": code, "was": was.get(code), "now": now.get(code)}
        for code in sorted(was.keys() | now.keys())
        if was.get(code) != now.get(code)
    ]
