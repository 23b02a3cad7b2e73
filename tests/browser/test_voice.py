"""Saying something and asking for a programme, as people do it: by hand, and without scripts."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OFFICE, PHONE
from tests.served import TODAY

pytestmark = pytest.mark.browser
PAST_THE_FIRST_SECONDS = 3200


def wrong(page):
    """What the console says, but for that the tests' browser has no service worker."""
    return [said for said in page.said if "Service Worker" not in said]


def number_on(page):
    """The number that was given."""
    return page.locator(".ticket").inner_text()


def test_a_request_is_made_looked_up_and_mistyped_without_scripts(open_page):
    page = open_page("/villages/150202002405/", PHONE, java_script_enabled=False)
    page.get_by_role("link", name="点单:请人来演出、讲课").click()
    page.get_by_label("讲座", exact=True).check()
    page.get_by_label("想听哪方面的法律").fill("防诈骗")
    page.get_by_role("button", name="提交点单").click()
    expect(page.get_by_role("alert")).to_contain_text("太快了")
    expect(page.get_by_label("想听哪方面的法律")).to_have_value("防诈骗")
    page.wait_for_timeout(PAST_THE_FIRST_SECONDS)
    page.get_by_role("button", name="提交点单").click()
    number = number_on(page)
    assert re.fullmatch(r"\w{3}-\w{3}-\w{3}", number)
    page.goto("/ask/")
    page.get_by_label("编号").fill(number.lower())
    page.get_by_role("button", name="查看").click()
    expect(page.locator(".outcome-state")).to_have_text("待安排")
    page.goto("/ask/")
    page.get_by_label("编号").fill(number[:-1] + ("2" if number[-1] != "2" else "3"))
    page.get_by_role("button", name="查看").click()
    expect(page.get_by_role("alert")).to_contain_text("不对")


def add_event(page, **fields):
    """Save the form for a new event on the day of the tests; what it searches for is typed as codes."""
    fields |= {f"{edge}_0": TODAY for edge in ("starts_at", "ends_at")}
    fields["csrfmiddlewaretoken"] = page.locator("[name=csrfmiddlewaretoken]").first.input_value()
    answer = page.request.post(page.url, form=fields, headers={"Referer": page.url})
    page.goto(answer.url)


def test_a_request_is_handed_on_answered_held_and_rated(open_page, administrator):
    citizen = open_page("/ask/?village=150202002405", PHONE, java_script_enabled=False)
    citizen.get_by_label("知识竞答", exact=True).check()
    citizen.wait_for_timeout(PAST_THE_FIRST_SECONDS)
    citizen.get_by_role("button", name="提交点单").click()
    path, state = f"/ask/{number_on(citizen).replace('-', '')}/", citizen.locator(".outcome-state")
    signed_in = administrator.storage_state()
    steward = open_page("/remarks/?what=requests", OFFICE, storage_state=signed_in)
    steward.locator(".inbox a", has_text="知识竞答").last.click()
    asked = steward.url
    steward.get_by_label("派给谁").select_option(index=1)
    steward.get_by_role("button", name="派单", exact=True).click()
    citizen.goto(path)
    expect(state).to_contain_text("已派给")
    steward.goto(asked)
    steward.get_by_role("link", name="排一场").click()
    hours = {"starts_at_1": "00:00", "ends_at_1": "23:59", "audience": "public"}
    kept = {"village": "150202002405", "status": "confirmed", "source": "official"}
    add_event(steward, programme="P-S2", **hours, **kept)
    assert steward.url == asked
    steward.get_by_label("哪一场活动").select_option(index=1)
    steward.get_by_role("button", name="用这场答复").click()
    citizen.goto(path)
    expect(state).to_have_text("已安排")
    steward.goto(citizen.locator("a.event-line").get_attribute("href"))
    steward.locator("summary", has_text="记为已举办").click()
    steward.get_by_label("人数").fill("40")
    steward.get_by_role("button", name="记为已举办").click()
    citizen.goto(path)
    citizen.get_by_label("5", exact=True).check()
    citizen.get_by_role("button", name="提交评价").click()
    expect(citizen.locator(".rated")).to_contain_text("5 分")
    assert wrong(steward) == []


def test_a_village_is_suggested_while_its_name_is_typed(open_page):
    page = open_page("/ask/", PHONE)
    page.get_by_label("哪个嘎查村(社区)").type("馨园")
    expect(page.locator("datalist option").first).to_have_attribute("value", re.compile("馨园"))
    assert wrong(page) == []


def test_a_position_is_marked_by_a_tap_and_applied_by_one_click(open_page, administrator):
    page = open_page("/sites/150202-0003/say/", PHONE)
    assert not page.locator("#field-point").is_visible()
    page.get_by_label("地图上的位置不对").check()
    page.locator("body[data-ready]").wait_for()
    box = page.locator("#marker-map").bounding_box()
    page.locator("#marker-map").click(position={"x": box["width"] / 2 + 40, "y": 110})
    marked = page.locator("#id_point").input_value()
    assert re.fullmatch(r"\d+\.\d{6}, \d+\.\d{6}", marked)
    page.wait_for_timeout(PAST_THE_FIRST_SECONDS)
    page.get_by_role("button", name="提交").click()
    path = f"/ask/{number_on(page).replace('-', '')}/"
    page.context.add_cookies(administrator.cookies())
    page.goto("/remarks/")
    page.locator(".inbox a").last.click()
    page.locator("body[data-ready]").wait_for()
    expect(page.locator(".leaflet-tooltip")).to_have_count(2)
    page.get_by_label("答复").fill("到现场看过,改好了。")
    page.get_by_role("button", name="改到标出的位置,并答复").click()
    page.goto(path)
    expect(page.locator(".outcome-state")).to_have_text("已改正")
    page.goto("/sites/150202-0003/")
    expect(page.locator("main")).to_contain_text("误差约 100 米")
    assert wrong(page) == []
