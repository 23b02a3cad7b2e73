"""The cheapest lever first: each tells what pulling it would really change."""

import datetime

import pytest

from sites import roads
from sites.coverage import evaluate, what_if
from sites.levers import levers
from sites.whatif import Changes, Place
from tests import factories
from tests.sites import routers

DAY = datetime.date(2026, 7, 15)
pytestmark = pytest.mark.django_db


@pytest.fixture
def villages(county):
    """Five, 4.4 km apart; a square at the first, which reaches the first two."""
    villages = [factories.village(lat=40 + 0.04 * i) for i in range(5)]
    factories.site(code="S", name="民主广场", lat=40.0)
    return villages


def judge(**fields):
    return evaluate(factories.standard(months=12, **fields), DAY)


def test_an_idle_place_wants_an_event_and_says_whom_else_it_reaches(villages):
    found = levers(judge(), 0)
    assert found.events == 1
    (place,) = found.use
    assert (place.code, place.name) == ("S", "民主广场")
    assert place.gains == [villages[0].code, villages[1].code]
    assert (found.improve, found.build) == ([], None)


def test_an_event_at_the_place_does_what_was_told(villages):
    standard = factories.standard(months=12)
    told = levers(evaluate(standard, DAY), 0).use[0].gains
    factories.event(site_id="S", day=DAY)
    reached = evaluate(standard, DAY)
    assert [
        c for c, is_met in zip(reached.subjects.codes, reached.met, strict=True) if is_met
    ] == told


def test_what_is_lacking_is_counted_in_events(villages):
    factories.event(site_id="S", day=DAY)
    assert levers(judge(min_events=3), 0).events == 2


def test_a_front_nearby_could_be_raised_and_lacks_power(villages):
    factories.site(
        code="F", kind="front", tier="village", lat=40.12, village=villages[3], facilities=["seats"]
    )
    found = levers(judge(), 3)
    (place,) = found.improve
    assert (place.code, place.lacks) == ("F", ("power",))
    assert place.gains == [village.code for village in villages[2:]]


def test_a_new_place_stands_where_it_gains_most_and_gains_that(villages):
    facts = judge()
    found = levers(facts, 4).build
    assert found.code == villages[3].code
    assert found.gains == [village.code for village in villages[2:]]
    there = villages[3].location.coords
    after = what_if(facts, Changes(add=(Place(*there, "square", "county"),)))
    assert (after.built & ~facts.built).sum() == len(found.gains)


def test_who_meets_the_standard_needs_nothing(villages):
    factories.event(site_id="S", day=DAY)
    found = levers(judge(), 0)
    assert (found.events, found.use, found.improve, found.build) == (0, [], [], None)


def test_without_a_distance_or_a_position_only_events_are_counted(villages):
    assert levers(judge(max_distance_m=None), 0).events == 1
    villages[4].location = None
    villages[4].save()
    found = levers(judge(code="other"), 4)
    assert (found.events, found.use, found.build) == (1, [], None)


@pytest.fixture(params=["osrm", "valhalla"])
def router(request, settings):
    roads._resting.clear()
    with routers.serving() as made:
        settings.ROUTING_URL, settings.ROUTING_KIND = made.url, request.param
        yield made


def test_by_road_a_new_place_stands_where_roads_lead(villages, router):
    """Nothing leads to the last two villages; the third is beyond the straight-line estimate."""
    router.seconds = lambda source, target: (
        None if target[1] >= 40.12 else 8000 * abs(source[1] - target[1])
    )
    facts = judge(max_minutes=12)
    found = levers(facts, 4)
    assert found.build.code == villages[2].code
    assert found.build.gains == [villages[3].code, villages[4].code]
    assert found.build.minutes == pytest.approx(10.67, abs=0.01)
    assert not found.build.estimated
    there = villages[2].location.coords
    after = what_if(facts, Changes(add=(Place(*there, "square", "county"),)))
    assert (after.built & ~facts.built).sum() == len(found.build.gains)


def test_a_lever_tells_where_minutes_are_estimated(villages, router):
    router.body = b"{}"
    found = levers(judge(max_minutes=9), 4)
    assert found.build.estimated
    assert found.estimated
    assert not levers(judge(code="metres"), 4).estimated


def test_without_a_server_minutes_are_estimated_and_told(villages):
    found = levers(judge(max_minutes=9), 4).build
    assert found.estimated
    assert found.minutes <= 9
