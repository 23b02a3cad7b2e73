"""What happens at places: troupes, programmes and the events that they give."""

import datetime

from django.contrib.gis.db import models
from django.core.exceptions import ValidationError
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.choices import Audience, Language, Need, Status
from events.querysets import LASTS, OPEN, EventQuerySet
from sites import clock
from sites.choices import EventKind, Source
from sites.fields import (
    choice_array,
    coordinates_in_range,
    notes_change,
    notes_renaming,
    one_of,
    plain_code,
    recorded,
    some_of,
)
from sites.models import Organ, Provenance, Region, Site, Village, code_validator


@recorded
class Troupe(Provenance):
    """A touring group (法治乌兰牧骑) or a group of lecturers."""

    code = models.CharField(_("编号"), primary_key=True, max_length=30, validators=[code_validator])
    name = models.CharField(_("名称"), max_length=100)
    base = models.ForeignKey(Region, models.PROTECT, related_name="troupes", verbose_name=_("驻地"))
    teams = models.PositiveSmallIntegerField(_("队数"), default=1)
    hours = models.CharField(_("工作时间"), max_length=100, blank=True)
    location = models.PointField(_("出发点"), null=True, blank=True)

    class Meta:
        verbose_name = _("演出队")
        verbose_name_plural = pgettext_lazy("plural", "演出队")
        ordering = ["code"]
        triggers = [notes_renaming("troupe_renamed", "name")]
        constraints = [
            plain_code("troupe_code_plain"),
            one_of("source", Source, "troupe_source_known"),
            coordinates_in_range("location", "troupe_in_range"),
            models.CheckConstraint(
                condition=Q(teams__gte=1),
                name="troupe_has_a_team",
                violation_error_message=_("队数应至少为 1。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name


@recorded
class Programme(Provenance):
    """What can be given: a show, a lecture, a campaign … and what it needs of a place."""

    code = models.CharField(_("编号"), primary_key=True, max_length=30, validators=[code_validator])
    name = models.CharField(_("名称"), max_length=100)
    kind = models.CharField(_("类型"), max_length=20, choices=EventKind)
    series = models.CharField(_("系列"), max_length=60, blank=True)
    minutes = models.PositiveSmallIntegerField(_("时长(分钟)"))
    setup_minutes = models.PositiveSmallIntegerField(_("布置(分钟)"), default=0)
    languages = choice_array(Language, _("语言"))
    audience = models.CharField(_("对象"), max_length=20, choices=Audience, default=Audience.PUBLIC)
    topics = models.CharField(_("法律主题"), max_length=200, blank=True)
    needs = choice_array(Need, _("场地要求"))

    class Meta:
        verbose_name = _("节目")
        verbose_name_plural = pgettext_lazy("plural", "节目")
        ordering = ["code"]
        triggers = [
            notes_change("programme_changed"),
            notes_renaming("programme_renamed", "name"),
        ]
        constraints = [
            plain_code("programme_code_plain"),
            one_of("kind", EventKind, "programme_kind_known"),
            one_of("audience", Audience, "programme_audience_known"),
            some_of("languages", Language, "programme_languages_known"),
            some_of("needs", Need, "programme_needs_known"),
            one_of("source", Source, "programme_source_known"),
            models.CheckConstraint(
                condition=Q(minutes__gte=1),
                name="programme_lasts",
                violation_error_message=_("时长应至少为 1 分钟。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name


HELD_TOO_EARLY = _("活动还没开始,不能记为已举办;请改开始时间,或等开始后再记")


@recorded
class Event(Provenance):
    """A programme at a site or a village; a village alone means at its front, else at its point."""

    code = models.CharField(_("编号"), primary_key=True, max_length=30, validators=[code_validator])
    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="events", verbose_name=_("节目")
    )
    site = models.ForeignKey(
        Site, models.PROTECT, null=True, blank=True, related_name="events", verbose_name=_("场所")
    )
    village = models.ForeignKey(
        Village,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="events",
        verbose_name=_("村(社区)"),
    )
    starts_at = models.DateTimeField(_("开始时间"))
    ends_at = models.DateTimeField(_("结束时间"))
    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.PLANNED)
    held_at = models.DateTimeField(_("登记举办时间"), null=True, blank=True)
    troupe = models.ForeignKey(
        Troupe,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="events",
        verbose_name=_("演出队"),
    )
    hosts = models.ManyToManyField(Organ, blank=True, related_name="events", verbose_name=_("主办"))
    reaches = models.ManyToManyField(
        Village, through="Reach", related_name="reached_by", verbose_name=_("惠及村(社区)")
    )
    attendance = models.PositiveIntegerField(_("人数"), null=True, blank=True)
    campaign = models.CharField(_("专项"), max_length=60, blank=True, db_index=True)
    audience = models.CharField(_("对象"), max_length=20, choices=Audience, default=Audience.PUBLIC)
    notes = models.TextField(_("内部备注"), blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("活动")
        verbose_name_plural = pgettext_lazy("plural", "活动")
        ordering = ["starts_at", "code"]
        triggers = [notes_change("event_changed")]
        indexes = [
            models.Index(fields=["starts_at", "ends_at"], name="event_times"),
            models.Index(LASTS, name="event_lasts"),
            models.Index(fields=["ends_at"], name="event_open", condition=Q(status__in=OPEN)),
            models.Index(
                fields=["starts_at", "campaign"],
                name="event_campaigns",
                condition=~Q(campaign=""),
            ),
        ]
        constraints = [
            plain_code("event_code_plain"),
            models.CheckConstraint(
                condition=Q(site__isnull=False) | Q(village__isnull=False),
                name="event_has_a_site_or_a_village",
                violation_error_message=_("活动应有场所或村(社区)。"),
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="event_ends_after_it_starts",
                violation_error_message=_("结束时间应晚于开始时间。"),
            ),
            models.CheckConstraint(
                condition=Q(status=Status.HELD, held_at__isnull=False, held_at__gte=F("starts_at"))
                | (~Q(status=Status.HELD) & Q(held_at__isnull=True)),
                name="event_held_after_it_started",
                violation_error_message=_(
                    "已举办的活动应有登记举办时间,且不早于开始时间;其他活动不应有。"
                ),
            ),
            one_of("status", Status, "event_status_known"),
            one_of("audience", Audience, "event_audience_known"),
            one_of("source", Source, "event_source_known"),
        ]

    def __str__(self) -> str:
        return f"{self.programme} · {self.site or self.village}"

    def clean(self) -> None:
        if self.starts_at and self.is_held_too_early(clock.now()):
            raise ValidationError({"status": HELD_TOO_EARLY})

    @property
    def minutes(self) -> int:
        """How long it lasts, which need not be what its programme takes elsewhere."""
        return round((self.ends_at - self.starts_at).total_seconds() / 60)

    def is_held_too_early(self, now: datetime.datetime) -> bool:
        """Whether it is recorded as held though it has not begun; importer and forms refuse it."""
        return self.status == Status.HELD and self.starts_at > now


@recorded
class Reach(models.Model):
    """A village that an event names among those that it reached."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="reach")
    village = models.ForeignKey(Village, models.PROTECT, verbose_name=_("村(社区)"))

    class Meta:
        verbose_name = _("惠及村(社区)")
        verbose_name_plural = pgettext_lazy("plural", "惠及村(社区)")
        triggers = [notes_change("reach_changed")]
        constraints = [models.UniqueConstraint(fields=["event", "village"], name="reach_once")]

    def __str__(self) -> str:
        return str(self.village)
