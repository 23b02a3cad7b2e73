"""A citizen's tasks by keyboard alone, and without JavaScript."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OFFICE, PHONE

pytestmark = pytest.mark.browser
FOCUSED = "[document.activeElement.innerText, document.activeElement.ariaLabel, document.activeElement.id].join(' ')"
MOST_STEPS = 40


def tab_to(page, wanted):
    """Press Tab until what has the focus says `wanted`; how many times."""
    for step in range(1, MOST_STEPS + 1):
        page.keyboard.press("Tab")
        if re.search(wanted, page.evaluate(FOCUSED)):
            return step
    raise AssertionError(f"{MOST_STEPS} × Tab do not reach {wanted}")


def test_a_place_is_found_and_the_way_there_by_keyboard_alone(open_map):
    page = open_map("/", OFFICE)
    tab_to(page, "q$")
    page.keyboard.type("包头法治公园")
    expect(page.locator("#found")).to_contain_text("包头法治公园")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    heading = page.locator("#detail h2")
    expect(heading).to_contain_text("包头法治公园")
    expect(heading).to_be_focused()
    tab_to(page, "路线")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.innerText") == "高德地图"
    assert page.evaluate("document.activeElement.href").startswith("https://uri.amap.com/")
    page.keyboard.press("Escape")
    assert "路线" in page.evaluate("document.activeElement.innerText")
    tab_to(page, "详情")
    page.keyboard.press("Enter")
    page.wait_for_url("**/sites/150203-0001/")


def test_an_event_is_found_and_kept_in_the_calendar_by_keyboard_alone(open_page):
    page = open_page("/", OFFICE)
    tab_to(page, "^活动")
    page.keyboard.press("Enter")
    page.wait_for_url("**/events/")
    tab_to(page, r"\d\d:\d\d\s")
    page.keyboard.press("Enter")
    page.wait_for_url("**/events/E*/")
    tab_to(page, "日历")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert download.value.suggested_filename.endswith(".ics")


def test_the_menu_opens_and_closes_by_keyboard(open_page):
    page = open_page("/data/", PHONE)
    tab_to(page, "更多")
    page.keyboard.press("Enter")
    expect(page.locator("#menu")).to_have_attribute("open", "")
    tab_to(page, "English")
    page.keyboard.press("Escape")
    expect(page.locator("#menu summary")).to_be_focused()
    expect(page.locator("#menu")).not_to_have_attribute("open", "")


def plain(open_page, path):
    return open_page(path, PHONE, java_script_enabled=False)


def test_without_script_a_place_is_found_by_name(open_page):
    page = plain(open_page, "/")
    page.locator("#q").fill("法治公园")
    page.locator("#q").press("Enter")
    page.locator("main a", has_text="包头法治公园").first.click()
    expect(page.locator("h1")).to_contain_text("包头法治公园")


def test_without_script_no_result_leads_on(open_page):
    page = plain(open_page, "/search/?q=不存在的地方")
    expect(page.locator("main")).to_contain_text("没有找到")
    page.locator("main").get_by_role("link", name="看近期的活动").click()
    expect(page.locator("h1")).to_contain_text("活动")


def test_without_script_places_are_listed_by_county(open_page):
    page = plain(open_page, "/")
    page.get_by_role("link", name="昆都仑区").click()
    page.get_by_role("link", name="包头法治公园", exact=True).click()
    expect(page.locator("h1")).to_contain_text("包头法治公园")


def test_without_script_an_event_is_kept_in_the_calendar(open_page):
    page = plain(open_page, "/events/")
    page.locator("main .event-line").first.click()
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("日历")).first.click()
    assert download.value.suggested_filename.endswith(".ics")
