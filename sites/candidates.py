"""A file with places to choose from (名称, 经度, 纬度), read and checked as an import, not stored."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from sites.errors import ImportRejected, Problem, UnreadableFile
from sites.importing import checks, positions, tables, values
from sites.importing.cells import Formula, Table
from sites.importing.columns import Column, Kind, lon_lat
from sites.importing.drafts import Draft
from sites.importing.values import BadValue, is_blank
from sites.models import Site

MOST = 1000  # places to choose from
LONGEST_NAME = 100

CANDIDATES = Kind(
    "candidates",
    "scenario",
    Site,  # as which they would be built
    (
        Column("name", ("名称", "地点名称", "场所名称", "地点"), values.TEXT),
        *lon_lat(required=True),
    ),
    point="location",
    nearby=True,
)


@dataclass(frozen=True)
class Candidate:
    """A place to choose from, in WGS 84; the name may be blank."""

    name: str
    lon: float
    lat: float


def read(data: bytes, file: str, crs: str) -> list[Candidate]:
    """The places of a CSV, XLSX or GeoJSON file; `crs` is one of sites.crs.CRS.

    Raises ImportRejected with every fault, each with its row and column.
    """
    try:
        found = tables.read(data, file, CANDIDATES.name_of)
    except UnreadableFile as mistake:
        raise ImportRejected([Problem(file, message=str(mistake))]) from mistake
    drafts = [draft for table in found for draft in _drafts(table)]
    problems = [*checks.column_problems(CANDIDATES, found), *_surplus(file, drafts)]
    if not problems:
        positions.place(drafts, CANDIDATES.point, crs, nearby=CANDIDATES.nearby)
    problems += [problem for draft in drafts for problem in draft.problems]
    if problems:
        raise ImportRejected(problems)
    return [_candidate(draft) for draft in drafts]


def _drafts(table: Table) -> list[Draft]:
    titles = {column.name: column.titles[0] for column in CANDIDATES.columns} | dict(table.titles)
    drafts = []
    for row in table.rows:
        draft = Draft(table, row, titles)
        for fault in row.faults:
            draft.refuse(fault.column, fault.message, fault.value)
        for column in CANDIDATES.columns:
            _read_cell(draft, column)
        drafts.append(draft)
    return drafts


def _read_cell(draft: Draft, column: Column) -> None:
    raw = draft.row.cells.get(column.name)
    if isinstance(raw, Formula):
        draft.refuse(column.name, _("是公式;请复制后选择性粘贴为数值"))
    elif not is_blank(raw):
        _parse(draft, column, raw)
    elif column.required and not draft.row.faults and _is_expected(draft, column.name):
        draft.refuse(column.name, _("不能为空"))


def _is_expected(draft: Draft, name: str) -> bool:
    """Whether a blank is the row's own fault, not that of a table that lacks the column."""
    return draft.given(name) or not draft.table.fixed


def _parse(draft: Draft, column: Column, raw: object) -> None:
    try:
        value = column.parse(raw)
    except BadValue as error:
        draft.refuse(column.name, str(error))
        return
    if isinstance(value, str) and len(value) > LONGEST_NAME:
        words = _("有 %(n)d 个字,最多 %(limit)d 个") % {"n": len(value), "limit": LONGEST_NAME}
        draft.refuse(column.name, words)
    draft.values[column.name] = value


def _surplus(file: str, drafts: Sequence[Draft]) -> list[Problem]:
    if len(drafts) <= MOST:
        return []
    words = _("有 %(n)d 处,一次最多从 %(most)d 处里选;请减少行数") % {
        "n": len(drafts),
        "most": MOST,
    }
    return [Problem(file, message=words)]


def _candidate(draft: Draft) -> Candidate:
    point = draft.values[CANDIDATES.point]
    return Candidate(str(draft.values.get("name") or ""), point.x, point.y)
