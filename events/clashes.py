"""Events that are in the way of each other: in the same place at once, or of the same troupe.

A troupe has as many teams as it has; only more events at once than those clash.
"""

import datetime
from collections.abc import Collection, Iterable

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from events.choices import Status
from events.models import Event, Stop, Tour
from sites import clock

LIVE = (Status.PLANNED, Status.CONFIRMED, Status.HELD)


def of_tour(tour: Tour, stops: Collection[Stop]) -> list[str]:
    """A sentence for each other event in the way of the stops."""
    first, last = min(stop.arrive for stop in stops), max(stop.leave for stop in stops)
    villages = [stop.village_id for stop in stops]
    in_the_way = Q(village__in=villages) | Q(site__village__in=villages) | Q(troupe=tour.troupe)
    others = list(_live(in_the_way, first, last).exclude(stop__tour=tour))
    clashes = []
    for stop in sorted(stops, key=lambda stop: stop.begin):
        meeting = [e for e in others if e.starts_at < stop.leave and e.ends_at > stop.arrive]
        here = [event for event in meeting if stop.village_id in _villages_of(event)]
        away = [event for event in meeting if event.troupe_id == tour.troupe_id]
        if len(away) + _at_once(stop, stops) > tour.troupe.teams:
            here += [event for event in away if event not in here]
        clashes += [_said(stop.village.name, stop.begin, event) for event in here]
    return list(dict.fromkeys(clashes))


def of_event(event: Event) -> list[str]:
    """A sentence for each other event in the way of this one, at its times, place and troupe."""
    villages = _villages_of(event)
    here = Q(village__in=villages) | Q(site__village__in=villages)
    here |= Q(site=event.site_id) if event.site_id else Q()
    mine = Q(troupe=event.troupe_id) if event.troupe_id else Q(pk__in=())
    others = _live(here | mine, event.starts_at, event.ends_at).exclude(pk=event.pk)
    meeting = list(others.distinct())
    found = [
        each
        for each in meeting
        if _villages_of(each) & villages or (each.site_id and each.site_id == event.site_id)
    ]
    away = [each for each in meeting if event.troupe_id and each.troupe_id == event.troupe_id]
    if event.troupe and len(away) >= event.troupe.teams:
        found += [each for each in away if each not in found]
    name = str(event.site or event.village)
    return [_said(name, event.starts_at, each) for each in found]


def _live(in_the_way: Q, first: datetime.datetime, last: datetime.datetime) -> QuerySet[Event]:
    return (
        Event.objects.filter(in_the_way, status__in=LIVE, starts_at__lt=last, ends_at__gt=first)
        .select_related("programme", "village", "site", "site__village", "troupe")
        .order_by("starts_at", "code")
    )


def _villages_of(event: Event) -> set[str]:
    return {
        code for code in (event.village_id, event.site.village_id if event.site else None) if code
    }


def _at_once(stop: Stop, stops: Iterable[Stop]) -> int:
    """How many teams of the tour are at work while this stop lasts."""
    return len({s.day.team for s in stops if s.arrive < stop.leave and s.leave > stop.arrive})


def _said(place: str, when: datetime.datetime, event: Event) -> str:
    sentence = _("%(village)s %(when)s 与活动 %(code)s(%(event)s,%(start)s)冲突,请改其中一个。")
    return sentence % {
        "village": place,
        "when": f"{when.astimezone(clock.SHANGHAI):%m-%d %H:%M}",
        "code": event.code,
        "event": str(event),
        "start": f"{event.starts_at.astimezone(clock.SHANGHAI):%m-%d %H:%M}",
    }
