"""What gunicorn refuses before Django sees it, and what it logs."""

import logging
import socket
from types import SimpleNamespace

import pytest
from gunicorn.glogging import Logger
from gunicorn.http.errors import InvalidRequestLine, LimitRequestHeaders, LimitRequestLine
from gunicorn.http.wsgi import Response

from fazhimap.webserver import Address, Site, Worker


@pytest.fixture
def worker():
    """A worker that serves nobody."""
    site = Site(Address("127.0.0.1", 8000))
    return Worker(1, 1, [], site, 30, site.cfg, Logger(site.cfg))


@pytest.mark.parametrize(
    ("error", "status", "advice"),
    [
        (LimitRequestLine(9000, 8190), "414 URI Too Long", "减少参数"),
        (LimitRequestHeaders("limit request headers fields"), "431 ", "清除本站的 Cookie"),
    ],
)
def test_a_long_request_is_refused_in_words(worker, error, status, advice):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        worker.handle_error(None, ours, ("127.0.0.1", 1), error)
        head, _, body = theirs.recv(10_000).decode().partition("\r\n\r\n")
    assert head.startswith(f"HTTP/1.1 {status}")
    assert f"Content-Length: {len(body.encode())}" in head
    assert "text/plain" in head
    assert advice in body


@pytest.mark.parametrize(
    "error", [RuntimeError("boom"), InvalidRequestLine("GET /api/v1/sites?near=109.84,40.65 HTTX")]
)
def test_no_query_string_is_logged_whatever_goes_wrong(worker, error, caplog):
    worker.log.error_log.addHandler(caplog.handler)
    worker.log.error_log.setLevel(logging.DEBUG)
    request = SimpleNamespace(
        method="GET", uri="/api/v1/sites?near=109.84,40.65", body=None, query="", version=(1, 1)
    )
    request.headers = []
    ours, theirs = socket.socketpair()
    with ours, theirs:
        worker.handle_error(request, ours, ("127.0.0.1", 1), error)
    assert "109.84" not in caplog.text
    if isinstance(error, RuntimeError):
        assert "/api/v1/sites" in caplog.text


def test_a_request_for_the_head_alone_is_not_logged(caplog):
    request = SimpleNamespace(method="HEAD", version=(1, 1), should_close=lambda: True)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        answer = Response(request, ours, Site(Address("127.0.0.1", 8000)).cfg)
        answer.start_response("200 OK", [("Content-Type", "text/plain")])
        answer.write(b"what a HEAD leaves out")
        assert b"leaves out" not in theirs.recv(10_000)
    assert caplog.text == ""


def test_no_requests_are_logged(worker):
    assert worker.cfg.accesslog is None
