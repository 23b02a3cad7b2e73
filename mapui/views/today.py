"""A team's day on the road, on a phone: the next stop, what was held, and what if it cannot go on."""

import hashlib
import json
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import check_for_language, get_language, gettext_lazy, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from events import workflow
from events.models import Tour
from mapui.middleware import takes_forms
from mapui.modules import loaded_by
from mapui.problems import Missing
from mapui.tours import today as today_page
from sites import access, clock
from sites.errors import UserMistake

LONGEST_NOTE = 300
SHOWN = ("fazhimap.css", "modes.css", "dark.css", "elder.css", "today.css", "icon.svg")


class HeldForm(forms.Form):
    """A press of 已举办 as the phone sends it."""

    uuid = forms.UUIDField()
    village = forms.CharField(max_length=12)
    attendance = forms.IntegerField(
        label=gettext_lazy("人数"),
        min_value=0,
        max_value=workflow.MOST_PEOPLE,
        error_messages={
            "required": gettext_lazy("请填人数;没有人来就填 0。"),
            "invalid": gettext_lazy("人数应是整数,如 80。"),
        },
    )
    note = forms.CharField(label=gettext_lazy("备注"), max_length=LONGEST_NOTE, required=False)
    at = forms.DateTimeField(required=False, input_formats=["%Y-%m-%dT%H:%M:%S.%f%z"])


@login_required
def today(request: HttpRequest, number: int) -> HttpResponse:
    """The day of one team: the next stop large, then the others, and the bed."""
    tour = _tour(request, number)
    now = clock.now()
    asked = today_page.AskedDay.read(request.GET, strict=False)
    days = list(tour.team_days.select_related("sleeps_at").order_by("date", "team"))
    chosen = today_page.chosen(days, asked, now.date()) if tour.confirmed_at else None
    shown = [today_page.shown(stop, now) for stop in today_page.stops_of(chosen)] if chosen else []
    context = {
        "tour": tour,
        "day": chosen,
        "days": today_page.others(days, chosen),
        "teams": [day for day in days if chosen and day.date == chosen.date],
        "team_name": today_page.team_name(tour, chosen),
        "shown": shown,
        "next": next((each.stop for each in shown if each.state in ("", "late")), None),
        "may_hold": access.may_edit(request.user, "event"),
        "now": now,
        "page": today_page.config(tour, chosen),
    }
    response = render(request, "mapui/today.html", context)
    response["Cache-Control"] = "private, no-cache"
    return response


@takes_forms
@require_POST
@login_required
def held(request: HttpRequest, number: int) -> HttpResponse:
    """Record a stop as held, once for each uuid: JSON for our module, else back to the page."""
    tour = _tour(request, number)
    wants_json = request.accepts("application/json") and not request.accepts("text/html")
    try:
        event = _record(request, tour)
    except UserMistake as mistake:
        if not wants_json:
            raise
        return JsonResponse({"detail": str(mistake)}, status=422)
    if wants_json:
        return JsonResponse({"event": event.pk, "attendance": event.attendance})
    back = {name: request.POST.get(name, "") for name in ("date", "team")}
    return redirect(f"{reverse('today', args=[number])}?{urlencode(back)}")


@login_required
def worker(request: HttpRequest, number: int) -> HttpResponse:
    """The service worker of this tour's page: it keeps the page and its files for no network."""
    _tour(request, number)
    language = request.GET.get("language", "")
    spoken = language if check_for_language(language) else get_language()
    names = [*(f"mapui/{name}" for name in SHOWN), *loaded_by("modes.js"), *loaded_by("today.js")]
    files = [static(name) for name in names]
    version = hashlib.sha256("".join(files).encode()).hexdigest()[:12]
    with override(spoken):  # a browser asks for a worker in its own language, not in the page's
        kept = {"cache": f"today-{number}-{version}", "files": files, "offline": _no_network()}
    text = f"self.kept = {json.dumps(kept)};\nimportScripts({json.dumps(static('mapui/today_worker.js'))});\n"
    response = HttpResponse(text, "text/javascript; charset=utf-8")
    response["Cache-Control"] = "private, no-cache"
    return response


def _no_network() -> str:
    return _("没有网络,这一页在这台手机上还没有打开过。有网络时先打开一次,以后没有网络也能看。")


def _tour(request: HttpRequest, number: int) -> Tour:
    if not access.may_edit(request.user, "tour"):
        raise PermissionDenied(_("只有演出队和规划人员能看和改巡演。"))
    found = Tour.objects.select_related("troupe__base", "programme").defer("troupe__base__boundary")
    if (tour := found.filter(pk=number).first()) is None:
        raise Missing(_("没有编号为 %(number)d 的巡演。") % {"number": number})
    return tour


def _record(request: HttpRequest, tour: Tour) -> Any:
    """The event that the request reports as held. Raises UserMistake, PermissionDenied."""
    form = HeldForm(request.POST)
    if not form.is_valid():
        raise workflow.WorkflowError(" ".join(e for all_ in form.errors.values() for e in all_))
    given = form.cleaned_data
    stop = tour.stops.select_related("event").filter(village=given["village"]).first()
    if stop is None or stop.event is None:
        raise workflow.WorkflowError(
            _("这个村已经不在这次巡演里,没有记下。请告诉数据员补记这一场。")
        )
    return workflow.report_held(
        stop.event,
        given["uuid"],
        now=clock.now(),
        user=request.user,
        attendance=given["attendance"],
        note=given["note"],
        pressed_at=given["at"],
    )
