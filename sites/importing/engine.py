"""The engine: tables of raw cells into checked records, all of them or none, in one transaction."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db import connection, transaction
from django.utils.translation import gettext as _

from sites import access
from sites.errors import ImportRejected, Problem, UnreadableFile, reason
from sites.importing import borders, checks, positions, tables, values, writing
from sites.importing.cells import Fault, Formula, Row, Table
from sites.importing.columns import Kind
from sites.importing.drafts import Draft
from sites.importing.values import BadValue, is_blank

LOCK = 0x666A696D


@dataclass(frozen=True)
class Result:
    """What an import did, or would do. `codes` are those of all good rows, in their order."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: int = 0
    problems: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()
    codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Options:
    """`crs`: one of sites.crs.CRS. `user`: whose rights count; None may do everything."""

    crs: str = "wgs84"
    dry_run: bool = False
    skip_bad: bool = False
    user: access.User | None = None


def run(kind: Kind, source: Path | bytes, *, name: str = "", **options: object) -> Result:
    """Import a file, or its bytes under a name, with the `Options` given by keyword.

    A column that is absent keeps what is stored, a blank cell clears it. Raises ImportRejected,
    with nothing written, when a row is bad (unless `skip_bad`) or the file as a whole is.
    """
    file = name or (source.name if isinstance(source, Path) else "")
    try:
        data = source if isinstance(source, bytes) else _content(source)
        found = tables.read(data, file, kind.name_of)
    except UnreadableFile as mistake:
        raise ImportRejected([Problem(file, message=str(mistake))]) from mistake
    return _apply(kind, found, Options(**options))


def apply_rows(
    kind: Kind, rows: Sequence[Mapping[str, object]], *, name: str = "", **options: object
) -> Result:
    """Import rows given as raw values by English column name, such as objects of JSON.

    A row needs the columns that its kind requires only where it makes a new record. Columns that
    the kind does not have, and anything but a string for a text, are errors here. Raises
    ImportRejected.
    """
    titles = {column: column for column in kind.by_name}
    checked = [_checked_row(kind, number, row) for number, row in enumerate(rows, 1)]
    table = Table(name, titles=titles, rows=checked, fixed=False)
    return _apply(kind, [table], Options(**options))


def _checked_row(kind: Kind, number: int, given: Mapping[str, object]) -> Row:
    found = {name: _mistake(kind, name, value) for name, value in given.items()}
    faults = [Fault(name, message, given[name]) for name, message in found.items() if message]
    return Row(number, {name: given[name] for name in given if not found[name]}, faults)


def _mistake(kind: Kind, name: str, value: object) -> str:
    """Why a value cannot stand under this name; blank where it can."""
    column = kind.by_name.get(name)
    if column is None:
        return _("没有这一列;可用的有:%(names)s") % {"names": _("、").join(kind.by_name)}
    if column.value is values.TEXT and not isinstance(value, str | None):
        return _("应是一段文字(字符串)")
    if isinstance(value, str) and values.has_noise(value):
        return _("含有不能保存的控制字符;请删去")
    return ""


def _content(path: Path) -> bytes:
    try:
        tables.check_size(path.stat().st_size)
        return path.read_bytes()
    except OSError as error:
        raise UnreadableFile(_("打不开文件:%(why)s") % {"why": reason(error)}) from error


def _apply(kind: Kind, found: Sequence[Table], options: Options) -> Result:
    with transaction.atomic():
        _take_turns()
        drafts = [draft for table in found for draft in _drafts(kind, table)]
        fatal = list(checks.column_problems(kind, found))
        if not fatal:
            _check(kind, drafts, options)
        problems = [*fatal, *(problem for draft in drafts for problem in draft.problems)]
        if fatal or (problems and not options.skip_bad):
            raise ImportRejected(problems)
        good = _good(drafts)
        created, updated = writing.write(kind, good)
        if options.dry_run:
            transaction.set_rollback(True)
    return Result(
        created,
        updated,
        len(good) - created - updated,
        len(drafts) - len(good),
        tuple(problems),
        tuple(checks.notes(kind, found)),
        tuple(str(draft.values["code"]) for draft in good),
    )


