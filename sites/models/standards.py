"""Standards, and the facts that they lead to."""

import pgtrigger
from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.db.models import F, Q
from django.db.models.lookups import IsNull
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sites.choices import (
    EventKind,
    Setting,
    SiteKind,
    Source,
    Subject,
    Tier,
)
from sites.fields import (
    choice_array,
    json_or_null,
    metres_or_metres_each,
    notes_change,
    one_of,
    recorded,
    some_of,
)
from sites.models.places import Provenance, Site
from sites.querysets import StandardQuerySet

MAX_MONTHS = 600  # fifty years: no record goes further back

# The fields that make the rule: frozen once the standard is in effect.
RULE_FIELDS = (
    "code",
    "subject",
    "settings",
    "kinds",
    "tiers",
    "min_count",
    "max_distance_m",
    "max_minutes",
    "months",
    "min_events",
    "event_kinds",
    "min_attendance",
    "effective_from",
)


def _row(record: str) -> str:
    return ", ".join(f"{record}.{field}" for field in RULE_FIELDS)


@recorded
class Standard(Provenance):
    """One sentence, as data: a place clause, a reach clause, or both. No rule is in the code.

    Place clause (`kinds` not empty): every subject has at least `min_count` open sites of `kinds`
    and `tiers` in it or, where a distance is given, within that distance of it.
    Reach clause (`months` set): it was reached by at least `min_events` held events of
    `event_kinds` (empty: any) in the last `months`, of at least `min_attendance` people each.
    """

    code = models.SlugField(_("编号"), max_length=30)
    name = models.CharField(_("名称"), max_length=100)
    subject = models.CharField(_("对象"), max_length=10, choices=Subject, default=Subject.VILLAGE)
    settings = choice_array(Setting, _("只限区域类型"))
    kinds = choice_array(SiteKind, _("场所类型"))
    tiers = choice_array(Tier, _("场所级别"))
    min_count = models.PositiveSmallIntegerField(_("至少几处"), default=1)
    max_distance_m = models.JSONField(
        _("距离不超过(米)"),
        null=True,
        blank=True,
        help_text=_('一个数,或每种区域类型一个数,如 {"urban": 1000, "herding": 20000}'),
    )
    max_minutes = models.PositiveSmallIntegerField(_("路程不超过(分钟)"), null=True, blank=True)
    months = models.PositiveSmallIntegerField(_("近几个月"), null=True, blank=True)
    min_events = models.PositiveSmallIntegerField(_("至少几场活动"), default=1)
    event_kinds = choice_array(EventKind, _("活动类型"))
    min_attendance = models.PositiveIntegerField(_("每场至少人数"), null=True, blank=True)
    policy_source = models.CharField(_("政策依据"), max_length=300)
    effective_from = models.DateField(_("生效日期"))
    effective_to = models.DateField(_("失效日期"), null=True, blank=True)

    objects = StandardQuerySet.as_manager()

    class Meta:
        verbose_name = _("覆盖标准")
        verbose_name_plural = pgettext_lazy("plural", "覆盖标准")
        ordering = ["code", "-effective_from"]
        triggers = [
            notes_change("standard_changed"),
            pgtrigger.Protect(
                name="standard_in_effect_is_frozen",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    f"OLD.effective_from <= (now() AT TIME ZONE 'Asia/Shanghai')::date "
                    f"AND ({_row('OLD')}) IS DISTINCT FROM ({_row('NEW')})"
                ),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "effective_from"],
                name="standard_one_per_code_and_day",
                violation_error_message=_("同一编号的标准已有一个在这一天生效。"),
            ),
            one_of("subject", Subject, "standard_subject_known"),
            some_of("settings", Setting, "standard_settings_known"),
            some_of("kinds", SiteKind, "standard_kinds_known"),
            some_of("tiers", Tier, "standard_tiers_known"),
            some_of("event_kinds", EventKind, "standard_event_kinds_known"),
            one_of("source", Source, "standard_source_known"),
            models.CheckConstraint(
                condition=~Q(kinds=[]) | Q(months__isnull=False),
                name="standard_has_a_clause",
                violation_error_message=_("标准应有场所类型,或“近几个月”,或两者。"),
            ),
            metres_or_metres_each("max_distance_m", Setting, "standard_distance_in_metres"),
            models.CheckConstraint(
                condition=IsNull(json_or_null("max_distance_m"), True) | Q(max_minutes=None),
                name="standard_has_one_measure",
                violation_error_message=_("距离和路程只能填一项。"),
            ),
            models.CheckConstraint(
                condition=Q(months=None) | Q(months__range=(1, MAX_MONTHS)),
                name="standard_looks_back_months",
                violation_error_message=_("“近几个月”应在 1 到 600 之间。"),
            ),
            models.CheckConstraint(
                condition=Q(min_count__gte=1, min_events__gte=1)
                & (Q(min_attendance=None) | Q(min_attendance__gte=1)),
                name="standard_asks_for_one_or_more",
                violation_error_message=_("处数、场数和人数应至少为 1。"),
            ),
            models.CheckConstraint(
                condition=Q(effective_to=None) | Q(effective_to__gt=F("effective_from")),
                name="standard_ends_after_it_begins",
                violation_error_message=_("失效日期应晚于生效日期。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def limit_m(self, setting: str) -> float | None:
        """Metres allowed for a subject of this setting; None where the rule names no distance."""
        if isinstance(self.max_distance_m, dict):
            return self.max_distance_m.get(setting)
        return self.max_distance_m


# "on" in a transaction while it stores the facts: that is no change that others must see to.
EVALUATING = "fazhimap.evaluating"
_NOT_EVALUATING = f"current_setting('{EVALUATING}', true) IS DISTINCT FROM 'on'"


class Coverage(models.Model):
    """The evaluated fact for (standard, subject) on the day that `Evaluation` names.

    Derived data: no foreign key is enforced, so that psql may delete what the facts speak of.
    `built`, `reached`: the two clauses (null where the standard lacks that clause). `met`: all
    clauses that it has. `certain`: no clause's verdict could flip within the position errors.
    """

    pk = models.CompositePrimaryKey("subject", "standard_id")
    standard = models.ForeignKey(
        Standard, models.CASCADE, related_name="facts", db_constraint=False, db_index=False
    )
    subject = models.CharField(max_length=12)
    built = models.BooleanField(null=True)
    reached = models.BooleanField(null=True)
    met = models.BooleanField()
    certain = models.BooleanField()
    nearest = models.ForeignKey(
        Site, models.SET_NULL, null=True, related_name="+", db_constraint=False, db_index=False
    )
    distance_m = models.FloatField(null=True)
    last_event_on = models.DateField(null=True)

    class Meta:
        verbose_name = _("覆盖结果")
        verbose_name_plural = pgettext_lazy("plural", "覆盖结果")
        # What goes missing is made again; what was falsified is for check_coverage to tell.
        triggers = [
            notes_change(
                "coverage_lost",
                pgtrigger.Delete | pgtrigger.Truncate,
                pgtrigger.Condition(_NOT_EVALUATING),
            )
        ]


class Summary(models.Model):
    """What the facts of a standard add up to in a division of at least a county; "": everywhere.

    Derived from `Coverage` with it, so that the board of a nation reads a few rows. The figures
    are those of `board.Row`. `neediest`: the first of its gaps; `lon`, `lat`: the mean position
    of its subjects, null where none is known.
    """

    pk = models.CompositePrimaryKey("standard_id", "code")
    standard = models.ForeignKey(
        Standard, models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    code = models.CharField(max_length=6)
    subjects = models.PositiveIntegerField()
    built = models.PositiveIntegerField(null=True)
    reached = models.PositiveIntegerField(null=True)
    met = models.PositiveIntegerField()
    doubtful = models.PositiveIntegerField()
    met_least = models.PositiveIntegerField()
    met_most = models.PositiveIntegerField()
    population = models.PositiveBigIntegerField(null=True)
    population_met = models.PositiveBigIntegerField(null=True)
    population_unknown = models.PositiveIntegerField()
    median_m = models.FloatField(null=True)
    p90_m = models.FloatField(null=True)
    max_m = models.FloatField(null=True)
    without_distance = models.PositiveIntegerField()
    neediest = ArrayField(models.CharField(max_length=12))
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)


class Evaluation(models.Model):
    """For which Shanghai day a standard's facts hold, when they were computed, and how many.

    `router`: whose minutes were asked for, "" for estimates; `estimated`: it did not answer all.
    """

    standard = models.OneToOneField(
        Standard, models.CASCADE, primary_key=True, related_name="evaluation", db_constraint=False
    )
    day = models.DateField()
    at = models.DateTimeField()
    router = models.CharField(max_length=500, blank=True, default="")
    estimated = models.BooleanField(default=False)
    subjects = models.PositiveIntegerField(default=0)


class Change(models.Model):
    """A statement touched a table that coverage depends on: the facts are stale."""

    source = models.CharField(max_length=63)
    at = models.DateTimeField()

    class Meta:
        db_table = "changed"


class NameChange(models.Model):
    """A statement touched what something is found by: indexes of names are stale."""

    source = models.CharField(max_length=63)
    at = models.DateTimeField()

    class Meta:
        db_table = "names_changed"
