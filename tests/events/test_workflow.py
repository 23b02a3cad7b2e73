"""Planned, confirmed, held, cancelled: who may take an event from one to the other, and when."""

import datetime
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from events import workflow
from events.choices import Status
from events.errors import ClashError
from events.models import Event, HeldReport, Stop, Tour, TourDay
from events.workflow import WorkflowError
from sites import clock
from tests import factories

DAY = datetime.date(2026, 7, 15)
NOW = clock.midnight(DAY) + datetime.timedelta(hours=12)
HOUR = datetime.timedelta(hours=1)
STEPS = [
    ("planned", "confirmed"),
    ("planned", "held"),
    ("planned", "cancelled"),
    ("confirmed", "held"),
    ("confirmed", "cancelled"),
    ("confirmed", "planned"),
    ("cancelled", "planned"),
]


@pytest.fixture
def village(county):
    return factories.village()


@pytest.fixture
def troupe(db):
    return factories.user("troupe", role="troupe")


@pytest.fixture
def make(village):
    """An event of today, from 9 to 10 unless said otherwise, in the village."""

    def made(status="planned", **fields):
        return factories.event(DAY, village=village, status=status, **fields)

    return made


def on_tour(event, **fields):
    """The stop of a confirmed tour whose event this is."""
    tour = Tour.objects.create(
        troupe=factories.troupe(),
        programme=event.programme,
        start=DAY,
        days=1,
        status="confirmed",
        made_at=NOW,
        confirmed_at=NOW,
    )
    day = TourDay.objects.create(
        tour=tour, team=1, date=DAY, leaves_at=event.starts_at, back_at=event.ends_at
    )
    times = {"arrive": event.starts_at, "begin": event.starts_at, "leave": event.ends_at}
    defaults = {"order": 1, "drive_min": 20, "drive_m": 9000, "value": 1, **times, **fields}
    return Stop.objects.create(tour=tour, day=day, village=event.village, event=event, **defaults)


def move(event, to, user, **fields):
    return workflow.move(event, to, **{"now": NOW, "user": user, **fields})


@pytest.mark.parametrize("to", Status.values)
@pytest.mark.parametrize("status", Status.values)
def test_an_event_takes_the_steps_that_there_are_and_no_other(make, troupe, status, to):
    later = {"starts_at": NOW + HOUR} if to == "planned" and status == "cancelled" else {}
    event = make(status, **later)
    if (status, to) in STEPS or status == to:
        assert move(event, to, troupe).status == to
        event.refresh_from_db()
        assert event.status == to
        assert (event.held_at is not None) == (to == "held")
        return
    with pytest.raises(WorkflowError, match="不能改为"):
        move(event, to, troupe)
    event.refresh_from_db()
    assert event.status == status


def test_the_same_step_twice_changes_nothing(make, troupe):
    event = make()
    move(event, "held", troupe, attendance=80, note="下小雨")
    before = Event.objects.values().get(pk=event.pk)
    versions = event.history.count()
    move(event, "held", troupe, attendance=99, note="又一次", now=NOW + HOUR)
    assert Event.objects.values().get(pk=event.pk) == before
    assert event.history.count() == versions
    assert before["attendance"] == 80
    assert before["held_at"] == NOW
    assert before["notes"] == "2026-07-15 12:00 已举办:下小雨"


def test_what_has_not_begun_is_not_held(make, troupe):
    event = make(starts_at=NOW + HOUR)
    with pytest.raises(WorkflowError, match="2026-07-15 13:00 才开始"):
        move(event, "held", troupe)
    with pytest.raises(WorkflowError, match="才开始"):
        move(event, "held", troupe, held_at=NOW + 2 * HOUR)


def test_what_is_held_is_not_held_in_the_future_nor_before_it_began(make, troupe):
    event = make()
    with pytest.raises(WorkflowError, match="还没到"):
        move(event, "held", troupe, held_at=NOW + HOUR)
    with pytest.raises(WorkflowError, match="才开始"):
        move(event, "held", troupe, held_at=event.starts_at - HOUR)
    assert move(event, "held", troupe, held_at=event.ends_at).held_at == event.ends_at


@pytest.mark.parametrize("people", [-1, 1_000_001])
def test_a_number_of_people_that_cannot_be_is_refused(make, troupe, people):
    event = make()
    with pytest.raises(WorkflowError, match="人数"):
        move(event, "held", troupe, attendance=people)
    assert move(event, "held", troupe, attendance=0).attendance == 0


def test_a_cancelled_event_comes_back_only_while_its_time_is_to_come(make, troupe):
    over, to_come = make("cancelled"), make("cancelled", starts_at=NOW + HOUR)
    with pytest.raises(WorkflowError, match="已经过去"):
        move(over, "planned", troupe)
    assert move(to_come, "planned", troupe).status == "planned"


