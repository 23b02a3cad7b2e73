"""Tours: who has waited, what is on the road, and a tour asked for, looked at and compared."""

import datetime
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from events import need
from events.choices import TourStatus
from events.errors import RulesError
from events.models import Tour
from mapui.middleware import takes_forms
from mapui.outward import addresses
from mapui.problems import Missing
from mapui.tours import overview, telling
from mapui.tours.filters import AskedTours, Compared, Wished
from mapui.tours.forms import MAX_DAYS, MAX_TEAMS, TourForm, wish_of
from mapui.tours.page import facts, tour_words
from mapui.views.citizen import city_parts
from mapui.views.papers import calendar_key
from mapui.words import page_config
from sites import access, clock
from sites.choices import Subject
from sites.models import Region, Standard

View = Callable[..., HttpResponse]
SHOWN, MORE = 10, 30  # of the waiting list at first, and more at a time
YEAR = 12  # months
PAGE = 20  # tours


def for_troupes(view: View) -> View:
    """A page for those who plan tours; others are asked to sign in, or told whom it is for."""

    @wraps(view)
    @login_required
    def respond(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not access.may_edit(request.user, "tour"):
            raise PermissionDenied(_("巡演由演出队和规划人员安排,您的账号不在这两组里。"))
        return view(request, *args, **kwargs)

    return respond


@for_troupes
def tours(request: HttpRequest) -> HttpResponse:
    """Who has waited longest (read beside it), the weeks across the troupes, and every tour."""
    now = clock.now()
    asked = AskedTours.read(request.GET, strict=False)
    found = Tour.objects.select_related("troupe").annotate(
        stop_count=Count("stops"), agreed=Count("stops", filter=Q(stops__state="agreed"))
    )
    context = {
        "asked": asked,
        "counties": Region.objects.counties().defer("boundary"),
        "tours": Paginator(found.order_by("-start", "-pk"), PAGE).get_page(request.GET.get("page")),
        "calendar": overview.calendar(now, asked.weeks),
        "month": overview.month(now),
    }
    return render(request, "mapui/tours.html", context)


@for_troupes
def waiting(request: HttpRequest) -> HttpResponse:
    """The list of who has waited longest, as a piece of the page of tours."""
    asked = AskedTours.read(request.GET, strict=False)
    today = clock.today()
    standard = _by_which_to_wait(today)
    everybody = need.waiting(today, asked.region, standard) if standard else []
    until = SHOWN + asked.skip
    shown = everybody[:until]
    coming = overview.coming([each.code for each in shown], clock.now())
    context = {
        "asked": asked,
        "standard": standard,
        "waiting": [(each, coming.get(each.code)) for each in shown],
        "total": len(everybody),
        "never": sum(each.months is None for each in everybody),
        "over_a_year": sum((each.months or 0) >= YEAR for each in everybody),
        "any_people": any(each.people is not None for each in shown),
        "next_skip": asked.skip + MORE if len(everybody) > until else None,
    }
    return render(request, "mapui/tours_waiting.html", context)


def _by_which_to_wait(today: datetime.date) -> Standard | None:
    """The first standard of villages that asks for events; else the first of villages."""
    rules = Standard.objects.effective_on(today).filter(subject=Subject.VILLAGE).order_by("code")
    of_villages = list(rules)
    asking = (each for each in of_villages if each.months is not None)
    return next(asking, next(iter(of_villages), None))


@takes_forms
@for_troupes
def new(request: HttpRequest) -> HttpResponse:
    """Ask for a tour; it is queued at once and planned in the background."""
    if request.method == "POST":
        form = TourForm(request.POST)
        if form.is_valid():
            try:
                return redirect("tour", form.save(request.user).pk)
            except RulesError as wrong:
                for _path, sentence in wrong.problems:
                    form.add_error(None, sentence)
    else:
        form = TourForm(initial=_asked_for(request))
    context = {"form": form, "max_days": MAX_DAYS, "max_teams": MAX_TEAMS}
    status = 422 if form.is_bound and form.is_wrong else 200
    return render(request, "mapui/tours_new.html", context, status=status)


def _asked_for(request: HttpRequest) -> dict[str, Any]:
    """What a link to the form fills in: another tour's wish, or villages of the waiting list."""
    asked = Wished.read(request.GET, strict=False)
    if asked.like and (before := Tour.objects.filter(pk=asked.like).first()):
        return wish_of(before)
    return {"must": "\n".join(asked.must), "region": asked.region[:6]}


@for_troupes
def tour(request: HttpRequest, number: int) -> HttpResponse:
    """One tour; the browser asks the API for its plan and sends what is changed."""
    found = (
        Tour.objects.select_related("troupe__base", "programme", "origin").filter(pk=number).first()
    )
    if found is None:
        raise Missing(_("没有编号为 %(number)d 的巡演。") % {"number": number})
    root = found.origin_id or found.pk
    variants = list(Tour.objects.filter(Q(pk=root) | Q(origin=root)).order_by("pk"))
    path = f"{reverse('tour_calendar', args=[number])}?key={calendar_key(number)}"
    address = addresses.absolute(request)(path)
    context = {
        "subscribe": address,
        "webcal": addresses.webcal(address),
        "tour": found,
        "busy": found.status in (TourStatus.QUEUED, TourStatus.PLANNING),
        "variants": variants,
        "facts": facts(found, len(variants)),
        "map": city_parts(clustered=False),
        "map_config": page_config(tour_words()),
    }
    return render(request, "mapui/tours_tour.html", context)


@for_troupes
def compare(request: HttpRequest) -> HttpResponse:
    """Variants side by side, and the villages that only one of them visits."""
    wanted = Compared.read(request.GET, strict=False).ids
    found = list(
        Tour.objects.filter(pk__in=wanted)
        .select_related("troupe__base", "programme")
        .prefetch_related("team_days__sleeps_at", "stops__village__township", "troupe__crews")
    )
    found.sort(key=lambda each: wanted.index(each.pk))
    shown = [_compared(each, found) for each in found]
    missing = [number for number in wanted if number not in {each.pk for each in found}]
    context = {"compared": shown, "missing": missing, "tours_address": reverse("tours")}
    return render(request, "mapui/tours_compare.html", context)


def _compared(tour: Tour, others: list[Tour]) -> dict[str, object]:
    stops = list(tour.stops.all())
    elsewhere = {
        stop.village_id for other in others if other is not tour for stop in other.stops.all()
    }
    return {
        "tour": tour,
        "sums": telling.sums(tour, telling.teams_of(tour), list(tour.team_days.all()), stops),
        "faults": sum(bool(each.broken) for each in (*stops, *tour.team_days.all())),
        "only_here": [stop.village for stop in stops if stop.village_id not in elsewhere]
        if len(others) > 1
        else [],
    }
