"""The search box with the keyboard alone, without scripts, and what the server keeps of a position."""

import re
import urllib.error
import urllib.request

import pytest
from playwright.sync_api import expect

from tests.browser.axe import violations
from tests.browser.conftest import OFFICE, PHONE

pytestmark = pytest.mark.browser


@pytest.fixture
def home(open_page):
    page = open_page("/")
    expect(page.locator("body[data-ready]")).to_be_attached(timeout=30_000)
    return page


def test_initials_find_a_place_and_enter_opens_it(home):
    box = home.get_by_role("combobox")
    box.fill("btfzgy")
    expect(home.get_by_role("option", name="包头法治公园")).to_be_visible()
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(home.locator(".finder [role=status]")).to_contain_text("找到")
    box.press("ArrowDown")
    expect(home.get_by_role("option", selected=True)).to_contain_text("包头法治公园")
    assert box.get_attribute("aria-activedescendant") == home.get_by_role(
        "option", selected=True
    ).get_attribute("id")
    box.press("Enter")
    expect(home.locator("#detail h2")).to_contain_text("包头法治公园")


def test_a_former_name_is_told_and_escape_closes_the_list(home):
    box = home.get_by_role("combobox")
    box.fill("友谊广场")
    expect(home.get_by_role("option").first).to_contain_text("曾用名:友谊广场")
    box.press("Escape")
    expect(home.locator("#found")).to_be_hidden()
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(box).to_have_value("友谊广场")


def test_enter_without_a_choice_opens_the_page_of_all_finds(home):
    home.get_by_role("combobox").fill("法治公园")
    home.get_by_role("combobox").press("Enter")
    home.wait_for_url(re.compile("/search/"))
    expect(home.locator(".results a").first).to_contain_text("包头法治公园")


def test_nothing_found_leads_on(home):
    home.get_by_role("combobox").fill("没有这样的地方")
    home.locator("#found a").click()
    expect(home.get_by_role("heading", name="还可以")).to_be_visible()


def test_the_search_works_without_scripts(open_page):
    page = open_page("/search/", PHONE, java_script_enabled=False)
    page.locator("#q").fill("yygc")
    page.locator("#q").press("Enter")
    expect(page.locator(".results a").first).to_contain_text("曾用名:友谊广场")


def test_nothing_that_the_server_says_tells_where_somebody_was(home, site_url, server_log):
    home.context.grant_permissions(["geolocation"])
    home.context.set_geolocation({"longitude": 109.87654, "latitude": 40.65432})
    home.locator("#near").click()
    expect(home.locator(".me")).to_be_visible()
    assert not [address for address in home.asked if "109.87" in address]
    for path in ("/api/v1/sites?near=109.87654,40.65432", "/api/v1/sites?near=109.87654,400"):
        try:
            urllib.request.urlopen(site_url + path).read()
        except urllib.error.HTTPError as refused:
            assert refused.code == 422
    said = server_log.read_text(encoding="utf-8", errors="replace")
    assert "109.87" not in said
    assert "40.654" not in said


@pytest.mark.parametrize("query", ["友谊", "baotoufazigongyuan", "没有这样的地方"])
def test_axe_finds_nothing_on_the_open_list(home, query):
    home.get_by_role("combobox").fill(query)
    expect(home.locator("#found")).to_be_visible()
    home.keyboard.press("ArrowDown")
    assert [one for one in violations(home) if "found" in one or "#q" in one] == []


@pytest.mark.parametrize("size", [PHONE, OFFICE])
def test_the_way_opens_by_the_keyboard_and_fits(open_page, size):
    page = open_page("/sites/150203-0001/", size)
    page.locator(".going summary").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="高德地图")).to_be_visible()
    expect(page.get_by_label("地址")).to_have_value("昆都仑区(原友谊广场) 包头法治公园")
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert violations(page) == []
