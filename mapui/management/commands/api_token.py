"""manage.py api_token USERNAME: a bearer token, shown once."""

from argparse import ArgumentParser

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from mapui.models import ApiToken


class Command(BaseCommand):
    help = "Make a bearer token for a user and print it; it is kept nowhere."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")

    def handle(self, *, username: str, **options: object) -> None:
        user = get_user_model().objects.filter(username=username, is_active=True).first()
        if user is None:
            raise CommandError(
                _("没有名为“%(name)s”的有效用户,可用 add_user 添加。") % {"name": username}
            )
        self.stdout.write(ApiToken.issue(user))
