"""manage.py refresh_coverage: compute today's facts anew, whatever their state."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from sites import clock, freshness


class Command(BaseCommand):
    help = "Evaluate every standard in effect for today, and store the facts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "--if-stale",
            action="store_true",
            help="only where something changed, and unless somebody is at it",
        )

    def handle(self, *, if_stale: bool, **options: object) -> None:
        today = clock.today()
        if if_stale:
            freshness.catch_up(today)
            return
        count = freshness.refresh(today)
        self.stdout.write(_("%(day)s 的覆盖结果 %(count)d 条。") % {"day": today, "count": count})
