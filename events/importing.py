"""The kinds of this package for `sites.importing`: troupes, programmes, events, lodgings …"""

import datetime
from collections import defaultdict
from collections.abc import Sequence

from django.db.models import Model
from django.utils.translation import gettext as _

from events.choices import Status
from events.models import HELD_TOO_EARLY, Event, Lodging, Programme, Troupe
from events.occasion_files import OCCASIONS
from sites import clock
from sites.clock import SHANGHAI
from sites.importing.columns import Kind, column, lon_lat
from sites.importing.drafts import Draft
from sites.importing.identity import give_codes, used_codes
from sites.importing.kinds import provenance
from sites.models import Site

PROGRAMME_KINDS = {"文艺演出": "show", "宣讲": "lecture", "咨询": "consultation"}
STATUSES = {
    "已计划": "planned",
    "待确认": "planned",
    "确认": "confirmed",
    "已完成": "held",
    "取消": "cancelled",
}
LANGUAGES = {"汉": "zh", "国家通用语言": "zh", "蒙": "mn", "蒙语": "mn"}


def finish_troupe(draft: Draft) -> None:
    """A troupe has a team."""
    if draft.record.teams < 1:
        draft.refuse("teams", _("应至少是 1"))


TROUPES = Kind(
    "troupes",
    "troupe",
    Troupe,
    (
        column(Troupe, "code", "编号", "演出队编号"),
        column(Troupe, "name", "名称"),
        column(Troupe, "base", "驻地代码", "驻地区划代码"),
        column(Troupe, "teams", "队数"),
        column(Troupe, "hours", "工作时间"),
        *lon_lat(),
        *provenance(Troupe),
    ),
    point="location",
    nearby=True,
    finish=finish_troupe,
)


def finish_programme(draft: Draft) -> None:
    """A programme takes time."""
    if draft.record.minutes < 1:
        draft.refuse("minutes", _("应至少是 1"))


PROGRAMMES = Kind(
    "programmes",
    "programme",
    Programme,
    (
        column(Programme, "code", "编号", "节目编号"),
        column(Programme, "name", "名称", "节目名称"),
        column(Programme, "kind", "类型", "节目类型", synonyms=PROGRAMME_KINDS),
        column(Programme, "series", "系列"),
        column(Programme, "minutes", "时长(分钟)"),
        column(Programme, "setup_minutes", "布置(分钟)"),
        column(Programme, "languages", "语言", synonyms=LANGUAGES),
        column(Programme, "audience", "对象"),
        column(Programme, "topics", "法律主题"),
        column(Programme, "needs", "场地要求"),
        *provenance(Programme),
    ),
    finish=finish_programme,
)


def identify_events(drafts: Sequence[Draft]) -> None:
    """Without a code, the same programme, place and start are the same event; else a new one."""
    wanting = [d for d in drafts if not d.values.get("code") and _can_be_found(d)]
    stored = Event.objects.filter(
        programme__in={draft.values["programme"] for draft in wanting},
        starts_at__in={draft.values["starts_at"] for draft in wanting},
    )
    keys = stored.order_by("-code").values_list("programme", "site", "village", "starts_at", "code")
    codes = {(programme, site or village, start): c for programme, site, village, start, c in keys}
    new = []
    for key, group in _grouped(wanting).items():
        _refuse_doubles(group)
        for draft in group:
            if key in codes:
                draft.values["code"] = codes[key]
            elif not draft.problems:
                new.append((draft, event_prefix(key[2])))
    give_codes(Event, new, used_codes(drafts))


def event_prefix(starts_at: datetime.datetime) -> str:
    """What the codes of a year's events begin with where we make them."""
    return f"E{starts_at.astimezone(SHANGHAI).year}-"


def _can_be_found(draft: Draft) -> bool:
    values = draft.values
    if values.get("programme") and values.get("starts_at") and _place(draft):
        return True
    draft.refuse("code", _("没有编号时,要有节目、开始时间和场所或村"))
    return False


