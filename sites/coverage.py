"""Evaluate a standard for any day, from the database's records to one fact a subject.

The rules are in `verdicts`; this module reads what they need. `freshness` keeps today's facts
stored, `board` counts them; every page, export and API answer is drawn from those two.
"""

import datetime
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from django.db import connection

from sites import clock, roads, travel, verdicts, whatif
from sites.models import Standard
from sites.packing import read_columns
from sites.subjects import Subjects, read_subjects
from sites.verdicts import Bools, Floats, Ints, Located, Pairs
from sites.whatif import Changes

SITES = """
    SELECT s.code, ST_X(s.location) AS lon, ST_Y(s.location) AS lat, s.position_error_m AS error,
           s.village_id AS village, v.township_id AS township, s.county_id AS county
    FROM sites_site s LEFT JOIN sites_village v ON v.code = s.village_id
    WHERE s.kind = ANY(%(kinds)s) AND (s.tier = ANY(%(tiers)s) OR %(tiers)s = '{}')
      AND (s.opened_on IS NULL OR s.opened_on <= %(on)s)
      AND (s.closed_on IS NULL OR s.closed_on > %(on)s) AND s.code > %(after)s
    ORDER BY s.code LIMIT %(page)s"""
HOMES = ("village", "township", "county")

# Held events up to a day. A village alone means at its front, else at its own point.
EVENTS = """
    SELECT e.code, ST_X(p.point), ST_Y(p.point), p.error, d.day - DATE '1970-01-01', p.site
    FROM events_event e
    JOIN events_programme g ON g.code = e.programme_id
    CROSS JOIN LATERAL (SELECT (e.starts_at AT TIME ZONE 'Asia/Shanghai')::date AS day) d
    LEFT JOIN sites_site s ON s.code = e.site_id
    LEFT JOIN sites_village v ON v.code = e.village_id
    LEFT JOIN LATERAL (
        SELECT code, location, position_error_m FROM sites_site
        WHERE e.site_id IS NULL AND village_id = e.village_id AND kind = 'front'
          AND (opened_on IS NULL OR opened_on <= d.day) AND (closed_on IS NULL OR closed_on > d.day)
        ORDER BY code LIMIT 1) f ON true
    CROSS JOIN LATERAL (SELECT
        COALESCE(s.location, f.location, v.location) AS point,
        COALESCE(s.position_error_m, f.position_error_m, v.position_error_m) AS error,
        COALESCE(s.code, f.code) AS site) p
    WHERE e.status = 'held' AND d.day <= %(on)s
      AND (g.kind = ANY(%(kinds)s) OR %(kinds)s = '{}')
      AND (%(attendance)s::int IS NULL OR e.attendance >= %(attendance)s)
    ORDER BY e.code"""

# Which villages each event was held in or names; which county its site lies in.
EVENT_VILLAGES = """
    SELECT e.code, m.village_id, t.code, t.parent_id FROM events_event e
    JOIN LATERAL (
        SELECT e.village_id UNION SELECT village_id FROM sites_site WHERE code = e.site_id
        UNION SELECT village_id FROM events_reach WHERE event_id = e.code) m ON true
    JOIN sites_village v ON v.code = m.village_id JOIN sites_region t ON t.code = v.township_id
    WHERE e.status = 'held'
    UNION ALL
    SELECT e.code, NULL, NULL, s.county_id FROM events_event e
    JOIN sites_site s ON s.code = e.site_id WHERE e.status = 'held'"""


EPOCH = datetime.date(1970, 1, 1)  # days are counted from here
Rows = list[tuple]


