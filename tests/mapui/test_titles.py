"""What a page is called in a result list and in a chat: titles, descriptions, one address."""

import datetime
import re

import pytest

from events.models import Event
from tests import factories
from tests.mapui.test_found import HOST, canonical, properties, told

DAY = datetime.timedelta(days=1)
HOUR = datetime.timedelta(hours=1)
PUBLIC = (
    "/",
    "/events/",
    "/services/",
    "/ask/",
    "/coverage/",
    "/coverage/standards/",
    "/reports/",
    "/reports/frozen/",
    "/data/",
    "/search/",
)


@pytest.fixture
def standard(db, today):
    return factories.standard(code="near")


def title(page):
    return re.search("<title>(.*?)</title>", page)[1]


def description(page):
    return re.search('<meta name="description" content="(.*?)">', page)[1]


def test_events_of_one_name_and_place_are_told_apart_by_year_and_hour(client, county, today):
    park, programme = factories.site(name="法治公园"), factories.programme(name="宪法宣传周活动")
    event = factories.event(today, code="E-1", site=park, programme=programme)
    for code, later in (("E-2", 2 * HOUR), ("E-3", 365 * DAY)):
        times = {"starts_at": event.starts_at + later, "ends_at": event.ends_at + later}
        factories.event(today, code=code, site=park, programme=programme, status="planned", **times)
    titles = [title(told(client, f"/events/E-{n}/")) for n in (1, 2, 3)]
    assert titles[0].startswith("宪法宣传周活动 · 2026年7月15日 09:00 · 法治公园 · ")
    assert len(set(titles)) == 3


def test_villages_and_fronts_of_one_name_are_told_apart_by_the_township(client, county, today):
    for township in ("150203001", "150203002"):
        village = factories.village(name="磴口村委会", township=township)
        front = factories.front(village, name="磴口村委会法治阵地")
        for page in (f"/villages/{village.code}/", f"/sites/{front.code}/"):
            assert f" · {village.township.name} · " in title(told(client, page))


def test_every_public_page_is_shared_under_its_own_title_and_sentence(client, standard):
    pages = [told(client, path) for path in PUBLIC]
    assert len({description(page) for page in pages}) == len(pages)
    for path, page in zip(PUBLIC, pages, strict=True):
        shown = properties(page)
        assert shown["og:description"] == description(page), path
        name = shown["og:site_name"]
        assert shown["og:title"] == title(page).removesuffix(f" · {name}"), path
    assert len({properties(page)["og:title"] for page in pages}) == len(pages)


def test_what_a_title_holds_is_escaped_once(client, standard):
    page = told(client, "/search/?q=<b>%26")
    assert properties(page)["og:title"] == "查找“&lt;b&gt;&amp;”"


def test_the_map_for_frames_is_no_page_of_its_own(client, db):
    page = told(client, "/embed/")
    assert canonical(page) == properties(page)["og:url"] == f"{HOST}/"


def test_a_shared_event_says_first_that_it_was_moved_or_called_off(client, county, today):
    event = factories.event(today + DAY, code="E-1", site=factories.site(), status="planned")
    name = event.programme.name
    assert properties(told(client, "/events/E-1/"))["og:title"] == name
    times = {"starts_at": event.starts_at + DAY, "ends_at": event.ends_at + DAY}
    Event.objects.update(**times)
    assert properties(told(client, "/events/E-1/"))["og:title"] == f"改期:{name}"
    Event.objects.update(status="cancelled")
    assert properties(told(client, "/events/E-1/"))["og:title"] == f"已取消:{name}"
