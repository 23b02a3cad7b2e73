"""Pages as the server makes them: what they say, to whom, with how many queries."""

import datetime

import pytest
from django.db import connection
from django.test import Client

from mapui.maps import city_map
from tests import factories


@pytest.fixture
def town(three_villages, square, today):
    """A county with villages, a square, a standard, an event held and one to come."""
    factories.standard(code="near")
    active = {"months": 12, "event_kinds": [], "max_distance_m": 5000, "kinds": ["square"]}
    factories.standard(code="active", name="有活动", **active)
    factories.event(site=square)
    for day in range(12):
        factories.event(today + datetime.timedelta(days=day), site=square, status="planned")
    return three_villages


PAGES = [
    "/",
    "/?region=150203",
    "/?place=150203-0001",
    "/sites/150203-0001/",
    "/events/",
    "/events/?region=150203&kind=show",
    "/events/?view=day",
    "/events/?view=week",
    "/events/?view=month",
    "/coverage/",
    "/coverage/?standard=near&region=150203",
    "/coverage/?on=2026-01-01",
    "/coverage/?since=2026-01-01",
    "/coverage/subjects/?standard=near&state=none",
    "/coverage/gaps/150203001500/?standard=near",
    "/coverage/standards/",
    "/coverage/what-if/",
    "/coverage/scenarios/",
    "/coverage/work/",
    "/data/",
    "/ask/",
    "/services/",
    "/search/",
    "/search/?q=民主",
    "/search/?q=没有这样的",
    "/sites/150203-0001/say/",
]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_takes_at_most_12_queries(client, town, django_assert_max_num_queries, path):
    client.get(path)  # makes the facts fresh
    with django_assert_max_num_queries(12):
        assert client.get(path).status_code == 200


def test_a_village_page_takes_at_most_12_queries(client, town, django_assert_max_num_queries):
    path = f"/villages/{town[0].code}/"
    client.get(path)  # makes the facts fresh
    with django_assert_max_num_queries(12):
        page = client.get(path)
    assert "民主广场" in page.content.decode()


def test_a_village_page_lists_the_nearest_sites(client, town, today):
    village = town[0]
    for n in range(6):
        factories.site(name=f"第 {n} 近的公园", kind="park", lat=40.04 + n / 1000)
    closed = factories.site(name="关了的公园", kind="park", lat=40.04, closed_on=today)
    front = factories.front(village)
    page = client.get(f"/villages/{village.code}/").content.decode()
    near = page[page.index("最近的场所") : page.index("覆盖情况</h2>")]
    assert [near.index(f"第 {n} 近的公园") for n in range(5)] == sorted(
        near.index(f"第 {n} 近的公园") for n in range(5)
    )
    assert "440 米" in near
    for other in ("第 5 近的公园", closed.name, front.name):
        assert other not in near


def test_the_page_of_a_village_whose_place_nobody_knows_lists_nothing_near(client, square, today):
    village = factories.village(lon=None)
    assert "最近的场所" not in client.get(f"/villages/{village.code}/").content.decode()


def test_home_leads_without_script_to_the_place_that_is_asked_for(client, town):
    page = client.get("/?place=150203-0001").content.decode()
    without = page[page.index("<noscript><div") : page.index('id="week"')]
    assert "地图和定位需要 JavaScript" in without
    assert 'href="/sites/150203-0001/"' in without
    assert 'href="#by-county"' in without
    assert client.get("/?place=nothing").status_code == 200
    assert client.get("/?place=%00").status_code == 422


@pytest.mark.parametrize(
    "path",
    ["/sites/nothing/", "/villages/999999999999/", "/events/nothing/", "/coverage/?standard=none"],
)
def test_an_unknown_code_is_a_404_with_a_way_back(client, town, path):
    page = client.get(path)
    assert page.status_code == 404
    assert 'href="/"' in page.content.decode()


@pytest.mark.parametrize(
    ("path", "parameter"),
    [
        ("/events/?from=yesterday", "from"),
        ("/events/?from=2026-02-30", "from"),
        ("/events/?kind=opera", "kind"),
        ("/coverage/?on=2026-13-01", "on"),
        ("/coverage/?on=2031-01-01", "on"),
        ("/coverage/?region=abc", "region"),
    ],
)
def test_a_bad_parameter_is_named_on_a_page(client, town, path, parameter):
    page = client.get(path)
    assert page.status_code == 422
    assert parameter in page.content.decode()


@pytest.mark.parametrize("path", ["/", "/coverage/", "/events/", "/data/"])
def test_pages_open_before_any_record_exists(client, db, today, path):
    assert client.get(path).status_code == 200


