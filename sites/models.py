"""Places and coverage: divisions, villages, sites, the standards that they are held to."""

import pgtrigger
from django.conf import settings
from django.contrib.gis.db import models
from django.core.validators import RegexValidator
from django.db.models import F, Q
from django.db.models.lookups import IsNull
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sites.choices import (
    CODE_LENGTH,
    POSITION_ERROR_M,
    EventKind,
    Facility,
    Level,
    ModelVillage,
    Position,
    Setting,
    SiteKind,
    Source,
    Subject,
    Tier,
    VillageKind,
)
from sites.fields import (
    PLAIN_CODE,
    PLAIN_CODE_ONLY,
    choice_array,
    coordinates_in_range,
    json_or_null,
    metres_or_metres_each,
    notes_change,
    one_of,
    plain_code,
    recorded,
    some_of,
)
from sites.querysets import RegionQuerySet, SiteQuerySet, StandardQuerySet, VillageQuerySet

code_validator = RegexValidator(PLAIN_CODE, PLAIN_CODE_ONLY)


class Provenance(models.Model):
    """Every record that came from outside says where from, and when it was last checked."""

    source = models.CharField(
        _("来源"), max_length=20, choices=Source, default=Source.OFFICIAL, db_index=True
    )
    source_note = models.CharField(_("来源说明"), max_length=300, blank=True)
    source_url = models.URLField(_("来源网址"), max_length=500, blank=True)
    checked_on = models.DateField(_("核对日期"), null=True, blank=True)

    class Meta:
        abstract = True


_CODE_FITS_LEVEL = [
    Q(level=level, code__regex=rf"^\d{{{length}}}$") for level, length in CODE_LENGTH.items()
]


@recorded
class Region(Provenance):
    """An administrative division from province to township; codes nest by their prefix.

    A code is text with a list year, and not always a statutory division (150271 is statistical).
    """

    code = models.CharField(
        _("代码"), primary_key=True, max_length=9, validators=[RegexValidator(r"^\d+$")]
    )
    name = models.CharField(_("名称"), max_length=60)
    level = models.CharField(_("级别"), max_length=10, choices=Level)
    statutory = models.BooleanField(_("法定区划"), default=True)
    list_year = models.PositiveSmallIntegerField(_("代码年份"), null=True, blank=True)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("上级"),
    )
    boundary = models.MultiPolygonField(_("边界"), null=True, blank=True)
    seat = models.PointField(_("驻地"), null=True, blank=True)
    seat_error_m = models.PositiveIntegerField(_("驻地误差(米)"), default=0)

    objects = RegionQuerySet.as_manager()

    class Meta:
        verbose_name = _("行政区划")
        verbose_name_plural = pgettext_lazy("plural", "行政区划")
        ordering = ["code"]
        triggers = [notes_change("region_changed")]
        constraints = [
            models.CheckConstraint(
                condition=Q(*_CODE_FITS_LEVEL, _connector=Q.OR),
                name="region_code_fits_level",
                violation_error_message=_(
                    "代码位数应与级别相符:省 2 位,地市 4 位,旗县区 6 位,乡镇 9 位。"
                ),
            ),
            one_of("source", Source, "region_source_known"),
            coordinates_in_range("seat", "region_seat_in_range"),
        ]

    def __str__(self) -> str:
        return self.name


@recorded
class Organ(Provenance):
    """A state organ with a duty list (谁执法谁普法): keeps sites, hosts events."""

    code = models.CharField(_("编号"), primary_key=True, max_length=30, validators=[code_validator])
    name = models.CharField(_("名称"), max_length=100)
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, verbose_name=_("所在区划")
    )
    duty = models.TextField(_("普法责任"), blank=True)

    class Meta:
        verbose_name = _("机关")
        verbose_name_plural = pgettext_lazy("plural", "机关")
        ordering = ["code"]
        constraints = [
            plain_code("organ_code_plain"),
            one_of("source", Source, "organ_source_known"),
        ]

    def __str__(self) -> str:
        return self.name


