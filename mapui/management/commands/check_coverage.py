"""manage.py check_coverage: do the stored facts agree with PostGIS?"""

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from sites import clock, crosscheck, freshness
from sites.models import Coverage

SHOWN = 20  # differences, of however many


class Command(BaseCommand):
    help = "Recompute today's coverage independently in SQL; exit 1 where anything differs."

    def handle(self, **options: object) -> None:
        today = clock.today()
        freshness.ensure_fresh(today, wait=True)
        differences = crosscheck.differences(today)
        for standard in crosscheck.skipped(today):
            words = _("标准 %(standard)s 由路网服务判定,未用 SQL 复核。")
            self.stdout.write(words % {"standard": standard.code})
        for line in differences[:SHOWN]:
            self.stdout.write(line)
        if differences:
            raise CommandError(_("有 %(count)d 处不一致。") % {"count": len(differences)})
        count = Coverage.objects.count()
        self.stdout.write(_("%(count)d 条覆盖结果全部一致,差异 0。") % {"count": count})
