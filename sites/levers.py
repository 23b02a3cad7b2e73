"""What would close one gap, the cheapest first: use what is there, improve it, or build.

Each lever says what it would change for others too: the subjects that would newly meet the
clause it serves, as the records stand. Where a standard speaks of minutes and a routing server
is set, the road decides about places, as it does in `coverage`; how far an event reaches is
estimated there, and so it is here.
"""

from copy import copy
from dataclasses import dataclass, replace

import numpy as np
from django.db import connection

from sites import geodesy, measures, roads
from sites.choices import Facility, Subject
from sites.coverage import Facts, allowed_metres, evaluate, read_sites
from sites.verdicts import Bools, Floats, Ints

NEEDED = (Facility.POWER, Facility.SEATS)  # what an event at a place can hardly do without
SHOWN = 5
ASKED = 24  # places nearest by distance, whose ways a routing server is asked for

# Open places that do not qualify by kind or tier, with what an event would need there.
OTHERS = """
    SELECT s.code, s.name, ST_X(s.location), ST_Y(s.location), s.kind, s.tier, s.facilities
    FROM sites_site s
    WHERE (s.opened_on IS NULL OR s.opened_on <= %(on)s)
      AND (s.closed_on IS NULL OR s.closed_on > %(on)s)
      AND NOT (s.kind = ANY(%(kinds)s) AND (s.tier = ANY(%(tiers)s) OR %(tiers)s = '{}'))
    ORDER BY s.code"""


@dataclass(frozen=True)
class Place:
    """A place that could serve: how far off, and whom it would gain (codes, the asker included).

    `lacks`: facilities that an event would need and the place does not have. `minutes` to get
    there, where the standard speaks of them; `estimated`: not told by a routing server.
    """

    code: str
    name: str
    metres: float
    gains: list[str]
    kind: str = ""
    tier: str = ""
    lacks: tuple[str, ...] = ()
    minutes: float | None = None
    estimated: bool = False


@dataclass(frozen=True)
class Levers:
    """Answers for one subject. `events`: how many more it needs in the period, 0 for none."""

    events: int
    use: list[Place]
    improve: list[Place]
    build: Place | None

    @property
    def estimated(self) -> bool:
        """Whether minutes of some place are estimated, or whom it gains by such minutes."""
        places = [*self.use, *self.improve, *([self.build] if self.build else [])]
        return any(place.estimated for place in places)


def levers(facts: Facts, i: int) -> Levers:
    """What would close the gap of subject i, by today's records.

    `use`: qualifying places in its reach where events could be held, the nearest first.
    `improve`: other places in its reach that would qualify if raised, those that gain most first.
    `build`: the candidate, where some subject is, within its reach that gains most.
    """
    limits = allowed_metres(facts.standard, facts.subjects, facts.on)
    if facts.standard.subject != Subject.VILLAGE or limits is None or not _known(facts, limits)[i]:
        return Levers(_events_needed(facts, i), [], [], None)
    unreached = ~facts.reached if facts.reached is not None else np.zeros(len(limits), bool)
    unbuilt = ~facts.built if facts.built is not None else np.zeros(len(limits), bool)
    return Levers(
        _events_needed(facts, i),
        _use(facts, i, limits, unreached) if unreached[i] else [],
        _improve(facts, i, limits, unbuilt) if unbuilt[i] else [],
        _build(facts, i, limits, unbuilt) if unbuilt[i] else None,
    )


def _events_needed(facts: Facts, i: int) -> int:
    """How many events more: the fewest that the standard asks for, less those that count."""
    if facts.reached is None or facts.reached[i]:
        return 0
    asked = facts.standard.min_events
    for fewer in range(asked - 1, 0, -1):
        milder = copy(facts.standard)
        milder.min_events = fewer
        if evaluate(milder, facts.on).reached[i]:
            return asked - fewer
    return asked


def _use(facts: Facts, i: int, limits: Floats, unreached: Bools) -> list[Place]:
    if facts.built is None:
        return []
    rows = [(row[0], "", row[1], row[2]) for row in read_sites(facts.standard, facts.on)]
    found = _in_reach(facts, i, limits, rows, unreached)
    names = _names([place.code for place in found[:SHOWN]])
    return [replace(place, name=names[place.code]) for place in found[:SHOWN]]


