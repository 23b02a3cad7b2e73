"""What the facts of a standard add up to by division, stored with them for the boards of large areas."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from math import isnan

import numpy as np
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Length

from sites import board, figures
from sites.coverage import Facts
from sites.figures import Groups, Row
from sites.models import Region, Standard, Summary
from sites.packing import NULL, copy_in
from sites.querysets import StandardQuerySet

LEVELS = {0: "", **{digits: level for level, digits in board.DIGITS.items()}}
NEEDIEST = 20  # gaps that a board lists
POINTS_SHOWN = 5_000  # an area with more subjects is shown by its divisions
FIGURES = [field.name for field in fields(Row) if field.name not in {"code", "name", "share"}]


@dataclass(frozen=True)
class Overview:
    """An area with the divisions that it is shown by: their level, and a row and a point for each.

    `points`: the mean position of the subjects, (lon, lat) or None; `neediest`: codes of the
    first gaps of the area.
    """

    total: Row
    level: str
    rows: list[Row]
    points: list[tuple[float, float] | None]
    neediest: list[str]


def write(found: Facts) -> None:
    """Store a standard's summaries in place of the old ones."""
    Summary.objects.filter(standard=found.standard).delete()
    columns = [field.column for field in Summary._meta.concrete_fields]
    rows = (tuple(_text(getattr(each, name)) for name in columns) for each in summed(found))
    copy_in("sites_summary", columns, rows)


def _text(value: float | str | list[str] | None) -> str:
    """A value as COPY reads it."""
    if isinstance(value, list):
        return f"{{{','.join(value)}}}"
    return NULL if value is None else str(value)


def summed(facts: Facts) -> list[Summary]:
    """The facts' sums, for each division down to the county.

    Who lies in no county (its township names none) counts in the whole alone.
    """
    by_county = figures.grouped(facts.subjects.counties)
    ranked = np.array(board.gaps(facts), np.int64)
    return [
        each
        for digits in LEVELS
        for each in _of_level(facts, by_county.up_to(digits), ranked)
        if len(each.code) == digits
    ]


def overview(standard: Standard, region: str = "") -> Overview | None:
    """The stored sums of an area, by the next level that has several divisions; None: no subject."""
    found = Summary.objects.filter(standard=standard, code__startswith=region)
    found = found.annotate(digits=Length("code")).order_by("code")
    return _overview(lambda digits: list(found.filter(digits=digits)), region)


def overview_of(facts: Facts, region: str = "") -> Overview | None:
    """The same of facts that are not stored."""
    found = [each for each in summed(facts) if each.code.startswith(region)]
    return _overview(lambda digits: [each for each in found if len(each.code) == digits], region)


def table(standard: Standard, by: str, region: str = "") -> list[Row] | None:
    """The rows of `board.summary` by province, city or county; None where the area is not large."""
    found = Summary.objects.filter(standard=standard, code__startswith=region)
    area = found.filter(code=region).first()
    if by not in board.DIGITS or not is_large(area and area.subjects, region):
        return None
    parts = list(
        found.alias(digits=Length("code")).filter(digits=board.DIGITS[by]).order_by("code")
    )
    return _rows(parts)


def with_sizes(standards: StandardQuerySet, region: str = "") -> StandardQuerySet:
    """Adds how many subjects the stored sums have, `in_all` and `in_area`; None without any."""
    sums = Summary.objects.filter(standard=OuterRef("pk")).values("subjects")
    return standards.annotate(
        in_all=Subquery(sums.filter(code="")), in_area=Subquery(sums.filter(code=region))
    )


def is_large(subjects: int | None, region: str = "") -> bool:
    """Whether so many subjects of an area are more than a page shows one by one.

    A county or less is never large.
    """
    return len(region) < board.COUNTY_DIGITS and (subjects or 0) > POINTS_SHOWN


def _overview(of_level: Callable[[int], list[Summary]], region: str) -> Overview | None:
    area = next(iter(of_level(len(region))), None)
    if area is None:
        return None
    parts = [area]
    for digits in LEVELS:
        if digits > len(region) and len(parts) == 1:
            parts = of_level(digits)
    level = LEVELS[len(parts[0].code)]
    return Overview(
        total=_row(area, ""),
        level=level,
        rows=_rows(parts),
        points=[None if part.lon is None else (part.lon, part.lat) for part in parts],
        neediest=area.neediest,
    )


def _rows(parts: list[Summary]) -> list[Row]:
    codes = [part.code for part in parts]
    names = dict(Region.objects.filter(code__in=codes).values_list("code", "name"))
    return [_row(part, names.get(part.code, part.code)) for part in parts]


def _row(summary: Summary, name: str) -> Row:
    counted = {name: getattr(summary, name) for name in FIGURES}
    share = summary.met / summary.subjects
    return Row(code=summary.code, name=name, share=share, **counted)


def _of_level(facts: Facts, groups: Groups, ranked: np.ndarray) -> list[Summary]:
    points = _middles(facts, groups)
    neediest = _first_of_each(ranked, groups)
    codes = facts.subjects.codes
    return [
        Summary(
            standard=facts.standard,
            code=row.code,
            **{name: getattr(row, name) for name in FIGURES},
            neediest=[codes[i] for i in first],
            lon=None if isnan(lon) else lon,
            lat=None if isnan(lat) else lat,
        )
        for row, first, (lon, lat) in zip(
            figures.rows(facts, groups, {}), neediest, points, strict=True
        )
    ]


def _middles(facts: Facts, groups: Groups) -> list[list[float]]:
    """The mean lon, lat of each division's subjects, NaN where no position is known."""
    known = facts.subjects.located.known()
    number, m = groups.number[known], len(groups.codes)
    counts = np.bincount(number, minlength=m)
    sums = [np.bincount(number, facts.subjects.located.points[known, axis], m) for axis in (0, 1)]
    with np.errstate(invalid="ignore"):
        return np.column_stack([each / counts for each in sums]).round(5).tolist()


def _first_of_each(ranked: np.ndarray, groups: Groups) -> list[list[int]]:
    """The first NEEDIEST of the ranked subjects in each division, in their order."""
    number = groups.number[ranked]
    order = np.argsort(number, kind="stable")
    ends = np.searchsorted(number[order], np.arange(len(groups.codes) + 1))
    return [
        ranked[order[start : min(start + NEEDIEST, end)]].tolist()
        for start, end in zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True)
    ]
