"""manage.py import KIND FILE: records from a CSV, XLSX or GeoJSON file, all of them or none."""

from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from mapui.kinds import KINDS
from sites.crs import CRS
from sites.errors import ImportRejected, Problem, reason
from sites.importing import Result, report, run

SHOWN = 1_000


class Command(BaseCommand):
    help = "Import records from a CSV, XLSX or GeoJSON file: all rows or none."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=KINDS)
        parser.add_argument("file", type=Path)
        parser.add_argument("--crs", choices=[crs.value for crs in CRS], default=CRS.WGS84.value)
        parser.add_argument("--dry-run", action="store_true", help="check only, write nothing")
        parser.add_argument("--skip-bad", action="store_true", help="leave bad rows out")
        parser.add_argument("--report", type=Path, help="write the problems to this .xlsx file")

    def handle(self, **options: object) -> None:
        kind = KINDS[str(options["kind"])]
        chosen = {name: options[name] for name in ("crs", "dry_run", "skip_bad")}
        try:
            result = run(kind, options["file"], **chosen)
        except ImportRejected as rejected:
            self._tell(rejected.problems, options["report"])
            count = {"n": len(rejected.problems)}
            raise CommandError(_("有 %(n)d 处问题,什么都没有写入。") % count) from rejected
        self.stdout.write(_summary(result, dry_run=bool(options["dry_run"])))
        self._tell([*result.problems, *result.notes], options["report"])

    def _tell(self, problems: Sequence[Problem], path: Path | None) -> None:
        for problem in problems[:SHOWN]:
            self.stderr.write(str(problem))
        if len(problems) > SHOWN:
            self.stderr.write(_("……还有 %(n)d 处") % {"n": len(problems) - SHOWN})
        if path:
            self._report(problems, path)

    def _report(self, problems: Sequence[Problem], path: Path) -> None:
        try:
            path.write_bytes(report(problems))
        except OSError as error:
            why = {"path": path, "why": reason(error)}
            raise CommandError(_("写不了 %(path)s:%(why)s") % why) from error
        self.stderr.write(_("问题已写入 %(path)s") % {"path": path})


def _summary(result: Result, *, dry_run: bool) -> str:
    numbers = vars(result)
    done = _("新增 %(created)d,更新 %(updated)d,未变 %(unchanged)d,跳过 %(skipped)d。") % numbers
    return (_("试运行,没有写入:") if dry_run else "") + done
