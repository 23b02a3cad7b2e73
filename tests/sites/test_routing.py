"""OSRM and Valhalla, as their documentation says that they answer, and as they fail."""

import json
import math
import socket
import time

import numpy as np
import pytest

from sites import routing
from sites.routing import Server
from tests.sites import routers

A, B, C = (109.84, 40.65), (109.9, 40.7), (110.1, 41.2)
KINDS = routing.KINDS
OSRM_RECORDED = b"""{"code":"Ok","durations":[[0,192.6],[199,0],[null,351.4]],
"sources":[{"hint":"KSoKADRYroqUBAEAEAAAABkAAAAGAAAA","distance":4.152629,"name":"Friedrichstra\xc3\x9fe",
"location":[13.388799,52.517033]},{"hint":"","distance":0.1,"name":"","location":[13.397631,52.52943]},
{"hint":"","distance":0.2,"name":"","location":[13.428554,52.523239]}],
"destinations":[{"hint":"","distance":4.15,"name":"","location":[13.388799,52.517033]},
{"hint":"","distance":0.1,"name":"","location":[13.397631,52.52943]}]}"""
VALHALLA_RECORDED = b"""{"algorithm":"costmatrix","units":"kilometers",
"sources":[{"lon":-73.990508,"lat":40.744014},{"lon":-73.979713,"lat":40.739735},{"lon":-73.98,"lat":40.75}],
"targets":[{"lon":-73.990508,"lat":40.744014},{"lon":-73.979713,"lat":40.739735}],
"sources_to_targets":[[{"distance":0.0,"time":0,"to_index":0,"from_index":0},
{"distance":1.611,"time":192.6,"to_index":1,"from_index":0}],
[{"distance":1.6,"time":199,"to_index":0,"from_index":1},{"distance":0.0,"time":0,"to_index":1,"from_index":1}],
[{"distance":null,"time":null,"to_index":0,"from_index":2},{"distance":2.2,"time":351.4,"to_index":1,"from_index":2}]]}"""


@pytest.fixture
def router():
    with routers.serving() as made:
        yield made


def ask(router, kind, sources=(A, B, C), targets=(A, B), seconds=5.0):
    pairs = [(i, j) for i in range(len(sources)) for j in range(len(targets))]
    answer = routing.minutes(Server(kind, router.url), sources, targets, pairs, seconds)
    return answer.minutes.reshape(len(sources), len(targets)), answer.failure


@pytest.mark.parametrize(
    ("kind", "recorded"), [("osrm", OSRM_RECORDED), ("valhalla", VALHALLA_RECORDED)]
)
def test_a_recorded_answer_is_read_in_minutes_and_null_is_no_road(router, kind, recorded):
    router.body = recorded
    minutes, failure = ask(router, kind)
    assert minutes * 60 == pytest.approx(np.array([[0, 192.6], [199, 0], [math.inf, 351.4]]))
    assert failure == ""
    assert router.asked == [([A, B, C], [A, B])]


def test_osrm_is_asked_lon_first_with_sources_before_destinations(router):
    ask(router, "osrm", [A], [B])
    assert router.paths == [
        "/table/v1/driving/109.840000,40.650000;109.900000,40.700000"
        "?annotations=duration&sources=0&destinations=1"
    ]


def test_a_server_below_a_path_is_asked_there(router):
    answer = routing.minutes(Server("valhalla", f"{router.url}/roads/"), [A], [B], [(0, 0)], 5)
    assert answer.minutes.tolist() == [10.0]
    assert router.paths == ["/roads/sources_to_targets"]


@pytest.mark.parametrize("kind", KINDS)
def test_many_pairs_are_asked_in_requests_that_a_server_takes(router, kind):
    places = [(109 + n / 100, 40.5) for n in range(150)]
    router.seconds = lambda a, b: round((b[0] - a[0]) * 6000) + 60000
    pairs = [(i, (i + k) % 150) for i in range(150) for k in range(8)]
    answer = routing.minutes(Server(kind, router.url), places, places, pairs, 20)
    assert answer.minutes.tolist() == [j - i + 1000 for i, j in pairs]
    for rows, columns in router.asked:
        assert len(rows) + len(columns) <= 100
        assert len(rows) * len(columns) <= 2500
    assert len(router.asked) < 10


