"""How long a search takes on the server: Baotou, and 300,000 sites with names made of its own.

Each query goes through the API (Django's test client; medians). Beside it, in the same run and on
the same tables, the plain way: ILIKE with a trigram index, which finds a part of a name only. Of
the pinyin of an invented name, some letters are spoilt, and it is counted how often the name is
among the first 20 finds all the same.
"""

import csv
import io
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

os.environ["FAZHIMAP_TEST_CLUSTER"] = "1"
os.environ["FAZHIMAP_TODAY"] = "2026-11-25"
os.environ["FAZHIMAP_READ_RATE"] = "1000000/m"

QUERIES = {
    "characters": "包头法治公园",
    "two characters": "公园",
    "former name": "友谊广场",
    "pinyin": "baotoufazhigongyuan",
    "pinyin, unfinished": "fazhi",
    "initials": "btfzgy",
    "mixture": "包头fzgy",
    "same sound": "包头法制公园",
    "slip in a character": "包头去治公园",
    "slip in pinyin": "baotoufazigongyuan",
    "swapped letters": "baotoufazhigognyuan",
    "two words": "昆都仑 公园",
    "nothing": "qqqqqq",
}
LAW_PARK, RENAMED = "150203-0001", "150203-0002"
PATIENCE_S = 60
SITES = 300_000
TIMES = 11
SPOILT = 100
ENDS = ("法治文化广场", "法治公园", "法治长廊", "宪法主题公园", "法治宣传教育基地", "民法典公园")
PLAIN = """SELECT code, name FROM sites_site WHERE name ILIKE '%%' || %s || '%%'
           ORDER BY length(name), code LIMIT 20"""


def main() -> None:
    """Print one JSON object a size."""
    with tempfile.TemporaryDirectory(prefix="fazhimap-search-") as folder:
        os.chmod(folder, 0o755)  # noqa: S103  (the database's account must pass)
        os.environ["FAZHIMAP_DATA"] = str(Path(folder) / "data")
        from fazhimap import localdb  # noqa: PLC0415  (it reads FAZHIMAP_DATA)

        with localdb.running():
            for command in (["migrate", "-v0"], ["load_fixtures", "-v0"]):
                subprocess.run([sys.executable, "manage.py", *command], check=True)
            cursor = ready()
            cursor.execute("CREATE INDEX ON sites_site USING gin (name gin_trgm_ops)")
            print(json.dumps(measured(cursor, 0)), flush=True)
            names = invented()
            load(cursor, names)
            print(json.dumps(measured(cursor, len(names), names)), flush=True)


def ready() -> Any:
    """Django, set up in this process; a cursor."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "fazhimap.settings"
    import django  # noqa: PLC0415

    django.setup()
    from django.db import connection  # noqa: PLC0415

    return connection.cursor()


def invented() -> list[str]:
    """Names of sites: beginnings of Baotou's villages, two of their characters, a kind of site."""
    chance = random.Random(20261127)
    with open("fixtures/villages.csv", encoding="utf-8") as file:
        villages = [row["name"][:4] for row in csv.DictReader(file)]
    characters = sorted(set("".join(villages)))
    return [
        chance.choice(villages) + "".join(chance.choices(characters, k=2)) + chance.choice(ENDS)
        for _ in range(SITES)
    ]


def load(cursor: Any, names: list[str]) -> None:
    """Sites with these names, all at the place of one of Baotou's, without triggers."""
    cursor.execute("CREATE TEMPORARY TABLE invented (code text, name text)")
    rows = io.StringIO("".join(f"X{i:06d}\t{name}\n" for i, name in enumerate(names)))
    cursor.copy_expert("COPY invented FROM STDIN", rows)
    cursor.execute("ALTER TABLE sites_site DISABLE TRIGGER USER")
    cursor.execute(
        "INSERT INTO sites_site SELECT (jsonb_populate_record(s, jsonb_build_object("
        "'code', i.code, 'name', i.name, 'former_names', ''))).* FROM invented i,"
        " (SELECT sites_site FROM sites_site WHERE kind = 'square' LIMIT 1) one (s)"
    )
    cursor.execute("ALTER TABLE sites_site ENABLE TRIGGER USER")
    cursor.execute("INSERT INTO names_changed (source, at) VALUES ('bench', now())")
    cursor.execute("ANALYZE sites_site")


def measured(cursor: Any, more: int, names: list[str] | None = None) -> dict[str, object]:
    """Milliseconds by query, ours and the plain way; what the first search takes besides."""
    before = _peak_mb()
    first = _taken(lambda: searched("民主"))
    ours = {what: _median(lambda q=q: searched(q)) for what, q in QUERIES.items()}
    plain = {what: _median(lambda q=q: plainly(cursor, q)) for what, q in QUERIES.items()}
    return {
        "benchmark": "search",
        "sites_more": more,
        "first_search_ms": round(first),
        "index_mb": round(_peak_mb() - before),
        "ms": ours,
        "slowest_ms": max(ours.values()),
        "cpu_ms": {what: _cpu(q) for what, q in QUERIES.items()},
        "plain_ilike_ms": plain,
        "plain_over_ours_two_characters": round(
            plain["two characters"] / ours["two characters"], 2
        ),
        "law_park_found": sum(LAW_PARK in searched(q) for q in QUERIES.values()),
        "law_park_found_plainly": sum(
            LAW_PARK in [code for code, _name in plainly(cursor, q)] for q in QUERIES.values()
        ),
        "found_although_spoilt": _found_although_spoilt(names) if names else None,
        "renamed_found_after_seconds": _renamed(),
        "load": os.getloadavg()[0],
    }


def searched(query: str) -> list[str]:
    """The codes that the API finds."""
    from django.test import Client  # noqa: PLC0415

    answer = Client(headers={"host": "localhost"}).get("/api/v1/search", {"q": query})
    return [result["code"] for result in answer.json()["results"]]


def plainly(cursor: Any, query: str) -> list[tuple]:
    """What ILIKE finds."""
    cursor.execute(PLAIN, [query])
    return cursor.fetchall()


def _found_although_spoilt(names: list[str]) -> float:
    """The share of invented names found by their pinyin with one letter wrong."""
    from sites.finding.words import readings  # noqa: PLC0415

    chance, found = random.Random(7), 0
    for _ in range(SPOILT):
        i = chance.randrange(len(names))
        letters = list("".join(chance.choice(readings(char)) for char in names[i]))
        letters[chance.randrange(len(letters))] = chance.choice("abcdefghijklmnopqrstuvwxyz")
        found += f"X{i:06d}" in searched("".join(letters)[:50])
    return found / SPOILT


def _renamed() -> float:
    """Seconds until a site is found by its new name."""
    from sites.models import Site  # noqa: PLC0415

    Site.objects.filter(code=RENAMED).update(name=f"改名{time.time_ns()}号")
    name = Site.objects.get(code=RENAMED).name
    start = time.perf_counter()
    while RENAMED not in searched(name) and time.perf_counter() < start + PATIENCE_S:
        time.sleep(0.05)
    return round(time.perf_counter() - start, 2)


def _median(work: Any) -> float:
    return round(statistics.median(_taken(work) for _ in range(TIMES)), 1)


def _cpu(query: str) -> float:
    """Milliseconds of this process's own work, whatever else the machine does."""
    start = time.process_time()
    for _ in range(TIMES):
        searched(query)
    return round(1000 * (time.process_time() - start) / TIMES, 1)


def _taken(work: Any) -> float:
    start = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - start)


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
