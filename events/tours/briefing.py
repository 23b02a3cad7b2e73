"""Everything that planning a tour needs, read from the database once: `brief(tour) -> Briefing`.

A survey has all candidates; only those that the solver is given have their ways worked out, since
the ways between thousands of places take more time and memory than the plan.
"""

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from events import almanac, need, touring
from events.choices import Need, Status
from events.errors import NoStandardError
from events.models import Lodging, Stop, Tour
from events.need import Needs
from events.touring import Call, Problem, Team
from events.tours import busy, candidates, legs, rules, venues
from events.tours.busy import Held
from events.tours.candidates import Apart, Openings
from events.tours.crews import Crew, allotted, beds_for, crews
from events.tours.legs import Legs, Places
from events.tours.rules import DAY, Rules
from events.tours.venues import Venue
from sites import clock
from sites.models import Standard

Point = tuple[float, float]


@dataclass(frozen=True)
class From:
    """Planning starts over at `moment`; a team (by number) that `at` names stands there then.

    Another one stands where its last visit before the moment was. `left`: when what is on the
    road by now was to leave at the earliest, for plans that are only changed by hand.
    """

    moment: datetime.datetime
    at: dict[int, Point] = field(default_factory=dict)
    left: datetime.datetime | None = None

    @property
    def date(self) -> datetime.date:
        """The Shanghai day of the moment."""
        return self.moment.astimezone(clock.SHANGHAI).date()


@dataclass(frozen=True)
class Briefing:
    """A tour's problem, and what its numbers stand for.

    Places are the teams' homes, then `beds`, then where teams stand, then the villages of the
    calls: call k is `villages[k]`, row `rows[k]` of `needs`. `apart`: who is no candidate.
    """

    tour: Tour
    rules: Rules
    standard: Standard
    crews: list[Crew]
    beds: list[Lodging]
    standing: list[Point]
    villages: list[str]
    rows: list[int]
    needs: Needs
    venues: dict[str, Venue]
    openings: Openings
    legs: Legs
    problem: Problem
    apart: Apart
    since: From | None
    held: list[Held]
    by_hand: bool

    @cached_property
    def number(self) -> dict[str, int]:
        """The call of each village."""
        return {code: k for k, code in enumerate(self.villages)}

    def is_off(self, team: int, day: int) -> bool:
        """Whether the team (from 0) is to rest on the tour's day."""
        return is_off(self.rules, team, self.tour.dates[day])

    def bed_at(self, place: int) -> Lodging | None:
        """The lodging that a place is, None for a home."""
        index = place - len(self.crews)
        return self.beds[index] if 0 <= index < len(self.beds) else None

    def place_of_bed(self, code: str | None, team: int) -> int:
        """The place of a lodging, the team's home for None. Raises StopIteration for no bed of ours."""
        if code is None:
            return team
        return len(self.crews) + next(i for i, bed in enumerate(self.beds) if bed.code == code)

    def moment(self, day: int, minute: int) -> datetime.datetime:
        """A minute of the tour's day `day`."""
        midnight = clock.midnight(self.tour.dates[day])
        return midnight + datetime.timedelta(minutes=minute)


@dataclass(frozen=True)
class Survey:
    """All that is known of a tour before the ways between its places are.

    `rows` of `needs` are the candidates, `calls` theirs, with places numbered as in one problem
    of all: after the `bases`, which are homes, beds and where teams stand.
    """

    tour: Tour
    rules: Rules
    standard: Standard
    crews: list[Crew]
    beds: list[Lodging]
    standing: list[Point]
    rows: list[int]
    calls: list[Call]
    teams: list[Team]
    needs: Needs
    venues: dict[str, Venue]
    openings: Openings
    apart: Apart
    since: From | None
    kept: frozenset[str]
    held: list[Held]
    by_hand: bool
    late: bool

    @cached_property
    def number(self) -> dict[str, int]:
        """The call of each village."""
        return {self.needs.codes[i]: k for k, i in enumerate(self.rows)}

    @property
    def bases(self) -> list[Point]:
        """The first places of every problem."""
        beds = [bed.location.coords for bed in self.beds]
        return [*(crew.home for crew in self.crews), *beds, *self.standing]

    def brief(
        self,
        some: Sequence[int] | None = None,
        *,
        seconds: float | None = None,
        planned: int | None = None,
    ) -> Briefing:
        """The problem with `some` of the calls, in that order; all by default.

        `seconds`: how long a routing server is waited for, by default what a page waits. It is
        asked for ways to and from the bases and the first `planned` calls; for all by default.
        """
        chosen = range(len(self.calls)) if some is None else some
        rows, before = [self.rows[k] for k in chosen], len(self.bases)
        villages = [self.needs.codes[i] for i in rows]
        asked = None if planned is None else before + planned
        travel = legs.between(self._places(rows), seconds, asked)
        calls = [
            replace(self.calls[k], place=place) for place, k in enumerate(chosen, start=before)
        ]
        return Briefing(
            self.tour, self.rules, self.standard, self.crews, self.beds, self.standing, villages,
            rows, self.needs, self.venues, self.openings, travel,
            self._problem(travel.minutes, calls), self.apart, self.since,
            self.held, self.by_hand,
        )  # fmt: skip

    def for_search(self) -> list[int]:
        """The calls that the solver is given, before the ways between villages are known.

        By the ways to and from the bases alone, estimated; those on the stored plan are kept.
        """
        minutes = legs.around(self._places(self.rows), len(self.bases))
        kept = (k for k, i in enumerate(self.rows) if self.needs.codes[i] in self.kept)
        return sorted({*touring.candidates(self._problem(minutes, self.calls)), *kept})

    def _places(self, rows: Sequence[int]) -> Places:
        """The places of a problem: the bases, then those of the calls."""
        bases = self.bases
        sites = [self.venues[self.needs.codes[i]] for i in rows]
        points = np.array([*bases, *((site.lon, site.lat) for site in sites)], dtype=np.float64)
        settings = [""] * len(bases) + [self.needs.settings[i] for i in rows]
        return Places(points, settings, self.tour.start.month, self.rules.slack)

    def _problem(self, minutes: NDArray[np.integer[Any]], calls: Sequence[Call]) -> Problem:
        first, last = len(self.crews), len(self.crews) + len(self.beds)
        return Problem(
            minutes,
            calls,
            self.teams,
            beds=tuple(range(first, last)),
            max_to_bed=self.rules.max_to_bed,
            worth=tuple(self.needs.unit_worth),
        )


