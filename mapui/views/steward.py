"""Where the data comes from, and how exact it is."""

from django.db.models import Count, Max, Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from events.models import Event, Programme, Troupe
from sites import travel
from sites.choices import Position, Source
from sites.models import Organ, Region, Site, Standard, TravelSpeed, Village

RECORDS = (Region, Village, Organ, Site, Troupe, Programme, Event, Standard)


def data(request: HttpRequest) -> HttpResponse:
    """Every kind of record by its source, the positions' exactness, and the sources in words."""
    context = {
        "sources": Source,
        "records": [_by_source(model) for model in RECORDS],
        "positions": Village.objects.values("position").annotate(
            count=Count("code"), worst=Max("position_error_m")
        ),
        "position_labels": dict(Position.choices),
        "speeds": TravelSpeed.objects.all(),
        "default_speed": travel.DEFAULT,
    }
    return render(request, "mapui/data.html", context)


def _by_source(model: type[Model]) -> dict[str, object]:
    counts = dict(model.objects.order_by().values_list("source").annotate(Count("pk")))
    return {
        "name": model._meta.verbose_name_plural,
        "counts": [counts.get(source.value, 0) for source in Source],
        "total": sum(counts.values()),
    }
