"""What is wrong with rows beyond a single cell: columns, references, doubles, rights."""

import difflib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from django.utils.translation import gettext as _

from sites import access
from sites.choices import CODE_LENGTH, Level
from sites.errors import Problem
from sites.importing.cells import Table
from sites.importing.columns import Column, Kind
from sites.importing.drafts import Draft

SUGGESTIONS = 3
POSITION = {"lon", "lat"}
COUNTY = CODE_LENGTH[Level.COUNTY]


def column_problems(kind: Kind, tables: Sequence[Table]) -> Iterator[Problem]:
    """Columns that a sheet lacks or has twice; a file with nothing to read."""
    if message := _emptiness(kind, tables):
        yield Problem(tables[0].file if tables else "", message=message)
    for table in tables:
        for title in table.repeated:
            yield _whole(table, title, _("这一列重复了;只留一列"))
        if table.titles and table.fixed:
            yield from _missing_columns(kind, table)


def _emptiness(kind: Kind, tables: Sequence[Table]) -> str:
    """Why a file holds nothing of this kind; blank where it does."""
    needed = {"names": _("、").join(c.titles[0] for c in kind.columns if c.required)}
    rows = [row for table in tables for row in table.rows]
    titled = any(table.titles for table in tables)
    if any(table.features for table in tables):
        if not rows:
            return _("没有要素(features 是空的)")
        if not titled and not any(row.faults for row in rows):
            return _("要素里没有认得的属性;至少要有:%(names)s") % needed
        return ""
    if not titled:
        return _("找不到表头;至少要有这些列:%(names)s") % needed
    return "" if rows else _("只有表头,没有数据;请填好数据行后再导入")


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
    message = _("与%(place)s重复") % {"place": other.place_seen_from(draft)}
    draft.refuse("code", message, draft.values.get("code"))


def key(kind: Kind, draft: Draft) -> tuple[object, ...]:
    """What tells the draft's record apart from others."""
    return tuple(draft.values.get(name) for name in kind.key)


def check_required(kind: Kind, draft: Draft) -> None:
    """Refuse a new record that lacks what it needs; of a feature, the geometry is the position."""
    lacking = {c.name for c in kind.columns if c.required and not draft.given(c.name)}
    if draft.table.features and lacking >= POSITION and not draft.given("geometry"):
        draft.refuse("geometry", _("没有几何;新记录要有一个点(Point)"))
        lacking -= POSITION
    for column in kind.columns:
        if column.name in lacking:
            draft.refuse(column.name, _("新记录必须有这一列"))


def check_rights(kind: Kind, drafts: Sequence[Draft], user: access.User) -> None:
    """Refuse records that the user may not edit where they lie, or where they lay before."""
    prefixes = access.divisions(user, kind.record)
    for draft in drafts:
        places = draft.places | draft.old_places
        foreign = {place for place in places if not place.startswith(prefixes)}
        if foreign or not prefixes:
            code = getattr(draft.record, "code", "")
            draft.refuse("code", _lacking_right(draft, foreign), code, forbidden=True)


def _lacking_right(draft: Draft, foreign: set[str]) -> str:
    if not foreign:
        return _("您没有修改这类记录的权限")
    message = _("您没有在 %(counties)s 修改的权限")
    if draft.old_places and draft.places != draft.old_places:
        message += _(";把记录移到另一个旗县区,两边的权限都要有")
    return message % {"counties": _("、").join(sorted({code[:COUNTY] for code in foreign}))}
