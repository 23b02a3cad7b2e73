"""Scenarios: what-ifs under a name, to share by link, to compare and to go on with."""

from dataclasses import asdict
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import Body, Router

from mapui import filters
from mapui.api import auth
from mapui.api.planning import CHANGES, answers
from mapui.api.replies import READ, json_reply, reads, reply
from mapui.params import BadParameters
from mapui.planner import bodies
from mapui.planner.planning import described, effect, in_effect, places_of
from mapui.problems import Conflict, Missing
from sites import access, clock
from sites.models import Scenario

router = Router(tags=["scenarios"])

NAMES = ("name", "standard", "note", "version")
SCENARIO = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "standard": {"type": "string"},
        "note": {"type": "string"},
        "version": {"type": "integer", "description": "When replacing: the version that was read."},
        **CHANGES["properties"],
    },
    "required": ["name", "standard"],
}


@router.api_operation(
    READ, "/scenarios", summary="Kept scenarios", **reads(filters.Nothing, "Scenarios", 401)
)
def scenarios(request: HttpRequest) -> HttpResponse:
    """Every scenario without its effect, the latest first."""
    filters.Nothing.read(request.GET)
    auth.require_coverage(request)
    return json_reply(request, [described(scenario) for scenario in Scenario.objects.all()])


@router.api_operation(
    READ,
    "/scenarios/{int:number}",
    summary="A scenario",
    **reads(filters.Nothing, "Scenario", 401, 404),
)
def scenario(request: HttpRequest, number: int) -> HttpResponse:
    """A scenario and what it would change, told from today's records."""
    auth.require_coverage(request)
    found = _only(number)
    standard = in_effect(found.standard, clock.today())
    return json_reply(request, {**described(found), **effect(standard, found.changes())})


@router.api_operation(
    READ,
    "/scenarios/{int:number}/places",
    summary="The places of a scenario",
    **reads(filters.Nothing, "FeatureCollection", 401, 404),
)
def places(request: HttpRequest, number: int) -> HttpResponse:
    """What is added, moved and removed, as GeoJSON; properties: change name kind tier from."""
    auth.require_coverage(request)
    return reply(request, places_of(_only(number)))


@router.post(
    "/scenarios",
    summary="Keep a scenario",
    auth=auth.SIGNED_IN,
    response={201: object},
    openapi_extra=answers("Scenario", SCENARIO, 403, success=201),
)
def keep(request: HttpRequest, body: Body[dict[str, Any]]) -> HttpResponse:
    """201 with the scenario under its number."""
    _require_planner(request)
    made = Scenario(author=request.auth, saved_at=clock.now(), **_read(body, []))
    made.save()
    response = json_reply(request, described(made))
    response.status_code = 201
    response["Location"] = reverse("api:scenario", args=[made.pk])
    return response


@router.put(
    "/scenarios/{int:number}",
    summary="Replace a scenario",
    auth=auth.SIGNED_IN,
    response={200: object},
    openapi_extra=answers("Scenario", SCENARIO, 403, 409),
)
def replace(request: HttpRequest, number: int, body: Body[dict[str, Any]]) -> HttpResponse:
    """The scenario as it is now; 409 where somebody saved it since `version` was read."""
    _require_planner(request)
    errors: bodies.Errors = []
    version = bodies.whole(body, "version", (1, 2**31 - 2), errors)
    values = _read(body, errors)
    changed = Scenario.objects.filter(pk=number, version=version).update(
        **values, version=version + 1, saved_at=clock.now()
    )
    if not changed:
        found = _only(number)
        message = _(
            "方案“%(name)s”在您打开之后被别人改过了,没有保存。请另存为新方案,或重新打开再改。"
        )
        raise Conflict(message % {"name": found.name})
    return json_reply(request, described(_only(number)))


@router.delete(
    "/scenarios/{int:number}",
    summary="Forget a scenario",
    auth=auth.SIGNED_IN,
    response={204: None},
    openapi_extra={"responses": {204: {"description": "It is gone."}}},
)
def forget(request: HttpRequest, number: int) -> HttpResponse:
    """It is gone; its history stays."""
    _require_planner(request)
    _only(number).delete()
    return HttpResponse(status=204)


def _only(number: int) -> Scenario:
    found = Scenario.objects.filter(pk=number).first()
    if found is None:
        raise Missing(_("没有编号为 %(number)d 的方案。") % {"number": number})
    return found


def _require_planner(request: HttpRequest) -> None:
    if not access.may_edit(request.auth, "scenario"):
        raise PermissionDenied(_("只有规划人员能保存方案。"))


def _read(body: dict[str, Any], errors: bodies.Errors) -> dict[str, Any]:
    """The fields of a scenario.

    Raises BadParameters with every fault, also those found before, and Missing for the standard.
    """
    changed = {name: value for name, value in body.items() if name not in NAMES}
    name = bodies.text(body, "name", 100, errors)
    standard = bodies.text(body, "standard", 30, errors)
    note = bodies.text(body, "note", 2000, errors, required=False)
    try:
        changes = bodies.read_changes(changed)
    except BadParameters as refused:
        errors += refused.errors
    if errors:
        raise BadParameters(errors)
    in_effect(standard, clock.today())
    return {
        "name": name,
        "standard": standard,
        "note": note,
        "add": [asdict(place) for place in changes.add],
        "remove": sorted(changes.remove),
        "move": changes.move,
    }
