"""What would be if places were added, removed or moved."""

from typing import Any

import numpy as np
from django.http import HttpRequest, HttpResponse
from ninja import Body

from mapui import bodies
from mapui.api import auth
from mapui.api.replies import JSON, json_reply, problems
from mapui.api.standards import in_effect, router
from sites import clock, freshness
from sites.coverage import Facts, what_if
from sites.whatif import difference

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


def answers(schema: str, body: dict[str, Any], *errors: int) -> dict[str, Any]:
    """OpenAPI of an operation that computes an answer from a JSON body and stores nothing."""
    reference = {"schema": {"$ref": f"#/components/schemas/{schema}"}}
    return {
        "requestBody": {"content": {JSON: {"schema": body}}},
        "responses": {
            200: {"description": "OK", "content": {JSON: reference}},
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
    today = clock.today()
    standard = in_effect(code, today)
    before = freshness.facts(standard, today, today)
    after = what_if(before, changes)
    changed = difference(before.subjects.codes, before.met, after.met)
    built = difference(before.subjects.codes, _clause(before.built), _clause(after.built))
    return json_reply(
        request,
        {
            "before": counts(before),
            "after": counts(after),
            "gained": changed.gained,
            "lost": changed.lost,
            "built_gained": built.gained,
            "built_lost": built.lost,
        },
    )


def counts(facts: Facts) -> dict[str, int | None]:
    """How many subjects there are, and how many meet each clause and the standard."""
    return {
        "subjects": len(facts.subjects.codes),
        "built": None if facts.built is None else int(facts.built.sum()),
        "reached": None if facts.reached is None else int(facts.reached.sum()),
        "met": int(facts.met.sum()),
    }


def _clause(verdicts: np.ndarray | None) -> np.ndarray:
    return np.zeros(0, bool) if verdicts is None else verdicts
