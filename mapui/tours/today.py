"""A team's day on the road as its page shows it: the stops, whom to call, what the module says."""

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from events.choices import Status
from events.errors import NoHomeError
from events.models import Contact, Stop, Tour, TourDay
from events.tours.crews import crews
from mapui import readers
from mapui.outward.navigation import links
from mapui.params import Filter, Param
from mapui.words import MAP_APPS, date_words


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


def chosen(days: Iterable[TourDay], asked: AskedDay, today: datetime.date) -> TourDay | None:
    """The day that is asked for; without a date today's, the next one's, else the last one's."""
    of_team = [day for day in days if asked.team in (None, day.team)]
    if asked.date:
        return next((day for day in of_team if day.date == asked.date), None)
    coming = [day for day in of_team if day.date >= today]
    return next(iter(coming or of_team[-1:]), None)


def others(days: Iterable[TourDay], chosen: TourDay | None) -> list[TourDay]:
    """One day per date, of the chosen team where it works then."""
    team = chosen.team if chosen else 1
    by_date: dict[datetime.date, TourDay] = {}
    for day in days:
        if day.date not in by_date or day.team == team:
            by_date[day.date] = day
    return list(by_date.values())


def team_name(tour: Tour, day: TourDay | None) -> str:
    """What the day's team is called; "" without a day."""
    if day is None:
        return ""
    try:
        names = [crew.name for crew in crews(tour)]
    except NoHomeError:
        names = []
    return names[day.team - 1] if day.team <= len(names) else _("%(n)d 队") % {"n": day.team}


def stops_of(day: TourDay) -> list[Stop]:
    """The day's stops with all that is told of them; one query."""
    about = ("village__township", "village__contact", "site", "event")
    outlines = ("village__township__boundary", "site__footprint")
    return list(day.stops.select_related(*about).defer(*outlines).order_by("order"))


def shown(stop: Stop, now: datetime.datetime) -> Shown:
    """A stop as it stands at a moment."""
    place = (stop.site and stop.site.location) or stop.village.location
    name = stop.site.name if stop.site else stop.village.name
    maps = links(place.x, place.y, name) if place else {}
    return Shown(
        stop,
        _state(stop, now),
        stop.event.starts_at if stop.event else stop.begin,
        getattr(stop.village, "contact", None),
        [(str(MAP_APPS[app]), address) for app, address in maps.items()],
        uuid.uuid4(),
    )


def _state(stop: Stop, now: datetime.datetime) -> str:
    if stop.event and stop.event.status in (Status.HELD, Status.CANCELLED):
        return str(stop.event.status)
    return "late" if stop.begin < now else ""


def config(tour: Tour, day: TourDay | None) -> dict[str, Any]:
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
        "troupe": tour.troupe.name,
        "programme": tour.programme.name,
        "seconds": tour.seconds,
        "contacts": {each.village_id: [each.name, each.phone] for each in people},
        "words": _words(),
    }


def _words() -> dict[str, str]:
    return {
        **date_words(),
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
        **_stuck_words(),
    }


def _stuck_words() -> dict[str, str]:
    """What is said where the team cannot go on; `say_…` is read out to the village."""
    return {
        "no_position": _("没有得到位置,请在列表里选最近的村。"),
        "position_ready": _("已得到手机的位置,只用来算路线,不保存。"),
        "no_network": _("没有网络,现在不能重排。请有网络时再试,或先打电话。"),
        "planning": _("正在重排:已用 {seconds} 秒,最多 {total} 秒……"),
        "not_planned": _("没有排成:{detail}"),
        "no_answer": _("服务器没有应答,请再试一次。"),
        "nothing_changed": _("安排没有变化,不用通知。"),
        "tell_them": _("请告诉这 {n} 个村:"),
        "wait_here": _("先等到 {time},再去 {name}({arrive} 到)。"),
        "stop_mark": _("。"),
        "then_to": _("下一站 {name},{arrive} 到。"),
        "go_now": _("现在就去 {name}({arrive} 到)。"),
        "no_more": _("这一天没有别的站了。"),
        "moved_to": _("改到 {day} {time}"),
        "called_off": _("这次不去了(原定 {day} {time})"),
        "newly": _("新增:{day} {time} 到"),
        "say_moved_to": _(
            "您好,我是{troupe}。因为{reason},原定 {was} 到{name}的“{programme}”改到 {now}。给大家添麻烦了。"
        ),
        "say_called_off": _(
            "您好,我是{troupe}。因为{reason},原定 {was} 到{name}的“{programme}”这次去不了了,我们再约时间。给大家添麻烦了。"
        ),
        "say_newly": _("您好,我是{troupe}。我们 {now} 能到{name}演“{programme}”,方便吗?"),
        "call": _("打电话给{name}"),
        "message": _("发短信"),
        "no_contact": _("没有联系人的记录,请问乡镇。"),
    }
