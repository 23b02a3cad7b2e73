"""A standard as a form that reads like its sentence."""

import datetime

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sites import clock
from sites.choices import Setting, Subject
from sites.importing.identity import new_codes
from sites.models import RULE_FIELDS, Standard

FARTHEST_KM = 500
LAST_DAY = datetime.date(2100, 12, 31)  # later ones are slips of the keyboard
CODE_PREFIX = "S"

MEASURES = (
    ("in", gettext_lazy("在其中")),
    ("km", gettext_lazy("在几公里内")),
    ("settings", gettext_lazy("按区域类型,在几公里内")),
    ("minutes", gettext_lazy("在几分钟路程内")),
)


def _kilometres(label: str) -> forms.FloatField:
    return forms.FloatField(
        label=label,
        required=False,
        min_value=0.01,
        max_value=FARTHEST_KM,
        error_messages={
            "min_value": gettext_lazy("距离应大于 0。"),
            "max_value": gettext_lazy("距离最多 500 公里;再远就分不出差别了。"),
        },
    )


class PlainTexts(forms.ModelForm):
    """Says what is wrong with a text that holds a NUL; Django's Chinese speaks of empty texts."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        told = _("文字里有看不见的字符(NUL),请删掉重填。")
        for field in self.fields.values():
            field.error_messages["null_characters_not_allowed"] = told


class RuleForm(PlainTexts):
    """The rule of a standard: what is asked of whom, in the order of the sentence."""

    measure = forms.ChoiceField(label=gettext_lazy("怎样算近"), choices=MEASURES)
    km = _kilometres(gettext_lazy("公里"))
    km_urban = _kilometres(Setting.URBAN.label)
    km_farming = _kilometres(Setting.FARMING.label)
    km_herding = _kilometres(Setting.HERDING.label)

    class Meta:
        model = Standard
        fields = (
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
        )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["max_distance_m"].widget = forms.HiddenInput()
        for name in ("settings", "kinds", "tiers", "event_kinds"):
            self.fields[name] = _choices(Standard._meta.get_field(name))
        for (
            field
        ) in self.fields.values():  # most stand in the sentence, without a label that is seen
            field.widget.attrs.setdefault("aria-label", field.label)
        self.initial = _measure(self.instance) | self.initial

    def clean(self) -> dict[str, object]:
        """Put the chosen measure where the model keeps it."""
        data = super().clean()
        measure = data.get("measure")
        minutes = data.get("max_minutes") if measure == "minutes" else None
        data |= {"max_distance_m": self._metres(measure, data), "max_minutes": minutes}
        if measure == "minutes" and not minutes and "max_minutes" not in self.errors:
            self.add_error("max_minutes", _("请填几分钟。"))
        if data.get("subject") != Subject.VILLAGE:
            if measure == "settings":
                self.add_error("measure", _("只有村(社区)分区域类型。"))
            data["settings"] = []
        return data

    def _metres(self, measure: str | None, data: dict[str, object]) -> float | dict | None:
        if measure == "km":
            if data.get("km") is None and "km" not in self.errors:
                self.add_error("km", _("请填几公里。"))
            return _in_metres(data.get("km"))
        if measure != "settings":
            return None
        each = {setting: _in_metres(data.get(f"km_{setting}")) for setting in Setting.values}
        known = {setting: metres for setting, metres in each.items() if metres is not None}
        if not known:
            self.add_error("measure", _("请至少给一种区域类型填公里数。"))
        return known or None


class StandardForm(RuleForm):
    """A whole standard: its rule, its name, its policy and since when."""

    class Meta(RuleForm.Meta):
        fields = ("name", "code", *RuleForm.Meta.fields, "policy_source", "effective_from")
        widgets = {
            "effective_from": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            "policy_source": forms.TextInput,
        }

    def __init__(self, *args: object, fixed_code: str = "", **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fixed_code = fixed_code
        self.fields["code"].required = False
        self.fields["code"].help_text = _("留空则自动编号。")
        self.fields["policy_source"].help_text = _(
            "写明哪部法规、规划或文件的哪一条;没有依据的,写“本局工作要求”并注明日期。"
        )
        if fixed_code:
            del self.fields["code"]
        if not self.instance.pk:
            self.initial.setdefault("effective_from", clock.today())

    def clean(self) -> dict[str, object]:
        """A new standard without a code is given one; a new version keeps its own."""
        data = super().clean()
        if self.fixed_code:
            self.instance.code = self.fixed_code
        elif not data.get("code") and "code" not in self.errors:
            data["code"] = next(new_codes(Standard, [CODE_PREFIX]))
        return data

    def clean_code(self) -> str:
        """A new standard does not take the place of another by having its code."""
        code = self.cleaned_data["code"]
        if code and Standard.objects.filter(code=code).exists():
            words = _("已有编号为“%(code)s”的标准;要改它,请在它那里点“修改”。")
            raise forms.ValidationError(words % {"code": code})
        return code

    def clean_effective_from(self) -> object:
        """A rule does not begin in the past: what was reported by then would change."""
        begins = self.cleaned_data["effective_from"]
        if begins < clock.today() and "effective_from" in self.changed_data:
            raise forms.ValidationError(_("生效日期不能早于今天:已经按旧标准报出的数不能改。"))
        if begins > LAST_DAY:
            raise forms.ValidationError(_("日期最晚到 2100 年底,请检查年份。"))
        versions = Standard.objects.filter(code=self.fixed_code, effective_from=begins)
        if self.fixed_code and versions.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("这条标准已有一版在这一天生效;请选以后的日期。"))
        return begins


def copied(standard: Standard) -> dict[str, object]:
    """What a form for another standard with the same rule begins with."""
    rule = {name: getattr(standard, name) for name in RULE_FIELDS}
    begins = max(clock.today(), clock.day_after(standard.effective_from))
    begun = {"name": standard.name, "policy_source": standard.policy_source}
    return {**rule, **begun, **_measure(standard), "effective_from": begins}


def _choices(field: object) -> forms.MultipleChoiceField:
    return forms.TypedMultipleChoiceField(
        label=field.verbose_name,
        choices=field.base_field.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


def _measure(standard: Standard) -> dict[str, object]:
    """The form's fields that stand for the model's measure."""
    limit = standard.max_distance_m
    if isinstance(limit, dict):
        return {"measure": "settings"} | {f"km_{name}": _in_km(m) for name, m in limit.items()}
    if limit is not None:
        return {"measure": "km", "km": _in_km(limit)}
    if standard.max_minutes is not None:
        return {"measure": "minutes"}
    return {"measure": "in" if standard.pk else "km"}


def _in_metres(kilometres: float | None) -> float | None:
    if kilometres is None:
        return None
    metres = round(kilometres * 1000, 1)
    return int(metres) if metres.is_integer() else metres


def _in_km(metres: float) -> float:
    """Without a decimal that says nothing: 5, 0.5."""
    kilometres = metres / 1000
    return int(kilometres) if kilometres.is_integer() else kilometres
