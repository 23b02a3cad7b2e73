"""The API of tours: asked for, planned by the worker, changed, confirmed; every fault a sentence."""

import datetime

import pytest
from django.contrib.gis.geos import Point

from events import worker
from events.models import Event, Tour
from tests import factories

START = "2026-12-07"


@pytest.fixture(autouse=True)
def december(settings):
    settings.TODAY = "2026-12-01"


@pytest.fixture
def world(db):
    """Three villages with fronts near each other, a troupe and its show; nobody was ever reached."""
    villages = [factories.village(lon=110.0 + 0.1 * k, lat=40.6) for k in range(3)]
    for each in villages:
        factories.front(each)
        factories.site(each.location.x, each.location.y)
    factories.standard("active", months=12)
    factories.troupe(location=Point(109.9, 40.6))
    factories.programme()
    return villages


@pytest.fixture
def leader(client, world):
    client.force_login(factories.user("leader", "troupe"))
    return client


def send(client, method, path, body=None):
    answer = getattr(client, method)(f"/api/v1{path}", body or {}, "application/json")
    return answer.status_code, answer.json()


@pytest.fixture
def number(leader):
    status, answer = send(leader, "post", "/tours", {"start": START, "days": 2, "seconds": 0.5})
    assert (status, answer["status"]) == (202, "queued")
    return answer["id"]


@pytest.fixture
def planned(leader, number):
    worker.work(once=True)
    return leader.get(f"/api/v1/tours/{number}").json()


def test_a_tour_that_is_asked_for_is_planned_in_the_background(planned, world):
    assert planned["status"] == "draft"
    stops = [stop for day in planned["days"] for stop in day["stops"]]
    assert {stop["village"] for stop in stops} == {village.code for village in world}
    assert all(stop["arrive"].endswith("+08:00") and stop["why"] for stop in stops)
    assert planned["value"] == sum(stop["value"] for stop in stops)
    assert planned["sums"]["newly"] == 3


def test_confirming_answers_with_the_same_events_each_time(leader, planned):
    path = f"/tours/{planned['id']}/confirm"
    first, again = send(leader, "post", path), send(leader, "post", path)
    assert first == again
    assert first[1]["events"] == list(Event.objects.values_list("code", flat=True))
    assert len(first[1]["events"]) == 3


def test_a_change_by_hand_is_answered_with_the_tour_as_it_is_then(leader, planned):
    village = planned["days"][0]["stops"][0]["village"]
    body = {"version": planned["version"], "exclude": [village]}
    status, changed = send(leader, "patch", f"/tours/{planned['id']}", body)
    assert status == 200
    assert [each["village"] for each in changed["left_out"]] == [village]
    assert changed["version"] > planned["version"]
    status, refused = send(leader, "patch", f"/tours/{planned['id']}", body)
    assert status == 409
    assert "别人" in refused["detail"]


def test_replanning_waits_for_the_worker_again(leader, planned):
    status, queued = send(leader, "patch", f"/tours/{planned['id']}", {"replan": True})
    assert (status, queued["status"]) == (200, "queued")
    worker.work(once=True)
    assert Tour.objects.get().status == "draft"


def test_a_variant_has_the_plan_and_no_events(leader, planned):
    send(leader, "post", f"/tours/{planned['id']}/confirm")
    status, made = send(leader, "post", f"/tours/{planned['id']}/copy", {"name": "另一个"})
    assert (status, made["status"]) == (201, "draft")
    copied = leader.get(f"/api/v1/tours/{made['id']}").json()
    assert copied["events"] == []
    assert copied["sums"]["stops"] == 3


def test_what_it_would_take_is_a_sentence(leader, planned, world):
    village = planned["days"][0]["stops"][0]["village"]
    send(leader, "patch", f"/tours/{planned['id']}", {"exclude": [village]})
    answer = leader.get(f"/api/v1/tours/{planned['id']}/left-out/{village}").json()
    assert answer["sentence"] == "您说过不去"


