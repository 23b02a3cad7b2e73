"""What the browser's modules need of the server: words, labels, glyphs and addresses."""

from collections.abc import Mapping
from types import MappingProxyType

from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.choices import Status
from events.models import Event
from sites.choices import SiteKind, Source, Tier
from sites.sentences import distance

NO_WORDS: Mapping[str, str] = MappingProxyType({})

# One character says the kind of a site, on the map and in lists alike.
GLYPHS = {
    SiteKind.SQUARE: "广",
    SiteKind.PARK: "园",
    SiteKind.CORRIDOR: "廊",
    SiteKind.BASE: "基",
    SiteKind.HALL: "馆",
    SiteKind.FRONT: "阵",
    SiteKind.SERVICE: "法",
}

# Map apps by what `navigation` calls them.
MAP_APPS = {
    "amap": gettext_lazy("高德地图"),
    "baidu": gettext_lazy("百度地图"),
    "tencent": gettext_lazy("腾讯地图"),
    "apple": gettext_lazy("苹果地图"),
}


ROUGH_WAY = gettext_lazy("位置是近似的,误差约 {error};去之前请先问一问。")
ROUGH_WAY_M = 1_000  # an error from which on one may look in vain


def rough_way(error_m: float) -> str:
    """What must be said to whoever sets out for a position of this error; "" where it will do."""
    return "" if error_m < ROUGH_WAY_M else ROUGH_WAY.format(error=distance(error_m))


def event_status(event: Event) -> str:
    """How an event stands, as everybody is told; 计划 is a word of those who plan."""
    planned = event.status == Status.PLANNED
    return _("待确认") if planned else str(event.get_status_display())


def headline(event: Event, title: str) -> str:
    """A title of an event, after what has changed about it: it may be all that is read."""
    if event.status == Status.CANCELLED:
        return _("已取消:%(title)s") % {"title": title}
    if event.moved_from:
        return _("改期:%(title)s") % {"title": title}
    if event.moved_place:
        return _("改地点:%(title)s") % {"title": title}
    return title


def page_config(more_words: Mapping[str, str] = NO_WORDS) -> dict[str, object]:
    """The JSON that a page with a map carries for its modules; maybe with words of its own."""
    return {
        "waters": static("basemap/waters.geojson"),
        "scenes": static("mapui/scenes.svg"),
        "glyphs": {kind.value: glyph for kind, glyph in GLYPHS.items()},
        "kinds": dict(SiteKind.choices),
        "tiers": dict(Tier.choices),
        "sources": dict(Source.choices),
        "types": result_types(),
        "rough_way_m": ROUGH_WAY_M,
        "words": {**browser_words(), **more_words},
    }


def result_types() -> dict[str, str]:
    """What each type of a search's results is called."""
    return {
        "site": _("场所"),
        "front": _("村级阵地"),
        "service": _("服务点"),
        "place": _("场所"),
        "village": _("村(社区)"),
        "region": _("区划"),
        "programme": _("节目"),
        "event": _("活动"),
        "troupe": _("演出队"),
        "event-kind": _("活动类型"),
        "site-kind": _("场所类型"),
    }


def date_words() -> dict[str, str]:
    """How the page's language writes days; the names of months and days of the week, by blanks."""
    return {
        "months": _("1月 2月 3月 4月 5月 6月 7月 8月 9月 10月 11月 12月"),
        "weekdays": _("周日 周一 周二 周三 周四 周五 周六"),
        "day": _("{month}{day}日"),
        "day_of_year": _("{year}年{month}{day}日"),
    }


def browser_words() -> dict[str, str]:
    """Sentences of the page's language that our modules say, {name} to be filled in."""
    return {
        **date_words(),
        "tier_and_kind": _("{tier}{kind}"),
        "cluster": _("{where} {n} 处场所"),
        "and_others": _("{county}等地"),
        "in_view": _("地图范围内 {n} 处,近中心的在前"),
        "near_here": _("{n} 处,离您近的在前"),
        "position": _("来源:{source} · 位置误差约 {error}"),
        "details": _("详情与全部记录"),
        "nothing_planned": _("目前没有安排活动。"),
        "nothing_held": _("还没有活动记录。"),
        "past_unknown": _("没有网络,看不到以前的活动。"),
        "cancelled": _("已取消"),
        "moved": _("改期"),
        "was": _("原定"),
        "nothing_found": _("没有找到。换个说法,或在地图上找。"),
        "found_count": _("找到 {n} 条,用上下键选择,回车打开。"),
        "former_name": _("曾用名:{name}"),
        "similar": _("没有完全相同的,名称相近:"),
        "not_searchable": _("请输入不超过 50 个字的名称、拼音或首字母。"),
        "look_elsewhere": _("还可以怎么找"),
        "last_event": _("最近一次活动:{day}"),
        "locating": _("正在确定您的位置……位置只在您的手机上使用,不会保存。"),
        "no_location": _("没有得到位置。请在地图上点一下您所在的地方。"),
        "map": _("地图"),
        "zoom_in": _("放大"),
        "zoom_out": _("缩小"),
        "way_to": _("去 {place} 的路线"),
        "rough_way": str(ROUGH_WAY),
        "metres": _("{n} 米"),
        "kilometres": _("{n} 公里"),
        "about": _("约 {distance}"),
        "state_effective": _("有效覆盖"),
        "state_met": _("已覆盖"),
        "state_idle": _("有阵地、近期无活动"),
        "state_delivered": _("送达"),
        "state_none": _("未覆盖"),
        "short_effective": _("有效"),
        "short_idle": _("仅阵地"),
        "short_delivered": _("送达"),
        "short_none": _("未覆盖"),
        "county_met": _("达到"),
        "county_unmet": _("未达到"),
        "doubtful": _("待核实"),
        "doubtful_count": _("其中待核实 {n} 个(位置误差可能改变结论)"),
        "of_which_doubtful": _("其中待核实"),
        "met": _("个达到标准,共 {n} 个"),
        "unmet": _("个还没达到"),
        "villages_in_view": _("地图范围内 {n} 个村(社区),未覆盖的在前"),
    }


