"""Tours: asked for, planned in the background, changed by hand, confirmed into events."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import Body, Router

from events.models import Tour
from events.tours import busy, confirming, editing, questions
from mapui.api import auth
from mapui.api.planning import answers, responses
from mapui.api.replies import READ, json_reply
from mapui.problems import Missing
from mapui.tours import bodies, telling, words
from sites import access
from sites.models import Village

router = Router(tags=["tours"])

ANY = {"type": "object"}
WISH = {
    "type": "object",
    "properties": {name: {} for name in bodies.WISH},
    "required": ["start", "days"],
}
EDIT = {"type": "object", "properties": {name: {} for name in bodies.EDIT}}
PATH = "/tours/{int:number}"


@router.post(
    "/tours",
    summary="Ask for a tour",
    auth=auth.SIGNED_IN,
    response={202: object},
    openapi_extra=answers("Tour", WISH, 403, success=202),
)
def ask(request: HttpRequest, body: Body[dict[str, Any]]) -> HttpResponse:
    """202 with its id; it is planned in the background. `notes`: when the troupe is busy."""
    _require_planner_of_tours(request)
    tour = bodies.read_wish(body)
    tour.author = request.auth
    tour.save()
    answer = {"id": tour.pk, "status": tour.status, "notes": busy.sentences(tour)}
    response = json_reply(request, answer)
    response.status_code = 202
    response["Location"] = reverse("api:tour", args=[tour.pk])
    return response


@router.api_operation(
    READ,
    PATH,
    summary="A tour",
    auth=auth.SIGNED_IN,
    openapi_extra={"responses": responses("Tour", 403, 404)},
)
def tour(request: HttpRequest, number: int) -> HttpResponse:
    """Its state, its days with their stops, who is left out and why, and its events."""
    _require_planner_of_tours(request)
    return json_reply(request, telling.told(_only(number)))


@router.patch(
    PATH,
    summary="Change a tour by hand",
    auth=auth.SIGNED_IN,
    openapi_extra=answers("Tour", EDIT, 403, 409),
)
def change(request: HttpRequest, number: int, body: Body[dict[str, Any]]) -> HttpResponse:
    """The tour as it is then; with `replan` it is planned again around what is pinned.

    With `replace` the best left-out village that fits takes the place of each that drops out.
    `broken` at a stop says which rules it breaks. 409 where somebody changed it since `version`.
    """
    _require_planner_of_tours(request)
    before = _only(number)
    edit, version = bodies.read_edit(body, before.teams), bodies.read_version(body)
    visited = set(before.stops.values_list("village_id", flat=True)) if edit.replace else set()
    if set(body) - {"version", "replan"}:
        version = editing.edit(number, edit, version).version
    elif not body.get("replan"):
        editing.check_version(number, version)
    if body.get("replan"):
        editing.replan(number, version)
    answer = telling.told(_only(number))
    if edit.replace:
        answer |= telling.replaced(answer, visited, edit)
    return json_reply(request, answer)


@router.post(
    f"{PATH}/confirm",
    summary="Make the tour's events",
    auth=auth.SIGNED_IN,
    openapi_extra={"responses": responses("Tour", 403, 404, 409)},
)
def confirm(request: HttpRequest, number: int) -> HttpResponse:
    """One planned event per stop, once, however often it is called; 409 names every clash."""
    _require_planner_of_tours(request)
    made = confirming.confirm(_only(number))
    found = _only(number)
    answer = {"id": number, "status": found.status, "events": [event.code for event in made]}
    return json_reply(request, answer)


@router.post(
    f"{PATH}/cancel",
    summary="Stop planning a tour",
    auth=auth.SIGNED_IN,
    openapi_extra={"responses": responses("Tour", 403, 404)},
)
def cancel(request: HttpRequest, number: int) -> HttpResponse:
    """The best plan so far is kept."""
    _require_planner_of_tours(request)
    _only(number)
    editing.stop_planning(number)
    return json_reply(request, telling.told(_only(number)))


@router.post(
    f"{PATH}/copy",
    summary="Keep a variant of a tour",
    auth=auth.SIGNED_IN,
    response={201: object},
    openapi_extra=answers("Tour", ANY, 403, success=201),
)
def copy(request: HttpRequest, number: int, body: Body[dict[str, Any]]) -> HttpResponse:
    """201 with the variant's id; it has no events. With `start` it begins on that day."""
    _require_planner_of_tours(request)
    _only(number)
    name, start = bodies.read_copy(body)
    made = editing.copy(number, name, start)
    response = json_reply(request, {"id": made.pk, "status": made.status})
    response.status_code = 201
    return response


@router.post(
    f"{PATH}/stuck",
    summary="Plan the rest of a tour anew",
    auth=auth.SIGNED_IN,
    response={202: object},
    openapi_extra=answers("Tour", ANY, 403, 409, success=202),
)
def stuck(request: HttpRequest, number: int, body: Body[dict[str, Any]]) -> HttpResponse:
    """From `moment` (now) on, from where the teams are (`at`); earlier stops stay as they were."""
    _require_planner_of_tours(request)
    _only(number)
    moment, at = bodies.read_start_over(body)
    editing.replan(number, bodies.read_version(body), moment, at)
    response = json_reply(request, telling.told(_only(number)))
    response.status_code = 202
    return response


@router.api_operation(
    READ,
    f"{PATH}/changes",
    summary="What the last change moved",
    auth=auth.SIGNED_IN,
    openapi_extra={"responses": responses("Tour", 403, 404)},
)
def changes(request: HttpRequest, number: int) -> HttpResponse:
    """A list of {village, name, was, now}: whom to tell what; null is not visited."""
    _require_planner_of_tours(request)
    found = editing.differences(_only(number))
    codes = [each["village"] for each in found]
    names = dict(Village.objects.filter(pk__in=codes).values_list("code", "name"))
    return json_reply(request, [{**each, "name": names[each["village"]]} for each in found])


@router.api_operation(
    READ,
    f"{PATH}/left-out/{{slug:village}}",
    summary="What would it take to visit a village?",
    auth=auth.SIGNED_IN,
    openapi_extra={"responses": responses("Tour", 403, 404)},
)
def what_would_it_take(request: HttpRequest, number: int, village: str) -> HttpResponse:
    """The cheapest change that lets it in: {sentence, change}; `change` null where there is none."""
    _require_planner_of_tours(request)
    found = _only(number)
    change = questions.cheapest_change(found, village)
    if change is None:
        reason = next((each for each in found.left_out if each["village"] == village), None)
        sentence = words.left_out(reason, {}) if reason else _("这个村不在这次的范围里。")
        return json_reply(request, {"sentence": sentence, "change": None})
    codes = change.get("villages", [])
    names = dict(Village.objects.filter(pk__in=codes).values_list("code", "name"))
    return json_reply(request, {"sentence": words.change(change, names), "change": change})


def _only(number: int) -> Tour:
    found = Tour.objects.select_related("troupe", "troupe__base", "programme").filter(pk=number)
    if (tour := found.first()) is None:
        raise Missing(_("没有编号为 %(number)d 的巡演。") % {"number": number})
    return tour


def _require_planner_of_tours(request: HttpRequest) -> None:
    if not access.may_edit(request.auth, "tour"):
        raise PermissionDenied(_("只有演出队和规划人员能看和改巡演。"))
