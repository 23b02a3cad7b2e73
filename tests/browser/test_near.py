"""The citizen's first screen: what is on, who is near, the list over the map, the keyboard."""

import re

import pytest
from playwright.sync_api import expect

from mapui.outward.navigation import links
from tests.browser import axe
from tests.browser.conftest import OFFICE, PHONE

pytestmark = pytest.mark.browser
IN_KUNDULUN = {"longitude": 109.84, "latitude": 40.657}
FOCUSED = "document.activeElement.getAttribute('aria-label') || document.activeElement.innerText"
# What moved without the user's doing: [[how much, what …] …].
SHIFTS = """() => new Promise((done) => {
  new PerformanceObserver((list) => done(list.getEntries().filter(({ hadRecentInput }) => !hadRecentInput)
    .map(({ value, sources }) => [value, ...sources.map(({ node, previousRect, currentRect }) =>
      [node?.outerHTML?.slice(0, 80), JSON.stringify(previousRect), JSON.stringify(currentRect)].join(" "))])))
    .observe({ type: "layout-shift", buffered: true });
  setTimeout(done, 300, []);
})"""


def test_the_first_screen_says_what_is_on_when_where_and_how_to_get_there(open_map):
    page = open_map("/", PHONE)
    card = page.locator(".card").first
    expect(card).to_be_in_viewport()
    expect(card.locator("time")).to_contain_text(":")
    expect(card.locator(".where")).not_to_be_empty()
    expect(page.locator(".dock").get_by_role("link", name="12348")).to_have_attribute(
        "href", "tel:12348"
    )


def test_the_way_is_two_taps_at_first_then_one_in_the_app_that_was_used(open_map):
    page = open_map("/", PHONE)
    page.route(re.compile("^https://"), lambda route: route.fulfill(body="map app"))
    card = page.locator(".card:has(.go)").first
    way, choice = card.get_by_role("link", name="的路线"), page.locator(".choice")
    name, point = way.get_attribute("data-going"), card.get_attribute("data-point")
    way.click()
    wanted = links(*map(float, point.split(",")), name)
    apps = {"amap": "高德", "baidu": "百度", "tencent": "腾讯", "apple": "苹果"}
    for app, label in apps.items():
        link = card.get_by_role("link", name=label)
        assert link.get_attribute("href") == wanted[app]
        assert link.bounding_box()["height"] >= 44
    assert choice.get_by_label("地址").input_value().endswith(name)
    assert axe.violations(page) == []
    page.keyboard.press("Escape")
    expect(way).to_be_focused()
    expect(choice).to_have_count(0)
    way.click()
    choice.get_by_role("link", name="百度地图").click()
    page.wait_for_url("https://api.map.baidu.com/**")
    page.go_back()
    page.locator("body[data-ready]").wait_for()
    way.click()
    page.wait_for_url(wanted["baidu"])
    page.goto("/events/")
    page.get_by_role("button", name="用别的地图去").first.click()
    expect(choice.get_by_role("link")).to_have_count(4)
    page.goto("/?place=150203-0002")
    page.locator("#detail .go").click()
    page.wait_for_url("https://api.map.baidu.com/**")
    page.goto("/sites/150203-0002/")
    page.get_by_role("link", name="用百度地图去").click()
    page.wait_for_url("https://api.map.baidu.com/**")


def test_nobody_is_sent_to_a_rough_position_unwarned(open_map):
    """The park's position is good to 1.5 km: on the map, on its page and in lists it is said."""
    page = open_map("/?place=150203-0001", PHONE)
    page.route(re.compile("^https://"), lambda route: route.fulfill(body="map app"))
    page.evaluate("localStorage.setItem('map-app', 'baidu')")
    page.reload()
    page.locator("#detail .go").click()
    warning = page.locator(".choice .rough")
    expect(warning).to_have_text("位置是近似的,误差约 1.5 公里;去之前请先问一问。")
    page.goto("/sites/150203-0001/")
    expect(page.get_by_role("link", name="用百度地图去")).to_have_count(0)
    page.goto("/events/?from=2026-12-01&to=2026-12-01")
    page.get_by_role("link", name="去 包头法治公园 的路线").click()
    expect(warning).to_contain_text("1.5 公里")
    page.get_by_role("link", name=re.compile("^去 示例")).first.click()
    page.wait_for_url("https://api.map.baidu.com/**", wait_until="commit")


def test_the_weekend_alone_can_be_asked_for(open_map):
    page = open_map("/", PHONE)
    chip = page.locator("[data-span=weekend]")
    chip.click()
    shown = int(chip.locator("b").inner_text())
    assert page.locator(".card:visible").count() == min(shown, 8)
    assert page.locator(".card:visible:not([data-when*=weekend])").count() == 0


