"""A standard in minutes: the road decides where a server answers, an estimate where it does not."""

import datetime
import logging
import time

import numpy as np
import pytest
from django.core.checks import run_checks

from sites import board, crosscheck, freshness, roads, whatif
from sites.coverage import evaluate, what_if
from sites.models import Coverage, TravelSpeed, TravelTime, Village
from tests import factories
from tests.sites import routers

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 7, 15)


@pytest.fixture
def standard(three_villages):
    """A square within 15 minutes: 7.7 km as estimated. One south of all, one amid them."""
    factories.site(code="NEAR", lat=40.0)
    factories.site(code="FAR", lat=40.1)
    return factories.standard(max_minutes=15)


@pytest.fixture(params=["osrm", "valhalla"])
def router(request, settings):
    roads._resting.clear()
    with routers.serving() as made:
        settings.ROUTING_URL, settings.ROUTING_KIND = made.url, request.param
        yield made


def across_a_river(source, target):
    """The square in the south cannot be driven to from the first village; else a minute a 0.01°."""
    if target[1] == 40.0 and source[1] < 40.05:
        return None
    return 60.0 * abs(source[1] - target[1]) / 0.01


def test_without_a_server_minutes_are_metres_at_the_speed_of_the_setting_and_season(standard):
    facts = evaluate(standard, DAY)
    assert facts.built.tolist() == [True, True, True]
    assert not facts.minutes.by_road.any()
    assert facts.minutes.values == pytest.approx(facts.metres * 1.3 / 1000 / 40 * 60)
    TravelSpeed.objects.create(
        setting="farming", first_month=6, last_month=8, speed_kmh=10, detour=2, source="雨季"
    )
    slower = evaluate(standard, DAY)
    assert slower.built.tolist() == [False, False, False]
    assert evaluate(standard, datetime.date(2026, 12, 1)).built.all()
    assert "估计:直线×2,10 公里/时" in board.reason(slower, 0)
    assert board.travel(slower).speeds[0].source == "雨季"


def test_a_new_speed_is_seen_by_the_next_reader(standard):
    assert freshness.facts(standard, DAY, DAY).built.all()
    TravelSpeed.objects.create(speed_kmh=5, detour=2, source="步行")
    assert not freshness.facts(standard, DAY, DAY).built.any()
    assert crosscheck.differences(DAY) == []


def test_the_quickest_by_road_decides_not_the_nearest(standard, router):
    router.seconds = across_a_river
    facts = evaluate(standard, DAY)
    assert facts.nearest == ["FAR", "FAR", "FAR"]
    assert facts.minutes.values == pytest.approx([6, 2, 2])
    assert facts.minutes.by_road.all()
    assert facts.metres[0] == pytest.approx(6662, abs=2)


def test_a_place_that_no_road_leads_to_does_not_count(standard, router):
    router.seconds = lambda source, target: None
    facts = evaluate(standard, DAY)
    assert not facts.built.any()
    assert facts.certain.all()
    assert "没有道路可到" in board.reason(facts, 0)


def test_the_second_quickest_decides_where_two_are_asked_for(standard, router):
    router.seconds = across_a_river
    standard.min_count = 2
    facts = evaluate(standard, DAY)
    assert facts.built.tolist() == [False, True, True]
    assert facts.nearest == ["NEAR", "NEAR", "NEAR"]


def test_an_answer_is_asked_for_once(standard, router):
    before = evaluate(standard, DAY)
    asked = len(router.asked)
    assert asked
    assert TravelTime.objects.count() == 6
    again = evaluate(standard, DAY)
    assert len(router.asked) == asked
    assert again.minutes.values.tolist() == before.minutes.values.tolist()


def test_a_what_if_asks_the_road_and_stores_nothing(standard, router):
    router.seconds = lambda source, target: 1200.0
    before = evaluate(standard, DAY)
    stored = TravelTime.objects.count()
    router.seconds = lambda source, target: 300.0
    place = whatif.Place(110.0, 40.06, "square", "county")
    assert what_if(before, whatif.Changes(add=(place,))).built.all()
    assert TravelTime.objects.count() == stored


