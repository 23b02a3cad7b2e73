"""The stewards' queue: what people say of places and ask for, and how each is answered."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from events import requests
from events.models import Event, VisitRequest
from mapui.middleware import takes_forms
from mapui.views.citizen import city_parts
from mapui.voices import outcomes
from mapui.voices.answering import AnswerForm, ArrangeForm, Asked, HandForm, Wait, told
from mapui.whats_on.conditions import without
from mapui.words import page_config
from sites import access, clock, geodesy, remarks, senders
from sites.choices import RemarkStatus
from sites.errors import ImportRejected
from sites.models import Remark

PAGE = 20
UNPROCESSABLE = 422
EVENTS = 50  # to choose from
KINDS = {"remarks": "remark", "requests": "request"}

View = Callable[..., HttpResponse]


@never_cache
@login_required
def queue(request: HttpRequest) -> HttpResponse:
    """What waits, the longest first; or what was answered."""
    asked = Asked.read(request.GET, strict=False)
    prefetch_related_objects([request.user], "groups", "county_rights")  # asked several times
    may = {what for what, kind in KINDS.items() if access.divisions(request.user, kind)}
    if not may:
        raise PermissionDenied(_("看留言和点单要有数据员、演出队或规划的权限。"))
    waiting = Asked(region=asked.region, kind=asked.kind)
    counts = {
        "remarks": waiting.remarks(request.user).count() if "remarks" in may else 0,
        "requests": waiting.requests(request.user).count() if "requests" in may else 0,
    }
    what = asked.what or max(
        may, key=lambda each: (asked.has(each), counts[each] > 0, each == "remarks")
    )
    if what not in may:
        raise PermissionDenied(_("留言只有本旗县区的数据员看得到。"))
    found = asked.remarks(request.user) if what == "remarks" else asked.requests(request.user)
    page = Paginator(found.select_related(*_ABOUT[what]).defer(*_OUTLINES[what]), PAGE)
    page = page.get_page(request.GET.get("page"))
    today = clock.today()
    context = {
        "asked": asked,
        "what": what,
        "may": may,
        "counts": counts,
        "page": page,
        "rows": [(each, Wait.of(each, today), _state(each)) for each in page],
        "query": without(request.GET, "page"),
    }
    return render(request, "mapui/queue.html", context)


_ABOUT = {
    "remarks": ("site", "village", "county"),
    "requests": (
        *("village__township__parent", "troupe", "organ"),
        *("event__programme", "event__site", "event__village"),
    ),
}
_OUTLINES = {
    "remarks": ("site__footprint", "county__boundary"),
    "requests": (
        *("village__township__boundary", "village__township__parent__boundary"),
        "event__site__footprint",
    ),
}


def _state(message: Remark | VisitRequest) -> str:
    if isinstance(message, Remark):
        return str(message.get_status_display())
    return outcomes.state_of(message)


@takes_forms
@never_cache
@login_required
def remark(request: HttpRequest, number: int) -> HttpResponse:
    """One remark beside the place's facts: put right, answered, or not taken up."""
    found = Remark.objects.select_related(
        *("site__county", "site__organ", "village__township__parent", "county", "answered_by")
    ).defer("county__boundary", "site__county__boundary", "site__footprint")
    said = get_object_or_404(found, pk=number)
    _require(request, "remark", said.county_id)
    form = AnswerForm(request.POST or None)
    mistake = ""
    if request.method == "POST" and form.is_valid():
        try:
            _settle(request, said, form.cleaned_data["answer"])
            messages.success(request, _("答复了:%(place)s 的留言。") % {"place": said.place})
            return redirect(f"{reverse('queue')}?what=remarks")
        except ImportRejected as rejected:
            mistake = _("没有改:%(why)s") % {"why": rejected}
    status = UNPROCESSABLE if request.method == "POST" else 200
    context = _about_remark(said) | {"form": form, "mistake": mistake}
    return render(request, "mapui/queue_remark.html", context, status=status)


def _settle(request: HttpRequest, said: Remark, answer: str) -> None:
    match request.POST.get("action"):
        case "fix" if remarks.fix_of(said):
            remarks.fix(said.pk, answer, request.user)
        case "reject":
            remarks.answer(said.pk, RemarkStatus.REJECTED, answer, request.user)
        case _:
            remarks.answer(said.pk, RemarkStatus.ANSWERED, answer, request.user)


