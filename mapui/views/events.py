"""Pages for everybody: what is on, and one event."""

import dataclasses
import datetime
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Q, Sum
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from events.choices import Audience, Language, Status
from events.models import Event
from events.querysets import EventQuerySet
from mapui.filters import Agenda
from mapui.outward import addresses
from mapui.properties import EVENT_SPOT
from mapui.views import workflow
from mapui.whats_on import agenda, nearby
from mapui.whats_on.conditions import LAYOUT, conditions, without
from sites import clock
from sites.choices import EventKind
from sites.models import Region
from sites.querysets import RegionQuerySet

A_PAGE = 50
AROUND_M = 30_000  # what is near an event
SOON = datetime.timedelta(days=14)
YEAR = datetime.timedelta(days=365)
WITHIN = (3_000, 5_000, 10_000, 20_000, 50_000)
# What the form asks; `kept` carries the rest of an address along.
FORM = {"kind", "region", "language", "audience", "campaign", "near"}


def events(request: HttpRequest) -> HttpResponse:
    """What is on: from today unless the address says otherwise, as a list or in a calendar."""
    asked = Agenda.read(request.GET, strict=False)
    now = clock.now()
    places = nearby.places_named(asked.place, now.date())
    if len(places) == 1:
        chosen = without(request.GET, "place", "page", "near")
        return redirect(f"{request.path}?{chosen}&near={places[0].pk}".replace("?&", "?"))
    all_events = Event.objects.with_places().annotate(**EVENT_SPOT)
    found = dataclasses.replace(asked, first=None, last=None).apply(all_events)
    shown, told = agenda.span(asked, now.date()), conditions(request.GET, asked)
    context = {
        "asked": asked,
        "shown": shown,
        "today": now.date(),
        "landing": asked.view == "list" and not (asked.first or asked.last),
        "places": places,
        "chosen": told,
        "kept": [(each.name, each.value) for each in told if each.name not in FORM],
        "feed": without(request.GET, *LAYOUT),
        "webcal": addresses.webcal(addresses.origin(request)),
        **_choices(now.date()),
        **_laid_out(request.GET, asked, found, shown, now),
    }
    if not context["is_any"]:
        context |= _next_steps(asked, found, shown, context["counties"])
    return render(request, "mapui/events.html", context)


def _choices(today: datetime.date) -> dict[str, Any]:
    """What the form of filters offers; the campaigns are those of a year."""
    lately = Event.objects.between(today - YEAR, None).exclude(campaign="").order_by("campaign")
    return {
        "kinds": EventKind,
        "languages": Language,
        "audiences": Audience,
        "counties": Region.objects.counties().within(settings.CITY).defer("boundary"),
        "campaigns": lately.values_list("campaign", flat=True).distinct(),
        "distances": [(metres, f"{metres / 1000:g}") for metres in WITHIN],
        "default_within": nearby.WITHIN_M,
        "whens": _whens(today),
    }


def _whens(today: datetime.date) -> list[tuple[str, datetime.date, datetime.date]]:
    """The periods that people ask for, by name."""
    tomorrow = clock.day_after(today)
    saturday, sunday = agenda.weekend(today)
    return [
        (_("今天"), today, today),
        (_("明天"), tomorrow, tomorrow),
        (_weekend_name(today), min(saturday, sunday - agenda.DAY), sunday),
        (_("七天内"), today, today + 6 * agenda.DAY),
    ]


def _weekend_name(today: datetime.date) -> str:
    return _("下个周末") if today.weekday() > agenda.SATURDAY else _("这个周末")


def _laid_out(
    query: QueryDict,
    asked: Agenda,
    found: EventQuerySet,
    shown: agenda.Span,
    now: datetime.datetime,
) -> dict[str, Any]:
    """The days of a calendar, or a page of the list; `is_any`: whether anything is on."""
    if asked.view != "list":
        days = agenda.days(found, shown.first, shown.last, agenda.MOST[asked.view], now)
        laid = {"days": days, "is_any": any(day.count for day in days)}
        laid["weeks"] = agenda.weeks(days) if asked.view == "month" else []
    else:
        landing = not (asked.first or asked.last)
        coming = found.not_over(now) if landing else found
        laid = _list(query, coming, shown, now.date())
        if landing and laid["page"].number == 1:
            laid |= _soon(coming, now)
    if asked.view != "month":
        laid["month"] = agenda.counted(found, shown.first or now.date())
        laid["month_of"] = shown.first or now.date()
    return laid


