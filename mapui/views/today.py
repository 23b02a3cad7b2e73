"""A team's day on the road, on a phone: the next stop, what was held, and what if it cannot go on."""

import datetime
import hashlib
import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any
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
from events.choices import Status
from events.crews import crews
from events.errors import NoHomeError
from events.models import Contact, Stop, Tour, TourDay
from mapui import readers
from mapui.middleware import takes_forms
from mapui.navigation import links
from mapui.params import Filter, Param
from mapui.problems import Missing
from sites import access, clock
from sites.errors import UserMistake

APPS = {
    "amap": gettext_lazy("高德地图"),
    "baidu": gettext_lazy("百度地图"),
    "tencent": gettext_lazy("腾讯地图"),
    "apple": gettext_lazy("苹果地图"),
}
LONGEST_NOTE = 300
OFFLINE = ("fazhimap.css", "today.css", "today.js", "queue.js", "page.js", "numbers.js", "icon.svg")


@dataclass(frozen=True)
class AskedDay(Filter):
    """A team's day of a tour; today and the first team where nothing is asked."""

    date: Annotated[datetime.date | None, Param(readers.DATE, "Of this day.")] = None
    team: Annotated[int | None, Param(readers.whole(1, 100), "Of this team.")] = None


@dataclass(frozen=True)
class Shown:
    """A stop as the page shows it. `state`: held, cancelled, late, or "" while it is to come."""

    stop: Stop
    state: str
    starts_at: datetime.datetime
    contact: Contact | None
    maps: list[tuple[str, str]]
    uuid: uuid.UUID


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
    asked = AskedDay.read(request.GET, strict=False)
    days = list(tour.team_days.select_related("sleeps_at").order_by("date", "team"))
    chosen = _chosen(days, asked, now.date()) if tour.confirmed_at else None
    shown = [_shown(stop, now) for stop in _stops(chosen)] if chosen else []
    context = {
        "tour": tour,
        "day": chosen,
        "days": _others(days, chosen),
        "teams": [day for day in days if chosen and day.date == chosen.date],
        "team_name": _team_name(tour, chosen),
        "shown": shown,
        "next": next((each.stop for each in shown if each.state in ("", "late")), None),
        "may_hold": access.may_edit(request.user, "event"),
        "now": now,
        "page": _page(request, tour, chosen),
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
    files = [static(f"mapui/{name}") for name in OFFLINE]
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


def _chosen(days: Iterable[TourDay], asked: AskedDay, today: datetime.date) -> TourDay | None:
    """The day that is asked for; without a date today's, the next one's, else the last one's."""
    of_team = [day for day in days if asked.team in (None, day.team)]
    if asked.date:
        return next((day for day in of_team if day.date == asked.date), None)
    coming = [day for day in of_team if day.date >= today]
    return next(iter(coming or of_team[-1:]), None)


def _others(days: Iterable[TourDay], chosen: TourDay | None) -> list[TourDay]:
    """One day per date, of the chosen team where it works then."""
    team = chosen.team if chosen else 1
    by_date: dict[datetime.date, TourDay] = {}
    for day in days:
        if day.date not in by_date or day.team == team:
            by_date[day.date] = day
    return list(by_date.values())


def _team_name(tour: Tour, day: TourDay | None) -> str:
    if day is None:
        return ""
    try:
        names = [crew.name for crew in crews(tour)]
    except NoHomeError:
        names = []
    return names[day.team - 1] if day.team <= len(names) else _("%(n)d 队") % {"n": day.team}


def _stops(day: TourDay) -> list[Stop]:
    about = ("village__township", "village__contact", "site", "event")
    outlines = ("village__township__boundary", "site__footprint")
    return list(day.stops.select_related(*about).defer(*outlines).order_by("order"))


def _shown(stop: Stop, now: datetime.datetime) -> Shown:
    place = (stop.site and stop.site.location) or stop.village.location
    name = stop.site.name if stop.site else stop.village.name
    maps = links(place.x, place.y, name) if place else {}
    return Shown(
        stop,
        _state(stop, now),
        stop.event.starts_at if stop.event else stop.begin,
        getattr(stop.village, "contact", None),
        [(str(APPS[app]), address) for app, address in maps.items()],
        uuid.uuid4(),
    )


def _state(stop: Stop, now: datetime.datetime) -> str:
    if stop.event and stop.event.status in (Status.HELD, Status.CANCELLED):
        return str(stop.event.status)
    return "late" if stop.begin < now else ""


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


def _page(request: HttpRequest, tour: Tour, day: TourDay | None) -> dict[str, Any]:
    """What the page's module needs: its addresses, its words, whom to call in which village."""
    people = Contact.objects.filter(village__stops__tour=tour) if day else ()
    return {
        "tour": tour.pk,
        "version": tour.version,
        "team": day and day.team,
        "date": day and day.date.isoformat(),
        "held": reverse("held", args=[tour.pk]),
        "worker": f"{reverse('today_worker', args=[tour.pk])}?language={get_language()}",
        "api": f"/api/v1/tours/{tour.pk}",
        "contacts": {each.village_id: [each.name, each.phone] for each in people},
        "words": _words(),
    }


def _words() -> dict[str, str]:
    return {
        "unsent": _("未发送 {n} 条"),
        "kept_until_online": _("已记在这台手机上,有网络时自动发送。"),
        "sending": _("正在发送……"),
        "sign_in": _("登录已过期:请重新登录,没发送的会留着。"),
        "refused": _("没有记上:{detail}"),
        "busy": _("服务器暂时不应答,会自动再发。"),
        "held": _("已举办"),
        "people": _("{n} 人"),
        "here_only": _("未发送"),
        "late": _("晚点"),
        "how_many": _("请填人数;没有人来就填 0。"),
        "drop": _("不要这条了"),
        "again": _("再发一次"),
        "no_position": _("没有得到位置,请在列表里选最近的村。"),
        "position_ready": _("已得到手机的位置,只用来算路线,不保存。"),
        "no_network": _("没有网络,现在不能重排。请有网络时再试,或先打电话。"),
        "planning": _("正在重排……"),
        "not_planned": _("没有排成:{detail}"),
        "no_answer": _("服务器没有应答,请再试一次。"),
        "nothing_changed": _("安排没有变化,不用通知。"),
        "tell_them": _("请告诉这些村:"),
        "moved_to": _("改到 {day} {time}"),
        "called_off": _("这次不去了(原定 {day} {time})"),
        "newly": _("新增:{day} {time} 到"),
        "why_stuck": _("原因:{reason}"),
        "call": _("打电话给{name}"),
    }
