"""The board as a workbook: numbers as numbers, codes as text, real tables."""

import io
from collections.abc import Sequence

import numpy as np
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.table import Table, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from mapui.exports import words
from mapui.exports.gathering import Gathered, Line
from sites import board
from sites.board import State
from sites.choices import Setting

Cells = Sequence[object]
Content = tuple[list[str], list[Cells], list[str]]  # titles, rows, number formats
INK = Font(name="Microsoft YaHei", size=11)
BOLD = Font(name="Microsoft YaHei", size=11, bold=True)
TITLE = Font(name="Microsoft YaHei", size=16, bold=True)
HEAD = PatternFill("solid", fgColor="E8EDF6")
SHARE, METRES = "0.00%", "#,##0.0"
WIDEST = 60


def workbook(gathered: Gathered) -> bytes:
    """XLSX with what the figures are, the divisions, every subject, and the gaps."""
    book = Workbook()
    _about(book.active, gathered)
    _table(book.create_sheet(_("旗县区")), "counties", _divisions(gathered, gathered.counties))
    if gathered.townships:
        _table(
            book.create_sheet(_("乡镇(街道)")),
            "townships",
            _divisions(gathered, gathered.townships),
        )
    _table(book.create_sheet(_("全部对象")), "subjects", _subjects(gathered))
    _table(book.create_sheet(_("差距")), "gaps", _gaps(gathered))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _about(sheet: Worksheet, gathered: Gathered) -> None:
    sheet.title = _("说明")
    sheet.column_dimensions["A"].width = 100
    lines = [
        (gathered.title, TITLE),
        (gathered.sentence, BOLD),
        (words.dated(gathered), INK),
        *((text, INK) for text in words.figures(gathered)),
        (_("方法"), BOLD),
        *((text, INK) for text in words.method(gathered)),
        (_("来源"), BOLD),
        *((text, INK) for text in words.sources(gathered)),
    ]
    for number, (text, font) in enumerate(lines, start=1):
        cell = sheet.cell(number, 1)
        _fill(cell, text)
        cell.font = font
        cell.alignment = Alignment(wrap_text=True, vertical="top")


def _divisions(gathered: Gathered, lines: list[Line]) -> Content:
    """Titles, rows and number formats of a table by division."""
    states = list(gathered.total.states) if gathered.total else []
    titles = [_("代码"), _("名称"), _("总数"), *(str(state.label) for state in states)]
    titles += [_("有场所"), _("有活动"), _("达到标准"), _("达标率"), _("待核实")]
    titles += [_("最少达到"), _("最多达到"), _("人口"), _("达标人口"), _("人口未知(个)")]
    titles += [_("中位距离(米)"), _("九成以内(米)"), _("最远(米)"), _("没有距离(个)")]
    formats = ["@", "@", *["0"] * (4 + len(states)), SHARE, *["0"] * 6, *[METRES] * 3, "0"]
    return titles, [_division(line) for line in lines], formats


def _division(line: Line) -> Cells:
    row = line.row
    return [
        *(row.code, row.name, row.subjects, *line.states.values()),
        *(row.built, row.reached, row.met, row.share, row.doubtful, row.met_least, row.met_most),
        *(row.population, row.population_met, row.population_unknown),
        *(row.median_m, row.p90_m, row.max_m, row.without_distance),
    ]


def _subjects(gathered: Gathered) -> Content:
    titles = [_("代码"), _("名称"), _("旗县区"), _("乡镇(街道)"), _("区域类型"), _("人口")]
    titles += [_("状态"), _("有场所"), _("有活动"), _("达到标准"), _("待核实"), _("合格场所编号")]
    titles += [_("合格场所"), _("距离(米)"), _("位置误差(米)"), _("最近一次活动"), _("经度")]
    titles += [_("纬度")]
    formats = [*["@"] * 5, "0", *["@"] * 7, METRES, "0", "yyyy-mm-dd", "0.0000000", "0.0000000"]
    return titles, [_subject(gathered, i) for i in gathered.chosen], formats


def _subject(gathered: Gathered, i: int) -> Cells:
    facts, names = gathered.facts, gathered.names
    about = facts.subjects
    nearest = facts.nearest[i]
    lon, lat = (_number(value, 7) for value in about.located.points[i])
    return [
        *(about.codes[i], about.names[i], names.get(about.counties[i], about.counties[i])),
        names.get(about.townships[i], about.townships[i]),
        str(Setting(about.settings[i]).label) if about.settings[i] else None,
        _whole(about.population[i]),
        str(gathered.states[i].label),
        *(_verdict(clause, i) for clause in (facts.built, facts.reached, facts.met)),
        None if facts.certain[i] else _("待核实"),
        *(nearest, gathered.site_names.get(nearest), _number(facts.metres[i], 1)),
        *(_whole(about.located.errors[i]), board.last_event(facts, i), lon, lat),
    ]


def _gaps(gathered: Gathered) -> Content:
    titles = [_("次序"), _("代码"), _("名称"), _("旗县区"), _("乡镇(街道)"), _("状态")]
    titles += [_("为什么"), _("待核实"), _("距离(米)"), _("人口")]
    people = gathered.facts.subjects.population
    rows = [
        [
            *(number, gap.code, gap.name, gap.county, gap.township, str(State(gap.state).label)),
            *(gap.reason, None if gap.certain else _("待核实"), _number(gap.metres, 1)),
            _whole(people[gap.i]),
        ]
        for number, gap in enumerate(gathered.gaps, start=1)
    ]
    return titles, rows, ["0", *["@"] * 7, METRES, "0"]


def _verdict(clause: np.ndarray | None, i: int) -> str | None:
    """Yes or no; nothing where the standard lacks the clause."""
    if clause is None:
        return None
    return _("是") if clause[i] else _("否")


def _whole(value: float) -> int | None:
    return None if np.isnan(value) else int(value)


def _number(value: float, digits: int) -> float | None:
    return None if np.isnan(value) else round(float(value), digits)


def _table(sheet: Worksheet, name: str, content: Content) -> None:
    """Make a sheet one table, its head frozen and filtered; without a row, the head alone."""
    titles, rows, formats = content
    sheet.freeze_panes = "C2"
    for y, row in enumerate([titles, *rows], start=1):
        for x, value in enumerate(row, start=1):
            cell = sheet.cell(y, x)
            _fill(cell, value)
            if y > 1 and formats[x - 1] != "@":
                cell.number_format = formats[x - 1]
    for x, head in enumerate(sheet[1], start=1):
        head.font, head.fill = BOLD, HEAD
        shown = [_width(row[x - 1]) for row in [titles, *rows[:200]]]
        sheet.column_dimensions[get_column_letter(x)].width = min(max(shown) + 4, WIDEST)
    if rows:
        table = Table(displayName=name, ref=sheet.dimensions)
        table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=True)
        sheet.add_table(table)


def _fill(cell: Cell, value: object) -> None:
    """Text stays text, even where it looks like a number or a formula."""
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"
        cell.number_format = "@"


def _width(value: object) -> int:
    """Columns that a value takes: Chinese characters two each."""
    text = "" if value is None else str(value)
    return min(sum(2 if ord(character) > 0x2E80 else 1 for character in text), 24 + len(text))
