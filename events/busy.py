"""What else a troupe has to do while a tour lasts, and which of the tour's teams are held up by it."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from django.db.models import Q

from events.clashes import LIVE
from events.models import Event, Tour
from sites import clock

SHORTEST = 60  # minutes: what is left of a day beside other events, else the team stays at home
Span = tuple[int, int]


@dataclass(frozen=True)
class Held:
    """A part of a day in which only `free` of the troupe's teams are left for the tour."""

    date: datetime.date
    span: Span
    free: int
    events: tuple[str, ...]


def held_up(tour: Tour) -> list[Held]:
    """When the troupe's other events take teams that the tour counts on; one query."""
    first = clock.midnight(tour.start)
    after = clock.midnight(tour.last) + datetime.timedelta(days=1)
    others = (
        Event.objects.filter(Q(stop=None) | ~Q(stop__tour=tour), troupe=tour.troupe_id)
        .filter(status__in=LIVE, starts_at__lt=after, ends_at__gt=first)
        .order_by("starts_at", "code")
        .values_list("code", "starts_at", "ends_at")
    )
    found = []
    if events := list(others):
        for date in tour.dates:
            found += _of_day(tour, date, events)
    return found


def _of_day(tour: Tour, date: datetime.date, events: Iterable[tuple]) -> list[Held]:
    """The day's parts between beginnings and ends of events, where teams are missing."""
    spans = {code: _span(starts, ends, date) for code, starts, ends in events}
    here = {code: span for code, span in spans.items() if span[0] < span[1]}
    marks = sorted({minute for span in here.values() for minute in span})
    found = []
    for begin, end in pairwise(marks):
        codes = tuple(code for code, span in here.items() if span[0] < end and span[1] > begin)
        free = max(0, tour.troupe.teams - len(codes))
        if codes and free < tour.teams:
            found.append(Held(date, (begin, end), free, codes))
    return found


def _span(starts: datetime.datetime, ends: datetime.datetime, date: datetime.date) -> Span:
    """The minutes of the day that an event takes."""
    midnight = clock.midnight(date)
    first, last = ((moment - midnight).total_seconds() / 60 for moment in (starts, ends))
    return max(0, int(first // 1)), min(24 * 60, int(-(-last // 1)))


def cuts(held: Iterable[Held], teams: int) -> dict[tuple[int, datetime.date], list[Span]]:
    """By team (index) and day, when it is not free: the last teams are the first to stay behind."""
    found = defaultdict(list)
    for each in held:
        for team in range(each.free, teams):
            found[team, each.date].append(each.span)
    return dict(found)


def rest(shift: Span, cut: Iterable[Span]) -> Span | None:
    """The longest part of a shift outside of what is cut; None where it is too short to be of use."""
    parts = [shift]
    for begin, end in cut:
        outside = [(first, min(last, begin)) for first, last in parts]
        outside += [(max(first, end), last) for first, last in parts]
        parts = [part for part in outside if part[0] < part[1]]
    longest = max(parts, key=lambda part: (part[1] - part[0], -part[0]), default=None)
    whole = longest == shift
    return longest if longest and (whole or longest[1] - longest[0] >= SHORTEST) else None
