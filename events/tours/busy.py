"""What else a troupe has to do while a tour lasts, and which of the tour's teams are held up by it."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from django.db.models import Q
from django.utils.translation import gettext as _

from events.clashes import LIVE
from events.models import Event, Tour
from events.tours.rules import clock_text
from sites import clock

OUT = ("stop__day__leaves_at", "stop__day__back_at")
LISTED = 4  # events that a sentence names
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
    """When the troupe's other events take teams that the tour counts on; one query.

    A team that is out on another tour is busy from leaving to coming back.
    """
    first = clock.midnight(tour.start)
    after = clock.midnight(tour.last) + datetime.timedelta(days=1)
    others = (
        Event.objects.filter(Q(stop=None) | ~Q(stop__tour=tour), troupe=tour.troupe_id)
        .filter(status__in=LIVE, starts_at__lt=after, ends_at__gt=first)
        .order_by("starts_at", "code")
        .values_list("code", "starts_at", "ends_at", "stop__day", *OUT)
    )
    busy: dict[object, _Busy] = {}
    for code, starts, ends, day, leaves, back in others:
        one = busy.setdefault(day or code, _Busy([], leaves or starts, back or ends))
        one.codes.append(code)
    return [held for date in tour.dates for held in _of_day(tour, date, busy.values())]


@dataclass(frozen=True)
class _Busy:
    """What one team does: an event, or those of its day on another tour."""

    codes: list[str]
    starts: datetime.datetime
    ends: datetime.datetime


def _of_day(tour: Tour, date: datetime.date, busy: Iterable[_Busy]) -> list[Held]:
    """The day's parts between beginnings and ends of what is on, where teams are missing."""
    spans = [(_span(each.starts, each.ends, date), each.codes) for each in busy]
    here = [(span, codes) for span, codes in spans if span[0] < span[1]]
    marks = sorted({minute for span, _codes in here for minute in span})
    found: list[Held] = []
    for begin, end in pairwise(marks):
        at_once = [codes for span, codes in here if span[0] < end and span[1] > begin]
        free = max(0, tour.troupe.teams - len(at_once))
        if not at_once or free >= tour.teams:
            continue
        codes = tuple(code for each in at_once for code in each)
        last = found[-1] if found else None
        if last and (last.span[1], last.free, last.events) == (begin, free, codes):
            found[-1] = Held(date, (last.span[0], end), free, codes)
        else:
            found.append(Held(date, (begin, end), free, codes))
    return found


def sentence(held: Held) -> str:
    """When the troupe is busy elsewhere, and how many of its teams are left for the tour."""
    listed = _("、").join(held.events[:LISTED])
    told = {
        "month": held.date.month,
        "day": held.date.day,
        "from": clock_text(held.span[0]),
        "to": clock_text(held.span[1]),
        "events": listed + ("……" if len(held.events) > LISTED else ""),
        "free": held.free,
    }
    if held.free == 0:
        words = _("%(month)d 月 %(day)d 日 %(from)s–%(to)s 全队都有别的活动(%(events)s),不排。")
    else:
        words = _(
            "%(month)d 月 %(day)d 日 %(from)s–%(to)s 有别的活动(%(events)s),"
            "这次只剩 %(free)d 个队可以去。"
        )
    return words % told


def sentences(tour: Tour) -> list[str]:
    """All of that for a tour."""
    return [sentence(held) for held in held_up(tour)]


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
