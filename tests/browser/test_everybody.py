"""For everybody: accessible in every way of showing a page, large, dark, by finger."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser import axe
from tests.browser.conftest import OFFICE, PHONE
from tests.browser.test_pages import SIZES
from tests.mapui.test_pages import PAGES

pytestmark = pytest.mark.browser

EVENT = "/events/E2026-0341/"  # to come
MORE = [
    "/villages/150202002405/",
    "/coverage/gaps/150223213200/?standard=near",
    "/coverage/standards/new/",
    "/tours/",
    "/tours/new/",
    "/reports/",
    "/reports/frozen/",
    "/nowhere/",
    "/villages/150202002405/say/",
    "/ask/K7Q-M4X-PA2/",
    "/remarks/",
    "/remarks/?what=requests",
    "/posters/?region=150203",
    "/sites/150203-0001/photos/",
    EVENT,
]
# The city's 821 villages are looked at once, on /coverage/: these have the same rows of one county.
LONG = (
    "/coverage/?on=2026-01-01",
    "/coverage/?since=2026-01-01",
    "/coverage/subjects/?standard=near&state=none",
)
ALL = [f"{path}&region=150203" if path in LONG else path for path in dict.fromkeys([*PAGES, *MORE])]
CITIZENS = ["/", "/sites/150203-0001/", "/villages/150202002405/", "/events/", EVENT, "/data/"]
# Of paragraphs, lists and headings: line heights in letters' heights, with what they say.
LINES = """() => [...document.querySelectorAll("main :is(p, li, dd, td, h1, h2, h3)")]
  .filter((element) => element.checkVisibility() && element.innerText.trim() && !element.closest(".stage"))
  .map((element) => [element, getComputedStyle(element)])
  .map(([element, style]) => [parseFloat(style.lineHeight) / parseFloat(style.fontSize), element.innerText])"""
MOVING = """() => [...document.querySelectorAll("*")].map(getComputedStyle)
  .filter(({ transitionDuration, animationName }) => !/^0s(, 0s)*$/.test(transitionDuration) || animationName !== "none").length"""


@pytest.fixture(scope="module")
def visitor(chromium, site_url, administrator):
    """One window, signed in, for all pages: what a steward sees holds what a citizen does."""
    context = chromium.new_context(
        viewport=OFFICE,
        locale="zh-CN",
        base_url=site_url,
        reduced_motion="reduce",
        storage_state=administrator.storage_state(),
    )
    page = context.new_page()
    page.goto("/offline/")
    yield page
    context.close()


def visit(page, path, elder=False, scheme="light", size=PHONE):
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size(size)
    origin = urlsplit(page.url)._replace(path="/", query="").geturl()
    page.context.add_cookies([{"name": "elder", "value": str(int(elder)), "url": origin}])
    page.goto(path)
    if page.locator("#map-config").count() and page.locator(".stage").count():
        page.locator("body[data-ready]").wait_for()


# Window, colours, and which of the rules (None: all). Dark colours that a normal phone shows are held
# to the stronger rules.
WAYS = {
    "normal": [
        *((PHONE, "light", None), (PHONE, "light", axe.STRONG_COLOURS)),
        (PHONE, "dark", axe.STRONG_COLOURS),
        *((OFFICE, "light", None), (OFFICE, "dark", axe.COLOURS)),
    ],
    "elder": [
        *((PHONE, "light", None), (PHONE, "dark", axe.COLOURS)),
        *((OFFICE, "light", None), (OFFICE, "dark", axe.COLOURS)),
    ],
}


@pytest.mark.parametrize("version", WAYS)
@pytest.mark.parametrize("path", ALL)
def test_axe_finds_nothing_and_a_finger_finds_room(visitor, path, version):
    """On a normal phone the sun leaves text readable, too."""
    visit(visitor, path, elder=version == "elder")
    assert axe.small_targets(visitor) == []
    for size, scheme, rules in WAYS[version]:
        visitor.set_viewport_size(size)
        visitor.emulate_media(color_scheme=scheme)
        assert axe.violations(visitor, rules) == [], f"{size['width']} px, {scheme}"
        assert visitor.evaluate("document.documentElement.scrollWidth") <= size["width"]


@pytest.mark.parametrize("path", CITIZENS)
def test_the_elder_version_is_large_and_airy(visitor, path):
    visit(visitor, path, elder=True)
    assert [text for text in visitor.evaluate(SIZES) if text[0] < 20] == []
    assert [line for line in visitor.evaluate(LINES) if line[0] < 1.5] == []
    assert visitor.locator(".leaflet-popup, .leaflet-tooltip, dialog[open]").count() == 0


def test_nothing_moves_where_motion_is_not_wanted(visitor):
    for path in ("/", "/events/", "/coverage/"):
        visit(visitor, path)
        assert visitor.evaluate(MOVING) == 0


def test_the_elder_version_is_chosen_without_script_and_kept(open_page):
    page = open_page("/events/?kind=show", PHONE, java_script_enabled=False)
    page.get_by_role("button", name="长辈版").click()
    assert page.url.endswith("/events/?kind=show")
    expect(page.locator("html")).to_have_class("elder")
    page.goto("/data/")
    page.get_by_role("button", name="标准版").click()
    expect(page.locator("html")).not_to_have_class("elder")


GROUND = "getComputedStyle(document.documentElement).backgroundColor"


def test_pages_are_dark_where_the_device_is_or_the_reader_wants_it(open_page):
    page = open_page("/data/", OFFICE)
    white = page.evaluate(GROUND)
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(GROUND) != white
    page.locator("#menu summary").click()
    page.get_by_role("button", name="浅色").click()
    assert page.evaluate(GROUND) == white
    page.locator("#menu summary").click()
    page.get_by_role("button", name="深色").click()
    page.emulate_media(color_scheme="light")
    page.goto("/events/")
    assert page.evaluate(GROUND) != white


def test_in_the_elder_version_a_place_opens_as_a_card_at_the_top(open_map):
    page = open_map("/", PHONE)
    page.get_by_role("button", name="长辈版").click()
    page.locator("body[data-ready]").wait_for()
    banner = page.locator(".banner").first.bounding_box()
    assert banner["y"] + banner["height"] <= 130
    last = page.locator("#places .place").nth(9)
    name = last.locator(".name").inner_text()
    last.click()
    heading = page.locator("#detail h2")
    expect(heading).to_contain_text(name)
    expect(heading).to_be_in_viewport()
