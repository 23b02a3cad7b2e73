"""Narrow screens: a small phone, and one whose letters are twice as large (WCAG 1.4.10)."""

import pytest

pytestmark = pytest.mark.browser

SMALL = {"width": 320, "height": 640}
ZOOMED = {"width": 195, "height": 422}
PATHS = ("/", "/services/", "/ask/", *(f"/events/{v}" for v in ("", "?view=day", "?view=week")))
VERSIONS = {
    "standard": {},
    "elder": {"name": "elder", "value": "1"},
    "english": {"name": "django_language", "value": "en"},
}
# What is out of the window and can't be scrolled to; the menu lies where its button is.
CUT_OFF = """() => [...document.querySelectorAll("main a, main button, main input, header a, header button, summary, nav a")]
  .filter((each) => each.checkVisibility({visibilityProperty: true}) && !each.closest(".menu > div, .leaflet-container, .skip, .chips"))
  .filter((each) => { const box = each.getBoundingClientRect(); return box.right > innerWidth + 1 || box.left < -1; })
  .map((each) => each.outerHTML)"""
OVERLAPPED = """() => [...document.querySelectorAll(".event-way:has(.go)")].filter((row) => {
  const go = row.querySelector(".go").getBoundingClientRect();
  const words = document.createRange();
  words.selectNodeContents(row.querySelector(".what"));
  return [...words.getClientRects()].some((box) =>
    box.right > go.left && box.left < go.right && box.bottom > go.top && box.top < go.bottom);
}).length"""


@pytest.fixture(params=VERSIONS)
def opened(request, open_page, site_url):
    """Open a path in one of the versions, with its window's width as asked."""

    def opened(path, size):
        page = open_page("/data/", size)
        if cookie := VERSIONS[request.param]:
            page.context.add_cookies([{**cookie, "url": site_url}])
        page.goto(site_url + path)
        return page

    return opened


@pytest.mark.parametrize("size", [SMALL, ZOOMED], ids=["small", "zoomed"])
@pytest.mark.parametrize("path", PATHS)
def test_nothing_is_out_of_a_narrow_window(opened, path, size):
    page = opened(path, size)
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert page.evaluate(CUT_OFF) == []


def test_the_filters_stay_within_their_form_on_a_phone(opened):
    page = opened("/events/", {"width": 360, "height": 700})
    page.locator(".choice summary").click()
    form = page.locator("form.filters").bounding_box()
    for field in page.locator("form.filters :is(input, select):visible").all():
        box = field.bounding_box()
        assert box["x"] + box["width"] <= form["x"] + form["width"]


@pytest.mark.parametrize("width", [195, 360, 1440])
@pytest.mark.parametrize("path", ["/events/", "/events/?view=day"])
def test_the_way_there_is_beside_the_title_and_not_on_it(opened, path, width):
    assert opened(path, {"width": width, "height": 800}).evaluate(OVERLAPPED) == 0


def test_the_menu_opens_within_a_zoomed_window(opened):
    page = opened("/events/", ZOOMED)
    page.locator(".menu summary").click()
    box = page.locator(".menu > div").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= ZOOMED["width"]