def _improve(facts: Facts, i: int, limits: Floats, unbuilt: Bools) -> list[Place]:
    standard = facts.standard
    rows = _query(OTHERS, on=facts.on, kinds=standard.kinds, tiers=standard.tiers)
    about = {row[0]: row for row in rows}
    found = _built_in_reach(facts, i, limits, rows, unbuilt)
    found.sort(key=lambda place: (-len(place.gains), place.metres))
    return [
        replace(
            place,
            kind=about[place.code][4],
            tier=about[place.code][5],
            lacks=tuple(each for each in NEEDED if each not in about[place.code][6]),
        )
        for place in found[:SHOWN]
    ]


def _build(facts: Facts, i: int, limits: Floats, unbuilt: Bools) -> Place | None:
    """At the spot of a subject in reach; of equally good ones the nearest, its own first."""
    subjects = facts.subjects
    known = _known(facts, limits)
    rows = [
        (subjects.codes[j], subjects.names[j], *subjects.located.points[j])
        for j in np.flatnonzero(known)
    ]
    found = _built_in_reach(facts, i, limits, rows, unbuilt)
    return min(found, key=lambda place: (-len(place.gains), place.metres), default=None)


def _in_reach(
    facts: Facts, i: int, limits: Floats, rows: list[tuple], wanting: Bools
) -> list[Place]:
    """Places (code, name, lon, lat …) in the reach of subject i, the nearest first; by estimate."""
    points = np.array([row[2:4] for row in rows], dtype=float).reshape(-1, 2)
    near, metres = _near(facts, i, points, limits[i])
    who = np.flatnonzero(wanting & _known(facts, limits))
    subject, place = geodesy.within(facts.subjects.located.points[who], points[near], limits[who])
    in_minutes = measures.speaks_of_minutes(facts)
    each_metre = measures.pace_of(facts, np.array([i]))[0].minutes_for(1.0) if in_minutes else None
    codes = np.array(facts.subjects.codes, dtype=object)
    return [
        Place(
            *rows[near[j]][:2],
            float(metres[j]),
            codes[who[np.sort(subject[place == j])]].tolist(),
            minutes=each_metre and float(metres[j] * each_metre),
            estimated=in_minutes,
        )
        for j in range(len(near))
    ]


def _built_in_reach(
    facts: Facts, i: int, limits: Floats, rows: list[tuple], wanting: Bools
) -> list[Place]:
    """The same for the clause about places: by road among the nearest, where a server is set."""
    if not measures.speaks_of_minutes(facts) or roads.server() is None:
        return _in_reach(facts, i, limits, rows, wanting)
    points = np.array([row[2:4] for row in rows], dtype=float).reshape(-1, 2)
    near, metres = _near(facts, i, points, measures.FURTHEST * limits[i])
    near, metres = near[:ASKED], metres[:ASKED]
    who = np.flatnonzero(wanting & _known(facts, limits))
    ways = measures.within_limits(facts, np.append(i, who), points[near])
    is_near = ways.values <= ways.radius
    gained = is_near[1:]
    codes = np.array(facts.subjects.codes, dtype=object)
    return [
        Place(
            *rows[near[j]][:2],
            float(metres[j]),
            codes[who[gained[:, j]]].tolist(),
            minutes=float(ways.values[0, j]),
            estimated=not ways.by_road[is_near[:, j], j].all(),
        )
        for j in np.flatnonzero(is_near[0])
    ]


def _near(facts: Facts, i: int, points: Floats, limit: float) -> tuple[Ints, Floats]:
    """Which points are within the limit of subject i, and their metres; the nearest first."""
    own = facts.subjects.located.points[i : i + 1]
    _zeros, near = geodesy.within(own, points, limit)
    metres = geodesy.distances(np.repeat(own, len(near), axis=0), points[near])
    order = np.lexsort((near, metres))
    return near[order], metres[order]


def _known(facts: Facts, limits: Floats) -> Bools:
    return ~np.isnan(facts.subjects.located.points).any(axis=1) & ~np.isnan(limits)


def _names(codes: list[str]) -> dict[str, str]:
    return dict(
        _query("SELECT code, name FROM sites_site WHERE code = ANY(%(codes)s)", codes=codes)
    )


def _query(sql: str, **parameters: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()
