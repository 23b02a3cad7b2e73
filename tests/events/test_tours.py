"""A tour from its wish to its events, with the real solver on a small world."""

import datetime
import threading

import pytest
from django.contrib.gis.geos import Point
from django.db import connection

from events.errors import ChangedMeanwhileError, ClashError, NotReadyError, RulesError
from events.models import Event, Lodging, Tour
from events.tours import briefing, confirming, editing, worker
from events.tours.editing import Edit, Place
from sites import clock, coverage
from sites.models import Standard
from tests import factories
from tests.events.touring_world import (
    MONDAY,
    TOMORROW,
    make_tour,
    planned,
    reason_of,
    visited,
)


@pytest.fixture(autouse=True)
def december(settings):
    settings.TODAY = "2026-12-01"


def test_a_plan_visits_everybody_when_there_is_time(tour, villages):
    planned(tour)
    assert tour.status == "draft"
    assert visited(tour) == {village.code for village in villages}
    assert tour.value == sum(stop.value for stop in tour.stops.all())


def test_stops_lie_in_order_inside_their_day(tour, villages):
    planned(tour)
    for day in tour.team_days.all():
        moments = [day.leaves_at]
        for stop in day.stops.order_by("order"):
            assert (stop.leave - stop.begin) == datetime.timedelta(minutes=90)
            assert stop.arrive - moments[-1] == datetime.timedelta(minutes=stop.drive_min)
            moments += [stop.arrive, stop.begin, stop.leave]
        assert moments == sorted(moments)
        assert day.back_at - moments[-1] == datetime.timedelta(minutes=day.drive_min)


def test_a_village_that_is_closed_is_left_out_and_says_what_closes_it(tour, villages):
    factories.occasion(
        name="大雪封路", kind="closed", village=villages[2], first=MONDAY, last=TOMORROW
    )
    planned(tour)
    assert villages[2].code not in visited(tour)
    reason = next(e for e in tour.left_out if e["village"] == villages[2].code)
    assert (reason["code"], reason["closures"]) == ("closed", ["大雪封路"])


def test_a_must_that_there_is_not_is_named_and_the_rest_planned(tour, villages):
    tour.rules = {"must": ["150203999999"]}
    tour.save()
    planned(tour)
    assert len(visited(tour)) == 5
    assert any(e["village"] == "150203999999" and e["must"] for e in tour.left_out)


def test_a_troupe_without_a_home_is_a_sentence(villages):
    tour = planned(make_tour(factories.troupe()))
    assert tour.status == "failed"
    assert "出发点" in tour.failure


def test_only_reserve_days_are_a_sentence(tour):
    tour.rules = {"reserve": [MONDAY.isoformat(), TOMORROW.isoformat()]}
    tour.save()
    planned(tour)
    assert tour.status == "failed"
    assert "备用日" in tour.failure


def test_a_place_that_lacks_power_is_no_candidate(troupe, villages):
    villages[0].sites.filter(kind="front").update(facilities=["seats"])
    tour = planned(make_tour(troupe, programme=factories.programme(needs=["power"])))
    assert villages[0].code not in visited(tour)
    assert reason_of(tour, villages[0]) == "lacks"


def test_nights_away_are_at_a_bed_within_the_limit(troupe, villages):
    far = factories.village(lon=112.2, lat=40.6)
    factories.front(far)
    Lodging.objects.create(
        code="B1", name="旅馆", region=factories.region(), location=Point(112.1, 40.6), beds=9
    )
    tour = planned(make_tour(troupe, nights="away", rules={"must": [far.code]}))
    assert far.code in visited(tour)
    assert tour.team_days.get(date=MONDAY).sleeps_at_id == "B1"


def test_moving_a_stop_shows_the_rule_that_it_breaks(tour, villages):
    planned(tour)
    stops = list(tour.stops.all())
    put = tuple(Place(stop.village_id, 1, MONDAY, k) for k, stop in enumerate(stops))
    changed = editing.edit(tour.pk, Edit(put=put), tour.version)
    broken = [each["code"] for stop in changed.stops.all() for each in stop.broken]
    broken += [each["code"] for day in changed.team_days.all() for each in day.broken]
    assert broken
    assert all(stop.day.date == MONDAY for stop in changed.stops.select_related("day"))


def test_a_pinned_stop_may_be_moved_again_and_is_open_on_every_day(tour, villages):
    planned(tour)
    village = tour.stops.first().village_id
    for day in (TOMORROW, MONDAY, TOMORROW):
        editing.edit(tour.pk, Edit(put=(Place(village, 1, day, 0),)))
        stop = tour.stops.select_related("day").get(village=village)
        assert stop.day.date == day
        assert "closed" not in [each["code"] for each in stop.broken]
        assert stop.why["open_days"] == [MONDAY.isoformat(), TOMORROW.isoformat()]


