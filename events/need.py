"""What a visit to each village is worth, from the records, with the numbers behind it.

The formula is `Weights`' (events/worth.py); this module reads what it asks for. Who was reached
when, and who would newly meet the standard, is `coverage.evaluate`'s to say.
"""

import datetime
from collections import defaultdict
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from django.db import connection
from django.db.models import Count
from django.db.models.functions import Coalesce

from events.choices import Status
from events.models import Event, Programme, VisitRequest
from events.worth import Bools, Floats, Ints, Pairs, Weights, months_waited
from sites import clock, coverage, geodesy
from sites.choices import Subject
from sites.coverage import EPOCH, Facts, Subjects
from sites.models import Region, Standard
from sites.verdicts import Located

__all__ = ["Needs", "Waiting", "Weights", "read", "waiting"]

# A visit is at the village's front where it has an open one, else at its own point.
PLACES = """
    SELECT v.code, ST_X(p.point), ST_Y(p.point) FROM sites_village v
    LEFT JOIN LATERAL (
        SELECT location FROM sites_site WHERE village_id = v.code AND kind = 'front'
          AND (opened_on IS NULL OR opened_on <= %(on)s)
          AND (closed_on IS NULL OR closed_on > %(on)s)
        ORDER BY code LIMIT 1) f ON true
    CROSS JOIN LATERAL (SELECT COALESCE(f.location, v.location) AS point) p
    WHERE starts_with(v.code, %(region)s) AND p.point IS NOT NULL"""

Json = dict[str, object]


@dataclass(frozen=True)
class Needs:
    """What visits to n villages are worth, by code: those of a region in a place that is known.

    `points` (n, 2): lon, lat of where a visit would be. `people`: NaN where unknown. `months`:
    whole ones since the village was last reached, inf never; `last_event`: days since 1970-01-01,
    or −1. `missing`: visits that the county's quota of the year lacks. `own`: points that the
    visit has for itself; beside these, `serves[i]` are the units that it would bring to meet the
    standard: unit k is the village `units[k]`, worth `unit_worth[k]` points once a tour.
    `without_position`: code and name of the villages that no tour can find.
    """

    weights: Weights
    codes: list[str]
    names: list[str]
    townships: list[str]
    counties: list[str]
    settings: list[str]
    points: Floats
    people: Floats
    months: Floats
    last_event: Ints
    requests: Ints
    missing: Ints
    own: Ints
    serves: list[tuple[int, ...]]
    units: list[str]
    unit_worth: list[int]
    without_position: list[tuple[str, str]]

    def __str__(self) -> str:
        return f"{len(self.codes)} villages to visit, {len(self.units)} could newly be met"

    @cached_property
    def row(self) -> dict[str, int]:
        """Where each village stands, by its code."""
        return {code: i for i, code in enumerate(self.codes)}

    def parts(self, i: int) -> Json:
        """The numbers behind the i-th village's worth, fit for JSON; the points add up to `own`."""
        weights, never, known = self.weights, np.isinf(self.months[i]), ~np.isnan(self.people[i])
        return {
            "months": None if never else int(self.months[i]),
            "never": bool(never),
            "last_event": _iso(self.last_event[i]),
            "month_points": int(weights.waited(self.months[i])),
            "people": int(self.people[i]) if known else None,
            "people_points": int(weights.people(self.people[i])),
            "requests": int(self.requests[i]),
            "request_points": int(weights.requests(self.requests[i])),
            "missing": int(self.missing[i]),
            "quota_points": int(weights.missing(self.missing[i])),
            "newly": [self.units[k] for k in self.serves[i]],
            "newly_points": sum(self.unit_worth[k] for k in self.serves[i]),
        }


@dataclass(frozen=True)
class Waiting:
    """A village on the waiting list; None is not known, of `months` and `last_event` never."""

    code: str
    name: str
    township: str
    county: str
    months: int | None
    last_event: datetime.date | None
    people: int | None
    requests: int
    has_position: bool


@dataclass(frozen=True)
class _Region:
    """The villages of a region, n of them, and the facts of these and of all that they can reach.

    `rows`: (n,) where they stand in `facts`. `points` (n, 2), NaN where there is no place to visit.
    `reaching`: pairs (row of facts, village) where a visit to the village reaches the subject.
    """

    facts: Facts
    rows: Ints
    points: Floats
    months: Floats
    requests: Ints
    reaching: Pairs

    @property
    def last_event(self) -> Ints:
        return self.facts.last_event[self.rows]

    @property
    def placed(self) -> Bools:
        return ~np.isnan(self.points).any(axis=1)


