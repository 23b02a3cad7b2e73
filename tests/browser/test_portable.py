"""The one-file map, from a folder, without a network."""

import urllib.request

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OFFICE, PHONE

pytestmark = pytest.mark.browser


@pytest.fixture
def portable(site_url, tmp_path):
    """The file as it is downloaded from the board."""
    file = tmp_path / "map.html"
    with urllib.request.urlopen(f"{site_url}/coverage/export/map.html?standard=active") as answer:
        file.write_bytes(answer.read())
    return file


@pytest.mark.parametrize("size", [PHONE, OFFICE], ids=["phone", "office"])
def test_the_file_opens_without_a_network_and_asks_for_nothing(open_map, portable, size):
    page = open_map(portable.as_uri(), size, offline=True)
    page.locator("#show-places").check()
    assert page.asked == [portable.as_uri()]
    assert page.said == []
    assert portable.stat().st_size < 1_000_000


def test_legend_figures_and_gaps_agree(open_map, portable):
    page = open_map(portable.as_uri())
    figures = page.locator(".figure b").all_inner_texts()
    assert page.locator("#legend dd").all_inner_texts()[: len(figures)] == figures
    met, *unmet = map(int, figures)
    assert met + sum(unmet) == 821
    expect(page.locator(".gaps tbody tr")).to_have_count(sum(unmet))


def test_a_gap_of_the_list_is_found_on_the_map(open_map, portable):
    page = open_map(portable.as_uri())
    first = page.locator(".find").first
    first.click()
    expect(page.locator(".leaflet-tooltip")).to_contain_text(first.inner_text())