def _list(
    query: QueryDict, found: EventQuerySet, shown: agenda.Span, today: datetime.date
) -> dict[str, Any]:
    """A page of the list; of what is over, what was last comes first."""
    within = found.between(shown.first, shown.last)
    over = shown.last is not None and shown.last < today
    order = ("-starts_at", "-code") if over and not shown.first else ("starts_at", "code")
    page = Paginator(within.order_by(*order), A_PAGE).get_page(query.get("page"))
    people = None
    if shown.first is None or shown.first < today:
        people = within.aggregate(sum=Sum("attendance"))["sum"]
    return {"page": page, "people": people, "is_any": page.paginator.count > 0}


def _soon(found: EventQuerySet, now: datetime.datetime) -> dict[str, Any]:
    """Today and the weekend, which people ask for first."""
    saturday, sunday = agenda.weekend(now.date())
    days = agenda.days(found, now.date(), sunday, agenda.MOST["month"], now)
    of_weekend = [day for day in days if saturday <= day.date <= sunday and day.date != now.date()]
    return {
        "soon": days[0],
        "weekend": of_weekend,
        "weekend_any": any(day.count or day.gone for day in of_weekend),
        "weekend_name": _("明天") if saturday == sunday else _weekend_name(now.date()),
    }


def _next_steps(
    asked: Agenda, found: EventQuerySet, shown: agenda.Span, counties: RegionQuerySet
) -> dict[str, Any]:
    """Where nothing is on: the nearest days with something on, and other counties."""
    steps: dict[str, Any] = {"nearest": agenda.nearest(found, shown), "elsewhere": []}
    if asked.region:
        wider = dataclasses.replace(asked, region="", first=None, last=None)
        most = agenda.by_county(wider.apply(Event.objects.all()), shown)[:3]
        names = {county.code: county.name for county in counties}
        steps["elsewhere"] = [(code, names.get(code, code), n) for code, n in most]
    return steps


def event(request: HttpRequest, code: str) -> HttpResponse:
    """One event: when, where, what, who is behind it, and what else is on."""
    events = Event.objects.with_places().annotate(**EVENT_SPOT)
    found = get_object_or_404(events.prefetch_related("hosts"), code=code)
    now = clock.now()
    context = {
        "event": found,
        "to_come": found.ends_at >= now,
        "languages": [Language(value).label for value in found.programme.languages],
        "hosts": found.hosts.all(),
        "reaches": found.reaches.select_related("township"),
        "here": _here(found).to_come(now).exclude(pk=code)[:3],
        **_around(found, now),
        **workflow.about(found, request.user),
    }
    return render(request, "mapui/event.html", context)


def _here(found: Event) -> EventQuerySet:
    """All events at the same place."""
    same = {"site": found.site_id} if found.site_id else {"site": None, "village": found.village_id}
    return Event.objects.with_places().filter(**same)


def _around(found: Event, now: datetime.datetime) -> dict[str, Any]:
    """What else is on near it: the same Shanghai day, else soon; nothing where its place is unknown."""
    here = found.at
    if here is None:
        return {}
    day = clock.day_of(found.starts_at)
    others = Event.objects.with_places().exclude(pk=found.pk).exclude(status=Status.CANCELLED)
    near = nearby.within_metres(others, here, AROUND_M)
    that_day = list(near.between(day, day).order_by("metres", "starts_at")[:4])
    if that_day:
        return {"that_day": that_day}
    same = Q(site=found.site_id) if found.site_id else Q(site=None, village=found.village_id)
    soon = near.exclude(same).between(None, now.date() + SOON).to_come(now)
    return {"around": soon[:4]}
