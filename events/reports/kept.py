"""What is kept of reports: figures that are typed in, and reports as they were told once."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sites.choices import Level
from sites.fields import recorded
from sites.models import Region


@recorded
class ReportFigure(models.Model):
    """A figure of a period that no record gives, with its source. No county: the whole city."""

    name = models.CharField(_("指标"), max_length=60)
    first = models.DateField(_("从"))
    last = models.DateField(_("到"))
    county = models.ForeignKey(
        Region,
        models.PROTECT,
        null=True,
        blank=True,
        limit_choices_to={"level": Level.COUNTY},
        verbose_name=_("旗县区"),
    )
    value = models.DecimalField(_("数值"), max_digits=16, decimal_places=2)
    unit = models.CharField(_("单位"), max_length=10)
    source = models.CharField(_("来源"), max_length=300)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, verbose_name=_("填报人")
    )
    entered_at = models.DateTimeField(_("填报时间"))

    class Meta:
        verbose_name = _("手工填报的数")
        verbose_name_plural = pgettext_lazy("plural", "手工填报的数")
        ordering = ["name", "first", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last__gte=F("first")),
                name="report_figure_ends_after_it_begins",
                violation_error_message=_("结束日期不能早于开始日期。"),
            ),
            models.CheckConstraint(condition=~Q(source=""), name="report_figure_has_a_source"),
            models.UniqueConstraint(
                fields=["name", "first", "last", "county"],
                nulls_distinct=False,
                name="report_figure_once",
                violation_error_message=_("这段时间的这个指标已经填过;请先删除原来的。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name


@recorded
class FrozenReport(models.Model):
    """A report as it was told on a day. `checksum`: SHA-256 of the canonical JSON of `document`."""

    document = models.JSONField(_("内容"))
    checksum = models.CharField(_("校验码"), max_length=64)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, verbose_name=_("作者")
    )
    frozen_at = models.DateTimeField(_("定稿时间"))

    class Meta:
        verbose_name = _("定稿的报告")
        verbose_name_plural = pgettext_lazy("plural", "定稿的报告")
        ordering = ["-frozen_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.frozen_at:%Y-%m-%d}"
