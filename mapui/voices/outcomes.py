"""What has become of a message, for whoever has its number: states, dates and the answer only."""

import datetime
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from events.choices import RequestStatus, Status
from events.models import Event, VisitRequest
from events.querysets import ABOUT, OUTLINES
from sites import clock
from sites.choices import RemarkStatus
from sites.models import Remark


@dataclass(frozen=True)
class Step:
    """One step of the way; `on` None where it was not taken yet, or nobody noted the day."""

    label: str
    on: datetime.date | None = None
    is_done: bool = True


@dataclass(frozen=True)
class Outcome:
    """A message's way. `event`: the one that answers it; `about`: the place, in words."""

    number: str
    title: str
    about: str
    address: tuple[str, str]  # name of the place's page, and its code
    state: str
    steps: list[Step]
    answer: str
    event: Event | None = None
    may_rate: bool = False
    rating: int | None = None
    source: str = ""


def find(number: str) -> Outcome | None:
    """The outcome of the message with a number; None where there is none."""
    about = [f"event__{path}" for path in ABOUT]
    outlines = [f"event__{path}" for path in OUTLINES]
    requests = VisitRequest.objects.select_related("village", "troupe", "organ", "event", *about)
    if request := requests.defer(*outlines).filter(number=number).first():
        return _of_request(request)
    remarks = Remark.objects.select_related("site", "village").defer("site__footprint")
    remark = remarks.filter(number=number).first()
    return _of_remark(remark) if remark else None


def _of_remark(remark: Remark) -> Outcome:
    answered = remark.answered_at and timezone.localdate(remark.answered_at)
    page = ("site", remark.site_id) if remark.site else ("village", remark.village_id)
    return Outcome(
        remark.number,
        str(remark.get_kind_display()),
        str(remark.place),
        page,
        str(remark.get_status_display()),
        [
            Step(_("收到"), timezone.localdate(remark.sent_at)),
            Step(_("答复"), answered, remark.status != RemarkStatus.OPEN),
        ],
        remark.answer,
        source=remark.source,
    )


def _of_request(request: VisitRequest) -> Outcome:
    event = request.event
    is_held = request.status == RequestStatus.DONE or bool(event and event.status == Status.HELD)
    declined = request.status == RequestStatus.DECLINED
    answered = not request.is_waiting
    is_handed = bool(request.handed_on or request.troupe or request.organ)
    steps = [Step(_("收到"), request.made_on)]
    if is_handed or not answered:  # else it was answered without
        steps.append(Step(_("派单"), request.handed_on, is_handed))
    steps.append(Step(_("答复"), request.answered_on if answered else None, answered))
    if not declined:
        held_on = timezone.localdate(event.starts_at) if event and is_held else None
        steps += [
            Step(_("活动"), held_on, is_held),
            Step(_("评价"), request.rated_on, request.rating is not None),
        ]
    return Outcome(
        request.number or "",
        str(request.get_kind_display() if request.kind else _("点一场活动")),
        str(request.village),
        ("village", request.village_id),
        state_of(request),
        steps,
        request.answer if answered else "",
        event if answered else None,
        request.may_be_rated(clock.now()),
        request.rating,
        request.source,
    )


def state_of(request: VisitRequest) -> str:
    """The state of a request in words, as its event has it."""
    if request.status == RequestStatus.ARRANGED:
        if request.event is None or request.event.status == Status.CANCELLED:
            return _("原定的活动取消了,在重新安排")
        if request.event.status == Status.HELD:
            return str(RequestStatus.DONE.label)
    if request.status == RequestStatus.HANDED:
        whom = request.troupe or request.organ
        if whom:
            return _("已派给%(whom)s,等日期") % {"whom": whom}
    return str(request.get_status_display())
