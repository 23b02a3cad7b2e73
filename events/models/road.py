"""What comes in from the road, kept so that it counts once."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from events.models.happenings import Event


class HeldReport(models.Model):
    """A press of 已举办 on a phone, by the number that the phone gave it."""

    uuid = models.UUIDField(_("编号"), unique=True)
    event = models.ForeignKey(
        Event, models.CASCADE, related_name="held_reports", verbose_name=_("活动")
    )
    received_at = models.DateTimeField(_("收到时间"))

    class Meta:
        verbose_name = _("路上的记录")
        verbose_name_plural = _("路上的记录")
        ordering = ["received_at"]

    def __str__(self) -> str:
        return f"{self.event_id} {self.uuid}"