def read(  # noqa: PLR0913, PLR0917  # what a tour is, and what it is measured by
    standard: Standard,
    on: datetime.date,
    region: str,
    programme: Programme | None,
    weights: Weights,
    quotas: Mapping[str, int],
    *,
    until: datetime.date,
) -> Needs:
    """What visits of a tour from `on` to `until` are worth in a region (a code prefix; "": all).

    Waiting ends on `on`; who meets the standard is asked for `until`, so that what lapses during
    the tour counts. `quotas`: visits a year by county code; events of the programme's kind, held
    or confirmed in the year of `on`, fill them. `programme` None: any, which brings nobody to
    meet a standard. A fixed number of queries. Raises ValueError for a tour that ends before it
    begins and for negative quotas.
    """
    _check(on, until, quotas)
    known = _read_region(standard, on, region, programme, until)
    serves, units = _newly(standard, known, programme)
    subjects = known.facts.subjects
    kept = np.flatnonzero(known.placed)
    rows = known.rows[kept]
    here = _take(subjects, rows)
    lacking = _missing(quotas, programme, on.year)
    missing = np.array([lacking.get(county, 0) for county in here.counties], dtype=np.int64)
    months, requests = known.months[kept], known.requests[kept]
    own = weights.waited(months) + weights.people(here.population)
    own = own + weights.requests(requests) + weights.missing(missing)
    return Needs(
        weights,
        here.codes,
        here.names,
        here.townships,
        here.counties,
        here.settings,
        known.points[kept],
        here.population,
        months,
        known.last_event[kept],
        requests,
        missing,
        own,
        [serves.get(i, ()) for i in kept.tolist()],
        units,
        [weights.unit] * len(units),
        [(subjects.codes[row], subjects.names[row]) for row in known.rows[~known.placed].tolist()],
    )


def _check(on: datetime.date, until: datetime.date, quotas: Mapping[str, int]) -> None:
    if until < on:
        raise ValueError(f"until, {until}, must not be before on, {on}")
    if wrong := [code for code, visits in quotas.items() if visits < 0]:
        raise ValueError(f"quotas must be 0 or more, not {quotas[wrong[0]]} for {wrong[0]}")


def waiting(on: datetime.date, region: str, standard: Standard) -> list[Waiting]:
    """The villages of a region by how long they have waited on a day, never reached first.

    Of those that have waited equally long, the one of more open requests first, then by code.
    """
    known = _read_region(standard, on, region, None, on)
    subjects = known.facts.subjects
    rows = known.rows.tolist()
    above = {codes[row] for row in rows for codes in (subjects.townships, subjects.counties)}
    names = dict(Region.objects.filter(pk__in=above).values_list("code", "name"))
    order = np.lexsort((known.rows, -known.requests, -_sortable(known.months)))
    return [
        Waiting(
            subjects.codes[rows[i]],
            subjects.names[rows[i]],
            names[subjects.townships[rows[i]]],
            names.get(subjects.counties[rows[i]], ""),
            None if np.isinf(known.months[i]) else int(known.months[i]),
            _day(known.last_event[i]),
            _count(subjects.population[rows[i]]),
            int(known.requests[i]),
            bool(known.placed[i]),
        )
        for i in order.tolist()
    ]


# Reading


def _read_region(
    standard: Standard,
    on: datetime.date,
    region: str,
    programme: Programme | None,
    until: datetime.date,
) -> _Region:
    record = _of_villages(standard)
    everyone = coverage.read_subjects(record)
    inside = [i for i, code in enumerate(everyone.codes) if code.startswith(region)]
    places = {code: (lon, lat) for code, lon, lat in _query(PLACES, on=on, region=region)}
    nowhere = (np.nan, np.nan)
    points = np.array([places.get(everyone.codes[i], nowhere) for i in inside]).reshape(-1, 2)
    who, whence = _reached_from(record, everyone, points, np.array(inside, np.int64), until)
    # Whoever a visit can reach is asked about, and nobody else of a nation.
    chosen = np.union1d(np.array(inside, np.int64), who).astype(np.int64)
    facts = coverage.evaluate(record, until, subjects=_take(everyone, chosen))
    rows = np.searchsorted(chosen, inside)
    requests = _open_requests(region, programme)
    return _Region(
        facts,
        rows,
        points,
        months_waited(facts.last_event[rows], (on - EPOCH).days),
        np.array([requests.get(everyone.codes[i], 0) for i in inside], dtype=np.int64),
        (np.searchsorted(chosen, who), whence),
    )


def _take(subjects: Subjects, rows: Ints) -> Subjects:
    """Only the subjects at these places."""
    located = Located(subjects.located.points[rows], subjects.located.errors[rows])
    texts = ("codes", "names", "settings", "townships", "counties")
    taken = {name: [getattr(subjects, name)[row] for row in rows.tolist()] for name in texts}
    return replace(subjects, **taken, located=located, population=subjects.population[rows])


