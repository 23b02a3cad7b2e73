"""What would be if places were added, removed or moved."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import orjson
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from ninja import Body

from mapui.api import auth
from mapui.api.replies import JSON, json_reply, problems
from mapui.api.standards import router
from mapui.planner import bodies
from mapui.planner.planning import effect, in_effect, proposed
from sites import access, clock, freshness
from sites.candidates import read as read_candidates
from sites.measures import MEASURES
from sites.proposals import METHODS, Proposal, improving, propose

NDJSON = "application/x-ndjson"
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
        "measure": {
            "type": "string",
            "enum": list(MEASURES),
            "description": "p-median's; the other methods measure as the standard does.",
        },
        "candidates": {
            "type": "array",
            "items": {"type": "object", "properties": {"lon": {}, "lat": {}, "name": {}}},
            "description": "Where a place may be; by default where the villages are.",
        },
    },
}


FILE = {
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "properties": {
                    "file": {"type": "string", "format": "binary"},
                    "crs": {"type": "string", "enum": bodies.SYSTEMS, "default": "wgs84"},
                },
                "required": ["file"],
            }
        }
    }
}


def answers(schema: str, body: dict[str, Any], *errors: int, success: int = 200) -> dict[str, Any]:
    """OpenAPI of an operation with a JSON body."""
    return {
        "requestBody": {"content": {JSON: {"schema": body}}},
        "responses": responses(schema, 404, *errors, success=success),
    }


def responses(schema: str, *errors: int, success: int = 200) -> dict[int, Any]:
    """OpenAPI of what an operation with a body answers."""
    reference = {"schema": {"$ref": f"#/components/schemas/{schema}"}}
    return {
        success: {"description": "OK", "content": {JSON: reference}},
        **problems(400, 401, 422, 429, 503, *errors),
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
def siting(request: HttpRequest, code: str, body: Body[dict[str, Any]]) -> HttpResponseBase:
    """The best places that seconds suffice to find, with a proven bound; nothing is built or kept.

    `objective` is how many subjects (or people) are covered that are not now (mclp), how many
    places (lscp), or the sum of weight × metres (or minutes) to the nearest place (p-median).
    `gains_means` says what those whom a place `gains` come to: to meet the standard (`met`), to
    have a place while events are still to be held (`built`), to have one that is `nearer`.
    With `Accept: application/x-ndjson` each better answer comes at once, a line each, and the
    last line is the answer; closing the connection stops the search.
    """
    _require_planner(request)
    question = bodies.read_question(body)
    today = clock.today()
    facts = freshness.facts(in_effect(code, today), today, today)
    if request.get_preferred_type([JSON, NDJSON]) == NDJSON:
        return _streamed(improving(facts, question))
    return json_reply(request, proposed(propose(facts, question)))


@router.post(
    "/siting/candidates",
    summary="Read a file of places to choose from",
    auth=auth.SIGNED_IN,
    response={200: object},
    openapi_extra={"requestBody": FILE, "responses": responses("Candidates", 403)},
)
def candidates(request: HttpRequest) -> HttpResponse:
    """The places of a CSV, XLSX or GeoJSON file, to be given to siting; nothing is stored.

    Columns: 名称 name, 经度 lon, 纬度 lat; `crs` says of which system the positions are.
    """
    _require_planner(request)
    file, crs = bodies.read_file(request.FILES, request.POST)
    found = read_candidates(file.read(), file.name, crs)
    return json_reply(request, {"candidates": [asdict(each) for each in found]})


def _require_planner(request: HttpRequest) -> None:
    if not access.may_edit(request.auth, "scenario"):
        raise PermissionDenied(_("只有规划人员能做选址计算。"))


def _streamed(proposals: Iterator[Proposal]) -> StreamingHttpResponse:
    """A line of JSON each, not held back to be compressed or by a proxy."""
    headers = {
        "Content-Encoding": "identity",
        "Cache-Control": "no-store",
        "X-Accel-Buffering": "no",
    }
    return StreamingHttpResponse(_lines(proposals, get_language()), NDJSON, headers=headers)


def _lines(proposals: Iterator[Proposal], language: str | None) -> Iterator[bytes]:
    """Made after the middleware is through with the request, so in its language by name."""
    for proposal in proposals:
        with override(language):
            line = orjson.dumps(proposed(proposal)) + b"\n"
        yield line
