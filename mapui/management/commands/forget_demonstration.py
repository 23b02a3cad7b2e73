"""manage.py forget_demonstration: real data only, from now on."""

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from events import demonstration


class Command(BaseCommand):
    help = "Delete every demonstration record, or none where real records rest on some."

    def handle(self, **options: object) -> None:
        try:
            counts = demonstration.forget()
        except demonstration.StillNeeded as mistake:
            raise CommandError(str(mistake)) from mistake
        told = _("、").join(f"{name} {count}" for name, count in counts.items() if count)
        self.stdout.write(_("已删除演示记录:%(told)s。") % {"told": told or 0})