def _about_remark(said: Remark) -> dict[str, object]:
    now = clock.now()
    place = said.place
    context: dict[str, object] = {
        "remark": said,
        "place": place,
        "page": "site" if said.site else "village",
        "wait": Wait.of(said, now.date()),
        "fix": remarks.fix_of(said) if said.status == RemarkStatus.OPEN else None,
        "contact": senders.contact(said.number, now),
        "others": Remark.objects.open()
        .filter(site=said.site, village=said.village)
        .exclude(pk=said.pk)
        .count(),
    }
    if said.site:
        held = Event.objects.filter(site=said.site).held_before(now)
        context["last_event"] = held.with_places().first()
    if place.location is None:
        return context
    points = {"point": list(place.location.coords), "name": place.name}
    if said.point:
        points["marked"] = list(said.point.coords)
        _index, metres = geodesy.nearest([said.point.coords], [place.location.coords])
        context["metres_off"] = float(metres[0])
    words = {"marked_here": _("标出的位置"), "on_record": _("登记的位置")}
    config = {**page_config(words), "place": points}
    return context | {"map": city_parts(clustered=False), "map_config": config}


@takes_forms
@never_cache
@login_required
def visit(request: HttpRequest, number: int) -> HttpResponse:
    """One request: handed on, answered with an event, or declined."""
    found = VisitRequest.objects.select_related(*_ABOUT["requests"]).defer(*_OUTLINES["requests"])
    asked = get_object_or_404(found, pk=number)
    _require(request, "request", asked.village_id)
    now = clock.now()
    events = Event.objects.in_village(asked.village_id).upcoming(now).with_places()
    data = request.POST or None
    action = request.POST.get("action", "")
    forms = {
        "hand": HandForm(data if action == "hand" else None, village=asked.village_id),
        "arrange": ArrangeForm(
            data if action == "arrange" else None, events=list(events[:EVENTS]), prefix="arrange"
        ),
        "decline": AnswerForm(data if action == "decline" else None, prefix="decline"),
    }
    if action in forms and forms[action].is_valid():
        messages.success(request, _take_step(asked, action, forms[action]))
        return redirect(f"{reverse('queue')}?what=requests")
    same = VisitRequest.objects.waiting().counted().filter(village=asked.village_id)
    last = Event.objects.in_village(asked.village_id).held_before(now).with_places().first()
    context = {
        "asked": asked,
        "wait": Wait.of(asked, now.date()),
        "state": outcomes.state_of(asked),
        "forms": forms,
        "others": same.exclude(pk=asked.pk).count(),
        "again": asked.repeated.count(),
        "last_event": last,
        "contact": _contact_for(request, asked),
        "may_hold": access.may_edit(request.user, "event", asked.village_id),
    }
    status = UNPROCESSABLE if request.method == "POST" else 200
    return render(request, "mapui/queue_request.html", context, status=status)


def _contact_for(request: HttpRequest, asked: VisitRequest) -> tuple | None:
    """How the sender may be reached: for the county's stewards only."""
    if not asked.number or not access.may_edit(request.user, "remark", asked.village_id):
        return None
    return senders.contact(asked.number, clock.now())


def _take_step(asked: VisitRequest, action: str, form: object) -> str:
    """Do it; and what was done, for the one who did it."""
    words = {"village": asked.village.name}
    match action:
        case "hand":
            requests.hand_on(asked.pk, form.chosen())
            done = _("派单了:%(village)s 的点单已交给%(to)s,等对方安排。")
            return done % {**words, "to": form.chosen()}
        case "arrange":
            requests.arrange(asked.pk, form.chosen(), form.cleaned_data["answer"])
            done = _("答复了:%(village)s 的点单,%(event)s。")
            return done % {**words, "event": told(form.chosen())}
        case _:
            requests.decline(asked.pk, form.cleaned_data["answer"])
            return _("答复了:%(village)s 的点单,说明了为什么办不了。") % words


def _require(request: HttpRequest, kind: str, code: str) -> None:
    if not access.may_edit(request.user, kind, code):
        raise PermissionDenied(_("这件事由另一个旗县区处理,您的账号看不到。"))
