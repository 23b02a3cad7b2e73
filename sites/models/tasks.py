"""What is to be done so that a scenario becomes true."""

import datetime
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.gis.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sites.choices import SiteKind, Tier
from sites.fields import coordinates_in_range, one_of, recorded
from sites.models.places import Site, Village
from sites.models.scenarios import Scenario


class TaskKind(models.TextChoices):
    """In the order in which they are done at one place."""

    CHECK_PLACE = "check_place", _("核对场所")
    BUILD_PLACE = "build_place", _("建场所")
    HOLD_EVENT = "hold_event", _("办活动")


@recorded
class Task(models.Model):
    """One thing to do at one place of a scenario; done on the day that `done_on` says.

    `place`: the place in words, as it was when the task was made. `site_kind`, `tier`: of a place
    to be built. A scenario has a task of a kind once at a point.
    """

    scenario = models.ForeignKey(
        Scenario, models.CASCADE, related_name="tasks", verbose_name=_("方案")
    )
    kind = models.CharField(_("事项"), max_length=12, choices=TaskKind)
    place = models.CharField(_("地点"), max_length=200)
    point = models.PointField(_("位置"))
    village = models.ForeignKey(
        Village, models.SET_NULL, null=True, blank=True, verbose_name=_("村(社区)")
    )
    site = models.ForeignKey(Site, models.SET_NULL, null=True, blank=True, verbose_name=_("场所"))
    site_kind = models.CharField(_("类型"), max_length=10, choices=SiteKind, blank=True)
    tier = models.CharField(_("级别"), max_length=10, choices=Tier, blank=True)
    who = models.CharField(_("谁来办"), max_length=60, blank=True)
    due_on = models.DateField(_("期限"), null=True, blank=True)
    done_on = models.DateField(_("办完日期"), null=True, blank=True)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, verbose_name=_("登记人")
    )

    class Meta:
        verbose_name = _("任务")
        verbose_name_plural = pgettext_lazy("plural", "任务")
        ordering = ["scenario", "pk"]
        constraints = [
            one_of("kind", TaskKind, "task_kind_known"),
            coordinates_in_range("point", "task_in_range"),
            models.UniqueConstraint(fields=["scenario", "kind", "point"], name="task_once_a_place"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.place}"

    def is_late(self, today: datetime.date) -> bool:
        """Not done, and its day is over."""
        return self.done_on is None and self.due_on is not None and self.due_on < today

    def form_query(self) -> str:
        """What the form of the record to be made is to begin with, as a query string."""
        if self.kind == TaskKind.HOLD_EVENT:
            known = {"status": "planned", "village": self.village_id}
        else:
            known = {
                "kind": self.site_kind,
                "tier": self.tier,
                "location": f"{self.point.x!r}, {self.point.y!r}",
                "village": self.village_id,
                "county": self.village_id and self.village_id[:6],
            }
        return urlencode({name: value for name, value in known.items() if value})
