"""One box for everything that has a name."""

import csv
import datetime
import io

import pytest
from django.core.management import call_command
from django.db import connection

from sites.models import Region, Site
from tests import factories


def found(api, query):
    """The types and codes that a search finds, in their order."""
    return [(one["type"], one["code"]) for one in api.get(f"/search?q={query}")["results"]]


def test_a_search_finds_divisions_villages_and_sites(api, square):
    Region.objects.filter(code="150203").update(name="民主区")
    village = factories.village(name="民主村")
    front = factories.front(village, name="民主村宣传阵地")
    service = factories.site(kind="service", name="民主法律服务站")
    results = api.get("/search?q=民主")["results"]
    assert [(one["type"], one["code"]) for one in results] == [
        ("region", "150203"),
        ("village", village.code),
        ("site", square.code),
        ("service", service.code),
        ("front", front.code),
    ]
    assert results[2] == {
        "type": "site",
        "code": square.code,
        "name": "民主广场",
        "region": "150203",
        "region_name": "民主区",
        "lon": 110.0,
        "lat": 40.01,
        "former_name": None,
        "fit": "prefix",
        "starts_at": None,
        "url": f"/sites/{square.code}/",
    }


def test_a_search_puts_the_exact_name_first(api, county):
    names = ("新民主广场", "民主广场东园", "民主广场")
    codes = [factories.site(name=name).code for name in names]
    assert [code for _type, code in found(api, "民主广场")] == codes[::-1]


def test_a_search_leaves_closed_sites_out(api, county):
    factories.site(name="旧广场", closed_on=datetime.date(2020, 1, 1))
    factories.site(name="旧广场", opened_on=datetime.date(2030, 1, 1))
    assert found(api, "旧广场") == []


@pytest.mark.parametrize("query", ["%25", "_", "%27%3B--", "\\", "・", "🦄"])
def test_a_search_for_a_wildcard_finds_no_more_than_that(api, square, query):
    assert found(api, query) == []


@pytest.mark.parametrize("query", ["", "%00", "x" * 51, "%20%20", "a%0Ab"])
def test_what_cannot_be_searched_for_is_refused_in_words(api, square, query):
    assert api.problem(f"/search?q={query}", 422)["errors"][0]["parameter"] == "q"


@pytest.mark.parametrize(
    "query", ["minzhuguangchang", "mzgc", "民主gc", "民族广场", "minzuguangchang"]
)
def test_pinyin_initials_and_one_slip_find_a_site(api, square, query):
    assert found(api, query) == [("site", square.code)]


def test_a_name_of_before_is_found_and_told(api, square):
    Site.objects.filter(pk=square.pk).update(former_names="友谊广场、人民公园")
    for query in ("友谊广场", "yygc", "人民公园"):
        (result,) = api.get(f"/search?q={query}")["results"]
        assert (result["name"], result["former_name"]) == ("民主广场", "友谊广场、人民公园")
    assert api.get("/search?q=民主")["results"][0]["former_name"] is None


def test_a_programme_is_followed_by_its_next_events(api, square, today):
    programme = factories.programme(code="P-LAW", name="宪法进万家")
    later = factories.event(
        today + datetime.timedelta(9), programme=programme, site=square, status="planned"
    )
    sooner = factories.event(
        today + datetime.timedelta(2), programme=programme, site=square, status="planned"
    )
    factories.event(today - datetime.timedelta(2), programme=programme, site=square)
    factories.event(
        today + datetime.timedelta(3), programme=programme, site=square, status="cancelled"
    )
    assert found(api, "宪法进") == [
        ("programme", "P-LAW"),
        ("event", sooner.code),
        ("event", later.code),
    ]
    first, second, _third = api.get("/search?q=xfjwj")["results"]
    assert (first["url"], first["lon"]) == ("/events/?programme=P-LAW", None)
    assert second["name"] == "宪法进万家 · 民主广场"
    assert second["starts_at"] == "2026-07-17T09:00:00+08:00"
    assert (second["lon"], second["region"]) == (110.0, "150203")
    events = api.ids(f"/events?programme=P-LAW&from={today}")
    assert {sooner.code, later.code} <= set(events)


def test_a_division_leads_to_what_is_on_there(api, square):
    Region.objects.filter(code="150203").update(name="昆都仑区")
    (result,) = api.get("/search?q=昆区")["results"]
    assert (result["fit"], result["url"]) == ("shortened", "/events/?region=150203")


def test_words_may_name_the_place_and_the_division(api, square):
    Region.objects.filter(code="150203").update(name="昆都仑区")
    factories.site(county="150204", name="民主广场")
    assert found(api, "昆都仑%20广场") == [("site", square.code)]


# How soon a change is seen


def test_a_change_by_any_means_is_found_at_once(api, square):
    assert found(api, "民主")
    Site.objects.filter(pk=square.pk).update(name="和平广场")
    assert found(api, "民主广") == []
    assert found(api, "heping") == [("site", square.code)]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE sites_site SET name = '团结广场'")
        assert found(api, "团结") == [("site", square.code)]
        rows = io.StringIO()
        cursor.copy_expert("COPY sites_site TO STDOUT", rows)
        other = rows.getvalue().replace(square.code, "C1").replace("团结", "胜利")
        cursor.copy_expert("COPY sites_site FROM STDIN", io.StringIO(other))
    assert found(api, "胜利广场") == [("site", "C1")]
    Site.objects.filter(code="C1").delete()
    assert found(api, "胜利广场") == []


