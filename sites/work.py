"""From a scenario to the tasks that make it true."""

from collections.abc import Iterator

from django.contrib.gis.db.models.functions import GeometryDistance
from django.contrib.gis.geos import Point
from django.db import transaction
from django.utils.translation import gettext as _

from sites import access
from sites.choices import SiteKind, Tier
from sites.models import Scenario, Site, Standard, Task, TaskKind, Village
from sites.whatif import Place


def make_tasks(number: int, author: access.User, standard: Standard | None) -> int:
    """Make the tasks that a scenario does not have yet, all or none; how many were made.

    `standard`: what the scenario is for; one that asks for events brings a task to hold one at each
    new place. Raises Scenario.DoesNotExist.
    """
    with transaction.atomic():
        scenario = Scenario.objects.select_for_update().get(pk=number)
        known = {(task.kind, task.point.coords) for task in scenario.tasks.all()}
        wanted = [
            task
            for task in tasks_of(scenario, holds_events=bool(standard and standard.months))
            if (task.kind, task.point.coords) not in known
        ]
        for task in wanted:
            task.made_by = author
        Task.objects.bulk_create(wanted)
    return len(wanted)


def tasks_of(scenario: Scenario, *, holds_events: bool) -> Iterator[Task]:
    """Build what is added, hold an event there; check what is moved or removed. Nothing is stored."""
    changes = scenario.changes()
    places = {(place.lon, place.lat): place for place in changes.add}
    names = Village.objects.in_bulk({place.village for place in places.values() if place.village})
    for place in places.values():
        common = _common(scenario, place, names.get(place.village))
        yield Task(kind=TaskKind.BUILD_PLACE, **common)
        if holds_events:
            yield Task(kind=TaskKind.HOLD_EVENT, **common)
    touched = sorted({*changes.remove, *changes.move})
    sites = Site.objects.in_bulk(touched)
    for site in (sites[code] for code in touched if code in sites):
        told = _("核对后移动:%(name)s") if site.code in changes.move else _("核对后撤掉:%(name)s")
        yield Task(
            scenario=scenario,
            kind=TaskKind.CHECK_PLACE,
            place=told % {"name": site.name},
            point=site.location,
            site=site,
            village_id=site.village_id,
        )


def _common(scenario: Scenario, place: Place, village: Village | None) -> dict[str, object]:
    point = Point(place.lon, place.lat, srid=4326)
    words = {"tier": Tier(place.tier).label, "kind": SiteKind(place.kind).label}
    return {
        "scenario": scenario,
        "place": f"{words['tier']}{words['kind']} · {_where(point, village)}",
        "point": point,
        "village": village,
        "site_kind": place.kind,
        "tier": place.tier,
    }


def _where(point: Point, village: Village | None) -> str:
    """The village, or that whose point is nearest (in degrees: it only says whereabouts)."""
    if village:
        return village.name
    nearest = Village.objects.exclude(location=None).order_by(GeometryDistance("location", point))
    found = nearest.first()
    return _("%(name)s附近") % {"name": found.name} if found else ""
