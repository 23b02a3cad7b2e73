"""What pages ask of events, at the size of the nation: 300,000 sites and a million events.

Regions, villages, sites and events are made by the database itself; sites lie in their counties,
events on six years, half a thousand a day. Each address is opened through Django's test client;
the median and the slowest statement of it are told, in milliseconds.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

os.environ["FAZHIMAP_TEST_CLUSTER"] = "1"
os.environ["FAZHIMAP_CITY"] = ""  # the pages are about everywhere
os.environ["FAZHIMAP_TODAY"] = "2026-11-25"
os.environ["FAZHIMAP_READ_RATE"] = "1000000/m"

TIMES = 5
COUNTY, SITE, VILLAGE = "110101", "N100000", "110101001001"
PATHS = {
    "home page": "/",
    "events": "/events/",
    "events of a county": f"/events/?region={COUNTY}",
    "events of a kind": "/events/?kind=lecture",
    "events near a site": f"/events/?near={SITE}",
    "events near a village": f"/events/?near={VILLAGE}&within=50000",
    "month": "/events/?view=month",
    "month near a site": f"/events/?view=month&near={SITE}",
    "an event": "/events/N0500000/",
    "a site": f"/sites/{SITE}/",
    "a village": f"/villages/{VILLAGE}/",
    "calendar": "/events.ics",
    "calendar of a county": f"/events.ics?region={COUNTY}",
    "calendar near a site": f"/events.ics?near={SITE}",
    "feed": "/events.rss",
    "events, API": "/api/v1/events?from=2026-11-25&limit=100",
    "events near, API": f"/api/v1/events?near={SITE}&from=2026-11-25",
    "nearest sites, API": "/api/v1/sites?near=112.5,40.5&limit=20",
    "search": "/search/?q=讲座",
    "services of a county": f"/services/?region={COUNTY}",
}
TABLES = ("sites_region", "sites_village", "sites_site", "events_programme", "events_event")
# 31 provinces of 10 cities of 9 counties of 8 townships of 8 villages, each in a box of its own.
COUNTIES = """
CREATE TEMPORARY TABLE county AS
SELECT (1000 + p * 100 + c)::text || lpad(d::text, 2, '0') AS code, (1000 + p * 100 + c)::text AS city,
       (10 + p)::text AS province, 80 + 1.4 * p + 0.13 * d AS lon, 22 + 2.4 * c + 0.2 * d AS lat