def brief(
    tour: Tour,
    since: From | None = None,
    only: Collection[str] | None = None,
    *,
    by_hand: bool = False,
) -> Briefing:
    """What the tour's plan depends on, with all its candidates, or `only` these villages."""
    return survey(tour, since, only, by_hand=by_hand).brief()


def survey(
    tour: Tour,
    since: From | None = None,
    only: Collection[str] | None = None,
    *,
    by_hand: bool = False,
) -> Survey:
    """Read what the tour's plan depends on; a fixed number of queries.

    With `since`, stops that begin before it are left as they are and not planned again. `only`:
    the villages of interest. `by_hand`: the times of what is there are asked for, also on days on
    which nothing may be planned. Raises RulesError, NoHomeError, NoStandardError with what to do.
    """
    asked = rules.read(tour.rules)
    standard = _standard(asked.standard, tour.start)
    needs = need.read(
        standard, tour.start, tour.region, tour.programme, asked.weights, asked.quotas,
        until=tour.last,
    )  # fmt: skip
    stops = list(tour.stops.select_related("day", "village", "event"))
    wants = dict.fromkeys([*tour.programme.needs, *([Need.INDOOR] if asked.indoors else [])])
    places = venues.choose(needs.codes, list(wants), tour.start)
    apart = candidates.apart(needs, asked, places)
    kept = [stop for stop in stops if is_kept(stop, since)]
    taken = {*apart, *(stop.village_id for stop in kept)}
    asked_for = set(needs.codes if only is None else only) - taken
    rows = [i for i, code in enumerate(needs.codes) if code in asked_for]
    villages = [needs.codes[i] for i in rows]
    teams = crews(tour)
    beds = beds_for(tour, teams)
    shifts = _Shifts(tour, asked, teams, kept, since, by_hand)
    standing = _standing(shifts, places)
    opens = candidates.openings(tour, asked, almanac.read(villages, tour.dates), villages)
    pins = stops if only is None else []  # by hand, a pin is no rule
    pinned = {stop.village_id: stop for stop in pins if stop.pinned and stop not in kept}
    before = len(teams) + len(beds) + len(standing)
    return Survey(
        tour, asked, standard, teams, beds, list(standing.values()), rows,
        candidates.calls(needs, rows, opens, places, teams, pinned, before),
        _teams(shifts, beds, standing), needs, places, opens, apart, since,
        frozenset(stop.village_id for stop in stops), shifts.held, by_hand,
        shifts.late,
    )  # fmt: skip


def is_kept(stop: Stop, since: From | None) -> bool:
    """Whether a stop is over, and not to be planned again: held, or before planning starts over."""
    held = stop.event is not None and stop.event.status == Status.HELD
    return held or (since is not None and stop.begin < since.moment)


def _standard(code: str, day: datetime.date) -> Standard:
    found = Standard.objects.effective_on(day).filter(code=code).first()
    if found is None:
        sentence = _("%(day)s 没有编号为“%(code)s”的标准在用,请换一条标准。")
        raise NoStandardError(sentence % {"day": day, "code": code})
    return found