def test_only_those_with_the_right_in_its_divisions_move_an_event(make, village):
    event = make()
    for user in (
        factories.user("planner", role="planner"),
        factories.user("elsewhere", role="steward", counties=["150202"]),
        factories.user("gone", role="troupe", is_active=False),
    ):
        with pytest.raises(PermissionDenied):
            move(event, "confirmed", user)
    steward = factories.user("here", role="steward", counties=["150203"])
    assert move(event, "confirmed", steward).status == "confirmed"
    abroad = factories.event(
        DAY, village=village, site=factories.site(county="150202"), status="planned"
    )
    with pytest.raises(PermissionDenied):
        move(abroad, "confirmed", steward)


def test_the_tour_keeps_in_step_with_what_the_village_says(make, troupe):
    event = make()
    stop = on_tour(event)
    move(event, "confirmed", troupe)
    stop.refresh_from_db()
    assert stop.state == "agreed"
    move(event, "planned", troupe)
    stop.refresh_from_db()
    assert stop.state == "to_call"


def test_another_time_keeps_the_length_and_says_what_it_was(make, troupe):
    event = make(starts_at=NOW + HOUR)
    assert Event.objects.with_places().get().moved_from is None
    moved = workflow.reschedule(event, NOW + 5 * HOUR, now=NOW, user=troupe, note="村里有事")
    assert (moved.starts_at, moved.ends_at) == (NOW + 5 * HOUR, NOW + 6 * HOUR)
    assert Event.objects.with_places().get().moved_from == NOW + HOUR
    assert "改时间:村里有事" in moved.notes
    versions = event.history.count()
    workflow.reschedule(event, NOW + 5 * HOUR, now=NOW, user=troupe)
    assert event.history.count() == versions


def test_another_time_is_not_in_the_past_nor_for_what_is_over_nor_beside_a_tour(make, troupe):
    asked = {"now": NOW, "user": troupe}
    with pytest.raises(WorkflowError, match="已经过去"):
        workflow.reschedule(make(starts_at=NOW + HOUR), NOW - HOUR, **asked)
    for status in ("held", "cancelled"):
        with pytest.raises(WorkflowError, match="不能改时间"):
            workflow.reschedule(make(status), NOW + HOUR, **asked)
    touring = make(starts_at=NOW + HOUR)
    on_tour(touring)
    with pytest.raises(WorkflowError, match="请在巡演里改"):
        workflow.reschedule(touring, NOW + 3 * HOUR, **asked)


def test_a_report_counts_once_and_its_clock_is_kept_within_reason(make, troupe):
    number = uuid.uuid4()
    asked = {"now": NOW, "user": troupe, "attendance": 60}
    for pressed_at, kept in (
        (NOW - HOUR, NOW - HOUR),
        (NOW + 48 * HOUR, NOW),
        (NOW - 900 * HOUR, NOW - 3 * HOUR),
        (None, NOW),
    ):
        event = workflow.report_held(make(), uuid.uuid4(), pressed_at=pressed_at, **asked)
        assert event.held_at == kept
    event = make()
    for people in (60, 61):
        workflow.report_held(event, number, **{**asked, "attendance": people})
    event.refresh_from_db()
    assert event.attendance == 60
    assert HeldReport.objects.filter(event=event).count() == 1
    with pytest.raises(WorkflowError, match="另一场"):
        workflow.report_held(make(), number, **asked)


@pytest.mark.django_db(transaction=True)
def test_phones_that_report_at_once_make_one_held_event(make, troupe):
    """Four with a number of their own and four with the same one, each on its own connection."""
    event, same = make(), uuid.uuid4()
    starting = threading.Barrier(8)

    def press(people, number):
        starting.wait(10)
        try:
            workflow.report_held(event, number, now=NOW, user=troupe, attendance=people)
        finally:
            connection.close()

    numbers = [same] * 4 + [uuid.uuid4() for _ in range(4)]
    with ThreadPoolExecutor(8) as phones:
        list(phones.map(press, range(50, 58), numbers))  # raises what any of them raised
    event.refresh_from_db()
    assert event.status == "held"
    assert event.attendance in range(50, 58)
    assert event.history.filter(status="held").count() == 1
    assert HeldReport.objects.filter(event=event).count() == 5


def test_another_time_names_the_event_that_it_meets(make, troupe, village):
    event = make(starts_at=NOW + HOUR)
    other = factories.event(starts_at=NOW + 4 * HOUR, village=village, status="confirmed")
    with pytest.raises(ClashError, match=other.code):
        workflow.reschedule(event, NOW + 4 * HOUR + HOUR / 2, now=NOW, user=troupe)
    assert workflow.reschedule(event, NOW + 5 * HOUR, now=NOW, user=troupe)


def test_a_cancelled_event_does_not_come_back_onto_another(make, troupe, village):
    event = make("cancelled", starts_at=NOW + HOUR)
    factories.event(starts_at=NOW + HOUR, village=village, status="planned")
    with pytest.raises(ClashError):
        move(event, "planned", troupe)
