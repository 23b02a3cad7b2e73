"""manage.py load_fixtures: the data set in fixtures/, once, its events moved to around today."""

import csv
import datetime
import json
from pathlib import Path

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.management.base import BaseCommand
from django.db import connection, transaction
from django.db.models import BooleanField, Model
from django.utils.translation import gettext as _

from events.importing import EVENTS
from events.models import Team
from events.shifting import Times, shift
from mapui.kinds import KINDS
from sites import clock
from sites.importing import apply_rows, run
from sites.importing.values import is_blank, items, parse_boolean, parse_moment
from sites.models import Region

FOLDER = settings.BASE_DIR / "fixtures"
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


class Command(BaseCommand):
    help = "Load the data set of fixtures/ into an empty database; does nothing in any other."

    def handle(self, **options: object) -> None:
        if Region.objects.exists():
            self.stdout.write(_("数据库里已有数据,没有装入示例数据。"))
            return
        with transaction.atomic():
            for file, kind in FILES.items():
                self._say(file)
                run(KINDS[kind], FOLDER / file)
            for file, model in OTHERS.items():
                self._say(file)
                model._default_manager.bulk_create(records(FOLDER / file, model))
            self._say("events.csv")
            apply_rows(EVENTS, events(FOLDER, clock.today()), name="events.csv")
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # or the first queries would be planned for empty tables
        self.stdout.write(_("示例数据已装入。"))

    def _say(self, file: str) -> None:
        self.stdout.write(_("装入 %(file)s …") % {"file": file})
        self.stdout.flush()


def records(path: Path, model: type[Model]) -> list[Model]:
    """The rows of a file of ours as new records; columns that the model lacks are left out."""
    names = {field.name for field in model._meta.concrete_fields}
    with path.open(encoding="utf-8", newline="") as file:
        rows = [{k: v for k, v in row.items() if k in names} for row in csv.DictReader(file)]
    return [model(**dict(_value(model, *cell) for cell in row.items() if cell[1])) for row in rows]


def _value(model: type[Model], name: str, cell: str) -> tuple[str, object]:
    """A field's attribute and its value from a cell that is not blank."""
    field = model._meta.get_field(name)
    if isinstance(field, ArrayField):
        return name, [field.base_field.to_python(item) for item in items(cell)]
    if isinstance(field, BooleanField):
        return name, parse_boolean(cell)
    return field.attname, cell if field.is_relation else field.to_python(cell)


def events(folder: Path, today: datetime.date) -> list[dict[str, object]]:
    """The rows of events.csv with their times moved as reference.json says."""
    reference = json.loads((folder / "reference.json").read_text(encoding="utf-8"))
    with (folder / "events.csv").open(encoding="utf-8", newline="") as file:
        rows: list[dict[str, object]] = list(csv.DictReader(file))
    moved = shift(
        [_times(row) for row in rows],
        datetime.date.fromisoformat(reference["reference_day"]),
        today,
        reference["dated_campaigns"],
    )
    for row, times in zip(rows, moved, strict=True):
        row |= {name: getattr(times, name) for name in ("starts_at", "ends_at", "held_at")}
    return rows


def _times(row: dict[str, object]) -> Times:
    held = row["held_at"]
    return Times(
        parse_moment(row["starts_at"]),
        parse_moment(row["ends_at"]),
        None if is_blank(held) else parse_moment(held),
        str(row["status"]),
        str(row["campaign"]),
    )
