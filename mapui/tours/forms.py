"""The wish for a tour as a form: three fields, and the rest for whoever wants more."""

import datetime
from dataclasses import asdict
from typing import Any

from django import forms
from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Case, Count, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.choices import Nights
from events.models import Programme, Tour, Troupe
from events.models.tours import MAX_DAYS, MAX_SECONDS, MAX_TEAMS
from events.tours import rules
from events.tours.rules import Rules
from mapui.planner.standard_forms import LAST_DAY
from mapui.tours import fields as tour_fields
from mapui.tours.fields import HoursLines, Villages, choice, number, whole
from sites import clock
from sites.choices import EventKind
from sites.models import Region, Standard

DEFAULTS = Rules()
DEFAULT_SECONDS = 10
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


TEAM_NUMBERS = range(1, MAX_TEAMS + 1)
PLAIN = ("max_to_bed", "max_duty", "slack", "daylight", "indoors", "bilingual", "seed", *COSTS)
ASKED = ("troupe", "programme", "start", "days", "teams", "region", "nights")
# Which fields lie folded away together; the three first ones lie open.
SECTIONS = {
    "who": ("troupe", "programme", "region", "nights", "name"),
    "where": ("must", "exclude", *(f"off_{k}" for k in TEAM_NUMBERS)),
    "when": (
        *("reserve", "lunch_from", "lunch_to", "max_duty", "max_to_bed", "slack"),
        *("daylight", "indoors", "bilingual"),
    ),
    "worth": ("standard", "each_county", *(f"w_{name}" for name in WEIGHTS)),
    "costs": tuple(COSTS),
    "effort": ("seconds", "seed"),
}
_NOON = gettext_lazy("请填时间,如 12:00;不留午休就两格都空着。")


def next_monday(day: datetime.date) -> datetime.date:
    """The first Monday after a day.

    >>> next_monday(datetime.date(2026, 11, 30))
    datetime.date(2026, 12, 7)
    """
    return day + datetime.timedelta(days=7 - day.weekday())


