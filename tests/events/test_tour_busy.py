"""What a troupe and the villages do besides a tour, and beds for two teams: told and kept clear of."""

import datetime

import pytest
from django.contrib.gis.geos import Point

from events.models import Lodging, Team
from events.tours import busy, confirming, editing
from events.tours.editing import Edit, Place
from mapui.tours import words
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

HOUR = datetime.timedelta(hours=1)


@pytest.fixture(autouse=True)
def december(settings):
    settings.TODAY = "2026-12-01"


@pytest.fixture
def elsewhere(troupe):
    """An event of the troupe far from the tour's villages: (day, first hour, last hour) → event."""
    away = factories.village(township="150203002", lon=111.5)

    def made(day, first, last):
        starts = clock.midnight(day) + first * HOUR
        ends = clock.midnight(day) + last * HOUR
        fields = {"village": away, "troupe": troupe, "status": "confirmed"}
        return factories.event(starts_at=starts, ends_at=ends, **fields)

    return made


def test_no_stop_lies_in_the_troupes_other_events(tour, troupe, elsewhere):
    troupe.teams = 1
    troupe.save()
    event = elsewhere(MONDAY, 9, 12)
    planned(tour)
    stops = list(tour.stops.all())
    assert stops
    assert all(stop.leave <= event.starts_at or stop.arrive >= event.ends_at for stop in stops)
    assert len(confirming.confirm(tour)) == len(stops)


def test_a_team_that_is_left_goes_while_the_other_is_busy(tour, troupe, elsewhere, villages):
    elsewhere(MONDAY, 8, 19)
    planned(tour)
    assert visited(tour) >= {village.code for village in villages}
    assert not busy.held_up(tour)


def test_a_day_on_which_the_whole_troupe_is_busy_is_told_before_planning(tour, elsewhere):
    codes = [elsewhere(MONDAY, 8, 19).code for _team in range(2)]
    (held,) = busy.held_up(tour)
    assert (held.date, held.span, held.free) == (MONDAY, (480, 1140), 0)
    (sentence,) = busy.sentences(tour)
    assert "12 月 7 日 08:00–19:00" in sentence
    assert all(code in sentence for code in codes)
    planned(tour)
    assert {stop.day.date for stop in tour.stops.select_related("day")} == {TOMORROW}


def test_a_tour_whose_days_are_all_taken_says_so(tour, troupe, elsewhere):
    troupe.teams = 1
    troupe.save()
    for day in (MONDAY, TOMORROW):
        elsewhere(day, 8, 19)
    planned(tour)
    assert tour.status == "failed"
    assert "其他活动" in tour.failure


def test_a_team_that_is_out_on_another_tour_is_busy_until_it_is_back(tour, troupe):
    troupe.teams = 1
    troupe.save()
    planned(tour)
    confirming.confirm(tour)
    day = tour.team_days.get(date=MONDAY)
    second = make_tour(troupe)
    held = [each for each in busy.held_up(second) if each.date == MONDAY]
    assert [each.free for each in held] == [0]
    assert clock.midnight(MONDAY) + datetime.timedelta(minutes=held[0].span[0]) == day.leaves_at
    assert clock.midnight(MONDAY) + datetime.timedelta(minutes=held[0].span[1]) == day.back_at
    assert set(held[0].events) == set(day.stops.values_list("event", flat=True))
    assert not busy.held_up(tour)


def test_a_village_with_an_event_is_visited_on_another_day(tour, villages):
    starts = clock.midnight(MONDAY) + 20 * HOUR
    factories.event(starts_at=starts, village=villages[0], status="planned")
    planned(tour)
    assert tour.stops.get(village=villages[0]).day.date == TOMORROW


def test_a_village_that_has_events_on_all_days_is_left_out_and_names_them(tour, villages):
    events = [factories.event(day, village=villages[0], status="planned") for day in tour.dates]
    planned(tour)
    assert left_out(tour)[villages[0].code] == "closed"
    (reason,) = [each for each in tour.left_out if each["village"] == villages[0].code]
    assert all(event.code in words.left_out(reason, {}) for event in events)


def test_a_stop_put_on_the_day_of_another_event_names_it(tour, villages):
    planned(tour)
    event = factories.event(TOMORROW, village=villages[0], status="planned")
    editing.edit(tour.pk, Edit(put=(Place(villages[0].code, 1, TOMORROW),)))
    (fault,) = tour.stops.get(village=villages[0]).broken
    assert event.code in words.fault(fault)


