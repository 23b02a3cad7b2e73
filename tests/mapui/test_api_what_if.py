"""What would be, told and not stored."""

import re
from functools import partial

import pytest
from django.test import Client

from sites.models import Site
from tests import factories

PATH = "/standards/near/what-if"
SQUARE = {"lon": 110.0, "lat": 40.08, "kind": "square", "tier": "county"}


@pytest.fixture
def standard(three_villages):
    return factories.standard()


def ask(api, **body):
    return api.get(PATH, method="post", body=body)


def test_nothing_changes_with_nothing(api, standard, square):
    found = ask(api)
    assert (
        found["before"] == found["after"] == {"subjects": 3, "built": 1, "reached": None, "met": 1}
    )
    assert found["gained"] == found["lost"] == []


def test_a_square_more_a_square_less_and_a_square_elsewhere(api, standard, square, three_villages):
    first, second, third = (village.code for village in three_villages)
    assert ask(api, add=[SQUARE])["gained"] == [second, third]
    assert ask(api, remove=[square.code])["lost"] == [first]
    moved = ask(api, move=[{"code": square.code, "lon": 110.0, "lat": 40.12}])
    assert (moved["gained"], moved["lost"]) == ([second, third], [first])
    assert moved["after"]["met"] == 2


def test_nothing_is_stored(api, standard, square):
    ask(api, add=[SQUARE], remove=[square.code])
    assert Site.objects.get() == square
    assert ask(api)["before"]["met"] == 1


def test_a_gain_of_a_place_that_nothing_is_held_at_is_told_apart(api, three_villages):
    factories.standard(months=12)
    found = ask(api, add=[SQUARE])
    assert found["gained"] == []
    assert found["built_gained"] == [village.code for village in three_villages]


@pytest.mark.parametrize(
    ("body", "parameters"),
    [
        ({"ad": []}, ["ad"]),
        ({"add": {}}, ["add"]),
        ({"add": [1]}, ["add[0]", "add[0].lon", "add[0].lat", "add[0].kind", "add[0].tier"]),
        ({"add": [{**SQUARE, "lon": 200, "kind": "pub"}]}, ["add[0].lon", "add[0].kind"]),
        ({"add": [{**SQUARE, "lat": float("nan")}]}, ["add[0].lat"]),
        ({"add": [{**SQUARE, "lat": True, "name": "x"}]}, ["add[0].name", "add[0].lat"]),
        ({"add": [{**SQUARE, "village": "150203999999"}]}, ["add"]),
        ({"remove": [5, "\0", "\ud800"]}, ["remove[0]", "remove[1]", "remove[2]"]),
        ({"move": [{"code": "\udfff", "lon": 1, "lat": 1}]}, ["move[0].code"]),
        ({"remove": ["none"]}, ["remove, move"]),
        ({"move": [{"code": "none", "lon": 110, "lat": 40}]}, ["remove, move"]),
        ({"add": [SQUARE] * 1001}, ["add"]),
    ],
)  # fmt: skip
def test_every_fault_of_a_body_is_named(api, standard, body, parameters):
    said = api.problem(PATH, 422, method="post", body=body)
    assert [error["parameter"] for error in said["errors"]] == parameters


def test_a_place_is_not_moved_and_removed(api, standard, square):
    body = {"remove": [square.code], "move": [{"code": square.code, "lon": 110, "lat": 40}]}
    assert api.problem(PATH, 422, method="post", body=body)["errors"][0]["parameter"] == "move"


def test_a_place_is_moved_once(api, standard, square):
    move = [{"code": square.code, "lon": 110, "lat": lat} for lat in (40.1, 40.2)]
    (error,) = api.problem(PATH, 422, method="post", body={"move": move})["errors"]
    assert error["parameter"] == "move[1].code"
    assert "move[0] 已经移动过" in error["message"]


def test_an_unknown_standard_is_missing_and_internal_coverage_asks_who_is_there(
    api, standard, settings
):
    api.problem("/standards/none/what-if", 404, method="post", body={})
    settings.COVERAGE_PUBLIC = False
    api.problem(PATH, 401, method="post", body={})


def test_where_coverage_is_internal_the_page_tries_places_with_its_token(
    standard, square, settings, today
):
    settings.COVERAGE_PUBLIC = False
    client = Client(enforce_csrf_checks=True)
    client.force_login(factories.user("planner", role="planner"))
    page = client.get("/coverage/what-if/?standard=near").content.decode()
    token = re.search(r'data-csrf="(\w+)"', page)[1]
    ask = partial(client.post, f"/api/v1{PATH}", {}, content_type="application/json")
    assert ask(headers={"X-CSRFToken": token}).status_code == 200
    assert ask().status_code == 403
