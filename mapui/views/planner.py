"""The planner's page: a standard, its table by county or township, its map and its gaps."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mapui import filters
from mapui.problems import Missing
from mapui.views.citizen import city_parts, query_without
from mapui.visibility import shows_coverage
from mapui.words import page_config
from sites import board, clock, freshness
from sites.board import Row, State
from sites.coverage import evaluate
from sites.models import Region, Standard

GAPS_SHOWN = 20
EXPORTS = (  # addresses under coverage/export/, and what they are called
    ("board.xlsx", gettext_lazy("表格(XLSX)")),
    ("board.pdf", gettext_lazy("打印稿(PDF)")),
    ("board.docx", gettext_lazy("文档(DOCX)")),
    ("map.png", gettext_lazy("地图(PNG)")),
    ("map.html", gettext_lazy("单文件地图(HTML)")),
)


@dataclass(frozen=True)
class Bar:
    """One line of the table with its stacked bar: (state, count, left, width), in per cent.

    `change`: how many more meet the standard than on the day to compare with.
    """

    row: Row
    parts: list[tuple[State, int, float, float]]
    change: int | None


@shows_coverage
def coverage(request: HttpRequest) -> HttpResponse:
    """The board of a standard for a day, by county, or by township within one."""
    asked = filters.Board.read(request.GET, strict=False)
    today = clock.today()
    on = asked.day(today)
    standards = Standard.objects.effective_on(on).order_by("code")
    standard = _chosen(standards, asked.standard)
    context = {"on": on, "today": today, "standards": standards, "standard": standard}
    if standard:
        facts = freshness.facts(standard, on, today)
        shown = None if request.GET.get("gaps") == "all" else GAPS_SHOWN
        since = asked.earlier(on)
        before = evaluate(standard, since, subjects=facts.subjects) if since else None
        context |= _board(facts, asked.region, shown, before)
        context |= {"since": since, "query": query_without(request.GET, "gaps")}
    return render(request, "mapui/coverage.html", context)


def _chosen(standards: list[Standard], code: str) -> Standard | None:
    by_code = {standard.code: standard for standard in standards}
    if code and code not in by_code:
        raise Missing(_("那一天没有编号为“%(code)s”的标准在生效。") % {"code": code})
    return by_code.get(code) or by_code.get("active") or next(iter(by_code.values()), None)


def _board(
    facts: board.Facts, region: str, shown: int | None, before: board.Facts | None
) -> dict[str, object]:
    by = "township" if region else "county"
    rows = board.summary(facts, by, region)
    earlier = board.met_counts(before, by, region) if before else None
    rows.sort(key=lambda row: (row.share, row.code))
    unmet = board.gaps(facts, region)
    subjects = facts.subjects
    gaps = [
        {
            "code": subjects.codes[i],
            "name": subjects.names[i],
            "certain": facts.certain[i],
            "nearest": facts.nearest[i],
            "metres": None if facts.metres[i] != facts.metres[i] else facts.metres[i],
            "error": subjects.located.errors[i],
            "reason": board.reason(facts, i),
        }
        for i in unmet[:shown]
    ]
    return {
        "bars": [
            Bar(row, _parts(facts, row), row.met - earlier[row.code] if before else None)
            for row in rows
        ],
        "total": board.total(facts, region),
        "travel": board.travel(facts, region),
        "change": sum(row.met for row in rows) - earlier.total() if before else None,
        "states": board.state_counts(facts, region),
        "gaps": gaps,
        "gap_count": len(unmet),
        "region": _region(region),
        "exports": EXPORTS,
        "map": city_parts(clustered=False),
        "map_config": page_config(),
    }


def _region(code: str) -> Region | None:
    """The division with this code; None for the whole city. Raises Missing where there is none."""
    if not code:
        return None
    found = Region.objects.filter(code=code).defer("boundary").first()
    if found is None:
        raise Missing(_("没有代码为 %(code)s 的区划。") % {"code": code})
    return found


def _parts(facts: board.Facts, row: Row) -> list[tuple[State, int, float, float]]:
    parts, left = [], 0.0
    for state, count in board.state_counts(facts, row.code).items():
        width = 100 * count / row.subjects
        parts.append((state, count, left, width))
        left += width
    return parts
