"""A tour changed by hand: the times, the broken rules and the value follow at once; undo."""

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from events import briefing, planning, rules
from events.briefing import Briefing
from events.choices import Status, StopState, TourStatus
from events.crews import crews
from events.errors import ChangedMeanwhileError, RulesError
from events.models import Stop, Tour, TourDay
from events.rules import Rules
from events.storing import Routes, routes_as_stored, snapshot, store
from events.touring import replay
from sites import clock

BUSY = (TourStatus.QUEUED, TourStatus.PLANNING)


@dataclass(frozen=True)
class Place:
    """Where in the plan a stop goes: team from 1, a day, position from 0 (past the end: last)."""

    village: str
    team: int
    date: datetime.date
    position: int = 10_000


@dataclass(frozen=True)
class Edit:
    """What is to be different; `states`: {village: (state, note)}; `beds`: {(team, day): lodging}.

    `rules` replaces single rules by name. `undo` takes the last edit back, and nothing else.
    """

    pin: tuple[str, ...] = ()
    unpin: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    put: tuple[Place, ...] = ()
    states: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    beds: Mapping[tuple[int, datetime.date], str | None] = field(default_factory=dict)
    rules: Mapping[str, Any] = field(default_factory=dict)
    undo: bool = False

    @property
    def declined(self) -> dict[str, str]:
        """Who cannot receive anybody, with what they said."""
        return {
            code: note for code, (state, note) in self.states.items() if state == StopState.DECLINED
        }


@transaction.atomic
def edit(number: int, change: Edit, version: int | None = None) -> Tour:
    """Change a stored tour; all of the edit or nothing.

    Raises ChangedMeanwhileError where `version` is not the tour's, RulesError with every fault
    and ClashError where a confirmed tour would meet another event.
    """
    tour = Tour.objects.select_for_update().get(pk=number)
    if version is not None and version != tour.version:
        raise ChangedMeanwhileError(
            _("这个巡演在您打开之后被别人改过了,这次改动没有保存:请看新的安排,再改一次。")
        )
    if tour.status in BUSY:
        raise RulesError([("status", _("正在计算,请等它结束或先停止,再改。"))])
    if change.undo:
        return _undo(tour)
    _check(tour, change)
    asked = _new_rules(tour, change)
    before = snapshot(tour)
    tour.rules = asked.to_json()
    tour.save(update_fields=["rules"])
    kept = set(tour.stops.values_list("village_id", flat=True))
    brief = briefing.brief(tour, only=kept | {place.village for place in change.put})
    routes = changed(brief, routes_as_stored(brief), change)
    _mark(tour, change)
    _restore(brief, routes, _label(change), before["rules"])
    _pin_beds(tour, change)
    tour.refresh_from_db()
    return tour


def changed(brief: Briefing, routes: Routes, change: Edit) -> Routes:
    """Routes with stops thrown out, put elsewhere or added, and nights changed.

    Raises RulesError for a village that is no candidate.
    """
    gone = {*change.exclude, *change.declined, *(place.village for place in change.put)}
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


def _restore(brief: Briefing, routes: Routes, label: str, former_rules: dict | None = None) -> None:
    """Store hand-made routes with their times and broken rules."""
    answer = replay(brief.problem, routes)
    faults = tuple(fault for fault in answer.broken if fault.code != "must_missing")
    store(brief, answer.plan, label, faults, former_rules=former_rules)


def _check(tour: Tour, change: Edit) -> None:
    """Raise RulesError for villages, teams, days and beds that there are not."""
    problems = []
    stops = set(tour.stops.values_list("village_id", flat=True))
    for name in ("pin", "unpin", "states"):
        problems += [
            (name, _("%(village)s 不在这次的安排里。") % {"village": code})
            for code in getattr(change, name)
            if code not in stops
        ]
    for team, date in [*((p.team, p.date) for p in change.put), *change.beds]:
        if not 1 <= team <= tour.teams:
            words = _("没有 %(team)d 队,这次有 1 到 %(teams)d 队。")
            problems.append(("team", words % {"team": team, "teams": tour.teams}))
        if date not in tour.dates:
            words = _("%(day)s 不在这次巡演的日子里(%(first)s 到 %(last)s)。")
            problems.append(("date", words % {"day": date, "first": tour.start, "last": tour.last}))
    problems += _over(tour, change) + _beds_that_cannot_be(tour, change)
    problems += [
        ("move", _("%(village)s 写了两次,只能放一个地方。") % {"village": code})
        for code, times in Counter(place.village for place in change.put).items()
        if times > 1
    ]
    if problems:
        raise RulesError(problems)


def _over(tour: Tour, change: Edit) -> list[tuple[str, str]]:
    """Visits that were held, and are not to be undone by planning."""
    touched = {*change.exclude, *change.declined, *(place.village for place in change.put)}
    held = tour.stops.filter(village__in=touched, event__status=Status.HELD)
    sentence = _("%(village)s 的活动已经举办,不能再改。")
    return [("village", sentence % {"village": stop.village.name}) for stop in held]


