"""The names of divisions, villages, sites and kinds of sites, for an index of them, and whether it is stale."""

from collections.abc import Sequence

import numpy as np
from django.db import connection

from sites import kind_words
from sites.choices import LISTED_KINDS, LISTED_TIERS, SiteKind
from sites.finding import SEVERAL, Entries
from sites.packing import read_columns

KEPT_CHANGES = 1_000

TEXTS = ("code", "name", "former", "type", "region")
NUMBERS = ("opened", "closed", "behind")
# PostgreSQL counts days from 2000-01-01, Python from the year 1.
_SITES = """
SELECT code, name, {former}, county_id, opened_on - date '0001-01-01' + 1 AS opened,
       closed_on - date '0001-01-01' + 1 AS closed, (kind = %(front)s)::int AS behind,
       COALESCE(left(village_id, 9), county_id) AS region,
       CASE WHEN kind IN (%(front)s, %(service)s) THEN kind
            WHEN kind = ANY(%(kinds)s) AND tier = ANY(%(tiers)s) THEN 'site' ELSE 'place' END AS type
FROM sites_site WHERE code > %(after)s ORDER BY code LIMIT %(page)s"""
_OTHERS = """
SELECT code, name, {former}, '{type}' AS type, left(code, 9) AS region,
       NULL AS opened, NULL AS closed, 0 AS behind
FROM {table} WHERE code > %(after)s ORDER BY code LIMIT %(page)s"""
FORMER = "btrim(regexp_replace(former_names, '[;,,、|]+', ';', 'g'), '; ') AS former"


def entries() -> Entries:
    """All divisions, villages and sites by their names of today and of before; kinds of sites."""
    return Entries.joined([
        kind_entries("site-kind", kind_words.PLACES),
        read_entries(_OTHERS.format(former=FORMER, type="region", table="sites_region")),
        read_entries(_OTHERS.format(former=FORMER, type="village", table="sites_village")),
        read_entries(
            _SITES.format(former=FORMER),
            front=SiteKind.FRONT.value,
            service=SiteKind.SERVICE.value,
            kinds=[kind.value for kind in LISTED_KINDS],
            tiers=[tier.value for tier in LISTED_TIERS],
        ),
    ])  # fmt: skip


def kind_entries(kind: str, words: kind_words.Words) -> Entries:
    """Kinds as entries of one type, by what people call them; behind all others that fit as well."""
    count = len(words)
    names = [called[0] for called in words.values()]
    others = [SEVERAL.join(called[1:]) for called in words.values()]
    never, behind = np.full(count, np.nan), np.ones(count, bool)
    return Entries([kind] * count, list(words), names, others, [""] * count, never, never, behind)


def read_entries(sql: str, **parameters: object) -> Entries:
    """Entries from a query as `packing.read_columns` wants it, of the columns TEXTS and NUMBERS."""
    texts, numbers = read_columns(sql, TEXTS, NUMBERS, **parameters)
    codes, names, former, types, regions = texts
    opened, closed, behind = numbers
    return Entries(types, codes, names, former, regions, opened, closed, behind > 0)


def version() -> Sequence[object]:
    """What is another as soon as a statement that touched any name has been committed.

    Also the count: of two statements, the one that began later may be committed first.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), max(id), max(at) FROM names_changed")
        return tuple(cursor.fetchone())


def forget_old_changes() -> None:
    """Keep the table of changes short: all but the newest are of use to nobody."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM names_changed WHERE (SELECT count(*) FROM names_changed) > %s"
            " AND id < (SELECT max(id) FROM names_changed)",
            [KEPT_CHANGES],
        )
