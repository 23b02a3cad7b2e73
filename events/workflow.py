"""The steps of an event's life: planned → confirmed → held | cancelled, and back where it may go.

Pages, the road and the API ask here. The database itself holds that an event has a place and a
beginning, and that what was held was not recorded before it began.
"""

import datetime
import uuid

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from events import clashes
from events.choices import Status, StopState
from events.errors import ClashError
from events.models import Event, HeldReport, Stop
from events.querysets import OPEN
from sites import access, clock
from sites.errors import UserMistake

# What may follow what. Held without being confirmed first: the troupe came, and people were there.
STEPS = {
    Status.PLANNED: (Status.CONFIRMED, Status.HELD, Status.CANCELLED),
    Status.CONFIRMED: (Status.HELD, Status.CANCELLED, Status.PLANNED),
    Status.HELD: (),
    Status.CANCELLED: (Status.PLANNED,),
}
MOST_PEOPLE = 1_000_000


class WorkflowError(UserMistake):
    """The event cannot take this step; the sentence says why, and what to do."""


def may_move(event: Event, user: access.User) -> bool:
    """Whether the user may edit the event: both its county and its village, where it has them."""
    codes = [event.village_id, event.site.county_id if event.site else None]
    return access.may_edit(user, "event", *[code for code in codes if code])


def next_steps(event: Event) -> tuple[Status, ...]:
    """The statuses that may follow the present one."""
    return STEPS[Status(event.status)]


@transaction.atomic
def move(  # noqa: PLR0913
    event: Event,
    to: str,
    *,
    now: datetime.datetime,
    user: access.User,
    attendance: int | None = None,
    note: str = "",
    held_at: datetime.datetime | None = None,
) -> Event:
    """Take the event to a status and return it; nothing changes where it already is there.

    `held_at`: when it was recorded as held, now unless said otherwise. `note` is added to the
    internal notes. Raises PermissionDenied, and WorkflowError with what is wrong.
    """
    event = _locked(event, user)
    to = Status(to)
    if event.status == to:
        return event
    _check_step(event, to)
    if to == Status.HELD:
        event.held_at = _checked_held_at(event, now, held_at)
        event.attendance = _checked_attendance(attendance, event.attendance)
    elif to == Status.PLANNED:
        _require_to_come(event, now)
        if event.status == Status.CANCELLED:
            _require_room(event)
    event.status = to
    _add_note(event, note, now, to.label)
    event.save(update_fields=["status", "held_at", "attendance", "notes"])
    _tell_the_tour(event)
    return event


@transaction.atomic
def reschedule(
    event: Event,
    starts_at: datetime.datetime,
    *,
    now: datetime.datetime,
    user: access.User,
    note: str = "",
) -> Event:
    """Move the event to another beginning; it lasts as long as before.

    Raises PermissionDenied, ClashError with the events that are in the way, and WorkflowError for
    one that is held, cancelled or part of a tour, whose plan says when, and for a beginning that
    has passed.
    """
    event = _locked(event, user)
    if event.starts_at == starts_at:
        return event
    if event.status not in OPEN:
        sentence = _("这场活动%(status)s,不能改时间。%(advice)s")
        raise WorkflowError(sentence % {"status": _status(event), "advice": _advice(event)})
    _require_no_tour(event)
    _require_future(starts_at, now)
    event.ends_at += starts_at - event.starts_at
    event.starts_at = starts_at
    _require_room(event)
    _add_note(event, note, now, _("改时间"))
    event.save(update_fields=["starts_at", "ends_at", "notes"])
    return event


WHERE_AND_WHEN = ("starts_at", "ends_at", "site_id", "village_id", "troupe_id")


def check_change(before: Event, now: datetime.datetime, user: access.User, to: str = "") -> None:
    """Check an event whose columns were just written against what it was; `to`: its next status.

    Raises PermissionDenied, WorkflowError and ClashError as the steps of its page do; then the
    transaction is to be taken back.
    """
    event = _locked(before, user)
    changed = [n for n in WHERE_AND_WHEN if getattr(event, n) != getattr(before, n)]
    is_revived = before.status == Status.CANCELLED and event.status in OPEN
    if not (changed or is_revived) or event.status == Status.HELD:
        return
    if event.status == Status.CANCELLED:
        if to != Status.PLANNED:
            sentence = _("这场活动%(status)s,不能改时间和地点。%(advice)s")
            raise WorkflowError(sentence % {"status": _status(event), "advice": _advice(event)})
        return  # `move` looks for clashes
    if changed:
        _require_no_tour(event)
    if "starts_at" in changed and to != Status.HELD:
        _require_future(event.starts_at, now)
    _require_room(event)


def check_new(event: Event) -> None:
    """Check an event that was just recorded. Raises ClashError with the events in its way."""
    if event.status in OPEN:
        _require_room(event)