@dataclass(frozen=True)
class _Shifts:
    """When the teams may be on the road, by what is asked, what is over and what else they do.

    By hand no day is closed but those that are over for a tour that is under way.
    """

    tour: Tour
    asked: Rules
    teams: Sequence[Crew]
    kept: Sequence[Stop]
    since: From | None
    by_hand: bool

    @cached_property
    def held(self) -> list[Held]:
        """When the troupe's other events take teams."""
        return busy.held_up(self.tour)

    @cached_property
    def cuts(self) -> dict[tuple[int, datetime.date], list[tuple[int, int]]]:
        """What these take, by team and day."""
        return busy.cuts(self.held, len(self.teams))

    def of(self, team: int, day: datetime.date) -> tuple[int, int] | None:
        """A team's shift of a day; None for a day off, and for days that are over."""
        shift = self._asked_for(team, day)
        if self.by_hand:
            over = self.since is not None and day < self.since.date
            shift = None if over else shift or self.teams[team].hours
        if shift and (now := self._begins(team)):
            minute = max(0, candidates.minute_of(now, day))
            closes = max(shift[1], minute + 1) if self.by_hand else shift[1]
            shift = None if minute >= min(closes, DAY) else (max(shift[0], minute), closes)
        if shift is None or self.by_hand:
            return shift
        return busy.rest(shift, self.cuts.get((team, day), ()))

    @property
    def late(self) -> bool:
        """Whether teams were to work today (after the tour: on its last day), and no more."""
        today = max(self.since.date, clock.today()) if self.since else clock.today()
        day = min(today, self.tour.last)
        hours = [(self._asked_for(k, day), self._begins(k)) for k in range(len(self.teams))]
        return day >= self.tour.start and any(
            shift and now and candidates.minute_of(now, day) >= min(shift[1], DAY)
            for shift, now in hours
        )

    def _asked_for(self, team: int, day: datetime.date) -> tuple[int, int] | None:
        """The team's hours of a day by what is asked, whatever the time is; None for a day off."""
        if is_off(self.asked, team, day):
            return None
        return self.asked.hours.get(team + 1, {}).get(day, self.teams[team].hours)

    def kept_on(self, team: int, day: datetime.date) -> list[Stop]:
        """The team's visits of the day that are over, in order."""
        stops = [stop for stop in self.kept if (stop.day.team - 1, stop.day.date) == (team, day)]
        return sorted(stops, key=lambda stop: stop.begin)

    def _begins(self, team: int) -> datetime.datetime | None:
        """When the team may leave: not before planning starts over, nor out of a visit.

        By hand, who is on the road by now has left when it was to leave.
        """
        if self.since is None:
            return None if self.by_hand else clock.now()
        first = self.since.left if self.by_hand else max(self.since.moment, clock.now())
        named = team + 1 in self.since.at  # it has said where it is, so it is not in a visit
        ends = [stop.leave for stop in self.kept if stop.day.team - 1 == team and not named]
        return max([*([first] if first else []), *ends], default=None)


def is_off(asked: Rules, team: int, day: datetime.date) -> bool:
    """Whether a team (from 0) is to rest on a day."""
    return day in asked.reserve or asked.hours.get(team + 1, {}).get(day, ()) is None


def _standing(shifts: _Shifts, places: dict[str, Venue]) -> dict[int, Point]:
    """Where each team (by index) stands when planning starts over; without `since` none does.

    At its last visit of the day, else where it has slept; where `since` says, in any case.
    """
    since, tour = shifts.since, shifts.tour
    if since is None:
        return {}
    found: dict[int, Point] = {}
    today = since.date if shifts.by_hand else max(since.date, clock.today())
    slept = list(tour.team_days.select_related("sleeps_at").order_by("date"))
    for team in range(len(shifts.teams)):
        works = shifts.of(team, today) is not None
        stops = [s for s in shifts.kept_on(team, today) if s.village_id in places] if works else []
        if stops:
            venue = places[stops[-1].village_id]
            found[team] = venue.lon, venue.lat
            continue
        before = [d for d in slept if d.team - 1 == team and (d.date < today or not works)]
        before = [d for d in before if d.date <= today]
        if before and before[-1].sleeps_at:
            found[team] = before[-1].sleeps_at.location.coords
    named = {number - 1: point for number, point in since.at.items()}
    return {k: point for k, point in (found | named).items() if k < len(shifts.teams)}


def _teams(shifts: _Shifts, beds: Sequence[Lodging], standing: dict[int, Point]) -> list[Team]:
    """The solver's teams: their shifts, where they start, and nights that somebody has fixed."""
    tour, teams = shifts.tour, shifts.teams
    number = {bed.code: len(teams) + i for i, bed in enumerate(beds)}
    fixed = {
        (day.team - 1, tour.dates.index(day.date)): number.get(day.sleeps_at_id, day.team - 1)
        for day in tour.team_days.filter(bed_pinned=True)
    }
    where = {k: len(teams) + len(beds) + i for i, k in enumerate(standing)}
    days = range(tour.days)
    sleeps = allotted(beds, teams)
    return [
        Team(
            k,
            [shifts.of(k, day) for day in tour.dates],
            max_duty=shifts.asked.max_duty,
            start=where.get(k),
            nights=[fixed.get((k, d)) for d in days] if fixed else None,
            sleeps=None if shifts.by_hand else [number[bed.code] for bed in sleeps[k]],
        )
        for k in range(len(teams))
    ]
