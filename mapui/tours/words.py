"""Why a stop is where it is, why a village is left out, what a fault is: figures as sentences."""

import datetime
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events.choices import Need, TourStatus
from events.models import Stop, TourDay
from sites import clock

Json = Mapping[str, Any]
Names = Mapping[str, str]


def why(figures: Json) -> str:
    """One line: what the visit is worth, and why it is on its day."""
    own = figures.get("own", {})
    parts = [_waited(own)]
    if newly := len(figures.get("newly", ())):
        parts.append(
            ngettext("新增有效覆盖 %(n)d 村", "新增有效覆盖 %(n)d 村", newly) % {"n": newly}
        )
    if wishes := own.get("requests"):
        parts.append(ngettext("%(n)d 条点单", "%(n)d 条点单", wishes) % {"n": wishes})
    parts += figures.get("gatherings", ())
    parts.append(_placed(figures))
    return " · ".join(part for part in parts if part)


def worth(figures: Json) -> list[str]:
    """What the points of a visit are made of; they add up to what the stop is worth."""
    own, newly = figures.get("own", {}), figures.get("newly", ())
    lines = [
        (own.get("month_points"), _waited(own)),
        (own.get("people_points"), _("%(n)s 人") % {"n": own.get("people")}),
        (own.get("request_points"), _("%(n)d 条点单") % {"n": own.get("requests", 0)}),
        (own.get("quota_points"), _("旗县区今年还差 %(n)d 场") % {"n": own.get("missing", 0)}),
        (figures.get("day_points"), _("、").join(figures.get("gatherings", ()))),
    ]
    told = sum(points for points, _why in lines if points)
    lines.append(
        (figures.get("points", told) - told, _("新增有效覆盖 %(n)d 村") % {"n": len(newly)})
    )
    said = [
        _("%(why)s:%(points)d 分") % {"why": reason, "points": points}
        for points, reason in lines
        if points
    ]
    if own.get("people") is None:
        said.append(_("人口没有登记,不计分"))
    return said


def _waited(own: Json) -> str:
    if own.get("never"):
        return _("从未到过")
    months = own.get("months")
    return "" if months is None else _("距上次 %(n)d 个月") % {"n": months}


def _placed(figures: Json) -> str:
    """Why on this day: the only one, or the one with the shortest detour."""
    if len(figures.get("open_days", ())) == 1:
        return _("只有这天可以去")
    here, elsewhere = figures.get("detour_min"), figures.get("elsewhere_min")
    if here is None or elsewhere is None or elsewhere <= here:
        return ""
    words = _("顺路:多走 %(here)d 分钟,放到别处至少 %(elsewhere)d 分钟")
    return words % {"here": here, "elsewhere": elsewhere}


def left_out(reason: Json, names: Names) -> str:
    """Why a village is left out, in words and figures."""
    code = reason["code"]
    say = _LEFT_OUT.get(code)
    return say(reason, names) if say else code


def _day(figures: Json) -> str:
    """ "1 队 12 月 7 日", or "" where neither team nor day is told."""
    if not figures.get("date"):
        return ""
    day = datetime.date.fromisoformat(figures["date"])
    words = _("%(team)d 队 %(month)d 月 %(day)d 日")
    return words % {"team": figures.get("team", 1), "month": day.month, "day": day.day}


def _villages(figures: Json, names: Names) -> str:
    return _("、").join(names.get(code, code) for code in figures.get("villages", ()))


def _closed(reason: Json, _names: Names) -> str:
    if reason.get("closures"):
        return _("这几天不能去:%(names)s") % {"names": _("、").join(reason["closures"])}
    return _("这几天没有够长的时段")


def _out_of_reach(reason: Json, _names: Names) -> str:
    words = _("太远:从%(place)s出发单去也要 %(minutes)s 分钟,一天只有 %(limit)s 分钟")
    place = reason.get("place") or _("驻地")
    return words % {
        "place": place,
        "minutes": reason.get("minutes", "?"),
        "limit": reason.get("limit", "?"),
    }


def _no_time(reason: Json, _names: Names) -> str:
    words = _("%(day)s还差 %(minutes)s 分钟,那天只剩 %(limit)s 分钟")
    return words % {
        "day": _day(reason),
        "minutes": reason.get("minutes", "?"),
        "limit": reason.get("limit", "?"),
    }


def _worth_less(reason: Json, names: Names) -> str:
    words = _("要去就得放弃 %(villages)s(值 %(value)s 分),它只多 %(points)s 分")
    return words % {
        "villages": _villages(reason, names),
        "value": reason.get("value", "?"),
        "points": reason.get("points", "?"),
    }


def _no_gain(reason: Json, names: Names) -> str:
    if served := _villages(reason, names):
        return _("去 %(villages)s 已经把它带到了") % {"villages": served}
    return _("这次去它不增加什么")


def _excluded_by_must(reason: Json, names: Names) -> str:
    words = _("与必去的 %(villages)s 排不到一起:请放宽时间,或只留一个")
    return words % {"villages": _villages(reason, names)}


def _lacks(reason: Json, _names: Names) -> str:
    needs = _("、").join(str(Need(need).label) for need in reason.get("lacks", ()))
    return _("%(venue)s没有%(needs)s") % {"venue": reason.get("venue", ""), "needs": needs}


def _declined(reason: Json, _names: Names) -> str:
    note = reason.get("note")
    return _("村里说不能接待:%(note)s") % {"note": note} if note else _("村里说不能接待")