def test_undo_brings_back_every_stop_and_its_time(tour, villages):
    planned(tour)
    before = set(tour.stops.values_list("village", "begin", "pinned"))
    village = tour.stops.first().village_id
    editing.edit(tour.pk, Edit(exclude=(village,)))
    assert village not in visited(tour)
    editing.edit(tour.pk, Edit(undo=True))
    assert set(tour.stops.values_list("village", "begin", "pinned")) == before


def test_planning_again_keeps_a_pinned_stop_on_its_day(tour, villages):
    planned(tour)
    stop = tour.stops.select_related("day").first()
    other = TOMORROW if stop.day.date == MONDAY else MONDAY
    editing.edit(tour.pk, Edit(put=(Place(stop.village_id, 1, other, 0),)))
    editing.replan(tour.pk)
    worker.work(once=True)
    tour.refresh_from_db()
    assert tour.stops.get(village=stop.village_id).day.date == other
    assert not any(stop.broken for stop in tour.stops.all())


def test_a_declined_village_is_replaced_and_its_answer_kept(tour, villages):
    planned(tour)
    code = tour.stops.first().village_id
    changed = editing.edit(tour.pk, Edit(states={code: ("declined", "修路")}))
    assert code not in visited(changed)
    reason = next(e for e in changed.left_out if e["village"] == code)
    assert (reason["code"], reason["note"]) == ("declined", "修路")
    editing.replan(tour.pk)
    worker.work(once=True)
    assert code not in visited(tour)


def test_two_leaders_do_not_overwrite_each_other(tour, villages):
    planned(tour)
    first, second = list(tour.stops.values_list("village", flat=True))[:2]
    editing.edit(tour.pk, Edit(pin=(first,)), tour.version)
    with pytest.raises(ChangedMeanwhileError, match="别人"):
        editing.edit(tour.pk, Edit(exclude=(second,)), tour.version)
    assert second in visited(tour)


def test_a_place_out_of_the_tour_names_team_and_day(tour, villages):
    planned(tour)
    put = Place(villages[0].code, 3, datetime.date(2027, 1, 1))
    with pytest.raises(RulesError) as refused:
        editing.edit(tour.pk, Edit(put=(put,)))
    assert {path for path, _sentence in refused.value.problems} == {"team", "date"}


def test_confirming_makes_one_planned_event_a_stop_once(tour, villages):
    planned(tour)
    made = confirming.confirm(tour)
    again = confirming.confirm(tour)
    assert [event.code for event in made] == [event.code for event in again]
    assert Event.objects.count() == tour.stops.count() == 5
    stop = tour.stops.select_related("event").first()
    assert stop.event.starts_at - stop.begin == datetime.timedelta(minutes=30)
    assert {event.status for event in made} == {"planned"}


def test_an_agreed_stop_becomes_a_confirmed_event(tour, villages):
    planned(tour)
    code = tour.stops.first().village_id
    editing.edit(tour.pk, Edit(states={code: ("agreed", "")}))
    confirming.confirm(tour)
    assert tour.stops.get(village=code).event.status == "confirmed"


def test_a_clash_names_the_other_event_and_makes_nothing(tour, villages):
    planned(tour)
    stop = tour.stops.select_related("village").first()
    other = factories.event(starts_at=stop.begin, village=stop.village, status="planned")
    with pytest.raises(ClashError, match=other.code):
        confirming.confirm(tour)
    assert list(Event.objects.all()) == [other]


def test_a_troupe_at_work_elsewhere_clashes_only_beyond_its_teams(tour, villages, troupe):
    planned(tour)
    stop = tour.stops.first()
    away = factories.village(township="150203002", lon=111.5)
    factories.event(starts_at=stop.begin, village=away, troupe=troupe, status="planned")
    troupe.teams = 1
    troupe.save()
    with pytest.raises(ClashError):
        confirming.confirm(tour)
    troupe.teams = 2
    troupe.save()
    assert len(confirming.confirm(tour)) == 5


def test_a_tour_that_is_not_planned_cannot_be_confirmed(tour):
    with pytest.raises(NotReadyError):
        confirming.confirm(tour)


def test_throwing_a_stop_out_of_a_confirmed_tour_cancels_its_event(tour, villages):
    planned(tour)
    confirming.confirm(tour)
    stop = tour.stops.select_related("event").first()
    editing.edit(tour.pk, Edit(exclude=(stop.village_id,)))
    assert Event.objects.get(pk=stop.event_id).status == "cancelled"
    assert Event.objects.exclude(status="cancelled").count() == 4


