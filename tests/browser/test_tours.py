"""The leader's tour in a browser: asked for, watched, changed by mouse and keyboard, confirmed."""

import datetime
import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import LONG, PHONE

pytestmark = pytest.mark.browser

TALL = {"width": 1440, "height": 2600}  # both teams' weeks at once: to be dragged between


@pytest.fixture(scope="module")
def made():
    """Addresses of tours that tests of this file have made, to be copied by the next ones."""
    return {}


@pytest.fixture
def planned(open_signed_in, made, administrator, site_url):
    """A draft of two teams and two days of its own, on its page."""
    if "tour" not in made:
        made["tour"] = ask_for_tour(open_signed_in("/tours/", TALL))
    token = next(each for each in administrator.cookies() if each["name"] == "csrftoken")
    headers = {"X-CSRFToken": token["value"], "Referer": site_url}
    number = made["tour"].rstrip("/").rsplit("/", 1)[1]
    copied = administrator.request.post(
        f"/api/v1/tours/{number}/copy", data={"name": "试用方案"}, headers=headers
    )
    assert copied.status == 201, copied.text()
    page = open_signed_in(f"/tours/{copied.json()['id']}/", TALL)
    page.locator(".stop-card").first.wait_for()
    return page


def ask_for_tour(page):
    """Fill in the form and watch the plan come; the tour's address."""
    page.get_by_role("button", name="排一次巡演").click()
    page.get_by_label("几天").fill("2")
    page.get_by_label("几个队").fill("2")
    page.get_by_role("button", name="开始排").click()
    page.wait_for_url(re.compile(r"/tours/\d+/$"))
    page.locator(".stop-card").first.wait_for(timeout=LONG)
    return page.url


def changed(page, act):
    """Do something that the server stores, and wait until the page shows it."""
    with page.expect_response(lambda answer: answer.request.method == "PATCH") as got:
        act()
    assert got.value.status == 200, got.value.text()
    expect(page.locator("#week")).to_have_attribute("aria-busy", "false", timeout=LONG)
    return got.value.json()


def order(told, team=1):
    """The villages of a team in the order of its days."""
    days = [day for day in told["days"] if day["team"] == team]
    return [stop["village"] for day in days for stop in day["stops"]]


def shown(page):
    """The plan that the page has, asked of the API."""
    return page.request.get(f"/api/v1{re.search('/tours/[0-9]+', page.url)[0]}").json()


def test_a_tour_is_asked_for_in_a_minute_and_its_plan_appears(open_signed_in, made):
    page = open_signed_in("/tours/")
    expect(page.locator("#waiting-list tbody tr")).to_have_count(10)
    made["tour"] = ask_for_tour(page)
    told = shown(page)
    assert told["status"] == "draft"
    expect(page.locator(".stop-card")).to_have_count(told["sums"]["stops"])
    expect(page.locator("#figures .effective b")).to_have_text(f"+{told['sums']['newly']}")
    expect(page.locator(".route-stop")).to_have_count(told["sums"]["stops"])
    expect(page.locator("path.left-ring").first).to_be_attached()
    assert page.said == []


def test_the_villages_ticked_in_the_waiting_list_are_visited(open_signed_in):
    page = open_signed_in("/tours/")
    rows = page.locator("#waiting-list tbody tr")
    names = [rows.nth(n).locator("th").inner_text() for n in (0, 2)]
    for n in (0, 2):
        rows.nth(n).get_by_role("checkbox").check()
    page.get_by_role("button", name="用勾选的 2 个村排一次巡演").click()
    chosen = page.locator(".villages").first.locator(".picked button")
    expect(chosen).to_have_count(2)
    for n, name in enumerate(names):
        expect(chosen.nth(n)).to_contain_text(name)
    assert page.said == []


