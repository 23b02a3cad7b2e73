"""点单: what villages and people ask for, who takes it on, when it comes, and how it was."""

import datetime

from django.contrib.gis.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.choices import Language, RequestOrigin, RequestStatus, Status
from events.models.happenings import Event, Troupe
from events.querysets import RequestQuerySet
from sites import tickets
from sites.choices import EventKind, Source
from sites.fields import one_of, recorded
from sites.models import Organ, Provenance, Village

BEST = 5


@recorded
class VisitRequest(Provenance):
    """点单 → 派单 → a date → 评单: a village, or somebody in it, asks for a programme.

    Handed on to a troupe or an organ; arranged with an event; done when that was held, and then
    rated once by whoever has its number. `answer` is public. `repeats`: the earlier request that
    the same sender made for the same, which alone is counted.
    """

    number = models.CharField(
        _("查询编号"),
        max_length=tickets.LENGTH,
        unique=True,
        null=True,
        default=tickets.make,
        editable=False,
    )
    village = models.ForeignKey(
        Village, models.CASCADE, related_name="requests", verbose_name=_("村(社区)")
    )
    origin = models.CharField(
        _("谁提出"), max_length=10, choices=RequestOrigin, default=RequestOrigin.VILLAGE
    )
    kind = models.CharField(
        _("想要"), max_length=20, choices=EventKind, blank=True, help_text=_("留空:都可以")
    )
    language = models.CharField(_("语言"), max_length=10, choices=Language, blank=True)
    topic = models.CharField(_("法律主题"), max_length=60, blank=True)
    made_on = models.DateField(_("提出日期"))
    wish = models.CharField(_("内容"), max_length=300, blank=True)
    repeats = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="repeated",
        editable=False,
        verbose_name=_("重复的是"),
    )
    status = models.CharField(
        _("状态"), max_length=10, choices=RequestStatus, default=RequestStatus.OPEN
    )
    troupe = models.ForeignKey(
        Troupe,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="requests",
        verbose_name=_("派给演出队"),
    )
    organ = models.ForeignKey(
        Organ,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="requests",
        verbose_name=_("派给单位"),
    )
    handed_on = models.DateField(_("派单日期"), null=True, blank=True)
    event = models.ForeignKey(
        Event,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="answers",
        verbose_name=_("安排的活动"),
    )
    answer = models.CharField(_("答复(公开)"), max_length=300, blank=True)
    answered_on = models.DateField(_("答复日期"), null=True, blank=True)
    rating = models.PositiveSmallIntegerField(_("评价(1–5)"), null=True, blank=True)
    rating_words = models.CharField(_("评价的话"), max_length=300, blank=True)
    rated_on = models.DateField(_("评价日期"), null=True, blank=True)

    objects = RequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("点单")
        verbose_name_plural = pgettext_lazy("plural", "点单")
        ordering = ["made_on", "pk"]
        constraints = [
            one_of("status", RequestStatus, "request_status_known"),
            one_of("origin", RequestOrigin, "request_origin_known"),
            one_of("source", Source, "request_source_known"),
            models.CheckConstraint(
                condition=Q(kind__in=["", *EventKind.values]), name="request_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(language__in=["", *Language.values]), name="request_language_known"
            ),
            models.CheckConstraint(
                condition=Q(troupe=None) | Q(organ=None),
                name="request_handed_to_one",
                violation_error_message=_("派给一个演出队,或者一个单位,只填一项。"),
            ),
            models.CheckConstraint(
                condition=Q(rating=None) | Q(rating__gte=1, rating__lte=BEST),
                name="request_rated_1_to_5",
                violation_error_message=_("评价是 1 到 5。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.village} · {self.get_kind_display() or '*'}"

    @property
    def is_waiting(self) -> bool:
        """Whether it has no date yet; as the queryset's `waiting` has it."""
        if self.status == RequestStatus.ARRANGED:
            return self.event is None or self.event.status == Status.CANCELLED
        return self.status in (RequestStatus.OPEN, RequestStatus.HANDED)

    def may_be_rated(self, now: datetime.datetime) -> bool:
        """What was arranged has been held, and nobody has said yet how it was."""
        held = self.status == RequestStatus.DONE or (
            self.status == RequestStatus.ARRANGED
            and self.event is not None
            and self.event.status == Status.HELD
            and self.event.starts_at <= now
        )
        return held and self.rating is None
