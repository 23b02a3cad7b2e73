"""Today's facts, stored: recomputed by the first reader after a change, without signals.

Statement triggers on villages, sites, divisions, events and standards append to `changed`, so
that bulk loads, psql and undo are seen too. A reader that finds rows there, or facts of another
day, deletes those rows and recomputes in the same transaction under an advisory lock.
"""

import datetime
import io

import numpy as np
from django.db import connection, transaction
from django.db.models import Q

from sites import clock
from sites.coverage import EPOCH, Facts, columns, evaluate, read_subjects
from sites.models import EVALUATING, Change, Coverage, Evaluation, Standard

LOCK = 0x666A6474

COPY = """COPY sites_coverage (standard_id, subject, built, reached, met, certain, nearest_id,
          distance_m, last_event_on) FROM STDIN"""


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
    outdated = Standard.objects.effective_on(today).filter(
        ~Q(evaluation__day=today) | Q(evaluation=None)
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
        _store(evaluate(standard, today))
    Evaluation.objects.bulk_create(
        Evaluation(standard=standard, day=today, at=clock.now()) for standard in standards
    )
    _evaluating("off")


def _evaluating(state: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [EVALUATING, state])


def _store(found: Facts) -> None:
    n = len(found.subjects.codes)
    rows = zip(
        found.subjects.codes,
        [None] * n if found.built is None else found.built,
        [None] * n if found.reached is None else found.reached,
        found.met,
        found.certain,
        found.nearest,
        (None if np.isnan(metres) else repr(float(metres)) for metres in found.metres),
        (None if day < 0 else EPOCH + datetime.timedelta(int(day)) for day in found.last_event),
        strict=True,
    )
    lines = (
        "\t".join(r"\N" if value is None else str(value) for value in (found.standard.pk, *row))
        for row in rows
    )
    with connection.cursor() as cursor:
        cursor.copy_expert(COPY, io.StringIO("\n".join(lines)))


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