@pytest.mark.parametrize(
    ("kind", "refusal"),
    [("osrm", routers.OSRM_NO_SEGMENT), ("valhalla", routers.VALHALLA_NO_EDGES)],
)
def test_a_point_off_all_roads_does_not_hide_the_others(router, kind, refusal):
    router.refuse = lambda asked: refusal if C in asked[0] else None
    minutes, failure = ask(router, kind)
    assert minutes.tolist() == [[10, 10], [10, 10], [math.inf, math.inf]]
    assert failure == ""


@pytest.mark.parametrize(
    ("kind", "refusal"),
    [("osrm", routers.OSRM_TOO_BIG), ("valhalla", routers.VALHALLA_TOO_MANY)],
)
def test_a_server_with_lower_limits_is_asked_for_less(router, kind, refusal):
    router.refuse = lambda asked: refusal if len(asked[0]) * len(asked[1]) > 2 else None
    minutes, failure = ask(router, kind)
    assert (minutes == 10).all()
    router.refuse = lambda asked: refusal
    minutes, failure = ask(router, kind)
    assert np.isnan(minutes).all()
    assert str(refusal.get("code", refusal.get("error_code"))) in failure


@pytest.mark.parametrize(
    ("kind", "refusal"), [("osrm", routers.OSRM_INVALID), ("valhalla", routers.VALHALLA_DOWN)]
)
def test_any_other_error_is_a_failure_with_the_servers_own_words(router, kind, refusal):
    router.refuse = lambda asked: refusal
    minutes, failure = ask(router, kind)
    assert np.isnan(minutes).all()
    assert refusal.get("message", refusal.get("error")) in failure
    assert len(router.asked) == 1


NONSENSE = [
    b"",
    b"<html>Bad gateway</html>",
    b"[]",
    b"null",
    b"{}",
    b'{"code":"Ok"}',
    b'{"code":"Ok","durations":[[1,2]]}',
    b'{"code":"Ok","durations":[[1],[2],[3]]}',
    b'{"code":"Ok","durations":[["a","b"],[1,2],[1,2]]}',
    b'{"code":"Ok","durations":[[NaN,1],[1,2],[1,2]]}',
    b'{"code":"Ok","durations":[[-1,1],[1,2],[1,2]]}',
    b'{"sources_to_targets":[[{"time":1}]]}',
    b'{"sources_to_targets":[[1,2],[1,2],[1,2]]}',
    b'{"sources_to_targets":{"durations":[[1,2]]}}',
    b"\xff\xfe",
    b'{"code":' + b"[" * 100_000,
]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("body", NONSENSE, ids=lambda body: body[:30].decode(errors="replace"))
def test_nonsense_is_a_failure_and_nothing_else(router, kind, body):
    router.body = body
    minutes, failure = ask(router, kind)
    assert np.isnan(minutes).all()
    assert failure


def test_an_endless_answer_is_given_up_on(router, monkeypatch):
    monkeypatch.setattr(routing, "MOST_BYTES", 1000)
    router.body = json.dumps({"code": "Ok", "durations": [[1.0] * 2] * 1000}).encode()
    assert "too long" in ask(router, "osrm")[1]


@pytest.mark.parametrize("slow", [{"delay": 1.0}, {"drip": 0.05}])
def test_a_slow_server_is_given_up_on_in_time(router, slow):
    for name, value in slow.items():
        setattr(router, name, value)
    begun = time.monotonic()
    minutes, failure = ask(router, "osrm", seconds=0.3)
    assert time.monotonic() - begun < 0.8
    assert np.isnan(minutes).all()
    assert failure == "no answer in time"


def test_a_server_that_is_not_there_is_a_failure():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    answer = routing.minutes(Server("osrm", url), [A], [B], [(0, 0)], 5)
    assert "refused" in answer.failure.lower()


def test_what_was_answered_is_kept_when_time_runs_out(router):
    router.delay = 0.15
    places = [(109 + n / 100, 40.5) for n in range(400)]
    pairs = [(i, i) for i in range(400)]
    answer = routing.minutes(Server("osrm", router.url), places, places, pairs, 0.4)
    assert answer.failure == ""
    assert (answer.minutes[:50] == 10).all()
    assert np.isnan(answer.minutes[-50:]).all()
