"""The table of today's facts: read in bulk, and written by COPY where it differs."""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat
from math import isnan

import numpy as np

from sites.coverage import EPOCH, Facts
from sites.models import Coverage, Standard
from sites.packing import NULL, copy_in, read_columns
from sites.subjects import read_subjects
from sites.verdicts import Bools, Floats, Ints

STORED = """
    SELECT subject AS code, nearest_id AS nearest, built, reached, met, certain, distance_m,
           last_event_on - DATE '1970-01-01' AS last_event
    FROM sites_coverage
    WHERE standard_id = %(standard)s
      AND subject > %(after)s AND subject BETWEEN %(region)s AND %(region)s || '999999999999'
      AND (%(only)s::text[] IS NULL OR subject = ANY(%(only)s))
    ORDER BY subject LIMIT %(page)s"""
VERDICTS = ("built::int", "reached::int", "met::int", "certain::int")

COLUMNS = (
    "standard_id",
    "subject",
    "nearest_id",
    "built",
    "reached",
    "met",
    "certain",
    "distance_m",
    "last_event_on",
)
REWRITTEN = 0.1  # from this share on, all rows are written anew


@dataclass(frozen=True)
class Table:
    """A standard's rows by subject: codes, nearest sites ("": none) and six columns of numbers.

    (built, reached, met, certain: 1, 0, or NaN for null; metres, and days since 1970, or NaN.)
    """

    codes: list[str]
    nearest: list[str]
    numbers: list[Floats]

    def differing(self, other: "Table") -> Ints:
        """Indices of the rows that are not the same in another table of the same codes."""
        pairs = zip(self.nearest, other.nearest, strict=True)
        different = np.array([mine != theirs for mine, theirs in pairs], bool)
        for mine, theirs in zip(self.numbers, other.numbers, strict=True):
            different |= (mine != theirs) & ~(np.isnan(mine) & np.isnan(theirs))
        return np.flatnonzero(different)


def read(
    standard: Standard, on: datetime.date, region: str = "", only: Sequence[str] | None = None
) -> Facts | None:
    """The stored facts, maybe of a region or of some codes; None where the standard has none.

    A subject that came after the last evaluation waits for the next.
    """
    table = _table(standard, region, only)
    if not table.codes and not Coverage.objects.filter(standard=standard).exists():
        return None
    subjects = read_subjects(standard, region, only)
    chosen: Ints | slice = slice(None)
    if subjects.codes != table.codes:
        place = {code: i for i, code in enumerate(table.codes)}
        kept = [i for i, code in enumerate(subjects.codes) if code in place]
        subjects = subjects.take(np.array(kept, np.int64))
        chosen = np.array([place[code] for code in subjects.codes], np.int64)
    built, reached, met, certain, metres, days = (column[chosen] for column in table.numbers)
    nearest = np.array(table.nearest, object)[chosen].tolist()
    return Facts(
        standard,
        on,
        subjects,
        built == 1 if standard.kinds else None,
        reached == 1 if standard.months else None,
        met == 1,
        certain == 1,
        [code or None for code in nearest],
        metres,
        np.nan_to_num(days, nan=-1).astype(np.int64),
    )


def write(found: Facts) -> None:
    """Store all facts of a standard; only the rows that differ are written."""
    new, old = _tabled(found), _table(found.standard)
    rows = Coverage.objects.filter(standard=found.standard)
    changed = new.differing(old) if new.codes == old.codes else None
    if changed is None or len(changed) > REWRITTEN * len(new.codes):
        rows.delete()
        changed = np.arange(len(new.codes))
    elif len(changed):
        rows.filter(subject__in=[new.codes[i] for i in changed]).delete()
    copy_in("sites_coverage", COLUMNS, _rows(str(found.standard.pk), new, changed))


def _table(standard: Standard, region: str = "", only: Sequence[str] | None = None) -> Table:
    (codes, nearest), numbers = read_columns(
        STORED,
        ("code", "nearest"),
        (*VERDICTS, "distance_m", "last_event"),
        standard=standard.pk,
        region=region,
        only=None if only is None else list(only),
    )
    return Table(codes, nearest, numbers)


def _tabled(found: Facts) -> Table:
    n = len(found.subjects.codes)
    days = np.where(found.last_event < 0, np.nan, found.last_event)
    verdicts = [_ones(each, n) for each in (found.built, found.reached, found.met, found.certain)]
    return Table(
        found.subjects.codes,
        [code or "" for code in found.nearest],
        [*verdicts, found.metres, days],
    )


def _ones(truth: Bools | None, n: int) -> Floats:
    return np.full(n, np.nan) if truth is None else truth.astype(float)


def _rows(key: str, table: Table, chosen: Ints) -> Iterator[tuple[str, ...]]:
    """The chosen rows as texts for COPY."""
    every = len(chosen) == len(table.codes)
    codes, nearest = (
        column if every else [column[i] for i in chosen] for column in (table.codes, table.nearest)
    )
    *verdicts, metres, days = (column[chosen] for column in table.numbers)
    return zip(
        repeat(key, len(chosen)),
        codes,
        (code or NULL for code in nearest),
        *(_letters(column) for column in verdicts),
        (NULL if isnan(value) else repr(value) for value in metres.tolist()),
        _dates(days),
        strict=True,
    )


def _letters(truths: Floats) -> list[str]:
    letters = np.array(["f", "t", NULL], object)
    return letters[np.where(np.isnan(truths), 2, truths).astype(int)].tolist()


def _dates(days: Floats) -> list[str]:
    known, which = np.unique(days, return_inverse=True)
    dates = [NULL if isnan(day) else str(EPOCH + datetime.timedelta(day)) for day in known]
    return np.array(dates, object)[which].tolist()
