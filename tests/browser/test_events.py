"""What is on, as people use it: by keyboard, by finger, without scripts, with a position."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OFFICE, PHONE

pytestmark = pytest.mark.browser

GEOLOCATION = {"latitude": 40.657, "longitude": 109.835}


@pytest.mark.parametrize("path", ["/events/", "/events/?view=week", "/events/?view=month"])
@pytest.mark.parametrize("size", [PHONE, OFFICE], ids=["phone", "office"])
def test_a_page_of_events_says_nothing_to_the_console(open_page, path, size):
    page = open_page(path, size)
    expect(page.locator("h1")).to_have_text("活动")
    assert page.said == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


def test_today_and_the_weekend_are_on_the_first_screen_of_a_phone(open_page):
    page = open_page("/events/", PHONE)
    for name in ("soon-today", "soon-weekend"):
        assert page.locator(f"#{name}").bounding_box()["y"] < PHONE["height"]


def test_the_data_for_search_engines_is_no_script_to_the_policy(open_page):
    page = open_page("/events/")
    page.locator("main .event-line").first.click()
    expect(page.locator("script[type='application/ld+json']")).to_have_count(2)
    assert page.said == []


def test_what_is_on_is_found_by_keyboard_alone(open_page):
    page = open_page("/events/")
    page.locator(".layouts a", has_text="月").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/events/?view=month")
    page.locator(".month .date", has_text="场").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**view=day**")
    page.locator(".one-day .event-line").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("a.button", has_text="分享")).to_be_visible()


def test_everything_but_the_position_works_without_scripts(open_page):
    page = open_page("/events/", PHONE, java_script_enabled=False)
    page.locator(".choice summary").click()
    page.locator("[name=kind]").select_option("show")
    page.locator("[name=place]").fill("包头法治公园")
    page.locator("[name=within]").select_option("50000")
    page.get_by_role("button", name="看一看").click()
    expect(page.locator(".chosen .chip").first).to_contain_text("演出")
    expect(page.locator(".chosen")).to_contain_text("离包头法治公园 50 公里以内")
    assert "near=150203-0001" in page.url
    page.locator(".layouts a", has_text="周").click()
    assert "kind=show" in page.url
    expect(page.locator("#nearest")).to_be_hidden()


def test_near_me_sends_the_nearest_village_and_no_position(open_page):
    page = open_page("/events/", OFFICE, geolocation=GEOLOCATION, permissions=["geolocation"])
    page.locator("#nearest").click()
    page.wait_for_url("**near=**")
    expect(page.locator(".chosen")).to_contain_text("10 公里以内")
    assert not [url for url in page.asked if "40.65" in url or "109.8" in url]


def test_a_refused_position_says_what_to_do(open_page):
    page = open_page("/events/", OFFICE)
    page.locator("#nearest").click()
    expect(page.locator("#nearest-said")).to_contain_text("离哪里近")


def test_the_short_address_of_an_event_is_copied_and_opens_it(open_page):
    page = open_page("/events/", OFFICE, permissions=["clipboard-read", "clipboard-write"])
    page.locator("main .event-line").first.click()
    event = page.url
    button = page.locator("section [data-copy]")
    button.click()
    expect(button).to_have_text("已复制")
    expect(button).to_have_text("复制")
    page.goto(page.evaluate("navigator.clipboard.readText()"))
    assert page.url == event
