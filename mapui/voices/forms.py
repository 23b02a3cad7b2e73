"""What citizens write: a remark on a place, a request for a programme, a rating."""

from typing import Any

from django import forms
from django.contrib.gis.geos import Point
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.choices import Language
from events.models.asking import BEST
from mapui.naming import NAMES
from mapui.voices.guard import GuardedForm
from sites import clock, geodesy
from sites.choices import EventKind, RemarkKind
from sites.finding import Level
from sites.form_fields import LonLatField
from sites.models import Site, Village
from sites.querysets import VillageQuerySet

MOST_HITS = 200  # finds in the index of names, of which villages are wanted
MOST_CHOICES = 20  # villages of a name that are offered to choose from
FARTHEST_KM = 100  # from a place to where it is said to be

ANY_KIND = ("", gettext_lazy("都可以"))
STARS = [(n, str(n)) for n in range(BEST, 0, -1)]


class SayForm(GuardedForm):
    """A remark on a place."""

    kind = forms.ChoiceField(
        label=gettext_lazy("您要说的是"),
        choices=RemarkKind,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("请选一项。"),
            "invalid_choice": gettext_lazy("请从这几项里选一项。"),
        },
    )
    words = forms.CharField(
        label=gettext_lazy("说明"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("最多 500 字。请不要写别人的姓名和电话。"),
        error_messages={"max_length": gettext_lazy("最多 500 字,现在是 %(show_value)d 字。")},
    )
    point = LonLatField(
        label=gettext_lazy("它实际在哪里"),
        required=False,
        max_length=60,
        help_text=gettext_lazy("在图上点一下;也可以填经度, 纬度,或者只用文字说明。"),
    )

    field_order = ("kind", "words", "point", "contact")

    def __init__(self, *args: Any, place: Site | Village, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.place = place

    def clean_point(self) -> Point | None:
        """A point not too far from where the place is on record."""
        point, stored = self.cleaned_data["point"], self.place.location
        if point is None or stored is None:
            return point
        _index, metres = geodesy.nearest([point.coords], [stored.coords])
        kilometres = round(float(metres[0]) / 1000)
        if kilometres > FARTHEST_KM:
            told = _("标出的位置离登记的位置有 %(n)d 公里,请再看一下经度和纬度。")
            raise forms.ValidationError(told % {"n": kilometres})
        return point

    def clean(self) -> dict[str, Any]:
        """What is wrong must be told, in words or by a point."""
        data = super().clean()
        kind = data.get("kind")
        if kind == RemarkKind.POSITION:
            if not data.get("words") and data.get("point") is None and "point" not in self.errors:
                self.add_error("words", _("请在图上标出位置,或者写一句它在哪里。"))
        elif kind in (RemarkKind.FACTS, RemarkKind.OTHER) and not data.get("words"):
            self._require_words()
        return data

    def _require_words(self) -> None:
        if "words" not in self.errors:
            self.add_error("words", _("请写一句是什么事。"))

    def said(self) -> dict[str, Any]:
        """What the remark holds; a point only where the position is meant."""
        kind = self.cleaned_data["kind"]
        point = self.cleaned_data["point"] if kind == RemarkKind.POSITION else None
        return {"kind": kind, "words": self.cleaned_data["words"], "point": point}


class AskForm(GuardedForm):
    """点单. `place` is a village as people call it; `village`, its code, where several are."""

    place = forms.CharField(
        label=gettext_lazy("哪个嘎查村(社区)"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("写名称就行;同名的多,可以加上旗县区,如“昆都仑 团结”。"),
        error_messages={"required": gettext_lazy("请写村(社区)的名称。")},
    )
    village = forms.CharField(required=False, max_length=12, widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label=gettext_lazy("想要什么"),
        choices=[ANY_KIND, *EventKind.choices],
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": gettext_lazy("请从这几项里选一项。")},
    )
    topic = forms.CharField(
        label=gettext_lazy("想听哪方面的法律"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("如:草场、赡养、劳动合同、防诈骗。可不填。"),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("语言"),
        choices=[ANY_KIND, *Language.choices],
        required=False,
        error_messages={"invalid_choice": gettext_lazy("请从这几项里选一项。")},
    )
    wish = forms.CharField(
        label=gettext_lazy("还有什么要说的"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "如:什么时候方便、大约多少人。最多 300 字,请不要写别人的姓名和电话。"
        ),
        error_messages={"max_length": gettext_lazy("最多 300 字,现在是 %(show_value)d 字。")},
    )

    field_order = ("place", "village", "kind", "topic", "language", "wish", "contact")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.found: list[Village] = []  # of which one is to be chosen
        self.chosen: Village | None = None

    def clean(self) -> dict[str, Any]:
        """Find the village that is meant."""
        data = super().clean()
        if data.get("place"):
            self._find(data["place"], data.get("village") or "")
        return data

    def _find(self, name: str, code: str) -> None:
        found = list(_villages().called(name).order_by("code")[: MOST_CHOICES + 1])
        meant = [village for village in found if village.name == name.strip()] or found
        if not found:
            found, meant = _like(name)
        self.chosen = next((village for village in found if village.code == code), None)
        if self.chosen is None and len(meant) == 1:
            self.chosen = meant[0]
        if self.chosen:
            return
        if not found:
            told = _("没有找到“%(name)s”。请换个写法,或只写前两个字。")
            self.add_error("place", told % {"name": name})
        elif len(found) > MOST_CHOICES:
            told = _("叫这个名字的太多,请加上旗县区或乡镇,如“昆都仑 %(name)s”。")
            self.add_error("place", told % {"name": name})
        else:
            self.found = found
            told = _("有几个地方都叫这个名字,请在下面选一个。")
            self.add_error("place", told if meant else _("您说的是不是下面的?请选一个。"))

    def asked(self) -> dict[str, str]:
        """What the request holds."""
        return {name: self.cleaned_data[name] for name in ("kind", "language", "topic", "wish")}


def _villages() -> VillageQuerySet:
    outlines = ("township__boundary", "township__parent__boundary")
    return Village.objects.select_related("township__parent").defer(*outlines)


def _like(name: str) -> tuple[list[Village], list[Village]]:
    """What the search finds, and of that what can be meant without asking."""
    hits = [hit for hit in NAMES.find(name, clock.today(), MOST_HITS) if hit.type == "village"]
    sure = [hit for hit in hits if hit.level not in (Level.INITIALS, Level.SLIP)]
    codes = [hit.code for hit in sure or hits][: MOST_CHOICES + 1]
    records = _villages().in_bulk(codes)
    found = [records[code] for code in codes if code in records]
    return found, found if sure else []


class RatingForm(forms.Form):
    """评单, by whoever has the number."""

    rating = forms.TypedChoiceField(
        label=gettext_lazy("几分"),
        choices=STARS,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("请选 1 到 5 分。"),
            "invalid_choice": gettext_lazy("请选 1 到 5 分。"),
        },
    )
    words = forms.CharField(
        label=gettext_lazy("说一句(可不填)"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "max_length": gettext_lazy("最多 300 字,现在是 %(show_value)d 字。"),
            "null_characters_not_allowed": gettext_lazy("文字里有看不见的字符(NUL),请删掉重填。"),
        },
    )
