"""Today's facts, stored: recomputed by the first reader after a change, without signals.

Statement triggers on villages, sites, divisions, events and standards append to `changed`, so
that bulk loads, psql and undo are seen too. A reader that finds rows there, or facts of another
day, deletes those rows and recomputes in the same transaction under an advisory lock. Where that
takes seconds, a process of its own does it, and readers are told as of when the facts are.
"""

import datetime
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from django.db import connection, transaction
from django.db.models import Q

from sites import background, clock, roads, stored, summaries
from sites.coverage import Facts, evaluate
from sites.models import EVALUATING, Change, Coverage, Evaluation, Standard, Summary
from sites.subjects import read_subjects

LOCK = 0x666A6474
RETRY = datetime.timedelta(minutes=10)  # a routing server that did not answer is asked again

LARGE = 50_000  # from so many subjects of a standard on, readers don't wait for new facts


def ensure_fresh(today: datetime.date, *, wait: bool = False) -> bool:
    """Recompute the stored facts if anything changed, or if they are of another day.

    False where that was left to a process of its own, unless we `wait`: the stored facts are
    those of before.
    """
    if not _stale(today):
        return True
    if not wait and Evaluation.objects.filter(subjects__gte=LARGE).exists():
        background.start_refresh()
        return False
    with transaction.atomic():
        _lock()
        if _stale(today):
            _recompute(today)
    return True


def catch_up(today: datetime.date) -> bool:
    """Recompute the stored facts if they are stale, unless somebody is at it; whether it did."""
    with transaction.atomic():
        if not _lock(wait=False) or not _stale(today):
            return False
        _recompute(today)
    return True


def refresh(today: datetime.date) -> int:
    """Recompute the stored facts whatever their state; returns how many there are."""
    with transaction.atomic():
        _lock()
        _recompute(today)
    return Coverage.objects.count()


def facts(
    standard: Standard,
    on: datetime.date,
    today: datetime.date,
    region: str = "",
    only: Sequence[str] | None = None,
) -> Facts:
    """The facts of a standard on a day: today's from the store, any other day's computed.

    `region`: of the subjects whose code begins so; `only`: of those with these codes. `as_of` is
    set where they are being computed anew.
    """
    if on == today:
        is_fresh = ensure_fresh(today)
        found = stored.read(standard, on, region, only)
        if found:
            return found if is_fresh else replace(found, as_of=as_of(standard))
    return evaluate(standard, on, subjects=read_subjects(standard, region, only))


def as_of(standard: Standard) -> datetime.datetime | None:
    """When the stored facts of a standard were computed; None where there are none."""
    return Evaluation.objects.filter(standard=standard).values_list("at", flat=True).first()


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


def _lock(*, wait: bool = True) -> bool:
    """Take the lock until the transaction ends; False where another has it and we don't wait."""
    with connection.cursor() as cursor:
        if wait:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
            return True
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        return bool(cursor.fetchone()[0])


def _recompute(today: datetime.date) -> None:
    _evaluating("on")
    Change.objects.all().delete()
    Evaluation.objects.all().delete()
    standards = list(Standard.objects.effective_on(today))
    for derived in (Coverage, Summary):
        derived.objects.exclude(standard__in=standards).delete()
    for standard in standards:
        found = evaluate(standard, today)
        stored.write(found)
        summaries.write(found)
        Evaluation.objects.create(
            standard=standard,
            day=today,
            at=clock.now(),
            router=roads.profile(),
            estimated=_is_estimated(found),
            subjects=len(found.subjects.codes),
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
