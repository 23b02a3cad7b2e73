"""A tour moved to other days, undone, and changed while it is under way."""

import datetime

import pytest
from django.contrib.gis.geos import Point

from events.errors import NotReadyError, RulesError
from events.models import Event, Lodging, VisitRequest
from events.tours import briefing, confirming, editing, worker
from events.tours.briefing import From
from events.tours.editing import Edit, Place
from mapui.voices import outcomes
from sites import clock
from tests import factories
from tests.events.touring_world import (
    MONDAY,
    TOMORROW,
    broken,
    left_out,
    make_tour,
    planned,
    visited,
)

FRIDAY = MONDAY + datetime.timedelta(days=4)
DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def december(settings):
    settings.TODAY = "2026-12-01"


@pytest.fixture
def confirmed(tour):
    planned(tour)
    confirming.confirm(tour)
    tour.refresh_from_db()
    return tour


def test_a_tour_that_is_moved_has_the_same_stops_on_the_days_after_its_new_start(tour):
    planned(tour)
    before = dict(tour.stops.values_list("village", "day__date"))
    editing.edit(tour.pk, Edit(start=FRIDAY))
    assert dict(tour.stops.values_list("village", "day__date")) == {
        code: day + 4 * DAY for code, day in before.items()
    }
    assert {stop.begin.date() for stop in tour.stops.all()} == {FRIDAY, FRIDAY + DAY}


@pytest.mark.parametrize("by", [1, -1])
def test_days_move_over_each_other_without_meeting(tour, by):
    planned(tour)
    editing.edit(tour.pk, Edit(start=MONDAY + by * DAY))
    days = sorted(tour.team_days.values_list("date", flat=True))
    assert days == [MONDAY + by * DAY, MONDAY + (by + 1) * DAY]


def test_a_moved_tour_says_which_village_is_closed_on_its_new_day(tour, villages):
    factories.occasion(
        name="转场", kind="closed", village=villages[2], first=FRIDAY, last=FRIDAY + DAY
    )
    planned(tour)
    assert not broken(tour)
    editing.edit(tour.pk, Edit(start=FRIDAY))
    assert [each["code"] for each in tour.stops.get(village=villages[2]).broken] == ["closed"]


def test_who_agreed_to_a_day_is_asked_again_for_another(tour, villages):
    planned(tour)
    code = villages[0].code
    editing.edit(tour.pk, Edit(states={code: ("agreed", "老张")}))
    editing.edit(tour.pk, Edit(start=FRIDAY))
    assert tour.stops.get(village=code).state == "to_call"
    editing.edit(tour.pk, Edit(undo=True))
    assert tour.stops.get(village=code).state == "agreed"


def test_undoing_a_move_brings_back_days_reserve_and_times(tour):
    tour.days, tour.rules = 3, {"reserve": [TOMORROW.isoformat()]}
    tour.save()
    planned(tour)
    before = set(tour.stops.values_list("village", "begin"))
    moved = editing.edit(tour.pk, Edit(start=FRIDAY))
    assert moved.rules["reserve"] == [(FRIDAY + DAY).isoformat()]
    back = editing.edit(tour.pk, Edit(undo=True))
    assert (back.start, back.rules["reserve"]) == (MONDAY, [TOMORROW.isoformat()])
    assert set(tour.stops.values_list("village", "begin")) == before


def test_a_draft_whose_day_has_passed_is_moved_and_then_confirmed(tour, settings):
    planned(tour)
    settings.TODAY = "2026-12-09"
    with pytest.raises(NotReadyError, match="已经过去"):
        confirming.confirm(tour)
    editing.edit(tour.pk, Edit(start=FRIDAY))
    assert len(confirming.confirm(tour)) == 5


def test_a_draft_whose_day_has_passed_loses_no_stop_when_it_is_changed(tour, settings):
    planned(tour)
    before = visited(tour)
    settings.TODAY = TOMORROW.isoformat()
    editing.edit(tour.pk, Edit(pin=(min(before),)))
    assert visited(tour) == before


def test_a_confirmed_tour_that_is_moved_takes_its_events_along(confirmed):
    before = dict(Event.objects.values_list("code", "starts_at"))
    editing.edit(confirmed.pk, Edit(start=FRIDAY))
    moved = dict(Event.objects.values_list("code", "starts_at"))
    assert moved == {code: starts + 4 * DAY for code, starts in before.items()}


