"""XLSX both ways: rows into a sheet; sheets into grids, within limits that no small file breaks."""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence

from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils import range_boundaries
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.worksheet.worksheet import Worksheet

from sites.errors import UnreadableFile
from sites.importing.cells import FORMULA_SIGNS, MAX_BYTES, MAX_COLUMNS, MAX_ROWS, Formula, Grid
from sites.importing.values import clean, is_blank

OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MAX_SHEET_ROWS = 1_048_576  # Excel's own limit, blank rows included
MAX_MERGED_CELLS = 2_000_000
CHUNK = 2**20

MERGED = re.compile(rb'<(?:\w+:)?mergeCell\b[^<>]*?\bref="([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})"')

# What openpyxl and the libraries under it raise for a damaged file.
DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    SyntaxError,  # of XML, by whichever parser there is
    InvalidFileException,
    OSError,
    EOFError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    NotImplementedError,
    OverflowError,
)


def write(rows: Iterable[Sequence[object]], title: str) -> bytes:
    """One sheet, its first row frozen; text stays text, codes keep their zeros."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for row in rows:
        sheet.append([text_cell(sheet, cell) if isinstance(cell, str) else cell for cell in row])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def text_cell(sheet: Worksheet, text: str) -> WriteOnlyCell:
    """A cell that is text even where it looks like a number or a formula."""
    cell = WriteOnlyCell(sheet, clean(text))
    cell.data_type = "s"
    cell.number_format = "@"
    if text.startswith(FORMULA_SIGNS):
        cell.quotePrefix = True
    return cell


def read(data: bytes) -> list[tuple[str, Grid]]:
    """Every sheet's title and cells; a merged cell's value stands in all of its cells.

    Raises UnreadableFile for what is no workbook, is damaged, or is too large when unpacked.
    """
    if data.startswith(OLD_EXCEL):
        raise UnreadableFile(_("是旧的 .xls 或加密的文件;请在 Excel 里另存为 .xlsx"))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check(archive)
            book = load_workbook(io.BytesIO(data), read_only=True)
            return [(sheet.title, _grid(archive, sheet)) for sheet in book.worksheets]
    except DAMAGED as error:
        raise UnreadableFile(_("工作簿已损坏;请在 Excel 里打开并另存一份")) from error


def _check(archive: zipfile.ZipFile) -> None:
    if "xl/workbook.xml" not in archive.namelist():
        raise UnreadableFile(_("是压缩包,但不是 Excel 工作簿"))
    if sum(file.file_size for file in archive.infolist()) > MAX_BYTES:
        raise UnreadableFile(_("展开后太大,最多 %(mb)d MB") % {"mb": MAX_BYTES >> 20})


def _grid(archive: zipfile.ZipFile, sheet: ReadOnlyWorksheet) -> Grid:
    sheet.reset_dimensions()  # what a file says of them may be wrong
    grid: Grid = {}
    for number, row in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS), 1):
        cells = [_value(cell) for cell in row]
        while cells and is_blank(cells[-1]):
            cells.pop()
        if cells:
            grid[number] = cells
        if len(grid) > MAX_ROWS or number > MAX_SHEET_ROWS:
            raise UnreadableFile(_("行数太多,最多 %(rows)d 行") % {"rows": MAX_ROWS})
    _fill(grid, _merged_areas(archive, sheet))
    return grid


def _value(cell: object) -> object:
    value = getattr(cell, "value", None)
    if getattr(cell, "data_type", "n") in ("f", "e"):
        return Formula(str(value))
    return value


def _merged_areas(
    archive: zipfile.ZipFile, sheet: ReadOnlyWorksheet
) -> Iterator[tuple[int, int, int, int]]:
    """First column, first row, last column, last row of each, found without loading the sheet.

    openpyxl knows them only after making an object of every cell in them: an area of all the
    rows there are would never end.
    """
    rest = b""
    with archive.open(sheet._worksheet_path) as stream:
        while chunk := stream.read(CHUNK):
            rest += chunk
            for match in MERGED.finditer(rest):
                yield range_boundaries(match[1].decode())
            rest = rest[rest.rfind(b"<") :]


def _fill(grid: Grid, areas: Iterator[tuple[int, int, int, int]]) -> None:
    last, filled = max(grid, default=0), 0
    for first_column, first_row, last_column, last_row in areas:
        value = grid.get(first_row, [])[first_column - 1 : first_column]
        columns = range(first_column - 1, min(last_column, MAX_COLUMNS))
        rows = range(first_row, min(last_row, last) + 1)
        filled += len(rows) * len(columns)
        if filled > MAX_MERGED_CELLS:
            raise UnreadableFile(_("合并的单元格太多;请取消合并后再导入"))
        for cells in filter(None, map(grid.get, rows)):
            cells.extend([None] * (columns.stop - len(cells)))
            cells[columns.start : columns.stop] = (value or [None]) * len(columns)
