"""Where the data comes from, and how exact it is."""

from django.conf import settings
from django.db.models import Count, Max, Value
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from events.models import Event, Lodging, Occasion, Programme, Troupe, VisitRequest
from mapui.outward import addresses
from sites import travel
from sites.choices import Position, Source
from sites.models import Organ, Region, Remark, Site, Standard, TravelSpeed, Village

RECORDS = (
    *(Region, Village, Organ, Site, Troupe, Programme, Event, Standard),
    *(Lodging, Occasion, VisitRequest, Remark),
)


def data(request: HttpRequest) -> HttpResponse:
    """Every kind of record by its source, the positions' exactness, and the sources in words."""
    context = {
        "sources": Source,
        "records": _by_source(),
        "positions": Village.objects.values("position").annotate(
            count=Count("code"), worst=Max("position_error_m")
        ),
        "position_labels": dict(Position.choices),
        "speeds": TravelSpeed.objects.all(),
        "default_speed": travel.DEFAULT,
        "embed_address": addresses.absolute(request)("/embed/"),
        "embedders": settings.EMBEDDERS,
    }
    return render(request, "mapui/data.html", context)


def _by_source() -> list[dict[str, object]]:
    """How many records of each kind come from each source: one query for all kinds."""
    first, *rest = (
        model.objects.order_by().values_list(Value(kind), "source").annotate(Count("pk"))
        for kind, model in enumerate(RECORDS)
    )
    counts = {(kind, source): count for kind, source, count in first.union(*rest, all=True)}
    return [
        {
            "name": model._meta.verbose_name_plural,
            "counts": (found := [counts.get((kind, source.value), 0) for source in Source]),
            "total": sum(found),
        }
        for kind, model in enumerate(RECORDS)
    ]