def test_near_me_tells_the_way_on_foot_and_puts_near_events_first(open_map):
    page = open_map("/", PHONE, geolocation=IN_KUNDULUN, permissions=["geolocation"])
    page.locator("#dock-near").click()
    expect(page.locator("#places .walk").first).to_contain_text("步行约")
    assert page.locator("#places .place").count() == 5
    expect(page.locator(".card .far").first).to_contain_text("分钟")
    rough = page.locator(".card:has([data-rough]) .far")
    assert rough.count() > 0
    assert all(text.startswith("约 ") for text in rough.all_text_contents())
    assert not any("109.84" in url or "40.657" in url for url in page.asked)


def test_without_a_position_a_place_that_is_searched_for_will_do(open_map):
    page = open_map("/", PHONE)
    page.locator("#near").click()
    expect(page.locator("#message")).to_contain_text("搜索框")
    page.locator("#q").fill("馨园社区")
    page.locator("#found a", has_text="馨园社区").first.click()
    expect(page.locator("#places-title")).to_contain_text("馨园社区")
    expect(page.locator(".me")).to_be_visible()
    assert page.locator("#places .place").count() == 5


def test_the_list_has_three_heights_by_key(open_map):
    page = open_map("/", PHONE)
    handle, heights = page.locator("#handle"), []
    for key in ("ArrowDown", "ArrowUp", "ArrowUp"):
        handle.press(key)
        page.wait_for_timeout(300)
        heights.append(page.locator("#panel-body").bounding_box()["height"])
    peek, half, full = heights
    assert peek < 80 < half < full
    expect(handle).to_have_attribute("aria-expanded", "true")
    assert full > 0.6 * PHONE["height"]


def test_the_list_follows_a_finger(open_map):
    page = open_map("/", PHONE)
    box = page.locator("#handle").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + 20
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y - 300, steps=5)
    page.mouse.up()
    expect(page.locator("#panel")).to_have_attribute("data-height", "full")


def test_a_mark_opens_by_key_and_the_focus_comes_back_to_it(open_map):
    page = open_map("/?kind=park", OFFICE)
    mark = page.locator(".site").first
    name = mark.get_attribute("aria-label")
    mark.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#detail h2")).to_be_focused()
    page.get_by_role("button", name="返回列表").press("Enter")
    assert page.evaluate(FOCUSED) == name


def test_a_ring_opened_by_key_leaves_the_focus_on_what_was_in_it(open_map):
    page = open_map("/", OFFICE)
    ring = page.locator(".ring").first
    assert "处场所" in ring.get_attribute("aria-label")
    ring.focus()
    page.keyboard.press("Enter")
    page.wait_for_timeout(800)
    assert page.evaluate("document.activeElement.matches('.site, .ring')")


def test_a_line_of_the_list_gets_the_focus_back(open_map):
    page = open_map("/", OFFICE)
    line = page.locator("#places .place").first
    code = line.get_attribute("data-code")
    line.press("Enter")
    expect(page.locator("#detail h2")).to_be_focused()
    page.get_by_role("button", name="返回列表").click()
    assert page.evaluate("document.activeElement.dataset.code") == code


@pytest.mark.parametrize("kind", ["service", "front"])
def test_what_is_apart_from_the_560_is_found_the_same_way(open_map, kind):
    page = open_map("/")
    chip = page.locator(f"[data-kind={kind}]")
    chip.click()
    expect(page.locator("#places-count")).to_contain_text("不计入场所")
    on_map = page.locator(".ring span").all_inner_texts()
    total = sum(map(int, on_map)) + page.locator(".site").count()
    assert total == int(chip.locator("b").inner_text())


def test_without_script_there_is_what_is_on_and_every_place_by_county(open_page):
    page = open_page("/", PHONE, java_script_enabled=False)
    assert page.locator(".card:visible").count() >= 3
    page.locator(".card .go").first.click()
    expect(page.get_by_role("link", name="高德地图")).to_be_visible()
    page.go_back()
    page.get_by_role("link", name="土默特右旗").click()
    assert page.locator(".plain ul a").count() > 50
    expect(page.locator(".plain ul a").first).to_be_visible()


def test_without_script_the_search_has_a_button(open_page):
    page = open_page("/", PHONE, java_script_enabled=False)
    page.get_by_role("searchbox").fill("btfzgy")
    page.get_by_role("button", name="查找").click()
    expect(page.locator("main")).to_contain_text("包头法治公园")


def test_nothing_moves_while_the_page_comes(open_map):
    page = open_map("/", PHONE)
    page.wait_for_timeout(500)
    moved = page.evaluate(SHIFTS)
    assert sum(value for value, *_what in moved) <= 0.02, moved
