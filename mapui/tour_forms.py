"""The wish for a tour as a form: a minute's worth of fields, and the rest for whoever wants more."""

import datetime
import re
from dataclasses import dataclass
from typing import Annotated, Any

from django import forms
from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Case, Count, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from events import rules
from events.choices import Nights
from events.models import Programme, Tour, Troupe
from events.models.tours import MAX_DAYS, MAX_TEAMS
from events.rules import Rules
from mapui import filters, readers
from mapui.forms import LAST_DAY
from mapui.params import Param
from sites import clock
from sites.choices import EventKind
from sites.models import Region, Standard, Village

DEFAULTS = Rules()
SEPARATORS = re.compile(r"[\s,,;;、]+")
MOST_COMPARED = 4
NAMED = 20  # villages of one name that a sentence lists
WEIGHTS = {
    "month": gettext_lazy("没去过的每一个月"),
    "months_cap": gettext_lazy("最多算几个月"),
    "hundred_people": gettext_lazy("每一百人"),
    "newly": gettext_lazy("每新增一个有效覆盖的村"),
    "request": gettext_lazy("每一条点单"),
    "market": gettext_lazy("赶上集市"),
    "festival": gettext_lazy("赶上那达慕、节庆"),
    "quota": gettext_lazy("旗县区今年每差一场"),
}
COSTS = {
    "fuel_yuan": gettext_lazy("油费(元/百公里)"),
    "lodging_yuan": gettext_lazy("住宿(元/床·晚)"),
    "allowance_yuan": gettext_lazy("补助(元/人·天)"),
}


@dataclass(frozen=True)
class AskedTours(filters.Filter):
    """The waiting list of a region, and how far down; a village that a tour has to visit."""

    region: filters.Region = ""
    skip: Annotated[int, Param(readers.whole(0, 100_000), "Show so many more.")] = 0
    must: Annotated[str, Param(readers.VILLAGE, "A village to visit.")] = ""


@dataclass(frozen=True)
class Compared(filters.Filter):
    """Tours to see side by side."""

    ids: Annotated[
        tuple[int, ...], Param(readers.wholes(1, 2**31 - 1, MOST_COMPARED), "Tours to compare.")
    ] = ()


def next_monday(day: datetime.date) -> datetime.date:
    """The first Monday after a day.

    >>> next_monday(datetime.date(2026, 11, 30))
    datetime.date(2026, 12, 7)
    """
    return day + datetime.timedelta(days=7 - day.weekday())


def _whole(low: int, high: int, label: Any, *, required: bool = True) -> forms.IntegerField:
    told = gettext_lazy("请填 %(low)d 到 %(high)d 的整数。") % {"low": low, "high": high}
    names = ("required", "invalid", "min_value", "max_value")
    return forms.IntegerField(
        label=label,
        min_value=low,
        max_value=high,
        required=required,
        error_messages=dict.fromkeys(names, told),
    )


def _choice(queryset: Any, label: Any, told: Any) -> forms.ModelChoiceField:
    names = ("required", "invalid_choice")
    return forms.ModelChoiceField(
        queryset, label=label, empty_label=None, error_messages=dict.fromkeys(names, told)
    )


def _day(label: Any) -> forms.DateField:
    told = gettext_lazy("请填日期,如 2026-12-07。")
    return forms.DateField(
        label=label,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": told, "invalid": told},
    )


def _time(label: Any) -> forms.TimeField:
    told = gettext_lazy("请填时间,如 12:00;不留午休就两格都空着。")
    return forms.TimeField(
        label=label,
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        error_messages={"invalid": told},
    )


class Villages(forms.CharField):
    """Villages by code, or by name where only one in the region has it; a tuple of codes."""

    widget = forms.Textarea(attrs={"rows": 2})

    def clean(self, value: Any) -> tuple[str, ...]:
        """The codes. Raises ValidationError naming what is no village, or several."""
        wanted = [word for word in SEPARATORS.split(super().clean(value)) if word]
        if len(wanted) > rules.MOST:
            raise forms.ValidationError(_("最多 %(most)d 个村。") % {"most": rules.MOST})
        codes = [word for word in wanted if word.isdigit()]
        known = set(Village.objects.filter(pk__in=codes).values_list("pk", flat=True))
        names = Village.objects.filter(name__in=set(wanted) - set(codes)).order_by("code")
        found: dict[str, list[str]] = {}
        for code, name in names.values_list("code", "name"):
            found.setdefault(name, []).append(code)
        found |= {code: [code] for code in known}
        problems = [_not_one(word, found.get(word, [])) for word in wanted]
        if wrong := [sentence for sentence in problems if sentence]:
            raise forms.ValidationError(wrong)
        return tuple(dict.fromkeys(found[word][0] for word in wanted))


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


