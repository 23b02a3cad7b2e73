"""A tour's stops as dated events: made once, kept in step, called off."""

import datetime
from collections.abc import Collection, Iterable

from django.db import connection, transaction
from django.utils.translation import gettext as _

from events import clashes, requests
from events.choices import Status, StopState, TourStatus
from events.errors import ClashError, NotReadyError
from events.importing import event_prefix
from events.models import CalledOff, Event, Stop, Tour
from sites import clock
from sites.choices import Source
from sites.importing.identity import new_codes

CONFIRMING = 20261102  # the advisory lock of those who confirm: clashes are looked for in turn


@transaction.atomic
def confirm(tour: Tour) -> list[Event]:
    """Make one event per stop, once, however often it is called; return the tour's events.

    Raises NotReadyError, and ClashError with every clash; then nothing is made.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CONFIRMING])
    tour = Tour.objects.select_for_update().select_related("troupe", "programme").get(pk=tour.pk)
    if tour.status == TourStatus.CONFIRMED:
        return events_of(tour)
    stops = list(tour.stops.select_related("village", "day"))
    _require_a_plan(tour, stops)
    if past := [stop for stop in stops if stop.begin < clock.now()]:
        sentence = _("%(village)s 定在 %(day)s,已经过去:请改开始日期,再排一次。")
        raise NotReadyError(
            sentence % {"village": past[0].village.name, "day": past[0].day.date.isoformat()}
        )
    if found := clashes.of_tour(tour, stops):
        raise ClashError(found)
    _make_events(tour, stops)
    tour.status, tour.confirmed_at = TourStatus.CONFIRMED, clock.now()
    tour.version += 1
    tour.save(update_fields=["status", "confirmed_at", "version"])
    return events_of(tour)


def _require_a_plan(tour: Tour, stops: Collection[Stop]) -> None:
    if tour.status in (TourStatus.QUEUED, TourStatus.PLANNING):
        raise NotReadyError(_("还在计算,没有可以确认的安排:请等计算结束,或先停止。"))
    if not stops:
        sentence = _("一站也没有排上,没有什么可以确认。%(why)s")
        why = tour.failure or _("请看“没有安排的村”里的原因,改了要求再排一次。")
        raise NotReadyError(sentence % {"why": why})
    if tour.status != TourStatus.DRAFT:
        raise NotReadyError(_("这个巡演不是草案,不能确认。"))


def events_of(tour: Tour) -> list[Event]:
    """The events of a tour's stops, in order of time."""
    return list(Event.objects.filter(stop__tour=tour).order_by("starts_at", "code"))


def _make_events(tour: Tour, stops: Iterable[Stop]) -> None:
    wanting = [stop for stop in stops if stop.event_id is None]
    codes = new_codes(Event, [event_prefix(stop.begin) for stop in wanting])
    for stop, code in zip(wanting, codes, strict=True):
        event = Event(code=code, programme=tour.programme, troupe=tour.troupe)
        event.village_id, event.source = stop.village_id, Source.OFFICIAL
        event.source_note = _("巡演 %(tour)d") % {"tour": tour.pk}
        _set_times(event, stop, tour)
        event.audience = tour.programme.audience
        event.save()
        stop.event = event
        stop.save(update_fields=["event"])
    requests.answer_by(stop.event for stop in wanting)


def _set_times(event: Event, stop: Stop, tour: Tour) -> None:
    """The event begins when the place is set up and ends when it is over."""
    event.site_id = stop.site_id
    event.starts_at = stop.begin + datetime.timedelta(minutes=tour.programme.setup_minutes)
    event.ends_at = stop.leave
    agreed = stop.state == StopState.AGREED
    event.status = Status.CONFIRMED if agreed else Status.PLANNED


def hold_events(tour: Tour) -> None:
    """Keep others from the tour's events until the transaction ends: a report may come in.

    Before anything is written of its stops: a report takes its event first, and then its stop.
    """
    list(Event.objects.select_for_update(of=("self",)).filter(stop__tour=tour).order_by("pk"))


@transaction.atomic
def follow(tour: Tour) -> None:
    """Bring the events of a confirmed tour in step with its stops; what was held stays as it was."""
    hold_events(tour)
    stops = list(tour.stops.select_related("event", "village", "day"))
    if found := clashes.of_tour(tour, stops) if stops else []:
        raise ClashError(found)
    _revive(tour, stops)
    _make_events(tour, stops)
    for stop in stops:
        if stop.event and stop.event.status not in (Status.HELD, Status.CANCELLED):
            before = (
                stop.event.starts_at,
                stop.event.ends_at,
                stop.event.status,
                stop.event.site_id,
            )
            _set_times(stop.event, stop, tour)
            now = (stop.event.starts_at, stop.event.ends_at, stop.event.status, stop.event.site_id)
            if now != before:
                stop.event.save()


def call_off(stops: Iterable[Stop]) -> None:
    """Cancel the events of stops that are no more, to be revived with them; held stays held."""
    going = {stop.event_id: stop for stop in stops if stop.event_id}
    open_ones = Event.objects.select_for_update().filter(pk__in=going).exclude(status=Status.HELD)
    for event in open_ones:
        if event.status != Status.CANCELLED:
            event.status = Status.CANCELLED
            event.save(update_fields=["status"])
        stop = going[event.pk]
        CalledOff.objects.create(
            tour_id=stop.tour_id, village_id=stop.village_id, event=event, team=stop.day.team
        )


def _revive(tour: Tour, stops: Iterable[Stop]) -> None:
    """Give stops that are back the events that they had; `follow` says when these are now."""
    former = {
        each.village_id: each
        for each in tour.called_off.select_related("event").select_for_update()
    }
    for stop in stops:
        each = former.get(stop.village_id)
        if each is None or stop.event_id is not None:
            continue
        stop.event = each.event
        stop.event.status = Status.PLANNED
        stop.event.save(update_fields=["status"])
        each.delete()
        stop.save(update_fields=["event"])