def test_every_page_carries_a_strict_policy_with_its_nonce(client, town):
    page = client.get("/")
    policy = page["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    nonce = policy.split("'nonce-")[1].split("'")[0]
    assert f'<script nonce="{nonce}">' in page.content.decode()
    assert client.get("/")["Content-Security-Policy"] != policy


def test_no_page_has_an_inline_style_or_handler(client, town):
    for path in PAGES:
        content = client.get(path).content.decode()
        assert "style=" not in content
        assert "<style" not in content
        assert "onclick" not in content


def test_coverage_is_for_users_where_it_is_internal(client, town, settings):
    settings.COVERAGE_PUBLIC = False
    internal = [path for path in PAGES if path.startswith("/coverage/")]
    assert [client.get(path).status_code for path in internal] == [302] * len(internal)
    assert "view=coverage" not in client.get("/").content.decode()
    assert "最近的合格场所" not in client.get(f"/villages/{town[0].code}/").content.decode()
    client.force_login(factories.user("reader"))
    assert client.get("/coverage/").status_code == 200


def test_the_banner_goes_with_the_last_demonstration_record(client, town):
    assert "演示数据" not in client.get("/").content.decode()
    factories.site(source="demonstration", kind="front", tier="village")
    assert "演示数据" in client.get("/").content.decode()


def test_a_planned_event_is_to_be_confirmed_wherever_everybody_reads_of_it(client, town, today):
    code = factories.event(today, village=town[0], status="planned").code
    for path in ("/", "/events/", f"/events/{code}/", f"/villages/{town[0].code}/", "/events.ics"):
        page = client.get(path).content.decode().replace("\r\n ", "")
        assert "待确认" in page and "计划" not in page, path


def test_on_the_page_of_an_event_the_way_comes_before_the_calendar(client, town, today):
    code = factories.event(today, village=town[0], status="planned").code
    page = client.get(f"/events/{code}/").content.decode()
    assert page.index("怎么去") < page.index("加到日历")


def test_without_script_a_place_is_listed_with_its_kind_address_and_next_day(client, town, square):
    square.address = "钢铁大街 1 号"
    square.save()
    page = client.get("/?region=150203").content.decode()
    assert "广场 · 钢铁大街 1 号 · <b>今天有活动</b>" in page
    assert page.index('href="#by-county"') < page.index('id="week"')


def test_without_script_only_the_kind_that_is_asked_for_is_listed(client, town, square):
    factories.site(code="150203-0555", name="北园", kind="park")
    page = client.get("/?region=150203&kind=park").content.decode()
    assert "只列出:公园" in page
    assert "/sites/150203-0555/" in page
    assert f"/sites/{square.code}/" not in page
    assert 'href="?region=150203&amp;kind=park#c150203"' in page
    assert "只列出" not in client.get("/?kind=nonsense").content.decode()


def test_names_are_escaped(client, town):
    factories.site(code="150203-0666", name="<script>alert(1)</script>")
    assert "<script>alert" not in client.get("/sites/150203-0666/").content.decode()


def test_an_edit_by_sql_shows_at_the_next_request(client, town):
    before = client.get("/coverage/?standard=near").content.decode()
    assert "未覆盖" in before
    assert client.get("/coverage/?standard=near").context["total"].met == 1
    with connection.cursor() as cursor:
        cursor.execute("UPDATE sites_site SET closed_on = '2026-01-01'")
    assert client.get("/coverage/?standard=near").context["total"].met == 0


def test_a_village_page_says_which_place_decides(client, three_villages, square):
    factories.standard(code="two", max_distance_m=50_000, min_count=2, kinds=["square"])
    factories.site(code="150203-0002", kind="square", lat=40.02)
    page = client.get(f"/villages/{three_villages[0].code}/").content.decode()
    assert "第 2 近的合格场所" in page
    assert "最近的合格场所" not in page
    assert "第 2 近的合格场所" in client.get("/coverage/?standard=two").content.decode()


def test_the_board_keeps_its_choices_in_the_link_to_all_gaps(client, town):
    for _ in range(30):
        factories.village(lat=41.5)
    page = client.get("/coverage/?standard=near&region=150203").content.decode()
    assert "?standard=near&amp;region=150203&amp;gaps=all#gaps" in page
    whole = client.get("/coverage/?standard=near&region=150203&gaps=all")
    assert len(whole.context["gaps"]) == whole.context["gap_count"] > 30


def test_an_internal_note_is_on_no_public_page(client, town, square):
    event = factories.event(site=square, notes="王某的电话")
    assert "王某" not in client.get(f"/events/{event.code}/").content.decode()


def test_the_footer_carries_the_furniture_that_is_set(client, town, settings):
    settings.FURNITURE = {**settings.FURNITURE, "icp": "蒙ICP备0号", "approval": "GS(2026)0号"}
    page = client.get("/events/").content.decode()
    assert "蒙ICP备0号" in page
    assert "GS(2026)0号" in page


@pytest.mark.parametrize("basemap", ["osm", "amap", "tianditu"])
def test_a_base_map_by_setting_is_the_only_foreign_host(client, town, settings, basemap):
    settings.BASEMAP = basemap
    city_map.cache_clear()
    page = client.get("/")
    city_map.cache_clear()
    assert "L.tileLayer(" in page.content.decode()
    assert page["Content-Security-Policy"].count("https://") == 1


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options", "trace"])
@pytest.mark.parametrize("path", ["/", "/events/", "/sites/150203-0001/", "/healthz"])
def test_a_page_is_only_read(town, path, method):
    browser = Client(enforce_csrf_checks=True)
    answer = getattr(browser, method)(path)
    assert answer.status_code == 405
    assert answer["Allow"] == "GET, HEAD"
    assert "GET, HEAD" in answer.content.decode()


@pytest.mark.parametrize("method", ["put", "delete", "options", "trace"])
def test_a_form_is_read_and_sent_only(db, client, method):
    answer = getattr(client, method)("/admin/login/")
    assert answer.status_code == 405
    assert answer["Allow"] == "GET, HEAD, POST"


def test_legal_services_of_a_county_alone_and_a_region_that_is_none_is_refused(client, town):
    factories.site(kind="service", name="昆区服务中心")
    factories.site(kind="service", name="石拐服务中心", county="150205")
    page = client.get("/services/?region=150205").content.decode()
    assert "石拐服务中心" in page and "昆区服务中心" not in page
    refused = client.get("/services/?region=zz")
    assert (refused.status_code, "region:" in refused.content.decode()) == (422, True)
