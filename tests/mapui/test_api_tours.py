"""The API of tours: asked for, planned by the worker, changed, confirmed; every fault a sentence."""

import datetime
import re

import pytest
from django.contrib.gis.geos import Point

from events.models import Event, Tour
from events.tours import worker
from tests import factories

START = "2026-12-07"
DAY = datetime.timedelta(days=1)


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


def calendar(leader, page):
    """A page's calendar: {UID without the city: (status, sequence)}."""
    text = leader.get(f"/{page}.ics").content.decode().replace("\r\n ", "")
    entry = re.compile(r"UID:([^@]+)@.*?SEQUENCE:(\d+).*?STATUS:(\w+)", re.DOTALL)
    found = [entry.search(part) for part in text.split("BEGIN:VEVENT")[1:]]
    return {one[1]: (one[3], int(one[2])) for one in found}


def test_a_stop_is_tentative_until_its_event_takes_its_place_and_keeps_it(leader, planned):
    number, village = planned["id"], planned["days"][0]["stops"][0]["village"]
    assert calendar(leader, f"tours/{number}")[f"tour-{number}-{village}"][0] == "TENTATIVE"
    send(leader, "post", f"/tours/{number}/confirm")
    event = Event.objects.get(village=village, stop__tour=number).code
    told = [calendar(leader, f"tours/{number}")[event]]
    for body in (
        {"state": [{"village": village, "state": "agreed"}]},
        {"exclude": [village]},
        {"undo": True},
    ):
        assert send(leader, "patch", f"/tours/{number}", body)[0] == 200
        told.append(calendar(leader, f"tours/{number}")[event])
    assert [status for status, _n in told] == ["TENTATIVE", "CONFIRMED", "CANCELLED", "CONFIRMED"]
    sequence = [n for _status, n in told]
    assert sequence == sorted(set(sequence))
    assert len(calendar(leader, f"tours/{number}")) == 3


def test_a_stop_and_its_event_count_changes_alike_in_every_calendar(leader, planned):
    number, village = planned["id"], planned["days"][0]["stops"][0]["village"]
    assert send(leader, "patch", f"/tours/{number}", {"pin": [village]})[0] == 200
    send(leader, "post", f"/tours/{number}/confirm")
    event = Event.objects.get(village=village, stop__tour=number)
    told = [calendar(leader, f"tours/{number}")[event.code]]
    assert send(leader, "patch", f"/tours/{number}", {"start": "2026-12-10"})[0] == 200
    moved = Event.objects.get(pk=event.pk)
    assert moved.starts_at > event.starts_at
    told.append(calendar(leader, f"tours/{number}")[event.code])
    Event.objects.filter(pk=event.pk).update(status="cancelled")
    told.append(calendar(leader, f"events/{event.code}")[event.code])
    sequence = [n for _status, n in told]
    assert sequence == sorted(set(sequence)), "a later word is a newer one, wherever it is heard"
    assert calendar(leader, f"tours/{number}")[event.code] == told[-1]


def test_a_whole_tour_is_moved_and_copied_to_another_day(leader, planned):
    number = planned["id"]
    status, moved = send(leader, "patch", f"/tours/{number}", {"start": "2026-12-10"})
    assert (status, moved["start"], moved["last"]) == (200, "2026-12-10", "2026-12-11")
    assert {day["date"] for day in moved["days"]} <= {"2026-12-10", "2026-12-11"}
    body = {"name": "下一周", "start": "2026-12-14"}
    made = send(leader, "post", f"/tours/{number}/copy", body)[1]
    copied = leader.get(f"/api/v1/tours/{made['id']}").json()
    assert copied["start"] == "2026-12-14"
    begins = [each["days"][0]["stops"][0]["begin"] for each in (moved, copied)]
    assert begins[1][:10] == str(datetime.date.fromisoformat(begins[0][:10]) + 4 * DAY)
    for wrong in ({"start": "2026-11-30"}, {"start": 5}, {"start": "2026-12-14", "dayz": 1}):
        assert send(leader, "post", f"/tours/{number}/copy", {"name": "x", **wrong})[0] == 422
        assert send(leader, "patch", f"/tours/{number}", wrong)[0] == 422


def test_an_old_version_is_refused_also_alone(leader, planned):
    assert send(leader, "patch", f"/tours/{planned['id']}", {"version": 999})[0] == 409
    body = {"version": planned["version"]}
    assert send(leader, "patch", f"/tours/{planned['id']}", body) == (200, planned)


@pytest.mark.parametrize("more", [{"pin": []}, {"replan": True}, {"rules": {}}, {"exclude": ["x"]}])
def test_undo_comes_alone(leader, planned, more):
    village = planned["days"][0]["stops"][0]["village"]
    send(leader, "patch", f"/tours/{planned['id']}", {"pin": [village]})
    status, answer = send(leader, "patch", f"/tours/{planned['id']}", {"undo": True, **more})
    assert (status, answer["errors"][0]["parameter"]) == (422, "undo")


