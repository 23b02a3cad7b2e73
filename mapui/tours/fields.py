"""Fields of a wish for a tour: numbers, days, villages by name, and the hours of teams and days."""

import datetime
import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from events.models.tours import MAX_DAYS, MAX_TEAMS
from events.tours import rules
from events.tours.rules import Minutes
from sites.models import Village

SEPARATORS = re.compile(r"[\s,,;;、]+")
NAMED = 20  # villages of one name that a sentence lists
MOST_LINES = 100  # of hours

Hours = dict[int, dict[datetime.date, Minutes | None]]


def whole(low: int, high: int, label: Any, *, required: bool = True) -> forms.IntegerField:
    """A whole number in low … high."""
    told = gettext_lazy("请填 %(low)d 到 %(high)d 的整数。") % {"low": low, "high": high}
    names = ("required", "invalid", "min_value", "max_value")
    return forms.IntegerField(
        label=label,
        min_value=low,
        max_value=high,
        required=required,
        error_messages=dict.fromkeys(names, told),
    )


def number(low: int, high: int, label: Any) -> forms.FloatField:
    """A number in low … high."""
    told = gettext_lazy("请填 %(low)d 到 %(high)d 的数。") % {"low": low, "high": high}
    names = ("required", "invalid", "min_value", "max_value")
    return forms.FloatField(
        label=label,
        min_value=low,
        max_value=high,
        widget=forms.NumberInput(attrs={"step": "any"}),
        error_messages=dict.fromkeys(names, told),
    )


def choice(queryset: Any, label: Any, told: Any) -> forms.ModelChoiceField:
    """One of the records; `told` says so where it is none of them."""
    names = ("required", "invalid_choice")
    return forms.ModelChoiceField(
        queryset, label=label, empty_label=None, error_messages=dict.fromkeys(names, told)
    )


def day(label: Any) -> forms.DateField:
    """A date."""
    told = gettext_lazy("请填日期,如 2026-12-07。")
    return forms.DateField(
        label=label,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": told, "invalid": told},
    )


def time(label: Any, told: Any) -> forms.TimeField:
    """A time of the day, or none."""
    return forms.TimeField(
        label=label,
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        error_messages={"invalid": told},
    )


class Villages(forms.CharField):
    """Villages by code, or by name where only one in the region has it; a tuple of codes."""

    widget = forms.Textarea(attrs={"rows": 2, "data-villages": ""})

    def clean(self, value: Any) -> tuple[str, ...]:
        """The codes. Raises ValidationError naming what is no village, or several."""
        wanted = [word for word in SEPARATORS.split(super().clean(value)) if word]
        if len(wanted) > rules.MOST:
            raise forms.ValidationError(_("最多 %(most)d 个村。") % {"most": rules.MOST})
        if not wanted:
            return ()
        found = _villages(wanted)
        problems = [_not_one(word, found.get(word, [])) for word in wanted]
        if wrong := [sentence for sentence in problems if sentence]:
            raise forms.ValidationError(wrong)
        return tuple(dict.fromkeys(found[word][0] for word in wanted))


def _villages(wanted: Iterable[str]) -> dict[str, list[str]]:
    """The codes that each word may mean: itself, or those of the villages of that name."""
    codes = {word for word in wanted if word.isdigit()}
    names = Village.objects.filter(name__in=set(wanted) - codes).order_by("code")
    found: dict[str, list[str]] = {}
    for code, name in names.values_list("code", "name"):
        found.setdefault(name, []).append(code)
    known = Village.objects.filter(pk__in=codes).values_list("pk", flat=True)
    return found | {code: [code] for code in known}


def _not_one(word: str, codes: list[str]) -> str:
    if not codes:
        return _("没有叫“%(word)s”的村(社区),请写全名或 12 位代码。") % {"word": word}
    if len(codes) == 1:
        return ""
    listed = _("、").join(codes[:NAMED])
    words = ngettext(
        "“%(word)s”有 %(n)d 个,请写其中一个的代码:%(codes)s。",
        "“%(word)s”有 %(n)d 个,请写其中一个的代码:%(codes)s。",
        len(codes),
    )
    return words % {"word": word, "n": len(codes), "codes": listed}


