"""The city as it was last seen, without network: the map, the list, the search, places."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, sign_in

pytestmark = pytest.mark.browser
KEPT = """async () => {
  await navigator.serviceWorker.ready;
  const names = (await caches.keys()).filter((name) => name.startsWith("city-pages"));
  return (await Promise.all(names.map(async (name) => (await caches.open(name)).keys()))).flat().map(({ url }) => url);
}"""


@pytest.fixture
def phone(open_page):
    """A phone that has opened the map once, with network."""

    def opened(path="/"):
        page = open_page(path, PHONE, service_workers="allow")
        page.wait_for_function("() => navigator.serviceWorker.controller !== null")
        return page

    return opened


def ready(page):
    page.locator("body[data-ready]").wait_for()


def test_the_map_and_the_list_open_without_network_and_say_since_when(phone):
    page = phone()
    ready(page)
    page.context.set_offline(True)
    page.goto("/?kind=")
    ready(page)
    expect(page.locator("#places .place").first).to_be_visible()
    assert page.locator(".ring, .pin").count() > 0
    expect(page.locator("#offline")).to_have_text(
        re.compile(r"离线,数据截至 \d+月\d+日.*\d\d:\d\d。")
    )
    page.context.set_offline(False)


def test_without_network_the_map_keeps_its_place_under_a_strip_as_wide_as_the_phone(phone):
    page = phone()
    ready(page)
    page.context.set_offline(True)
    page.reload()
    ready(page)
    expect(page.locator("#offline")).to_be_visible()
    strip, stage = (page.locator(one).bounding_box() for one in ("#offline", ".home .stage"))
    finder = page.locator(".finder").bounding_box()
    assert [box["width"] for box in (strip, stage, finder)] == [PHONE["width"]] * 3
    assert finder["y"] >= strip["y"] + strip["height"]
    assert stage["y"] == finder["y"]


def test_a_part_of_a_name_or_its_pinyin_finds_a_place_without_network(phone):
    page = phone()
    page.context.set_offline(True)
    page.goto("/")
    ready(page)
    page.locator("#q").fill("法治公园")
    page.locator("#found a", has_text="包头法治公园").click()
    expect(page.locator("#detail h2")).to_contain_text("包头法治公园")
    page.locator("#q").fill("馨园社")
    expect(page.locator("#found a", has_text="馨园社区")).to_be_visible()
    for typed in ("baotoufazhigongyuan", "btfzgy", "包头fzgy"):
        page.locator("#q").fill(typed)
        expect(page.locator("#found a").first).to_contain_text("包头法治公园")


def test_a_page_that_was_opened_opens_again_and_a_place_that_was_not_on_the_map(phone):
    page = phone()
    page.goto("/sites/150203-0001/")
    heading = page.locator("h1").inner_text()
    page.context.set_offline(True)
    page.goto("/sites/150203-0001/")
    assert page.locator("h1").inner_text() == heading
    expect(page.locator("#offline")).to_contain_text("离线")
    page.goto("/sites/150203-0002/")
    ready(page)
    expect(page.locator("#detail h2")).to_be_visible()
    page.goto("/events/")
    expect(page.locator(".event-line").first).to_be_visible()
    page.goto("/reports/")
    expect(page.locator("h1")).to_have_text("没有网络")


def test_an_event_and_a_village_that_were_never_opened_say_what_is_known_of_them(phone):
    page = phone()
    page.context.set_offline(True)
    page.goto("/")
    ready(page)
    page.get_by_role("button", name="再看一些").first.click()
    card = page.locator("#cards .card:has(.go)").last  # the browser's day is not the server's
    name, where = card.locator("h3").inner_text(), card.locator(".where").inner_text()
    card.locator("h3 a").click()
    expect(page.locator("h1")).to_have_text(name)
    expect(page.locator("main")).to_contain_text(where.split(" · ")[0])
    assert re.search(r"\d+月\d+日 周. \d\d:\d\d", page.locator(".lead").inner_text())
    page.locator("main .go").click()
    expect(page.locator(".choice").get_by_role("link", name="高德地图")).to_be_visible()
    expect(page.locator(".choice").get_by_label("地址")).to_have_value(re.compile("[区旗县]"))
    page.goto("/villages/150202002405/")
    expect(page.locator("h1")).to_have_text("馨园社区")
    expect(page.locator("main")).to_contain_text("东河区 · 财神庙街道")
    page.locator("main .go").click()
    expect(page.locator(".choice .rough")).to_contain_text("误差约 4.8 公里")
    assert page.said == [] or all("ERR_INTERNET" in said for said in page.said)


def test_without_network_a_search_says_what_it_finds_or_that_it_finds_nothing(phone):
    page = phone()
    page.context.set_offline(True)
    page.goto("/search/?q=包头法制公园")
    expect(page.locator("main li a").first).to_contain_text("包头法治公园")
    page.goto("/search/?q=zzzzzz")
    expect(page.locator("main")).to_contain_text("没有找到")
    page.goto("/search/?q=草原上的民法典")
    expect(page.locator("main li a").first).to_have_attribute("href", re.compile("^/events/E"))


def test_without_network_nothing_is_said_of_a_past_that_is_not_known(phone):
    page = phone()
    page.context.set_offline(True)
    page.goto("/?place=150203-0002")
    ready(page)
    expect(page.locator("#detail")).to_contain_text("没有网络,看不到以前的活动。")


def test_whoever_signs_in_has_the_city_without_network_too(open_page):
    page = open_page("/admin/login/?next=/", PHONE, service_workers="allow")
    sign_in(page)
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    page.context.set_offline(True)
    page.goto("/")
    ready(page)
    assert page.locator(".ring, .pin").count() > 0
    page.goto("/services/")
    expect(page.locator("h1")).to_have_text("公共法律服务")


@pytest.mark.parametrize("path", ["/", "/events/"])
def test_a_page_that_was_kept_two_days_ago_does_not_call_that_day_today(open_page, path):
    page = open_page("/offline/", PHONE)

    def kept(route):
        text = route.fetch().text()
        old = text.replace("<html ", '<html data-kept="2026-11-25T02:00:00Z" ', 1)
        route.fulfill(body=old, content_type="text/html; charset=utf-8")

    page.clock.set_fixed_time("2026-11-27T10:00:00+08:00")
    page.route(re.compile(rf"{path}$"), kept)
    page.goto(path)
    times = page.locator("#cards .when time, .soon time, .agenda-main .event-way time")
    expect(times.first).to_be_visible()
    if path == "/":
        ready(page)
    told = times.evaluate_all("all => all.map(({ dateTime }) => dateTime)")
    assert told
    assert min(told) >= "2026-11-27"
    said = page.locator("main").inner_text()
    assert [word for word in ("今天", "明天", "后天") if word in said] == []


def test_nothing_is_kept_of_whoever_is_signed_in(phone):
    page = phone()
    page.goto("/admin/login/?next=/data/")
    sign_in(page)
    expect(page.locator("h1")).to_have_text("数据从哪里来")
    page.goto("/sites/150203-0003/")
    page.goto("/tours/")
    assert [
        url for url in page.evaluate(KEPT) if re.search("/data/|/tours/|150203-0003", url)
    ] == []
    page.goto("/admin/")
    page.locator("#logout-form button").click()
    page.goto("/offline/")
    assert [url for url in page.evaluate(KEPT) if "/sites/" in url] == []
    page.context.set_offline(True)
    page.goto("/tours/")
    expect(page.locator("h1")).to_have_text("没有网络")


def test_the_page_can_be_installed(open_page):
    page = open_page("/")
    address = page.locator("link[rel=manifest]").get_attribute("href")
    about = page.request.get(address).json()
    assert about["name"] == "包头法治地图"
    assert about["display"] == "standalone"
    for icon in about["icons"]:
        answer = page.request.get(icon["src"])
        assert answer.headers["content-type"] == icon["type"]
    assert {"192x192", "512x512"} <= {icon["sizes"] for icon in about["icons"]}
