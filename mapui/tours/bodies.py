"""JSON bodies about tours, checked; every fault is named by its path, as move[0].date."""

import datetime
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from events.choices import Approval, ApprovalState, Nights, StopState
from events.errors import RulesError
from events.models import Programme, Tour, Troupe
from events.models.tours import MAX_DAYS, MAX_SECONDS, MAX_TEAMS
from events.tours import rules
from events.tours.edits import LISTED, Edit, Place, unknown_villages
from mapui.params import BadParameters, refusal
from mapui.planner.bodies import (
    Body,
    Errors,
    as_object,
    is_text,
    number,
    one_of,
    text,
    unknown_names,
    whole,
)
from mapui.planner.standard_forms import LAST_DAY
from sites import clock
from sites.choices import CODE_LENGTH, EventKind
from sites.models import Region

WISH = (
    *("start", "days", "teams", "troupe", "programme", "region", "nights", "seconds"),
    *("name", "rules"),
)
EDIT = (
    *("version", "pin", "unpin", "exclude", "include", "add", "move", "bed", "state", "replace"),
    *("rules", "start", "approvals", "undo", "replan"),
)
SECONDS = 10.0
TEAMS = {str(team) for team in range(1, MAX_TEAMS + 1)}
FAR_OFF = datetime.timedelta(days=400)


def read_wish(body: Body) -> Tour:
    """A tour that is not stored yet, from what is asked for; only start and days are required.

    Raises BadParameters with every fault.
    """
    errors = unknown_names(body, WISH)
    start = _start(body, errors)
    days = whole(body, "days", (1, MAX_DAYS), errors)
    teams = whole({"teams": 1} | body, "teams", (1, MAX_TEAMS), errors)
    seconds = number({"seconds": SECONDS} | body, "seconds", (0.1, MAX_SECONDS), errors)
    nights = one_of(body, "nights", Nights.values, errors, Nights.AWAY)
    region = _region(body, errors)
    shows_given = Count("events", filter=Q(events__programme__kind=EventKind.SHOW))
    busiest = Troupe.objects.annotate(shows=shows_given).order_by("-shows", "code")
    troupe = _record(busiest, body, "troupe", errors)
    shows = Programme.objects.filter(kind=EventKind.SHOW).order_by("code")
    programme = _record(
        Programme.objects.order_by("code") if body.get("programme") else shows,
        body,
        "programme",
        errors,
    )
    name = text(body, "name", 100, errors, required=False)
    asked = _rules(body.get("rules", {}), errors, teams)
    if errors or troupe is None or programme is None:
        raise BadParameters(errors)
    return Tour(
        name=name or f"{troupe.name} {start:%m-%d}",
        troupe=troupe,
        programme=programme,
        region=region,
        start=start,
        days=days,
        teams=teams,
        nights=nights,
        seconds=seconds,
        rules=asked,
        made_at=clock.now(),
    )


def read_edit(body: Body, teams: int = MAX_TEAMS) -> Edit:
    """What is to be different in a tour of so many teams. Raises BadParameters with every fault."""
    errors = unknown_names(body, EDIT)
    lists = {name: _codes(body, name, errors) for name in ("pin", "unpin", "exclude", "include")}
    put = [
        _place(item, f"{name}[{i}]", errors)
        for name in ("add", "move")
        for i, item in enumerate(_list(body, name, errors))
    ]
    states = [
        _state(item, f"state[{i}]", errors) for i, item in enumerate(_list(body, "state", errors))
    ]
    beds = [_bed(item, f"bed[{i}]", errors) for i, item in enumerate(_list(body, "bed", errors))]
    _once("state", [state[0] for state in states if state], errors)
    _once("bed", [_night(bed[0]) for bed in beds if bed], errors)
    changed = body.get("rules", {})
    _rules(changed, errors, teams)
    approvals = _approvals(body.get("approvals", {}), errors)
    start = _start(body, errors) if "start" in body else None
    flags = {name: _flag(body, name, errors) for name in ("undo", "replace", "replan")}
    if flags["undo"] and (others := sorted(set(body) - {"undo", "version"})):
        message = _("undo:撤销要单独发,不能与 %(others)s 一起。")
        message %= {"others": _("、").join(others)}
        errors.append(refusal("undo", True, None, message))
    if errors:
        raise BadParameters(errors)
    return Edit(
        **lists,
        put=tuple(place for place in put if place),
        states=dict(state for state in states if state),
        beds=dict(bed for bed in beds if bed),
        rules=changed,
        start=start,
        approvals=approvals,
        replace=flags["replace"],
        undo=flags["undo"],
    )


