"""What is taken along: calendars, feeds and routes; a tour's sheets, call list and notices."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial, wraps

from django.contrib.auth.decorators import login_required
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from events import calendars
from events.calendars import Channel
from events.models import Event, Tour, TourDay
from mapui import filters
from mapui.api.replies import reply
from mapui.context import site_name
from mapui.outward import addresses, feeds
from mapui.problems import Missing
from mapui.tours import papers
from sites import access, clock
from sites.models import Site

CALENDAR = "text/calendar; charset=utf-8"
RSS = "application/rss+xml; charset=utf-8"
GPX = "application/gpx+xml"
PDF = "application/pdf"

TourView = Callable[[HttpRequest, Tour], HttpResponse]


def of_a_tour(view: TourView) -> Callable[[HttpRequest, int], HttpResponse]:
    """A page about a tour, for those who plan tours: others sign in, or are refused."""

    @wraps(view)
    @login_required
    def respond(request: HttpRequest, number: int) -> HttpResponse:
        if not access.may_edit(request.user, "tour"):
            raise PermissionDenied(_("看巡演要有演出队或规划的权限。"))
        tours = Tour.objects.select_related("troupe__base", "programme").prefetch_related(
            Prefetch("team_days", TourDay.objects.select_related("sleeps_at"))
        )
        return view(request, get_object_or_404(tours.defer("troupe__base__boundary"), pk=number))

    return respond


def events_calendar(request: HttpRequest) -> HttpResponse:
    """What is on, for calendars; filtered like the page of events."""
    asked = filters.Events.read(request.GET, strict=False)
    entries = feeds.public(asked, clock.today(), addresses.absolute(request))
    name = _("%(site)s · 活动") % {"site": site_name()}
    return reply(request, calendars.calendar(name, entries).encode(), CALENDAR)


def event_calendar(request: HttpRequest, code: str) -> HttpResponse:
    """One event, to be added to a calendar; added again it is brought up to date."""
    found = get_object_or_404(Event.objects.with_places(), code=code)
    entries = [feeds.entry(found, feeds.revisions([code]), addresses.absolute(request))]
    response = reply(request, calendars.calendar(str(found), entries).encode(), CALENDAR)
    response["Content-Disposition"] = content_disposition_header(False, f"{code}.ics")
    return response


def site_calendar(request: HttpRequest, code: str) -> HttpResponse:
    """What is on at one place; filtered like the page of events."""
    name = Site.objects.filter(pk=code).values_list("name", flat=True).first()
    if name is None:
        raise Missing(_("没有编号为 %(code)s 的场所。") % {"code": code})
    asked = replace(filters.Events.read(request.GET, strict=False), site=code)
    entries = feeds.public(asked, clock.today(), addresses.absolute(request))
    return reply(request, calendars.calendar(name, entries).encode(), CALENDAR)


def events_feed(request: HttpRequest) -> HttpResponse:
    """What is on, as RSS; what changed last comes first."""
    asked, absolute = filters.Events.read(request.GET, strict=False), addresses.absolute(request)
    entries = feeds.public(asked, clock.today(), absolute)
    entries.sort(key=lambda entry: (entry.changed, entry.uid), reverse=True)
    channel = Channel(
        _("%(site)s · 活动") % {"site": site_name()},
        _("近期的法治宣传活动,改期和取消也在这里。"),
        absolute(reverse("events")),
        absolute(request.get_full_path()),
        "zh-CN" if get_language() == "zh-hans" else str(get_language()),
    )
    return reply(request, calendars.rss(channel, entries).encode(), RSS)


def tour_calendar(request: HttpRequest, number: int) -> HttpResponse:
    """A tour's stops for the calendars of those who travel: signed in, or by an address with a key.

    A calendar app cannot sign in. Whoever has the address sees where the tour goes and when, and
    nobody's name or number. It holds until the server's secret changes.
    """
    if "key" not in request.GET:
        return _tour_calendar(request, number)
    if not constant_time_compare(request.GET["key"], calendar_key(number)):
        raise PermissionDenied(_("这个日历地址不对,或已经失效。请在巡演的页面重新复制。"))
    tours = Tour.objects.select_related("troupe__base", "programme").defer("troupe__base__boundary")
    return _calendar(request, get_object_or_404(tours, pk=number))


@of_a_tour
def _tour_calendar(request: HttpRequest, tour: Tour) -> HttpResponse:
    return _calendar(request, tour)


def _calendar(request: HttpRequest, tour: Tour) -> HttpResponse:
    entries = feeds.tour_entries(tour, addresses.absolute(request))
    return _file(calendars.calendar(tour.name, entries).encode(), CALENDAR, f"tour-{tour.pk}.ics")


def calendar_key(number: int) -> str:
    """What opens a tour's calendar without signing in; nobody without our secret can make it."""
    return signing.Signer(salt="tour-calendar").signature(str(number))


@of_a_tour
def tour_route(request: HttpRequest, tour: Tour) -> HttpResponse:
    """A tour's routes for navigation devices."""
    text = calendars.gpx(tour.name, tour.made_at, feeds.routes(tour))
    return _file(text.encode(), GPX, f"tour-{tour.pk}.gpx")


@of_a_tour
def sheets(request: HttpRequest, tour: Tour) -> HttpResponse:
    """A page for each team and day to work from."""
    return _paper(request, tour, "sheet", papers.sheets)


@of_a_tour
def calls(request: HttpRequest, tour: Tour) -> HttpResponse:
    """Whom to call, about what."""
    return _paper(request, tour, "calls", papers.calls)


@of_a_tour
def notices(request: HttpRequest, tour: Tour) -> HttpResponse:
    """A notice for each village to put up."""
    make = partial(papers.notices, absolute=addresses.absolute(request))
    return _paper(request, tour, "notices", make)


def _paper(
    request: HttpRequest, tour: Tour, paper: str, make: Callable[[Tour, papers.Part], bytes]
) -> HttpResponse:
    """The paper; where it would keep the server busy for long, the way to its days instead."""
    asked = papers.Part.read(request.GET, strict=False)
    if papers.is_too_much(paper, tour, asked):
        context = {"tour": tour, "paper": paper, "parts": papers.parts(tour)}
        return render(request, "mapui/tours_papers.html", context)
    return _file(make(tour, asked), PDF, f"tour-{tour.pk}-{paper}.pdf")


def _file(data: bytes, media_type: str, name: str) -> HttpResponse:
    headers = {
        "Content-Disposition": content_disposition_header(True, name),
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(data, media_type, headers=headers)
