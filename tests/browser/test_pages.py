"""Pages that must be readable without JavaScript, and printable."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

PAGES = {
    "/sites/150203-0001/": "包头法治公园",
    "/villages/150202002405/": "馨园社区",
    "/events/": "活动",
    "/coverage/?standard=near": "达尔罕茂明安联合旗",
    "/data/": "数据从哪里来",
}


@pytest.mark.parametrize(("path", "content"), PAGES.items())
def test_a_page_is_readable_without_javascript(open_page, path, content):
    page = open_page(path, java_script_enabled=False)
    expect(page.locator("main")).to_contain_text(content)
    expect(page.locator("h1")).to_have_count(1)


@pytest.mark.parametrize("path", [*PAGES, "/"])
def test_a_page_says_that_the_data_is_a_demonstration(open_page, path):
    page = open_page(path)
    expect(page.get_by_role("note")).to_contain_text("演示数据")


def test_the_table_adds_up_to_the_figures_above_it(open_page):
    page = open_page("/coverage/?standard=active", java_script_enabled=False)
    figures = [int(text) for text in page.locator(".figure b").all_inner_texts()]
    rows = [
        row.locator("td.number").all_inner_texts() for row in page.locator(".board tbody tr").all()
    ]
    table = [[int(cell) for cell in row[1:5]] for row in rows if len(row) > 5]
    assert [sum(column) for column in zip(*table, strict=True)] == figures[:4]
    assert sum(figures[:4]) == 821


def test_a_county_opens_to_its_townships(open_page):
    page = open_page("/coverage/?standard=near", java_script_enabled=False)
    page.get_by_role("link", name="固阳县").click()
    expect(page.locator("h1")).to_contain_text("固阳县")
    expect(page.locator(".board tbody").first).to_contain_text("金山镇")


def test_an_unknown_place_leads_back_to_the_map(open_page):
    page = open_page("/sites/none-such/")
    page.get_by_role("link", name="回到地图").click()
    expect(page.locator(".brand")).to_be_visible()


def test_an_event_page_leads_to_its_place(open_page):
    page = open_page("/events/", java_script_enabled=False)
    page.locator(".event-line").first.click()
    expect(page.locator("dd a").first).to_be_visible()