@dataclass(frozen=True)
class Facts:
    """One standard's facts on one day, a row a subject, in the order of `subjects.codes`.

    `built`, `reached` are None where the standard lacks that clause. `nearest`: site codes or
    None. `metres`: NaN where there is no site. `last_event`: days since 1970-01-01, or −1.
    `as_of`: when they were computed, where that is being done anew; None: they are fresh.
    """

    standard: Standard
    on: datetime.date
    subjects: Subjects
    built: Bools | None
    reached: Bools | None
    met: Bools
    certain: Bools
    nearest: list[str | None]
    metres: Floats
    last_event: Ints
    as_of: datetime.datetime | None = None

    @cached_property
    def minutes(self) -> roads.Minutes | None:
        """How long the way to `nearest` takes; None where the standard speaks of no minutes."""
        if self.standard.max_minutes is None or not self.standard.kinds:
            return None
        pace = travel.speeds_of(roads.speeds(), self.subjects.settings, self.on.month)
        return roads.told(self.subjects.located.points, self.nearest, self.metres, pace)


def evaluate(
    standard: Standard,
    on: datetime.date,
    changes: Changes = whatif.NONE,
    subjects: Subjects | None = None,
) -> Facts:
    """The facts of a standard on a Shanghai day, from the records' own dates.

    With `changes`, as they would be: then `nearest` is "" where an added place is the nearest.
    `subjects`: the standard's, where they have been read already; they are the same on any day.
    """
    subjects = subjects or read_subjects(standard)
    n = len(subjects.codes)
    limits = allowed_metres(standard, subjects, on)
    built = reached = None
    certain = np.ones(n, bool)
    nearest: list[str | None] = [None] * n
    metres = np.full(n, np.nan)
    last_event = np.full(n, -1)
    if standard.kinds:
        built, sure, nearest, metres = _place_clause(standard, on, subjects, limits, changes)
        certain &= sure
    if standard.months:
        reached, sure, last_event = _reach_clause(standard, on, subjects, limits, changes)
        certain &= sure
    met = np.ones(n, bool)
    for clause in (built, reached):
        met = met if clause is None else met & clause
    return Facts(standard, on, subjects, built, reached, met, certain, nearest, metres, last_event)


def what_if(before: Facts, changes: Changes) -> Facts:
    """The facts as they would be, told from those without the changes; `certain` is not asked for.

    Who is reached stays so where no place moves: then only the places are read again.
    """
    if changes.move or before.built is None or before.reached is None:
        return evaluate(before.standard, before.on, changes)
    places_alone = copy(before.standard)
    places_alone.months = None
    after = evaluate(places_alone, before.on, changes)
    return replace(
        after,
        standard=before.standard,
        reached=before.reached,
        met=after.met & before.reached,
        last_event=before.last_event,
    )


def allowed_metres(standard: Standard, subjects: Subjects, on: datetime.date) -> Floats | None:
    """Metres allowed for each subject, NaN where the rule has none for it; None: "in it".

    Minutes as the metres that they are worth by estimate, in the month of the day.
    """
    if standard.max_minutes is not None:
        pace = travel.speeds_of(roads.speeds(), subjects.settings, on.month)
        return np.array([speed.metres_in(standard.max_minutes) for speed in pace], dtype=float)
    if standard.max_distance_m is None:
        return None
    return np.array([standard.limit_m(setting) for setting in subjects.settings], dtype=float)


def read_sites(
    standard: Standard, on: datetime.date, changes: Changes = whatif.NONE
) -> list[tuple]:
    """Rows (code, lon, lat, error, village, township, county) of the open sites that qualify."""
    asked = {"kinds": standard.kinds, "tiers": standard.tiers, "on": on}
    rows = _query(SITES, **asked, after="", page=None)
    return whatif.site_rows(rows, changes, standard.kinds, standard.tiers)


def _site_columns(
    standard: Standard, on: datetime.date, changes: Changes = whatif.NONE
) -> list[Sequence]:
    """The columns of `read_sites`; without changes as they are read, a nation's at once."""
    if changes:
        return columns(read_sites(standard, on, changes), 7)
    asked = {"kinds": standard.kinds, "tiers": standard.tiers, "on": on}
    (codes, *homes), numbers = read_columns(
        SITES, ("code", *HOMES), ("lon", "lat", "error"), **asked
    )
    return [codes, *numbers, *homes]