@pytest.mark.parametrize(
    ("body", "parameter"),
    [
        ({"days": 2}, "start"),
        ({"start": START}, "days"),
        ({"start": "2026-13-01", "days": 2}, "start"),
        ({"start": "2026-11-30", "days": 2}, "start"),
        ({"start": START, "days": 60, "teams": 20}, "days"),
        ({"start": START, "days": 0}, "days"),
        ({"start": START, "days": 2, "region": "99"}, "region"),
        ({"start": START, "days": 2, "troupe": "X"}, "troupe"),
        ({"start": START, "days": 2, "programme": 7}, "programme"),
        ({"start": START, "days": 2, "nights": "tent"}, "nights"),
        ({"start": START, "days": 2, "seconds": -1}, "seconds"),
        ({"start": START, "days": 2, "wish": 1}, "wish"),
        ({"start": "9999-12-31", "days": 2}, "start"),
        ({"start": START, "days": 2, "troupe": "a\0b"}, "troupe"),
        ({"start": START, "days": 2, "region": "\ud800"}, "region"),
        ({"start": START, "days": 2, "rules": {"standard": "\0"}}, "rules.standard"),
        ({"start": START, "days": 2, "rules": {"lunch": ["13:00", "12:00"]}}, "rules.lunch"),
        ({"start": START, "days": 2, "rules": {"slack": -5}}, "rules.slack"),
        ({"start": START, "days": 2, "rules": []}, "rules.rules"),
        ({"start": START, "days": 2, "rules": {"must": ["1"], "exclude": ["1"]}}, "rules.must"),
        ({"start": START, "days": 2, "rules": {"weights": {"month": "x"}}}, "rules.weights"),
        (
            {"start": START, "days": 2, "rules": {"hours": {"1": {START: ["18:00", "08:00"]}}}},
            "rules.hours",
        ),
    ],
)
def test_a_wish_that_cannot_be_names_what_is_wrong(leader, body, parameter):
    status, answer = send(leader, "post", "/tours", body)
    assert status == 422
    assert parameter in [error["parameter"] for error in answer["errors"]]
    assert not Tour.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        {"move": [{"village": "x", "team": 1}]},
        {"move": [{"village": "x", "team": 1, "date": START}]},
        {"move": 5},
        {"pin": ["nowhere"]},
        {"pin": [5]},
        {"bed": [{"team": 1, "date": START, "lodging": "none"}]},
        {"bed": [{"team": 9, "date": START, "lodging": None}]},
        {"state": [{"village": "x", "state": "perhaps"}]},
        {"undo": "yes"},
        {"version": "1"},
        {"nothing": 1},
        {"bed": [{"team": 1, "date": START, "lodging": "\0"}]},
    ],
)
def test_a_change_that_cannot_be_changes_nothing(leader, planned, body):
    status, answer = send(leader, "patch", f"/tours/{planned['id']}", body)
    assert status == 422
    assert answer["detail"]
    assert leader.get(f"/api/v1/tours/{planned['id']}").json() == planned


def test_tours_are_for_troupes_and_planners(client, world):
    assert send(client, "post", "/tours", {"start": START, "days": 1})[0] == 401
    client.force_login(factories.user("steward", "steward", ["150203"]))
    assert send(client, "post", "/tours", {"start": START, "days": 1})[0] == 403


def test_a_tour_takes_at_most_12_queries(leader, planned, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        leader.get(f"/api/v1/tours/{planned['id']}")


def test_the_rest_is_planned_anew_from_where_the_team_is(leader, planned):
    send(leader, "post", f"/tours/{planned['id']}/confirm")
    first = planned["days"][0]["stops"][0]
    moment = datetime.datetime.fromisoformat(first["leave"]) + datetime.timedelta(minutes=1)
    body = {"moment": moment.isoformat(), "at": {"1": [110.0, 40.6]}}
    status, queued = send(leader, "post", f"/tours/{planned['id']}/stuck", body)
    assert (status, queued["status"]) == (202, "queued")
    worker.work(once=True)
    after = leader.get(f"/api/v1/tours/{planned['id']}").json()
    assert after["status"] == "confirmed"
    assert after["days"][0]["stops"][0]["begin"] == first["begin"]
    assert leader.get(f"/api/v1/tours/{planned['id']}/changes").status_code == 200