def test_a_tour_that_is_under_way_is_not_moved_but_its_copy_is(confirmed, settings):
    settings.TODAY = TOMORROW.isoformat()
    with pytest.raises(RulesError, match="已经出发"):
        editing.edit(confirmed.pk, Edit(start=FRIDAY))
    made = editing.copy(confirmed.pk, "再来一次", FRIDAY)
    assert (made.status, made.start) == ("draft", FRIDAY)
    assert visited(made) == visited(confirmed)
    assert not made.versions.exists()
    assert {stop.begin.date() for stop in made.stops.all()} == {FRIDAY, FRIDAY + DAY}


def test_undoing_in_a_confirmed_tour_revives_the_same_event(confirmed):
    stop = confirmed.stops.first()
    code, begins = stop.event_id, stop.event.starts_at
    editing.edit(confirmed.pk, Edit(exclude=(stop.village_id,)))
    assert Event.objects.get(pk=code).status == "cancelled"
    editing.edit(confirmed.pk, Edit(undo=True))
    event = confirmed.stops.get(village=stop.village_id).event
    assert (event.code, event.status, event.starts_at) == (code, "planned", begins)
    assert Event.objects.count() == 5
    assert not confirmed.called_off.exists()


def test_what_a_village_asked_for_is_open_again_while_its_stop_is_called_off(confirmed):
    stop = confirmed.stops.first()
    asked = VisitRequest.objects.create(
        village=stop.village, made_on=TOMORROW, status="arranged", event=stop.event, answer="来"
    )
    assert outcomes.find(asked.number).state == "已安排"
    editing.edit(confirmed.pk, Edit(exclude=(stop.village_id,)))
    assert list(VisitRequest.objects.waiting()) == [asked]
    assert "在重新安排" in outcomes.find(asked.number).state
    editing.edit(confirmed.pk, Edit(undo=True))
    assert not VisitRequest.objects.waiting().exists()
    assert outcomes.find(asked.number).state == "已安排"
    confirmed.stops.all().delete()
    Event.objects.filter(pk=stop.event_id).delete()
    assert list(VisitRequest.objects.waiting()) == [asked]
    assert VisitRequest.objects.get().is_waiting
    assert "在重新安排" in outcomes.find(asked.number).state


def test_a_village_that_comes_back_another_way_gets_its_event_back_too(confirmed):
    stop = confirmed.stops.first()
    editing.edit(confirmed.pk, Edit(exclude=(stop.village_id,)))
    editing.edit(confirmed.pk, Edit(put=(Place(stop.village_id, 1, TOMORROW),)))
    assert confirmed.stops.get(village=stop.village_id).event_id == stop.event_id
    assert Event.objects.count() == 5


def test_undoing_what_a_village_said_undoes_it_in_its_event_as_well(confirmed):
    stop = confirmed.stops.first()
    editing.edit(confirmed.pk, Edit(states={stop.village_id: ("agreed", "")}))
    assert Event.objects.get(pk=stop.event_id).status == "confirmed"
    editing.edit(confirmed.pk, Edit(undo=True))
    assert Event.objects.get(pk=stop.event_id).status == "planned"


def test_after_adding_and_undoing_a_village_is_left_out_for_the_reason_it_was(tour, villages):
    tour.days, tour.rules = 1, {"max_duty": 300}
    tour.save()
    planned(tour)
    before = left_out(tour)
    added = min(before)
    changed = editing.edit(tour.pk, Edit(put=(Place(added, 1, MONDAY),)))
    assert added in visited(changed)
    back = editing.edit(tour.pk, Edit(undo=True))
    assert left_out(back) == before
    assert visited(back) | set(before) == {village.code for village in villages}


def test_nobody_is_forgotten_however_a_tour_is_changed(tour, villages):
    planned(tour)
    everybody = {village.code for village in villages}
    first, second = sorted(everybody)[:2]
    for change in (
        Edit(exclude=(first,)),
        Edit(states={second: ("declined", "")}),
        Edit(include=(first,)),
        Edit(undo=True),
        Edit(put=(Place(second, 1, MONDAY),)),
        Edit(undo=True),
        Edit(undo=True),
    ):
        changed = editing.edit(tour.pk, change)
        assert visited(changed) | set(left_out(changed)) == everybody
        assert not visited(changed) & set(left_out(changed))


def test_a_village_whose_exclusion_is_lifted_is_open(tour, villages):
    planned(tour)
    code = villages[0].code
    editing.edit(tour.pk, Edit(exclude=(code,)))
    changed = editing.edit(tour.pk, Edit(include=(code,)))
    assert left_out(changed)[code] == "open"


