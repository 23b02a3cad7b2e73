"""manage.py load_fixtures: the data set in fixtures/, once, its events moved to around today."""

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from mapui import fixtures
from sites.models import Region


class Command(BaseCommand):
    help = (
        "Load the data set of fixtures/ into an empty database, or add what is new in it to a "
        "demonstration; does nothing in any other."
    )

    def handle(self, **options: object) -> None:
        if not Region.objects.exists():
            fixtures.load(self._say)
            self.stdout.write(_("示例数据已装入。"))
        elif fixtures.is_behind():
            fixtures.catch_up(self._say)
            self.stdout.write(_("示例数据已补上新增的部分;改过的没有动。"))
        else:
            self.stdout.write(_("数据库里已有数据,没有装入示例数据。"))

    def _say(self, file: str) -> None:
        self.stdout.write(_("装入 %(file)s …") % {"file": file})
        self.stdout.flush()
