"""How the figures came about and where they come from, as paragraphs for every export."""

from django.conf import settings
from django.utils.translation import gettext as _

from mapui.exports.gathering import Gathered
from mapui.templatetags.fazhimap import deciding, metres, percent


def figures(gathered: Gathered) -> list[str]:
    """The board's figures in sentences."""
    if gathered.total is None:
        return [_("这个范围里没有这条标准所说的对象。")]
    row = gathered.total.row
    counts = {"all": row.subjects, "met": row.met, "share": percent(row.share)}
    told = [_("共 %(all)d 个,达到标准 %(met)d 个(%(share)s)。") % counts]
    if row.doubtful:
        doubt = {"n": row.doubtful, "least": row.met_least, "most": row.met_most}
        words = _("其中待核实 %(n)d 个:达到的可能少到 %(least)d 个,也可能多到 %(most)d 个。")
        told.append(words % doubt)
    if row.median_m is not None:
        far = {"place": deciding(gathered.standard), "median": metres(row.median_m)}
        far |= {"p90": metres(row.p90_m), "far": metres(row.max_m)}
        words = _("到%(place)s:中位 %(median)s,九成在 %(p90)s以内,最远 %(far)s。")
        told.append(words % far)
    return [*told, _people(gathered)]


def _people(gathered: Gathered) -> str:
    row = gathered.total.row
    if row.population is None:
        return _("人口未公布。")
    words = _("已知人口 %(all)d 人,达到标准的 %(met)d 人;%(n)d 个没有人口数。")
    counts = {"all": row.population, "met": row.population_met, "n": row.population_unknown}
    return words % counts


def method(gathered: Gathered) -> list[str]:
    """How the verdicts were reached."""
    told = [
        _("逐个判断是否达到标准。场所按启用、停用日期取当天开放的,活动取到当天为止已举办的。"),
        _("距离是 WGS 84 椭球面上的直线距离,不是路程;分位数按线性插值,没有距离的不计入。"),
        _("“待核实”是指位置误差(二十次里十九次不超过)可能改变结论;达标率舍去小数,不四舍五入。"),
        _("差距的次序:既无场所又无活动的在前,其次无场所的;再按人口多、距离远、间隔久。"),
    ]
    if gathered.standard.max_minutes is not None:
        told.append(_("路程分钟数由直线距离估算。"))
    return told


def sources(gathered: Gathered) -> list[str]:
    """Where the rule and the records come from."""
    standard = gathered.standard
    told = [_("依据:%(source)s") % {"source": standard.policy_source}]
    if standard.source_url:
        told.append(standard.source_url)
    return [*told, *of_maps(demonstrates=gathered.demonstration)]


def of_maps(*, demonstrates: bool) -> list[str]:
    """Where the ground of a map comes from, its approval, and whether its records are examples."""
    told = [_("边界:天地图 · 区划:国家统计局 · 乡镇驻地:GeoNames")]
    if settings.FURNITURE["approval"]:
        told.append(_("审图号:%(number)s") % {"number": settings.FURNITURE["approval"]})
    return [*told, demonstration()] if demonstrates else told


def demonstration() -> str:
    """What must be known of demonstration data."""
    return _("演示数据:阵地与活动为示例,村名与代码来自国家统计局公布的区划代码,村的位置为近似。")


def dated(gathered: Gathered) -> str:
    """The day that the figures are for, and who publishes them."""
    return _("截至 %(on)s · %(site)s") % {"on": gathered.on, "site": gathered.site_name}
