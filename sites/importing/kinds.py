"""The kinds of this package: divisions, organs, villages, sites and standards."""

import re
from collections.abc import Sequence

from django.db.models import Model
from django.utils.translation import gettext as _

from sites import clock
from sites.choices import POSITION_ERROR_M, Setting
from sites.fields import MONGOLIAN
from sites.importing.columns import Column, Kind, column, lon_lat
from sites.importing.drafts import Draft
from sites.importing.identity import find_parents, identify_sites
from sites.importing.values import TEXT, is_blank
from sites.importing.words import limits
from sites.models import (
    RULE_FIELDS,
    MongolianName,
    Organ,
    Provenance,
    Region,
    Site,
    Standard,
    Village,
)

TIERS = {
    "地市级": "city",
    "区级": "county",
    "旗级": "county",
    "旗县级": "county",
    "旗县区级": "county",
    "乡镇级": "township",
    "镇级": "township",
    "苏木级": "township",
    "街道级": "township",
    "嘎查级": "village",
    "嘎查村级": "village",
    "社区级": "village",
}
SITE_KINDS = {
    "法治广场": "square",
    "法治文化广场": "square",
    "法治公园": "park",
    "法治文化公园": "park",
    "法治长廊": "corridor",
    "法治文化长廊": "corridor",
    "法治宣传教育基地": "base",
    "法治场馆": "hall",
    "宣传阵地": "front",
    "公共法律服务站": "service",
}
VILLAGE_KINDS = {"行政村": "village", "居委会": "community", "社区居委会": "community"}
LEVELS = {"市级": "city", "旗县级": "county", "旗县区": "county", "乡镇级": "township"}
MODEL_VILLAGES = {
    "全国": "national",
    "国家级": "national",
    "自治区": "regional",
    "自治区级": "regional",
}


def mongolian(model: type[MongolianName]) -> tuple[Column, ...]:
    """The columns of a name in the traditional Mongolian script."""
    return (column(model, "name_mn", "蒙古文名"), column(model, "name_mn_source", "蒙古文名来源"))


def finish_mongolian(draft: Draft) -> None:
    """A name in Mongolian is in Mongolian letters, and says where it comes from."""
    name = draft.record.name_mn
    if not re.match(MONGOLIAN, name):
        draft.refuse("name_mn", _("应是传统蒙古文字母(如 ᠪᠤᠭᠤᠲᠤ)"), name)
    if name and not draft.record.name_mn_source:
        draft.refuse("name_mn_source", _("填了蒙古文名,就要写明它的来源"))


def provenance(model: type[Provenance]) -> tuple[Column, ...]:
    """The columns that every record has: where it comes from, and when it was last checked."""
    return (
        column(model, "source", "来源"),
        column(model, "source_note", "来源说明"),
        column(model, "source_url", "来源网址"),
        column(model, "checked_on", "核对日期"),
    )


REGIONS = Kind(
    "regions",
    "region",
    Region,
    (
        column(Region, "code", "代码", "区划代码", "编号"),
        column(Region, "name", "名称", "区划名称"),
        column(Region, "former_names", "曾用名", "原名", "旧称"),
        column(Region, "level", "级别", "层级", synonyms=LEVELS),
        column(Region, "statutory", "法定区划"),
        column(Region, "list_year", "代码年份"),
        *lon_lat(),
        column(Region, "seat_error_m", "驻地误差(米)", "位置误差"),
        *mongolian(Region),
        *provenance(Region),
    ),
    point="seat",
    polygon="boundary",
    identify=find_parents,
    finish=finish_mongolian,
    places=lambda records: [(record.code,) for record in records],
)

ORGANS = Kind(
    "organs",
    "organ",
    Organ,
    (
        column(Organ, "code", "编号", "代码"),
        column(Organ, "name", "名称", "单位名称"),
        column(Organ, "region", "区划代码", "所在区划代码"),
        column(Organ, "duty", "普法责任"),
        *provenance(Organ),
    ),
)


def finish_village(draft: Draft) -> None:
    """Where a position comes without its error, the error follows from how it was found."""
    finish_mongolian(draft)
    village, name = draft.record, "position_error_m"
    unsaid = is_blank(draft.row.cells.get(name))
    if unsaid and (draft.given(name) or draft.before.get("position") != village.position):
        village.position_error_m = POSITION_ERROR_M[village.position]


