"""manage.py export KIND FILE: records into a CSV, XLSX or GeoJSON file that imports again."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from mapui.kinds import KINDS
from sites.errors import UnknownFormat, reason
from sites.importing import export


class Command(BaseCommand):
    help = "Export records to a CSV, XLSX or GeoJSON file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=KINDS)
        parser.add_argument("file", type=Path)

    def handle(self, **options: object) -> None:
        path = Path(str(options["file"]))
        try:
            count = export(KINDS[str(options["kind"])], path)
        except UnknownFormat as mistake:
            raise CommandError(str(mistake)) from mistake
        except OSError as error:
            why = {"path": path, "why": reason(error)}
            raise CommandError(_("写不了 %(path)s:%(why)s") % why) from error
        self.stdout.write(_("已导出 %(n)d 条到 %(path)s") % {"n": count, "path": path})