@pytest.mark.parametrize("failing", [{"body": b"<html>502</html>"}, {"delay": 0.6}])
def test_a_server_that_fails_leaves_estimates_and_one_line_in_the_log(
    standard, router, failing, caplog, monkeypatch
):
    monkeypatch.setattr(roads, "SECONDS", 0.3)
    for name, value in failing.items():
        setattr(router, name, value)
    begun = time.monotonic()
    with caplog.at_level(logging.WARNING, "sites.roads"):
        facts = evaluate(standard, DAY)
        evaluate(standard, DAY)
        roads._resting[roads.server()] = 0.0  # rested
        evaluate(standard, DAY)
    assert time.monotonic() - begun < 2
    assert facts.built.all()
    assert not facts.minutes.by_road.any()
    assert len(caplog.records) == 1
    assert len(router.asked) == 2
    told = board.travel(facts)
    assert (told.by_road, told.estimated, told.server_set) == (0, 3, True)


def test_stored_facts_are_by_road_once_the_server_answers_again(standard, router, monkeypatch):
    router.body = b"{}"
    assert not freshness.facts(standard, DAY, DAY).minutes.by_road.any()
    router.body = None
    roads._resting.clear()
    assert not freshness.facts(standard, DAY, DAY).minutes.by_road.any()
    monkeypatch.setattr(freshness, "RETRY", datetime.timedelta(0))
    assert freshness.facts(standard, DAY, DAY).minutes.by_road.all()


def test_stored_facts_follow_the_setting(standard, router, settings):
    router.seconds = lambda source, target: None
    assert not freshness.facts(standard, DAY, DAY).built.any()
    settings.ROUTING_URL = ""
    assert freshness.facts(standard, DAY, DAY).built.all()


def test_deleting_answers_asks_anew(standard, router):
    freshness.facts(standard, DAY, DAY)
    router.seconds = lambda source, target: None
    TravelTime.objects.all().delete()
    assert not freshness.facts(standard, DAY, DAY).built.any()


def test_what_a_server_decides_is_not_cross_checked_and_said_so(standard, router):
    router.seconds = lambda source, target: None
    freshness.refresh(DAY)
    assert Coverage.objects.count() == 3
    assert crosscheck.differences(DAY) == []
    assert crosscheck.skipped(DAY) == [standard]


def test_positions_that_are_not_exact_leave_doubt(standard, router):
    router.seconds = lambda source, target: 14.5 * 60
    assert evaluate(standard, DAY).certain.all()
    Village.objects.update(position_error_m=500)
    assert not evaluate(standard, DAY).certain.any()
    Village.objects.update(location=None)
    facts = evaluate(standard, DAY)
    assert not facts.built.any()
    assert not facts.certain.any()
    assert np.isnan(facts.minutes.values).all()


@pytest.mark.parametrize(
    ("kind", "url", "ids"),
    [
        ("osrm", "", []),
        ("valhalla", "http://roads.example:8002/valhalla/", []),
        ("graphhopper", "", ["sites.E001"]),
        ("osrm", "roads.example:5000", ["sites.E002"]),
        ("osrm", "file:///etc/passwd", ["sites.E002"]),
        ("osrm", "http://", ["sites.E002"]),
        ("osrm", "http://roads.example:99999", ["sites.E002"]),
        ("osrm", "http://roads.example/?key=1", ["sites.E002"]),
    ],
)
def test_wrong_settings_are_told_at_start_with_a_hint(settings, kind, url, ids):
    settings.ROUTING_KIND, settings.ROUTING_URL = kind, url
    found = [
        each for each in run_checks(tags=["routing"]) if each.id and each.id.startswith("sites.E00")
    ]
    assert [each.id for each in found] == ids
    assert all(each.hint for each in found)
