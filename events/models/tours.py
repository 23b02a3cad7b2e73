"""Tours: a troupe's teams, day by day, stop by stop, and how they came to be so."""

import datetime

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.choices import Nights, StopState, TourStatus
from events.models.ground import Lodging
from events.models.happenings import Event, Programme, Troupe
from sites.choices import CODE_LENGTH
from sites.fields import one_of
from sites.models import Site, Village

MAX_DAYS, MAX_TEAMS = 14, 6  # what one tour may ask for
MAX_SECONDS = 120


class Tour(models.Model):
    """A troupe's tour of some days, from the wish (`queued`) to its events (`confirmed`).

    `rules`: what else the leader asks for (see `events.tours.rules`). `left_out`: objects of village,
    code, detail. `progress`: what the page shows while it is planned. `version` counts the edits,
    so that two leaders do not overwrite each other's. `origin`: the tour that this is a variant of.
    `approvals`: {what: {"state", "note", "date"}}, as far as they are known.
    """

    name = models.CharField(_("名称"), max_length=100)
    troupe = models.ForeignKey(
        Troupe, models.PROTECT, related_name="tours", verbose_name=_("演出队")
    )
    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="tours", verbose_name=_("节目")
    )
    region = models.CharField(
        _("范围"), max_length=max(CODE_LENGTH.values()), blank=True, help_text=_("区划代码")
    )
    start = models.DateField(_("第一天"))
    days = models.PositiveSmallIntegerField(
        _("天数"), validators=[MinValueValidator(1), MaxValueValidator(MAX_DAYS)]
    )
    teams = models.PositiveSmallIntegerField(
        _("队数"), default=1, validators=[MinValueValidator(1), MaxValueValidator(MAX_TEAMS)]
    )
    nights = models.CharField(_("住宿"), max_length=5, choices=Nights, default=Nights.AWAY)
    seconds = models.FloatField(_("计算时间(秒)"), default=10.0)
    rules = models.JSONField(_("要求"), default=dict, blank=True)
    status = models.CharField(
        _("状态"), max_length=10, choices=TourStatus, default=TourStatus.QUEUED
    )
    value = models.IntegerField(_("价值"), null=True)
    left_out = models.JSONField(_("没有安排的村"), default=list)
    progress = models.JSONField(_("进度"), default=dict)
    failure = models.TextField(_("没有成功的原因"), blank=True)
    travel = models.CharField(_("路程依据"), max_length=500, blank=True)
    origin = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="variants",
        verbose_name=_("出自"),
    )
    version = models.PositiveIntegerField(default=1)
    approvals = models.JSONField(_("报批"), default=dict, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, verbose_name=_("作者")
    )
    made_at = models.DateTimeField(_("建立时间"))
    confirmed_at = models.DateTimeField(_("确认时间"), null=True)

    class Meta:
        verbose_name = _("巡演")
        verbose_name_plural = pgettext_lazy("plural", "巡演")
        ordering = ["-start", "-pk"]
        constraints = [
            one_of("status", TourStatus, "tour_status_known"),
            one_of("nights", Nights, "tour_nights_known"),
            models.CheckConstraint(
                condition=Q(days__range=(1, MAX_DAYS), teams__range=(1, MAX_TEAMS)),
                name="tour_of_a_size",
            ),
            models.CheckConstraint(
                condition=Q(seconds__gt=0, seconds__lte=MAX_SECONDS), name="tour_seconds"
            ),
            models.CheckConstraint(
                condition=~Q(status=TourStatus.CONFIRMED) | Q(confirmed_at__isnull=False),
                name="tour_confirmed_at",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def last(self) -> datetime.date:
        """The last day."""
        return self.start + datetime.timedelta(days=self.days - 1)

    @property
    def dates(self) -> list[datetime.date]:
        """Every day, in order."""
        return [self.start + datetime.timedelta(days=day) for day in range(self.days)]


class TourDay(models.Model):
    """A team's day on the road, from where it slept to where it will sleep.

    `resumes_at`: when it goes on, on a day whose rest was planned anew.
    """

    tour = models.ForeignKey(Tour, models.CASCADE, related_name="team_days")
    team = models.PositiveSmallIntegerField(_("队"))
    date = models.DateField(_("日期"))
    leaves_at = models.DateTimeField(_("出发"))
    back_at = models.DateTimeField(_("到达住处"))
    drive_min = models.PositiveSmallIntegerField(_("到住处(分钟)"), default=0)
    drive_m = models.PositiveIntegerField(_("到住处(米)"), default=0)
    drive_estimated = models.BooleanField(_("到住处的分钟数是估算"), default=False)
    sleeps_at = models.ForeignKey(
        Lodging, models.PROTECT, null=True, related_name="+", verbose_name=_("住")
    )
    bed_pinned = models.BooleanField(_("住处已定"), default=False)
    resumes_at = models.DateTimeField(_("重新出发"), null=True)
    broken = models.JSONField(_("不合的要求"), default=list)

    class Meta:
        ordering = ["date", "team"]
        constraints = [
            models.UniqueConstraint(fields=["tour", "team", "date"], name="tour_day_once"),
            models.CheckConstraint(
                condition=Q(back_at__gte=F("leaves_at")), name="tour_day_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.team}"


class Stop(models.Model):
    """A visit of a tour. `why`: what the visit is worth and why it is on that day, as figures."""

    tour = models.ForeignKey(Tour, models.CASCADE, related_name="stops")
    day = models.ForeignKey(TourDay, models.CASCADE, related_name="stops")
    order = models.PositiveSmallIntegerField(_("第几站"))
    village = models.ForeignKey(
        Village, models.PROTECT, related_name="stops", verbose_name=_("村(社区)")
    )
    site = models.ForeignKey(
        Site, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("场所")
    )
    arrive = models.DateTimeField(_("到达"))
    begin = models.DateTimeField(_("布置开始"))
    leave = models.DateTimeField(_("离开"))
    drive_min = models.PositiveSmallIntegerField(_("车程(分钟)"))
    drive_m = models.PositiveIntegerField(_("车程(米)"))
    drive_estimated = models.BooleanField(_("车程是估算"), default=False)
    value = models.IntegerField(_("价值"))
    why = models.JSONField(_("为什么"), default=dict)
    broken = models.JSONField(_("不合的要求"), default=list)
    pinned = models.BooleanField(_("已固定"), default=False)
    state = models.CharField(_("村里"), max_length=10, choices=StopState, default=StopState.TO_CALL)
    note = models.CharField(_("备注(内部)"), max_length=300, blank=True)
    event = models.OneToOneField(
        Event, models.SET_NULL, null=True, blank=True, related_name="stop", verbose_name=_("活动")
    )

    class Meta:
        verbose_name = _("站点")
        verbose_name_plural = pgettext_lazy("plural", "站点")
        ordering = ["day", "order"]
        constraints = [
            one_of("state", StopState, "stop_state_known"),
            models.UniqueConstraint(
                fields=["tour", "village"],
                name="stop_once_a_village",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                condition=Q(begin__gte=F("arrive"), leave__gte=F("begin")),
                name="stop_times_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.village} {self.arrive:%m-%d %H:%M}"


class CalledOff(models.Model):
    """A stop that a confirmed tour no longer has, and its cancelled event: what may be revived."""

    tour = models.ForeignKey(Tour, models.CASCADE, related_name="called_off")
    village = models.ForeignKey(Village, models.CASCADE, related_name="+")
    event = models.OneToOneField(Event, models.CASCADE, related_name="called_off")
    team = models.PositiveSmallIntegerField(_("队"))

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["tour", "village"], name="called_off_once_a_village")
        ]

    def __str__(self) -> str:
        return f"{self.tour} {self.village}"


class TourVersion(models.Model):
    """A tour's plan as it was before an edit, so that the edit can be undone."""

    tour = models.ForeignKey(Tour, models.CASCADE, related_name="versions")
    version = models.PositiveIntegerField()
    label = models.CharField(_("改动"), max_length=100)
    plan = models.JSONField()
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["tour", "version"], name="tour_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.tour} {self.version}"
