"""The product as `make run` starts it, with Baotou loaded, and a real browser to look at it."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from fazhimap import localdb

ROOT = Path(__file__).resolve().parent.parent.parent
TODAY = "2026-11-25"
PHONE = {"width": 390, "height": 844}
OFFICE = {"width": 1440, "height": 900}
# Nothing of Chromium's own that calls home; as root it has no sandbox.
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def site_url():
    """The address of a served product with the demonstration data, on a fixed day."""
    tests = localdb.data_dir()
    data = tests.with_name(f"{tests.name}-browser")
    folder = data.with_name(f"{data.name}-test")  # where a test cluster of `data` lives
    shutil.rmtree(folder, ignore_errors=True)
    port = _free_port()
    environment = os.environ | {
        "FAZHIMAP_DATA": str(data),
        "FAZHIMAP_TEST_CLUSTER": "1",
        "FAZHIMAP_TODAY": TODAY,
        "FAZHIMAP_ADMIN_PASSWORD": "for-the-tests-only",
        "PORT": str(port),
    }
    environment.pop("DATABASE_URL", None)
    command = [sys.executable, "manage.py", "serve"]
    server = subprocess.Popen(command, cwd=ROOT, env=environment)
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_until_ready(url, server)
        yield url
    finally:
        server.terminate()
        server.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


def _free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def _wait_until_ready(url, server, seconds=120):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if server.poll() is not None:
            pytest.fail(f"the server ended with {server.returncode}")
        try:
            with urllib.request.urlopen(f"{url}/readyz", timeout=5):
                return
        except OSError:
            time.sleep(0.3)
    pytest.fail(f"the server was not ready in {seconds} s")


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        path = shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=path, args=SWITCHES)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium, site_url):
    """Open an address in a new window; what its console says is in `page.said`."""
    contexts = []

    def opened(path, size=OFFICE, **options):
        context = chromium.new_context(
            viewport=size, locale="zh-CN", timezone_id="Asia/Shanghai", base_url=site_url, **options
        )
        contexts.append(context)
        page = context.new_page()
        page.said, page.asked = [], []
        page.on("console", lambda message: page.said.append(message.text))
        page.on("pageerror", lambda error: page.said.append(str(error)))
        page.on("request", lambda request: page.asked.append(request.url))
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def open_map(open_page):
    """Open a page with a map and wait until it is drawn."""

    def opened(path, size=OFFICE, **options):
        page = open_page(path, size, **options)
        page.locator("body[data-ready]").wait_for()
        return page

    return opened
