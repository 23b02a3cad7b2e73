"""The map page, in a real browser, as a citizen and a planner see it."""

import gzip
import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OFFICE, PHONE

pytestmark = pytest.mark.browser
IN_KUNDULUN = {"longitude": 109.84, "latitude": 40.657}
INNER_CITY = ["150202", "150203", "150204"]  # 东河, 昆都仑, 青山: the densest
# Where the map draws these [lon, lat], in pixels of the window.
PIXELS = """(points) => {
  const map = window.mapLayers.sites._map;
  const frame = map.getContainer().getBoundingClientRect();
  return points.map(([lon, lat]) => map.latLngToContainerPoint([lat, lon]))
    .map(({ x, y }) => [x + frame.left, y + frame.top]);
}"""


def api(page, path):
    answer = page.request.get(f"/api/v1{path}")
    assert answer.ok, answer.text()
    return answer.json()


def corners(features):
    """The corners of the box around these polygons, as [lon, lat]."""
    parts = [feature["geometry"]["coordinates"] for feature in features]
    while isinstance(parts[0][0], list):
        parts = [part for several in parts for part in several]
    lons, lats = zip(*parts, strict=True)
    return [[min(lons), min(lats)], [max(lons), max(lats)]]


def assert_in_sight(page, points):
    """These points are drawn where nothing lies over the map."""
    stage, window = page.locator(".stage").bounding_box(), page.viewport_size
    left, top, bottom = stage["x"], stage["y"], stage["y"] + stage["height"]
    if window == PHONE:
        tools = page.locator(".map-tools").bounding_box()
        top, bottom = tools["y"] + tools["height"], page.locator("#handle").bounding_box()["y"]
    for x, y in page.evaluate(PIXELS, points):
        assert left <= x <= window["width"]
        assert top <= y <= bottom


@pytest.mark.parametrize("size", [PHONE, OFFICE], ids=["phone", "office"])
@pytest.mark.parametrize("path", ["/", "/?view=coverage&standard=active", "/coverage/"])
def test_a_map_page_is_silent_and_asks_nobody_else(open_map, site_url, path, size):
    page = open_map(path, size)
    assert page.said == []
    assert [url for url in page.asked if not url.startswith((site_url, "data:"))] == []


@pytest.mark.parametrize("size", [PHONE, OFFICE], ids=["phone", "office"])
@pytest.mark.parametrize("path", ["/", "/events/", "/coverage/", "/data/", "/sites/150203-0001/"])
def test_no_page_is_wider_than_its_window(open_page, path, size):
    page = open_page(path, size)
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


def test_the_home_page_weighs_at_most_150_kilobytes(open_map):
    page = open_map("/", PHONE)
    weights = {}
    for url in set(page.asked):
        answer = page.request.get(url, headers={"Accept-Encoding": "gzip"})
        body = answer.body()
        packed = answer.headers.get("content-encoding") == "gzip"
        weights[url] = len(gzip.compress(body, 6)) if packed else len(body)
    assert sum(weights.values()) <= 150 * 1024, weights


def test_the_map_opens_on_all_560_places_and_this_week(open_map):
    page = open_map("/")
    expect(page.locator("#places-count")).to_contain_text("560")
    assert page.locator("#week .card:visible").count() >= 3
    on_map = page.locator(".ring span").all_inner_texts()
    assert sum(map(int, on_map)) + page.locator(".site").count() == 560


def test_a_phone_opens_on_the_inner_city_however_quick_the_data(open_map):
    page = open_map("/", PHONE)
    counties = api(page, "/regions?level=county")["features"]
    inner = corners([county for county in counties if county["id"] in INNER_CITY])
    assert_in_sight(page, inner)
    page.reload()  # all is in the browser's cache now
    page.locator("body[data-ready]").wait_for()
    assert_in_sight(page, inner)