def test_a_file_brings_names_of_before_and_takes_them_back(api, square, tmp_path):
    sheet, back = tmp_path / "sites.csv", tmp_path / "back.csv"
    sheet.write_text(
        "编号,名称,类型,级别,经度,纬度,曾用名\n150203-0001,民主广场,广场,市级,110,40,友谊广场;东方红广场\n",
        encoding="utf-8",
    )
    call_command("import", "sites", str(sheet))
    assert found(api, "东方红") == [("site", square.code)]
    call_command("export", "sites", str(back))
    (row,) = csv.DictReader(io.StringIO(back.read_text(encoding="utf-8-sig")))
    assert row["曾用名"] == "友谊广场;东方红广场"


def test_a_search_asks_few_queries(api, square, django_assert_max_num_queries):
    factories.programme(name="民主")
    found(api, "民主")
    with django_assert_max_num_queries(8):
        found(api, "民主")


# The city


def test_the_law_park_of_baotou_is_found_in_every_way(api, baotou):
    for query in ("包头法治公园", "baotoufazhigongyuan", "btfzgy", "包头fzgy", "友谊广场", "包头法制公园",
                  "baotoufazigongyuan", "包头法治公圆"):  # fmt: skip
        assert api.get(f"/search?q={query}")["results"][0]["name"] == "包头法治公园", query


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ("演出", "show"),
        ("yanchu", "show"),
        ("yc", "show"),
        ("wulanmuqi", "show"),
        ("wlmq", "show"),
        ("讲座", "lecture"),
        ("普法讲堂", "lecture"),
        ("pufajiangtang", "lecture"),
        ("以案说法", "case-lecture"),
        ("falvzixun", "consultation"),
        ("quiz", "quiz"),
    ],
)
def test_a_word_for_a_kind_of_event_finds_the_kind_and_its_next_events(
    api, square, today, query, kind
):
    programme = factories.programme(name="节目甲", kind=kind)
    day = today + datetime.timedelta(2)
    event = factories.event(day, programme=programme, site=square, status="planned")
    factories.event(day, site=square, status="planned", programme=factories.programme(
        kind="campaign"))  # fmt: skip
    first, second = api.get(f"/search?q={query}")["results"][:2]
    assert (first["type"], first["url"]) == ("event-kind", f"/events/?kind={kind}")
    assert (second["code"], first["former_name"]) == (event.code, None)


@pytest.mark.parametrize(
    ("query", "url"),
    [
        ("法治公园", "/?kind=park"),
        ("公园", "/?kind=park"),
        ("fzgy", "/?kind=park"),
        ("fazhiguangchang", "/?kind=square"),
        ("法律援助", "/services/"),
        ("falvyuanzhu", "/services/"),
        ("flyz", "/services/"),
        ("公共法律服务中心", "/services/"),
        ("legal aid", "/services/"),
    ],
)
def test_a_word_for_a_kind_of_place_finds_where_they_are_listed(api, square, query, url):
    result = api.get(f"/search?q={query}")["results"][0]
    assert (result["type"], result["url"], result["lon"]) == ("site-kind", url, None)


def test_a_troupe_is_found_with_its_next_events_each_once(api, square, today):
    troupe = factories.troupe(name="包头市乌兰牧骑")
    event = factories.event(
        today + datetime.timedelta(2), site=square, troupe=troupe, status="planned"
    )
    assert found(api, "baotoushiwulanmuqi") == [("troupe", troupe.code), ("event", event.code)]
    assert found(api, "乌兰牧骑") == [
        ("event-kind", "show"), ("event", event.code), ("troupe", troupe.code)]  # fmt: skip
    type(troupe).objects.update(name="钢城艺术团")
    assert found(api, "钢城")[0] == ("troupe", troupe.code)
    assert api.get("/search?q=钢城")["results"][0]["url"] == f"/events/?troupe={troupe.code}"


SPOKEN = {
    "昆区": "150203", "青山": "150204", "东河": "150202", "达茂": "150223", "土右": "150221",
    "九原": "150207", "石拐": "150205", "白云": "150206", "固阳": "150222",
    "kunqu": "150203", "kq": "150203", "qingshan": "150204", "qs": "150204", "donghe": "150202",
    "dh": "150202", "damao": "150223", "dm": "150223", "tuyou": "150221", "ty": "150221",
    "jiuyuan": "150207", "jy": "150207", "shiguai": "150205", "sg": "150205",
    "baiyun": "150206", "by": "150206", "guyang": "150222", "gy": "150222",
}  # fmt: skip


def test_what_counties_are_called_for_short_finds_them(api, baotou):
    for said, code in SPOKEN.items():
        assert ("region", code) in found(api, said)[:5], said
    for word in ("演出", "讲座", "法律援助", "wulanmuqi", "法治公园", "公共法律服务中心"):
        assert api.get(f"/search?q={word}")["results"][0]["type"].endswith("-kind"), word