def village_names(texts: Iterable[str]) -> dict[str, str]:
    """What the villages of some such fields are called, by code, each with its township."""
    words = {word for text in texts for word in SEPARATORS.split(text or "") if word.isdigit()}
    if not words:
        return {}
    found = Village.objects.filter(pk__in=words).values_list("code", "name", "township__name")
    return {code: f"{name} · {township}" for code, name, township in found}


EVERY = 0
_TEAMS = [(EVERY, gettext_lazy("每个队")), *((n, str(n)) for n in range(1, MAX_TEAMS + 1))]
_DAYS = [(EVERY, gettext_lazy("每天")), *((n, str(n)) for n in range(1, MAX_DAYS + 1))]


def _number(choices: list[tuple[int, Any]], label: Any) -> forms.TypedChoiceField:
    told = gettext_lazy("请从列表里选。")
    return forms.TypedChoiceField(
        label=label,
        choices=choices,
        coerce=int,
        initial=EVERY,
        error_messages=dict.fromkeys(("required", "invalid_choice"), told),
    )


class HoursLine(forms.Form):
    """When a team, or every one, is on the road on a day, or on every one; or that it rests."""

    team = _number(_TEAMS, gettext_lazy("哪个队"))
    day = _number(_DAYS, gettext_lazy("哪天"))
    first = time(gettext_lazy("最早出发"), gettext_lazy("请填时间,如 08:00。"))
    last = time(gettext_lazy("最晚回到"), gettext_lazy("请填时间,如 19:00。"))
    off = forms.BooleanField(label=gettext_lazy("休息"), required=False)

    def clean(self) -> dict[str, Any]:
        """Either a rest or both times, in order; a line where nothing is said says nothing."""
        data = super().clean()
        first, last = data.get("first"), data.get("last")
        if self.errors or data.get("off") or (first is None and last is None):
            return data
        if first is None or last is None:
            self.add_error("last", _("请填从几点到几点;休息就勾“休息”。"))
        elif last <= first:
            self.add_error("last", _("最晚回到应晚于最早出发。"))
        return data

    @property
    def span(self) -> Minutes | None:
        """Minutes of the day; None is a rest."""
        data = self.cleaned_data
        if data["off"]:
            return None
        first, last = data["first"], data["last"]
        return first.hour * 60 + first.minute, last.hour * 60 + last.minute


class _Lines(forms.BaseFormSet):
    """Lines of hours; what is said of one team or one day goes before what is said of all."""

    def hours(self, start: datetime.date, days: int, teams: int) -> Hours:
        """By team and date. Lines about teams or days that there are not are of no account."""
        said = [line for line in self.forms if _says_something(line)]
        said.sort(key=lambda line: bool(line.cleaned_data["team"]) + bool(line.cleaned_data["day"]))
        found: Hours = {}
        for line in said:
            team, number = line.cleaned_data["team"], line.cleaned_data["day"]
            for k in [team] if team else range(1, teams + 1):
                for n in [number] if number else range(1, days + 1):
                    if k <= teams and n <= days:
                        found.setdefault(k, {})[start + datetime.timedelta(days=n - 1)] = line.span
        return found


def _says_something(line: forms.Form) -> bool:
    data = getattr(line, "cleaned_data", None) or {}
    return bool(data.get("off") or data.get("first"))


HoursLines = forms.formset_factory(
    HoursLine, formset=_Lines, extra=1, max_num=MOST_LINES, absolute_max=MOST_LINES
)


def lines_of(hours: Hours, start: datetime.date, days: int) -> list[dict[str, Any]]:
    """Lines that say the same: one for every day where a team's days are all alike."""
    lines: list[dict[str, Any]] = []
    for team, by_date in hours.items():
        spans = [(date, by_date[date]) for date in sorted(by_date)]
        if len(spans) == days and len({span for _date, span in spans}) == 1:
            spans = [(start - datetime.timedelta(days=1), spans[0][1])]
        for date, span in spans:
            first, last = (rules.clock_text(each) for each in span) if span else (None, None)
            number = (date - start).days + 1
            if 0 <= number <= days:
                line = {"team": team, "day": number, "first": first, "last": last}
                lines.append({**line, "off": span is None})
    return lines
