"""What would be if places were added, removed or moved."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Body

from mapui import bodies
from mapui.api import auth
from mapui.api.replies import JSON, json_reply, problems
from mapui.api.standards import router
from mapui.planning import effect, in_effect
from sites import clock

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
