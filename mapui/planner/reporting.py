"""What the report's page and its files share: the periods that are asked for, and the method."""

import datetime
from dataclasses import dataclass, replace
from typing import Annotated

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.reports.cells import FACTS, VISITS, Period
from events.reports.places import held_places
from events.reports.report import Report, report
from mapui import filters, readers
from mapui.params import BadParameters, Param, refusal
from mapui.problems import Missing
from sites import clock
from sites.choices import SiteKind, Tier
from sites.models import Region

_AGAINST = "Beside the period of the same length that begins on this Shanghai date."


@dataclass(frozen=True)
class AskedReport(filters.Period):
    """A report: its period, a county, and the earlier period; by default this year, all, the last."""

    against: Annotated[filters.Day, Param(readers.DATE, _AGAINST)] = None
    region: filters.Region = ""

    def periods(self, today: datetime.date) -> tuple[Period, Period]:
        """The period and the one it is compared with.

        Raises BadParameters where only one end is given, or the earlier period is not over
        before the period begins.
        """
        if (self.first is None) != (self.last is None):
            name, given = ("to", self.first) if self.first else ("from", self.last)
            message = _("请同时给出开始日期 from 和结束日期 to。")
            raise BadParameters([refusal(name, None, str(given), message)])
        period = Period(self.first, self.last) if self.first else year(today.year)
        against = period.like(self.against) if self.against else period.before()
        if against.last >= period.first:
            message = _("against:对比时段 %(first)s 至 %(last)s 要在本期 %(begin)s 开始之前结束。")
            message %= {"first": against.first, "last": against.last, "begin": period.first}
            raise BadParameters([refusal("against", str(self.against), None, message)])
        return period, against

    def told(self, *, with_places: bool = False) -> Report:
        """The report that is asked for, maybe with where its events were held.

        Raises Missing where there is no such county.
        """
        now = clock.now()
        period, against = self.periods(now.date())
        found = report(period, against, now, self.region)
        if self.region and not found.county_name:
            raise Missing(_("没有代码为 %(code)s 的旗县区。") % {"code": self.region})
        return replace(found, places=held_places(period, self.region)) if with_places else found


@dataclass(frozen=True)
class ReportedSites(filters.Paging):
    """Sites that were open on a day: the records behind a report's stocks."""

    on: Annotated[filters.Day, Param(readers.DATE, "Open on this day.", required=True)] = None
    kind: Annotated[filters.Words, Param(readers.some_of(SiteKind), "Kinds.")] = ()
    tier: Annotated[filters.Words, Param(readers.some_of(Tier), "Tiers.")] = ()
    region: filters.Region = ""


@dataclass(frozen=True)
class ReportedVillages(filters.Period):
    """Villages of which something is true: the records behind a report's figures of villages."""

    fact: Annotated[str, Param(readers.one_of(*FACTS, *VISITS), "What.", required=True)] = ""
    region: filters.Region = ""


@dataclass(frozen=True)
class Choice:
    """A period that is one click away."""

    label: str
    period: Period


def year(number: int) -> Period:
    """A calendar year."""
    return Period(datetime.date(number, 1, 1), datetime.date(number, 12, 31))


PLANS = {  # the five-year plans of 普法
    Period(year(2021).first, year(2025).last): gettext_lazy("“八五”普法(2021–2025)"),
    Period(year(2026).first, year(2030).last): gettext_lazy("“九五”普法(2026–2030)"),
}


def choices(today: datetime.date) -> list[Choice]:
    """The five-year plans of 普法, this year and the last, and the twelve months up to today."""
    a_year_ago = clock.day_after(clock.months_before(today, 12))
    return [
        Choice(_("今年"), year(today.year)),
        Choice(_("去年"), year(today.year - 1)),
        Choice(_("近 12 个月"), Period(a_year_ago, today)),
        *(Choice(str(name), plan) for plan, name in PLANS.items()),
    ]


def span(period: Period) -> str:
    """A period as people call it: a year, a plan of 普法, whole months; else its first and last day."""
    first, last = period.first, period.last
    words = {"year": first.year, "month": first.month, "until": last.year, "last": last.month}
    if period in PLANS:
        return str(PLANS[period])
    if first.day != 1 or clock.day_after(last).day != 1:
        return _("%(first)s 至 %(last)s ") % {"first": first, "last": last}
    if (first.month, last.month) == (1, 12):
        return (_("%(year)d 年") if first.year == last.year else _("%(year)d–%(until)d 年")) % words
    if first.year != last.year:
        return _("%(year)d 年 %(month)d 月至 %(until)d 年 %(last)d 月") % words
    one = first.month == last.month
    return (
        _("%(year)d 年 %(month)d 月") if one else _("%(year)d 年 %(month)d–%(last)d 月")
    ) % words


def title(told: Report) -> str:
    """The report's title, its county first where it is about one."""
    called = _("%(span)s工作报告") if told.period in PLANS else _("%(span)s普法工作报告")
    return (_("%(county)s %(title)s") if told.county_name else "%(title)s") % {
        "county": told.county_name,
        "title": called % {"span": span(told.period)},
    }


def method(told: Report) -> list[str]:
    """How the figures come about, a sentence each."""
    words = {
        "first": told.period.first,
        "last": told.period.last,
        "as_of": told.as_of,
        "against_as_of": told.against_as_of,
    }
    return [
        _("活动按开始时间的上海日期计入 %(first)s 至 %(last)s,首尾两天都算。") % words,
        _("除“计划”“逾期”外,只计已登记为“已举办”的活动。"),
        _("到场人数是各场登记人数之和,同一个人到场几次就算几次;没有登记人数的活动不估算。"),
        _("场所和阵地按启用、停用日期计:本期截至 %(as_of)s,上期截至 %(against_as_of)s。") % words,
        _("首次到达:本期有活动到过,而此前的记录里从没有过;记录从什么时候开始,就只能看到什么时候。"),
        _("村情(示范村、法律顾问、法律明白人、示范户)没有日期,只有现状,所以没有上期。"),
        _("主办机关不止一个的活动,每个机关各计一场,所以各机关之和可能大于总数。"),
        _("逾期:计划或已确认的活动,结束时间已过,还没有登记为已举办或已取消。"),
        _("没有记录的数写“没有记录”,不写 0,也不推算;手工填报的数单列,并写明来源。"),
    ]  # fmt: skip


def county_or_none(code: str) -> Region | None:
    """The county of a list's filter, for its heading."""
    return Region.objects.filter(code=code).defer("boundary").first() if code else None
