"""Whether the process lives, and whether it can serve."""

from functools import cache

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, JsonResponse


def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is looked at."""
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> HttpResponse:
    """The database answers and every migration is applied; else 503 and what is missing."""
    waiting = sorted(_newest_migrations() - set(MigrationRecorder(connection).applied_migrations()))
    if waiting:
        names = [f"{app}.{name}" for app, name in waiting]
        return JsonResponse({"status": "migrations missing", "migrations": names}, status=503)
    return JsonResponse({"status": "ok"})


@cache
def _newest_migrations() -> set[tuple[str, str]]:
    """The last migration of every app, as the files have it; whoever has it has those before."""
    return set(MigrationLoader(None).graph.leaf_nodes())