def test_two_teams_in_a_lodging_that_is_too_small_break_a_rule(troupe, villages):
    for number in (1, 2):
        Team.objects.create(troupe=troupe, number=number, name=f"{number} 队", people=6)
    Lodging.objects.create(
        code="B1", name="小店", region=factories.region(), location=Point(110.2, 40.6), beds=9
    )
    tour = planned(make_tour(troupe, nights="away", teams=2))
    beds = {(team, MONDAY): "B1" for team in (1, 2)}
    editing.edit(tour.pk, Edit(beds=beds))
    assert broken(tour).count("beds_full") == 2
    (fault, *_others) = [f for day in tour.team_days.all() for f in day.broken]
    assert words.fault(fault) == "小店 有 9 张床,这晚要住 12 人"
    editing.edit(tour.pk, Edit(beds={(1, MONDAY): None}))
    assert "beds_full" not in broken(tour)


def test_a_team_is_not_sent_to_a_lodging_that_has_too_few_beds_for_it(troupe, villages):
    far = factories.village(lon=111.7, lat=40.6)
    Team.objects.create(troupe=troupe, number=1, name="一队", people=8)
    Team.objects.create(troupe=troupe, number=2, name="二队", people=5)
    for code, lon, beds in (("SMALL", 111.7, 6), ("LARGE", 111.5, 30)):
        place = {"region": factories.region(), "location": Point(lon, 40.6)}
        Lodging.objects.create(code=code, name=code, beds=beds, **place)
    asked = {"must": [far.code], "keep_off": {"2": [far.code]}}
    tour = planned(make_tour(troupe, nights="away", teams=2, rules=asked))
    assert far.code in visited(tour)
    assert tour.team_days.get(team=1, date=MONDAY).sleeps_at_id == "LARGE"
    assert "beds_full" not in broken(tour)


def test_two_teams_are_not_sent_to_a_lodging_that_has_too_few_beds_for_both(troupe, villages):
    far = [factories.village(lon=111.7, lat=40.6 + step / 100).code for step in range(6)]
    for number in (1, 2):
        Team.objects.create(troupe=troupe, number=number, name=f"{number} 队", people=6)
    for code, lon in (("NEAR", 111.7), ("FAR", 111.4)):
        place = {"region": factories.region(), "location": Point(lon, 40.6)}
        Lodging.objects.create(code=code, name=code, beds=9, **place)
    tour = planned(make_tour(troupe, nights="away", teams=2, rules={"must": far}))
    assert set(far) <= set(visited(tour))
    nights = {day.sleeps_at_id for day in tour.team_days.filter(date=MONDAY)}
    assert nights == {"NEAR", "FAR"}
    assert "beds_full" not in broken(tour)


def test_hours_and_villages_are_of_the_team_that_the_days_show(troupe, villages):
    for number in (3, 7):  # the tour's teams 1 and 2
        Team.objects.create(troupe=troupe, number=number, name=f"{number} 队")
    rules = {
        "hours": {"2": {MONDAY.isoformat(): None, TOMORROW.isoformat(): None}},
        "keep_off": {"1": [villages[0].code]},
    }
    tour = planned(make_tour(troupe, teams=2, rules=rules))
    assert set(tour.stops.values_list("day__team", flat=True)) == {1}
    assert left_out(tour)[villages[0].code] == "not_allowed"


def test_a_change_by_hand_keeps_what_lies_on_a_day_off_or_in_other_events_and_says_so(
    tour, troupe, elsewhere
):
    troupe.teams = 1
    troupe.save()
    planned(tour)
    before = set(tour.stops.values_list("village", "begin"))
    stop = tour.stops.select_related("day").first()
    event = elsewhere(stop.day.date, 7, 20)
    editing.edit(tour.pk, Edit(pin=(stop.village_id,)))
    assert set(tour.stops.values_list("village", "begin")) == before
    (fault,) = tour.stops.get(pk=stop.pk).broken
    assert words.fault(fault) == f"演出队这时有别的活动({event.code})"
    event.delete()
    editing.edit(tour.pk, Edit(rules={"reserve": [stop.day.date.isoformat()]}))
    assert set(tour.stops.values_list("village", "begin")) == before
    (fault,) = tour.stops.get(pk=stop.pk).broken
    assert words.fault(fault) == "这天这个队休息"
