"""Siting over the API: for planners, in words and figures."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

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


def test_each_better_answer_is_a_line_and_the_last_is_the_plain_one(api, planner):
    asked = {"method": "post", "body": {"count": 1}, "token": planner}
    response = api.ask(PATH, Accept="application/x-ndjson", **asked)
    assert response["Content-Type"] == "application/x-ndjson"
    lines = [json.loads(line) for line in b"".join(response.streaming_content).splitlines()]
    assert lines[-1] == api.get(PATH, **asked)
    assert all(line.keys() == lines[-1].keys() for line in lines)


@pytest.mark.parametrize("accept", ["*/*", "application/json", "text/html, */*;q=0.1", ""])
def test_who_does_not_ask_for_lines_gets_one_answer(api, planner, accept):
    response = api.ask(PATH, method="post", body={"count": 1}, token=planner, Accept=accept)
    assert response["Content-Type"] == "application/json"


def test_a_stream_is_not_held_back_by_compression(api, planner):
    headers = {"Accept": "application/x-ndjson", "Accept-Encoding": "gzip"}
    response = api.ask(PATH, method="post", body={"count": 1}, token=planner, **headers)
    first = next(iter(response.streaming_content))
    assert json.loads(first)["chosen"]


def test_a_stream_speaks_the_language_of_its_reader(api, planner):
    headers = {"Accept": "application/x-ndjson", "Accept-Language": "en"}
    response = api.ask(PATH, method="post", body={"count": 1}, token=planner, **headers)
    assert "新建" not in b"".join(response.streaming_content).decode()


def test_a_question_without_sense_is_refused_before_the_stream_begins(api, planner):
    asked = {"method": "post", "body": {"count": 9}, "token": planner}
    said = api.problem(PATH, 422, Accept="application/x-ndjson", **asked)
    assert "只有 3 个" in said["detail"]


@pytest.mark.parametrize("region", [0, 150203, False, [], "15x"])
def test_a_region_that_is_no_code_is_refused_not_taken_for_all(api, planner, region):
    said = api.problem(PATH, 422, method="post", body={"region": region}, token=planner)
    assert [error["parameter"] for error in said["errors"]] == ["region"]


def test_the_fewest_places_may_be_asked_for_with_people_who_do_not_matter(api, planner):
    body = {"method": "lscp", "weight": "population"}
    found = api.get(PATH, method="post", body=body, token=planner)
    assert found["objective"] == 1
    assert "不看人口" in found["sentence"]


def test_gains_are_worded_as_what_they_are(api, planner):
    assert api.get(PATH, method="post", body={"count": 1}, token=planner)["gains_means"] == "met"
    factories.standard("active", months=12)
    path = "/standards/active/siting"
    found = api.get(path, method="post", body={"count": 1}, token=planner)
    assert (found["gains_means"], found["met_after"], found["built_after"]) == ("built", 0, 3)
    assert "3 个新有场所;办过活动才算达到标准" in found["sentence"]


def test_minutes_without_a_server_are_told_as_estimated(api, planner):
    factories.standard("quick", max_minutes=15)
    path = "/standards/quick/siting"
    found = api.get(path, method="post", body={"count": 1}, token=planner)
    assert (found["measure"], found["estimated"]) == ("minutes", 3)
    assert "分钟数为估算" in found["sentence"]


def test_a_file_becomes_candidates_with_their_names(api, client):
    client.force_login(factories.user("wang", role="planner"))
    factories.standard()
    factories.village(lat=40.0)
    file = SimpleUploadedFile("地点.csv", "名称,经度,纬度\n文化站,110,40.01\n".encode("gbk"))
    answer = client.post("/api/v1/siting/candidates", {"file": file})
    assert answer.status_code == 200, answer.content.decode()
    body = {"count": 1, **answer.json()}
    (chosen,) = api.get(PATH, method="post", body=body)["chosen"]
    assert (chosen["name"], chosen["village"]) == ("文化站", None)


def test_a_bad_file_is_refused_with_its_row_and_column(api, client):
    client.force_login(factories.user("wang", role="planner"))
    send = lambda **form: client.post("/api/v1/siting/candidates", form)  # noqa: E731
    file = SimpleUploadedFile("地点.csv", "名称,经度,纬度\n甲,x,40\n".encode())
    told = send(file=file)
    assert told.status_code == 422
    assert "第 2 行,经度" in told.json()["detail"]
    assert send().json()["errors"][0]["parameter"] == "file"
    file.seek(0)
    assert send(file=file, crs="mars").json()["errors"][0]["parameter"] == "crs"


def test_candidates_are_for_planners(api, client, steward):
    assert client.post("/api/v1/siting/candidates").status_code == 401
    client.force_login(steward)
    assert client.post("/api/v1/siting/candidates").status_code == 403