def _place(draft: Draft) -> object:
    return draft.values.get("site") or draft.values.get("village")


def _grouped(
    drafts: Sequence[Draft],
) -> dict[tuple[object, object, datetime.datetime], list[Draft]]:
    groups = defaultdict(list)
    for draft in drafts:
        groups[draft.values["programme"], _place(draft), draft.values["starts_at"]].append(draft)
    return groups


def _refuse_doubles(group: Sequence[Draft]) -> None:
    for draft in group if len(group) > 1 else []:
        other = group[0] if draft is not group[0] else group[1]
        message = _("与%(place)s的节目、地点和开始时间都相同")
        draft.refuse("programme", message % {"place": other.place_seen_from(draft)})


def finish_event(draft: Draft) -> None:
    """An event has a place, ends after it starts, and is held once it has begun or not at all."""
    event = draft.record
    held = event.status == Status.HELD
    if not event.site_id and not event.village_id:
        draft.refuse("site", _("场所编号与村代码至少要填一项"))
    if event.ends_at <= event.starts_at:
        draft.refuse("ends_at", _("结束时间应晚于开始时间"))
    if event.is_held_too_early(clock.now()):
        draft.refuse("status", str(HELD_TOO_EARLY), event.get_status_display())
    if held and not event.held_at:
        event.held_at = event.ends_at
    if not held and not draft.values.get("held_at"):
        event.held_at = None
    if not held and event.held_at:
        draft.refuse("held_at", _("状态不是“已举办”时应为空"))
    if held and event.held_at < event.starts_at:
        draft.refuse("held_at", _("举办时间不应早于开始时间"))


def event_places(events: Sequence[Model]) -> list[tuple[str, ...]]:
    """The county of each event's site, and its village; blank where it has none."""
    sites = {event.site_id for event in events if event.site_id}
    counties = dict(Site.objects.filter(pk__in=sites).values_list("code", "county_id"))
    return [(counties.get(event.site_id, ""), event.village_id or "") for event in events]


EVENTS = Kind(
    "events",
    "event",
    Event,
    (
        column(Event, "code", "编号", "活动编号", required=False),
        column(Event, "programme", "节目编号", "节目代码"),
        column(Event, "site", "场所编号", "场所代码"),
        column(Event, "village", "村代码", "所在村代码"),
        column(Event, "starts_at", "开始时间"),
        column(Event, "ends_at", "结束时间"),
        column(Event, "status", "状态", synonyms=STATUSES),
        column(Event, "held_at", "登记举办时间", "举办时间"),
        column(Event, "troupe", "演出队编号", "演出队"),
        column(Event, "hosts", "主办单位编号", "主办"),
        column(Event, "attendance", "人数", "参加人数"),
        column(Event, "reaches", "惠及村代码"),
        column(Event, "campaign", "专项"),
        column(Event, "audience", "对象", "受众"),
        column(Event, "notes", "内部备注", "备注"),
        *provenance(Event),
    ),
    identify=identify_events,
    finish=finish_event,
    places=event_places,
)

LODGINGS = Kind(
    "lodgings",
    "lodging",
    Lodging,
    (
        column(Lodging, "code", "编号", "住宿点编号"),
        column(Lodging, "name", "名称", "住宿点名称"),
        column(Lodging, "region", "区划代码", "所在区划代码"),
        *lon_lat(required=True),
        column(Lodging, "position_error_m", "位置误差(米)"),
        column(Lodging, "beds", "床位"),
        column(Lodging, "yuan", "每床每晚(元)", "价格"),
        column(Lodging, "phone", "电话"),
        *provenance(Lodging),
    ),
    point="location",
    nearby=True,
    places=lambda lodgings: [(lodging.region_id,) for lodging in lodgings],
)

KINDS = (TROUPES, PROGRAMMES, EVENTS, LODGINGS, OCCASIONS)
