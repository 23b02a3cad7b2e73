"""Kept what-ifs: shared, told anew, and never overwritten unawares."""

import pytest

from mapui.models import ApiToken
from sites.models import Scenario
from tests import factories

SQUARE = {"lon": 110.0, "lat": 40.08, "kind": "square", "tier": "county", "village": None}
BODY = {"name": "再建一处", "standard": "near", "add": [SQUARE]}


@pytest.fixture
def planner(three_villages):
    factories.standard()
    return ApiToken.issue(factories.user("planner", role="planner"))


@pytest.fixture
def kept(api, planner):
    return api.ask("/scenarios", "post", BODY, planner).json()


def test_a_scenario_is_kept_and_told_anew_from_todays_records(api, kept, square, three_villages):
    found = api.get(f"/scenarios/{kept['id']}")
    assert (found["name"], found["add"], found["version"]) == ("再建一处", [SQUARE], 1)
    assert found["gained"] == [village.code for village in three_villages[1:]]
    square.delete()
    assert len(api.get(f"/scenarios/{kept['id']}")["gained"]) == 3
    assert [one["id"] for one in api.get("/scenarios")] == [kept["id"]]


def test_a_moved_and_a_removed_site_come_back_as_they_were_sent(api, planner, square, county):
    factories.site(code="150203-0002")
    body = BODY | {
        "add": [],
        "remove": ["150203-0002"],
        "move": [{"code": square.code, "lon": 110.1, "lat": 40.2}],
    }
    response = api.ask("/scenarios", "post", body, planner)
    assert response.status_code == 201
    found = api.get(response["Location"].removeprefix("/api/v1"))
    assert (found["remove"], found["move"]) == (body["remove"], body["move"])
    places = api.get(f"/scenarios/{found['id']}/places")["features"]
    assert [(each["id"], each["properties"]["change"]) for each in places] == [
        (square.code, "move"),
        ("150203-0002", "remove"),
    ]
    assert places[0]["geometry"]["coordinates"] == [110.1, 40.2]


def test_the_second_of_two_planners_is_told_and_overwrites_nothing(api, planner, kept):
    path = f"/scenarios/{kept['id']}"
    first = BODY | {"name": "甲", "version": 1}
    assert api.ask(path, "put", first, planner).json()["version"] == 2
    said = api.problem(
        path, 409, method="put", body=BODY | {"name": "乙", "version": 1}, token=planner
    )
    assert "甲" in said["detail"]
    assert Scenario.objects.get().name == "甲"


def test_only_planners_keep_scenarios(api, planner, token, kept):
    api.problem("/scenarios", 401, method="post", body=BODY)
    api.problem("/scenarios", 403, method="post", body=BODY, token=token)
    api.problem(f"/scenarios/{kept['id']}", 403, method="delete", token=token)
    assert api.ask(f"/scenarios/{kept['id']}", "delete", token=planner).status_code == 204
    api.problem(f"/scenarios/{kept['id']}", 404)


def test_every_fault_is_named(api, planner):
    body = {"name": "\ud800", "standard": 5, "add": [{**SQUARE, "lon": 999}], "colour": 1}
    said = api.problem("/scenarios", 422, method="post", body=body, token=planner)
    named = {error["parameter"] for error in said["errors"]}
    assert named == {"name", "standard", "add[0].lon", "colour"}
    api.problem("/scenarios", 404, method="post", body=BODY | {"standard": "no"}, token=planner)


@pytest.mark.parametrize("version", ["x", 1.5, True, None, 2**40, -1])
def test_a_version_is_a_whole_number(api, planner, version):
    body = BODY | {"version": version}
    said = api.problem("/scenarios/1", 422, method="put", body=body, token=planner)
    assert said["errors"][0]["parameter"] == "version"


def test_internal_coverage_keeps_scenarios_internal(api, planner, kept, settings):
    settings.COVERAGE_PUBLIC = False
    api.problem("/scenarios", 401)
    api.problem(f"/scenarios/{kept['id']}", 401)
    assert api.get(f"/scenarios/{kept['id']}", token=planner)["name"] == "再建一处"
