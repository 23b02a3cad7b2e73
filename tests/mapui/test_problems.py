"""What users are told when something fails."""

import io
import logging

import pytest
from django import db
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import Client
from django.urls import path

from mapui import problems
from mapui.problems import Missing
from sites.errors import ImportRejected, Problem, UnreadableFile, UserMistake
from sites.models import Site

RAISED = {
    "down": db.OperationalError("server closed the connection"),
    "gone": db.InterfaceError("connection already closed"),
    "foreign": PermissionDenied(),
    "mistake": UnreadableFile("文件是空的"),
    "missing": Missing("没有编号为 X 的场所。"),
    "unexpected": RuntimeError("secret"),
}


def fail(request, name):
    raise RAISED[name]


urlpatterns = [path("api/v1/fail/<name>", fail), path("fail/<name>/", fail)]
handler404 = problems.not_found
handler500 = problems.server_error


@pytest.fixture
def client(client, settings):
    settings.ROOT_URLCONF = __name__
    client.raise_request_exception = False
    return client


@pytest.mark.parametrize(
    ("name", "status"),
    [("down", 503), ("gone", 503), ("foreign", 403), ("mistake", 422), ("missing", 404)],
)
def test_a_known_failure_is_told_to_programs_and_people(client, name, status):
    answer = client.get(f"/api/v1/fail/{name}")
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["type"] == "about:blank"
    page = client.get(f"/fail/{name}/")
    assert page.status_code == status
    assert answer.json()["title"] in page.content.decode()


@pytest.fixture
def log(settings, monkeypatch):
    """What a real server writes while the test lasts."""
    settings.DEBUG = False
    written = io.StringIO()
    for name in ("django", "django.security"):
        for handler in logging.getLogger(name).handlers:
            if type(handler) is logging.StreamHandler:  # and not one of pytest's own
                monkeypatch.setattr(handler, "stream", written)
    return written


def test_an_unforeseen_failure_is_in_the_log_of_a_real_server(client, log):
    client.get("/fail/unexpected/?lon=109.83")
    assert "RuntimeError: secret" in log.getvalue()
    assert "Traceback" in log.getvalue()
    assert "109.83" not in log.getvalue()


def test_what_is_refused_before_a_page_reads_it_is_one_line_of_the_log(client, settings, log):
    assert client.get("/nowhere/", headers={"Host": "evil.example"}).status_code == 400
    (line,) = log.getvalue().splitlines()
    assert "evil.example" in line
    log.truncate(0)
    log.seek(0)
    settings.ROOT_URLCONF, settings.DATA_UPLOAD_MAX_MEMORY_SIZE = "fazhimap.urls", 10
    large = Client(enforce_csrf_checks=True).post("/language/", {"language": "e" * 20})
    assert large.status_code == 413
    assert len(log.getvalue().splitlines()) == 1


def test_a_database_that_is_down_says_when_to_come_back(client):
    assert client.get("/api/v1/fail/down")["Retry-After"] == "5"


def test_the_page_about_a_dead_database_needs_no_database(client):
    """pytest-django forbids the database to a test that does not ask for it."""
    assert "数据库" in client.get("/fail/down/").content.decode()


def test_an_unforeseen_failure_keeps_its_secrets(client):
    for address in ("/api/v1/fail/unexpected", "/fail/unexpected/"):
        answer = client.get(address)
        assert answer.status_code == 500
        assert "secret" not in answer.content.decode()


def test_an_unknown_page_offers_a_way_back(client):
    page = client.get("/nowhere/")
    assert page.status_code == 404
    assert 'href="/"' in page.content.decode()


def test_djangos_own_words_are_not_shown():
    assert problems.describe(Http404("No Site matches the given query.")).detail == "没有这条记录。"
    assert problems.describe(Site.DoesNotExist("x")).status == 404


def test_nobody_knows_an_exception_that_is_in_no_line_of_the_table():
    assert problems.describe(RuntimeError()) is None
    assert problems.describe(None) is None


def test_every_user_mistake_is_unprocessable():
    assert problems.describe(UserMistake("写错了")).status == 422


def test_a_rejected_file_names_row_and_column():
    row = Problem("sites.csv", row=14, column="经度", value="351.2", message="不在范围内")
    told = problems.describe(ImportRejected([row]))
    assert told.status == 422
    assert "第 14 行" in told.detail
    assert told.errors[0]["parameter"] == "经度"


def test_rows_that_the_user_may_not_write_are_forbidden():
    row = Problem("", row=1, column="code", message="没有权限", forbidden=True)
    assert problems.describe(ImportRejected([row])).status == 403


def test_a_form_that_is_not_ours_is_refused_on_a_page_of_ours(db):
    response = Client(enforce_csrf_checks=True).post("/language/", {"language": "en"})
    assert response.status_code == 403
    assert "表单已经失效" in response.content.decode()
