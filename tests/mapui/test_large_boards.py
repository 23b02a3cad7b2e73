"""The board of an area with too many villages to show one by one, and down from it."""

import re

import pytest

from sites import background, freshness, summaries
from sites.models import Region, Site
from tests import factories


@pytest.fixture
def nation(db, today, settings, monkeypatch):
    """Nine villages in two provinces; more than three subjects are many to show."""
    settings.CITY = ""
    province = factories.region("15", name="内蒙古自治区")
    monkeypatch.setattr(summaries, "POINTS_SHOWN", 3)
    for township, count in {"150203001": 2, "150204001": 1, "150102001": 2, "640104001": 4}.items():
        for serial in range(count):
            factories.village(township, lat=40 + serial / 20)
    Region.objects.filter(code__in=["1501", "1502"]).update(parent=province)
    factories.site(lat=40.0)
    return factories.standard(code="near")


def page(client, region="", more=""):
    return client.get(f"/coverage/?standard=near&region={region}{more}").content.decode()


def drawn(content):
    """Codes of the divisions that the map of a large area draws."""
    return re.findall(r'<tr data-code="(\d+)"', content)


def counted(content):
    return re.search(r"共 (\d+) 个,达到标准 (\d+) 个", content).groups()


def test_a_nation_opens_by_province_down_to_villages(client, nation):
    whole = page(client)
    assert sorted(drawn(whole)) == ["15", "64"]
    assert "divisions.js" in whole
    assert "board.js" not in whole
    province = page(client, "15")
    assert sorted(drawn(province)) == ["1501", "1502"]
    city = page(client, "1502")
    assert "board.js" in city
    assert "divisions.js" not in city
    assert "region=150203" in city
    assert "乡镇(街道)" in page(client, "150203")


def test_a_large_area_counts_what_its_parts_count(client, nation):
    whole, first, second = (counted(page(client, code)) for code in ("", "15", "64"))
    assert whole == ("9", "4")
    assert [int(a) + int(b) for a, b in zip(first, second, strict=True)] == [9, 4]
    rows = summaries.overview(nation).rows
    assert [(row.code, row.subjects, row.met) for row in rows] == [("15", 5, 3), ("64", 4, 1)]


def test_a_large_area_says_the_same_of_another_day(client, nation):
    today = drawn(page(client))
    past = page(client, more="&on=2026-01-01")
    assert drawn(past) == today
    assert counted(past) == ("9", "4")
    compared = page(client, more="&since=2026-01-01")
    assert "与 2026-01-01 相比" in compared


def test_the_table_of_a_large_area_is_that_of_its_facts(client, nation, monkeypatch):
    paths = [
        f"/api/v1/standards/near/coverage?by={by}&region={region}"
        for by in ("county", "city", "township")
        for region in ("", "15")
    ]
    stored = [client.get(path).json() for path in paths]
    monkeypatch.setattr(summaries, "POINTS_SHOWN", 100)
    assert stored == [client.get(path).json() for path in paths]


def test_the_gaps_of_a_large_area_are_cut_with_their_total(client, nation, monkeypatch):
    monkeypatch.setattr(summaries, "NEEDIEST", 1)
    content = page(client)
    assert "共 5 个,最需要的在前" in content
    assert content.count('<td class="reason">') == 1
    assert "这里只列最需要的 1 个" in content


def test_a_division_leads_back_up(client, nation):
    county = page(client, "150203")
    assert "回到全部" in county
    assert "region=1502" in county
    assert "内蒙古自治区" in county


def test_a_division_without_a_record_of_its_own_opens_by_its_code(client, nation):
    assert "<h1>64 · " in page(client, "64")
    assert client.get("/coverage/?standard=near&region=65").status_code == 404


def test_a_page_of_a_large_area_takes_at_most_12_queries_whatever_it_holds(
    client, nation, django_assert_max_num_queries
):
    for region in ("", "15", "1502", "150203"):
        page(client, region)
        with django_assert_max_num_queries(12):
            page(client, region)


def test_a_page_says_as_of_when_it_is_while_new_facts_are_made(client, nation, monkeypatch):
    assert "正在更新" not in page(client)
    started = []
    monkeypatch.setattr(freshness, "LARGE", 1)
    monkeypatch.setattr(background, "start_refresh", lambda: started.append(1))
    Site.objects.update(closed_on="2026-07-15")
    for region in ("", "15", "150203"):
        assert re.search(
            r"截至 \d\d:\d\d 的结果,正在更新|截至 .+ \d\d:\d\d 的结果,正在更新",
            page(client, region),
        )
    assert counted(page(client)) == ("9", "4")
    assert started
    table = client.get("/api/v1/standards/near/coverage").json()
    assert table["as_of"].endswith("+08:00")
    freshness.catch_up(freshness.clock.today())
    assert "正在更新" not in page(client)
    assert counted(page(client)) == ("9", "0")
    assert client.get("/api/v1/standards/near/coverage").json()["as_of"] is None
