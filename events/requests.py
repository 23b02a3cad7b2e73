"""点单 → 派单 → 答复 → 评单: what may be done with a request, by whom, and once."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from events.choices import RequestOrigin, RequestStatus
from events.errors import ConflictError, NotRateableError
from events.models import Event, Troupe, VisitRequest
from sites import clock, senders
from sites.choices import Source
from sites.models import Organ, Village

SAME = ("kind", "language", "topic", "wish")


@transaction.atomic
def ask(village: Village, asked: dict[str, str], sender: str, contact: str = "") -> VisitRequest:
    """Take a citizen's request in; the same from the same sender again is still the first.

    `asked`: kind, language, topic, wish. Another one for the same village and kind is kept, and
    not counted while the first waits. Raises TooManyMessages.
    """
    now = clock.now()
    own = VisitRequest.objects.waiting().filter(
        village=village, number__in=senders.numbers_of(sender)
    )
    if known := own.filter(**{name: asked.get(name, "") for name in SAME}).first():
        return known
    senders.refuse_too_many(sender, now)
    made = VisitRequest.objects.create(
        village=village,
        **asked,
        origin=RequestOrigin.CITIZEN,
        made_on=now.date(),
        source=Source.OFFICIAL,
        repeats=own.counted().filter(kind=asked.get("kind", "")).first(),
    )
    senders.remember(made.number, sender, contact, now)
    return made


@transaction.atomic
def hand_on(number: int, to: Troupe | Organ) -> VisitRequest:
    """派单: to a troupe, or to an organ. Raises ConflictError where it is answered."""
    request = _waiting(number)
    request.troupe = to if isinstance(to, Troupe) else None
    request.organ = to if isinstance(to, Organ) else None
    request.status, request.event = RequestStatus.HANDED, None
    request.handed_on = clock.today()
    request.save()
    return request


@transaction.atomic
def arrange(number: int, event: Event, answer: str) -> VisitRequest:
    """Answer with a date: the event's. Those that repeat the request are answered with it."""
    request = _waiting(number)
    _settle([request], RequestStatus.ARRANGED, answer, event)
    return request


@transaction.atomic
def decline(number: int, answer: str) -> VisitRequest:
    """Answer that it cannot be; those that repeat the request are answered with it."""
    request = _waiting(number)
    _settle([request], RequestStatus.DECLINED, answer, None)
    return request


def answer_by(events: Iterable[Event]) -> int:
    """Answer with each event what its village waits for and its programme satisfies; how many.

    What was handed on to somebody else is theirs to answer.
    """
    coming = {event.village_id: event for event in events if event.village_id}
    waiting = VisitRequest.objects.waiting().for_troupes().filter(village__in=coming)
    answered = 0
    for request in waiting.select_for_update(of=("self",)).order_by("pk"):
        event = coming[request.village_id]
        if _satisfies(event, request):
            _settle([request], RequestStatus.ARRANGED, "", event)
            answered += 1
    return answered


def _satisfies(event: Event, request: VisitRequest) -> bool:
    programme = event.programme
    return (
        request.kind in ("", programme.kind)
        and request.language in ("", *programme.languages)
        and request.troupe_id in (None, event.troupe_id)
    )


@transaction.atomic
def rate(number: str, rating: int, words: str) -> VisitRequest:
    """评单: once, after the event. Raises NotRateableError, VisitRequest.DoesNotExist."""
    found = VisitRequest.objects.select_for_update(of=("self",)).select_related("event")
    request = found.get(number=number)
    if request.rating is not None:
        raise NotRateableError(_("这一单已经评过了,每单只评一次。"))
    if not request.may_be_rated(clock.now()):
        raise NotRateableError(_("活动办完以后才能评。"))
    request.status, request.rated_on = RequestStatus.DONE, clock.today()
    request.rating, request.rating_words = rating, words
    request.save()
    return request


def _waiting(number: int) -> VisitRequest:
    found = VisitRequest.objects.select_for_update(of=("self",)).select_related("event")
    request = found.get(pk=number)
    if not request.is_waiting:
        raise ConflictError(_("这一单已经答复了,没有再改;请看现在的答复。"))
    return request


def _settle(
    requests: list[VisitRequest], status: RequestStatus, answer: str, event: Event | None
) -> None:
    asked = [request.pk for request in requests]
    repeated = VisitRequest.objects.waiting().filter(repeats__in=asked)
    VisitRequest.objects.filter(Q(pk__in=asked) | Q(pk__in=repeated)).update(
        status=status, answer=answer, event=event, answered_on=clock.today()
    )
    for request in requests:
        request.refresh_from_db()
