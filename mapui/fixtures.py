"""The data set in fixtures/: loaded once, its times moved to around today, and caught up with later."""

import csv
import datetime
import functools
import json
from collections.abc import Callable, Iterable
from pathlib import Path

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import connection, transaction
from django.db.models import BooleanField, DateField, Field, Min, Model

from events.importing import EVENTS
from events.models import Team, VisitRequest
from events.shifting import WEEK, Times, shift
from mapui.kinds import KINDS
from mapui.models import LoadedFixtures
from sites import clock
from sites.choices import Source
from sites.importing import apply_rows, run
from sites.importing.values import is_blank, items, parse_boolean, parse_moment
from sites.models import Region, Remark, Site, Village

FOLDER = settings.BASE_DIR / "fixtures"
# 2 added what demonstration places show, and messages.
VERSION = 2
FILES = {
    "regions.csv": "regions",
    "boundaries.geojson": "regions",
    "organs.csv": "organs",
    "villages.csv": "villages",
    "standards.csv": "standards",
    "sites.csv": "sites",
    "troupes.csv": "troupes",
    "programmes.csv": "programmes",
    "lodgings.csv": "lodgings",
    "occasions.csv": "occasions",
}
# Of these no office keeps a list with codes: they are no kinds to import.
OTHERS: dict[str, type[Model]] = {"teams.csv": Team}
MESSAGES: dict[str, type[Model]] = {"remarks.csv": Remark, "requests.csv": VisitRequest}
SHOWN_SINCE_2 = ("facilities", "topics", "languages")

Say = Callable[[str], None]


@transaction.atomic
def load(say: Say) -> None:
    """Fill an empty database; `say` is told the name of each file."""
    today = clock.today()
    for file, kind in FILES.items():
        say(file)
        run(KINDS[kind], FOLDER / file)
    for file, model in OTHERS.items():
        say(file)
        model._default_manager.bulk_create(records(FOLDER / file, model))
    say("events.csv")
    apply_rows(EVENTS, events(FOLDER, today), name="events.csv")
    _load_messages(say, today, today)
    _note_version()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # or the first queries would be planned for empty tables


def is_behind() -> bool:
    """Whether the database holds an older version, and neither a place nor a village that is real."""
    if LoadedFixtures.objects.filter(version__gte=VERSION).exists():
        return False
    real = (kind.objects.filter(source=Source.OFFICIAL).exists() for kind in (Site, Village))
    return Site.objects.filter(source=Source.DEMONSTRATION).exists() and not any(real)


@transaction.atomic
def catch_up(say: Say) -> None:
    """Add what the files have since the version in the database.

    What somebody wrote in, deleted or moved stays as it is: only blanks are filled, and only
    kinds of records are added that had none.
    """
    say("sites.csv")
    _fill_blanks(FOLDER / "sites.csv", Site, SHOWN_SINCE_2)
    made = Region._meta.get_field("history").related_model.objects
    loaded = made.aggregate(first=Min("pgh_created_at"))["first"]
    _load_messages(say, clock.today(), clock.day_of(loaded or clock.now()))
    _note_version()


def _note_version() -> None:
    LoadedFixtures.objects.update_or_create(pk=1, defaults={"version": VERSION})


def _fill_blanks(path: Path, model: type[Model], names: Iterable[str]) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        rows = {row["code"]: row for row in csv.DictReader(file)}
    found = model._default_manager.filter(source=Source.DEMONSTRATION, pk__in=rows)
    changed = []
    for record in found.only("pk", *names):
        blank = [name for name in names if not getattr(record, name) and rows[record.pk][name]]
        for name in blank:
            setattr(record, *_value(model, name, rows[record.pk][name]))
        changed += [record] if blank else []
    model._default_manager.bulk_update(changed, names)


def _load_messages(say: Say, today: datetime.date, loaded: datetime.date) -> None:
    """Messages of the last weeks, of a kind that has none; those that an event answers, of the weeks before it.

    `loaded`: the day around which the events in the database are.
    """
    missing = {f: m for f, m in MESSAGES.items() if not m._default_manager.exists()}
    for file, model in missing.items():
        say(file)
        found = records(FOLDER / file, model)
        for record in found:
            _move(record, loaded if getattr(record, "event_id", None) else today)
        model._default_manager.bulk_create(_with_all_they_name(found, model))


def _move(record: Model, today: datetime.date) -> None:
    """By the whole weeks that events move by."""
    by = (today - _reference_day()).days // 7 * WEEK
    for field in record._meta.concrete_fields:
        value = getattr(record, field.attname)
        if isinstance(field, DateField) and value:
            setattr(record, field.attname, value + by)


def _with_all_they_name(found: list[Model], model: type[Model]) -> list[Model]:
    """Those whose every place, troupe and event is still in the database."""
    for field in (each for each in model._meta.concrete_fields if each.is_relation):
        wanted = {getattr(record, field.attname) for record in found} - {None}
        there = field.related_model._default_manager.filter(pk__in=wanted)
        known = {None, *there.values_list("pk", flat=True)}
        found = [record for record in found if getattr(record, field.attname) in known]
    return found


def records(path: Path, model: type[Model]) -> list[Model]:
    """The rows of a file of ours as new records; columns that the model lacks are left out."""
    names = {field.name for field in model._meta.concrete_fields}
    with path.open(encoding="utf-8", newline="") as file:
        rows = [{k: v for k, v in row.items() if k in names} for row in csv.DictReader(file)]
    return [model(**dict(_value(model, *cell) for cell in row.items() if cell[1])) for row in rows]


def _value(model: type[Model], name: str, cell: str) -> tuple[str, object]:
    """A field's attribute and its value from a cell that is not blank."""
    field: Field = model._meta.get_field(name)
    if isinstance(field, ArrayField):
        return name, [field.base_field.to_python(item) for item in items(cell)]
    if isinstance(field, BooleanField):
        return name, parse_boolean(cell)
    return field.attname, cell if field.is_relation else field.to_python(cell)


def events(folder: Path, today: datetime.date) -> list[dict[str, object]]:
    """The rows of events.csv with their times moved as reference.json says."""
    with (folder / "events.csv").open(encoding="utf-8", newline="") as file:
        rows: list[dict[str, object]] = list(csv.DictReader(file))
    moved = shift(
        [_times(row) for row in rows],
        _reference_day(),
        today,
        _reference()["dated_campaigns"],
    )
    for row, times in zip(rows, moved, strict=True):
        row |= {name: getattr(times, name) for name in ("starts_at", "ends_at", "held_at")}
    return rows


@functools.cache
def _reference() -> dict:
    return json.loads((FOLDER / "reference.json").read_text(encoding="utf-8"))


def _reference_day() -> datetime.date:
    return datetime.date.fromisoformat(_reference()["reference_day"])


def _times(row: dict[str, object]) -> Times:
    held = row["held_at"]
    return Times(
        parse_moment(row["starts_at"]),
        parse_moment(row["ends_at"]),
        None if is_blank(held) else parse_moment(held),
        str(row["status"]),
        str(row["campaign"]),
    )
