"""What the browser's modules need for a tour's page: words, beds, homes, the days' campaigns."""

from typing import Any

from django.utils.translation import gettext as _

from events.choices import ApprovalState, Nights, StopState, TourStatus
from events.models import Tour
from events.tours import rules
from events.tours.crews import NoHomeError, crews
from mapui.tours import telling
from mapui.tours.overview import campaigns_on


def facts(tour: Tour, variants: int) -> dict[str, Any]:
    """What does not change with the plan: fit for JSON."""
    lunch = rules.read(tour.rules).lunch
    return {
        "id": tour.pk,
        "region": tour.region,
        "seconds": tour.seconds,
        "away": tour.nights == Nights.AWAY,
        "dates": [day.isoformat() for day in tour.dates],
        "campaigns": {day.isoformat(): campaigns_on(day) for day in tour.dates},
        "teams": _teams(tour),
        "beds": telling.beds() if tour.nights == Nights.AWAY else [],
        "lunch": lunch and list(lunch),
        "statuses": {str(value): str(label) for value, label in TourStatus.choices},
        "variants": variants,
        "approval_states": {str(value): str(label) for value, label in ApprovalState.choices},
        "states": {str(value): str(label) for value, label in StopState.choices},
    }


def _teams(tour: Tour) -> list[dict[str, Any]]:
    """The teams in order, with where they start from."""
    try:
        return [
            {"team": k, "name": crew.name, "home": list(crew.home)}
            for k, crew in enumerate(crews(tour), 1)
        ]
    except NoHomeError:
        return [
            {"team": k, "name": _("%(n)d 队") % {"n": k}, "home": None}
            for k in range(1, tour.teams + 1)
        ]


def tour_words() -> dict[str, str]:
    """Sentences that the page of a tour says, {name} to be filled in."""
    return {**_figures(), **_board(), **_changes(), **_states()}


def _figures() -> dict[str, str]:
    return {
        "stops": _("场"),
        "newly": _("村新增有效覆盖"),
        "km": _("公里"),
        "km_estimated": _("公里(估算)"),
        "hours": _("小时行车"),
        "yuan": _("元"),
        "people": _("人口合计"),
        "total": _("合计"),
        "approval_of": _("{name}:状态"),
        "date_of": _("{name}:日期"),
        "note_of": _("{name}:备注"),
        "note_here": _("备注(内部)"),
        "cost_fuel": _("油费"),
        "cost_lodging": _("住宿费"),
        "cost_allowances": _("补助"),
        "amount_fuel": _("{n} 公里"),
        "amount_lodging": _("{n} 床·晚"),
        "amount_allowances": _("{n} 人·天"),
        "rate_fuel": _("元/百公里"),
        "rate_lodging": _("元/床·晚"),
        "rate_allowances": _("元/人·天"),
        "people_unknown": _("人口合计(另有 {n} 村没有人口数)"),
        "costs": _("油费 {fuel} 元 · 住宿 {lodging} 元 · 补助 {allowances} 元"),
        "travel_estimated": _("路程按直线距离和经验车速估算。"),
        "travel_by": _("路程依据:{by}"),
        "travel_partly": _("路网服务没有答复的 {n} 段按直线距离和经验车速估算,标着“估算”。"),
        "faults": _("这个安排有 {n} 处不合要求,标着 ▲。"),
    }


def _board() -> dict[str, str]:
    return {
        "nothing_that_day": _("这天没有演出"),
        "leaves": _("{time} 出发"),
        "drive": _("行车 {minutes} 分 · {km} 公里"),
        "drive_estimated": _("行车约 {minutes} 分 · {km} 公里(估算)"),
        "wait": _("等候 {minutes} 分"),
        "lunch": _("午休、等候 {minutes} 分"),
        "show": _("演出和布置 {minutes} 分,{end} 离开"),
        "sleep": _("住 {name}"),
        "home": _("回驻地"),
        "at": _("{time} 到"),
        "bed_of": _("{day} {team}住哪里"),
        "at_home": _("回驻地"),
        "own_choice": _("已由人定"),
        "pin": _("固定"),
        "unpin": _("不再固定"),
        "remove": _("去掉"),
        "earlier": _("提前"),
        "later": _("推后"),
        "move": _("移到…"),
        "of_village": _("{what}:{name}"),
        "state_of": _("{name}:村里的答复"),
        "event": _("活动页"),
        "held": _("已举办"),
        "route_of": _("{team} {day}"),
        "take_in": _("加进来"),
        "what_would_it_take": _("要怎样才能去?"),
        "let_in_again": _("取消“不去”"),
        "more": _("再看 {n} 个"),
        "none_left_out": _("范围里的村都排进来了。"),
        "none_like_it": _("没有名称里带“{text}”的村。"),
        "left_ring": _("没排进来的村"),
        "all_days": _("所有日子"),
        "all_teams": _("所有队"),
        "show_date": _("地图上看哪天"),
        "show_team": _("地图上看哪个队"),
        "must": _("必去"),
        "of_that_day": _("这一天"),
        "points": _("值 {n} 分"),
        "unknown": _("{n} 项场地条件没登记"),
        "worth": _("值 {n} 分"),
    }


def _changes() -> dict[str, str]:
    return {
        "moving": _("{name} 移到哪里"),
        "taking_in": _("{name} 加到哪里"),
        "position": _("第 {n} 站"),
        "last_position": _("最后"),
        "saving": _("正在保存……"),
        "saved": _("已保存。"),
        "undone": _("已撤销。"),
        "removed": _("已去掉 {name},它在“没排进来的村”里。"),
        "moved": _("{name} 移到了 {day} 第 {n} 站。"),
        "taken_in": _("{name} 加进来了:{day} 第 {n} 站。"),
        "offline": _("没有网络:这次改动没有保存。联网后请再改一次。"),
        "offline_reading": _("没有网络:现在看到的是断网前的安排。"),
        "no_answer": _("服务器没有应答,这次改动没有保存,请再试一次。"),
        "reloaded": _("{detail}已经换成最新的安排。"),
        "copied": _("{name}(方案 {n})"),
        "confirming": _("把这 {n} 场变成活动?"),
        "confirm_note": _("村里已同意的记为“已确认”,其余记为“计划”。以后改动巡演,活动会跟着改。"),
        "confirmed": _("已生成 {n} 场活动。"),
        "declining": _("{name}:村里怎么说?"),
    }


def _states() -> dict[str, str]:
    return {
        "queued": _("排队中,马上开始计算……"),
        "planning": _("正在计算:已用 {seconds} 秒,共 {total} 秒。"),
        "best": _("目前最好的安排:{stops} 场,{value} 分。"),
        "stopping": _("正在停止,会保留目前最好的安排……"),
        "failed": _("没有排成:{why}"),
        "planned": _("排好了:{n} 场。"),
        "none_planned": _("一站也没有排进来。请看下面每个村的原因。"),
        "cannot_read": _("读不到这个巡演:服务器没有应答。"),
        "again": _("再试一次"),
        "gone": _("这个巡演已经不在了。"),
    }