def test_what_is_put_in_may_be_pinned_and_asked_in_the_same_change(confirmed, villages):
    new = factories.village(lon=110.05, lat=40.6)
    factories.front(new)
    put = Place(new.code, 1, TOMORROW)
    editing.edit(
        confirmed.pk, Edit(put=(put,), pin=(new.code,), states={new.code: ("agreed", "好")})
    )
    stop = confirmed.stops.get(village=new)
    assert (stop.pinned, stop.state, stop.note) == (True, "agreed", "好")
    assert stop.event.status == "confirmed"


@pytest.mark.parametrize("way", ["edit", "replan"])
def test_what_is_over_stays_though_nobody_has_recorded_it(confirmed, settings, way):
    monday = set(confirmed.stops.filter(day__date=MONDAY).values_list("village", "begin", "event"))
    last = confirmed.stops.filter(day__date=TOMORROW).last()
    settings.TODAY = TOMORROW.isoformat()
    if way == "edit":
        editing.edit(confirmed.pk, Edit(pin=(last.village_id,)))
    else:
        editing.replan(confirmed.pk)
        worker.work(once=True)
    now = set(confirmed.stops.filter(day__date=MONDAY).values_list("village", "begin", "event"))
    assert monday <= now
    assert not Event.objects.filter(status="cancelled", starts_at__date=MONDAY).exists()


@pytest.mark.parametrize("minutes", [20, 400])
def test_changing_tomorrow_leaves_today_as_it_is(confirmed, monkeypatch, minutes):
    today, tomorrow = confirmed.team_days.order_by("date")
    first = today.stops.order_by("order").first()
    now = first.leave + datetime.timedelta(minutes=minutes)
    monkeypatch.setattr(clock, "now", lambda: now.astimezone(clock.SHANGHAI))
    before = {
        "days": list(confirmed.team_days.values_list("leaves_at", "back_at", "resumes_at")),
        "stops": set(confirmed.stops.values_list("village", "order", "arrive", "leave")),
    }
    editing.edit(confirmed.pk, Edit(pin=(tomorrow.stops.first().village_id,)))
    assert before == {
        "days": list(confirmed.team_days.values_list("leaves_at", "back_at", "resumes_at")),
        "stops": set(confirmed.stops.values_list("village", "order", "arrive", "leave")),
    }
    assert not broken(confirmed)


def test_a_day_whose_visits_are_over_breaks_no_rule_however_late_it_is(confirmed, monkeypatch):
    last = confirmed.stops.filter(day__date=MONDAY).order_by("begin").last()
    later = confirmed.stops.filter(day__date=TOMORROW).first()
    now = (clock.midnight(MONDAY) + datetime.timedelta(hours=23)).astimezone(clock.SHANGHAI)
    monkeypatch.setattr(clock, "now", lambda: now)
    editing.replan(confirmed.pk)
    worker.work(once=True)
    editing.edit(confirmed.pk, Edit(states={later.village_id: ("agreed", "")}))
    day = confirmed.team_days.get(date=MONDAY)
    assert (day.broken, day.resumes_at) == ([], None)
    assert day.back_at - last.leave == datetime.timedelta(minutes=day.drive_min)


def test_starting_over_when_the_last_evening_is_over_says_that_it_is_too_late(confirmed):
    before = list(confirmed.stops.order_by("pk").values_list("village", "begin"))
    editing.replan(confirmed.pk, moment=clock.midnight(TOMORROW) + datetime.timedelta(hours=23))
    worker.work(once=True)
    confirmed.refresh_from_db()
    assert "太晚了:2026-12-08 23:00 以后" in confirmed.failure
    assert "占满" not in confirmed.failure
    assert list(confirmed.stops.order_by("pk").values_list("village", "begin")) == before


def test_a_late_evening_before_a_reserve_day_says_both(troupe, villages):
    tour = planned(make_tour(troupe, rules={"reserve": [TOMORROW.isoformat()]}))
    confirming.confirm(tour)
    editing.replan(tour.pk, moment=clock.midnight(MONDAY) + datetime.timedelta(hours=23))
    worker.work(once=True)
    tour.refresh_from_db()
    assert "太晚了" in tour.failure
    assert "备用日" in tour.failure


def test_a_visit_that_has_begun_cannot_be_thrown_out(confirmed, settings):
    settings.TODAY = TOMORROW.isoformat()
    code = confirmed.stops.filter(day__date=MONDAY).first().village_id
    with pytest.raises(RulesError, match="已经开始"):
        editing.edit(confirmed.pk, Edit(exclude=(code,)))


