"""A real tour's ground: what is given to the solver of many villages, and minutes by road."""

import datetime

import numpy as np
import pytest
from django.contrib.gis.geos import Point

from events import planning, touring
from events.models import Tour
from events.touring import prefilter
from events.tours import briefing, legs
from sites import clock, roads
from tests import factories
from tests.sites import routers

MONDAY = datetime.date(2026, 12, 7)
COUNT = 30


@pytest.fixture(autouse=True)
def december(settings):
    settings.TODAY = "2026-12-01"


@pytest.fixture
def villages(db):
    """Thirty villages in a grid, each with a square within reach; none was ever reached."""
    made = [
        factories.village(lon=110.0 + 0.05 * (k % 6), lat=40.6 + 0.05 * (k // 6))
        for k in range(COUNT)
    ]
    for each in made:
        factories.front(each)
        factories.site(each.location.x, each.location.y)
    factories.standard("active", months=12)
    return made


@pytest.fixture
def tour(villages):
    troupe = factories.troupe(location=Point(109.9, 40.6), teams=1)
    return Tour.objects.create(
        troupe=troupe, programme=factories.programme(setup_minutes=30), made_at=clock.now(),
        seconds=1, name="试", start=MONDAY, days=2, teams=1, nights="home",
    )  # fmt: skip


@pytest.fixture
def router(settings):
    roads._resting.clear()
    with routers.serving() as made:
        settings.ROUTING_URL, settings.ROUTING_KIND = made.url, "osrm"
        yield made


def planned(tour):
    planning.plan(tour, lambda _progress: True, iterations=200)
    tour.refresh_from_db()
    return tour


def ways(tour):
    """The rows that hold the tour's legs."""
    return [*tour.stops.all(), *tour.team_days.all()]


def test_of_many_villages_only_the_solvers_candidates_have_ways_between_them(tour, monkeypatch):
    asked = []
    between = legs.between

    def counted(places, *rest):
        asked.append(len(places.points))
        return between(places, *rest)

    monkeypatch.setattr(legs, "between", counted)
    monkeypatch.setattr(prefilter, "FEWEST", 10)
    monkeypatch.setattr(prefilter, "PER_DUTY", 1)
    planned(tour)
    assert asked[0] == 1 + 10
    assert tour.stops.exists()
    villages = {stop.village_id for stop in tour.stops.all()}
    told = {each["village"] for each in tour.left_out}
    assert len(villages | told) == len(villages) + len(told) == COUNT
    assert {each["code"] for each in tour.left_out} <= {"no_time", "worth_less", "other_nights"}


def test_the_candidates_are_those_that_all_ways_would_give(tour, monkeypatch):
    monkeypatch.setattr(prefilter, "FEWEST", 10)
    monkeypatch.setattr(prefilter, "PER_DUTY", 1)
    survey = briefing.survey(tour)
    assert survey.for_search() == touring.candidates(survey.brief().problem)


def test_a_village_that_fits_after_all_is_taken_in(tour, monkeypatch):
    monkeypatch.setattr(prefilter, "FEWEST", 2)
    monkeypatch.setattr(prefilter, "PER_DUTY", 1)
    assert len(briefing.survey(tour).for_search()) == 2
    assert planned(tour).stops.count() > 2


def test_minutes_come_from_the_routing_server_and_none_is_marked(tour, router):
    router.seconds = lambda source, target: 600.0
    planned(tour)
    assert {stop.drive_min for stop in tour.stops.all()} == {20}  # with ten minutes of slack
    assert tour.travel.startswith(router.url)
    assert not any(way.drive_estimated for way in ways(tour))


def test_a_whole_table_is_asked_for_in_squares(tour, router):
    survey = briefing.survey(tour)
    survey.brief(seconds=legs.PATIENCE)
    assert max(len(rows) * len(columns) for rows, columns in router.asked) == (COUNT + 1) ** 2
    assert len(router.asked) == 1


def test_a_server_that_stops_answering_leaves_estimated_legs_that_say_so(tour, router, monkeypatch):
    monkeypatch.setattr("sites.routing.SIDE", 10)
    monkeypatch.setattr("sites.routing.PAIRS", 100)
    monkeypatch.setattr("sites.routing.REQUEST_SECONDS", 0.3)
    router.seconds = lambda source, target: 60.0

    def slower(asked):
        router.delay = 1.0 if len(router.asked) >= 4 else 0.0

    router.refuse = slower
    planned(tour)
    assert tour.status == "draft"
    assert {way.drive_estimated for way in ways(tour)} == {True, False}
    assert {way.drive_min for way in ways(tour) if not way.drive_estimated} == {11}


def test_ways_around_the_bases_are_the_estimates_of_all_ways(tour):
    survey = briefing.survey(tour)
    every = survey.brief().problem.minutes
    some = legs.around(survey._places(survey.rows), 1)
    assert np.array_equal(some[0], every[0])
    assert np.array_equal(some[:, 0], every[:, 0])
    assert not some[1:, 1:].any()