FROM generate_series(1, 31) p, generate_series(1, 10) c, generate_series(1, 9) d"""
STEPS = (
    COUNTIES,
    """INSERT INTO sites_region (code, name, former_names, level, statutory, parent_id, seat_error_m, source, source_note, source_url)
    SELECT DISTINCT province, '省' || province, '', 'province', true, NULL, 0, 'published', '', '' FROM county UNION ALL
    SELECT DISTINCT city, '市' || city, '', 'city', true, province, 0, 'published', '', '' FROM county UNION ALL
    SELECT code, '县' || code, '', 'county', true, city, 0, 'published', '', '' FROM county UNION ALL
    SELECT code || '00' || t, '镇' || t, '', 'township', true, code, 0, 'published', '', '' FROM county, generate_series(1, 8) t""",
    """INSERT INTO sites_village (code, name, former_names, kind, township_id, setting, location, position, position_error_m, model_village, source, source_note, source_url)
    SELECT code || '00' || t || '00' || v, '村' || t || v, '', 'village', code || '00' || t, 'farming',
           ST_SetSRID(ST_MakePoint(lon + random() * 0.12, lat + random() * 0.19), 4326), 'approximate', 500, '', 'published', '', ''
    FROM county, generate_series(1, 8) t, generate_series(1, 8) v""",
    """INSERT INTO sites_site (code, name, former_names, kind, tier, designation, location, position_error_m, county_id, address, opening, facilities, topics, languages, source, source_note, source_url)
    SELECT 'N' || (100000 + n), '法治公园' || n, '', (ARRAY['square', 'park', 'corridor', 'base', 'hall', 'service'])[1 + n % 6], 'county', '',
           ST_SetSRID(ST_MakePoint(lon + random() * 0.12, lat + random() * 0.19), 4326), 30, code, '', '', '{}', '', '{}', 'published', '', ''
    FROM (SELECT *, row_number() OVER (ORDER BY code) - 1 AS i FROM county) c
    JOIN generate_series(0, 299999) n ON n % 2790 = i""",
    """INSERT INTO events_programme (code, name, kind, series, minutes, setup_minutes, languages, audience, topics, needs, source, source_note, source_url)
    SELECT 'N' || n, '节目' || n, (ARRAY['show', 'lecture', 'case-lecture', 'campaign', 'consultation', 'quiz'])[1 + n % 6], '', 60, 0, '{zh}', 'public', '', '{}', 'published', '', ''
    FROM generate_series(0, 5999) n""",
    """INSERT INTO events_event (code, programme_id, site_id, village_id, starts_at, ends_at, status, held_at, attendance, campaign, audience, notes, source, source_note, source_url)
    SELECT 'N' || lpad(n::text, 7, '0'), 'N' || n % 6000, CASE WHEN n % 3 > 0 THEN 'N' || (100000 + n % 300000) END, CASE WHEN n % 3 = 0 THEN village END,
           at, at + interval '1 hour', CASE WHEN at < '2026-11-25' THEN 'held' WHEN n % 40 = 0 THEN 'cancelled' ELSE 'planned' END,
           CASE WHEN at < '2026-11-25' THEN at + interval '1 hour' END, CASE WHEN at < '2026-11-25' THEN 80 END, '', 'public', '', 'published', '', ''
    FROM (SELECT n, timestamptz '2021-01-01 01:00+08' + n * interval '189 seconds' AS at FROM generate_series(1, 1000000) n) e
    JOIN (SELECT code AS village, row_number() OVER (ORDER BY code) - 1 AS i FROM sites_village) v
      ON i = n::bigint * 7919 % 178560""",
)  # fmt: skip


def main() -> None:
    """Print one JSON object."""
    with tempfile.TemporaryDirectory(prefix="fazhimap-events-") as folder:
        os.chmod(folder, 0o755)  # noqa: S103  (the database's account must pass)
        os.environ["FAZHIMAP_DATA"] = str(Path(folder) / "data")
        from fazhimap import localdb  # noqa: PLC0415  (it reads FAZHIMAP_DATA)

        with localdb.running():
            subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], check=True)
            load(ready())
            print(json.dumps(measured()), flush=True)


def ready() -> Any:
    """Django, set up in this process; a cursor."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "fazhimap.settings"
    import django  # noqa: PLC0415

    django.setup()
    from django.db import connection  # noqa: PLC0415

    return connection.cursor()


def load(cursor: Any) -> None:
    """Fill the empty tables, without triggers."""
    for table in TABLES:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    for step in STEPS:
        cursor.execute(step)
    for table in TABLES:
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    cursor.execute(f"ANALYZE {', '.join(TABLES)}")


def measured() -> dict[str, object]:
    """By address: the median milliseconds, and those of its slowest statement."""
    from django.conf import settings  # noqa: PLC0415
    from django.test import override_settings  # noqa: PLC0415

    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(STORAGES={**settings.STORAGES, "staticfiles": plain}):
        told = {what: opened(path) for what, path in PATHS.items()}
    return {
        "benchmark": "events",
        "page_ms": {what: page for what, (page, _statement) in told.items()},
        "slowest_statement_ms": {what: statement for what, (_page, statement) in told.items()},
        "load": os.getloadavg()[0],
    }


def opened(path: str) -> tuple[int, int]:
    """The median milliseconds of a page, and of its slowest statement then."""
    from django.db import connection  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    client, taken, statements = Client(headers={"host": "localhost"}), [], Slowest()
    for _ in range(TIMES + 1):
        start = time.perf_counter()
        with connection.execute_wrapper(statements):
            page = client.get(path)
        taken.append(1000 * (time.perf_counter() - start))
        if page.status_code != 200:
            raise RuntimeError(f"{path}: {page.status_code}")
        statements.next()
    return round(statistics.median(taken[1:])), round(statistics.median(statements.pages[1:]))


class Slowest:
    """The slowest statement of each page, in milliseconds."""

    def __init__(self) -> None:
        self.pages: list[float] = []
        self._now = 0.0

    def __call__(self, execute: Any, *arguments: Any) -> Any:
        """Execute a statement and note how long it took."""
        start = time.perf_counter()
        try:
            return execute(*arguments)
        finally:
            self._now = max(self._now, 1000 * (time.perf_counter() - start))

    def next(self) -> None:
        """Begin another page."""
        self.pages.append(self._now)
        self._now = 0.0


if __name__ == "__main__":
    main()
