"""Who may edit which counties."""

from django.conf import settings
from django.contrib.gis.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sites.models.places import Region


class CountyRight(models.Model):
    """A user may edit what lies in this division (a county; 1502 is the whole city)."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="county_rights",
        verbose_name=_("用户"),
    )
    region = models.ForeignKey(Region, models.CASCADE, verbose_name=_("区划"))

    class Meta:
        verbose_name = _("区划权限")
        verbose_name_plural = pgettext_lazy("plural", "区划权限")
        constraints = [models.UniqueConstraint(fields=["user", "region"], name="county_right_once")]

    def __str__(self) -> str:
        return f"{self.user} · {self.region}"
