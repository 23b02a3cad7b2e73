"""The API under /api/v1: routing, authentication and OpenAPI by django-ninja, answers as bytes."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema

from mapui import problems
from mapui.api import events, places, scenarios, search, standards, tours
from mapui.api import writing as _writing  # noqa: F401 (adds to routers of places and events)
from mapui.api.auth import PerAddress
from mapui.api.schemas import SCHEMAS


class Api(NinjaAPI):
    """NinjaAPI whose OpenAPI document knows the schemas of our answers."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        """The document; HEAD is served beside every GET, and not worth a line each."""
        document = super().get_openapi_schema(**options)
        document["components"]["schemas"].update(SCHEMAS)
        for operations in document["paths"].values():
            operations.pop("head", None)
        return document


api = Api(
    title="fazhimap",
    version="1",
    description=(
        "Places of rule-of-law education, what happens there, and whom it reaches. "
        "Reading is open; writing needs a bearer token or a login with rights in the division."
    ),
    docs_url=None,  # its page would load from a foreign host
    urls_namespace="api",
    throttle=PerAddress(),
)


def _answer(request: HttpRequest, exception: Exception) -> HttpResponse:
    problem = problems.describe(exception)
    if problem is None:
        raise exception
    return problems.answer(request, problem)


for kind in (Exception, Http404, HttpError, ValidationError):
    api.add_exception_handler(kind, _answer)

for module in (places, search, standards, scenarios, events, tours):
    api.add_router("", module.router)
