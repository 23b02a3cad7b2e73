"""Saying something of a place, asking for a programme, and looking up what became of it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from events import requests
from events.errors import NotRateableError
from events.models import VisitRequest
from mapui import display
from mapui.middleware import takes_forms
from mapui.outward import addresses
from mapui.views.citizen import city_parts
from mapui.voices import guard, outcomes
from mapui.voices.forms import AskForm, RatingForm, SayForm
from mapui.words import page_config
from sites import remarks, tickets
from sites.errors import TooManyMessages
from sites.models import Site, Village

UNPROCESSABLE, TOO_MANY = 422, 429


@takes_forms
@never_cache
def say_of_site(request: HttpRequest, code: str) -> HttpResponse:
    """Say something of a place."""
    places = Site.objects.select_related("county").defer("county__boundary", "footprint")
    return _say(request, get_object_or_404(places, code=code), "site")


@takes_forms
@never_cache
def say_of_village(request: HttpRequest, code: str) -> HttpResponse:
    """Say something of a village."""
    places = Village.objects.select_related("township__parent")
    places = places.defer("township__boundary", "township__parent__boundary")
    return _say(request, get_object_or_404(places, code=code), "village")


def _say(request: HttpRequest, place: Site | Village, page: str) -> HttpResponse:
    asked = request.GET.get("kind", "")
    form = SayForm(request.POST or None, place=place, initial={"kind": asked})
    status = 200
    if request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid():
            contact = form.cleaned_data["contact"]
            try:
                remark = remarks.say(place, form.said(), guard.sender(request), contact)
                return _thank(request, remark.number)
            except TooManyMessages as refused:
                form.add_error(None, str(refused))
                status = TOO_MANY
    context = {"form": form, "place": place, "page": page, **_small_map(place)}
    return render(request, "mapui/say.html", context, status=status)


def _small_map(place: Site | Village) -> dict[str, object]:
    """The map on which a point can be marked, where the place has one to begin with."""
    if place.location is None:
        return {}
    words = {"marked_here": _("您标的位置"), "on_record": _("登记的位置")}
    point = [place.location.x, place.location.y]
    config = {**page_config(words), "place": {"name": place.name, "point": point}}
    return {"map": city_parts(clustered=False), "map_config": config}


@takes_forms
@never_cache
def ask(request: HttpRequest) -> HttpResponse:
    """点单; and the way to what became of a number."""
    if number := request.GET.get("number", "").strip():
        number = tickets.read(number) or number.replace("/", " ")[:40]
        return redirect(display.kept(request, reverse("outcome", args=[number])))
    form = AskForm(request.POST or None, initial=_asked_for(request))
    status = 200
    if request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid():
            contact, who = form.cleaned_data["contact"], guard.sender(request)
            try:
                asked = requests.ask(form.chosen, form.asked(), who, contact)
                return _thank(request, asked.number)
            except TooManyMessages as refused:
                form.add_error(None, str(refused))
                status = TOO_MANY
    return render(request, "mapui/ask.html", {"form": form}, status=status)


def _asked_for(request: HttpRequest) -> dict[str, str]:
    """What the address says of the village and the wish."""
    initial = {name: request.GET.get(name, "") for name in ("place", "kind", "topic", "language")}
    code = request.GET.get("village", "")
    names = Village.objects.filter(pk=code) if code.isdecimal() else Village.objects.none()
    if name := names.values_list("name", flat=True).first():
        initial |= {"place": name, "village": code}
    return initial


def _thank(request: HttpRequest, number: str | None) -> HttpResponse:
    return redirect(display.kept(request, f"{reverse('outcome', args=[number])}?new=1"))


@takes_forms
@never_cache
def outcome(request: HttpRequest, number: str) -> HttpResponse:
    """What became of the message with this number; once held, the place to rate it."""
    known = tickets.read(number)
    found = outcomes.find(known) if known else None
    if found is None:
        told = _not_found(number, known)
        return render(request, "mapui/outcome.html", {"mistake": told}, status=404)
    if request.method == "POST":
        return _rate(request, found)
    return _outcome(request, found, RatingForm() if found.may_rate else None)


def _not_found(number: str, known: str | None) -> str:
    """What is wrong with a number that leads nowhere."""
    if known:
        told = _("没有编号是 %(number)s 的留言或点单。")
    elif tickets.is_whole(number):
        told = _("编号 %(number)s 不对,有的字可能抄错了,请逐个对照。")
    else:
        told = _("编号 %(number)s 不对:应是 9 个字母和数字,请对照检查。")
    return told % {"number": tickets.shown(known) if known else number[:40]}


def _rate(request: HttpRequest, found: outcomes.Outcome) -> HttpResponse:
    form = RatingForm(request.POST)
    if not form.is_valid():
        return _outcome(request, found, form, UNPROCESSABLE)
    try:
        requests.rate(found.number, form.cleaned_data["rating"], form.cleaned_data["words"])
    except VisitRequest.DoesNotExist:
        return _outcome(request, found, None, UNPROCESSABLE, _("留言不用评价,只有点单要评。"))
    except NotRateableError as refused:
        return _outcome(request, found, None, UNPROCESSABLE, str(refused))
    return redirect(display.kept(request, reverse("outcome", args=[found.number])))


def _outcome(
    request: HttpRequest,
    found: outcomes.Outcome,
    form: RatingForm | None,
    status: int = 200,
    mistake: str = "",
) -> HttpResponse:
    context = {
        "found": found,
        "number": tickets.shown(found.number),
        "form": form,
        "mistake": mistake,
        "is_new": "new" in request.GET,
        "address": addresses.absolute(request)(reverse("outcome", args=[found.number])),
    }
    return render(request, "mapui/outcome.html", context, status=status)
