"""Plans the tours that wait, one at a time: the loop behind `manage.py plan_tours`.

The queue is the table of tours. Whoever plans a tour holds the database's advisory lock on it,
which goes when its process or its connection goes; so a tour that is "planning" while its lock is
free was dropped by a worker that died, and is taken up again.
"""

import time
from collections.abc import Callable

from django.db import connection
from django.utils.translation import gettext as _

from events import planning
from events.choices import TourStatus
from events.models import Tour
from events.tours import resuming

PLANNING_LOCK = 20261103
ATTEMPTS = 3
WAITING = (TourStatus.QUEUED, TourStatus.PLANNING)


def work(*, once: bool = False, pause: float = 0.3) -> None:
    """Plan what waits; for ever, or (`once`) until nothing waits."""
    while True:
        tour = claim()
        if tour is not None:
            run(tour)
        elif once:
            return
        else:
            time.sleep(pause)


def claim() -> Tour | None:
    """The tour that has waited longest and that nobody plans, now ours; None where there is none."""
    for number in Tour.objects.filter(status__in=WAITING).order_by("made_at").values_list("pk"):
        if not _lock("pg_try_advisory_lock", number[0]):
            continue
        tour = Tour.objects.filter(pk=number[0], status__in=WAITING).first()
        if tour is not None:
            return tour
        _lock("pg_advisory_unlock", number[0])
    return None


def run(tour: Tour) -> None:
    """Plan a claimed tour and let go of it; one that has killed several workers fails instead."""
    attempts = tour.progress.get("attempts", 0) + 1
    try:
        if attempts > ATTEMPTS:
            planning.fail(tour, _("计算中断了多次,没有结果:请减少天数或范围,再排一次。"))
            return
        told = {name: tour.progress[name] for name in ("from",) if name in tour.progress}
        tour.progress = {**told, "attempts": attempts}
        tour.status = TourStatus.PLANNING
        tour.save(update_fields=["progress", "status"])
        planning.plan(tour, _teller(tour.pk, tour.progress), since=resuming.read(told.get("from")))
    except MemoryError:
        planning.fail(tour, _("内存不够,排不了这么大的巡演:请减少天数、队数,或缩小范围。"))
    finally:
        _lock("pg_advisory_unlock", tour.pk)


def _teller(number: int, kept: dict) -> Callable[[dict], bool]:
    """Writes progress where the page reads it; False once somebody has asked to stop."""

    def tell(progress: dict) -> bool:
        tour = Tour.objects.only("progress").get(pk=number)
        stop = bool(tour.progress.get("stop"))
        Tour.objects.filter(pk=number).update(progress={**kept, **progress, "stop": stop})
        return not stop

    return tell


def _lock(function: str, number: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s, %s)", [PLANNING_LOCK, number])
        return bool(cursor.fetchone()[0])
