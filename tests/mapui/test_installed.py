"""The page as an application of the phone: what may be kept, and what names it."""

import pytest

from tests import factories


@pytest.fixture
def kept(client, db, today, three_villages, square):
    """Whether the answer to an address may be kept for no network."""
    factories.event(site=square)
    return lambda path, **headers: client.get(path, headers=headers).get("X-Offline") == "keep"


READINGS = "/offline/readings.json"


@pytest.mark.parametrize(
    "path",
    ["/", "/events/", "/sites/150203-0001/", "/data/", "/api/v1/sites", "/offline/", READINGS],
)
def test_public_pages_and_data_may_be_kept(kept, path):
    assert kept(path)


def test_what_is_the_same_as_before_may_be_kept_too(client, kept):
    tag = client.get("/api/v1/sites")["ETag"]
    again = client.get("/api/v1/sites", HTTP_IF_NONE_MATCH=tag)
    assert (again.status_code, again["X-Offline"]) == (304, "keep")


@pytest.mark.parametrize(
    "path",
    ["/admin/login/", "/nothing/", "/healthz", "/sites/none/", "/?near=109.8,40.6", "/tours/"],
)
def test_nothing_else_may_be_kept(kept, path):
    assert not kept(path)


def test_nothing_of_whoever_is_signed_in_may_be_kept(kept, client):
    client.force_login(factories.user("reader"))
    assert not kept("/")
    client.logout()
    assert not kept("/api/v1/sites", Authorization="Bearer x")
    assert kept("/")


def test_the_worker_is_never_kept_itself_and_names_what_it_keeps(client, db):
    answer = client.get("/worker.js")
    assert answer["Cache-Control"] == "no-cache"
    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    assert "/api/v1/sites?limit=10000" in answer.content.decode()


def test_what_is_kept_tells_how_the_characters_of_names_are_read(client, db, square):
    factories.site(name="绿长廊 A 区")
    read = client.get(READINGS).json()
    assert all("绿" in read[syllable] for syllable in ("lv", "lu"))
    assert all("长" in read[syllable] for syllable in ("chang", "zhang"))
    assert "A" not in "".join(read.values()).upper()
    assert READINGS in client.get("/worker.js").content.decode()


def test_the_manifest_follows_the_name_that_is_set(client, db, settings):
    settings.FURNITURE = {**settings.FURNITURE, "name": "鹿城法治地图"}
    about = client.get("/manifest.webmanifest").json()
    assert about["name"] == about["short_name"] == "鹿城法治地图"


def test_who_asks_for_an_icon_at_the_root_gets_ours(client):
    answer = client.get("/favicon.ico")
    assert (answer.status_code, answer.url) == (302, "/static/mapui/icon-192.png")