def test_a_village_is_picked_by_its_name_with_the_keyboard(open_signed_in):
    page = open_signed_in("/tours/new/")
    page.get_by_text("必去和不去的村").click()
    find = page.get_by_role("combobox", name="不去的村")
    find.fill("嘎查")
    proposed = page.locator(".options:visible [role=option]")
    expect(proposed.first).to_be_visible()
    name = proposed.nth(1).inner_text().split()[0]
    for key in ("ArrowDown", "ArrowDown", "Enter"):
        find.press(key)
    removed = page.get_by_role("button", name=re.compile(f"去掉 {name}"))
    expect(removed).to_be_visible()
    expect(find).to_be_focused()
    codes = page.locator("[name=exclude]").input_value()
    assert re.fullmatch("[0-9]{12}", codes)
    removed.press("Enter")
    assert not page.locator("[name=exclude]").input_value()
    assert page.said == []


def test_a_stop_moves_by_keyboard_and_undo_takes_it_back(planned):
    before = order(shown(planned))
    button = planned.locator(".do-later:not([disabled])").first
    key = button.get_attribute("data-key")
    told = changed(planned, lambda: button.press("Enter"))
    assert order(told) != before
    focused = planned.evaluate("document.activeElement.dataset.key")
    assert focused.split(":")[1] == key.split(":")[1]
    told = changed(planned, lambda: planned.get_by_role("button", name="撤销").click())
    assert order(told) == before
    assert planned.said == []


def test_a_stop_is_dragged_to_another_team(planned):
    card = planned.locator(".team.t1 .stop-card").first
    village = card.get_attribute("data-village")
    column = planned.locator(".team.t2 .day-column").nth(1)
    told = changed(planned, lambda: card.drag_to(column))
    assert village in order(told, team=2)
    moved = planned.locator(f'.team.t2 .stop-card[data-village="{village}"]')
    expect(moved).to_have_class(re.compile("pinned"))


def test_a_finger_moves_a_stop_to_another_day(planned, open_signed_in):
    page = open_signed_in(planned.url, PHONE, has_touch=True, is_mobile=True)
    card = page.locator(".team.t1 .stop-card").first
    village = card.get_attribute("data-village")
    card.get_by_role("button", name=re.compile("移到")).tap()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("哪天").select_option(index=1)
    dialog.get_by_label("哪个队").select_option(index=1)
    told = changed(page, lambda: dialog.get_by_role("button", name="就放这里").tap())
    (day,) = [day for day in told["days"] if village in [stop["village"] for stop in day["stops"]]]
    assert (day["team"], day["date"]) == (2, told["last"])
    assert page.said == []


def test_everything_that_moves_a_stop_is_done_by_keyboard_alone(planned):
    before = order(shown(planned))
    planned.locator(".do-move").first.focus()
    planned.keyboard.press("Enter")
    dialog = planned.get_by_role("dialog")
    expect(dialog.get_by_label("哪天")).to_be_focused()
    planned.keyboard.press("ArrowDown")
    planned.keyboard.press("Tab")
    planned.keyboard.press("Tab")
    planned.keyboard.press("Tab")
    told = changed(planned, lambda: planned.keyboard.press("Enter"))
    assert told["days"][0]["stops"] == [] or order(told) != before
    focused = planned.evaluate("document.activeElement.dataset.key")
    assert focused == f"move:{before[0]}"
    for name, key in (("pin", "Space"), ("remove", "Enter")):
        planned.locator(f".do-{name}:visible, .do-unpin:visible").first.focus()
        changed(planned, lambda key=key: planned.keyboard.press(key))


def test_what_breaks_a_rule_is_said_at_the_stop(planned):
    while len(order(shown(planned), team=2)) and not planned.locator(".fault").count():
        card = planned.locator(".team.t2 .stop-card").first
        column = planned.locator(".team.t1 .day-column").first
        changed(planned, lambda card=card, column=column: card.drag_to(column))
    expect(planned.locator("#faults")).to_contain_text("▲")
    expect(planned.locator(".week .fault").first).to_contain_text("▲")