class TourForm(forms.Form):
    """What a leader asks of a tour, with its `lines` of hours; `save` queues it to be planned."""

    start = tour_fields.day(gettext_lazy("第一天"))
    days = whole(1, MAX_DAYS, gettext_lazy("几天"))
    teams = whole(1, MAX_TEAMS, gettext_lazy("几个队"))
    troupe = choice(Troupe.objects.none(), gettext_lazy("演出队"), gettext_lazy("请选演出队。"))
    programme = choice(Programme.objects.none(), gettext_lazy("节目"), gettext_lazy("请选节目。"))
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
    each_county = whole(0, 10_000, gettext_lazy("每个旗县区"), required=False)
    max_to_bed = whole(0, rules.DAY, gettext_lazy("去住处最多几分钟"), required=False)
    max_duty = whole(30, rules.DAY, gettext_lazy("一天在外最多几分钟"), required=False)
    slack = whole(0, 240, gettext_lazy("每段路多留几分钟"))
    lunch_from = tour_fields.time(gettext_lazy("午休从"), _NOON)
    lunch_to = tour_fields.time(gettext_lazy("午休到"), _NOON)
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
    seconds = whole(1, MAX_SECONDS, gettext_lazy("最多算几秒"), required=False)
    seed = whole(0, 2**31 - 1, gettext_lazy("随机种子"), required=False)

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=first_values() | (initial or {}))
        # Who has teams on record comes first, and a show is what is mostly meant.
        troupes = Troupe.objects.annotate(known=Count("crews")).order_by("-known", "code")
        self.fields["troupe"].queryset = troupes
        shows_first = Case(When(kind=EventKind.SHOW, then=0), default=1)
        self.fields["programme"].queryset = Programme.objects.order_by(shows_first, "kind", "code")
        self.fields["programme"].label_from_instance = lambda programme: (
            _("%(name)s · %(minutes)d 分") % {"name": programme.name, "minutes": programme.minutes}
        )
        standards = Standard.objects.effective_on(clock.today()).order_by("code")
        self.fields["standard"].queryset = standards
        self.fields["standard"].label_from_instance = lambda standard: standard.name
        self.counties = list(Region.objects.counties().values_list("code", "name"))
        self.fields["region"].choices = [("", _("全市")), *self.counties]
        self._add_fields()
        told = _("文字里有看不见的字符(NUL),请删掉重填。")
        for field in self.fields.values():
            field.error_messages["null_characters_not_allowed"] = told
        given = data if data is not None and "hours-TOTAL_FORMS" in data else None
        self.lines = HoursLines(given, prefix="hours", initial=self.initial.get("hours"))

    def _add_fields(self) -> None:
        """A field for each weight, cost, county and team."""
        for name, label in WEIGHTS.items():
            self.fields[f"w_{name}"] = number(0, rules.MOST_POINTS, label)
        for name, label in COSTS.items():
            self.fields[name] = whole(0, 10_000, label)
        for code, name in self.counties:
            self.fields[f"quota_{code}"] = whole(0, 10_000, name, required=False)
        for k in TEAM_NUMBERS:
            label = _("%(n)d 队不去的村") % {"n": k}
            self.fields[f"off_{k}"] = Villages(label=label, required=False)

    @property
    def weights(self) -> list[forms.BoundField]:
        """The fields of the formula."""
        return [self[f"w_{name}"] for name in WEIGHTS]

    @property
    def costs(self) -> list[forms.BoundField]:
        """The fields of what things cost."""
        return [self[name] for name in COSTS]

    @property
    def quotas(self) -> list[forms.BoundField]:
        """The fields of how many events a county is to get this year."""
        return [self[f"quota_{code}"] for code, _name in self.counties]

    @property
    def kept_off(self) -> list[tuple[int, forms.BoundField]]:
        """The fields of where a team does not go, by its number."""
        return [(k, self[f"off_{k}"]) for k in TEAM_NUMBERS]

    @property
    def village_names(self) -> dict[str, str]:
        """What the villages in the fields are called, by code."""
        names = ("must", "exclude", *(f"off_{k}" for k in TEAM_NUMBERS))
        return tour_fields.village_names(self[name].value() for name in names)

    @property
    def open(self) -> set[str]:
        """The sections in which something is wrong, or was filled in before."""
        first = first_values()
        given = {name for name, value in self.initial.items() if value and value != first.get(name)}
        told = set(self.errors) if self.is_bound else given
        shown = {name for name, fields in SECTIONS.items() if told & set(fields)}
        lines = any(self.lines.errors) if self.lines.is_bound else "hours" in given
        quotas = any(name.startswith("quota_") for name in told)
        return shown | ({"when"} if lines else set()) | ({"worth"} if quotas else set())

    def is_valid(self) -> bool:
        """Whether the fields and the lines of hours are right."""
        lines = not self.lines.is_bound or self.lines.is_valid()
        return super().is_valid() and lines

    @property
    def is_wrong(self) -> bool:
        """Whether anything that was sent is wrong."""
        return bool(self.errors) or (self.lines.is_bound and not self.lines.is_valid())

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
        lunch = data["lunch_from"] and [f"{data[n]:%H:%M}" for n in ("lunch_from", "lunch_to")]
        start, same = data["start"], {name: data[name] for name in PLAIN}
        hours = self.lines.hours(start, data["days"], data["teams"])
        kept_off = {str(k): list(data[f"off_{k}"]) for k in TEAM_NUMBERS if data[f"off_{k}"]}
        reserve = [start + datetime.timedelta(days=day - 1) for day in data["reserve"]]
        return rules.read(
            {
                **same,
                "seed": DEFAULTS.seed if same["seed"] is None else same["seed"],
                "standard": data["standard"].code,
                "weights": {name: data[f"w_{name}"] for name in WEIGHTS},
                "quotas": self._quotas(),
                "lunch": lunch,
                "reserve": [day.isoformat() for day in reserve],
                "must": list(data["must"]),
                "exclude": list(data["exclude"]),
                "keep_off": kept_off,
                "hours": Rules(hours=hours).to_json()["hours"],
            }
        )

    def _quotas(self) -> dict[str, int]:
        """By county of the region that is asked for: its own number, else that for each."""
        data = self.cleaned_data
        inside = [code for code, _name in self.counties if code.startswith(data["region"] or "")]
        own = {code: data[f"quota_{code}"] for code in inside}
        found = {code: data["each_county"] if n is None else n for code, n in own.items()}
        return {code: n for code, n in found.items() if n}

    def save(self, author: AbstractBaseUser) -> Tour:
        """Queue the tour; the worker plans it. Raises RulesError."""
        data = self.cleaned_data
        asked = self.rules()
        tour = Tour(**{name: data[name] for name in ASKED}, rules=asked.to_json())
        tour.seconds = data["seconds"] or tour.seconds
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
    first = {"start": next_monday(clock.today()), "days": 3, "teams": 1, "nights": Nights.AWAY}
    return {**first, "seconds": DEFAULT_SECONDS, **_fields_of(DEFAULTS)}


def _fields_of(asked: Rules) -> dict[str, Any]:
    """The fields that say what some rules say, those of days and places aside."""
    told = asked.to_json()
    lunch = told["lunch"] or (None, None)
    return {
        "standard": asked.standard,
        **{name: told[name] for name in PLAIN},
        **{f"w_{name}": f"{value:g}" for name, value in asdict(asked.weights).items()},
        "lunch_from": lunch[0],
        "lunch_to": lunch[1],
    }


def wish_of(tour: Tour) -> dict[str, Any]:
    """What the form starts with to ask for the same again, from next Monday where it is over."""
    asked = rules.read(tour.rules)
    start = max(tour.start, next_monday(clock.today()))
    return {
        **{name: getattr(tour, name) for name in ("days", "teams", "region", "nights")},
        **{"start": start, "troupe": tour.troupe_id, "programme": tour.programme_id},
        "seconds": round(tour.seconds) or 1,
        **_fields_of(asked),
        **{f"quota_{code}": n for code, n in asked.quotas.items()},
        **{f"off_{k}": "\n".join(codes) for k, codes in asked.keep_off.items()},
        "reserve": [(day - tour.start).days + 1 for day in asked.reserve],
        "must": "\n".join(code for code in asked.must if code not in asked.declined),
        "exclude": "\n".join((*asked.exclude, *asked.declined)),
        "hours": tour_fields.lines_of(asked.hours, tour.start, tour.days),
    }
