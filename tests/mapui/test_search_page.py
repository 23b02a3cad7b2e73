"""The page of what a search finds."""

import datetime
import re

import pytest

from sites.models import Site
from tests import factories


def text(client, query, status=200):
    """The words of the page, without tags."""
    page = client.get("/search/", {"q": query})
    assert page.status_code == status
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


@pytest.fixture
def town(db, today):
    factories.region("150203", name="昆都仑区")
    factories.site(code="150203-0001", name="民主广场", former_names="友谊广场")
    village = factories.village(name="民主村")
    factories.front(village, name="民主村法治宣传阵地")
    programme = factories.programme(code="P-1", name="民主与法治")
    square = Site.objects.get(code="150203-0001")
    day = today + datetime.timedelta(days=1)
    factories.event(day, programme=programme, site=square, status="planned")
    return village


def test_finds_stand_under_what_they_are_and_lead_to_their_pages(client, town):
    page = client.get("/search/", {"q": "民主"}).content.decode()
    main = page[page.index("<main") :]
    headings = re.findall(r"<h2>(\S+) <small>", main)
    assert headings == ["村(社区)", "场所", "节目", "活动", "村级阵地"]
    for address in ("/sites/150203-0001/", f"/villages/{town.code}/", "/events/?programme=P-1"):
        assert f'href="{address}"' in main


def test_a_whole_kind_stands_before_the_records_and_apart(client, town):
    page = client.get("/search/", {"q": "法治宣传阵地"}).content.decode()
    main = page[page.index("<main") :]
    assert main.index('class="chip" href="/?kind=front"') < main.index('class="results"')
    assert 'href="/services/"' in client.get("/search/", {"q": "法律援助"}).content.decode()
    assert "没有找到" not in text(client, "法律援助")


def test_a_name_of_before_is_told(client, town):
    assert "民主广场 曾用名:友谊广场" in text(client, "yygc")


def test_what_is_only_similar_is_a_question(client, town):
    assert "您要找的是不是" in text(client, "minzuguangchang")


def test_nothing_found_leads_on(client, town):
    page = client.get("/search/", {"q": "不存在的地方"}).content.decode()
    assert "没有找到“不存在的地方”" in page
    for address in ("/", "/events/", "/services/", "/ask/", "/search/?q=%E6%98%86"):
        assert f'href="{address}' in page


@pytest.mark.parametrize("query", ["", "   ", "%", "_", "'; --", "<script>", "🦄", "𠮷"])
def test_odd_words_get_a_page(client, town, query):
    assert "还可以" in text(client, query)


@pytest.mark.parametrize("query", ["民\0主", "民" * 10_000, "a\nb"])
def test_what_cannot_be_a_name_is_refused_in_words(client, town, query):
    assert "应是不超过 50 个字" in text(client, query, 422)


def test_what_was_typed_stays_in_the_box_and_is_only_text(client, town):
    page = client.get("/search/", {"q": '"><b>民主'}).content.decode()
    assert 'value="&quot;&gt;&lt;b&gt;民主"' in page


def test_the_home_pages_form_leads_there_without_scripts(client, town):
    page = client.get("/").content.decode()
    assert re.search(r'<form class="search" role="search" action="/search/" method="get">', page)
