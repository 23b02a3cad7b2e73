"""An event's steps through the API: those of its page, with the same sentences."""

import datetime

import pytest

from events.models import Event, Stop, Tour, TourDay
from sites import clock
from tests import factories

TOMORROW = datetime.date(2026, 7, 16)
HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def event(today, county):
    """A show of tomorrow, from 9 to 10, in a village."""
    return factories.event(TOMORROW, village=factories.village(), status="planned")


@pytest.fixture
def change(client, event):
    """Change the event as one of the troupe: the status of the answer, and its body."""
    client.force_login(factories.user("someone", "troupe"))

    def changed(body, code=event.code):
        answer = client.patch(f"/api/v1/events/{code}", body, "application/json")
        return answer.status_code, answer.json()

    return changed


def test_an_event_is_cancelled_with_a_reason_only(change, event):
    status, refused = change({"status": "cancelled"})
    assert (status, refused["errors"][0]["parameter"]) == (422, "reason")
    status, answer = change({"status": "cancelled", "reason": "大雪"})
    assert (status, answer["properties"]["status"]) == (200, "cancelled")
    event.refresh_from_db()
    assert "取消:大雪" in event.notes


def test_what_was_held_is_not_planned_again(change, event):
    event.starts_at, event.ends_at = event.starts_at - 72 * HOUR, event.ends_at - 72 * HOUR
    event.status, event.held_at = "held", event.ends_at
    event.save()
    status, answer = change({"status": "planned"})
    assert status == 422
    assert "已经举办" in answer["detail"]
    assert change({"attendance": 90})[1]["properties"]["attendance"] == 90


def test_an_event_that_is_sent_again_takes_the_same_steps(client, change, event):
    """By its code, or by its programme, place and beginning: what was held stays so."""
    known = {"programme": event.programme_id, "village": event.village_id}
    known |= {"starts_at": "2026-07-16 09:00", "ends_at": "2026-07-16 10:00"}

    def sent(body):
        answer = client.post("/api/v1/events", body, "application/json")
        return answer.status_code, answer.json()

    status, refused = sent({**known, "status": "cancelled"})
    assert (status, refused["errors"][0]["parameter"]) == (422, "reason")
    status, answer = sent({**known, "status": "cancelled", "reason": "大雪"})
    assert (status, answer["properties"]["status"]) == (200, "cancelled")
    event.refresh_from_db()
    assert "取消:大雪" in event.notes
    event.starts_at, event.ends_at = event.starts_at - 72 * HOUR, event.ends_at - 72 * HOUR
    event.status, event.held_at = "held", event.ends_at
    event.save()
    known |= {"starts_at": "2026-07-13 09:00", "ends_at": "2026-07-13 10:00"}
    for again in (known, {**known, "code": event.code}):
        status, answer = sent({**again, "status": "planned"})
        assert status == 422
        assert "已经举办" in answer["detail"]
    event.refresh_from_db()
    assert event.status == "held"


def test_a_cancelled_event_is_not_moved_but_may_be_planned_again_at_another_time(change, event):
    Event.objects.update(status="cancelled")
    later = {"starts_at": "2026-07-20 09:00", "ends_at": "2026-07-20 10:00"}
    status, answer = change(later)
    assert status == 422
    assert "已经取消" in answer["detail"]
    status, answer = change({**later, "status": "planned"})
    assert status == 200
    assert answer["properties"]["starts_at"] == "2026-07-20T09:00:00+08:00"


def test_a_new_time_in_the_past_is_refused_and_nothing_written(change, event):
    status, answer = change({"starts_at": "2026-07-01 09:00", "attendance": 7})
    assert status == 422
    assert "已经过去" in answer["detail"]
    event.refresh_from_db()
    assert (event.starts_at, event.attendance) == (clock.midnight(TOMORROW) + 9 * HOUR, None)


def test_a_new_time_names_the_event_of_the_same_village_that_it_meets(change, event):
    other = factories.event(TOMORROW, village=event.village, status="planned")
    Event.objects.filter(pk=other.pk).update(
        starts_at=other.starts_at + 5 * HOUR, ends_at=other.ends_at + 5 * HOUR
    )
    body = {"starts_at": "2026-07-16 14:30", "ends_at": "2026-07-16 15:30"}
    status, answer = change(body)
    assert status == 409
    assert other.code in answer["detail"]
    assert change({"starts_at": "2026-07-16 15:00", "ends_at": "2026-07-16 16:00"})[0] == 200


def test_a_troupe_gives_as_many_events_at_once_as_it_has_teams(change, event):
    troupe = factories.troupe()
    away = factories.village(township="150203002")
    other = factories.event(TOMORROW, village=away, troupe=troupe, status="confirmed")
    status, answer = change({"troupe": troupe.code})
    assert status == 409
    assert other.code in answer["detail"]
    troupe.teams = 2
    troupe.save()
    assert change({"troupe": troupe.code})[0] == 200


def test_a_stop_of_a_tour_is_moved_in_the_tour(client, change, event):
    times = {"arrive": event.starts_at, "begin": event.starts_at, "leave": event.ends_at}
    tour = Tour.objects.create(
        troupe=factories.troupe(), programme=event.programme, start=TOMORROW, days=1,
        status="confirmed", made_at=clock.now(), confirmed_at=clock.now(),
    )  # fmt: skip
    day = TourDay.objects.create(
        tour=tour, team=1, date=TOMORROW, leaves_at=event.starts_at, back_at=event.ends_at
    )
    Stop.objects.create(
        tour=tour, day=day, village=event.village, event=event, order=1, drive_min=1, drive_m=1,
        value=1, **times,
    )  # fmt: skip
    status, answer = change({"starts_at": "2026-07-16 15:00", "ends_at": "2026-07-16 16:00"})
    assert status == 422
    assert f"巡演 {tour.pk}" in answer["detail"]
    again = {"programme": event.programme_id, "village": event.village_id}
    again |= {"starts_at": "2026-07-16 09:00", "ends_at": "2026-07-16 11:00"}
    answer = client.post("/api/v1/events", again, "application/json")
    assert answer.status_code == 422
    assert f"巡演 {tour.pk}" in answer.json()["detail"]
    assert change({"status": "confirmed"})[0] == 200
    assert tour.stops.get().state == "agreed"


def test_a_status_may_be_written_in_chinese(change, event):
    assert change({"status": "已确认"})[1]["properties"]["status"] == "confirmed"
