"""Trying places out: by mouse, by keyboard, with nothing stored until it is kept."""

import json
import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE

pytestmark = pytest.mark.browser


@pytest.fixture
def tried(open_map):
    """The page to try places on, for a visitor."""
    return open_map("/coverage/what-if/?standard=near")


@pytest.fixture
def planned(open_signed_in):
    """The same for somebody who may keep scenarios."""
    return open_signed_in("/coverage/what-if/?standard=near")


def counts(page):
    """Who meets the standard now, and with the changes."""
    row = page.locator('[data-count="met"] td')
    return [int(text) for text in row.all_inner_texts()[:2]]


def put_in_the_north(page):
    """Add a place by mouse where many villages have none; its pin."""
    page.get_by_role("button", name="在地图上加一处").click()
    box = page.locator(".folium-map").bounding_box()
    with page.expect_response("**/what-if"):
        page.mouse.click(box["x"] + box["width"] * 0.55, box["y"] + box["height"] * 0.2)
    return page.locator(".pin.added")


def test_a_pin_that_is_dragged_moves_the_figures_and_undo_takes_it_back(tried):
    pin = put_in_the_north(tried)
    expect(pin).to_have_count(1)
    before, with_pin = counts(tried)
    box, land = pin.bounding_box(), tried.locator(".folium-map").bounding_box()
    tried.mouse.move(box["x"] + 17, box["y"] + 17)
    tried.mouse.down()
    tried.mouse.move(land["x"] + land["width"] * 0.5, land["y"] + land["height"] * 0.35, steps=8)
    with tried.expect_request("**/what-if") as asked:
        tried.mouse.up()
    answer = tried.request.post(
        "/api/v1/standards/near/what-if", data=json.loads(asked.value.post_data)
    ).json()
    for i, when in enumerate(("before", "after")):
        figure = tried.locator('[data-count="met"] td').nth(i)
        expect(figure).to_have_text(str(answer[when]["met"]))
    with tried.expect_response("**/what-if"):
        tried.get_by_role("button", name="撤销").click()
    expect(tried.locator('[data-count="met"] td').nth(1)).to_have_text(str(with_pin))
    with tried.expect_response("**/what-if"):
        tried.get_by_role("button", name="撤销").click()
    expect(tried.locator('[data-count="met"] td').nth(1)).to_have_text(str(before))
    assert tried.said == []


def test_everything_can_be_done_without_a_mouse(tried):
    tried.get_by_text("不用鼠标,或换类型").press("Enter")
    village = tried.locator("#villages option").first.get_attribute("value")
    tried.get_by_label("加在哪个村(社区)").fill(village)
    tried.keyboard.press("Enter")
    site = tried.locator("#sites option").first.get_attribute("value")
    tried.get_by_label("撤掉哪处场所").fill(site)
    tried.keyboard.press("Enter")
    changes = tried.locator("#changes li")
    expect(changes).to_have_count(2)
    changes.first.get_by_role("button", name=re.compile("取消")).press("Enter")
    expect(changes).to_have_count(1)
    tried.get_by_label("撤掉哪处场所").fill("没有这处")
    tried.keyboard.press("Enter")
    expect(tried.get_by_text("没有找到“没有这处”")).to_be_visible()


def test_an_existing_place_is_removed_and_put_back_on_the_map(tried):
    tried.locator("path.existing").first.dispatch_event("click")
    with tried.expect_response("**/what-if"):
        tried.get_by_role("button", name="撤掉", exact=True).first.click()
    expect(tried.locator("path.existing.removed")).to_have_count(1)
    assert counts(tried)[1] <= counts(tried)[0]


