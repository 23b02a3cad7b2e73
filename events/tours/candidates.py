"""Which villages a tour may visit, and when: `calls` for the solver, and why others are apart."""

import datetime
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from events.almanac import Almanac, Windows, open_windows
from events.choices import Language, OccasionKind, Status
from events.daylight import daylight
from events.models import Event, Stop, Tour, VisitRequest
from events.need import Needs
from events.touring import Call
from events.tours.crews import Crew
from events.tours.rules import DAY, Rules
from events.tours.venues import Venue
from sites import clock

# Why a village is no candidate; the solver's own reasons are in `events.touring.result`.
EXCLUDED, DECLINED, LACKS = "excluded", "declined", "lacks"
NO_POSITION, NOT_HERE, NO_SPEAKER = "no_position", "not_here", "no_speaker"

Apart = dict[str, tuple[str, dict[str, object]]]


def apart(needs: Needs, rules: Rules, venues: dict[str, Venue]) -> Apart:
    """Villages that cannot be candidates: {code: (why, details)}; musts that there are not, too."""
    found: Apart = {code: (NO_POSITION, {}) for code, _name in needs.without_position}
    for code in needs.codes:
        if lacks := venues[code].lacks:
            found[code] = LACKS, {"lacks": list(lacks), "venue": venues[code].name}
    found |= {code: (EXCLUDED, {}) for code in rules.exclude if code in needs.row}
    known = {*needs.codes, *found}
    found |= {code: (NOT_HERE, {}) for code in rules.must if code not in known}
    return found | {code: (DECLINED, {"note": note}) for code, note in rules.declined.items()}


@dataclass(frozen=True)
class Openings:
    """When visits may lie: the local calendar, daylight and lunch.

    `busy`: the events that a village has on a day already; then nobody else comes.
    """

    tour: Tour
    rules: Rules
    calendar: Almanac
    busy: dict[tuple[str, datetime.date], list[str]]

    def windows(self, village: str, venue: Venue, day: datetime.date) -> Windows:
        """The minutes of a day in which a whole visit may lie."""
        if (village, day) in self.busy:
            return ()
        light = self._light(venue) if self.rules.daylight else (0, DAY)
        closed = [self.rules.lunch] if self.rules.lunch else []
        parts = self.calendar.windows(village, day, light)
        return tuple(window for part in parts for window in open_windows(part, [], closed))

    def _light(self, venue: Venue) -> tuple[int, int]:
        """Daylight of all days of the tour: the same each day, or each would be another window."""
        lights = [daylight(venue.lon, venue.lat, day) for day in (self.tour.start, self.tour.last)]
        return max(rise for rise, _set in lights), min(setting for _rise, setting in lights)

    def closures(self, village: str, day: datetime.date) -> list[str]:
        """What stands against a visit on a day: names of the local calendar, and of events."""
        events = [_("活动 %(code)s") % {"code": code} for code in self.busy.get((village, day), ())]
        return [*self.calendar.closures(village, day), *events]

    def bonus(self, village: str, day: datetime.date) -> int:
        """Points for a market or a festival on the day."""
        kinds = {line.kind for line in self.calendar.gatherings(village, day)}
        return self.rules.weights.day(
            market=OccasionKind.MARKET in kinds, festival=OccasionKind.FESTIVAL in kinds
        )


def openings(tour: Tour, rules: Rules, calendar: Almanac, villages: Sequence[str]) -> Openings:
    """What is known of when the villages are open on the tour's days. One query."""
    busy = defaultdict(list)
    events = Event.objects.between(tour.start, tour.last).exclude(status=Status.CANCELLED)
    here = Q(village__in=villages) | Q(site__village__in=villages)
    rows = events.filter(here).exclude(stop__tour=tour).order_by("starts_at", "code")
    for code, village, home, starts in rows.values_list(
        "code", "village", "site__village", "starts_at"
    ):
        for each in {village, home} - {None}:
            busy[each, starts.astimezone(clock.SHANGHAI).date()].append(code)
    return Openings(tour, rules, calendar, dict(busy))


def minute_of(moment: datetime.datetime, day: datetime.date) -> int:
    """Whole minutes from the midnight at which a Shanghai day begins, rounded up."""
    seconds = (moment - clock.midnight(day)).total_seconds()
    return -int(-seconds // 60)


def calls(  # noqa: PLR0913, PLR0917
    needs: Needs,
    rows: Sequence[int],
    opens: Openings,
    venues: dict[str, Venue],
    crews: Sequence[Crew],
    pinned: dict[str, Stop],
    first_place: int,
) -> list[Call]:
    """A call for each of these rows of `needs`, places numbered from `first_place`.

    A pinned stop is a must of its own team, on its own day.
    """
    tour, rules = opens.tour, opens.rules
    minutes = tour.programme.setup_minutes + tour.programme.minutes
    mongolian = _ask_for_mongolian([needs.codes[i] for i in rows]) if rules.bilingual else set()
    speakers = [k for k, crew in enumerate(crews) if Language.MONGOLIAN in crew.languages]
    found = []
    for k, i in enumerate(rows):
        code = needs.codes[i]
        windows = [opens.windows(code, venues[code], day) for day in tour.dates]
        teams = _teams(code, crews, rules, speakers if code in mongolian else None)
        stop = pinned.get(code)
        if stop:
            kept = tour.dates.index(stop.day.date)
            windows = [each if d == kept else () for d, each in enumerate(windows)]
            teams = (stop.day.team - 1,)
        found.append(
            Call(
                first_place + k,
                minutes,
                int(needs.own[i]),
                windows,
                must=code in rules.must or stop is not None,
                teams=teams,
                serves=needs.serves[i],
                bonus=tuple(opens.bonus(code, day) for day in tour.dates),
            )
        )
    return found


def _teams(
    village: str, crews: Sequence[Crew], rules: Rules, speakers: list[int] | None
) -> tuple[int, ...] | None:
    """Which of the crews may go to the village, None for all of them."""
    may = [
        k
        for k, _crew in enumerate(crews)
        if (speakers is None or k in speakers) and village not in rules.keep_off.get(k + 1, ())
    ]
    return None if len(may) == len(crews) else tuple(may)


def _ask_for_mongolian(villages: Collection[str]) -> set[str]:
    """Villages with an open request for a programme in Mongolian."""
    asked = VisitRequest.objects.waiting().filter(language=Language.MONGOLIAN, village__in=villages)
    return set(asked.values_list("village", flat=True))
