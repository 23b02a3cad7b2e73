"""manage.py refresh_coverage: compute today's facts anew, whatever their state."""

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from sites import clock, freshness


class Command(BaseCommand):
    help = "Evaluate every standard in effect for today, and store the facts."

    def handle(self, **options: object) -> None:
        today = clock.today()
        count = freshness.refresh(today)
        self.stdout.write(_("%(day)s 的覆盖结果 %(count)d 条。") % {"day": today, "count": count})