class TourForm(forms.Form):
    """What a leader asks of a tour; `save` queues it to be planned."""

    troupe = _choice(Troupe.objects.none(), gettext_lazy("演出队"), gettext_lazy("请选演出队。"))
    programme = _choice(Programme.objects.none(), gettext_lazy("节目"), gettext_lazy("请选节目。"))
    start = _day(gettext_lazy("第一天"))
    days = _whole(1, MAX_DAYS, gettext_lazy("几天"))
    teams = _whole(1, MAX_TEAMS, gettext_lazy("几个队"))
    region = forms.ChoiceField(
        label=gettext_lazy("去哪里"),
        required=False,
        error_messages={"invalid_choice": gettext_lazy("请从列表里选一个旗县区,或全市。")},
    )
    nights = forms.ChoiceField(
        label=gettext_lazy("晚上"),
        choices=Nights.choices,
        error_messages=dict.fromkeys(("required", "invalid_choice"), gettext_lazy("请选怎么住。")),
    )
    name = forms.CharField(label=gettext_lazy("名称"), max_length=100, required=False)
    standard = forms.ModelChoiceField(
        Standard.objects.none(),
        label=gettext_lazy("按哪条标准算新增覆盖"),
        to_field_name="code",
        empty_label=None,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), gettext_lazy("请选一条在用的标准。")
        ),
    )
    each_county = _whole(0, 10_000, gettext_lazy("每个旗县区今年要几场"), required=False)
    max_to_bed = _whole(0, rules.DAY, gettext_lazy("去住处最多几分钟"), required=False)
    max_duty = _whole(30, rules.DAY, gettext_lazy("一天在外最多几分钟"), required=False)
    slack = _whole(0, 240, gettext_lazy("每段路多留几分钟"))
    lunch_from = _time(gettext_lazy("午休从"))
    lunch_to = _time(gettext_lazy("午休到"))
    daylight = forms.BooleanField(label=gettext_lazy("室外演出只在白天"), required=False)
    indoors = forms.BooleanField(label=gettext_lazy("只去有室内场地的村"), required=False)
    bilingual = forms.BooleanField(label=gettext_lazy("要蒙古语的村派会蒙古语的队"), required=False)
    reserve = forms.TypedMultipleChoiceField(
        label=gettext_lazy("备用日(不排演出,留给坏天气)"),
        choices=[(day, str(day)) for day in range(1, MAX_DAYS + 1)],
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": gettext_lazy("没有第 %(value)s 天。")},
    )
    must = Villages(label=gettext_lazy("必去的村"), required=False)
    exclude = Villages(label=gettext_lazy("不去的村"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Who has teams on record comes first, and a show is what is mostly meant.
        troupes = Troupe.objects.annotate(known=Count("crews")).order_by("-known", "code")
        self.fields["troupe"].queryset = troupes
        shows_first = Case(When(kind=EventKind.SHOW, then=0), default=1)
        self.fields["programme"].queryset = Programme.objects.order_by(shows_first, "kind", "code")
        self.fields["programme"].label_from_instance = lambda programme: (
            _("%(name)s · %(minutes)d 分") % {"name": programme.name, "minutes": programme.minutes}
        )
        self.fields["standard"].queryset = Standard.objects.effective_on(clock.today()).order_by(
            "code"
        )
        self.fields["standard"].label_from_instance = lambda standard: standard.name
        self.counties = list(Region.objects.counties().values_list("code", "name"))
        self.fields["region"].choices = [("", _("全市")), *self.counties]
        for name, label in WEIGHTS.items():
            self.fields[f"w_{name}"] = _whole(0, 10_000, label)
        for name, label in COSTS.items():
            self.fields[name] = _whole(0, 10_000, label)
        told = _("文字里有看不见的字符(NUL),请删掉重填。")
        for field in self.fields.values():
            field.error_messages["null_characters_not_allowed"] = told
        self.initial = first_values() | self.initial

    @property
    def weights(self) -> list[forms.BoundField]:
        """The fields of the formula."""
        return [self[f"w_{name}"] for name in WEIGHTS]

    @property
    def costs(self) -> list[forms.BoundField]:
        """The fields of what things cost."""
        return [self[name] for name in COSTS]

    @property
    def more_is_wrong(self) -> bool:
        """Whether a field that lies folded away is wrong, or was filled in before."""
        first = {"troupe", "programme", "start", "days", "teams", "region", "nights"}
        return bool(set(self.errors) - first) if self.is_bound else bool(self.initial.get("must"))

    def clean_start(self) -> datetime.date:
        """A first day that is not over."""
        day, today = self.cleaned_data["start"], clock.today()
        if day < today:
            words = _("第一天已经过去,请选今天(%(today)s)或以后。")
            raise forms.ValidationError(words % {"today": today.isoformat()})
        if day > LAST_DAY:
            raise forms.ValidationError(_("日期最晚到 2100 年底,请检查年份。"))
        return day

    def clean(self) -> dict[str, Any]:
        """What fields say of each other."""
        data = super().clean()
        first, last = data.get("lunch_from"), data.get("lunch_to")
        if (first is None) != (last is None) and not {"lunch_from", "lunch_to"} & set(self.errors):
            self.add_error("lunch_to", _("午休要填从几点到几点;不留午休就两格都空着。"))
        elif first and last and last <= first:
            self.add_error("lunch_to", _("午休结束应晚于开始。"))
        days, reserve = data.get("days"), data.get("reserve", [])
        if days and (late := [day for day in reserve if day > days]):
            words = _("这次只有 %(days)d 天,没有第 %(late)d 天。")
            self.add_error("reserve", words % {"days": days, "late": late[0]})
        elif days and len(reserve) >= days:
            self.add_error("reserve", _("每天都是备用日,就没有一天能演出:请至少留一天。"))
        if both := set(data.get("must", ())) & set(data.get("exclude", ())):
            words = _("%(villages)s 既要必去又要不去,请只留一项。")
            self.add_error("exclude", words % {"villages": _("、").join(sorted(both))})
        return data

    def rules(self) -> Rules:
        """The checked rules. Raises RulesError where they refuse what the fields let pass."""
        data = self.cleaned_data
        counties = [code for code, _name in self.counties if code.startswith(data["region"] or "")]
        lunch = data["lunch_from"] and [f"{data[n]:%H:%M}" for n in ("lunch_from", "lunch_to")]
        start = data["start"]
        same = ("max_to_bed", "max_duty", "slack", "daylight", "indoors", "bilingual", *COSTS)
        return rules.read(
            {
                **{name: data[name] for name in same},
                "standard": data["standard"].code,
                "weights": {name: data[f"w_{name}"] for name in WEIGHTS},
                "quotas": dict.fromkeys(counties, data["each_county"] or 0)
                if data["each_county"]
                else {},
                "lunch": lunch,
                "reserve": [
                    (start + datetime.timedelta(days=day - 1)).isoformat()
                    for day in data["reserve"]
                ],
                "must": list(data["must"]),
                "exclude": list(data["exclude"]),
            }
        )

    def save(self, author: AbstractBaseUser) -> Tour:
        """Queue the tour; the worker plans it. Raises RulesError."""
        data = self.cleaned_data
        asked = self.rules()
        same = ("troupe", "programme", "start", "days", "teams", "region", "nights")
        tour = Tour(**{name: data[name] for name in same}, rules=asked.to_json())
        tour.author, tour.made_at = author, clock.now()
        tour.name = data["name"] or _first_name(tour)
        tour.save()
        return tour


def _first_name(tour: Tour) -> str:
    words = _("%(troupe)s %(month)d 月 %(day)d 日起 %(days)d 天")
    told = {"month": tour.start.month, "day": tour.start.day, "days": tour.days}
    return (words % {"troupe": tour.troupe.name, **told})[:100]


def first_values() -> dict[str, Any]:
    """What the form starts with: next Monday, three days, one team, and the rules' defaults."""
    asked = DEFAULTS.to_json()
    lunch = asked["lunch"] or (None, None)
    same = ("standard", "max_to_bed", "max_duty", "slack", "daylight", "indoors", "bilingual")
    return {
        "start": next_monday(clock.today()),
        "days": 3,
        "teams": 1,
        "nights": Nights.AWAY,
        **{name: asked[name] for name in (*same, *COSTS)},
        **{f"w_{name}": int(value) for name, value in asked["weights"].items()},
        "lunch_from": lunch[0],
        "lunch_to": lunch[1],
    }
