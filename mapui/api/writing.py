"""Writing one record: a JSON object of import columns, through the importer's own checks.

Rights, rules and messages are those of a file with a single row.
"""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import Body

from events.importing import EVENTS
from events.models import Event
from mapui import layers
from mapui.api import events, places
from mapui.api.replies import GEOJSON, only, writes
from mapui.params import BadParameters, refusal
from sites import access, clock, importing
from sites.importing import values
from sites.importing.columns import Kind
from sites.importing.kinds import SITES, VILLAGES
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


@events.router.patch("/events/{slug:code}", summary="Change an event", **writes(EVENTS, 200, 404))
def change_event(request: HttpRequest, code: str, columns: Columns) -> HttpResponse:
    """Change the given columns; null clears one. Answers with the event as it is now."""
    found = only(Event.objects.all(), code)
    _change(request, EVENTS, code, columns)
    return HttpResponse(layers.event(found), GEOJSON)


@events.router.post("/events", summary="Record an event", **writes(EVENTS, 201))
def record_event(request: HttpRequest, columns: Columns) -> HttpResponse:
    """201 with the new event, or 200 where it is known: sending it twice makes no second one.

    It is known by its code, else by the same programme, place and beginning; a new one without
    a code is given one.
    """
    user = request.auth
    if not access.may_edit(user, EVENTS.record):
        raise PermissionDenied
    _require(EVENTS, columns)
    result = importing.apply_rows(EVENTS, [columns], user=user)
    (code,) = result.codes
    body = layers.event(Event.objects.filter(code=code))
    response = HttpResponse(body, GEOJSON, 201 if result.created else 200)
    response["Location"] = reverse("api:event", args=[code])
    return response


def _require(kind: Kind, columns: dict[str, Any]) -> None:
    """Raise BadParameters where a new record would lack what it needs."""
    lacking = [
        column
        for column in kind.columns
        if column.required and values.is_blank(columns.get(column.name))
    ]
    if lacking:
        raise BadParameters(
            [
                refusal(
                    column.name,
                    None,
                    column.titles[0],
                    _("%(name)s:必须给出。") % {"name": column.name},
                )
                for column in lacking
            ]
        )


def _change(request: HttpRequest, kind: Kind, code: str, columns: dict[str, Any]) -> None:
    """Write the columns of a stored record.

    Raises PermissionDenied, BadParameters for another code than the address has, ImportRejected.
    """
    if not kind.model.objects.editable_by(request.auth).filter(pk=code).exists():
        raise PermissionDenied
    given = columns.get("code", code)
    if given != code:
        message = _("code:编号不能改,应与地址里的 %(code)s 一致。") % {"code": code}
        raise BadParameters([refusal("code", given, code, message)])
    importing.apply_rows(kind, [{**columns, "code": code}], user=request.auth)
