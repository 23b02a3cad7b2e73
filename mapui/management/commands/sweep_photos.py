"""`manage.py sweep_photos`: delete the files of photos that no record names."""

from django.core.management.base import BaseCommand
from django.utils.translation import ngettext

from sites import clock, photos


class Command(BaseCommand):
    """For a timer; what is deleted in the admin and on pages takes its files along."""

    help = "Delete files of photos that no record has named for a day."

    def handle(self, **_options: object) -> None:
        """Delete them, and say how many."""
        count = photos.sweep(clock.now())
        said = ngettext(
            "已删除 %(n)d 个没有记录的照片文件。", "已删除 %(n)d 个没有记录的照片文件。", count
        )
        self.stdout.write(said % {"n": count})
