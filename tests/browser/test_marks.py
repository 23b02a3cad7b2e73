"""Marks, list and panel in step: what a finger, the Tab key and the browser's Back meet on the map."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OFFICE, PHONE
from tests.browser.test_near import IN_KUNDULUN

pytestmark = pytest.mark.browser
SMALL = {"width": 360, "height": 640}
NAMES = "all => all.map((each) => each.querySelector('.name').innerText)"
# The labels of the marks whose middle can be pressed, in no order.
PRESSED = """() => [...document.querySelectorAll(".leaflet-marker-pane > [aria-label]")].filter((mark) => {
  const { left, top, width, height } = mark.getBoundingClientRect();
  const hit = document.elementFromPoint(left + width / 2, top + height / 2);
  return hit === mark || mark.contains(hit);
}).map((mark) => mark.ariaLabel).sort()"""
FOCUSED = "() => [document.activeElement.ariaLabel, document.activeElement.className]"


def test_who_is_nearest_stays_listed_after_one_of_them_was_looked_at(open_map):
    page = open_map("/", SMALL, permissions=["geolocation"], geolocation=IN_KUNDULUN)
    page.get_by_role("button", name="离我最近").click()
    nearest = page.locator("#places .place")
    expect(nearest).to_have_count(5)
    before = nearest.evaluate_all(NAMES)
    nearest.nth(1).click()
    page.locator("#detail .back").click()
    page.wait_for_timeout(300)  # whatever the map's move sets off
    assert nearest.evaluate_all(NAMES) == before


@pytest.mark.parametrize("closing", ["back", "Escape"])
def test_back_and_escape_close_a_place_and_leave_the_map_open(open_map, closing):
    page = open_map("/", OFFICE)
    line = page.locator("#places .place").nth(2)
    code = line.get_attribute("data-code")
    line.click()
    expect(page.locator("#detail")).to_be_visible()
    assert f"place={code}" in page.url
    if closing == "back":
        page.go_back()
    else:
        page.keyboard.press("Escape")
    expect(page.locator("#detail")).to_be_hidden()
    expect(page.locator(f"#places [data-code='{code}']")).to_be_focused()
    expect(page.locator("#places .place").first).to_be_visible()
    assert page.url.endswith("/")


@pytest.mark.parametrize("size", [PHONE, OFFICE])
def test_the_tab_key_comes_to_every_mark_that_is_seen_and_to_no_other(open_map, size):
    page = open_map("/", size)
    page.get_by_role("button", name="市区").click()
    page.wait_for_timeout(500)
    seen = page.evaluate(PRESSED)
    assert len(seen) > 3
    page.locator(".folium-map").focus()
    met = []
    for _ in range(len(seen) + 5):
        page.keyboard.press("Tab")
        name, look = page.evaluate(FOCUSED)
        if "leaflet-marker-icon" in look:
            met.append(name)
    assert set(seen) <= set(met)
    assert len(met) <= len(seen) + 3  # those that a button of the map covers
    assert page.evaluate(PRESSED) == seen  # nothing moved


def test_of_a_low_screen_the_map_keeps_a_part_with_marks(open_map):
    assert len(open_map("/", SMALL).evaluate(PRESSED)) >= 2


def test_a_mark_is_as_large_as_a_finger(open_map):
    page = open_map("/?place=150203-0002", PHONE)
    boxes = page.locator(".leaflet-marker-pane > [aria-label]").evaluate_all(
        "all => all.map((each) => [each.offsetWidth, each.offsetHeight])"
    )
    assert boxes
    assert min(min(box) for box in boxes) >= 44


def test_near_me_is_heard_before_the_map_is_there(open_page):
    page = open_page("/offline/", PHONE, permissions=["geolocation"], geolocation=IN_KUNDULUN)
    page.route("**/api/v1/sites?*", lambda route: (page.wait_for_timeout(600), route.continue_()))
    page.goto("/", wait_until="commit")
    page.get_by_role("button", name="离我最近").click()
    expect(page.locator("#message")).to_contain_text("地图正在打开")
    expect(page.locator("#places-title")).to_have_text("离您最近的场所")


def test_suggestions_stay_closed_once_they_are_closed(open_map):
    page = open_map("/", PHONE)
    page.route("**/api/v1/search*", lambda route: (page.wait_for_timeout(400), route.continue_()))
    with page.expect_response("**/api/v1/search*"):
        page.locator("#q").press_sequentially("hongqing")
        page.wait_for_timeout(200)
        page.keyboard.press("Escape")
    page.wait_for_timeout(200)
    expect(page.locator("#found")).to_be_hidden()
    expect(page.locator("#q")).to_have_attribute("aria-expanded", "false")


def test_the_map_its_buttons_and_its_rings_have_names_in_the_pages_language(open_map):
    page = open_map("/", OFFICE)
    assert page.locator(".folium-map").get_attribute("aria-label") == "地图"
    expect(page.locator(".leaflet-control-zoom-in")).to_have_attribute("aria-label", "放大")
    names = page.locator(".ring").evaluate_all("all => all.map((each) => each.ariaLabel)")
    assert all(re.match(r"\S+[区旗县](等地)? \d+ 处场所", name) for name in names)


def test_on_a_phone_the_focus_stays_where_the_view_was_switched(open_map):
    page = open_map("/", PHONE)
    page.get_by_role("link", name="覆盖情况").press("Enter")
    expect(page.get_by_role("link", name="场所与活动")).to_be_focused()
