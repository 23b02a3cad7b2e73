"""What is wrong with rows beyond a single cell: columns, references, doubles, rights."""

import difflib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from django.utils.translation import gettext as _

from sites import access
from sites.errors import Problem
from sites.importing.columns import Column, Kind
from sites.importing.drafts import Draft
from sites.importing.tables import Table

SUGGESTIONS = 3


def column_problems(kind: Kind, tables: Sequence[Table]) -> Iterator[Problem]:
    """Columns that a sheet lacks or has twice; a file without any sheet to read."""
    if not any(table.titles or not (table.fixed or table.rows) for table in tables):
        needed = _("、").join(column.titles[0] for column in kind.columns if column.required)
        file = tables[0].file if tables else ""
        yield Problem(file, message=_("找不到表头;至少要有这些列:%(names)s") % {"names": needed})
    for table in tables:
        for title in table.repeated:
            yield _whole(table, title, _("这一列重复了;只留一列"))
        if table.titles and table.fixed:
            yield from _missing_columns(kind, table)


def _missing_columns(kind: Kind, table: Table) -> Iterator[Problem]:
    there = _("、").join([*table.titles.values(), *table.unknown])
    for column in kind.columns:
        if column.required and column.name not in table.titles:
            message = _("缺少这一列;文件里有:%(titles)s") % {"titles": there}
            yield _whole(table, column.titles[0], message)


def notes(kind: Kind, tables: Sequence[Table]) -> Iterator[Problem]:
    """What was ignored: columns that the kind does not have, sheets without titles."""
    titles = [title for column in kind.columns for title in (*column.titles, column.name)]
    for table in tables:
        if not table.rows:
            yield _whole(table, "", _("没有数据行") if table.titles else _("没有认得的表头,已忽略"))
        for title in table.unknown:
            near = difflib.get_close_matches(title, titles, SUGGESTIONS)
            hint = _(";是不是:%(titles)s") % {"titles": _("、").join(near)} if near else ""
            yield _whole(table, title, _("不认得这一列,已忽略") + hint)


def _whole(table: Table, column: str, message: str) -> Problem:
    return Problem(table.file, table.sheet, column=column, message=message)


def check_references(kind: Kind, drafts: Sequence[Draft]) -> None:
    """Refuse codes that no record has, with one query for each column that refers to others."""
    for column in kind.columns:
        if column.refers is None:
            continue
        wanted = {code for draft in drafts for code in _codes(column, draft)}
        known = set(column.refers.filter(pk__in=wanted).values_list("pk", flat=True))
        for draft in drafts:
            unknown = [code for code in _codes(column, draft) if code not in known]
            if unknown:
                message = _("没有这个编号的%(what)s") % {"what": column.field.verbose_name}
                draft.refuse(column.name, message, ";".join(unknown))


def _codes(column: Column, draft: Draft) -> Iterable[str]:
    value = draft.values.get(column.name)
    if column.many:
        return value if isinstance(value, list) else []
    return [str(value)] if value else []


def check_doubles(kind: Kind, drafts: Sequence[Draft]) -> None:
    """Refuse rows that mean the same record; each is told of another."""
    rows: dict[tuple[object, ...], list[Draft]] = defaultdict(list)
    for draft in drafts:
        rows[key(kind, draft)].append(draft)
    for same in rows.values():
        for draft in same if len(same) > 1 else []:
            refuse_double(draft, same[0] if draft is not same[0] else same[1])


def refuse_double(draft: Draft, other: Draft) -> None:
    """Say of a draft that another row means the same record."""
    place = {"row": other.row.number, "sheet": other.table.sheet}
    if draft.table is other.table:
        message = _("与第 %(row)d 行重复") % place
    else:
        message = _("与表 %(sheet)s 第 %(row)d 行重复") % place
    draft.refuse("code", message, draft.values.get("code"))


def key(kind: Kind, draft: Draft) -> tuple[object, ...]:
    """What tells the draft's record apart from others."""
    return tuple(draft.values.get(name) for name in kind.key)


def check_required(kind: Kind, draft: Draft) -> None:
    """Refuse a new record that lacks what it needs."""
    for column in kind.columns:
        if column.required and not draft.given(column.name):
            draft.refuse(column.name, _("新记录必须有这一列"))


def check_rights(kind: Kind, drafts: Sequence[Draft], user: access.User) -> None:
    """Refuse records that the user may not edit where they lie, or where they lay before."""
    prefixes = access.divisions(user, kind.record)
    for draft in drafts:
        if not prefixes or not all(place.startswith(prefixes) for place in draft.places):
            code = getattr(draft.record, "code", "")
            draft.refuse("code", _("您没有修改这条记录的权限"), code, forbidden=True)