def test_planning_the_rest_keeps_what_was_held(tour, villages, settings):
    planned(tour)
    confirming.confirm(tour)
    first = tour.stops.order_by("begin").select_related("event").first()
    before = (first.begin, first.event_id)
    moment = first.leave + datetime.timedelta(minutes=5)
    editing.replan(tour.pk, moment=moment, at={1: (110.0, 40.6)})
    worker.work(once=True)
    tour.refresh_from_db()
    kept = tour.stops.get(village=first.village_id)
    assert (kept.begin, kept.event_id) == before
    assert tour.status == "confirmed"
    assert all(s.begin >= moment for s in tour.stops.exclude(pk=kept.pk))


def test_what_was_held_stays_however_the_tour_is_planned_again(tour, villages):
    planned(tour)
    confirming.confirm(tour)
    stop = tour.stops.order_by("begin").first()
    Event.objects.filter(pk=stop.event_id).update(status="held", held_at=stop.leave)
    editing.replan(tour.pk)
    worker.work(once=True)
    kept = tour.stops.get(village=stop.village_id)
    assert (kept.event_id, kept.begin) == (stop.event_id, stop.begin)
    for change in (
        Edit(exclude=(stop.village_id,)),
        Edit(put=(Place(stop.village_id, 1, TOMORROW),)),
        Edit(states={stop.village_id: ("declined", "")}),
    ):
        with pytest.raises(RulesError, match="已经举办"):
            editing.edit(tour.pk, change)
    other = tour.stops.exclude(village=stop.village_id).first()
    editing.edit(tour.pk, Edit(exclude=(other.village_id,)))
    editing.edit(tour.pk, Edit(undo=True))
    assert tour.stops.get(village=stop.village_id).event_id == stop.event_id
    assert Event.objects.filter(village=stop.village_id).count() == 1


def test_a_stop_that_is_undone_keeps_what_the_village_said(tour, villages):
    planned(tour)
    code = tour.stops.first().village_id
    editing.edit(tour.pk, Edit(states={code: ("agreed", "老张")}))
    editing.edit(tour.pk, Edit(exclude=(code,)))
    editing.edit(tour.pk, Edit(undo=True))
    stop = tour.stops.get(village=code)
    assert (stop.state, stop.note) == ("agreed", "老张")


def test_a_village_put_in_two_places_is_refused(tour, villages):
    planned(tour)
    put = (Place(villages[0].code, 1, MONDAY), Place(villages[0].code, 1, TOMORROW))
    with pytest.raises(RulesError, match="两次"):
        editing.edit(tour.pk, Edit(put=put))


def test_a_bed_of_a_tour_that_goes_home_is_refused(tour, villages):
    planned(tour)
    Lodging.objects.create(
        code="B1", name="旅馆", region=factories.region(), location=Point(110.1, 40.6), beds=9
    )
    with pytest.raises(RulesError, match="B1"):
        editing.edit(tour.pk, Edit(beds={(1, MONDAY): "B1"}))


def test_a_queued_tour_that_is_stopped_is_not_planned(tour):
    editing.stop_planning(tour.pk)
    worker.work(once=True)
    tour.refresh_from_db()
    assert tour.status == "failed"
    assert "停止" in tour.failure
    assert not tour.stops.exists()


def test_long_tours_have_few_windows_for_the_solver(troupe, villages):
    problem = briefing.brief(make_tour(troupe, days=14)).problem
    assert all(len({call.spans(day) for day in range(14)}) == 1 for call in problem.calls)


def test_the_worker_plans_what_waits_the_oldest_first(troupe):
    first, second = make_tour(troupe), make_tour(troupe)
    worker.work(once=True)
    assert {tour.status for tour in Tour.objects.all()} == {"draft"}
    assert first.pk < second.pk


def test_a_tour_that_a_dead_worker_left_is_taken_up_again(tour):
    tour.status = "planning"
    tour.progress = {"attempts": 1}
    tour.save()
    worker.work(once=True)
    tour.refresh_from_db()
    assert tour.status == "draft"


def test_a_tour_that_kills_its_workers_fails_with_a_sentence(tour):
    tour.progress = {"attempts": worker.ATTEMPTS}
    tour.status = "planning"
    tour.save()
    worker.work(once=True)
    tour.refresh_from_db()
    assert tour.status == "failed"
    assert "中断" in tour.failure


@pytest.mark.django_db(transaction=True)
def test_two_confirms_at_the_same_instant_make_one_set_of_events(tour, villages):
    planned(tour)
    answers = []

    def press():
        answers.append([event.code for event in confirming.confirm(tour)])
        connection.close()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers[0] == answers[1]
    assert Event.objects.count() == 5


def test_the_loop_an_unreached_village_is_met_once_its_visit_is_held(tour, villages, settings):
    standard = Standard.objects.get(code="active")
    assert not coverage.evaluate(standard, MONDAY).met.any()
    planned(tour)
    confirming.confirm(tour)
    settings.TODAY = "2026-12-09"
    Event.objects.update(status="held", held_at=clock.now())
    assert coverage.evaluate(standard, datetime.date(2026, 12, 9)).met.all()
