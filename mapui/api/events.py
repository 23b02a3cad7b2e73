"""Events for reading."""

from django.http import HttpRequest, HttpResponse
from ninja import Router

from events.models import Event
from mapui import filters, layers
from mapui.api.replies import READ, only, reads, reply

router = Router(tags=["events"])


@router.api_operation(
    READ, "/events", summary="Events", **reads(filters.Events, "FeatureCollection")
)
def events(request: HttpRequest) -> HttpResponse:
    """Events in the order of their beginnings; the geometry is where they take place.

    Properties: code programme programme_name series kind troupe troupe_name site site_name village
    village_name reaches starts_at ends_at moved_from status attendance campaign audience source.
    """
    asked = filters.Events.read(request.GET)
    return reply(request, layers.events(asked.apply(Event.objects.all()), asked))


@router.api_operation(
    READ, "/events/{slug:code}", summary="One event", **reads(filters.Nothing, "Feature", 404)
)
def event(request: HttpRequest, code: str) -> HttpResponse:
    """The same properties and more."""
    filters.Nothing.read(request.GET)
    return reply(request, layers.event(only(Event.objects.all(), code)))