VILLAGES = Kind(
    "villages",
    "village",
    Village,
    (
        column(Village, "code", "代码", "村代码", "编号"),
        column(Village, "name", "名称", "村名称"),
        column(Village, "former_names", "曾用名", "原名", "旧称"),
        column(Village, "kind", "类别", "类型", synonyms=VILLAGE_KINDS),
        column(Village, "township", "乡镇代码", "所属乡镇代码"),
        *lon_lat(),
        column(Village, "position", "位置精度"),
        column(Village, "position_error_m", "位置误差(米)"),
        column(Village, "population", "人口"),
        column(Village, "setting", "区域类型"),
        column(Village, "legal_adviser", "有法律顾问", "法律顾问"),
        column(Village, "legal_literates", "法律明白人(人)"),
        column(Village, "model_village", "民主法治示范村", synonyms=MODEL_VILLAGES),
        column(Village, "model_households", "学法用法示范户(户)"),
        *mongolian(Village),
        *provenance(Village),
    ),
    point="location",
    nearby=True,
    finish=finish_village,
    places=lambda records: [(record.code,) for record in records],
)


def finish_site(draft: Draft) -> None:
    """A site closes after it opened."""
    finish_mongolian(draft)
    opened, closed = draft.record.opened_on, draft.record.closed_on
    if opened and closed and closed <= opened:
        draft.refuse("closed_on", _("停用日期应晚于启用日期"), closed)


def site_places(sites: Sequence[Model]) -> list[tuple[str, ...]]:
    """The county of each site."""
    return [(site.county_id,) for site in sites]


SITES = Kind(
    "sites",
    "site",
    Site,
    (
        column(Site, "code", "编号", "场所编号", "代码", required=False),
        column(Site, "name", "名称", "场所名称"),
        column(Site, "former_names", "曾用名", "原名", "旧称"),
        column(Site, "kind", "类型", "场所类型", "类别", synonyms=SITE_KINDS),
        column(Site, "tier", "级别", "层级", synonyms=TIERS),
        *lon_lat(required=True),
        column(Site, "position_error_m", "位置误差(米)"),
        column(Site, "county", "旗县区", "所属旗县区", "旗县区代码", value=TEXT, required=False),
        column(Site, "address", "地址"),
        column(Site, "village", "所属村代码", "村代码"),
        column(Site, "opened_on", "启用日期"),
        column(Site, "closed_on", "停用日期"),
        column(Site, "designation", "命名", "命名情况"),
        column(Site, "area_m2", "面积(平方米)"),
        column(Site, "indoor_seats", "室内座位"),
        column(Site, "facilities", "设施"),
        column(Site, "topics", "法律主题", "展示的法律主题"),
        column(Site, "languages", "语言", "展示的语言"),
        column(Site, "opening", "开放时间"),
        column(Site, "organ", "管理单位编号", "管理单位代码"),
        *mongolian(Site),
        *provenance(Site),
    ),
    point="location",
    polygon="footprint",
    nearby=True,
    identify=identify_sites,
    finish=finish_site,
    places=site_places,
)


def finish_standard(draft: Draft) -> None:
    """A standard asks for something, in one measure; one in effect keeps its rule."""
    standard = draft.record
    if not standard.kinds and standard.months is None:
        draft.refuse("kinds", _("场所类型与近几个月至少要填一项"))
    if standard.max_distance_m is not None and standard.max_minutes is not None:
        draft.refuse("max_minutes", _("距离和路程只能填一项"))
    for name in ("min_count", "min_events", "months"):
        if getattr(standard, name) == 0:
            draft.refuse(name, _("应至少是 1"))
    if standard.effective_to and standard.effective_to <= standard.effective_from:
        draft.refuse("effective_to", _("失效日期应晚于生效日期"))
    if draft.before and standard.effective_from <= clock.today():
        for name in RULE_FIELDS:
            if draft.before[name] != getattr(standard, name):
                draft.refuse(name, _("这条标准已生效,规则不能改;请另起一行,换一个生效日期"))


STANDARDS = Kind(
    "standards",
    "standard",
    Standard,
    (
        column(Standard, "code", "编号", "标准编号"),
        column(Standard, "name", "名称"),
        column(Standard, "subject", "对象"),
        column(Standard, "settings", "只限区域类型", "区域类型"),
        column(Standard, "kinds", "场所类型", synonyms=SITE_KINDS),
        column(Standard, "tiers", "场所级别", synonyms=TIERS),
        column(Standard, "min_count", "至少几处"),
        column(Standard, "max_distance_m", "距离不超过(米)", value=limits(Setting.choices)),
        column(Standard, "max_minutes", "路程不超过(分钟)"),
        column(Standard, "months", "近几个月"),
        column(Standard, "min_events", "至少几场活动"),
        column(Standard, "event_kinds", "活动类型"),
        column(Standard, "min_attendance", "每场至少人数"),
        column(Standard, "policy_source", "政策依据"),
        column(Standard, "effective_from", "生效日期"),
        column(Standard, "effective_to", "失效日期"),
        *provenance(Standard),
    ),
    key=("code", "effective_from"),
    finish=finish_standard,
)

KINDS = (REGIONS, ORGANS, VILLAGES, SITES, STANDARDS)
