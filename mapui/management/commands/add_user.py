"""manage.py add_user USERNAME --group GROUP: someone who may sign in, with a random password."""

import secrets
from argparse import ArgumentParser

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from sites.access import IN_DIVISIONS, ROLES
from sites.models import CountyRight, Region


class Command(BaseCommand):
    help = "Add a user to a group; the password is shown once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--group", required=True, choices=ROLES)
        parser.add_argument("--county", help="code of the division that a steward may edit")

    def handle(self, *, username: str, group: str, county: str | None, **options: object) -> None:
        region = _region(group, county)
        password = secrets.token_urlsafe(12)
        user = get_user_model()(username=username, is_staff=True)
        user.set_password(password)
        try:
            user.full_clean()
        except ValidationError as error:
            raise CommandError(_sentence(username, error)) from error
        with transaction.atomic():
            user.save()
            user.groups.add(Group.objects.get(name=group))
            if region:
                CountyRight.objects.create(user=user, region=region)
        told = {"name": username, "password": password}
        self.stdout.write(_("已添加用户 %(name)s,密码(只显示这一次):%(password)s") % told)


def _region(group: str, county: str | None) -> Region | None:
    """The division that the user will be limited to; a steward has one, the others none."""
    if group not in IN_DIVISIONS:
        if county:
            raise CommandError(_("--county 只用于 steward。"))
        return None
    if not county:
        raise CommandError(_("steward 需要 --county,如 --county 150203。"))
    region = Region.objects.filter(code=county).first()
    if region is None:
        raise CommandError(_("没有代码为“%(code)s”的区划。") % {"code": county})
    return region


def _sentence(username: str, error: ValidationError) -> str:
    return _("不能添加用户“%(name)s”:%(why)s") % {"name": username, "why": " ".join(error.messages)}
