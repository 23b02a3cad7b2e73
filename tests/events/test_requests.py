"""点单: what counts in the planning, and how a confirmed tour answers it."""

import datetime

import pytest
from django.contrib.gis.geos import Point

from events import requests
from events.errors import ConflictError
from events.models import Event, VisitRequest
from events.tours import confirming
from tests import factories
from tests.events.test_tours import make_tour, planned

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 12, 1)


@pytest.fixture(autouse=True)
def december(settings):
    settings.TODAY = DAY.isoformat()


@pytest.fixture
def villages(db):
    """Five villages along a road, none of which was ever reached."""
    made = [factories.village(lon=110.0 + 0.1 * k, lat=40.6) for k in range(5)]
    factories.standard("active", months=12)
    return made


@pytest.fixture
def troupe(villages):
    return factories.troupe(location=Point(109.9, 40.6), teams=2)


def ask(village, **wish):
    return VisitRequest.objects.create(village=village, made_on=DAY, **wish)


def test_a_sender_who_asks_fifty_times_is_counted_once(county):
    village = factories.village()
    for n in range(6):
        requests.ask(village, {"wish": f"第 {n} 次"}, "the same sender")
    requests.ask(village, {"wish": "我也想"}, "somebody else")
    assert VisitRequest.objects.waiting().count() == 7
    assert VisitRequest.objects.waiting().counted().count() == 2


def test_a_sender_may_ask_again_after_the_answer(county):
    village = factories.village()
    first = requests.ask(village, {}, "the same sender")
    requests.decline(first.pk, "开春再来。")
    second = requests.ask(village, {}, "the same sender")
    assert second.repeats is None
    assert list(VisitRequest.objects.waiting()) == [second]


def test_a_confirmed_tour_answers_what_its_programme_satisfies(villages, troupe):
    show = factories.programme(kind="show", languages=["zh"], setup_minutes=30)
    first, second = ask(villages[0]), ask(villages[1], kind="show", language="zh")
    others = [
        ask(villages[0], kind="lecture"),
        ask(villages[4], language="mn"),
        ask(villages[2], status="handed", organ=factories.organ()),
        ask(villages[3], status="handed", troupe=factories.troupe()),
    ]
    again = ask(villages[0], wish="还是我", repeats=first)
    tour = planned(make_tour(troupe, programme=show))
    confirming.confirm(tour)
    for request, village in ((first, villages[0]), (second, villages[1]), (again, villages[0])):
        request.refresh_from_db()
        assert request.status == "arranged"
        assert request.event.village == village
        assert request.answered_on == DAY
    assert set(VisitRequest.objects.waiting()) == set(others)


def test_when_the_tour_throws_the_village_out_its_request_waits_again(villages, troupe):
    request = ask(villages[0])
    confirming.confirm(planned(make_tour(troupe)))
    request.refresh_from_db()
    Event.objects.filter(pk=request.event_id).update(status="cancelled")
    assert list(VisitRequest.objects.waiting()) == [request]
    with pytest.raises(ConflictError):
        requests.hand_on(ask(villages[1], status="done").pk, troupe)
    requests.hand_on(request.pk, troupe)
    request.refresh_from_db()
    assert (request.status, request.event, request.handed_on) == ("handed", None, DAY)