def test_the_inner_city_is_framed_in_whole_even_while_the_map_zooms(open_map):
    page = open_map("/")
    counties = api(page, "/regions?level=county")["features"]
    page.evaluate("document.querySelector('.leaflet-control-zoom-in').click()")
    page.get_by_role("button", name="市区").click()
    expect(page.locator("#places-count")).not_to_contain_text("560")
    page.wait_for_timeout(400)  # a zoom takes 250 ms
    assert_in_sight(page, corners([c for c in counties if c["id"] in INNER_CITY]))


def test_a_phone_lists_the_places_that_can_be_seen(open_map):
    page = open_map("/", PHONE)
    tools, handle = (page.locator(name).bounding_box() for name in (".map-tools", "#handle"))
    sites = api(page, "/sites?kind=square,park,corridor,base&tier=city,county&limit=10000")
    points = [site["geometry"]["coordinates"] for site in sites["features"]]
    seen = [
        0 <= x <= PHONE["width"] and tools["y"] + tools["height"] <= y <= handle["y"]
        for x, y in page.evaluate(PIXELS, points)
    ]
    told = int("".join(filter(str.isdigit, page.locator("#places-count").inner_text())))
    assert abs(sum(seen) - told) <= 0.02 * len(points)
    assert told < len(points)


@pytest.mark.parametrize("size", [PHONE, OFFICE], ids=["phone", "office"])
def test_the_keyboard_reaches_the_search_right_after_the_skip_link(open_map, size):
    page = open_map("/", size)
    reached = []
    for _ in range(2):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.id"))
    assert "q" in reached


def test_the_name_and_every_way_on_are_whole_on_a_phone_in_english(open_map):
    page = open_map("/", PHONE)
    page.locator("#menu summary").click()
    page.get_by_role("button", name="English").click()
    brand = page.locator(".brand", has_text="Law Map")
    assert brand.evaluate("(name) => name.scrollWidth - name.clientWidth") == 0
    page.locator("#menu summary").click()
    page.locator("#menu").get_by_role("link", name="Coverage").click()
    expect(page).to_have_url(re.compile("/coverage/"))


def test_a_kind_narrows_the_map_and_the_list_and_stays_in_the_address(open_map):
    page = open_map("/")
    parks = api(page, "/sites?kind=park&tier=city,county&limit=1")["numberMatched"]
    chip = page.locator(".chip[data-kind=park]")
    chip.click()
    expect(page.locator("#places-count")).to_contain_text(f" {parks} ")
    expect(chip).to_contain_text(str(parks))
    said = page.locator("#places-said")
    expect(said).to_contain_text(f" {parks} ")
    page.get_by_role("button", name="市区").click()  # moving the map is not asking
    expect(page.locator("#places-count")).not_to_contain_text(f" {parks} ")
    page.wait_for_timeout(1000)
    expect(said).to_contain_text(f" {parks} ")
    page.reload()
    expect(page.locator("#places-count")).to_contain_text(f" {parks} ")


def test_the_list_is_in_step_with_the_map(open_map):
    page = open_map("/")
    page.get_by_role("button", name="市区").click()
    expect(page.locator("#places-count")).not_to_contain_text("560")
    in_view = int("".join(filter(str.isdigit, page.locator("#places-count").inner_text())))
    for _ in range(20):
        if page.locator("#more").is_hidden():
            break
        page.locator("#more").click()
    assert page.locator("#places .place").count() == in_view


def test_a_place_opens_to_its_next_and_its_past_events(open_map):
    page = open_map("/?place=150203-0001")
    detail = page.locator("#detail")
    expect(detail.get_by_role("heading", name="包头法治公园")).to_be_visible()
    held = api(page, "/events?site=150203-0001&status=held&limit=10000")["numberMatched"]
    coming = [
        event
        for event in api(page, "/events?site=150203-0001&from=2026-11-25")["features"]
        if event["properties"]["status"] in ("planned", "confirmed")
    ]
    assert detail.locator(".event-line").count() == min(held, 10) + len(coming)
    detail.get_by_role("link", name="详情与全部记录").click()
    expect(page.locator("h1")).to_contain_text("包头法治公园")


