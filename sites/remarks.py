"""What people say of places: taken in, put right with one decision, answered in public."""

import datetime

from django.db import transaction

from sites import access, clock, importing, senders
from sites.choices import Position, RemarkKind, RemarkStatus
from sites.errors import AlreadyAnswered
from sites.importing.kinds import SITES, VILLAGES
from sites.models import Remark, Site, Village

MARKED_ERROR_M = 100  # of a point that somebody marked on a small map


@transaction.atomic
def say(place: Site | Village, said: dict[str, object], sender: str, contact: str = "") -> Remark:
    """Take a remark in; the same from the same sender again is still the first.

    `said`: kind, words, point. Raises TooManyMessages.
    """
    now = clock.now()
    remark = Remark(**said, sent_at=now)
    if isinstance(place, Site):
        remark.site, remark.county_id = place, place.county_id
    else:
        remark.village, remark.county_id = place, place.township.parent_id
    same = {name: getattr(remark, name) for name in ("kind", "site", "village", "words", "point")}
    known = Remark.objects.open().filter(number__in=senders.numbers_of(sender), **same).first()
    if known:
        return known
    senders.refuse_too_many(sender, now)
    remark.save()
    senders.remember(remark.number, sender, contact, now)
    return remark


def fix_of(remark: Remark) -> dict[str, object] | None:
    """The import columns that put right what the remark says; None where a person must look."""
    if remark.kind == RemarkKind.CLOSED and remark.site:
        return {"closed_on": clock.today().isoformat()}
    if remark.kind != RemarkKind.POSITION or remark.point is None:
        return None
    columns = {
        "lon": repr(remark.point.x),
        "lat": repr(remark.point.y),
        "position_error_m": MARKED_ERROR_M,
    }
    return columns | ({} if remark.site else {"position": Position.APPROXIMATE.value})


@transaction.atomic
def fix(number: int, answer: str, user: access.User) -> Remark:
    """Put right what an open remark says, with the importer's checks and rights, and answer it.

    Raises ImportRejected, AlreadyAnswered, and ValueError where there is nothing to put right.
    """
    remark = _open(number)
    columns = fix_of(remark)
    if columns is None:
        raise ValueError(f"remark {number} does not say what to change")
    columns |= {"code": remark.place.pk, "checked_on": clock.today().isoformat()}
    importing.apply_rows(SITES if remark.site else VILLAGES, [columns], user=user)
    return _answer(remark, RemarkStatus.FIXED, answer, user)


@transaction.atomic
def answer(number: int, status: RemarkStatus, words: str, user: access.User) -> Remark:
    """Answer an open remark in public. Raises AlreadyAnswered."""
    return _answer(_open(number), status, words, user)


def _open(number: int) -> Remark:
    found = Remark.objects.select_for_update(of=("self",))
    remark = found.select_related("site", "village").get(pk=number)
    if remark.status != RemarkStatus.OPEN:
        raise AlreadyAnswered
    return remark


def _answer(remark: Remark, status: RemarkStatus, words: str, user: access.User) -> Remark:
    remark.status, remark.answer = status, words
    remark.answered_at, remark.answered_by = clock.now(), user
    remark.save()
    return remark


def days_waiting(since: datetime.date, today: datetime.date) -> int:
    """Whole days since a message came in; none where its date is still to come."""
    return max((today - since).days, 0)


def working_days(since: datetime.date, today: datetime.date) -> int:
    """Working days (Monday to Friday) that have passed since the day on which it came in."""
    import numpy as np  # noqa: PLC0415  # everything else here does without

    return int(np.busday_count(since, today))
