"""Good drafts into the database: only what differs, in sets, and violations as problems."""

import re
from collections import defaultdict
from collections.abc import Sequence

from django.contrib.gis.geos import GEOSGeometry, Point
from django.db import DataError, IntegrityError, InternalError, connection, models
from django.utils.translation import gettext as _

from sites.errors import ImportRejected, Problem
from sites.importing.columns import Column, Kind
from sites.importing.drafts import Draft
from sites.importing.values import clean

BATCH = 1_000
SAME_PLACE = 1e-9  # degrees; a tenth of a millimetre


def write(kind: Kind, drafts: Sequence[Draft]) -> tuple[int, int]:
    """Store what is new or differs; how many records were made, and how many changed.

    Raises ImportRejected where the database finds what no check did.
    """
    changes = {id(draft): _changed(draft) for draft in drafts if draft.before}
    new = [draft for draft in drafts if not draft.before]
    fields = {name for names in changes.values() for name in names}
    updated = [draft for draft in drafts if changes.get(id(draft))]
    moved = [draft for draft in drafts if draft.before and _moved(kind, draft)]
    try:
        kind.model.objects.bulk_create([d.record for d in new], batch_size=BATCH)
        if updated:
            kind.model.objects.bulk_create(
                [draft.record for draft in updated],
                batch_size=BATCH,
                update_conflicts=True,
                unique_fields=[kind.model._meta.pk.name],
                update_fields=sorted(fields),
            )
        _write_links(kind, [*new, *moved])
        connection.check_constraints()
    except (IntegrityError, DataError, InternalError) as error:
        raise ImportRejected([_violation(error, drafts)]) from error
    return len(new), len({id(draft) for draft in (*updated, *moved)})


def stored_values(record: models.Model) -> dict[str, object]:
    """A record's values by attribute."""
    return {field.attname: getattr(record, field.attname) for field in record._meta.concrete_fields}


def _changed(draft: Draft) -> list[str]:
    """The fields of a stored record that differ from what is stored."""
    return [
        field.name
        for field in draft.record._meta.concrete_fields
        if not _same(draft.before[field.attname], getattr(draft.record, field.attname))
    ]


def _same(before: object, after: object) -> bool:
    if isinstance(before, str) and isinstance(after, str):
        return clean(before) == clean(after)
    if isinstance(before, Point) and isinstance(after, Point):
        return max(abs(before.x - after.x), abs(before.y - after.y)) <= SAME_PLACE
    if isinstance(before, GEOSGeometry) and isinstance(after, GEOSGeometry):
        return before.equals_exact(after, SAME_PLACE)
    return before == after


# Links to many


def links(field: models.ManyToManyField, pks: Sequence[object]) -> dict[object, dict[str, int]]:
    """Of each record, the linked codes, each with the primary key of the row that links it."""
    through = field.remote_field.through
    near, far = f"{field.m2m_field_name()}_id", f"{field.m2m_reverse_field_name()}_id"
    found: dict[object, dict[str, int]] = defaultdict(dict)
    rows = through.objects.filter(**{f"{near}__in": pks}).order_by("pk")
    for record, code, pk in rows.values_list(near, far, "pk"):
        found[record][code] = pk
    return found


def _moved(kind: Kind, draft: Draft) -> bool:
    """Whether a given list of links differs from the stored one."""
    return any(
        column.many
        and column.name in draft.values
        and set(draft.values[column.name]) != draft.links[column.name]
        for column in kind.columns
    )


def _write_links(kind: Kind, drafts: Sequence[Draft]) -> None:
    for column in kind.columns:
        if column.many and drafts:
            _write_column_links(column, drafts)


def _write_column_links(column: Column, drafts: Sequence[Draft]) -> None:
    field = column.field
    through = field.remote_field.through
    near, far = f"{field.m2m_field_name()}_id", f"{field.m2m_reverse_field_name()}_id"
    given = [draft for draft in drafts if column.name in draft.values]
    stored = links(field, [draft.record.pk for draft in given if draft.before])
    gone, new = [], []
    for draft in given:
        there, wanted = stored.get(draft.record.pk, {}), draft.values[column.name]
        gone += [pk for code, pk in there.items() if code not in wanted]
        new += [
            through(**{near: draft.record.pk, far: code}) for code in wanted if code not in there
        ]
    if gone:
        through.objects.filter(pk__in=gone).delete()
    through.objects.bulk_create(new, batch_size=BATCH)


# What slips through


def _violation(error: Exception, drafts: Sequence[Draft]) -> Problem:
    """The database's refusal as a problem, of the row whose code its detail names first."""
    diagnosis = getattr(error.__cause__, "diag", None)
    detail = getattr(diagnosis, "message_detail", None) or ""
    rule = getattr(diagnosis, "constraint_name", None) or str(error).strip().splitlines()[0]
    message = _("数据库不接受这一行(%(rule)s)") % {"rule": rule}
    named = {str(draft.values["code"]): draft for draft in drafts}
    for word in re.findall(r"[\w-]+", detail):
        if word in named:
            named[word].refuse("code", message)
            return named[word].problems[-1]
    return Problem(drafts[0].table.file, message=message)