def read_copy(body: Body) -> tuple[str, datetime.date | None]:
    """What a variant is called, and its first day where it is to be another. Raises BadParameters."""
    errors = unknown_names(body, ("name", "start"))
    name = text(body, "name", 100, errors)
    start = _start(body, errors) if "start" in body else None
    if errors:
        raise BadParameters(errors)
    return name, start


def read_version(body: Body) -> int | None:
    """The version that was read, where the body names one. Raises BadParameters."""
    if "version" not in body:
        return None
    errors: Errors = []
    version = whole(body, "version", (1, 2**31 - 2), errors)
    if errors:
        raise BadParameters(errors)
    return version


def read_start_over(body: Body) -> tuple[datetime.datetime, dict[int, tuple[float, float]]]:
    """From when, and where the teams are: {"moment", "at": {"1": [lon, lat]}}; by default now."""
    errors = unknown_names(body, ("moment", "at", "reason", "version"))
    moment = clock.now()
    if "moment" in body:
        try:
            moment = datetime.datetime.fromisoformat(str(body["moment"]))
        except ValueError:
            message = _("moment:应是时间,如 2026-12-07T10:30+08:00。")
            errors.append(refusal("moment", body["moment"], "2026-12-07T10:30+08:00", message))
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=clock.SHANGHAI)
        if not abs(moment - clock.now()) < FAR_OFF:
            message = _("moment:离现在太远,应是这次巡演里的时间。")
            errors.append(refusal("moment", body["moment"], None, message))
    at = body.get("at", {})
    found = {}
    for team, point in at.items() if isinstance(at, dict) else ():
        fits = isinstance(point, list) and len(point) == 2 and str(team) in TEAMS
        fields = dict(zip(("lon", "lat"), point, strict=False)) if fits else {}
        lon = number(fields, f"at.{team}.lon", (-180, 180), errors)
        lat = number(fields, f"at.{team}.lat", (-90, 90), errors)
        if fits:
            found[int(team)] = lon, lat
    if errors or not isinstance(at, dict):
        raise BadParameters(errors or [refusal("at", at, "{}", _("at:应是一个对象。"))])
    return moment, found


def _rules(value: Any, errors: Errors, teams: int) -> dict[str, Any]:
    try:
        asked = rules.read(value)
        if problems := _not_on_record(asked, teams):
            raise RulesError(problems)
    except RulesError as wrong:
        errors += [
            refusal(f"rules.{path}", None, None, sentence) for path, sentence in wrong.problems
        ]
        return {}
    return asked.to_json()


def _not_on_record(asked: rules.Rules, teams: int) -> list[tuple[str, str]]:
    """Villages, counties and teams that the rules name and that there are not."""
    problems = []
    for name in ("must", "exclude", "declined"):
        problems += unknown_villages(name, getattr(asked, name))
    kept_off = [code for codes in asked.keep_off.values() for code in codes]
    problems += unknown_villages("keep_off", kept_off)
    counties = set(Region.objects.filter(pk__in=asked.quotas).values_list("pk", flat=True))
    if missing := sorted(set(asked.quotas) - counties):
        words = _("quotas:没有代码为 %(codes)s 的区划。")
        problems.append(
            ("quotas", words % {"codes": _("、").join(code[:30] for code in missing[:LISTED])})
        )
    for name in ("hours", "keep_off"):
        words = _("%(name)s:没有 %(team)d 队,这次有 1 到 %(teams)d 队。")
        problems += [
            (name, words % {"name": name, "team": team, "teams": teams})
            for team in getattr(asked, name)
            if team > max(1, teams)
        ]
    return problems


def _approvals(value: Any, errors: Errors) -> dict[str, dict[str, Any]]:
    """{what: {"state", "note", "date"}}; what is named is replaced as a whole."""
    fields = as_object(value, "approvals", tuple(Approval.values), errors)
    found = {}
    for name in set(fields) & set(Approval.values):
        path = f"approvals.{name}"
        each = as_object(fields[name], path, ("state", "note", "date"), errors)
        found[name] = {
            "state": one_of(each, f"{path}.state", ApprovalState.values, errors),
            "note": text(each, "note", 300, errors, required=False),
            "date": _day_or_none(each, f"{path}.date", errors),
        }
    return found


def _day_or_none(fields: Body, path: str, errors: Errors) -> str | None:
    if fields.get("date") in (None, ""):
        return None
    return str(_date(fields, path, errors))


def _once(name: str, keys: list[str], errors: Errors) -> None:
    """A refusal for each key that a list has twice."""
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        message = _("%(name)s:%(key)s 写了两次,请只留一项。") % {"name": name, "key": key}
        errors.append(refusal(name, key, None, message))


def _night(key: tuple[int, datetime.date]) -> str:
    return _("%(team)d 队 %(date)s") % {"team": key[0], "date": key[1]}


