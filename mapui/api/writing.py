"""Writing one record: a JSON object of import columns, through the importer's own checks.

Rights, rules and messages are those of a file with a single row.
"""

from dataclasses import replace
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import Body

from events import workflow
from events.choices import Status
from events.importing import EVENTS
from events.models import Event
from mapui import layers
from mapui.api import events, places
from mapui.api.replies import GEOJSON, only, writes
from mapui.params import BadParameters, refusal
from mapui.planner.bodies import text
from sites import access, clock, importing
from sites.errors import ImportRejected, Problem
from sites.importing.columns import Kind
from sites.importing.kinds import SITES, VILLAGES
from sites.importing.values import is_blank
from sites.models import Site, Village

Columns = Body[dict[str, Any]]


@places.router.patch(
    "/villages/{slug:code}", summary="Change a village", **writes(VILLAGES, 200, 404)
)
def change_village(request: HttpRequest, code: str, columns: Columns) -> HttpResponse:
    """Change the given columns; null clears one. Answers with the village as it is now."""
    found = only(Village.objects.all(), code)
    _change(request, VILLAGES, code, columns)
    return HttpResponse(layers.village(found, with_coverage=False), GEOJSON)


@places.router.patch("/sites/{slug:code}", summary="Change a site", **writes(SITES, 200, 404))
def change_site(request: HttpRequest, code: str, columns: Columns) -> HttpResponse:
    """Change the given columns; null clears one. Answers with the site as it is now."""
    found = only(Site.objects.all(), code)
    _change(request, SITES, code, columns)
    return HttpResponse(layers.site(found, clock.now()), GEOJSON)


@events.router.patch(
    "/events/{slug:code}",
    summary="Change an event",
    **writes(EVENTS, 200, 404, reason="取消的原因(内部)"),
)
def change_event(request: HttpRequest, code: str, columns: Columns) -> HttpResponse:
    """Change the given columns; null clears one. Answers with the event as it is now.

    The steps are those of its page: `status` cancelled wants a `reason`, what was held or
    cancelled stays so, and 409 names the events that a new time, place or troupe would meet.
    """
    found = only(Event.objects.all(), code)
    _require_rights(request, EVENTS, code)
    with transaction.atomic():
        _rewrite(request, found.select_for_update(of=("self",)).get(), columns)
    return HttpResponse(layers.event(found), GEOJSON)


def _rewrite(request: HttpRequest, before: Event, columns: dict[str, Any]) -> None:
    """Write the columns of a stored event, by the steps that its status may take."""
    written = _written(columns)
    _change(request, EVENTS, before.code, written, dry_run="status" in columns)
    if "status" in columns:
        _step(request, before, written, _reason(columns))
    else:
        workflow.check_change(before, clock.now(), request.auth)


def _written(columns: dict[str, Any]) -> dict[str, Any]:
    """What is stored of a body: all but the reason of a step, which is for its notes."""
    return {name: value for name, value in columns.items() if name != "reason"}


def _step(request: HttpRequest, event: Event, columns: dict[str, Any], reason: str) -> None:
    """Write the columns beside the status, then take the event to it."""
    given = columns["status"]
    column = EVENTS.by_name["status"]
    to = column.blank if is_blank(given) else column.parse(given)
    if to == Status.CANCELLED != event.status and not reason:
        message = _("reason:取消要写原因。")
        raise BadParameters([refusal("reason", None, None, message)])
    others = {name: columns[name] for name in columns if name not in ("status", "held_at")}
    if set(others) - {"code"}:
        _change(request, EVENTS, event.code, others)
    now = clock.now()
    workflow.check_change(event, now, request.auth, to)
    held_at = min(now, Event.objects.get(pk=event.pk).ends_at) if to == Status.HELD else None
    if held_at and not is_blank(columns.get("held_at")):
        held_at = EVENTS.by_name["held_at"].parse(columns["held_at"])
    workflow.move(event, to, now=now, user=request.auth, note=reason, held_at=held_at)


def _reason(columns: dict[str, Any]) -> str:
    errors: list[dict[str, Any]] = []
    reason = text(columns, "reason", 300, errors, required=False)
    if errors:
        raise BadParameters(errors)
    return reason


@events.router.post(
    "/events", summary="Record an event", **writes(EVENTS, 201, reason="取消的原因(内部)")
)
def record_event(request: HttpRequest, columns: Columns) -> HttpResponse:
    """201 with the new event, or 200 where it is known: sending it twice makes no second one.

    It is known by its code, else by the same programme, place and beginning, and then changed by
    the same steps as with PATCH; a new one without a code is given one. 409 names the events that
    are in the way of a planned one: at its place, or of its troupe.
    """
    if not access.may_edit(request.auth, EVENTS.record):
        raise PermissionDenied
    needed = dict.fromkeys(column.name for column in EVENTS.columns if column.required)
    written = needed | _written(columns)
    with transaction.atomic():
        (code,) = _write(request, EVENTS, written, dry_run=True).codes
        before = Event.objects.filter(pk=code).select_for_update(of=("self",)).first()
        if before:
            _rewrite(request, before, {**columns, "code": code})
        else:
            (code,) = _write(request, EVENTS, written).codes
            workflow.check_new(Event.objects.select_related("site", "troupe").get(pk=code))
    body = layers.event(Event.objects.filter(code=code))
    response = HttpResponse(body, GEOJSON, 200 if before else 201)
    response["Location"] = reverse("api:event", args=[code])
    return response


def _require_rights(request: HttpRequest, kind: Kind, code: str) -> None:
    if not kind.model.objects.editable_by(request.auth).filter(pk=code).exists():
        raise PermissionDenied(_("您没有修改 %(code)s 的权限。") % {"code": code})


def _change(
    request: HttpRequest, kind: Kind, code: str, columns: dict[str, Any], *, dry_run: bool = False
) -> None:
    """Write the columns of a stored record; `dry_run` only says what is wrong with them.

    Raises PermissionDenied, and BadParameters, also for another code than the address has.
    """
    _require_rights(request, kind, code)
    given = columns.get("code", code)
    if given != code:
        message = _("code:编号不能改,应与地址里的 %(code)s 一致。") % {"code": code}
        raise BadParameters([refusal("code", given, code, message)])
    _write(request, kind, {**columns, "code": code}, dry_run=dry_run)


def _write(
    request: HttpRequest, kind: Kind, columns: dict[str, Any], *, dry_run: bool = False
) -> importing.Result:
    """Write one record. Raises PermissionDenied, or BadParameters with every fault of a column."""
    try:
        return importing.apply_rows(kind, [columns], user=request.auth, dry_run=dry_run)
    except ImportRejected as rejected:
        for problem in rejected.problems:
            if problem.forbidden:
                raise PermissionDenied(_told(problem)) from rejected
        errors = [
            refusal(
                problem.column,
                columns.get(problem.column),
                _allowed(kind, problem.column),
                _told(problem),
            )
            for problem in rejected.problems
        ]
        raise BadParameters(errors) from rejected


def _told(problem: Problem) -> str:
    """The problem in words; what was sent has neither file nor rows."""
    return _("%(problem)s。") % {"problem": replace(problem, row=0)}


def _allowed(kind: Kind, name: str) -> list[str] | None:
    """The values that a column may have, the columns where there is none of the name, or None."""
    column = kind.by_name.get(name)
    return (list(column.choices) or None) if column else list(kind.by_name)
