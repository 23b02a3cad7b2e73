"""Records into files that import again without a change: CSV, XLSX and GeoJSON."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

import orjson
from django.db import models
from django.utils.translation import gettext as _

from sites.errors import Problem, UnknownFormat
from sites.importing import writing
from sites.importing.cells import guard
from sites.importing.columns import Column, Kind
from sites.importing.values import clean

BATCH = 2_000
Cells = dict[str, object]


def export(kind: Kind, path: Path, queryset: models.QuerySet | None = None) -> int:
    """Write records to a file of the format that its extension names; how many there were.

    CSV and XLSX have Chinese titles and words, GeoJSON English names and values. Raises
    UnknownFormat for any other extension.
    """
    suffix = path.suffix.lower()
    if suffix not in FORMATS:
        raise UnknownFormat(_("扩展名应是 .csv、.xlsx 或 .geojson,而不是“%s”") % suffix)
    records = list(_records(kind, kind.model.objects.all() if queryset is None else queryset))
    path.write_bytes(FORMATS[suffix](kind, records))
    return len(records)


def _records(kind: Kind, queryset: models.QuerySet) -> Iterator[tuple[models.Model, Cells]]:
    """Records in their order, each with its stored values by column name."""
    remaining = queryset.iterator(BATCH)
    while batch := list(islice(remaining, BATCH)):
        pks = [record.pk for record in batch]
        links = {c.name: writing.links(c.field, pks) for c in kind.columns if c.many}
        for record in batch:
            values = {column.name: _stored(kind, record, column) for column in kind.columns}
            values |= {name: list(found.get(record.pk, ())) for name, found in links.items()}
            yield record, values


def _stored(kind: Kind, record: models.Model, column: Column) -> object:
    if column.many:
        return None
    if column.field:
        return getattr(record, column.field.attname)
    point = getattr(record, kind.point)
    return point and {"lon": point.x, "lat": point.y}[column.name]


def _rows(kind: Kind, records: Iterable[tuple[models.Model, Cells]]) -> Iterator[list[object]]:
    yield [column.titles[0] for column in kind.columns]
    for _record, values in records:
        yield [column.value.to_cell(values[column.name]) for column in kind.columns]


def _csv(kind: Kind, records: Sequence[tuple[models.Model, Cells]]) -> bytes:
    """UTF-8 with the mark by which Excel knows it."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    for row in _rows(kind, records):
        writer.writerow([guard(clean(cell)) if isinstance(cell, str) else cell for cell in row])
    return stream.getvalue().encode("utf-8-sig")


def _xlsx(kind: Kind, records: Sequence[tuple[models.Model, Cells]]) -> bytes:
    return _workbook(_rows(kind, records), kind.name)


def _workbook(rows: Iterable[Sequence[object]], title: str) -> bytes:
    from sites.importing import workbooks  # noqa: PLC0415  # openpyxl is slow to load

    return workbooks.write(rows, title)


def report(problems: Iterable[Problem]) -> bytes:
    """A workbook with one problem a row: file, sheet, row, column, value, what to do."""
    titles = [_("文件"), _("表"), _("行"), _("列"), _("值"), _("问题与办法")]
    rows = ([p.file, p.sheet, p.row or "", p.column, p.value, p.message] for p in problems)
    return _workbook([titles, *rows], _("导入问题"))


def _geojson(kind: Kind, records: Sequence[tuple[models.Model, Cells]]) -> bytes:
    """One feature a line."""
    lines = [orjson.dumps(_feature(kind, record, values)) for record, values in records]
    return b'{"type":"FeatureCollection","features":[\n' + b",\n".join(lines) + b"\n]}\n"


def _feature(kind: Kind, record: models.Model, values: Cells) -> dict[str, object]:
    """The geometry is the record's polygon where its kind is about one, else its point."""
    polygon = getattr(record, kind.polygon) if kind.polygon else None
    geometry: dict[str, object] | None = None
    if polygon:
        geometry = {"type": "MultiPolygon", "coordinates": polygon.coords}
    elif kind.point and values["lon"] is not None:
        geometry = {"type": "Point", "coordinates": [values.pop("lon"), values.pop("lat")]}
    properties = {c.name: c.value.to_json(values[c.name]) for c in kind.columns if c.name in values}
    return {
        "type": "Feature",
        "id": values["code"],
        "properties": properties,
        "geometry": geometry,
    }


FORMATS: dict[str, Callable[[Kind, Sequence[tuple[models.Model, Cells]]], bytes]] = {
    ".csv": _csv,
    ".xlsx": _xlsx,
    ".geojson": _geojson,
}