@transaction.atomic
def report_held(  # noqa: PLR0913
    event: Event,
    number: uuid.UUID,
    *,
    now: datetime.datetime,
    user: access.User,
    attendance: int | None,
    note: str = "",
    pressed_at: datetime.datetime | None = None,
) -> Event:
    """Record a report from the road as held; the same report again changes nothing.

    `number` is made by the phone, once a press. `pressed_at` is by the phone's clock, which may
    be wrong: it counts between the event's beginning and now. Raises as `move` does.
    """
    event = _locked(event, user)
    known = HeldReport.objects.filter(uuid=number).first()
    if known and known.event_id != event.pk:
        raise WorkflowError(_("这条记录的编号已经用在另一场活动上,请打开页面重新记一次。"))
    if known:
        return event
    held_at = min(now, max(pressed_at or now, event.starts_at))
    event = move(
        event,
        Status.HELD,
        now=now,
        user=user,
        attendance=attendance,
        note=note,
        held_at=held_at,
    )
    HeldReport.objects.create(uuid=number, event=event, received_at=now)
    return event


def _locked(event: Event, user: access.User) -> Event:
    """The event as it is now, kept from others until the transaction ends."""
    locked = Event.objects.select_for_update(of=("self",)).select_related("site").get(pk=event.pk)
    if not may_move(locked, user):
        raise PermissionDenied(_("您没有修改 %(code)s 的权限。") % {"code": event.pk})
    return locked


def _check_step(event: Event, to: Status) -> None:
    if to in next_steps(event):
        return
    sentence = _("这场活动%(status)s,不能改为“%(to)s”。%(advice)s")
    words = {"status": _status(event), "to": to.label, "advice": _advice(event)}
    raise WorkflowError(sentence % words)


def _status(event: Event) -> str:
    return {
        Status.HELD: _("已经举办"),
        Status.CANCELLED: _("已经取消"),
        Status.PLANNED: _("还在计划"),
        Status.CONFIRMED: _("已经确认"),
    }[Status(event.status)]


def _advice(event: Event) -> str:
    """What to do instead, as a sentence; "" where there is nothing."""
    if event.status == Status.CANCELLED:
        return _("要办,请先恢复为计划。")
    if event.status == Status.HELD:
        return _("记错了,请数据员在后台改正。")
    return ""


def _checked_held_at(
    event: Event, now: datetime.datetime, held_at: datetime.datetime | None
) -> datetime.datetime:
    held_at = held_at or now
    if event.starts_at > min(now, held_at):
        sentence = _("活动 %(when)s 才开始,不能记为已举办;请等开始后再记,或改开始时间。")
        raise WorkflowError(sentence % _when(event.starts_at))
    if held_at > now:
        raise WorkflowError(_("举办时间 %(when)s 还没到,请改成现在或以前。") % _when(held_at))
    return held_at


def _checked_attendance(given: int | None, known: int | None) -> int | None:
    if given is None:
        return known
    if not 0 <= given <= MOST_PEOPLE:
        raise WorkflowError(_("人数应是 0 到 %(most)d 的整数。") % {"most": MOST_PEOPLE})
    return given


def _require_to_come(event: Event, now: datetime.datetime) -> None:
    if event.status == Status.CANCELLED and event.ends_at < now:
        sentence = _("这场活动原定 %(when)s,已经过去,不能恢复;请新排一场。")
        raise WorkflowError(sentence % _when(event.starts_at))


def _require_no_tour(event: Event) -> None:
    if stop := Stop.objects.filter(event=event, tour__confirmed_at__isnull=False).first():
        sentence = _("这场活动是巡演 %(tour)d 的一站,请在巡演里改时间,免得两处不一样。")
        raise WorkflowError(sentence % {"tour": stop.tour_id})


def _require_future(starts_at: datetime.datetime, now: datetime.datetime) -> None:
    if starts_at < now:
        sentence = _("新的开始时间 %(when)s 已经过去,请改成以后的时间。")
        raise WorkflowError(sentence % _when(starts_at))


def _require_room(event: Event) -> None:
    if found := clashes.of_event(event):
        raise ClashError(found)


def _when(moment: datetime.datetime) -> dict[str, str]:
    return {"when": f"{moment.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M}"}


def _add_note(event: Event, note: str, now: datetime.datetime, step: str) -> None:
    """Add a dated line to the internal notes: when, which step, and what was said."""
    if not note.strip():
        return
    day = f"{now.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M}"
    line = f"{day} {step}:{note.strip()}"
    event.notes = "\n".join(filter(None, [event.notes, line]))


def _tell_the_tour(event: Event) -> None:
    """Keep the tour's stop in step, so that its next edit does not undo what was agreed."""
    state = {Status.CONFIRMED: StopState.AGREED, Status.PLANNED: StopState.TO_CALL}
    if now_is := state.get(Status(event.status)):
        Stop.objects.filter(event=event).exclude(state=now_is).update(state=now_is)
