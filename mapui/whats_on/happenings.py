"""What comes next at each place, and what was held there last."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

from sites import clock
from sites.choices import SiteKind

# code, programme, programme_name, starts_at; moved_from where it moved
Happening = dict[str, object]

# Upcoming and held as EventQuerySet has them. Codes are joined, not looked for by = ANY, which
# takes the planner longer than the query.
EVENTS = """
    WITH here AS MATERIALIZED (
        SELECT site_id AS site, code, programme_id, starts_at, ends_at, status
        FROM events_event JOIN unnest(%(sites)s::text[]) site ON site = site_id
        UNION ALL
        SELECT site, code, programme_id, starts_at, ends_at, status
        FROM events_event JOIN unnest(%(villages)s::text[], %(fronts)s::text[]) front(village, site)
        ON village = village_id AND site_id IS NULL),
    found AS (
        (SELECT DISTINCT ON (site) false AS held, site, code, programme_id, starts_at FROM here
         WHERE status <> 'cancelled' AND ends_at >= %(now)s ORDER BY site, starts_at, code)
        UNION ALL
        (SELECT DISTINCT ON (site) true, site, code, programme_id, starts_at FROM here
         WHERE status = 'held' AND starts_at <= %(now)s ORDER BY site, starts_at DESC, code DESC))
    SELECT held, site, found.code, programme_id, name, starts_at, CASE WHEN NOT held THEN (
        SELECT former.starts_at FROM events_eventhistory former
        WHERE pgh_obj_id = found.code AND former.starts_at <> found.starts_at
        ORDER BY pgh_id DESC LIMIT 1) END
    FROM found JOIN events_programme p ON p.code = programme_id"""


@dataclass(frozen=True)
class Happenings:
    """By site: the event that comes next (or is going on), and the one that was held last."""

    next: dict[str, Happening]
    last: dict[str, Happening]


def at_sites(sites: Iterable[tuple[str, str, str | None]], now: datetime.datetime) -> Happenings:
    """The next and last events at sites given as (code, kind, village), in one query.

    An event at a village alone is at the village's front, the first of several.
    """
    sites = list(sites)
    fronts = {village: code for code, kind, village in reversed(sites) if kind == SiteKind.FRONT}
    places = {
        "sites": [code for code, _kind, _village in sites],
        "villages": list(fronts),
        "fronts": list(fronts.values()),
    }
    happenings = Happenings({}, {})
    with connection.cursor() as cursor:
        cursor.execute(EVENTS, {**places, "now": now})
        for held, site, code, programme, name, starts_at, former in cursor:
            told: Happening = {
                "code": code,
                "programme": programme,
                "programme_name": name,
                "starts_at": starts_at.astimezone(clock.SHANGHAI),
            }
            if former:
                told["moved_from"] = former.astimezone(clock.SHANGHAI)
            (happenings.last if held else happenings.next)[site] = told
    return happenings