def offline_words() -> dict[str, str]:
    """What is said of a page that was never opened, where there is no network."""
    return {
        "planned": _("待确认"),
        "on_map": _("在地图上看"),
    }


def home_words() -> dict[str, str]:
    """What the map of the home page says besides."""
    return {
        "service_in_view": _("地图范围内 {n} 处法律服务点,不计入场所"),
        "front_in_view": _("地图范围内 {n} 处村级阵地,不计入场所"),
        "cluster_soon": _("{where} {n} 处场所,其中有近期活动"),
        "mark": _("{kind} {name}"),
        "mark_soon": _("{kind} {name},{day}有活动"),
        "walk": _("步行约 {n} 分钟"),
        "drive": _("开车约 {n} 分钟"),
        "from_here": _("离您 {distance}"),
        "from_place": _("离{name} {distance}"),
        "near_title": _("离您最近的场所"),
        "near_place_title": _("离{name}最近的场所"),
        "found_near": _("位置只在这台设备上用,没有发出去。"),
        "say_where": _(
            "没有得到您的位置。请在搜索框里写您住的村、社区或附近的地方,或在地图上点一下。"
        ),
        "this_spot": _("您点的地方"),
        "sheet_peek": _("列表已收起"),
        "sheet_half": _("列表占半屏"),
        "sheet_full": _("列表占满屏"),
        "not_loaded": _("场所没有读出来。请检查网络,再试一次。"),
        "retry": _("再试一次"),
    }


def trial_words() -> dict[str, str]:
    """What the page to try places on says besides."""
    return {
        "move": _("移动"),
        "remove": _("撤掉"),
        "put_back": _("恢复"),
        "take_back": _("取消"),
        "click_map": _("请在地图上点一下新场所的位置。"),
        "added_near": _("新场所,靠近{name}"),
        "no_such": _("没有找到“{name}”,请从列表里选。"),
        "count": _("{n} 个"),
        "and_more": _("还有 {n} 个"),
        "plan_event": _("排一场活动"),
        "check_place": _("去核对"),
        "no_answer": _("服务器没有应答,请再试一次。"),
    }


def siting_words() -> dict[str, str]:
    """What it says where it looks for the best places."""
    return {
        "computing": _("正在计算……"),
        "hint_mclp": _("再建这么多处,让新够得着的村(社区)或人口最多(最大覆盖,MCLP)。"),
        "hint_lscp": _("求最少要几处,才能把能覆盖的全部覆盖(集合覆盖,LSCP)。"),
        "hint_p-median": _("再建这么多处,让到最近场所的平均路程最短(p 中位,p-median)。"),
        "gained_met": _("新够得着 {n} 个"),
        "gained_built": _("新有场所 {n} 个(还要办活动)"),
        "gained_nearer": _("更近 {n} 个"),
        "proving": _("已找到 {places} 处,{gains}。与最好的答案差距 ≤ {gap} %,正在证明……"),
        "proven": _("已证明最优"),
        "unproven": _("未证明最优"),
        "stopped": _("已停止:找到 {places} 处,{gains}。与最好的答案差距 ≤ {gap} %,没有证明最优。"),
        "stopped_early": _("已停止,还没有找到答案。"),
        "candidates_read": _("读到 {n} 处,将从这里面选。"),
        "no_candidates": _("还没有可选的位置:请先选一个文件,并改好读出的错误。"),
        "out_of_reach": _("离所有可选位置都太远:"),
        "need_more": _("还缺不止一处:"),
        "unknown": _("没有位置:"),
        "uncounted": _("没有人口记录:"),
        "put_on_map": _("放到地图上试一试"),
    }
