"""`manage.py forget_senders`: delete what is known of those who sent messages long ago."""

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from sites import clock, senders


class Command(BaseCommand):
    """For a timer; the queue and every new message do the same."""

    help = "Delete contacts and marks of senders that are older than 90 days."

    def handle(self, **_options: object) -> None:
        """Delete them, and say how many."""
        count = senders.forget(clock.now())
        self.stdout.write(_("已删除 %(n)d 条联系方式和标记。") % {"n": count})