def _take_turns() -> None:
    """One import at a time: two at once could give the same new code to two records."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _drafts(kind: Kind, table: Table) -> Iterator[Draft]:
    """A draft for every row, its cells read."""
    titles = {column.name: column.titles[0] for column in kind.columns} | dict(table.titles)
    for row in table.rows:
        draft = Draft(table, row, titles)
        for fault in row.faults:
            draft.refuse(fault.column, fault.message, fault.value)
        for name, raw in row.cells.items():
            _read_cell(kind, draft, name, raw)
        yield draft


def _read_cell(kind: Kind, draft: Draft, name: str, raw: object) -> None:
    column = kind.by_name.get(name)
    if column is None:  # a polygon, which `positions` reads
        return
    if isinstance(raw, Formula):
        draft.refuse(name, _("是公式;请复制后选择性粘贴为数值"))
    elif not is_blank(raw):
        try:
            draft.values[name] = column.parse(raw)
        except BadValue as error:
            draft.refuse(name, str(error))
    elif column.required:
        draft.refuse(name, _("不能为空"))
    else:
        draft.values[name] = column.blank


def _check(kind: Kind, drafts: Sequence[Draft], options: Options) -> None:
    """Take the drafts as far as records that can be written, or to their problems."""
    if kind.point:
        positions.place(drafts, kind.point, options.crs, nearby=kind.nearby)
    if kind.polygon:
        positions.outline(drafts, kind.polygon, options.crs)
    checks.check_references(kind, drafts)
    kind.identify(_good(drafts))
    for draft in _good(drafts):
        if not all(checks.key(kind, draft)):
            draft.refuse("code", _("缺少编号"))
    checks.check_doubles(kind, _good(drafts))
    _fetch(kind, _good(drafts))
    for draft in _good(drafts):
        if not draft.before:
            checks.check_required(kind, draft)
    for draft in _good(drafts):
        _fill(kind, draft)
        kind.finish(draft)
    _note_places(kind, _good(drafts))
    if options.user is not None:
        checks.check_rights(kind, _good(drafts), options.user)
    if kind.nearby:
        borders.check(kind, _good(drafts))


def _good(drafts: Sequence[Draft]) -> list[Draft]:
    return [draft for draft in drafts if not draft.problems]


def _fetch(kind: Kind, drafts: Sequence[Draft]) -> None:
    """Give each draft its stored record, locked, with its values, links and places; or a new one."""
    codes = [draft.values["code"] for draft in drafts]
    stored = kind.model.objects.filter(code__in=codes).order_by("pk").select_for_update()
    records = {tuple(getattr(record, name) for name in kind.key): record for record in stored}
    for draft in drafts:
        draft.record = records.get(checks.key(kind, draft))
        if draft.record:
            draft.before = writing.stored_values(draft.record)
        else:
            draft.record = kind.model()
    old = [draft for draft in drafts if draft.before]
    for column in kind.columns:
        if column.many:
            links = writing.links(column.field, [draft.record.pk for draft in old])
            for draft in old:
                draft.links[column.name] = set(links.get(draft.record.pk, ()))
    _note_places(kind, old)
    for draft in old:
        draft.old_places = draft.places


def _fill(kind: Kind, draft: Draft) -> None:
    for name, value in draft.values.items():
        field = kind.model._meta.get_field(name)
        if not field.many_to_many:
            setattr(draft.record, field.attname, value)


def _note_places(kind: Kind, drafts: Sequence[Draft]) -> None:
    found = kind.places([draft.record for draft in drafts])
    for draft, places in zip(drafts, found, strict=True):
        draft.places = {place for place in places if place}
