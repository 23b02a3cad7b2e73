"""Places as they might stand: some added, removed or moved, and nothing stored.

What might be is told as the records would tell it once it were done: a moved place takes the
events that were held there along, a removed one has had them, an added one has none. Positions
that are put by hand are taken as exact.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from django.db import connection

# Homes of a place that might be: its village's, or the county that it lies in.
HOMES = """
    SELECT p.number, v.code, v.township_id,
           COALESCE(t.parent_id, (SELECT c.code FROM sites_region c
               WHERE c.level = 'county' AND ST_Intersects(c.boundary, ST_SetSRID(ST_MakePoint(p.lon, p.lat), 4326))
               ORDER BY c.code LIMIT 1))
    FROM unnest(%(lon)s::float8[], %(lat)s::float8[], %(village)s::text[])
         WITH ORDINALITY AS p (lon, lat, village, number)
    LEFT JOIN sites_village v ON v.code = p.village LEFT JOIN sites_region t ON t.code = v.township_id
    ORDER BY p.number"""


@dataclass(frozen=True)
class Place:
    """A place that might be: degrees of WGS 84, a SiteKind, a Tier, maybe a village's code."""

    lon: float
    lat: float
    kind: str
    tier: str
    village: str | None = None


@dataclass(frozen=True)
class Changes:
    """What might be different: `remove` holds codes of sites, `move` (lon, lat) by code."""

    add: tuple[Place, ...] = ()
    remove: frozenset[str] = frozenset()
    move: Mapping[str, tuple[float, float]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.add or self.remove or self.move)


NONE = Changes()


def site_rows(
    rows: Iterable[tuple], changes: Changes, kinds: Sequence[str], tiers: Sequence[str]
) -> list[tuple]:
    """Rows (code, lon, lat, error, village, township, county) of sites as they might stand.

    Added places of the kinds and tiers (none: any tier) come first, with an empty code.
    """
    kept = [
        (row[0], *changes.move[row[0]], 0.0, *row[4:]) if row[0] in changes.move else row
        for row in rows
        if row[0] not in changes.remove
    ]
    wanted = [p for p in changes.add if p.kind in kinds and (not tiers or p.tier in tiers)]
    return [*_added_rows(wanted), *kept]


def _added_rows(wanted: Sequence[Place]) -> list[tuple]:
    if not wanted:
        return []
    parameters = {name: [getattr(p, name) for p in wanted] for name in ("lon", "lat", "village")}
    with connection.cursor() as cursor:
        cursor.execute(HOMES, parameters)
        homes = cursor.fetchall()
    return [
        ("", place.lon, place.lat, 0.0, *home)
        for place, (_number, *home) in zip(wanted, homes, strict=True)
    ]


def event_rows(rows: Iterable[tuple], changes: Changes) -> list[tuple]:
    """Rows (code, lon, lat, error, day, site) of events, where moved sites would have held them."""
    return [
        (row[0], *changes.move[row[5]], 0.0, *row[4:]) if row[5] in changes.move else row
        for row in rows
    ]


@dataclass(frozen=True)
class Difference:
    """Codes of subjects that come to meet a standard, or no longer do; sorted."""

    gained: list[str]
    lost: list[str]


def difference(codes: list[str], before: np.ndarray, after: np.ndarray) -> Difference:
    """Compare two verdicts on the same subjects."""
    gained, lost = np.flatnonzero(after & ~before), np.flatnonzero(before & ~after)
    return Difference([codes[i] for i in gained], [codes[i] for i in lost])
