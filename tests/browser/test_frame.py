"""The map in a frame of another site: what works there does, what cannot opens in its own window."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.served import EMBEDDER

pytestmark = pytest.mark.browser


class Office(BaseHTTPRequestHandler):
    """A page of another site: a frame with whatever address its own one says after the "?"."""

    def do_GET(self):
        frame = f'<iframe src="{unquote(self.path[2:])}" width="380" height="700"></iframe>'
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(frame.encode())

    def log_message(self, *_said):
        """Nothing: the test looks at the browser."""


@pytest.fixture
def framed(open_page, site_url):
    """A frame with an address of ours, in a page of another origin: the one that may, or another."""
    servers = []

    def opened(path, allowed=True):
        port = int(EMBEDDER.rsplit(":", 1)[1]) if allowed else 0
        servers.append(ThreadingHTTPServer(("127.0.0.1", port), Office))
        threading.Thread(target=servers[-1].serve_forever, daemon=True).start()
        page = open_page(f"http://localhost:{servers[-1].server_port}/?{site_url}{path}", PHONE)
        return page, page.frame_locator("iframe")

    yield opened
    for server in servers:
        server.shutdown()
        server.server_close()


def test_the_map_works_in_a_frame_of_whoever_is_named_and_forms_open_outside_of_it(
    framed, site_url
):
    page, frame = framed("/embed/")
    frame.locator("body[data-ready]").wait_for()
    frame.locator("#q").fill("馨园")
    expect(frame.locator("#found li").first).to_contain_text("馨园")
    frame.locator("#q").press("Escape")
    frame.get_by_role(
        "button", name="离我最近"
    ).click()  # a frame that may not ask for the position
    frame.locator("#q").fill("馨园")
    frame.locator("#found [role=option]").first.click()
    expect(frame.locator("#places-title")).to_contain_text("馨园")
    frame.locator("#places .place").first.click()
    frame.locator("#detail a[data-field=link]").click()
    frame.locator(".page h1").wait_for()
    expect(frame.locator("header.top")).to_have_count(0)
    with page.context.expect_page() as opened:
        frame.get_by_role("link", name="说一说").click()
    said = opened.value
    assert said.url.startswith(f"{site_url}/sites/")
    expect(said.locator("header.top")).to_be_visible()
    said.get_by_role("button", name="提交").click()
    expect(said.get_by_role("alert")).to_contain_text("您写的都还在")
    assert [said for said in page.said if "Geolocation" not in said] == []

    page, frame = framed("/embed/", allowed=False)
    page.wait_for_function("document.querySelector('iframe').contentWindow.length === 0")
    assert any("frame-ancestors" in said for said in page.said)
    expect(frame.locator("#main")).to_have_count(0)
