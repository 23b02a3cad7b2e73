"""What-ifs that somebody keeps."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sites.fields import recorded
from sites.whatif import Changes, Place


@recorded
class Scenario(models.Model):
    """Places added, removed and moved, under a name; what they change is told anew each time.

    `add`: objects of lon, lat, kind, tier and maybe village. `move`: (lon, lat) by a site's code.
    `version` counts the edits, so that two people do not overwrite each other's.
    """

    name = models.CharField(_("名称"), max_length=100)
    standard = models.SlugField(_("标准编号"), max_length=30)
    note = models.TextField(_("说明"), blank=True, max_length=2000)
    add = models.JSONField(_("新增"), default=list, blank=True)
    remove = ArrayField(
        models.CharField(max_length=30), verbose_name=_("移除"), default=list, blank=True
    )
    move = models.JSONField(_("移动"), default=dict, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, verbose_name=_("作者")
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    saved_at = models.DateTimeField(_("保存时间"))

    class Meta:
        verbose_name = _("方案")
        verbose_name_plural = pgettext_lazy("plural", "方案")
        ordering = ["-saved_at"]

    def __str__(self) -> str:
        return self.name

    def changes(self) -> Changes:
        """What the scenario would change."""
        return Changes(
            tuple(Place(**place) for place in self.add),
            frozenset(self.remove),
            {code: (lon, lat) for code, (lon, lat) in self.move.items()},
        )
