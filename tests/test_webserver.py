"""What gunicorn refuses before Django sees it."""

import socket

import pytest
from gunicorn.http.errors import LimitRequestHeaders, LimitRequestLine

from fazhimap.webserver import Address, Site, Worker


@pytest.fixture
def worker():
    """A worker that serves nobody."""
    site = Site(Address("127.0.0.1", 8000))
    return Worker(1, 1, [], site, 30, site.cfg, None)


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
