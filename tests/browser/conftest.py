"""The served product, and a real browser to look at it."""

import shutil

import pytest
from playwright.sync_api import sync_playwright

from tests.served import PASSWORD, served

PHONE = {"width": 390, "height": 844}
BLOCKED = "Service Worker registration blocked by Playwright"
OFFICE = {"width": 1440, "height": 900}
LONG = 60_000  # milliseconds: other work may keep the machine busy
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
def server_log(tmp_path_factory):
    """The file with all that the server says."""
    return tmp_path_factory.mktemp("server") / "log"


@pytest.fixture(scope="session")
def site_url(server_log):
    """The address of a served product with the demonstration data, on a fixed day."""
    with served("browser", server_log) as url:
        yield url


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        path = shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=path, args=SWITCHES)
        yield browser
        browser.close()


def _hear(page, text):
    """What the console says, but for our own doing: a worker that this test has not let in."""
    if BLOCKED not in text:
        page.said.append(text)


@pytest.fixture
def open_page(chromium, site_url):
    """Open an address in a new window; what its console says is in `page.said`."""
    contexts = []

    def opened(path, size=OFFICE, service_workers="block", **options):
        options["service_workers"] = service_workers  # with one, requests cannot be stood in for
        context = chromium.new_context(
            viewport=size, locale="zh-CN", timezone_id="Asia/Shanghai", base_url=site_url, **options
        )
        contexts.append(context)
        page = context.new_page()
        page.said, page.asked = [], []
        page.on("console", lambda message: _hear(page, message.text))
        page.on("pageerror", lambda error: page.said.append(str(error)))
        page.on("request", lambda request: page.asked.append(request.url))
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()


def sign_in(page):
    """As the administrator, by the form that the page shows."""
    page.locator("#id_username").fill("admin")
    page.locator("#id_password").fill(PASSWORD)
    page.locator("[type=submit]").click()


@pytest.fixture(scope="session")
def administrator(chromium, site_url):
    """Somebody who is signed in and stays so: others start from the `storage_state()`."""
    context = chromium.new_context(locale="zh-CN", base_url=site_url)
    page = context.new_page()
    page.goto("/admin/login/?next=/data/")
    sign_in(page)
    page.wait_for_url("**/data/")
    page.close()
    yield context
    context.close()


@pytest.fixture
def open_map(open_page):
    """Open a page with a map and wait until it is drawn."""

    def opened(path, size=OFFICE, **options):
        page = open_page(path, size, **options)
        page.locator("body[data-ready]").wait_for()
        return page

    return opened


@pytest.fixture
def open_signed_in(open_page, administrator):
    """Open a page as the administrator and wait until it is drawn."""

    def opened(path, size=OFFICE, **options):
        page = open_page(path, size, storage_state=administrator.storage_state(), **options)
        page.locator("body[data-ready]").wait_for(timeout=LONG)
        return page

    return opened