def _flag(body: Body, name: str, errors: Errors) -> bool:
    value = body.get(name, False)
    if isinstance(value, bool):
        return value
    message = _("%(name)s:应是 true 或 false。") % {"name": name}
    errors.append(refusal(name, value, "true, false", message))
    return False


def _start(body: Body, errors: Errors) -> datetime.date | None:
    """The first day of a tour, which is not over."""
    start = _date(body, "start", errors)
    if start and start > LAST_DAY:
        message = _("start:最晚到 %(day)s。") % {"day": LAST_DAY}
        errors.append(refusal("start", str(start), f"≤ {LAST_DAY}", message))
    if start and start < clock.today():
        message = _("start:%(day)s 已经过去,请选今天或以后。") % {"day": start}
        errors.append(refusal("start", str(start), "≥ today", message))
    return start


def _date(fields: Body, path: str, errors: Errors) -> datetime.date | None:
    value = fields.get(path.rsplit(".", 1)[-1])
    try:
        return datetime.date.fromisoformat(value)
    except (TypeError, ValueError):
        message = _("%(name)s:应是日期,如 2026-12-07。") % {"name": path}
        errors.append(refusal(path, value, "2026-12-07", message))
        return None


def _region(body: Body, errors: Errors) -> str:
    region = body.get("region") or ""
    fits = is_text(region) and len(region) <= max(CODE_LENGTH.values())
    if fits and (not region or Region.objects.filter(pk=region).exists()):
        return region
    message = _("region:没有代码为 %(code)s 的区划。") % {"code": region}
    errors.append(refusal("region", region, "150203", message))
    return ""


def _record(found: Any, body: Body, name: str, errors: Errors) -> Any:
    """The record that is named, or the first one."""
    code = body.get(name)
    chosen = found.filter(pk=code).first() if is_text(code) else None
    if code is None:
        chosen = found.first()
    if chosen is None:
        kind = found.model._meta.verbose_name
        message = _("%(name)s:没有编号为 %(code)s 的%(kind)s。")
        message %= {"name": name, "code": code, "kind": kind}
        errors.append(refusal(name, code, None, message))
    return chosen


def _list(body: Body, name: str, errors: Errors) -> list[Any]:
    items = body.get(name, [])
    if isinstance(items, list) and len(items) <= rules.MOST:
        return items
    message = _("%(name)s:应是一个列表,最多 %(most)d 项。") % {"name": name, "most": rules.MOST}
    errors.append(
        refusal(name, items if not isinstance(items, list) else len(items), "[…]", message)
    )
    return []


def _codes(body: Body, name: str, errors: Errors) -> tuple[str, ...]:
    items = _list(body, name, errors)
    if all(is_text(item) for item in items):
        return tuple(dict.fromkeys(items))
    message = _("%(name)s:应是村代码的列表。") % {"name": name}
    errors.append(refusal(name, items, '["150223101201"]', message))
    return ()


def _place(item: Any, path: str, errors: Errors) -> Place | None:
    before = len(errors)
    fields = as_object(item, path, ("village", "team", "date", "position"), errors)
    village = _code(fields, f"{path}.village", errors)
    team = whole({"team": 1} | fields, f"{path}.team", (1, MAX_TEAMS), errors)
    date = _date(fields, f"{path}.date", errors)
    last = {"position": 10_000} | fields
    position = whole(last, f"{path}.position", (0, 10_000), errors)
    return Place(village, team, date, position) if len(errors) == before and date else None


def _state(item: Any, path: str, errors: Errors) -> tuple[str, tuple[str, str]] | None:
    before = len(errors)
    fields = as_object(item, path, ("village", "state", "note"), errors)
    village = _code(fields, f"{path}.village", errors)
    state = one_of(fields, f"{path}.state", StopState.values, errors)
    note = text(fields, "note", 300, errors, required=False)
    return (village, (state, note)) if len(errors) == before else None


def _bed(
    item: Any, path: str, errors: Errors
) -> tuple[tuple[int, datetime.date], str | None] | None:
    before = len(errors)
    fields = as_object(item, path, ("team", "date", "lodging"), errors)
    team = whole({"team": 1} | fields, f"{path}.team", (1, MAX_TEAMS), errors)
    date = _date(fields, f"{path}.date", errors)
    bed = fields.get("lodging")
    if bed is not None and not is_text(bed):
        message = _("%(name)s:应是住宿点编号,或 null(回驻地)。") % {"name": f"{path}.lodging"}
        errors.append(refusal(f"{path}.lodging", bed, None, message))
    return ((team, date), bed) if len(errors) == before and date else None


def _code(fields: Body, path: str, errors: Errors) -> str:
    value = fields.get("village")
    if is_text(value) and value:
        return value
    message = _("%(name)s:应是村代码。") % {"name": path}
    errors.append(refusal(path, value, "150223101201", message))
    return ""
