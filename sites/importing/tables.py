"""Files that hold records: CSV (UTF-8, GBK), XLSX and GeoJSON, read into tables of raw cells.

What a file is, its bytes say; its name must agree. A sheet's titles are the row, of its first
ten, that has most of the known ones, so that headings above them do no harm.
"""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath

import orjson
from django.utils.translation import gettext as _

from sites.errors import UnreadableFile
from sites.importing import workbooks
from sites.importing.cells import MAX_BYTES, MAX_ROWS, Grid, unguard
from sites.importing.values import clean, is_blank

NameOf = Callable[[object], str | None]

HEADINGS = 10  # how many rows may stand above the data, titles included
FEWEST_TITLES = 2
DELIMITERS = (",", "\t", ";")
EXTENSIONS = {".csv": "CSV", ".xlsx": "XLSX", ".geojson": "GeoJSON", ".json": "GeoJSON"}
CRS_NAMES = ("4326", "CRS84", "4490")


@dataclass(frozen=True)
class Row:
    """Raw cells by column name. `surplus` is a cell of CSV beyond the last title, else blank."""

    number: int
    cells: Mapping[str, object]
    surplus: str = ""


@dataclass(frozen=True)
class Table:
    """One sheet, or the features of a GeoJSON file.

    `titles` are the known columns' names and how the file calls them; a sheet without any is
    not a table. `fixed`: every row has every column; the properties of features may differ.
    """

    file: str
    sheet: str = ""
    titles: Mapping[str, str] = field(default_factory=dict)
    unknown: Sequence[str] = ()
    repeated: Sequence[str] = ()
    rows: Sequence[Row] = ()
    fixed: bool = True


def read(data: bytes, file: str, name_of: NameOf) -> list[Table]:
    """The tables of a file; `name_of` gives the column that a title stands for, or None.

    Raises UnreadableFile where there is nothing to read, or where the name and the bytes differ.
    """
    if not data.strip():
        raise UnreadableFile(_("文件是空的"))
    check_size(len(data))
    text = None if workbooks.looks_like_one(data) else decode(data)
    _check_name(file, data, text)
    if text is None:
        sheets = workbooks.read(data)
        return [_table(grid, file, sheet, name_of) for sheet, grid in sheets if grid]
    if _looks_like_json(text):
        return [_features(text, file, name_of)]
    return [_csv(text, file, name_of)]


def check_size(size: int) -> None:
    """Raise UnreadableFile for a file of more bytes than are read."""
    if size > MAX_BYTES:
        raise UnreadableFile(_("文件太大,最多 %(mb)d MB") % {"mb": MAX_BYTES >> 20})