def test_a_village_that_was_left_out_is_asked_about_and_taken_in(planned):
    item = planned.locator("#left-list li").first
    with planned.expect_response("**/left-out/*"):
        item.get_by_role("button", name=re.compile("要怎样才能去")).click()
    expect(item.locator(".answer")).not_to_have_text(re.compile("^…?$"))
    item.get_by_role("button", name=re.compile("加进来")).click()
    dialog = planned.get_by_role("dialog")
    told = changed(planned, lambda: dialog.get_by_role("button", name="就放这里").click())
    assert told["can_undo"]
    name = item.locator("a").inner_text()
    assert name


def test_a_ring_on_the_map_offers_to_take_the_village_in(planned):
    planned.locator("path.left-ring").first.dispatch_event("click")
    planned.locator(".leaflet-popup").get_by_role("button", name="加进来").click()
    expect(planned.get_by_role("dialog")).to_contain_text("加到哪里")


def test_a_village_that_declines_leaves_the_plan_with_what_it_said(planned):
    choice = planned.locator(".stop-card select").first
    village = planned.locator(".stop-card").first.get_attribute("data-village")
    choice.select_option("declined")
    dialog = planned.get_by_role("dialog")
    dialog.get_by_label("原因(内部)").fill("秋收")
    told = changed(planned, lambda: dialog.get_by_role("button", name="只记下").click())
    assert village not in [*order(told), *order(told, team=2)]
    reason = next(each for each in told["left_out"] if each["village"] == village)
    assert "秋收" in reason["detail"]


def test_a_village_that_declines_is_replaced_by_the_next_best_with_one_tap(planned):
    before = shown(planned)
    village = planned.locator(".stop-card").first.get_attribute("data-village")
    planned.locator(".stop-card select").first.select_option("declined")
    dialog = planned.get_by_role("dialog")
    told = changed(planned, dialog.get_by_role("button", name="换最合适的下一个村").click)
    assert village not in [*order(told), *order(told, team=2)]
    assert told["replaced"]["gone"] == [village]
    expect(planned.locator("#notice")).to_have_text(told["replaced"]["sentence"])
    came = [each["village"] for each in told["replaced"]["came"]]
    visited = {*order(before), *order(before, team=2)}
    assert {*order(told), *order(told, team=2)} == (visited - {village}) | set(came)


def test_permissions_and_costs_are_kept_with_the_tour(planned):
    changed(planned, lambda: planned.get_by_label("用车:状态").select_option("granted"))
    note = planned.get_by_label("用车:备注")
    note.fill("两辆")
    told = changed(planned, lambda: note.press("Tab"))
    vehicle = next(each for each in told["approvals"] if each["what"] == "vehicle")
    assert (vehicle["state"], vehicle["note"]) == ("granted", "两辆")
    rate = planned.get_by_label("元/百公里")
    rate.fill("200")
    told = changed(planned, lambda: rate.press("Tab"))
    fuel = told["costs"]["fuel"]
    assert fuel["yuan_per_100_km"] == 200
    assert abs(fuel["yuan"] - fuel["km"] * 2) <= 2
    total = f"{told['costs']['total_yuan']:,}"
    expect(planned.locator("#costs .total .number")).to_contain_text(total)
    assert planned.said == []


def test_the_whole_tour_moves_to_other_days(planned):
    start = datetime.date.fromisoformat(shown(planned)["start"]) + datetime.timedelta(days=7)
    planned.get_by_role("button", name="换日子").click()
    dialog = planned.get_by_role("dialog")
    dialog.get_by_label("第一天").fill(start.isoformat())
    dialog.get_by_role("button", name="换到这天").click()
    told = f"{start.month} 月 {start.day} 日"
    expect(planned.locator("h1")).to_contain_text(told, timeout=LONG)
    assert shown(planned)["start"] == start.isoformat()


def test_answering_no_to_a_question_changes_nothing(planned):
    before = shown(planned)["version"]
    choice = planned.locator(".stop-card select").first
    choice.select_option("declined")
    planned.get_by_role("dialog").get_by_role("button", name="不改了").click()
    expect(choice).to_have_value("to_call")
    assert shown(planned)["version"] == before


