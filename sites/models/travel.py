"""How fast people get about, and what a routing server has answered."""

import pgtrigger
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sites.choices import Setting
from sites.fields import notes_change, recorded
from sites.travel import MONTHS, Speed

MONTH = (MinValueValidator(1), MaxValueValidator(MONTHS))


@recorded
class TravelSpeed(models.Model):
    """Speed along the road and detour in an area of a setting (blank: any) in a season."""

    setting = models.CharField(
        _("区域类型"),
        max_length=10,
        choices=Setting,
        blank=True,
        help_text=_("留空:各种区域类型"),
    )
    first_month = models.PositiveSmallIntegerField(_("从几月"), default=1, validators=MONTH)
    last_month = models.PositiveSmallIntegerField(
        _("到几月"), default=MONTHS, validators=MONTH, help_text=_("可以跨年,如 11 月到 3 月")
    )
    speed_kmh = models.FloatField(_("速度(公里/时)"))
    detour = models.FloatField(_("绕行系数"), help_text=_("道路里程是直线距离的几倍"))
    source = models.CharField(_("依据"), max_length=300)

    class Meta:
        verbose_name = _("路程速度")
        verbose_name_plural = pgettext_lazy("plural", "路程速度")
        ordering = ["setting", "first_month", "last_month"]
        triggers = [notes_change("travel_speed_changed")]
        constraints = [
            models.UniqueConstraint(
                fields=["setting", "first_month", "last_month"], name="travel_speed_one_a_season"
            ),
            models.CheckConstraint(
                condition=Q(setting__in=["", *Setting.values]), name="travel_speed_setting_known"
            ),
            models.CheckConstraint(
                condition=Q(first_month__range=(1, MONTHS), last_month__range=(1, MONTHS)),
                name="travel_speed_months",
                violation_error_message=_("月份应在 1 到 12 之间。"),
            ),
            models.CheckConstraint(
                condition=Q(speed_kmh__gt=0, speed_kmh__lte=200, detour__gte=1, detour__lte=10),
                name="travel_speed_sensible",
                violation_error_message=_(
                    "速度应大于 0、不超过 200 公里/时,绕行系数应在 1 到 10 之间。"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_setting_display() or '*'} {self.first_month}–{self.last_month}"

    def as_speed(self) -> Speed:
        """The row as the computation takes it."""
        return Speed(
            self.speed_kmh,
            self.detour,
            self.setting,
            self.first_month,
            self.last_month,
            self.source,
        )


class TravelTime(models.Model):
    """Minutes by road that a routing server has answered; null where no road leads.

    Points are in hundred-thousandths of a degree (about a metre). Delete rows to ask anew.
    """

    profile = models.CharField(max_length=500)
    from_lon = models.IntegerField()
    from_lat = models.IntegerField()
    to_lon = models.IntegerField()
    to_lat = models.IntegerField()
    minutes = models.FloatField(null=True)

    class Meta:
        triggers = [notes_change("travel_time_lost", pgtrigger.Delete | pgtrigger.Truncate)]
        constraints = [
            models.UniqueConstraint(
                fields=["from_lon", "from_lat", "to_lon", "to_lat", "profile"],
                name="travel_time_once",
            ),
            models.CheckConstraint(
                condition=Q(minutes=None) | Q(minutes__gte=0), name="travel_time_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_lon},{self.from_lat}→{self.to_lon},{self.to_lat}: {self.minutes}"