@recorded
class Village(Provenance):
    """A village-level unit (嘎查村、社区). Names repeat: the 12-digit code is the identity."""

    code = models.CharField(
        _("代码"),
        primary_key=True,
        max_length=12,
        validators=[RegexValidator(r"^\d{12}$", _("村代码是 12 位数字。"))],
    )
    name = models.CharField(_("名称"), max_length=60)
    kind = models.CharField(_("类别"), max_length=10, choices=VillageKind)
    township = models.ForeignKey(
        Region,
        models.PROTECT,
        related_name="villages",
        limit_choices_to={"level": Level.TOWNSHIP},
        verbose_name=_("乡镇"),
    )
    setting = models.CharField(_("区域类型"), max_length=10, choices=Setting, blank=True)
    location = models.PointField(_("位置"), null=True, blank=True)
    position = models.CharField(
        _("位置精度"), max_length=12, choices=Position, default=Position.APPROXIMATE
    )
    position_error_m = models.PositiveIntegerField(
        _("位置误差(米)"), default=POSITION_ERROR_M[Position.APPROXIMATE]
    )
    population = models.PositiveIntegerField(_("人口"), null=True, blank=True)
    legal_adviser = models.BooleanField(_("有法律顾问"), null=True, blank=True)
    legal_literates = models.PositiveIntegerField(_("法律明白人(人)"), null=True, blank=True)
    model_village = models.CharField(
        _("民主法治示范村"), max_length=10, choices=ModelVillage, blank=True
    )
    model_households = models.PositiveIntegerField(_("学法用法示范户(户)"), null=True, blank=True)

    objects = VillageQuerySet.as_manager()

    class Meta:
        verbose_name = _("嘎查村(社区)")
        verbose_name_plural = pgettext_lazy("plural", "嘎查村(社区)")
        ordering = ["code"]
        triggers = [notes_change("village_changed")]
        constraints = [
            models.CheckConstraint(
                condition=Q(code__regex=r"^\d{12}$"), name="village_code_12_digits"
            ),
            one_of("kind", VillageKind, "village_kind_known"),
            one_of("position", Position, "village_position_known"),
            one_of("model_village", ModelVillage, "village_model_known"),
            models.CheckConstraint(
                condition=Q(setting__in=["", *Setting.values]), name="village_setting_known"
            ),
            one_of("source", Source, "village_source_known"),
            coordinates_in_range("location", "village_in_range"),
        ]

    def __str__(self) -> str:
        return self.name


@recorded
class Site(Provenance):
    """A place where rule-of-law culture is shown; open on `opened_on ≤ day < closed_on`."""

    code = models.CharField(_("编号"), primary_key=True, max_length=30, validators=[code_validator])
    name = models.CharField(_("名称"), max_length=100)
    kind = models.CharField(_("类型"), max_length=10, choices=SiteKind)
    tier = models.CharField(_("级别"), max_length=10, choices=Tier)
    designation = models.CharField(_("命名"), max_length=200, blank=True)
    location = models.PointField(_("位置"))
    position_error_m = models.PositiveIntegerField(_("位置误差(米)"), default=30)
    footprint = models.MultiPolygonField(_("范围"), null=True, blank=True)
    county = models.ForeignKey(
        Region,
        models.PROTECT,
        related_name="sites",
        limit_choices_to={"level": Level.COUNTY},
        verbose_name=_("旗县区"),
    )
    village = models.ForeignKey(
        Village,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="sites",
        verbose_name=_("所属村(社区)"),
    )
    address = models.CharField(_("地址"), max_length=200, blank=True)
    opening = models.CharField(_("开放时间"), max_length=100, blank=True)
    area_m2 = models.PositiveIntegerField(_("面积(平方米)"), null=True, blank=True)
    indoor_seats = models.PositiveIntegerField(_("室内座位"), null=True, blank=True)
    facilities = choice_array(Facility, _("设施"))
    opened_on = models.DateField(_("启用日期"), null=True, blank=True)
    closed_on = models.DateField(_("停用日期"), null=True, blank=True)
    organ = models.ForeignKey(
        Organ,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="sites",
        verbose_name=_("管理单位"),
    )

    objects = SiteQuerySet.as_manager()

    class Meta:
        verbose_name = _("场所")
        verbose_name_plural = pgettext_lazy("plural", "场所")
        ordering = ["code"]
        triggers = [notes_change("site_changed")]
        indexes = [models.Index(fields=["kind", "tier"], name="site_kind_tier")]
        constraints = [
            plain_code("site_code_plain"),
            one_of("kind", SiteKind, "site_kind_known"),
            one_of("tier", Tier, "site_tier_known"),
            some_of("facilities", Facility, "site_facilities_known"),
            one_of("source", Source, "site_source_known"),
            coordinates_in_range("location", "site_in_range"),
            models.CheckConstraint(
                condition=Q(opened_on=None) | Q(closed_on=None) | Q(closed_on__gt=F("opened_on")),
                name="site_closed_after_it_opened",
                violation_error_message=_("停用日期应晚于启用日期。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name


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


class Coverage(models.Model):
    """The evaluated fact for (standard, subject) on the day that `Evaluation` names.

    Derived data: no foreign key is enforced, so that psql may delete what the facts speak of.
    `built`, `reached`: the two clauses (null where the standard lacks that clause). `met`: all
    clauses that it has. `certain`: no clause's verdict could flip within the position errors.
    """

    standard = models.ForeignKey(
        Standard, models.CASCADE, related_name="facts", db_constraint=False
    )
    subject = models.CharField(max_length=12, db_index=True)
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
        constraints = [
            models.UniqueConstraint(fields=["standard", "subject"], name="coverage_one_a_subject")
        ]


class Evaluation(models.Model):
    """For which Shanghai day a standard's facts hold, and when they were computed."""

    standard = models.OneToOneField(
        Standard, models.CASCADE, primary_key=True, related_name="evaluation", db_constraint=False
    )
    day = models.DateField()
    at = models.DateTimeField()


class Change(models.Model):
    """A statement touched a table that coverage depends on: the facts are stale."""

    source = models.CharField(max_length=63)
    at = models.DateTimeField()

    class Meta:
        db_table = "changed"


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
