"""The stewards' queue of what people say and ask for: what is shown of it, and how it is answered."""

import datetime
import re
from dataclasses import dataclass
from typing import Annotated, Any

from django import forms
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.models import Event, Troupe, VisitRequest
from mapui import filters, readers
from mapui.params import BadParameters, Filter, Param, refusal
from sites import access, remarks
from sites.choices import EventKind, RemarkKind
from sites.models import Organ, Remark

SOON_WORKING_DAYS = 5  # what a sender may expect
TOO_LATE_DAYS = 90  # unanswered for three months: what inspections of government sites rule out
# A mobile phone's number, or a citizen's: personal data, which no public answer holds.
_PERSONAL = re.compile(r"(?<!\d)(1[3-9]\d{9}|\d{17}[\dXx])(?!\d)")
NO_CHOICE = ("", gettext_lazy("请选择"))


KINDS = {"requests": EventKind.values, "remarks": RemarkKind.values}
_KIND = "Only of this kind: of event that is asked for, or of remark."


@dataclass(frozen=True)
class Asked(Filter):
    """Which messages are wanted."""

    what: Annotated[str, Param(readers.one_of("requests", "remarks"), "Requests, or remarks.")] = ""
    state: Annotated[str, Param(readers.one_of("open", "answered"), "Open, or answered.")] = "open"
    region: filters.Region = ""
    kind: Annotated[str, Param(readers.one_of(*KINDS["requests"], *KINDS["remarks"]), _KIND)] = ""

    def __post_init__(self) -> None:
        if self.what and self.kind and self.kind not in KINDS[self.what]:
            allowed = KINDS[self.what]
            message = _("kind:%(kind)s 不是这里有的,可用的有:%(allowed)s。")
            message %= {"kind": self.kind, "allowed": _("、").join(allowed)}
            raise BadParameters([refusal("kind", self.kind, allowed, message)])

    def has(self, what: str) -> bool:
        """Whether remarks, or requests, can be of the kind that is asked for."""
        return not self.kind or self.kind in KINDS[what]

    @property
    def is_open(self) -> bool:
        """Whether those are wanted that nobody has answered."""
        return self.state == "open"

    def remarks(self, user: access.User) -> QuerySet[Remark]:
        """What people say; of the open ones that which has waited longest first."""
        found = Remark.objects.editable_by(user).filter(county__code__startswith=self.region[:6])
        found = found.filter(kind=self.kind) if self.kind else found
        if self.is_open:
            return found.open().order_by("sent_at", "pk")
        return found.exclude(answered_at=None).order_by("-answered_at", "-pk")

    def requests(self, user: access.User) -> QuerySet[VisitRequest]:
        """What people ask for, one line a sender and wish."""
        found = VisitRequest.objects.editable_by(user).counted()
        found = found.filter(village__code__startswith=self.region)
        found = found.filter(kind=self.kind) if self.kind else found
        found = found.annotate(again=Count("repeated", distinct=True))
        waiting = VisitRequest.objects.waiting().values("pk")
        if self.is_open:
            return found.filter(pk__in=waiting).order_by("made_on", "pk")
        return found.exclude(pk__in=waiting).order_by("-answered_on", "-pk")


@dataclass(frozen=True)
class Wait:
    """How long a message has waited."""

    since: datetime.date
    today: datetime.date

    @property
    def days(self) -> int:
        """Whole days."""
        return remarks.days_waiting(self.since, self.today)

    @property
    def is_late(self) -> bool:
        """Whether more working days have passed than a sender may expect."""
        return remarks.working_days(self.since, self.today) > SOON_WORKING_DAYS

    @property
    def is_far_too_late(self) -> bool:
        """Whether three months have passed."""
        return self.days >= TOO_LATE_DAYS

    @classmethod
    def of(cls, message: Remark | VisitRequest, today: datetime.date) -> "Wait":
        """That of a message, on a day."""
        if isinstance(message, Remark):
            return cls(timezone.localdate(message.sent_at), today)
        return cls(message.made_on, today)


class AnswerForm(forms.Form):
    """A sentence for the sender, which everybody with the number can read."""

    answer = forms.CharField(
        label=gettext_lazy("答复"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("公开显示,不要写姓名和手机号。最多 300 字。"),
        error_messages={
            "required": gettext_lazy("请写一句答复:查了什么、怎样处理。"),
            "max_length": gettext_lazy("最多 300 字,现在是 %(show_value)d 字。"),
            "null_characters_not_allowed": gettext_lazy("文字里有看不见的字符(NUL),请删掉重填。"),
        },
    )

    def clean_answer(self) -> str:
        """No personal data where everybody reads it."""
        text = self.cleaned_data["answer"]
        if _PERSONAL.search(text):
            raise forms.ValidationError(_("答复是公开的,请不要写手机号或身份证号。"))
        return text


class ArrangeForm(AnswerForm):
    """Answer with an event that is to come to the village."""

    event = forms.ChoiceField(
        label=gettext_lazy("哪一场活动"),
        error_messages={
            "required": gettext_lazy("请选一场活动。"),
            "invalid_choice": gettext_lazy("请从列表里选一场还没办的活动。"),
        },
    )
    field_order = ("event", "answer")

    def __init__(self, *args: Any, events: list[Event], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.events = {event.code: event for event in events}
        self.fields["event"].choices = [NO_CHOICE, *((each.code, told(each)) for each in events)]
        self.fields["answer"].required = False
        self.fields["answer"].help_text = _(
            "可不填:日期和地点会自己显示。公开,不要写姓名和手机号。"
        )

    def chosen(self) -> Event:
        """The event that was chosen."""
        return self.events[self.cleaned_data["event"]]


class HandForm(forms.Form):
    """派单: to a troupe or an organ."""

    to = forms.ChoiceField(
        label=gettext_lazy("派给谁"),
        error_messages={
            "required": gettext_lazy("请选派给谁。"),
            "invalid_choice": gettext_lazy("请从列表里选一个。"),
        },
    )

    def __init__(self, *args: Any, village: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.troupes = {f"troupe:{each.pk}": each for each in Troupe.objects.order_by("name")}
        near = Q(region=None) | Q(region__in=[village[:2], village[:4], village[:6], village[:9]])
        self.organs = {f"organ:{o.pk}": o for o in Organ.objects.filter(near).order_by("name")}
        self.fields["to"].choices = [
            NO_CHOICE,
            (_("演出队"), [(key, each.name) for key, each in self.troupes.items()]),
            (_("单位"), [(key, each.name) for key, each in self.organs.items()]),
        ]

    def chosen(self) -> Troupe | Organ:
        """Whom it is handed on to."""
        return {**self.troupes, **self.organs}[self.cleaned_data["to"]]


def told(event: Event) -> str:
    """An event in a line: when, what, where."""
    when = timezone.localtime(event.starts_at)
    return f"{when:%Y-%m-%d %H:%M} · {event.programme.name} · {event.site or event.village}"