def test_a_place_at_the_end_of_the_world_is_refused_with_a_sentence(leader, planned):
    path = f"/tours/{planned['id']}/stuck"
    for at in ({"1": [10, 50]}, {"2": [110, 40.6]}):
        body = {"moment": f"{START}T10:30+08:00", "at": at}
        status, answer = send(leader, "post", path, body)
        assert status == 422
        assert "at." in answer["detail"]


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
        ({"start": START, "days": 2, "rules": {"must": ["150203999999"]}}, "rules.must"),
        ({"start": START, "days": 2, "rules": {"exclude": ["150203999999"]}}, "rules.exclude"),
        ({"start": START, "days": 2, "rules": {"declined": {"1": ""}}}, "rules.declined"),
        ({"start": START, "days": 2, "rules": {"keep_off": {"1": ["1"]}}}, "rules.keep_off"),
        ({"start": START, "days": 2, "rules": {"keep_off": {"2": []}}}, "rules.keep_off"),
        ({"start": START, "days": 2, "rules": {"keep_off": []}}, "rules.keep_off"),
        ({"start": START, "days": 2, "rules": {"hours": {"0": {}}}}, "rules.hours"),
        ({"start": START, "days": 2, "rules": {"quotas": {"99": 1}}}, "rules.quotas"),
        ({"start": START, "days": 2, "rules": {"reserve": [START] * 500}}, "rules.reserve"),
        ({"start": START, "days": 2, "rules": {"reserve": START}}, "rules.reserve"),
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
        {"bed": [{"team": 1, "date": START, "lodging": None}] * 2},
        {"state": [{"village": "x", "state": "agreed"}] * 2},
        {"exclude": ["150203999999"]},
        {"approvals": {"border": {"state": "asked", "date": 0}}},
        {"rules": {"lunch": "12:00-13:00"}},
        {"rules": {"weights": []}},
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


@pytest.fixture
def crowded(leader, world):
    """Six villages in pairs along a road for one day of one team: not all find a place."""
    for k in range(3):
        factories.front(factories.village(lon=110.0 + 0.1 * k, lat=40.605))
    body = {"start": START, "days": 1, "seconds": 0.5, "rules": {"max_duty": 420}}
    number = send(leader, "post", "/tours", body)[1]["id"]
    worker.work(once=True)
    return leader.get(f"/api/v1/tours/{number}").json()


def villages_of(answer):
    return {stop["village"] for day in answer["days"] for stop in day["stops"]}


def left_out_of(answer):
    return {each["village"]: each["code"] for each in answer["left_out"]}


def test_the_best_that_fits_takes_the_place_of_who_declines(leader, world, crowded):
    gone = world[2].code
    body = {"state": [{"village": gone, "state": "declined", "note": "修路"}], "replace": True}
    body["version"] = crowded["version"]
    status, answer = send(leader, "patch", f"/tours/{crowded['id']}", body)
    assert status == 200
    (came,) = answer["replaced"]["came"]
    assert came["village"] in left_out_of(crowded)
    assert came["name"] in answer["replaced"]["sentence"]
    assert villages_of(answer) == villages_of(crowded) - {gone} | {came["village"]}
    assert left_out_of(answer)[gone] == "declined"
    assert not any(stop["broken"] for day in answer["days"] for stop in day["stops"])


def test_a_gap_that_nobody_fits_stays_and_says_so(leader, planned):
    gone = planned["days"][0]["stops"][0]["village"]
    body = {"exclude": [gone], "replace": True}
    answer = send(leader, "patch", f"/tours/{planned['id']}", body)[1]
    assert (answer["replaced"]["gone"], answer["replaced"]["came"]) == ([gone], [])
    assert "空档" in answer["replaced"]["sentence"]


def test_undoing_a_replacement_brings_back_who_was_there_and_who_was_left_out(leader, crowded):
    gone = crowded["days"][0]["stops"][0]["village"]
    body = {"exclude": [gone], "replace": True}
    send(leader, "patch", f"/tours/{crowded['id']}", body)
    answer = send(leader, "patch", f"/tours/{crowded['id']}", {"undo": True})[1]
    assert villages_of(answer) == villages_of(crowded)
    assert left_out_of(answer) == left_out_of(crowded)


def test_a_replacement_says_whom_it_replaces(leader, planned):
    status, answer = send(leader, "patch", f"/tours/{planned['id']}", {"replace": True})
    assert status == 422
    assert "replace" in answer["detail"]


def test_costs_are_told_with_their_rates_and_add_up(leader, planned):
    costs = planned["costs"]
    assert costs["fuel"]["yuan_per_100_km"] == 90
    parts = sum(costs[name]["yuan"] for name in ("fuel", "lodging", "allowances"))
    assert costs["total_yuan"] == parts > 0
    body = {"rules": {"allowance_yuan": 0, "fuel_yuan": 0}}
    after = send(leader, "patch", f"/tours/{planned['id']}", body)[1]["costs"]
    assert after["total_yuan"] == costs["lodging"]["yuan"]


def test_approvals_are_to_be_asked_until_told_otherwise(leader, planned):
    assert {each["what"]: each["state"] for each in planned["approvals"]} == {
        "content": "to_ask",
        "vehicle": "to_ask",
        "border": "to_ask",
    }
    granted = {"state": "granted", "note": "包司宣〔2026〕8 号", "date": "2026-11-30"}
    body = {"version": planned["version"], "approvals": {"content": granted}}
    status, answer = send(leader, "patch", f"/tours/{planned['id']}", body)
    assert status == 200
    (content,) = [each for each in answer["approvals"] if each["what"] == "content"]
    assert {name: content[name] for name in granted} == granted
    assert answer["version"] == planned["version"] + 1
    assert answer["days"] == planned["days"]


@pytest.mark.parametrize(
    "approvals",
    [
        5,
        {"visa": {}},
        {"border": {"state": "maybe"}},
        {"border": {}},
        {"border": {"state": "asked", "date": "soon"}},
        {"border": {"state": "asked", "note": 5}},
    ],
)
def test_an_approval_that_cannot_be_is_refused(leader, planned, approvals):
    status, _answer = send(leader, "patch", f"/tours/{planned['id']}", {"approvals": approvals})
    assert status == 422
