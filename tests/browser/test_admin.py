"""Data maintenance in a real browser, under the policy that every page has."""

import pytest

from tests.browser.conftest import sign_in

pytestmark = pytest.mark.browser
PAGES = (
    "/admin/",
    "/admin/sites/site/",
    "/admin/sites/site/add/",
    "/admin/sites/village/?county=150203",
    "/admin/sites/standard/",
    "/admin/sites/region/150203/change/",
    "/admin/events/event/?status__exact=held",
    "/admin/events/event/add/",
    "/admin/auth/user/1/change/",
    "/admin/auth/user/add/",
    "/admin/mapui/apitoken/",
)

# Of Django's own page to add a user.
TWO_FIELDS_WANT_THE_FOCUS = (
    "Autofocus processing was blocked because a document already has a focused element."
)


@pytest.fixture
def signed_in(open_page):
    """A page of data maintenance, opened as its administrator."""
    page = open_page("/admin/")
    sign_in(page)
    page.get_by_role("heading", name="数据维护", exact=True).wait_for()
    return page


def test_pages_work_under_the_policy_without_a_word_in_the_console(signed_in):
    for path in PAGES:
        answer = signed_in.goto(path)
        assert answer.status == 200, path
        assert "script-src 'self'" in answer.headers["content-security-policy"]
        signed_in.wait_for_load_state("networkidle")
        said = [text for text in signed_in.said if text != TWO_FIELDS_WANT_THE_FOCUS]
        assert said == [], path


def test_nothing_is_asked_of_other_hosts(signed_in, site_url):
    for path in PAGES:
        signed_in.goto(path)
    assert [url for url in signed_in.asked if not url.startswith((site_url, "data:"))] == []


def test_a_village_is_found_while_typing_and_a_swapped_position_is_told(signed_in):
    signed_in.goto("/admin/sites/site/150204-0002/change/")
    where = signed_in.locator("#id_location")
    before = where.input_value()
    signed_in.locator(".field-village .select2-selection").click()
    signed_in.locator(".select2-search__field").fill("150204001")
    signed_in.locator(".select2-results__option").filter(has_text=" 150204001").first.click()
    chosen = signed_in.locator("#id_village").input_value()
    assert chosen.startswith("150204001")
    where.fill(", ".join(reversed(before.split(", "))))
    signed_in.locator("[name=_continue]").click()
    signed_in.get_by_text("颠倒").wait_for()
    where.fill(before)
    signed_in.locator("[name=_continue]").click()
    signed_in.locator(".messagelist .success").wait_for()
    assert where.input_value() == before
    assert signed_in.locator("#id_village").input_value() == chosen
    assert signed_in.said == []


def test_a_day_is_picked_from_the_calendar(signed_in):
    signed_in.goto("/admin/events/event/add/")
    signed_in.locator(".field-starts_at .datetimeshortcuts a").first.click()
    assert signed_in.locator("#id_starts_at_0").input_value()
    assert signed_in.said == []