def test_two_leaders_do_not_overwrite_each_other(planned):
    other = planned.context.new_page()
    other.goto(planned.url)
    other.locator(".stop-card").first.wait_for(timeout=LONG)
    changed(planned, planned.locator(".do-pin").first.click)
    other.locator(".do-pin").nth(1).click()
    expect(other.locator("#notice.wrong")).to_contain_text("已经换成最新的安排")
    expect(other.locator(".stop-card.pinned")).to_have_count(1)


def test_without_a_network_nothing_is_lost_silently(planned):
    planned.context.set_offline(True)
    planned.locator(".do-pin").first.click()
    expect(planned.locator("#notice.wrong")).to_contain_text("没有保存")
    expect(planned.locator(".stop-card.pinned")).to_have_count(0)
    planned.context.set_offline(False)
    changed(planned, planned.locator(".do-pin").first.click)
    expect(planned.locator(".stop-card.pinned")).to_have_count(1)


def test_an_answer_that_cannot_be_read_leaves_a_way_to_try_again(planned):
    pattern = re.compile(r"/api/v1/tours/\d+$")
    planned.route(pattern, lambda route: route.fulfill(status=503, json={"detail": "忙"}))
    planned.reload()
    again = planned.get_by_role("button", name="再试一次")
    again.wait_for()
    planned.unroute(pattern)
    again.click()
    expect(planned.locator(".stop-card").first).to_be_visible()


def test_replanning_keeps_what_is_pinned(planned):
    told = changed(planned, planned.locator(".do-pin").first.click)
    stops = [stop for day in told["days"] for stop in day["stops"]]
    pinned = {stop["village"] for stop in stops if stop["pinned"]}
    planned.get_by_role("button", name="按我的改动再优化").click()
    planned.get_by_role("button", name="取消计算").click()
    expect(planned.locator("#computing")).to_be_hidden(timeout=LONG)
    now = shown(planned)
    assert now["status"] == "draft"
    assert pinned <= {stop["village"] for day in now["days"] for stop in day["stops"]}


def test_a_tour_is_confirmed_once_and_a_variant_of_it_meets_its_events(planned):
    address = planned.url
    planned.get_by_role("button", name="另存为方案").click()
    planned.get_by_role("dialog").get_by_role("button", name="保存").click()
    planned.wait_for_url(lambda url: url != address)
    variant = planned.url
    planned.goto(address)
    planned.get_by_role("button", name="确认并生成活动").click()
    planned.get_by_role("dialog").get_by_role("button", name="生成活动").click()
    expect(planned.locator("#status-name")).to_have_text("已确认", timeout=LONG)
    told = shown(planned)
    assert len(told["events"]) == told["sums"]["stops"]
    expect(planned.get_by_role("link", name="活动页")).to_have_count(len(told["events"]))
    planned.goto(variant)
    planned.get_by_role("button", name="确认并生成活动").click()
    planned.get_by_role("dialog").get_by_role("button", name="生成活动").click()
    expect(planned.locator("#clashes")).to_contain_text("冲突", timeout=LONG)
    assert shown(planned)["events"] == []


@pytest.mark.parametrize("path", ["/tours/", "/tours/new/", "tour"])
def test_a_phone_shows_everything_without_scrolling_sideways(planned, path):
    planned.set_viewport_size(PHONE)
    planned.goto(planned.url if path == "tour" else path)
    planned.wait_for_load_state("networkidle")
    assert planned.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    if path == "tour":
        for name in ("推后", "移到…", "固定"):
            expect(planned.get_by_role("button", name=re.compile(name)).first).to_be_visible()
        days = planned.locator(".team.t1 .day-column")
        first, second = (days.nth(n).bounding_box() for n in (0, 1))
        assert second["y"] >= first["y"] + first["height"]
        map_ = planned.locator(".folium-map").bounding_box()
        week = planned.locator("#week").bounding_box()
        assert map_["y"] >= week["y"] + week["height"] - 1
