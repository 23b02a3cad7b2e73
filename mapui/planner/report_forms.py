"""The form of a figure that is typed in."""

from django import forms
from django.utils.translation import gettext as _

from events.reports.kept import ReportFigure
from events.reports.report import Report
from mapui.planner.standard_forms import PlainTexts
from sites.models import Region


class FigureForm(PlainTexts):
    """A figure with its period and source; it begins with the period and the county of a report."""

    class Meta:
        model = ReportFigure
        fields = ("name", "value", "unit", "first", "last", "county", "source")
        widgets = {
            name: forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
            for name in ("first", "last")
        }

    def __init__(self, told: Report, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["county"].queryset = Region.objects.counties().defer("boundary")
        self.fields["county"].choices = [("", _("全市")), *told.county_names.items()]
        self.fields["source"].help_text = _("写明文件、报表或会议纪要的名称和日期。")
        self.initial |= {"first": told.period.first, "last": told.period.last}
        self.initial |= {"county": told.county or None}
