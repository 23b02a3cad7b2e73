"""Answers of reading operations, and what OpenAPI says of them."""

import hashlib
from typing import Any

import orjson
from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _

from mapui.api.auth import SIGNED_IN
from mapui.params import Filter
from mapui.problems import Missing
from sites.importing.columns import Column, Kind

GEOJSON = "application/geo+json"
JSON = "application/json"
READ = ["GET", "HEAD"]


def reply(request: HttpRequest, body: bytes, media_type: str = GEOJSON) -> HttpResponse:
    """200 with an ETag, or 304 to whoever has this answer already.

    "no-cache" lets anybody keep the answer but ask each time whether it still holds, so that an
    edit shows at once. What depends on the login is kept by the browser alone.
    """
    response = HttpResponse(body, media_type)
    etag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
    response["ETag"] = etag
    personal = "Authorization" in request.headers or not settings.COVERAGE_PUBLIC
    response["Cache-Control"] = "private, no-cache" if personal else "no-cache"
    return get_conditional_response(request, etag=etag, response=response)


def json_reply(request: HttpRequest, data: object) -> HttpResponse:
    """The same for plain JSON."""
    return reply(request, orjson.dumps(data), JSON)


def only(found: QuerySet, code: str) -> QuerySet:
    """The one record with this code. Raises Missing, which names the code, where there is none."""
    chosen = found.filter(pk=code)
    if not chosen.exists():
        kind = found.model._meta.verbose_name
        raise Missing(_("没有编号为 %(code)s 的%(kind)s。") % {"code": code, "kind": kind})
    return chosen


def reads(asked: type[Filter], schema: str, *errors: int) -> dict[str, Any]:
    """Keywords of a reading operation: its parameters, its answer's schema and its errors."""
    media_type = GEOJSON if schema.startswith("Feature") else JSON
    answers = {200: _content("OK", media_type, schema), **problems(422, 429, 503, *errors)}
    return {"openapi_extra": {"parameters": asked.describe(), "responses": answers}}


def writes(kind: Kind, success: int, *errors: int, **others: str) -> dict[str, Any]:
    """Keywords of a writing operation: its body's columns, its answer and its errors.

    `others`: what the body may hold beside columns, and what that is.
    """
    columns = {column.name: _column(column) for column in kind.columns}
    columns |= {name: {"description": about} for name, about in others.items()}
    schema = {"properties": columns, "additionalProperties": False}
    answers = {success: _content("The record as it is now.", GEOJSON, "Feature")}
    answers |= problems(400, 401, 403, 409, 422, 429, 503, *errors)
    body = {"content": {JSON: {"schema": schema}}}
    return {
        "auth": SIGNED_IN,
        "response": {success: object},
        "openapi_extra": {"requestBody": body, "responses": answers},
    }


def _column(column: Column) -> dict[str, Any]:
    about = {"description": column.titles[0]}
    return {**about, "examples": list(column.choices)} if column.choices else about


def problems(*statuses: int) -> dict[int, Any]:
    """OpenAPI's responses for errors."""
    return {
        status: _content(ERRORS[status], "application/problem+json", "Problem")
        for status in sorted(statuses)
    }


def _content(description: str, media_type: str, schema: str) -> dict[str, Any]:
    reference = {"$ref": f"#/components/schemas/{schema}"}
    return {"description": description, "content": {media_type: {"schema": reference}}}


ERRORS = {
    400: "The body is not JSON.",
    401: "No valid token or login.",
    403: "The user may not edit this record.",
    404: "Nothing has this code.",
    409: "It conflicts with another record.",
    422: "Parameters or columns are wrong; `errors` names each.",
    429: "Too many requests from this address; see Retry-After.",
    503: "The database does not answer; see Retry-After.",
}