def test_a_click_on_the_list_shows_the_place_on_the_map(open_map):
    page = open_map("/", PHONE)
    first = page.locator("#places .place").first
    name = first.locator(".name").inner_text()
    first.click()
    expect(page.locator("#detail h2")).to_contain_text(name)
    expect(page.locator(".site.chosen")).to_have_count(1)


def test_nearest_to_me_is_truly_nearest(open_map):
    page = open_map("/", PHONE, geolocation=IN_KUNDULUN, permissions=["geolocation"])
    page.get_by_role("button", name="离我最近").click()
    expect(page.locator(".me")).to_be_visible()
    near = api(page, "/sites?near=109.84,40.657&limit=5")["features"]
    expect(page.locator("#places .place .name").first).to_have_text(near[0]["properties"]["name"])
    shown = page.locator("#places .place .name").all_inner_texts()
    assert shown[:5] == [site["properties"]["name"] for site in near]
    page.keyboard.press("Tab")
    expect(page.locator("#places .place").first).to_be_focused()
    assert page.evaluate("scrollY") == 0, "the head goes out of sight"
    assert not any("109.84" in url for url in page.asked), "the position leaves the phone"


def test_without_a_position_a_tap_on_the_map_will_do(open_map):
    page = open_map("/", OFFICE)
    page.get_by_role("button", name="离我最近").click()
    expect(page.locator("#message")).to_contain_text("点一下")
    page.locator("#map_main").click(position={"x": 300, "y": 450})
    expect(page.locator(".me")).to_be_visible()


def test_search_finds_a_place_by_a_part_of_its_name(open_map):
    page = open_map("/", PHONE)
    page.locator("#q").fill("法治公园")
    page.locator("#found a", has_text="包头法治公园").click()
    expect(page.locator("#detail h2")).to_contain_text("包头法治公园")


def test_search_without_a_result_says_so(open_map):
    page = open_map("/", PHONE)
    page.locator("#q").fill("不存在的地方")
    expect(page.locator("#found")).to_contain_text("没有找到")


@pytest.mark.parametrize("standard", ["near", "active", "front"])
def test_the_legend_counts_what_the_api_counts(open_map, standard):
    page = open_map(f"/?view=coverage&standard={standard}")
    villages = api(page, f"/villages?standard={standard}&limit=10000")["features"]
    verdicts = [village["properties"] for village in villages]
    counts = page.locator("#legend dd").all_inner_texts()
    assert int(counts[0]) == sum(verdict["met"] for verdict in verdicts)
    assert sum(map(int, counts[:-1])) == 821
    assert int(counts[-1]) == sum(not verdict["certain"] for verdict in verdicts)
    assert page.locator("path.village").count() == 821


def test_the_switch_to_coverage_stays_in_the_address(open_map):
    page = open_map("/")
    page.get_by_role("link", name="覆盖情况").click()
    expect(page.locator("#legend")).to_be_visible()
    assert "view=coverage" in page.url
    page.locator("#standard").select_option("near")
    expect(page.locator("#sentence")).to_contain_text("5 公里")
    page.reload()
    expect(page.locator("#standard")).to_have_value("near")
    expect(page.locator("#legend")).to_be_visible()
    page.get_by_role("link", name="场所与活动").click()
    expect(page.locator("#places-view")).to_be_visible()
    assert "view=" not in page.url


def test_back_returns_to_the_former_view(open_map):
    page = open_map("/?kind=park")
    page.get_by_role("link", name="覆盖情况").click()
    expect(page.locator("#legend")).to_be_visible()
    page.go_back()
    expect(page.locator("#places-view")).to_be_visible()
    expect(page.locator("#legend")).to_be_hidden()
    expect(page.locator("path.village")).to_have_count(0)
    expect(page.locator(".chip[data-kind=park]")).to_have_attribute("aria-pressed", "true")
    assert "view=" not in page.url
    page.go_forward()
    expect(page.locator("#legend")).to_be_visible()
    assert "view=coverage" in page.url


