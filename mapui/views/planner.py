"""The planner's page: a standard, its table by the divisions of an area, its map and its gaps.

A small area is told from its facts, village by village; a large one from the sums that are stored
with them, division by division, down to where it is small.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import repeat
from math import isnan

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mapui import filters
from mapui.problems import Missing
from mapui.views.citizen import city_parts
from mapui.visibility import shows_coverage
from mapui.whats_on.conditions import without
from mapui.words import page_config
from sites import board, clock, freshness, stored, summaries
from sites.board import Row, State
from sites.coverage import Facts, evaluate
from sites.models import Region, Standard
from sites.subjects import Subjects, read_subjects

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

    `change`: how many more meet the standard than on the day to compare with. `point`: where the
    map of a large area has it, as lon, lat. `is_large`: its figures open to its own board.
    """

    row: Row
    parts: list[tuple[State, int, float, float]]
    change: int | None = None
    point: tuple[float, float] | None = None
    is_large: bool = False


@dataclass(frozen=True)
class Asked:
    """What a board is asked for: days and an area; `all_gaps`: not only the first."""

    standard: Standard
    on: datetime.date
    today: datetime.date
    region: str
    since: datetime.date | None
    all_gaps: bool

    def earlier(self, subjects: Subjects) -> Facts | None:
        """The facts of the day to compare with."""
        return evaluate(self.standard, self.since, subjects=subjects) if self.since else None


@shows_coverage
def coverage(request: HttpRequest) -> HttpResponse:
    """The board of a standard for a day, by the divisions of the city or of an area."""
    asked = filters.Board.read(request.GET, strict=False)
    today = clock.today()
    on = asked.day(today)
    effective = Standard.objects.effective_on(on).order_by("code")
    standards = summaries.with_sizes(effective, asked.region)
    standard = _chosen(standards, asked.standard)
    context = {"on": on, "today": today, "standards": standards, "standard": standard}
    if standard:
        since = asked.earlier(on)
        all_gaps = request.GET.get("gaps") == "all"
        context |= _board(Asked(standard, on, today, asked.region, since, all_gaps))
        context |= {"since": since, "query": without(request.GET, "gaps")}
    return render(request, "mapui/coverage.html", context)


def _chosen(standards: list[Standard], code: str) -> Standard | None:
    by_code = {standard.code: standard for standard in standards}
    if code and code not in by_code:
        raise Missing(_("那一天没有编号为“%(code)s”的标准在生效。") % {"code": code})
    return by_code.get(code) or by_code.get("active") or next(iter(by_code.values()), None)


def _board(asked: Asked) -> dict[str, object]:
    standard = _sized(asked)
    is_large = summaries.is_large(standard.in_area, asked.region)
    shown = _large_board(asked) if is_large else _small_board(asked)
    return {
        **shown,
        "is_large": is_large,
        "within": asked.region if summaries.is_large(standard.in_all) else "",
        "region": _region(asked.region, has_subjects=shown["total"] is not None),
        "above": _above(asked.region),
        "map": city_parts(clustered=False),
        "map_config": page_config(),
    }


def _sized(asked: Asked) -> Standard:
    """The standard with its sizes, as they were last summed: today or before; where never, now."""
    if asked.standard.in_all is not None:
        return asked.standard
    freshness.ensure_fresh(asked.today)
    same = Standard.objects.filter(pk=asked.standard.pk)
    return summaries.with_sizes(same, asked.region).get()


def _small_board(asked: Asked) -> dict[str, object]:
    region = asked.region
    facts = freshness.facts(asked.standard, asked.on, asked.today, region)
    before = asked.earlier(facts.subjects)
    by = board.level_below(facts, region)
    rows = board.summary(facts, by, region)
    unmet = board.gaps(facts, region)
    return {
        "level": by,
        "bars": _bars(rows, board.met_counts(before, by, region) if before else None),
        "total": board.total(facts, region),
        "travel": board.travel(facts, region),
        "change": _change(facts, before),
        "states": board.state_counts(facts, region),
        "gaps": _gaps(facts, unmet if asked.all_gaps else unmet[:GAPS_SHOWN]),
        "gap_count": len(unmet),
        "as_of": facts.as_of,
        "exports": EXPORTS,
    }


def _large_board(asked: Asked) -> dict[str, object]:
    """By the sums that are stored, or by those of another day; the first gaps alone are listed."""
    standard, on, region = asked.standard, asked.on, asked.region
    before = earlier = None
    is_fresh = freshness.ensure_fresh(asked.today)
    if on == asked.today:
        found = summaries.overview(standard, region)
        facts = stored.read(standard, on, only=found.neediest)
    else:
        is_fresh = True
        facts = freshness.facts(standard, on, asked.today, region)
        found = summaries.overview_of(facts, region)
    if asked.since:
        before = asked.earlier(read_subjects(standard, region))
        earlier = board.met_counts(before, found.level, region)
    place = {code: i for i, code in enumerate(facts.subjects.codes)}
    return {
        "level": found.level,
        "bars": _bars(found.rows, earlier, found.points),
        "total": found.total,
        "change": found.total.met - int(before.met.sum()) if before else None,
        "states": board.row_states(found.total),
        "gaps": _gaps(facts, [place[code] for code in found.neediest if code in place]),
        "gap_count": found.total.subjects - found.total.met,
        "as_of": None if is_fresh else freshness.as_of(standard),
    }


def _change(facts: Facts, before: Facts | None) -> int | None:
    return int(facts.met.sum()) - int(before.met.sum()) if before else None


def _gaps(facts: Facts, chosen: list[int]) -> list[dict[str, object]]:
    subjects = facts.subjects
    return [
        {
            "code": subjects.codes[i],
            "name": subjects.names[i],
            "certain": facts.certain[i],
            "nearest": facts.nearest[i],
            "metres": None if isnan(facts.metres[i]) else facts.metres[i],
            "error": subjects.located.errors[i],
            "reason": board.reason(facts, i),
        }
        for i in chosen
    ]


def _bars(
    rows: list[Row],
    earlier: Mapping[str, int] | None,
    points: list[tuple[float, float] | None] | None = None,
) -> list[Bar]:
    """The table's lines, the least share first."""
    bars = [
        Bar(
            row,
            _parts(row),
            None if earlier is None else row.met - earlier.get(row.code, 0),
            point,
            row.subjects > summaries.POINTS_SHOWN,
        )
        for row, point in zip(rows, points or repeat(None), strict=False)
    ]
    return sorted(bars, key=lambda bar: (bar.row.share, bar.row.code))


def _above(region: str) -> list[Region]:
    """The divisions that a division lies in, below the one that the pages are about."""
    codes = [region[:n] for n in board.DIGITS.values() if len(settings.CITY) < n < len(region)]
    return list(Region.objects.filter(code__in=codes).defer("boundary")) if codes else []


def _region(code: str, *, has_subjects: bool) -> Region | None:
    """The division with this code; None for everywhere. Raises Missing where there is none.

    One that has subjects but no record of its own (a province above the only city) has its code
    for a name.
    """
    if not code:
        return None
    found = Region.objects.filter(code=code).defer("boundary").first()
    if found is None and not (has_subjects and len(code) in board.DIGITS.values()):
        raise Missing(_("没有代码为 %(code)s 的区划。") % {"code": code})
    return found or Region(code=code, name=code)


def _parts(row: Row) -> list[tuple[State, int, float, float]]:
    parts, left = [], 0.0
    for state, count in board.row_states(row).items():
        width = 100 * count / row.subjects
        parts.append((state, count, left, width))
        left += width
    return parts