def decode(data: bytes) -> str | None:
    """Text of UTF-8 (with or without a BOM), UTF-16 with a BOM, or GBK; None for anything else.

    Raises UnreadableFile for UTF-8 in which only some bytes are damaged: as GBK, those would
    pass as other characters.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _text_or_none(data, "utf-16")
    text = _text_or_none(data, "utf-8-sig")
    if text is not None:
        return text
    mended = data.decode("utf-8-sig", "replace")
    beyond_ascii = sum(character > "\x7f" for character in mended)
    if 0 < mended.count("\ufffd") * 10 < beyond_ascii:
        line = mended[: mended.index("\ufffd")].count("\n") + 1
        raise UnreadableFile(_("第 %(line)d 行有损坏的字符;请重新导出文件") % {"line": line})
    return _text_or_none(data, "gb18030")


def _text_or_none(data: bytes, encoding: str) -> str | None:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    return None if "\x00" in text else text


def _looks_like_json(text: str) -> bool:
    return text.lstrip()[:1] in ("{", "[")


def _check_name(file: str, data: bytes, text: str | None) -> None:
    if text is not None:
        kind = "GeoJSON" if _looks_like_json(text) else "CSV"
    elif workbooks.looks_like_one(data):
        kind = "XLSX"
    else:
        raise UnreadableFile(_("内容不是 CSV、XLSX 或 GeoJSON"))
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
    try:
        for number, record in enumerate(reader, 1):
            if any(map(str.strip, record)):
                grid[number] = [unguard(value) for value in record]
            if len(grid) >= most:
                break
    except csv.Error as error:
        place = {"line": reader.line_num, "error": error}
        raise UnreadableFile(_("第 %(line)d 行读不出来(%(error)s)") % place) from error
    return grid


def _table(grid: Grid, file: str, sheet: str, name_of: NameOf, surplus: bool = False) -> Table:
    """A grid with its titles found. `surplus`: whether cells beyond the titles tell of a slip."""
    top = list(grid)[:HEADINGS]
    counts = {number: len({name_of(cell) for cell in grid[number]} - {None}) for number in top}
    at = max(counts, key=lambda number: counts[number], default=0)
    if counts.get(at, 0) < FEWEST_TITLES:
        return Table(file, sheet)
    names = [name_of(cell) for cell in grid[at]]
    titles, unknown, repeated = _sort_titles(names, [_title(cell) for cell in grid[at]])
    places = [(name, names.index(name)) for name in titles]
    rows = [
        Row(
            number,
            {name: cells[i] if i < len(cells) else None for name, i in places},
            _first_text(cells[len(names) :]) if surplus else "",
        )
        for number, cells in grid.items()
        if number > at
    ]
    return Table(file, sheet, titles, unknown, repeated, rows)


def _sort_titles(
    names: Sequence[str | None], titles: Sequence[str]
) -> tuple[dict[str, str], list[str], list[str]]:
    """Titles by column name; those that no column has; those of a column that has one already."""
    known: dict[str, str] = {}
    unknown, repeated = [], []
    for name, title in zip(names, titles, strict=True):
        if name is None:
            unknown += [title] if title else []
        elif name in known:
            repeated.append(title)
        else:
            known[name] = title
    return known, unknown, repeated


def _title(cell: object) -> str:
    return clean(cell) if isinstance(cell, str) else ""


def _first_text(cells: Sequence[object]) -> str:
    return next((str(cell) for cell in cells if not is_blank(cell)), "")


def _features(text: str, file: str, name_of: NameOf) -> Table:
    try:
        content = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise UnreadableFile(_("不是完整的 JSON(%(error)s)") % {"error": error}) from error
    features = content.get("features") if isinstance(content, dict) else None
    if not isinstance(features, list) or not all(isinstance(each, dict) for each in features):
        raise UnreadableFile(_("不是 GeoJSON 的 FeatureCollection"))
    if len(features) > MAX_ROWS:
        raise UnreadableFile(_("行数太多,最多 %(rows)d 行") % {"rows": MAX_ROWS})
    _check_crs(content)
    properties = [_properties(feature, name_of) for feature in features]
    headers = list(dict.fromkeys(title for each in properties for title in each))
    titles, unknown, repeated = _sort_titles([name_of(title) for title in headers], headers)
    rows = [
        Row(number, {name: each[title] for name, title in titles.items() if title in each})
        for number, each in enumerate(properties, 1)
    ]
    return Table(file, "", titles, unknown, repeated, rows, fixed=False)


def _properties(feature: Mapping[str, object], name_of: NameOf) -> dict[str, object]:
    """A feature's properties with its geometry among them, and its id where it has no code.

    A point is lon and lat, and wins over properties of that meaning; anything else is "geometry".
    """
    given = feature.get("properties")
    properties = dict(given) if isinstance(given, dict) else {}
    if isinstance(feature.get("id"), str) and "code" not in map(name_of, properties):
        properties["code"] = feature["id"]
    geometry = feature.get("geometry")
    if not isinstance(geometry, dict):
        return properties
    if geometry.get("type") != "Point":
        return properties | {"geometry": geometry}
    coordinates = geometry.get("coordinates")
    lon, lat = (*coordinates, None, None)[:2] if isinstance(coordinates, list) else (None, None)
    others = {title: v for title, v in properties.items() if name_of(title) not in ("lon", "lat")}
    return others | {"lon": lon, "lat": lat}


def _check_crs(content: Mapping[str, object]) -> None:
    """Old GeoJSON may name a coordinate system; only ours, or one within centimetres, will do."""
    named = content.get("crs")
    if named and not any(known in str(named) for known in CRS_NAMES):
        raise UnreadableFile(_("坐标系不是 WGS 84;请转换为 EPSG:4326 后再导入"))