def test_what_is_doubtful_is_told_as_a_part_of_the_whole(open_map):
    page = open_map("/?view=coverage&standard=near")
    rows = api(page, "/standards/near/coverage?by=county")["rows"]
    figures = page.locator("#figures b").all_inner_texts()
    assert sum(map(int, figures)) == 821
    doubtful = sum(row["doubtful"] for row in rows)
    expect(page.locator("#doubtful")).to_contain_text(f"其中待核实 {doubtful} 个")


def test_a_standard_for_counties_fills_them_and_counts_them(open_map):
    page = open_map("/?view=coverage&standard=near")

    def one_without(route):
        answer = route.fetch()
        board = answer.json()
        board["rows"][0] |= {"built": 0, "met": 0, "share": 0.0}
        route.fulfill(response=answer, json=board)

    page.route("**/standards/theme/coverage?*", one_without)
    page.locator("#standard").select_option("theme")
    expect(page.locator("path.county-state.effective")).to_have_count(8)
    expect(page.locator("path.county-state.none")).to_have_count(1)
    expect(page.locator("path.village")).to_have_count(0)
    expect(page.locator("#legend dl")).to_contain_text("未达到")
    assert page.locator("#legend dd").all_inner_texts() == ["8", "1", "0"]
    dashes = "path => getComputedStyle(path).strokeDasharray"
    assert page.locator("path.county-state.none").evaluate(dashes) != "none"
    assert page.locator("path.county-state.effective").first.evaluate(dashes) == "none"


def test_the_legend_takes_one_line_of_a_phone(open_map):
    page = open_map("/?view=coverage&standard=active", PHONE)
    assert page.locator("#legend").bounding_box()["height"] <= 44
    assert len(page.locator("#legend dd:visible").all()) == 4


def test_search_names_what_a_result_lies_in(open_map):
    page = open_map("/")
    page.locator("#q").fill("法治公园")
    result = page.locator("#found a", has_text="包头法治公园")
    expect(result.locator("small")).to_have_text("场所 · 昆都仑区")


def test_a_county_shows_its_share_on_the_map(open_map):
    page = open_map("/?view=coverage&standard=near")
    rows = api(page, "/standards/near/coverage?by=county")["rows"]
    damao = next(row for row in rows if row["code"] == "150223")
    label = page.locator(".label.county", has_text="达尔罕茂明安联合旗")
    expect(label).to_contain_text(f"{int(damao['share'] * 100)}%")
    below = "达尔罕茂明安联合旗", "固阳县"
    assert damao["share"] < sum(row["met"] for row in rows) / 821
    marked = page.locator(".label.county", has=page.locator("small.below")).all_inner_texts()
    assert set(below) <= {text.split("\n")[0] for text in marked}
    assert not any("昆都仑区" in text for text in marked)


# What a phone's share sheet would be handed is kept instead.
SHARED = """navigator.canShare = () => true;
navigator.share = async ({ title, url, files }) => { window.shared = [title, url, files[0].type]; };"""


def test_a_card_and_a_place_are_shared_with_their_picture_and_short_address(open_page, site_url):
    page = open_page("/data/", PHONE)
    page.add_init_script(SHARED)
    for path, link, letter in (
        ("/", "#cards li:first-child [data-share]", "e"),
        ("/?place=150203-0001", "#detail [data-share]", "s"),
    ):
        page.goto(path)
        page.locator("body[data-ready]").wait_for()
        title = page.locator(link).get_attribute("data-share")
        page.locator(link).click()
        told = page.wait_for_function("() => window.shared").json_value()
        assert [told[0], told[2]] == [title, "image/png"]
        assert re.fullmatch(rf"{site_url}/{letter}/\w+", told[1])
    assert page.said == []
