"""manage.py export_map OUT.html: the coverage board as one file that opens without a network."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from mapui.exports.gathering import gather
from mapui.exports.portable import portable
from mapui.problems import Missing
from sites import clock
from sites.errors import reason


class Command(BaseCommand):
    help = "Write the interactive map of a standard as one HTML file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--region", default="", help="only the division with this code")
        parser.add_argument("--standard", default="active", help="code of a standard")

    def handle(self, *, file: Path, region: str, standard: str, **options: object) -> None:
        try:
            page = portable(gather(standard, region, clock.today())).encode()
            file.write_bytes(page)
        except Missing as mistake:
            raise CommandError(str(mistake)) from mistake
        except OSError as error:
            why = {"path": file, "why": reason(error)}
            raise CommandError(_("写不了 %(path)s:%(why)s") % why) from error
        told = {"path": file, "kb": round(len(page) / 1000)}
        self.stdout.write(_("已写入 %(path)s,%(kb)d KB,不联网也能打开。") % told)
