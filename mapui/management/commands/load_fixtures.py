"""manage.py load_fixtures: the data set in fixtures/, once, its events moved to around today."""

import csv
import datetime
import json
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection, transaction
from django.utils.translation import gettext as _

from events.importing import EVENTS
from events.shifting import Times, shift
from mapui.kinds import KINDS
from sites import clock
from sites.importing import apply_rows, run
from sites.importing.values import is_blank, parse_moment
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
}


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
            self._say("events.csv")
            apply_rows(EVENTS, events(FOLDER, clock.today()), name="events.csv")
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # or the first queries would be planned for empty tables
        self.stdout.write(_("示例数据已装入。"))

    def _say(self, file: str) -> None:
        self.stdout.write(_("装入 %(file)s …") % {"file": file})
        self.stdout.flush()


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
