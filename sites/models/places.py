"""Places: divisions, organs, villages and sites."""

from django.contrib.gis.db import models
from django.core.validators import RegexValidator
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sites.choices import (
    CODE_LENGTH,
    POSITION_ERROR_M,
    Facility,
    Language,
    Level,
    ModelVillage,
    Position,
    Setting,
    SiteKind,
    Source,
    Tier,
    VillageKind,
)
from sites.fields import (
    PLAIN_CODE,
    PLAIN_CODE_ONLY,
    choice_array,
    coordinates_in_range,
    former_names,
    mongolian_name,
    notes_change,
    notes_renaming,
    one_of,
    plain_code,
    recorded,
    some_of,
)
from sites.querysets import RegionQuerySet, SiteQuerySet, VillageQuerySet

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


class MongolianName(models.Model):
    """A name in the traditional Mongolian script, where somebody gives one: it is never made here.

    It says where it comes from apart from the record, whose Chinese name is from elsewhere.
    """

    name_mn = models.CharField(
        _("蒙古文名"),
        max_length=200,
        blank=True,
        default="",
        db_default="",  # also for rows that come by COPY
        help_text=_("传统蒙古文,照公布的写法填;没有就留空,不要自己译。"),
    )
    name_mn_source = models.CharField(
        _("蒙古文名来源"),
        max_length=300,
        blank=True,
        default="",
        db_default="",
        help_text=_("哪份公布的地名录、门牌或文件;填了蒙古文名就要填。"),
    )

    class Meta:
        abstract = True


_CODE_FITS_LEVEL = [
    Q(level=level, code__regex=rf"^\d{{{length}}}$") for level, length in CODE_LENGTH.items()
]


@recorded
class Region(MongolianName, Provenance):
    """An administrative division from province to township; codes nest by their prefix.

    A code is text with a list year, and not always a statutory division (150271 is statistical).
    """

    code = models.CharField(
        _("代码"), primary_key=True, max_length=9, validators=[RegexValidator(r"^\d+$")]
    )
    name = models.CharField(_("名称"), max_length=60)
    former_names = former_names()
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
        triggers = [
            notes_change("region_changed"),
            notes_renaming("region_renamed", "name", "former_names"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(*_CODE_FITS_LEVEL, _connector=Q.OR),
                name="region_code_fits_level",
                violation_error_message=_(
                    "代码位数应与级别相符:省 2 位,地市 4 位,旗县区 6 位,乡镇 9 位。"
                ),
            ),
            one_of("source", Source, "region_source_known"),
            *mongolian_name("region"),
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
class Village(MongolianName, Provenance):
    """A village-level unit (嘎查村、社区). Names repeat: the 12-digit code is the identity."""

    code = models.CharField(
        _("代码"),
        primary_key=True,
        max_length=12,
        validators=[RegexValidator(r"^\d{12}$", _("村代码是 12 位数字。"))],
    )
    name = models.CharField(_("名称"), max_length=60)
    former_names = former_names()
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
        triggers = [
            notes_change("village_changed"),
            notes_renaming("village_renamed", "name", "former_names"),
        ]
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
            *mongolian_name("village"),
            coordinates_in_range("location", "village_in_range"),
        ]

    def __str__(self) -> str:
        return self.name


@recorded
class Site(MongolianName, Provenance):
    """A place where rule-of-law culture is shown; open on `opened_on ≤ day < closed_on`."""

    code = models.CharField(_("编号"), primary_key=True, max_length=30, validators=[code_validator])
    name = models.CharField(_("名称"), max_length=100)
    former_names = former_names()
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
    facilities = choice_array(Facility, _("设施"), db_default=[])  # also for rows by COPY
    topics = models.CharField(
        _("展示的法律主题"),
        max_length=200,
        blank=True,
        default="",
        db_default="",
        help_text=_("如:宪法、民法典、草原法"),
    )
    languages = choice_array(Language, _("展示的语言"), db_default=[])
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
        triggers = [
            notes_change("site_changed"),
            notes_renaming(
                "site_renamed",
                *("name", "former_names", "kind", "tier", "county_id", "village_id"),
                *("opened_on", "closed_on"),
            ),
        ]
        indexes = [
            models.Index(
                fields=["kind", "tier", "opened_on", "closed_on"], name="site_kind_tier_open"
            )
        ]
        constraints = [
            plain_code("site_code_plain"),
            one_of("kind", SiteKind, "site_kind_known"),
            one_of("tier", Tier, "site_tier_known"),
            some_of("facilities", Facility, "site_facilities_known"),
            some_of("languages", Language, "site_languages_known"),
            one_of("source", Source, "site_source_known"),
            *mongolian_name("site"),
            coordinates_in_range("location", "site_in_range"),
            models.CheckConstraint(
                condition=Q(opened_on=None) | Q(closed_on=None) | Q(closed_on__gt=F("opened_on")),
                name="site_closed_after_it_opened",
                violation_error_message=_("停用日期应晚于启用日期。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name
