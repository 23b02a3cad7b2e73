"""What a tour must know beforehand: teams, beds, the villages' calendars and contacts."""

import datetime

from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.choices import Language, OccasionKind
from events.models.happenings import Troupe
from sites.choices import Source
from sites.fields import choice_array, coordinates_in_range, one_of, plain_code, recorded, some_of
from sites.models import Provenance, Region, Village, code_validator

WEEKDAYS = list(range(1, 8))
MONTH_DAYS = list(range(1, 32))


@recorded
class Team(models.Model):
    """One of a troupe's teams: those who travel in one vehicle. A lecturer is a team of one."""

    troupe = models.ForeignKey(
        Troupe, models.CASCADE, related_name="crews", verbose_name=_("演出队")
    )
    number = models.PositiveSmallIntegerField(_("第几队"), validators=[MinValueValidator(1)])
    name = models.CharField(_("名称"), max_length=60)
    people = models.PositiveSmallIntegerField(
        _("队员(人)"), default=8, validators=[MinValueValidator(1)]
    )
    languages = choice_array(Language, _("能演的语言"))
    leaves_at = models.TimeField(_("最早出发"), default=datetime.time(8))
    back_by = models.TimeField(_("最晚回到"), default=datetime.time(19))
    location = models.PointField(
        _("出发点"), null=True, blank=True, help_text=_("留空:演出队的出发点")
    )

    class Meta:
        verbose_name = _("小队")
        verbose_name_plural = pgettext_lazy("plural", "小队")
        ordering = ["troupe", "number"]
        constraints = [
            models.UniqueConstraint(fields=["troupe", "number"], name="team_numbered_once"),
            some_of("languages", Language, "team_languages_known"),
            coordinates_in_range("location", "team_in_range"),
            models.CheckConstraint(
                condition=Q(number__gte=1, people__gte=1),
                name="team_has_people",
                violation_error_message=_("第几队和人数应至少为 1。"),
            ),
            models.CheckConstraint(
                condition=Q(back_by__gt=F("leaves_at")),
                name="team_back_after_it_leaves",
                violation_error_message=_("最晚回到应晚于最早出发。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name


@recorded
class Lodging(Provenance):
    """Where a team can sleep away from home."""

    code = models.CharField(_("编号"), primary_key=True, max_length=30, validators=[code_validator])
    name = models.CharField(_("名称"), max_length=100)
    region = models.ForeignKey(
        Region, models.PROTECT, related_name="lodgings", verbose_name=_("所在区划")
    )
    location = models.PointField(_("位置"))
    position_error_m = models.PositiveIntegerField(_("位置误差(米)"), default=2000)
    beds = models.PositiveSmallIntegerField(_("床位"), validators=[MinValueValidator(1)])
    yuan = models.PositiveIntegerField(_("每床每晚(元)"), null=True, blank=True)
    phone = models.CharField(_("电话(内部)"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("住宿点")
        verbose_name_plural = pgettext_lazy("plural", "住宿点")
        ordering = ["code"]
        constraints = [
            plain_code("lodging_code_plain"),
            one_of("source", Source, "lodging_source_known"),
            coordinates_in_range("location", "lodging_in_range"),
            models.CheckConstraint(
                condition=Q(beds__gte=1),
                name="lodging_has_a_bed",
                violation_error_message=_("床位应至少为 1。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name


@recorded
class Occasion(Provenance):
    """A line of the local calendar: when a village or a whole division can(not) be visited.

    It holds from `first` to `last` (each year again where `yearly`), on the weekdays (1 Monday …
    7 Sunday) and days of the month that it names, an empty list meaning every one. Snow-closed
    roads, 接羔, 打草, 转场, market mornings, 那达慕, the hours of a hall.
    """

    code = models.CharField(_("编号"), unique=True, max_length=30, validators=[code_validator])
    name = models.CharField(_("名称"), max_length=60)
    kind = models.CharField(_("含义"), max_length=10, choices=OccasionKind)
    region = models.ForeignKey(
        Region,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="occasions",
        verbose_name=_("整个区划"),
    )
    village = models.ForeignKey(
        Village,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="occasions",
        verbose_name=_("或一个村(社区)"),
    )
    first = models.DateField(_("从"))
    last = models.DateField(_("到"))
    yearly = models.BooleanField(
        _("每年"), default=False, help_text=_("每年同样的日子;可以跨年,如 11 月到次年 3 月")
    )
    weekdays = ArrayField(
        models.PositiveSmallIntegerField(),
        verbose_name=_("星期"),
        default=list,
        blank=True,
        help_text=_("1 星期一 … 7 星期日,用逗号隔开;留空:每天"),
    )
    month_days = ArrayField(
        models.PositiveSmallIntegerField(),
        verbose_name=_("每月几日"),
        default=list,
        blank=True,
        help_text=_("如逢 3 的集:3, 13, 23;留空:每天"),
    )
    opens = models.TimeField(_("几点起"), null=True, blank=True)
    closes = models.TimeField(_("到几点"), null=True, blank=True)

    class Meta:
        verbose_name = _("当地日历")
        verbose_name_plural = pgettext_lazy("plural", "当地日历")
        ordering = ["first", "name"]
        constraints = [
            plain_code("occasion_code_plain"),
            one_of("kind", OccasionKind, "occasion_kind_known"),
            one_of("source", Source, "occasion_source_known"),
            models.CheckConstraint(
                condition=Q(region=None) ^ Q(village=None),
                name="occasion_has_one_place",
                violation_error_message=_("请填一个区划,或者一个村(社区),只填一项。"),
            ),
            models.CheckConstraint(
                condition=Q(last__gte=F("first")),
                name="occasion_ends_after_it_begins",
                violation_error_message=_("结束日期不应早于开始日期。"),
            ),
            models.CheckConstraint(
                condition=Q(weekdays__contained_by=WEEKDAYS, month_days__contained_by=MONTH_DAYS),
                name="occasion_days_exist",
                violation_error_message=_("星期应是 1 到 7,日应是 1 到 31。"),
            ),
            models.CheckConstraint(
                condition=Q(opens__isnull=True, closes__isnull=True)
                | Q(opens__isnull=False, closes__isnull=False, closes__gt=F("opens")),
                name="occasion_hours_in_order",
                violation_error_message=_("时间要填就填起止两项,止晚于起。"),
            ),
            models.CheckConstraint(
                condition=~Q(kind=OccasionKind.HOURS) | Q(opens__isnull=False),
                name="occasion_hours_given",
                violation_error_message=_("“只在这些时间”要填几点起、到几点。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name


@recorded
class Contact(models.Model):
    """Whom to call in a village. Personal data: never on a public page."""

    village = models.OneToOneField(
        Village, models.CASCADE, related_name="contact", verbose_name=_("村(社区)")
    )
    name = models.CharField(_("姓名"), max_length=40)
    role = models.CharField(_("职务"), max_length=40, blank=True)
    phone = models.CharField(_("电话"), max_length=40)
    note = models.CharField(_("备注"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("联系人")
        verbose_name_plural = pgettext_lazy("plural", "联系人")
        ordering = ["village"]

    def __str__(self) -> str:
        return f"{self.name} {self.phone}"
