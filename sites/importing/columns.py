"""Columns, declared from the models' own fields, and the kinds of records that have them."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from sites.importing import values
from sites.importing.drafts import Draft
from sites.importing.values import BadValue, Value, squash
from sites.importing.words import choice, several

LONGEST_TEXT = 30_000  # an XLSX cell holds 32,767 characters


@dataclass(frozen=True)
class Column:
    """A column: its English name, the Chinese titles that it may have, the first is written.

    `field` is the model's field of that name; lon and lat have none. `required`: a new record
    needs it. `many`: the cell lists codes of records that are linked through another table.
    `refers` says whose codes the cell holds, once they are to be looked up.
    """

    name: str
    titles: tuple[str, ...]
    value: Value
    field: models.Field | None = None
    required: bool = False
    refers: models.QuerySet | None = None
    many: bool = False

    def parse(self, raw: object) -> object:
        """A cell that is not blank as the field's value. Raises BadValue."""
        value = self.value.parse(raw)
        if self.field:
            _validate(self.field, value)
        return value

    @property
    def choices(self) -> tuple[str, ...]:
        """The values of a list of choices; empty where there is no such list."""
        field = getattr(self.field, "base_field", self.field)
        return tuple(value for value, _label in field.flatchoices if value) if field else ()

    @property
    def blank(self) -> object:
        """What a blank cell means: the field's default, else nothing."""
        if not self.field or self.many:
            return [] if self.many else None
        if self.field.has_default():
            return self.field.get_default()
        return None if self.field.null else ""


def column(
    model: type[models.Model],
    name: str,
    *titles: str,
    value: Value | None = None,
    synonyms: Mapping[str, str] | None = None,
    required: bool | None = None,
) -> Column:
    """The column of a model's field: read, required and limited as the field is, unless told."""
    field = model._meta.get_field(name)
    refers = None
    if field.is_relation and value is None:
        refers = field.related_model.objects.complex_filter(field.get_limit_choices_to())
    return Column(
        name,
        titles,
        value or _value(field, synonyms),
        field,
        required=_is_required(field) if required is None else required,
        refers=refers,
        many=bool(field.many_to_many),
    )


def lon_lat(*, required: bool = False) -> tuple[Column, Column]:
    """The two columns that a point is made of."""
    return (
        Column("lon", ("经度", "lng", "longitude", "x"), values.NUMBER, required=required),
        Column("lat", ("纬度", "latitude", "y"), values.NUMBER, required=required),
    )


def _is_required(field: models.Field) -> bool:
    return not (field.blank or field.has_default() or field.many_to_many)


def _value(field: models.Field, synonyms: Mapping[str, str] | None) -> Value:
    if field.many_to_many:
        return values.CODES
    if field.is_relation or field.name == "code":
        return values.CODE
    if isinstance(field, ArrayField):
        return several(field.base_field.choices, synonyms)
    if field.choices:
        return choice(field.choices, synonyms)
    kinds = (
        (models.DateTimeField, values.MOMENT),
        (models.DateField, values.DATE),
        (models.BooleanField, values.BOOLEAN),
        (models.IntegerField, values.INTEGER),
    )
    return next((value for kind, value in kinds if isinstance(field, kind)), values.TEXT)


def _validate(field: models.Field, value: object) -> None:
    limit = field.max_length or LONGEST_TEXT
    if isinstance(value, str) and len(value) > limit:
        raise BadValue(_("有 %(n)d 个字,最多 %(limit)d 个") % {"n": len(value), "limit": limit})
    if isinstance(value, str) and field.name == "code" and not value.isascii():
        raise BadValue(_("编号只能用半角的字母和数字"))
    try:
        field.run_validators(value)
    except ValidationError as error:
        raise BadValue("".join(error.messages)) from error


@dataclass(frozen=True, eq=False)
class Kind:
    """A kind of records that files hold.

    `record` is its name in `sites.access`, `key` the columns that tell its records apart.
    `point` and `polygon` are the fields that lon and lat, or a GeoJSON geometry, fill; `nearby`:
    points must lie near the known counties, and in the one that `places` names. The hooks get
    drafts:

    * `identify`, all good drafts at once: gives codes to rows without, looks names up;
    * `finish`, each with its record filled: derives what was not given, refuses what
      contradicts itself;
    * `places`: per record, the codes of the divisions that it lies in, for the rights of users.
    """

    name: str
    record: str
    model: type[models.Model]
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ("code",)
    point: str = ""
    polygon: str = ""
    nearby: bool = False
    identify: Callable[[Sequence[Draft]], None] = lambda drafts: None
    finish: Callable[[Draft], None] = lambda draft: None
    places: Callable[[Sequence[models.Model]], list[tuple[str, ...]]] = lambda records: [
        () for _record in records
    ]

    def name_of(self, title: object) -> str | None:
        """The column that a title stands for; "geometry" itself where the kind has a polygon."""
        return self._names.get(_plain(title)) if isinstance(title, str) else None

    @cached_property
    def by_name(self) -> Mapping[str, Column]:
        return {column.name: column for column in self.columns}

    @cached_property
    def _names(self) -> Mapping[str, str]:
        titles = {_plain(title): c.name for c in self.columns for title in (*c.titles, c.name)}
        return titles | ({"geometry": "geometry"} if self.polygon else {})


def _plain(title: str) -> str:
    """A title without what varies: width, case, spaces, _ and -, a * or a unit in brackets."""
    return re.sub(r"[*_-]|\([^()]*\)$", "", squash(title).rstrip("*"))