_LEFT_OUT: dict[str, Callable[[Json, Names], str]] = {
    "closed": _closed,
    "out_of_reach": _out_of_reach,
    "no_time": _no_time,
    "worth_less": _worth_less,
    "no_gain": _no_gain,
    "excluded_by_must": _excluded_by_must,
    "lacks": _lacks,
    "declined": _declined,
    "other_nights": lambda *_given: _("换一个住处才去得了"),
    "not_allowed": lambda *_given: _("没有合适的队可以去(语言,或您定的不去)"),
    "excluded": lambda *_given: _("您说过不去"),
    "no_position": lambda *_given: _("没有位置:请先补上经度、纬度"),
    "open": lambda *_given: _("还没有排:请点“加进来”,或重新优化"),
    "not_here": lambda *_given: _("不在这次的范围里,或没有这个村"),
}


def change(figures: Json, names: Names) -> str:
    """What it would take to visit a village, in words."""
    say = _CHANGES.get(figures["code"])
    return say(figures, names) if say else figures["code"]


def _longer_day(figures: Json, _names: Names) -> str:
    return _("%(day)s多 %(minutes)s 分钟就能去") % {
        "day": _day(figures),
        "minutes": figures.get("minutes", "?"),
    }


def _other_bed(figures: Json, _names: Names) -> str:
    place = figures.get("place") or _("驻地")
    return _("%(day)s住 %(place)s 就能去") % {"day": _day(figures), "place": place}


def _bed_limit(figures: Json, _names: Names) -> str:
    return _("去住处的路允许到 %(minutes)s 分钟就能去") % {"minutes": figures.get("minutes", "?")}


def _drop(figures: Json, names: Names) -> str:
    words = _("放弃 %(villages)s(少 %(value)s 分)就能去")
    return words % {"villages": _villages(figures, names), "value": figures.get("value", "?")}


_CHANGES: dict[str, Callable[[Json, Names], str]] = {
    "none": lambda *_given: _("现在就排得进去:请点“加进来”"),
    "longer_day": _longer_day,
    "other_bed": _other_bed,
    "bed_limit": _bed_limit,
    "drop": _drop,
    "other_day": lambda figures, _names: _("%(day)s能开门就能去") % {"day": _day(figures)},
    "other_team": lambda figures, _names: (
        _("允许 %(team)s 队去就行") % {"team": figures.get("team", "?")}
    ),
    "impossible": lambda *_given: _("只改一处还去不了:请列为必去再优化一次,或换日子、加天数"),
}


def fault(figures: Json) -> str:
    """A broken rule of a plan made by hand."""
    words = _FAULTS.get(figures["code"])
    if words is None:
        return str(figures["code"])
    place = figures.get("place") or _("驻地")
    if figures["code"] == "closed" and (names := figures.get("closures")):
        return _("这天不能去:%(names)s") % {"names": _("、").join(names)}
    if events := figures.get("events"):
        return _("演出队这时有别的活动(%(events)s)") % {"events": _("、").join(events)}
    return words() % {"minutes": "?", "limit": "?", **figures, "place": place}


_FAULTS: dict[str, Callable[[], str]] = {
    "closed": lambda: _("这天不能去"),
    "late": lambda: _("到晚了 %(minutes)s 分钟,排不进开放时间"),
    "over_shift": lambda: _("这天超时 %(minutes)s 分钟"),
    "over_duty": lambda: _("在外时间超过上限 %(limit)s 分钟,多 %(minutes)s 分钟"),
    "bed_too_far": lambda: _("去住处要 %(minutes)s 分钟,上限 %(limit)s 分钟"),
    "not_a_bed": lambda: _("这里不能住宿"),
    "not_home": lambda: _("最后一天要回驻地"),
    "other_bed": lambda: _("住处已定为 %(place)s"),
    "team_not_allowed": lambda: _("这个队不能去"),
    "twice": lambda: _("排了两次"),
    "day_off": lambda: _("这天这个队休息"),
    "troupe_busy": lambda: _("演出队这时有别的活动"),
    "beds_full": lambda: _("%(place)s 有 %(limit)s 张床,这晚要住 %(people)s 人"),
}


def empty(status: str, stops: Sequence[Any]) -> str:
    """Why a draft has no stop, where nobody has said so; else ""."""
    if stops or status not in (TourStatus.DRAFT, TourStatus.CONFIRMED):
        return ""
    return _("现在一站也没有:请把村加进来,或重新优化。")


def resumes(day: TourDay, stops: Sequence[Stop]) -> str:
    """When the team goes on, on a day that was planned anew, and how long it waits; else ""."""
    if day.resumes_at is None:
        return ""
    time = f"{day.resumes_at.astimezone(clock.SHANGHAI):%H:%M}"
    before = [stop.leave for stop in stops if stop.leave <= day.resumes_at]
    wait = (day.resumes_at - max(before)).total_seconds() // 60 if before else 0
    if wait <= 0:
        return _("%(time)s 从现在的位置出发") % {"time": time}
    return _("等 %(minutes)d 分钟,%(time)s 再出发") % {"minutes": wait, "time": time}


def replaced(came: Sequence[Json], gone: Sequence[str]) -> str:
    """Who comes in for whoever dropped out."""
    if not came:
        return _("没有别的村排得进这个空档:可以重新优化,或从“没有安排的村”里加。")
    places = [
        _("%(village)s(%(team)d 队 %(when)s)")
        % {
            "village": each["name"],
            "team": each["team"],
            "when": f"{datetime.datetime.fromisoformat(each['begin']):%m-%d %H:%M}",
        }
        for each in came
    ]
    words = _("换上了 %(places)s。") % {"places": _("、").join(places)}
    if (missing := len(gone) - len(came)) > 0:
        words += _("还有 %(n)d 个空档没有合适的村。") % {"n": missing}
    return words