def _place_clause(
    standard: Standard,
    on: datetime.date,
    subjects: Subjects,
    limits: Floats | None,
    changes: Changes,
) -> tuple[Bools, Bools, list[str | None], Floats]:
    codes, lon, lat, errors, villages, townships, counties = _site_columns(standard, on, changes)
    sites = _located(lon, lat, errors)
    need = standard.min_count
    if limits is None:
        homes = {"village": villages, "township": townships, "county": counties}[standard.subject]
        members = _pairs(subjects, enumerate(homes))
        built, certain = verdicts.tally(subjects.located, sites, members, None).verdict(need)
        index, metres = verdicts.kth_nearest(subjects.located, sites, need)
        own, own_metres = verdicts.kth_member(subjects.located, sites, members, need)
        index = np.where(own >= 0, own, index)
        metres = np.where(own >= 0, own_metres, metres)
    elif standard.max_minutes is not None and roads.server():
        pace = travel.speeds_of(roads.speeds(), subjects.settings, on.month)
        judge = roads.Judge(pace, standard.max_minutes, need, keep=not changes)
        built, certain, index, metres = judge(subjects.located, sites)
    else:
        built, certain, index, metres = verdicts.within_reach(subjects.located, sites, limits, need)
    nearest = [codes[i] if i >= 0 else None for i in index]
    return built, certain, nearest, np.where(np.isinf(metres), np.nan, metres)


def _reach_clause(
    standard: Standard,
    on: datetime.date,
    subjects: Subjects,
    limits: Floats | None,
    changes: Changes,
) -> tuple[Bools, Bools, Ints]:
    rows = _query(EVENTS, kinds=standard.event_kinds, attendance=standard.min_attendance, on=on)
    codes, lon, lat, errors, days, _sites = columns(whatif.event_rows(rows, changes), 6)
    days = np.array(days, dtype=np.int64)
    events = _located(lon, lat, errors)
    members = _event_members(standard, subjects, codes)
    since = (clock.months_before(on, standard.months) - EPOCH).days
    recent = np.flatnonzero(days > since)
    count = verdicts.tally(
        subjects.located,
        Located(events.points[recent], events.errors[recent]),
        _among(members, recent, len(codes)),
        limits,
    )
    reached, certain = count.verdict(standard.min_events)
    return reached, certain, verdicts.latest(subjects.located, events, members, limits, days)


def _event_members(standard: Standard, subjects: Subjects, codes: list[str]) -> Pairs:
    """(subject, event) pairs: held in it, or naming it (a village of it) as reached."""
    number = {code: i for i, code in enumerate(codes)}
    place = {"village": 1, "township": 2, "county": 3}[standard.subject]
    return _pairs(
        subjects,
        ((number[row[0]], row[place]) for row in _query(EVENT_VILLAGES) if row[0] in number),
    )


def _pairs(subjects: Subjects, homes: object) -> Pairs:
    """(target, code) couples as unique (subject, target) index pairs; unknown codes are dropped."""
    number = {code: i for i, code in enumerate(subjects.codes)}
    pairs = {(number[code], target) for target, code in homes if code in number}
    if not pairs:
        return verdicts.NO_PAIRS
    i, j = np.array(sorted(pairs), dtype=np.int64).T
    return i, j


def _among(pairs: Pairs, chosen: Ints, m: int) -> Pairs:
    """The pairs whose target (of m) is chosen, with the target's place among the chosen."""
    place = np.full(m, -1)
    place[chosen] = np.arange(len(chosen))
    i, j = pairs[0], place[pairs[1]]
    return i[j >= 0], j[j >= 0]


def _located(lon: Sequence, lat: Sequence, errors: Sequence) -> Located:
    points = np.array([lon, lat], dtype=float).T.reshape(-1, 2)
    return Located(points, np.array(errors, dtype=float))


def columns(rows: Rows, width: int) -> list[list]:
    """Rows as `width` lists, also where there is no row."""
    return [list(column) for column in zip(*rows, strict=True)] or [[] for _ in range(width)]


def _query(sql: str, **parameters: object) -> Rows:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()
