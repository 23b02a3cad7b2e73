"""Files that hold records: CSV (UTF-8, GBK), XLSX and GeoJSON, read into tables of raw cells.

What a file is, its bytes say; its name must agree. A sheet's titles are the row, of its first
ten, that has most of the known ones, so that headings above them do no harm.
"""

import csv
import io
from collections.abc import Sequence
from pathlib import PurePath

from django.utils.translation import gettext as _

from sites.errors import UnreadableFile
from sites.importing import features
from sites.importing.cells import (
    MAX_BYTES,
    MAX_ROWS,
    Fault,
    Grid,
    NameOf,
    Row,
    Table,
    sort_titles,
    unguard,
)
from sites.importing.values import clean, is_blank

HEADINGS = 10  # how many rows may stand above the data, titles included
FEWEST_TITLES = 2
DELIMITERS = (",", "\t", ";")
EXTENSIONS = {".csv": "CSV", ".xlsx": "XLSX", ".geojson": "GeoJSON", ".json": "GeoJSON"}


def read(data: bytes, file: str, name_of: NameOf) -> list[Table]:
    """The tables of a file; `name_of` gives the column that a title stands for, or None.

    Raises UnreadableFile where there is nothing to read, or where the name and the bytes differ.
    """
    if not data.strip():
        raise UnreadableFile(_("文件是空的;请检查选对了文件,并重新导出"))
    check_size(len(data))
    text = None if _looks_like_a_workbook(data) else decode(data)
    _check_name(file, data, text)
    if text is None:
        from sites.importing import workbooks  # noqa: PLC0415  # openpyxl is slow to load

        sheets = workbooks.read(data)
        return [_table(grid, file, sheet, name_of) for sheet, grid in sheets if grid]
    if _looks_like_json(text):
        return [features.read(text, file, name_of)]
    return [_csv(text, file, name_of)]


def check_size(size: int) -> None:
    """Raise UnreadableFile for a file of more bytes than are read."""
    if size > MAX_BYTES:
        raise UnreadableFile(_("文件太大,最多 %(mb)d MB") % {"mb": MAX_BYTES >> 20})


def decode(data: bytes) -> str | None:
    """Text of UTF-8 (with or without a BOM), UTF-16 with a BOM, or GBK; None for anything else.

    Raises UnreadableFile for UTF-8 with a NUL in it, or in which only some bytes are damaged: as
    GBK, those would pass as other characters.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = _text_or_none(data, "utf-16")
        return text and _without_nul(text)
    text = _text_or_none(data, "utf-8-sig")
    if text is not None:
        return _without_nul(text)
    mended = data.decode("utf-8-sig", "replace")
    beyond_ascii = sum(character > "\x7f" for character in mended)
    if 0 < mended.count("\ufffd") * 10 < beyond_ascii:
        line = mended[: mended.index("\ufffd")].count("\n") + 1
        raise UnreadableFile(_("第 %(line)d 行有损坏的字符;请重新导出文件") % {"line": line})
    text = _text_or_none(data, "gb18030")
    return None if text and "\x00" in text else text


def _text_or_none(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _without_nul(text: str) -> str:
    line = text.partition("\x00")[0].count("\n") + 1
    if "\x00" in text:
        raise UnreadableFile(
            _("第 %(line)d 行有空字符(NUL),文件已损坏;请重新导出文件") % {"line": line}
        )
    return text


def _looks_like_a_workbook(data: bytes) -> bool:
    """Whether the bytes are a ZIP archive, as XLSX is, or an old Excel file."""
    return data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"))


def _looks_like_json(text: str) -> bool:
    return text.lstrip()[:1] in ("{", "[")


def _check_name(file: str, data: bytes, text: str | None) -> None:
    if text is not None:
        kind = "GeoJSON" if _looks_like_json(text) else "CSV"
    elif _looks_like_a_workbook(data):
        kind = "XLSX"
    else:
        raise UnreadableFile(
            _("内容不是 CSV、XLSX 或 GeoJSON;请在 Excel 里另存为 .xlsx 或“CSV UTF-8”")
        )
    suffix = PurePath(file).suffix.lower()
    if file and suffix not in EXTENSIONS:
        raise UnreadableFile(_("扩展名应是 .csv、.xlsx 或 .geojson,而不是“%s”") % suffix)
    if file and EXTENSIONS[suffix] != kind:
        names = {"suffix": suffix, "kind": kind}
        raise UnreadableFile(
            _("扩展名是 %(suffix)s,内容却是 %(kind)s;请改名或另存后再导入") % names
        )


def _csv(text: str, file: str, name_of: NameOf) -> Table:
    """The delimiter is the one that makes most titles known."""

    def titles(delimiter: str) -> int:
        return len(_table(_csv_grid(text, delimiter, HEADINGS), file, "", name_of).titles)

    delimiter = max(DELIMITERS, key=titles)
    grid = _csv_grid(text, delimiter, MAX_ROWS + 1)
    if len(grid) > MAX_ROWS:
        raise UnreadableFile(_("行数太多,最多 %(rows)d 行") % {"rows": MAX_ROWS})
    return _table(grid, file, "", name_of, surplus=True)


def _csv_grid(text: str, delimiter: str, most: int) -> Grid:
    """The first so many records that have anything in them."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    grid: Grid = {}
    number = 0
    try:
        for number, record in enumerate(reader, 1):
            if any(map(str.strip, record)):
                grid[number] = [unguard(value) for value in record]
            if len(grid) >= most:
                break
    except csv.Error as error:  # a field larger than the module's limit: nothing else is an error
        line = number + 1
        message = _("第 %(line)d 行起有一格长得没有尽头;多半是引号没有成对,请检查这一行的引号")
        raise UnreadableFile(message % {"line": line}) from error
    return grid


def _table(grid: Grid, file: str, sheet: str, name_of: NameOf, surplus: bool = False) -> Table:
    """A grid with its titles found. `surplus`: whether cells beyond the titles tell of a slip."""
    top = list(grid)[:HEADINGS]
    counts = {number: len({name_of(cell) for cell in grid[number]} - {None}) for number in top}
    at = max(counts, key=lambda number: counts[number], default=0)
    if counts.get(at, 0) < FEWEST_TITLES:
        return Table(file, sheet)
    names = [name_of(cell) for cell in grid[at]]
    titles, unknown, repeated = sort_titles(names, [_title(cell) for cell in grid[at]])
    places = [(name, names.index(name)) for name in titles]
    rows = [
        Row(
            number,
            {name: cells[i] if i < len(cells) else None for name, i in places},
            _slips(cells[len(names) :]) if surplus else (),
        )
        for number, cells in grid.items()
        if number > at
    ]
    told = [row for row in rows if row.faults or not all(map(is_blank, row.cells.values()))]
    return Table(file, sheet, titles, unknown, repeated, told)


def _title(cell: object) -> str:
    return clean(cell) if isinstance(cell, str) else ""


def _slips(cells: Sequence[object]) -> list[Fault]:
    message = _("比表头多出一格;文字里有逗号时要加引号")
    return [Fault("", message, cell) for cell in cells if not is_blank(cell)][:1]