def test_the_computer_proposes_places_that_can_be_tried_and_kept(planned):
    planned.get_by_role("button", name="算一算").click()
    expect(planned.get_by_text("已证明没有更好的")).to_be_visible(timeout=20_000)
    told = int(re.search(r"有 (\d+) 个新够得着", planned.locator("#siting-status").inner_text())[1])
    with planned.expect_response("**/what-if"):
        planned.get_by_role("button", name="放到地图上试一试").click()
    expect(planned.locator('[data-count="met"] td').nth(2)).to_have_text(f"+{told}")
    planned.get_by_label("名称").fill("再建五处")
    planned.locator("#save").get_by_role("button", name="保存").click()
    planned.wait_for_url("**/coverage/what-if/?scenario=*")
    planned.locator("body[data-ready]").wait_for()
    expect(planned.locator("h1")).to_have_text("再建五处")
    expect(planned.locator(".pin.added")).to_have_count(5)
    planned.goto("/coverage/scenarios/")
    expect(planned.get_by_role("link", name="再建五处").first).to_be_visible()
    assert planned.said == []


def ask(page, **fields):
    """Ask for the best places, with some fields of the form set."""
    for name, value in fields.items():
        field = page.locator(f"#siting [name={name}]")
        field.fill(value) if name == "count" else field.select_option(value)
    page.get_by_role("button", name="算一算").click()


def test_an_answer_shows_with_its_gap_while_it_is_being_proven(planned):
    ask(planned, method="p-median")
    status, proof = planned.locator("#siting-status"), planned.locator("#siting-proof")
    expect(status).to_contain_text(re.compile(r"差距 ≤ \d+\.\d %,正在证明"), timeout=20_000)
    expect(planned.locator("path.proposed")).to_have_count(5)
    expect(proof).to_be_hidden()
    expect(proof).to_be_visible(timeout=30_000)
    expect(status).to_contain_text("到最近场所平均")
    # A busy machine may run out of time: then it must not claim a proof.
    is_proven = "已证明没有更好的" in status.inner_text()
    assert proof.inner_text() == ("已证明最优" if is_proven else "未证明最优")
    assert planned.said == []


def test_the_search_can_be_stopped_and_does_not_claim_to_be_proven(planned):
    ask(planned, method="p-median", count="60")
    expect(planned.locator("#siting-status")).to_contain_text("正在证明", timeout=20_000)
    planned.get_by_role("button", name="停止").click()
    expect(planned.locator("#siting-status")).to_contain_text("没有证明最优")
    expect(planned.locator("#siting-proof")).to_have_text("未证明最优")
    expect(planned.get_by_role("button", name="停止")).to_be_hidden()


def test_places_to_choose_from_come_from_a_file(planned):
    planned.locator("#siting [name=from]").select_option("file")
    north = "名称,经度,纬度\n百灵庙文化站,110.43556,41.69194\n满都拉文化站,110.13,42.53\n"
    file = {"name": "候选.csv", "mimeType": "text/csv", "buffer": north.encode("gbk")}
    planned.locator("#siting [name=file]").set_input_files(files=[file])
    expect(planned.get_by_text("读到 2 处")).to_be_visible()
    ask(planned, method="lscp")
    expect(planned.locator("#siting-status")).not_to_have_text("正在计算……")
    wrong = {**file, "buffer": north.replace("110.43556", "abc").encode("gbk")}
    planned.locator("#siting [name=file]").set_input_files(files=[wrong])
    expect(planned.get_by_text("第 2 行,经度")).to_be_visible()


def test_a_gap_leads_to_its_place_on_the_map(open_page):
    page = open_page("/coverage/subjects/?standard=near&met=false")
    page.locator("td a[href*='/coverage/gaps/']").first.click()
    told = int(re.search(r"(\d+) 个\(含这里\)", page.locator(".levers").inner_text())[1])
    page.get_by_role("link", name="在地图上试一试").click()
    page.locator("body[data-ready]").wait_for()
    expect(page.locator(".pin.added")).to_have_count(1)
    before, after = counts(page)
    assert after - before == told


def test_on_a_phone_the_map_stays_in_sight(open_map):
    page = open_map("/coverage/what-if/", PHONE)
    expect(page.locator(".stage")).to_be_in_viewport()
    page.get_by_role("button", name="在地图上加一处").scroll_into_view_if_needed()
    expect(page.locator(".stage")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