def _of_villages(standard: Standard) -> Standard:
    """The same rule, asked of every village: also of those that the standard does not speak of.

    Without a reach clause any held event counts as reaching, within the standard's distance; the
    months of one do not matter then, as only the last event is looked at.
    """
    record = copy(standard)
    record.subject, record.settings = Subject.VILLAGE, []
    record.months = standard.months or 1
    if not _can_newly_meet(standard):
        record.kinds = []
    return record


def _can_newly_meet(standard: Standard) -> bool:
    return standard.subject == Subject.VILLAGE and standard.months is not None


def _reached_from(
    record: Standard, everyone: Subjects, points: Floats, inside: Ints, until: datetime.date
) -> Pairs:
    """Pairs (village of everyone, village of the region) where a visit to this reaches that.

    As the reach clause has it: the village itself, and who lies within the own distance of it.
    """
    visited = np.flatnonzero(~np.isnan(points).any(axis=1))
    who, whence = inside[visited], visited
    limits = coverage.allowed_metres(record, everyone, until)
    if limits is not None:
        asked = everyone.located.known()
        asked = asked[~np.isnan(limits[asked])]
        i, j = geodesy.within(everyone.located.points[asked], points[visited], limits[asked])
        who = np.concatenate([who, asked[i]])
        whence = np.concatenate([whence, visited[j]])
    if not len(who):
        return who, whence
    pairs: Ints = np.unique(np.stack([who, whence]), axis=1)
    return pairs[0], pairs[1]


def _newly(
    standard: Standard, known: _Region, programme: Programme | None
) -> tuple[dict[int, tuple[int, ...]], list[str]]:
    """By village of the region, the units that a visit would bring to meet the standard.

    Those are built, and lack exactly one event. That the visit will have the people that the
    standard may ask of an event is taken for granted; planned events are no help before they are
    held.
    """
    kinds = standard.event_kinds
    qualifies = programme is not None and (not kinds or programme.kind in kinds)
    if not (qualifies and _can_newly_meet(standard)):
        return {}, []
    facts, settings = known.facts, standard.settings
    spoken_of = [not settings or each in settings for each in facts.subjects.settings]
    wanting = _lacks_one(facts) & np.array(spoken_of, bool)
    if facts.built is not None:
        wanting &= facts.built
    who, whence = known.reaching
    useful = wanting[who]
    rows, unit = np.unique(who[useful], return_inverse=True)
    serves: dict[int, list[int]] = defaultdict(list)
    for village, k in zip(whence[useful].tolist(), unit.tolist(), strict=True):
        serves[village].append(k)
    codes = [facts.subjects.codes[row] for row in rows.tolist()]
    return {village: tuple(sorted(each)) for village, each in serves.items()}, codes


def _lacks_one(facts: Facts) -> Bools:
    """Whether each subject lacks exactly one event: it has as many as a rule of one fewer asks."""
    lacking = ~facts.reached
    if facts.standard.min_events > 1:
        milder = copy(facts.standard)
        milder.kinds, milder.min_events = [], facts.standard.min_events - 1
        lacking &= coverage.evaluate(milder, facts.on, subjects=facts.subjects).reached
    return lacking


def _open_requests(region: str, programme: Programme | None) -> dict[str, int]:
    """How many open requests each village has that the programme satisfies; of None, all."""
    waiting = VisitRequest.objects.waiting().counted().for_troupes()
    asked = waiting.filter(village__code__startswith=region)
    if programme is not None:
        asked = asked.satisfied_by(programme.kind, programme.languages)
    counted = asked.order_by().values_list("village").annotate(n=Count("pk"))
    return dict(counted)


def _missing(quotas: Mapping[str, int], programme: Programme | None, year: int) -> dict[str, int]:
    """By county, how many visits its quota of the year still lacks."""
    if not quotas:
        return {}
    first, end = (clock.midnight(datetime.date(y, 1, 1)) for y in (year, year + 1))
    counting = Event.objects.filter(
        status__in=(Status.HELD, Status.CONFIRMED), starts_at__gte=first, starts_at__lt=end
    )
    if programme is not None:
        counting = counting.filter(programme__kind=programme.kind)
    county = Coalesce("site__county_id", "village__township__parent_id")
    counted = counting.order_by().values_list(county).annotate(n=Count("pk"))
    done = dict(counted)
    return {code: max(visits - done.get(code, 0), 0) for code, visits in quotas.items()}


def _query(sql: str, **parameters: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def _sortable(months: Floats) -> Floats:
    """Months with never as the longest, a number that can be negated and compared."""
    return np.where(np.isinf(months), np.finfo(float).max, months)


def _day(days: int) -> datetime.date | None:
    return None if days < 0 else EPOCH + datetime.timedelta(days=int(days))


def _iso(days: int) -> str | None:
    day = _day(days)
    return day and day.isoformat()


def _count(number: float) -> int | None:
    return None if np.isnan(number) else int(number)
