"""Constraints, triggers and fields that the models of all packages share."""

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Cast
from django.db.models.lookups import GreaterThanOrEqual, LessThanOrEqual
from django.utils.translation import gettext_lazy as _

PLAIN_CODE = r"^[A-Za-z0-9][A-Za-z0-9_-]*$"
PLAIN_CODE_ONLY = _("编号只能用字母、数字、- 和 _。")


def recorded(model: type[models.Model]) -> type[models.Model]:
    """Keep every version of the model's rows, by triggers, as rows of a model `…History`.

    The triggers run once a statement: a row at a time took 30 times as long for a bulk load.
    They tell an update's old and new rows apart by the key, which is therefore not to change.
    """
    track = pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        model_name=f"{model.__name__}History",
        obj_field=pghistory.ObjForeignKey(related_name="history", related_query_name="history"),
        level=pgtrigger.Statement,
    )
    key = model._meta.pk.column
    fixed_key = pgtrigger.Protect(
        name="key_is_fixed",
        operation=pgtrigger.UpdateOf(model._meta.pk.name),
        condition=pgtrigger.Condition(f'OLD."{key}" IS DISTINCT FROM NEW."{key}"'),
    )
    return pgtrigger.register(fixed_key)(track(model))


class _Ordinate(models.Func):
    output_field = models.FloatField()


class _IsEmpty(models.Func):  # GeoDjango's own refuses the NULL that a form may hold
    function = "ST_IsEmpty"
    output_field = models.BooleanField()


def coordinates_in_range(field: str, name: str) -> models.CheckConstraint:
    """A point has a longitude in ±180° and a latitude in ±90°; NULL passes, POINT EMPTY not."""
    lon, lat = _Ordinate(field, function="ST_X"), _Ordinate(field, function="ST_Y")
    return models.CheckConstraint(
        condition=~models.Q(_IsEmpty(field))
        & models.Q(GreaterThanOrEqual(lon, -180.0))
        & models.Q(LessThanOrEqual(lon, 180.0))
        & models.Q(GreaterThanOrEqual(lat, -90.0))
        & models.Q(LessThanOrEqual(lat, 90.0)),
        name=name,
        violation_error_message=_("经度应在 -180…180 之间,纬度应在 -90…90 之间。"),
    )


def one_of(field: str, choices: type[models.TextChoices], name: str) -> models.CheckConstraint:
    """The database itself knows the list of choices. A blank must be listed to be allowed."""
    return models.CheckConstraint(
        condition=models.Q(**{f"{field}__in": list(choices.values)}), name=name
    )


def some_of(field: str, choices: type[models.TextChoices], name: str) -> models.CheckConstraint:
    """Every element of an array field is one of the choices."""
    return models.CheckConstraint(
        condition=models.Q(**{f"{field}__contained_by": list(choices.values)}), name=name
    )


# Letters, signs and variation selectors of the Mongolian block, and the spaces between suffixes.
MONGOLIAN = r"^[\u1800-\u180f\u1820-\u18aa\u202f\u200c\u200d 0-9]*$"


def mongolian_name(model: str) -> list[models.CheckConstraint]:
    """A name in Mongolian is written in Mongolian letters, and says where it comes from."""
    return [
        models.CheckConstraint(
            condition=models.Q(name_mn__regex=MONGOLIAN),
            name=f"{model}_name_mn_in_script",
            violation_error_message=_(
                "蒙古文名应是传统蒙古文字母(如 ᠪᠤᠭᠤᠲᠤ),不是西里尔字母或拼音。"
            ),
        ),
        models.CheckConstraint(
            condition=models.Q(name_mn="") | ~models.Q(name_mn_source=""),
            name=f"{model}_name_mn_has_source",
            violation_error_message=_("填了蒙古文名,就要写明它的来源。"),
        ),
    ]


class _MatchesJsonPath(models.Func):
    function = "jsonb_path_match"
    output_field = models.BooleanField()


def json_or_null(field: str) -> models.Func:
    """A JSON field, where JSON's null is the database's NULL: a form's None is the former."""
    null = models.Value("null", output_field=models.TextField())
    return models.Func(field, Cast(null, models.JSONField()), function="NULLIF")


def metres_or_metres_each(
    field: str, choices: type[models.TextChoices], name: str
) -> models.CheckConstraint:
    """A JSON field holds a positive number, or an object of them whose keys are choices."""
    path = (
        '($.type() == "number" && $ > 0) || ($.type() == "object" && exists($.keyvalue()) && '
        f'!exists($.keyvalue() ? (!(@.key like_regex "^({"|".join(choices.values)})$" && '
        '@.value.type() == "number" && @.value > 0))))'
    )
    return models.CheckConstraint(
        condition=_MatchesJsonPath(json_or_null(field), models.Value(f"strict {path}")),
        name=name,
        violation_error_message=_(
            '距离应是一个正数(米),或每种区域类型一个正数,如 {"urban": 1000, "herding": 20000}。'
        ),
    )


def plain_code(name: str) -> models.CheckConstraint:
    """A code is fit for addresses and files: letters, digits, - and _, no dash at its start."""
    return models.CheckConstraint(
        condition=models.Q(code__regex=PLAIN_CODE),
        name=name,
        violation_error_message=PLAIN_CODE_ONLY,
    )


def choice_array(
    choices: type[models.TextChoices], verbose_name: str, **options: object
) -> ArrayField:
    """A list of choices, empty by default."""
    base = models.CharField(max_length=20, choices=choices)
    return ArrayField(base, default=list, blank=True, verbose_name=verbose_name, **options)


ANY_CHANGE = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete | pgtrigger.Truncate


def notes_change(
    name: str,
    operation: pgtrigger.Operation = ANY_CHANGE,
    condition: pgtrigger.Condition | None = None,
    *,
    table: str = "changed",
) -> pgtrigger.Trigger:
    """Append the table's name to `changed` once a statement, whoever runs it (ORM, COPY, psql)."""
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        condition=condition,
        func=f"INSERT INTO {table} (source, at) VALUES (TG_TABLE_NAME, now()); RETURN NULL;",  # noqa: S608
    )


def notes_renaming(name: str, *columns: str) -> pgtrigger.Trigger:
    """The same to `names_changed`, where something is found by other names, or on other days."""
    operation = pgtrigger.Insert | pgtrigger.UpdateOf(*columns) | pgtrigger.Delete
    return notes_change(name, operation | pgtrigger.Truncate, table="names_changed")


def former_names() -> models.CharField:
    """The names that something had before; it is found by them too."""
    return models.CharField(
        _("曾用名"),
        max_length=200,
        blank=True,
        default="",
        db_default="",
        help_text=_("多个用分号隔开。"),
    )
