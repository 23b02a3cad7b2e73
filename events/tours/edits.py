"""What a leader wants to be different in a tour, and what of it cannot be. No plan is made here."""

import datetime
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from events.choices import Status, StopState
from events.errors import RulesError
from events.models import Tour
from events.tours.crews import beds_for, crews
from sites import clock
from sites.models import Village

Problems = list[tuple[str, str]]
LISTED = 20  # unknown villages that a sentence names


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

    `rules` replaces single rules by name. `start` moves the whole tour to another first day.
    `replace` puts for each village that is excluded or declines the best that fits into its gap.
    `approvals`: {what: {"state", "note", "date"}}. `undo` takes the last edit back, and nothing
    else.
    """

    pin: tuple[str, ...] = ()
    unpin: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    put: tuple[Place, ...] = ()
    states: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    beds: Mapping[tuple[int, datetime.date], str | None] = field(default_factory=dict)
    rules: Mapping[str, Any] = field(default_factory=dict)
    start: datetime.date | None = None
    replace: bool = False
    approvals: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    undo: bool = False

    @property
    def declined(self) -> dict[str, str]:
        """Who cannot receive anybody, with what they said."""
        return {
            code: note for code, (state, note) in self.states.items() if state == StopState.DECLINED
        }

    @property
    def placed(self) -> tuple[str, ...]:
        """Villages that are put somewhere."""
        return tuple(place.village for place in self.put)

    @property
    def thrown_out(self) -> set[str]:
        """Villages that are not to be visited after all."""
        return {*self.exclude, *self.declined}

    @property
    def changes_the_plan(self) -> bool:
        """Whether anything is asked for that days, stops or rules depend on."""
        asked = (self.pin, self.unpin, self.exclude, self.include, self.put, self.states)
        return any(asked) or bool(self.beds or self.rules or self.start or self.replace)


def check(tour: Tour, change: Edit, over: Collection[str]) -> None:
    """Raise RulesError for what cannot be in the tour; `over`: villages whose visit has begun."""
    problems = [
        *_not_in_the_tour(tour, change),
        *unknown_villages("exclude", change.exclude),
        *unknown_villages("include", change.include),
        *_places_that_are_not(tour, change),
        *_over(tour, change, over),
        *_beds_that_cannot_be(tour, change),
        *_said_twice(change),
    ]
    if change.replace and not change.thrown_out:
        sentence = _("replace:要与 state(declined)或 exclude 一起用,说明替换哪个村。")
        problems.append(("replace", sentence))
    if problems:
        raise RulesError(problems)


def unknown_villages(name: str, codes: Iterable[str]) -> Problems:
    """A problem where villages of a list are none, naming them."""
    codes = list(codes)
    known = set(Village.objects.filter(pk__in=codes).values_list("pk", flat=True)) if codes else ()
    if not (missing := sorted(set(codes) - set(known))):
        return []
    sentence = _("%(name)s:没有代码为 %(codes)s 的村(社区),请核对代码。")
    return [
        (
            name,
            sentence
            % {"name": name, "codes": _("、").join(f"“{code[:30]}”" for code in missing[:LISTED])},
        )
    ]


def _not_in_the_tour(tour: Tour, change: Edit) -> Problems:
    stops = {*tour.stops.values_list("village_id", flat=True), *change.placed}
    return [
        (name, _("%(village)s 不在这次的安排里。") % {"village": code})
        for name in ("pin", "unpin", "states")
        for code in getattr(change, name)
        if code not in stops
    ]


def _places_that_are_not(tour: Tour, change: Edit) -> Problems:
    problems: Problems = []
    for team, date in [*((p.team, p.date) for p in change.put), *change.beds]:
        if not 1 <= team <= tour.teams:
            words = _("没有 %(team)d 队,这次有 1 到 %(teams)d 队。")
            problems.append(("team", words % {"team": team, "teams": tour.teams}))
        if date not in tour.dates:
            words = _("%(day)s 不在这次巡演的日子里(%(first)s 到 %(last)s)。")
            problems.append(("date", words % {"day": date, "first": tour.start, "last": tour.last}))
    return problems


def _over(tour: Tour, change: Edit, over: Collection[str]) -> Problems:
    """Visits that were held or have begun, and are not to be undone by planning."""
    touched = {*change.thrown_out, *change.placed}
    held = _("%(village)s 的活动已经举办,不能再改。")
    begun = _("%(village)s 的活动已经开始,不能再改;没有办成请在活动页取消。")
    return [
        (
            "village",
            (held if stop.event and stop.event.status == Status.HELD else begun)
            % {"village": stop.village.name},
        )
        for stop in tour.stops.filter(village__in=touched & set(over)).select_related(
            "village", "event"
        )
    ]


def _beds_that_cannot_be(tour: Tour, change: Edit) -> Problems:
    beds = {bed for bed in change.beds.values() if bed}
    usable = {bed.code for bed in beds_for(tour, crews(tour))} if beds else set()
    sentence = _("住处 %(bed)s 这次不能用:没有这个住宿点、床位不够,或这次每晚回驻地。")
    return [("lodging", sentence % {"bed": bed}) for bed in sorted(beds - usable)]


def _said_twice(change: Edit) -> Problems:
    """Villages of which the edit says two things at once."""
    problems = [
        ("move", _("%(village)s 写了两次,只能放一个地方。") % {"village": code})
        for code, times in Counter(change.placed).items()
        if times > 1
    ]
    at_once = (
        ("exclude", {*change.placed} & change.thrown_out, _("既要去又要不去")),
        ("include", {*change.include} & change.thrown_out, _("既取消不去又要不去")),
        ("pin", {*change.pin} & change.thrown_out, _("既固定又要不去")),
        ("unpin", {*change.pin} & {*change.unpin}, _("既固定又取消固定")),
    )
    for name, both, words in at_once:
        sentence = _("%(villages)s %(words)s,请只留一项。")
        told = {"villages": _("、").join(sorted(both)), "words": words}
        problems += [(name, sentence % told)] if both else []
    return problems


def check_start(tour: Tour, start: datetime.date, over: Collection[str]) -> None:
    """Raise RulesError where the tour cannot be moved to another first day."""
    if start < clock.today():
        sentence = _("start:%(day)s 已经过去,请选今天或以后。")
        raise RulesError([("start", sentence % {"day": start})])
    if over:
        sentence = _("start:这次巡演已经出发,不能整个改日期;请复制一份再改,或逐站移动。")
        raise RulesError([("start", sentence)])
