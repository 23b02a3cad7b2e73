"""Today's facts, stored: recomputed by the first reader after a change, without signals.

Statement triggers on villages, sites, divisions, events and standards append to `changed`, so
that bulk loads, psql and undo are seen too. A reader that finds rows there, or facts of another
day, deletes those rows and recomputes in the same transaction under an advisory lock.
"""

import datetime
import io
from itertools import islice

import numpy as np
from django.db import connection, transaction
from django.db.models import Q

from sites import clock, roads
from sites.coverage import EPOCH, Facts, columns, evaluate, read_subjects
from sites.models import EVALUATING, Change, Coverage, Evaluation, Standard
from sites.verdicts import Bools, Floats

LOCK = 0x666A6474
RETRY = datetime.timedelta(minutes=10)  # a routing server that did not answer is asked again

COPY = """COPY sites_coverage (standard_id, subject, built, reached, met, certain, nearest_id,
          distance_m, last_event_on) FROM STDIN"""
NULL = r"\N"
COPIED_AT_ONCE = 50_000


def ensure_fresh(today: datetime.date) -> None:
    """Recompute the stored facts if anything changed, or if they are of another day."""
    if not _stale(today):
        return
    with transaction.atomic():
        _lock()
        if _stale(today):
            _recompute(today)


def refresh(today: datetime.date) -> int:
    """Recompute the stored facts whatever their state; returns how many there are."""
    with transaction.atomic():
        _lock()
        _recompute(today)
    return Coverage.objects.count()


def facts(standard: Standard, on: datetime.date, today: datetime.date) -> Facts:
    """The facts of a standard on a day: today's from the store, any other day's computed."""
    if on != today:
        return evaluate(standard, on)
    ensure_fresh(today)
    return _stored(standard, on) or evaluate(standard, on)


def _stale(today: datetime.date) -> bool:
    asked_again = Q(evaluation__estimated=True, evaluation__at__lt=clock.now() - RETRY)
    outdated = Standard.objects.effective_on(today).filter(
        ~Q(evaluation__day=today, evaluation__router=roads.profile())
        | Q(evaluation=None)
        | asked_again
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM changed)")
        return cursor.fetchone()[0] or outdated.exists()


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _recompute(today: datetime.date) -> None:
    _evaluating("on")
    Change.objects.all().delete()
    Coverage.objects.all().delete()
    Evaluation.objects.all().delete()
    standards = list(Standard.objects.effective_on(today))
    for standard in standards:
        found = evaluate(standard, today)
        _store(found)
        Evaluation.objects.create(
            standard=standard,
            day=today,
            at=clock.now(),
            router=roads.profile(),
            estimated=_is_estimated(found),
        )
    _evaluating("off")


def _is_estimated(found: Facts) -> bool:
    """Whether a routing server was to be asked and has not answered for every subject."""
    if not roads.server() or found.minutes is None:
        return False
    return bool((~found.minutes.by_road & ~np.isnan(found.metres)).any())


def _evaluating(state: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [EVALUATING, state])


def _store(found: Facts) -> None:
    """COPY the facts into their table: for a nation the fastest way in."""
    n = len(found.subjects.codes)
    days = {
        day: EPOCH + datetime.timedelta(day) for day in set(found.last_event.tolist()) if day >= 0
    }
    columns = (
        found.subjects.codes,
        _letters(found.built, n),
        _letters(found.reached, n),
        _letters(found.met, n),
        _letters(found.certain, n),
        [NULL if code is None else code for code in found.nearest],
        _numbers(found.metres),
        [days.get(day, NULL) for day in found.last_event.tolist()],
    )
    start = f"{found.standard.pk}\t"
    lines = (start + "\t".join(map(str, row)) for row in zip(*columns, strict=True))
    with connection.cursor() as cursor:
        while some := list(islice(lines, COPIED_AT_ONCE)):
            cursor.copy_expert(COPY, io.StringIO("\n".join(some)))


def _numbers(values: Floats) -> list[str]:
    missing = np.isnan(values).tolist()
    pairs = zip(values.tolist(), missing, strict=True)
    return [NULL if is_missing else repr(value) for value, is_missing in pairs]


def _letters(verdicts: Bools | None, n: int) -> list[str]:
    if verdicts is None:
        return [NULL] * n
    return np.where(verdicts, "t", "f").tolist()


def _stored(standard: Standard, on: datetime.date) -> Facts | None:
    """Read the facts back, None where there are none: the standard is not in effect.

    A subject that came after the last evaluation waits for the next.
    """
    names = ("subject", "built", "reached", "met", "certain", "nearest_id", "distance_m")
    stored = Coverage.objects.filter(standard=standard).values_list(*names, "last_event_on")
    rows = {row[0]: row for row in stored}
    if not rows:
        return None
    subjects = read_subjects(standard)
    subjects = subjects.take([i for i, code in enumerate(subjects.codes) if code in rows])
    _codes, built, reached, met, certain, nearest, metres, last_event = columns(
        [rows[code] for code in subjects.codes], len(names) + 1
    )
    return Facts(
        standard,
        on,
        subjects,
        np.array(built, bool) if standard.kinds else None,
        np.array(reached, bool) if standard.months else None,
        np.array(met, bool),
        np.array(certain, bool),
        nearest,
        np.array(metres, float),
        np.array([-1 if day is None else (day - EPOCH).days for day in last_event], np.int64),
    )
