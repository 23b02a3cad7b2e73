"""Who may read what, how often, and how it is cached."""

import pytest
from django.core.cache import cache

from mapui.api import auth
from tests import factories

COVERAGE = ["/villages?standard=near", "/standards/near/coverage", "/standards/near/gaps"]


@pytest.fixture
def internal(settings, three_villages, square):
    """Coverage is for those who are signed in."""
    settings.COVERAGE_PUBLIC = False
    factories.standard()


@pytest.mark.parametrize("path", COVERAGE)
def test_internal_coverage_asks_who_you_are(api, internal, path):
    api.problem(path, 401)


@pytest.mark.parametrize("path", COVERAGE)
def test_internal_coverage_opens_to_a_token(api, internal, path, token):
    response = api.ask(path, token=token)
    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("path", COVERAGE)
def test_internal_coverage_opens_to_a_login(api, internal, path, steward):
    api.client.force_login(steward)
    api.get(path)


def test_places_stay_public(api, internal, three_villages, square):
    for path in ("/villages", "/sites", "/standards", "/events", "/search?q=村"):
        api.get(path)
    found = api.get(f"/villages/{three_villages[0].code}")
    assert "coverage" not in found["properties"]


def test_a_signed_in_reader_sees_a_villages_coverage(api, internal, three_villages, token):
    found = api.get(f"/villages/{three_villages[0].code}", token=token)
    assert found["properties"]["coverage"][0]["standard"] == "near"


# Caches


def test_an_answer_that_one_has_is_not_sent_again(api, square):
    first = api.ask("/sites")
    assert first["Cache-Control"] == "no-cache"
    again = api.ask("/sites", **{"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_changed_answer_is_sent(api, square):
    tag = api.ask("/sites")["ETag"]
    factories.site()
    assert api.ask("/sites", **{"If-None-Match": tag}).status_code == 200


def test_a_compressed_answer_is_known_again(api, square):
    for _ in range(5):
        factories.site()
    first = api.ask("/sites", **{"Accept-Encoding": "gzip"})
    assert first["Content-Encoding"] == "gzip"
    tag = first["ETag"]
    again = api.ask("/sites", **{"Accept-Encoding": "gzip", "If-None-Match": tag})
    assert again.status_code == 304


def test_errors_are_kept_by_nobody(api):
    assert api.ask("/sites/none")["Cache-Control"] == "no-store"


def test_head_is_get_without_a_body(api, square):
    head = api.ask("/sites", method="head")
    assert (head.status_code, head.content) == (200, b"")
    assert head["ETag"] == api.ask("/sites")["ETag"]


def test_geojson_says_so(api, square):
    assert api.ask("/sites")["Content-Type"] == "application/geo+json"
    assert api.ask("/standards")["Content-Type"] == "application/json"


# How often


@pytest.fixture
def rate(settings):
    """Two requests a minute, and nothing counted yet."""
    settings.READ_RATE = "2/m"
    cache.clear()
    yield
    cache.clear()


def test_too_many_requests_are_told_when_to_come_back(api, rate, monkeypatch):
    monkeypatch.setattr(auth.time, "time", lambda: 1_000_060.0)  # 20 s of the minute are left
    api.get("/sites")
    api.get("/standards")
    response = api.ask("/sites")
    assert response.status_code == 429
    assert response["Content-Type"] == "application/problem+json"
    assert response["Retry-After"] == "20"


def test_the_next_minute_is_a_new_one(api, rate, monkeypatch):
    now = [1_000_020.0]
    monkeypatch.setattr(auth.time, "time", lambda: now[0])
    for _ in range(3):
        api.ask("/sites")
    now[0] += 60
    api.get("/sites")


def test_everyone_has_a_rate_of_their_own(api, rate):
    for _ in range(3):
        api.ask("/sites")
    other = api.client.get("/api/v1/sites", REMOTE_ADDR="192.0.2.7")
    assert other.status_code == 200


def test_a_made_up_forwarding_header_gives_no_new_rate(api, rate):
    statuses = [
        api.ask("/sites", **{"X-Forwarded-For": f"192.0.2.{n}"}).status_code for n in range(3)
    ]
    assert statuses == [200, 200, 429]
