"""Siting over the API: for planners, in words and figures."""

import pytest

from mapui.models import ApiToken
from tests import factories

PATH = "/standards/near/siting"


@pytest.fixture
def planner(three_villages):
    factories.standard()
    return ApiToken.issue(factories.user("planner", role="planner"))


def test_a_planner_is_told_where_whom_it_gains_and_that_it_is_proven(api, planner, three_villages):
    found = api.get(PATH, method="post", body={"count": 1}, token=planner)
    (place,) = found["chosen"]
    assert (found["status"], found["objective"], found["bound"]) == ("optimal", 3, 3)
    assert place["village"] == three_villages[1].code
    assert place["gains"] == [village.code for village in three_villages]
    assert (found["met_before"], found["met_after"]) == (0, 3)
    assert found["sentence"] == "新建 1 处,有 3 个新够得着。已证明没有更好的。"


def test_siting_is_for_planners(api, planner, token):
    api.problem(PATH, 401, method="post", body={})
    api.problem(PATH, 403, method="post", body={}, token=token)
    api.problem("/standards/none/siting", 404, method="post", body={}, token=planner)


def test_every_fault_is_named(api, planner):
    body = {"count": 0, "method": "best", "weight": "gold", "region": "包头", "x": 1}
    body["candidates"] = [{"lon": 200, "lat": 40}]
    said = api.problem(PATH, 422, method="post", body=body, token=planner)
    named = {error["parameter"] for error in said["errors"]}
    assert named == {"x", "count", "method", "weight", "region", "candidates[0].lon"}


def test_more_places_than_candidates_is_said_in_words(api, planner):
    said = api.problem(PATH, 422, method="post", body={"count": 9}, token=planner)
    assert "可选的位置只有 3 个" in said["detail"]


def test_candidates_that_reach_nobody_are_told_as_that(api, planner):
    body = {"method": "lscp", "candidates": [{"lon": 1, "lat": 1}]}
    found = api.get(PATH, method="post", body=body, token=planner)
    assert found["chosen"] == []
    assert "建了也够不着" in found["sentence"]
    assert len(found["out_of_reach"]) == 3
