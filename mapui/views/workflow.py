"""The steps of one event, by those who may take them: confirm, held, cancel, another time."""

import datetime
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from events import workflow
from events.choices import Status
from events.errors import ClashError
from events.models import Event
from mapui.middleware import takes_forms
from sites import access, clock

LONGEST_NOTE = 300


class _StepForm(forms.Form):
    """`step` names what is asked for; a form that was not sent is shown as it is at first."""

    step = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, name: str, **kwargs: Any) -> None:
        super().__init__(*args, initial={"step": name, **kwargs.pop("initial", {})}, **kwargs)
        self.auto_id = f"{name}_%s"


class HeldForm(_StepForm):
    attendance = forms.IntegerField(
        label=gettext_lazy("人数"),
        min_value=0,
        max_value=workflow.MOST_PEOPLE,
        error_messages={
            "required": gettext_lazy("请填人数;没有人来就填 0。"),
            "invalid": gettext_lazy("人数应是整数,如 80。"),
        },
    )
    note = forms.CharField(
        label=gettext_lazy("备注(内部)"), max_length=LONGEST_NOTE, required=False
    )


class CancelForm(_StepForm):
    note = forms.CharField(
        label=gettext_lazy("取消的原因(内部)"),
        max_length=LONGEST_NOTE,
        error_messages={"required": gettext_lazy("请写取消的原因。")},
    )


class TimeForm(_StepForm):
    starts_at = forms.DateTimeField(
        label=gettext_lazy("新的开始时间"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        error_messages={
            "required": gettext_lazy("请填新的开始时间。"),
            "invalid": gettext_lazy("时间应如 2026-12-04 09:30。"),
        },
    )
    note = forms.CharField(
        label=gettext_lazy("改时间的原因(内部)"), max_length=LONGEST_NOTE, required=False
    )


PLAIN = {"confirm": Status.CONFIRMED, "reopen": Status.PLANNED}  # steps that ask nothing
STATUS = {**PLAIN, "hold": Status.HELD, "cancel": Status.CANCELLED}
FORMS = {"hold": HeldForm, "cancel": CancelForm, "time": TimeForm}


def about(event: Event, user: access.User) -> dict[str, Any]:
    """What the event's page says besides: from when and where it was moved, and the open steps."""
    now = clock.now()
    context: dict[str, Any] = {}
    if event.ends_at >= now:
        context = {"moved_from": event.moved_from, "moved_place": event.moved_place}
    if user.is_authenticated and workflow.may_move(event, user):
        context |= {"may_edit": True, "steps": _steps(event, now, {})}
    return context


@takes_forms
@require_POST
@login_required
def step(request: HttpRequest, code: str) -> HttpResponse:
    """Take a step and return to the event; where it cannot be taken, say why beside the forms."""
    event = get_object_or_404(Event.objects.with_places(), code=code)
    if not workflow.may_move(event, request.user):
        raise PermissionDenied(_("您没有修改 %(code)s 的权限。") % {"code": code})
    name = request.POST.get("step", "")
    form = FORMS[name](request.POST, name=name) if name in FORMS else None
    mistake = _take(event, name, form, request)
    if mistake is None:
        return redirect("event", code=code)
    event.refresh_from_db()
    context = {
        "event": event,
        "mistake": mistake,
        "may_edit": True,
        "steps": _steps(event, clock.now(), {name: form} if form else {}),
    }
    return render(request, "mapui/event_edit_page.html", context, status=422)


def _take(event: Event, name: str, form: forms.Form | None, request: HttpRequest) -> str | None:
    """Take the step; a sentence where it cannot be taken."""
    if form is not None and not form.is_valid():
        return _("还没有保存,请看标出的地方。")
    given = dict(form.cleaned_data) if form else {}
    given.pop("step", None)
    asked: dict[str, Any] = {"now": clock.now(), "user": request.user, **given}
    try:
        if name == "time":
            workflow.reschedule(event, **asked)
        elif name in STATUS:
            workflow.move(event, STATUS[name], **asked)
        else:
            return _("没有这一步,请返回活动的页面。")
    except (workflow.WorkflowError, ClashError) as mistake:
        return str(mistake)
    return None


def _steps(event: Event, now: datetime.datetime, bound: dict[str, forms.Form]) -> dict[str, Any]:
    """By name, the steps that the event can take now: a form, or True where nothing is asked."""
    open_to = workflow.next_steps(event)
    steps: dict[str, Any] = {name: True for name, status in PLAIN.items() if status in open_to}
    if Status.HELD in open_to and event.starts_at <= now:
        steps["hold"] = bound.get("hold") or HeldForm(name="hold")
    if Status.CANCELLED in open_to:
        steps["cancel"] = bound.get("cancel") or CancelForm(name="cancel")
    if event.status in workflow.OPEN:
        start = event.starts_at.astimezone(clock.SHANGHAI)
        first = TimeForm(name="time", initial={"starts_at": start})
        steps["time"] = bound.get("time") or first
    return steps