def _beds_that_cannot_be(tour: Tour, change: Edit) -> list[tuple[str, str]]:
    beds = {bed for bed in change.beds.values() if bed}
    usable = {bed.code for bed in briefing.beds_for(tour, crews(tour))} if beds else set()
    sentence = _("住处 %(bed)s 这次不能用:没有这个住宿点、床位不够,或这次每晚回驻地。")
    return [("lodging", sentence % {"bed": bed}) for bed in sorted(beds - usable)]


def _new_rules(tour: Tour, change: Edit) -> Rules:
    """The tour's rules with the edit's. Raises RulesError."""
    now = rules.read({**tour.rules, **change.rules})
    back = {*change.include, *(place.village for place in change.put)}
    exclude = [code for code in now.exclude if code not in back]
    exclude += [code for code in change.exclude if code not in exclude]
    declined = {code: note for code, note in now.declined.items() if code not in back}
    must = tuple(code for code in now.must if code not in {*change.exclude, *change.declined})
    return replace(now, exclude=tuple(exclude), declined={**declined, **change.declined}, must=must)


def _mark(tour: Tour, change: Edit) -> None:
    """Pins and what the villages said."""
    put = [place.village for place in change.put]
    tour.stops.filter(village__in=[*change.pin, *put]).update(pinned=True)
    tour.stops.filter(village__in=change.unpin).update(pinned=False)
    for code, (state, note) in change.states.items():
        tour.stops.filter(village=code).update(state=state, note=note)


def _pin_beds(tour: Tour, change: Edit) -> None:
    for team, date in change.beds:
        TourDay.objects.filter(tour=tour, team=team, date=date).update(bed_pinned=True)
    put = [place.village for place in change.put]
    tour.stops.filter(village__in=put).update(pinned=True)


def _label(change: Edit) -> str:
    """What was done, in a few words, for whoever undoes it."""
    labels = {
        "put": _("改了站点"),
        "exclude": _("去掉了村"),
        "beds": _("改了住处"),
        "states": _("记了村里的答复"),
        "pin": _("固定了站点"),
        "rules": _("改了要求"),
    }
    named = [label for name, label in labels.items() if getattr(change, name)]
    return _("、").join(named) or _("改动")


def _undo(tour: Tour) -> Tour:
    last = tour.versions.order_by("-version").first()
    if last is None:
        raise RulesError([("undo", _("没有可以撤销的改动。"))])
    tour.rules = last.plan["rules"]
    tour.save(update_fields=["rules"])
    days = last.plan["days"]
    villages = {stop["village"] for day in days for stop in day["stops"]}
    brief = briefing.brief(tour, only=villages)
    tour.team_days.update(bed_pinned=False)
    last.delete()
    _restore(brief, dict(_routes(brief, days)), "")
    for day in days:
        for stop in day["stops"]:
            kept = {name: stop[name] for name in ("pinned", "state", "note")}
            tour.stops.filter(village=stop["village"]).update(**kept)
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


@transaction.atomic
def replan(
    number: int,
    version: int | None = None,
    moment: datetime.datetime | None = None,
    at: Mapping[int, tuple[float, float]] | None = None,
) -> Tour:
    """Queue a tour to be planned around what is pinned.

    From `moment` on where one is given: earlier stops stay, and teams that `at` names stand there.
    Raises ChangedMeanwhileError; a tour that waits already is left alone.
    """
    tour = Tour.objects.select_for_update().get(pk=number)
    if version is not None and version != tour.version:
        raise ChangedMeanwhileError(_("这个巡演刚被别人改过:请看新的安排,再决定要不要重排。"))
    if tour.status in BUSY:
        return tour
    start_over = moment and {
        "moment": moment.isoformat(),
        "at": {str(team): list(point) for team, point in (at or {}).items()},
    }
    tour.progress = {"from": start_over} if start_over else {}
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
def copy(number: int, name: str) -> Tour:
    """A variant of a tour under another name: the same wish and plan, and no events."""
    tour = Tour.objects.get(pk=number)
    days = list(tour.team_days.prefetch_related("stops"))
    tour.pk, tour.name, tour.origin_id = None, name, tour.origin_id or number
    tour.confirmed_at, tour.version = None, 1
    tour.status = TourStatus.DRAFT if days else TourStatus.QUEUED
    tour.progress, tour.made_at = {}, clock.now()
    tour.save()
    for day in days:
        stops = list(day.stops.all())
        day.pk, day.tour = None, tour
        day.save()
        for stop in stops:
            stop.pk, stop.tour, stop.day, stop.event = None, tour, day, None
        Stop.objects.bulk_create(stops)
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