def test_the_day_starts_at_the_moment_from_which_it_is_planned_anew(confirmed):
    moment = datetime.datetime.fromisoformat("2026-12-07T10:30+08:00")
    editing.replan(confirmed.pk, moment=moment, at={1: (110.0, 40.6)})
    worker.work(once=True)
    day = confirmed.team_days.get(date=MONDAY)
    assert day.resumes_at >= moment
    later = confirmed.stops.filter(day=day, begin__gte=moment).order_by("order")
    assert all(stop.arrive >= day.resumes_at for stop in later)


def test_a_team_leaves_a_visit_only_when_it_is_over(confirmed):
    first = confirmed.stops.order_by("begin").first()
    moment = first.begin + datetime.timedelta(minutes=5)
    editing.replan(confirmed.pk, moment=moment)
    worker.work(once=True)
    others = confirmed.stops.filter(day__date=MONDAY).exclude(pk=first.pk)
    assert all(stop.arrive >= first.leave for stop in others)


def test_a_team_starts_over_in_the_morning_from_where_it_slept(troupe, villages):
    Lodging.objects.create(
        code="B1", name="旅馆", region=factories.region(), location=Point(110.5, 40.6), beds=9
    )
    tour = planned(make_tour(troupe, nights="away", rules={"max_duty": 300}))
    confirming.confirm(tour)
    tour.team_days.filter(date=MONDAY).update(sleeps_at="B1")
    moment = datetime.datetime.fromisoformat("2026-12-08T07:00+08:00")
    assert briefing.brief(tour, From(moment)).standing == [(110.5, 40.6)]


@pytest.mark.parametrize(
    ("moment", "at", "path"),
    [
        ("2026-12-07T10:30+08:00", {1: (10.0, 50.0)}, "at.1"),
        ("2026-12-07T10:30+08:00", {1: (40.6, 110.0 - 90)}, "at.1"),
        ("2026-12-07T10:30+08:00", {2: (110.0, 40.6)}, "at.2"),
        ("2026-11-30T10:30+08:00", {}, "moment"),
        ("2026-12-20T10:30+08:00", {}, "moment"),
    ],
)
def test_a_place_or_a_moment_that_no_team_can_be_at_is_refused(confirmed, moment, at, path):
    with pytest.raises(RulesError) as refused:
        editing.replan(confirmed.pk, moment=datetime.datetime.fromisoformat(moment), at=at)
    assert [name for name, _sentence in refused.value.problems] == [path]
    confirmed.refresh_from_db()
    assert confirmed.status == "confirmed"


def test_a_failed_tour_does_not_become_an_empty_draft(tour, villages):
    tour.rules = {"reserve": [MONDAY.isoformat(), TOMORROW.isoformat()]}
    tour.save()
    planned(tour)
    failed = editing.edit(tour.pk, Edit(exclude=(villages[0].code,)))
    assert failed.status == "failed"
    assert "备用日" in failed.failure
    with pytest.raises(NotReadyError, match="备用日"):
        confirming.confirm(tour)


def test_a_draft_without_a_stop_says_why(troupe, villages):
    tour = planned(make_tour(troupe, rules={"max_duty": 60}))
    assert (tour.status, tour.stops.count()) == ("draft", 0)
    assert "5 个太远" in tour.failure
    with pytest.raises(NotReadyError, match="一站也没有"):
        confirming.confirm(tour)


def test_villages_that_there_are_not_are_named(tour, villages):
    planned(tour)
    with pytest.raises(RulesError, match="150203999999"):
        editing.edit(tour.pk, Edit(exclude=("150203999999",)))


@pytest.mark.parametrize(
    "change",
    [
        lambda code: Edit(put=(Place(code, 1, MONDAY),), exclude=(code,)),
        lambda code: Edit(put=(Place(code, 1, MONDAY),), states={code: ("declined", "")}),
        lambda code: Edit(include=(code,), exclude=(code,)),
        lambda code: Edit(pin=(code,), unpin=(code,)),
        lambda code: Edit(pin=(code,), exclude=(code,)),
    ],
)
def test_two_things_said_of_a_village_at_once_are_refused(tour, villages, change):
    planned(tour)
    with pytest.raises(RulesError, match="只留一项"):
        editing.edit(tour.pk, change(villages[0].code))


def test_a_tour_that_is_being_planned_is_not_silently_left_as_it_is(confirmed):
    moment = datetime.datetime.fromisoformat("2026-12-07T10:30+08:00")
    confirmed.status = "planning"
    confirmed.save()
    with pytest.raises(NotReadyError, match="正在计算"):
        editing.replan(confirmed.pk, moment=moment)
    confirmed.status = "queued"
    confirmed.save()
    queued = editing.replan(confirmed.pk, moment=moment)
    assert queued.progress["from"]["moment"] == moment.isoformat()
