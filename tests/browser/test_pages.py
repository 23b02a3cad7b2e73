"""Pages that must be readable without JavaScript, and printable."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OFFICE, PHONE

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
    place = page.locator(".at a")
    name = place.inner_text()
    place.click()
    expect(page.locator("h1")).to_contain_text(name)


# The sizes of all text that is shown, each with the text: [[pixels, tag, text], …]
SIZES = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const { parentElement: element, textContent } = walker.currentNode;
    if (!textContent.trim() || !element.checkVisibility() || element.closest("script, template, noscript")) continue;
    found.push([parseFloat(getComputedStyle(element).fontSize), element.localName, textContent.trim()]);
  }
  return found;
}"""
FINE = {"small", "i", "th"}  # notes, one-character badges, heads of tables


@pytest.mark.parametrize("size", [PHONE, OFFICE], ids=["phone", "office"])
@pytest.mark.parametrize("path", [*PAGES, "/", "/?view=coverage&standard=active"])
def test_text_is_large_enough_to_read(open_page, path, size):
    page = open_page(path, size)
    if path.startswith("/?") or path == "/":
        page.locator("body[data-ready]").wait_for()
    shown = page.evaluate(SIZES)
    assert [text for text in shown if text[0] < 14] == []
    page.evaluate("document.querySelector('.stage')?.remove()")  # labels and signs of the map
    assert [text for text in page.evaluate(SIZES) if text[0] < 16 and text[1] not in FINE] == []


def test_gaps_come_by_twenty_and_all_on_demand(open_page):
    page = open_page("/coverage/?standard=near", java_script_enabled=False)
    gaps = page.locator("#gaps ~ .scroll tbody tr")
    expect(gaps).to_have_count(20)
    total = int("".join(filter(str.isdigit, page.locator("#gaps small").inner_text())))
    page.get_by_role("link", name=f"全部 {total} 个").click()
    expect(gaps).to_have_count(total)
    assert "standard=near" in page.url


@pytest.mark.parametrize("path", ["/coverage/?standard=active", "/coverage/?standard=near"])
def test_no_head_of_a_table_stands_on_its_letters(open_page, path):
    page = open_page(path, PHONE)
    narrow = """heads => heads.filter(head => {
      const range = document.createRange();
      range.selectNodeContents(head);
      return new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size > 4;
    }).map(head => head.innerText)"""
    assert page.locator("thead th").evaluate_all(narrow) == []


def test_the_board_fits_an_office_window(open_page):
    page = open_page("/coverage/?standard=active", OFFICE)
    wide = "table => table.scrollWidth > table.parentElement.clientWidth"
    assert not page.locator(".board table").first.evaluate(wide)


def test_events_are_under_their_day_with_the_time_alone(open_page):
    page = open_page("/events/", java_script_enabled=False)
    times = page.locator(".day ~ :is(.event-line, .event-way) time").all_inner_texts()
    assert times
    assert all(len(time.strip()) == len("14:30") for time in times)


def test_what_is_chosen_shows_on_a_phone(open_page):
    expect(open_page("/coverage/?on=2026-06-01", PHONE).locator("form.filters")).to_be_visible()
    page = open_page("/events/?kind=show", PHONE)
    page.get_by_role("link", name="演出").first.click()
    expect(page.locator(".chosen")).to_have_count(0)


@pytest.mark.parametrize("path", ["/events/", "/coverage/"])
def test_a_form_is_folded_on_a_phone(open_page, path):
    form = open_page(path, PHONE).locator("form.filters")
    expect(form).to_be_hidden()
    expect(open_page(path, OFFICE).locator("form.filters")).to_be_visible()
    page = open_page(path, PHONE)
    page.locator(".choice summary").click()
    expect(page.locator("form.filters")).to_be_visible()
