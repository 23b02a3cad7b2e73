"""Being found: titles, canonical addresses, Open Graph, JSON-LD, robots.txt and sitemaps."""

import datetime
import re
from xml.etree import ElementTree

import pytest

from events.models import Event
from mapui.outward import sitemaps
from tests import factories
from tests.mapui import schema_org

DAY = datetime.timedelta(days=1)
NS = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
HOST = "http://testserver"


@pytest.fixture
def park(county, today):
    village = factories.village(name="幸福村")
    fields = {"facilities": ["stage", "step-free"], "address": "友谊大街 1 号", "village": village}
    return factories.site(code="150203-0001", name="法治公园", kind="park", **fields)


@pytest.fixture
def show(park, today):
    """A show at the park tomorrow, by a troupe."""
    fields = {"troupe": factories.troupe(), "status": "confirmed", "campaign": "宪法宣传周"}
    programme = factories.programme(name="草原上的民法典", languages=["zh", "mn"], topics="民法典")
    made = factories.event(today + DAY, code="E2026-0001", site=park, programme=programme, **fields)
    made.hosts.add(factories.organ(name="昆区司法局"))
    return made


def told(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def properties(html):
    """The Open Graph properties of a page."""
    return dict(re.findall(r'<meta property="(og:[\w:]+)" content="([^"]*)">', html))


def canonical(html):
    (address,) = re.findall(r'<link rel="canonical" href="([^"]*)">', html)
    return address


def test_an_event_is_an_event_of_schema_org(client, show, park):
    found = schema_org.on_page(told(client, "/events/E2026-0001/"))
    about = found["Event"]
    assert about["name"] == "草原上的民法典"
    assert about["startDate"] == "2026-07-16T09:00:00+08:00"
    assert about["eventStatus"] == "https://schema.org/EventScheduled"
    assert about["isAccessibleForFree"] is True
    assert about["inLanguage"] == ["zh", "mn"]
    assert [each["name"] for each in about["organizer"]] == ["昆区司法局"]
    assert about["location"]["name"] == "法治公园"
    assert about["location"]["geo"]["longitude"] == 110
    assert about["location"]["address"]["streetAddress"] == "友谊大街 1 号"
    items = found["BreadcrumbList"]["itemListElement"]
    assert [item["position"] for item in items] == [1, 2, 3]
    assert items[-1]["item"] == about["url"] == f"{HOST}/events/E2026-0001/"


def test_a_moved_event_says_when_it_was_to_be(client, show):
    show.starts_at, show.ends_at = show.starts_at + DAY, show.ends_at + DAY
    show.save()
    about = schema_org.on_page(told(client, "/events/E2026-0001/"))["Event"]
    assert about["eventStatus"] == "https://schema.org/EventRescheduled"
    assert about["previousStartDate"] == "2026-07-16T09:00:00+08:00"
    assert about["startDate"] == "2026-07-17T09:00:00+08:00"


def test_a_cancelled_event_keeps_its_day_and_says_so_first(client, show):
    Event.objects.update(status="cancelled")
    page = told(client, "/events/E2026-0001/")
    about = schema_org.on_page(page)["Event"]
    assert about["eventStatus"] == "https://schema.org/EventCancelled"
    assert about["startDate"] == "2026-07-16T09:00:00+08:00"
    assert re.search(r"<title>已取消", page)
    assert properties(page)["og:description"].startswith("已取消")


@pytest.mark.parametrize("kind", ["square", "park", "corridor", "base", "hall", "front", "service"])
def test_a_site_of_every_kind_is_a_place_of_schema_org(client, county, today, kind):
    factories.site(code="150203-0009", kind=kind)
    page = told(client, "/sites/150203-0009/")
    (about,) = [one for type_, one in schema_org.on_page(page).items() if type_ != "BreadcrumbList"]
    assert about["@type"] in schema_org.PLACES
    assert about["geo"]["latitude"] == 40


@pytest.mark.parametrize(
    ("opening", "told_as"),
    [
        ("09:00–17:00", "Mo-Su 09:00-17:00"),
        ("每天 6：00-22:00", "Mo-Su 06:00-22:00"),
        ("工作日 09:00–17:00", "Mo-Fr 09:00-17:00"),
        ("全天", "Mo-Su"),
        ("09:00–17:00,冬季到 16:00", None),
        ("22:00–06:00", None),
        ("25:00–26:00", None),
        ("见公告", None),
        ("", None),
    ],
)
def test_hours_are_told_where_they_are_sure(client, park, opening, told_as):
    park.opening = opening
    park.save()
    about = schema_org.on_page(told(client, "/sites/150203-0001/"))["Park"]
    assert about.get("openingHours") == told_as


def test_an_event_is_offered_for_nothing_unless_it_is_called_off(client, show):
    about = schema_org.on_page(told(client, "/events/E2026-0001/"))["Event"]
    assert about["offers"] == {
        "@type": "Offer",
        "price": 0,
        "priceCurrency": "CNY",
        "url": about["url"],
        "availability": "https://schema.org/InStock",
    }
    Event.objects.update(status="cancelled")
    assert "offers" not in schema_org.on_page(told(client, "/events/E2026-0001/"))["Event"]


def test_the_start_page_says_how_to_search(client, park):
    action = schema_org.on_page(told(client, "/"))["WebSite"]["potentialAction"]
    address = action["target"]["urlTemplate"].replace("{search_term_string}", "法治公园")
    assert "/sites/150203-0001/" in told(client, address)


def test_the_list_of_events_lists_them_in_their_order(client, show, park, today):
    factories.event(today + 2 * DAY, code="E-2", site=park, status="planned")
    listed = schema_org.on_page(told(client, "/events/"))["ItemList"]["itemListElement"]
    codes = [(item["position"], item["url"].removeprefix(HOST)) for item in listed]
    assert codes == [(1, "/events/E2026-0001/"), (2, "/events/E-2/")]
    assert "ItemList" not in schema_org.on_page(told(client, "/events/?kind=lecture"))


def test_a_site_says_what_there_is(client, park):
    about = schema_org.on_page(told(client, "/sites/150203-0001/"))["Park"]
    assert [each["name"] for each in about["amenityFeature"]] == ["演出场地", "无障碍通道"]


def test_a_village_without_a_place_is_still_a_place(client, county, today):
    village = factories.village(lon=None)
    about = schema_org.on_page(told(client, f"/villages/{village.code}/"))["Place"]
    assert "geo" not in about
    assert about["image"] == f"{HOST}/villages/{village.code}/map.png"
    factories.event(today, code="E-1", village=village, status="planned")
    assert schema_org.on_page(told(client, "/events/E-1/"))["Event"]["location"]["name"]


def test_a_name_cannot_end_the_script(client, county, today):
    name = "</script><script>alert(1)</script><!-- & \u2028"
    factories.site(code="150203-0009", name=name, kind="park")
    page = told(client, "/sites/150203-0009/")
    assert "<script>alert" not in page
    assert schema_org.on_page(page)["Park"]["name"] == name


@pytest.mark.parametrize(
    ("path", "clean"),
    [
        ("/", "/"),
        ("/events/?kind=show&page=1&utm=x", "/events/"),
        ("/events/E2026-0001/?from=chat", "/events/E2026-0001/"),
        ("/sites/150203-0001/", "/sites/150203-0001/"),
        ("/coverage/?standard=near", "/coverage/"),
    ],
)
def test_a_page_has_one_address_of_its_own(client, show, path, clean):
    factories.standard(code="near")
    factories.standard(code="active", name="有活动")
    page = told(client, path)
    assert canonical(page) == properties(page)["og:url"] == HOST + clean


def test_every_page_has_a_title_and_a_sentence_of_its_own(client, show, park):
    village = park.village_id
    paths = ["/", "/events/", "/events/E2026-0001/", "/sites/150203-0001/", f"/villages/{village}/"]
    pages = [told(client, path) for path in paths]
    titles = [re.search("<title>(.*?)</title>", page)[1] for page in pages]
    about = [re.search('<meta name="description" content="(.*?)">', page)[1] for page in pages]
    assert len(set(titles)) == len(set(about)) == len(pages)
    assert "草原上的民法典" in titles[2]
    assert "法治公园" in titles[2]
    for page in pages:
        shown = properties(page)
        assert {"og:title", "og:type", "og:url", "og:description", "og:site_name"} <= set(shown)


@pytest.mark.parametrize("page", ["event", "site", "village", ""])
def test_the_picture_to_share_is_there_in_the_size_that_is_said(client, show, park, page):
    codes = {"event": show.code, "site": park.code, "village": park.village_id}
    path = f"/{page}s/{codes[page]}/" if page else "/"
    shown = properties(told(client, path))
    assert shown["og:image"].startswith(f"{HOST}{path}{'map' if page else 'card'}.png")
    assert shown["og:image:alt"]
    picture = client.get(shown["og:image"]).content
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    size = [int.from_bytes(picture[n : n + 4], "big") for n in (16, 20)]
    assert size == [int(shown["og:image:width"]), int(shown["og:image:height"])]


@pytest.mark.parametrize("page", ["/", "/events/", "/ask/"])
def test_a_page_without_a_picture_of_its_own_is_shared_with_the_map_of_the_city(client, db, page):
    shown = properties(told(client, page))
    assert shown["og:image"] == f"{HOST}/card.png"
    assert client.get("/card.png").status_code == 200


def test_a_link_shared_before_an_event_was_moved_shows_the_new_picture(client, show):
    def address():
        return properties(told(client, "/events/E2026-0001/"))["og:image"]

    before = address()
    assert before == address()
    show.starts_at, show.ends_at = show.starts_at + DAY, show.ends_at + DAY
    show.save()
    assert address() != before, "messengers keep a picture by its address"


def addresses(client, path):
    """The addresses of a sitemap, or of their index, with their last changes."""
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/xml"
    root = ElementTree.fromstring(answer.content)  # noqa: S314 — our own
    found = {}
    for each in root:
        last = each.findtext(f"{NS}lastmod")
        found[each.findtext(f"{NS}loc")] = last and datetime.datetime.fromisoformat(last)
    return found


def test_robots_are_led_to_the_sitemap_and_away_from_work(client, db):
    answer = client.get("/robots.txt")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    lines = answer.content.decode().splitlines()
    assert lines[0] == "User-agent: *"
    assert {"Disallow: /admin/", "Disallow: /api/", "Disallow: /tours/"} <= set(lines)
    assert f"Sitemap: {HOST}/sitemap.xml" in lines
    assert not {"Disallow: /", "Disallow: /coverage/"} & set(lines)


def test_coverage_is_not_for_robots_where_it_is_internal(client, db, settings):
    settings.COVERAGE_PUBLIC = False
    assert "Disallow: /coverage/" in client.get("/robots.txt").content.decode().splitlines()
    assert f"{HOST}/coverage/" not in addresses(client, "/sitemap-pages-1.xml")


def test_the_sitemaps_list_every_public_page_and_each_opens(client, show, park):
    closed = factories.site(code="150203-0002", closed_on=datetime.date(2026, 1, 1))
    listed = {}
    for path in addresses(client, "/sitemap.xml"):
        listed |= addresses(client, path.removeprefix(HOST))
    records = (f"sites/{park.code}/", f"events/{show.code}/", f"villages/{park.village_id}/")
    for page in (*records, "", "events/", "services/", "ask/"):
        assert f"{HOST}/{page}" in listed
    assert f"{HOST}/sites/{closed.code}/" not in listed
    factories.standard(code="active")
    for address in listed:
        assert client.get(address).status_code == 200, address


def test_a_change_shows_in_the_sitemap_and_in_its_index(client, show):
    page = f"{HOST}/events/E2026-0001/"
    before = addresses(client, "/sitemap-events-1.xml")[page]
    Event.objects.update(status="cancelled")
    after = addresses(client, "/sitemap-events-1.xml")[page]
    assert after >= before
    assert addresses(client, "/sitemap.xml")[f"{HOST}/sitemap-events-1.xml"] == after


def test_a_sitemap_holds_no_more_than_the_protocol_allows(client, county, today, monkeypatch):
    monkeypatch.setattr(sitemaps, "MOST", 2)
    sites = {factories.site().code for _ in range(5)}
    index = [path for path in addresses(client, "/sitemap.xml") if "sites" in path]
    assert len(index) == 3
    pages = [addresses(client, path.removeprefix(HOST)) for path in index]
    assert [len(page) for page in pages] == [2, 2, 1]
    assert {address.split("/")[-2] for page in pages for address in page} == sites


@pytest.mark.parametrize("path", ["sites-2", "sites-0", "tours-1", "pages-2"])
def test_a_sitemap_that_is_not_there_leads_to_the_index(client, park, path):
    answer = client.get(f"/sitemap-{path}.xml")
    assert answer.status_code == 404
    assert "/sitemap.xml" in answer.content.decode()


@pytest.mark.parametrize("path", ["/sitemap.xml", "/sitemap-events-1.xml", "/robots.txt"])
def test_for_robots_few_queries_do(client, show, today, django_assert_max_num_queries, path):
    for day in range(20):
        factories.event(today + day * DAY, site=show.site, status="planned")
    with django_assert_max_num_queries(6):
        assert client.get(path).status_code == 200


@pytest.mark.parametrize("page", ["/events/E2026-0001/", "/sites/150203-0001/"])
def test_a_page_that_is_found_takes_at_most_12_queries(
    client, show, django_assert_max_num_queries, page
):
    with django_assert_max_num_queries(12):
        told(client, page)


def test_an_event_leads_to_what_else_is_on(client, show, park, today):
    factories.event(today + 3 * DAY, code="E-later", site=park, status="planned")
    near, far = factories.site(lat=40.1), factories.site(lat=41)
    for code, site in (("E-near", near), ("E-far", far)):
        factories.event(today + DAY, code=code, site=site, status="planned")
    factories.event(today + DAY, code="E-off", site=near, status="cancelled")
    page = told(client, "/events/E2026-0001/")
    assert "/events/E-later/" in page
    assert "/events/E-near/" in page
    assert "/events/E-far/" not in page
    assert "/events/E-off/" not in page
    assert "uri.amap.com" in page


def test_an_event_says_its_own_length_and_not_its_programmes(client, show):
    show.programme.minutes = 90
    show.programme.save()
    page = told(client, "/events/E2026-0001/")
    assert ">60 分钟<" in page
    assert "90 分钟" not in page


def test_what_is_over_or_called_off_is_not_added_to_calendars(client, show, park, today):
    add = 'href="/events/E2026-0001.ics"'
    assert add in told(client, "/events/E2026-0001/")
    Event.objects.update(status="cancelled")
    assert add not in told(client, "/events/E2026-0001/")
