"""What would be if places were added, removed or moved."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Body

from mapui import bodies
from mapui.api import auth
from mapui.api.replies import JSON, json_reply, problems
from mapui.api.standards import router
from mapui.planning import effect, in_effect, proposed
from sites import access, clock, freshness
from sites.proposals import METHODS, propose

PLACE = {
    "type": "object",
    "properties": {
        "lon": {"type": "number"},
        "lat": {"type": "number"},
        "kind": {"type": "string"},
        "tier": {"type": "string"},
        "village": {"type": "string"},
    },
    "required": ["lon", "lat", "kind", "tier"],
}
MOVE = {"type": "object", "properties": {name: {} for name in ("code", "lon", "lat")}}
CHANGES = {
    "type": "object",
    "properties": {
        "add": {"type": "array", "items": PLACE},
        "remove": {"type": "array", "items": {"type": "string"}},
        "move": {"type": "array", "items": MOVE},
    },
}


QUESTION = {
    "type": "object",
    "properties": {
        "count": {"type": "integer", "default": 5, "description": "Not for lscp, which finds it."},
        "method": {"type": "string", "enum": list(METHODS), "default": "mclp"},
        "region": {"type": "string", "description": "Only in the division whose code begins so."},
        "weight": {"type": "string", "enum": ["subjects", "population"], "default": "subjects"},
        "candidates": {
            "type": "array",
            "items": {"type": "object", "properties": {"lon": {}, "lat": {}}},
            "description": "Where a place may be; by default where the villages are.",
        },
    },
}


def answers(schema: str, body: dict[str, Any], *errors: int, success: int = 200) -> dict[str, Any]:
    """OpenAPI of an operation with a JSON body."""
    reference = {"schema": {"$ref": f"#/components/schemas/{schema}"}}
    return {
        "requestBody": {"content": {JSON: {"schema": body}}},
        "responses": {
            success: {"description": "OK", "content": {JSON: reference}},
            **problems(400, 401, 404, 422, 429, 503, *errors),
        },
    }


@router.post(
    "/standards/{slug:code}/what-if",
    summary="What if places were added, removed or moved?",
    openapi_extra=answers("WhatIf", CHANGES),
)
def changed_places(request: HttpRequest, code: str, body: Body[dict[str, Any]]) -> HttpResponse:
    """Counts before and after, and the subjects that would come to meet the standard or no longer.

    Nothing is stored. An added place brings no events of its own, a moved one takes its events
    along, a removed one has had them.
    """
    auth.require_coverage(request)
    changes = bodies.read_changes(body)
    return json_reply(request, effect(in_effect(code, clock.today()), changes))


@router.post(
    "/standards/{slug:code}/siting",
    summary="Where would more places help most?",
    auth=auth.SIGNED_IN,
    response={200: object},
    openapi_extra=answers("Siting", QUESTION, 403),
)
def siting(request: HttpRequest, code: str, body: Body[dict[str, Any]]) -> HttpResponse:
    """The best places that seconds suffice to find, with a proven bound; nothing is stored.

    `objective` is how many subjects (or people) are covered that are not now (mclp), how many
    places (lscp), or the sum of weight × metres to the nearest place (p-median).
    """
    if not access.may_edit(request.auth, "scenario"):
        raise PermissionDenied(_("只有规划人员能做选址计算。"))
    question = bodies.read_question(body)
    today = clock.today()
    facts = freshness.facts(in_effect(code, today), today, today)
    return json_reply(request, proposed(propose(facts, question)))
