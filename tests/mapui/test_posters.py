"""Posters to hang on site: right paper, right words, and a code that opens the place's page."""

import io

import numpy as np
import pypdfium2
import pytest
import zxingcpp

from mapui import posters
from sites.choices import EventKind, Facility, Language, SiteKind
from sites.models import Site
from tests import factories

MM = 72 / 25.4


def sizes(pdf):
    """The pages' width and height in whole millimetres."""
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    return [tuple(round(side / MM) for side in page.get_size()) for page in document]


def codes(pdf):
    """What the codes on the pages say, as a phone's camera reads them."""
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    pictures = [page.render(scale=1.5).to_pil() for page in document]
    return [[found.text for found in zxingcpp.read_barcodes(picture)] for picture in pictures]


def text(pdf):
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    return "".join(page.get_textpage().get_text_bounded() for page in document)


@pytest.mark.parametrize(
    ("query", "paper"), [("", (210, 297)), ("?size=a4", (210, 297)), ("?size=a3", (297, 420))]
)
def test_a_poster_is_one_page_of_the_paper(client, square, today, query, paper):
    poster = client.get(f"/sites/150203-0001/poster.pdf{query}")
    assert poster["Content-Type"] == "application/pdf"
    assert sizes(poster.content) == [paper]


def test_the_code_opens_the_page_of_the_place(client, square, today):
    poster = client.get("/sites/150203-0001/poster.pdf").content
    ((address,),) = codes(poster)
    assert client.get(address, follow=True).request["PATH_INFO"] == "/sites/150203-0001/"


def test_a_poster_prints_what_stays_and_not_what_ages(client, square, today):
    square.topics, square.opening, square.facilities = "宪法", "全天", ["step-free"]
    square.save()
    programme = factories.programme(name="草原上的民法典")
    factories.event(today, site=square, status="planned", programme=programme)
    printed = text(client.get("/sites/150203-0001/poster.pdf").content)
    for words in ("民主广场", "12348", "宪法", "全天", "无障碍通道"):
        assert words in printed
    assert "草原上的民法典" not in printed
    assert "演示数据" not in printed


def test_a_poster_of_a_demonstration_says_so(client, county, today):
    factories.site(code="150203-0002", source="demonstration")
    assert "演示数据" in text(client.get("/sites/150203-0002/poster.pdf").content)


def test_a_very_long_name_stays_on_its_page(client, county, today):
    factories.site(code="150203-0003", name="长" * 100, address="址" * 200, topics="题" * 200)
    poster = client.get("/sites/150203-0003/poster.pdf").content
    assert len(sizes(poster)) == 1
    assert len(codes(poster)[0]) == 1


LONGEST = {
    "address": "昆都仑区友谊大街街道" * 5,
    "opening": "四月到十月 06:00–22:00,其余月份 08:00–18:00,节假日 09:00–17:00",
    "topics": "民法典、消费者权益保护法、老年人权益保障法、反电信网络诈骗法、宪法",
    "languages": Language.values,
    "facilities": Facility.values,
}
ROWS = {  # each fact's label, and how its value begins
    "zh-hans": ("地址 昆都", "开放时间 四月", "法律主题 民法", "语言 汉语", "设施 电源"),
    "en": (
        "Address 昆都",
        "Opening hours 四月",
        "Legal topics 民法",
        "Languages Chinese",
        "Facilities Power",
    ),
}


def box(page, words):
    """Left, bottom, right and top of where a page says this first, in points."""
    written = page.get_textpage()
    start, count = written.search(words, match_case=True).get_next()
    letters = [written.get_charbox(start + n) for n in range(count)]
    lefts, bottoms, rights, tops = zip(*letters, strict=True)
    return min(lefts), min(bottoms), max(rights), max(tops)


def rule_over_the_hotline(page):
    """The height of the green rule, in points from the foot of the page."""
    pixels = np.asarray(page.render(scale=2).to_pil().convert("RGB")).astype(int)
    green = (abs(pixels - (0x0F, 0x76, 0x6E)).sum(axis=2) < 12).mean(axis=1) > 0.7
    return page.get_height() - green.argmax() / 2


@pytest.mark.parametrize("size", ["a4", "a3"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_no_fact_runs_into_another_or_into_the_hotline(client, square, today, language, size):
    Site.objects.update(**LONGEST)
    client.cookies["django_language"] = language
    poster = client.get(f"/sites/150203-0001/poster.pdf?size={size}").content
    page, above = pypdfium2.PdfDocument(io.BytesIO(poster))[0], None
    for row in ROWS[language]:
        label, value = (box(page, words) for words in row.rsplit(" ", 1))
        assert label[2] < value[0], f"{row}: the label ends before the value begins"
        assert above is None or max(label[3], value[3]) <= above, f"{row}: below the row above"
        above = min(label[1], value[1])
    assert above > rule_over_the_hotline(page)
    written = page.get_textpage()
    ends = [written.get_charbox(n)[2] for n in range(written.count_chars())]
    assert max(ends) < page.get_width() * 0.93, "what is too long is cut before the margin"


def test_a_wrong_paper_and_an_unknown_place_are_told(client, square, today):
    assert client.get("/sites/150203-0001/poster.pdf?size=a0").status_code == 422
    assert client.get("/sites/nothing/poster.pdf").status_code == 404


# Many at once


@pytest.fixture
def signed_in(client, steward, today):
    client.force_login(steward)
    return client


def test_a_steward_prints_those_of_the_county_in_parts(signed_in, county):
    for n in range(27):
        factories.site(code=f"150203-{n:04}")
    factories.site(code="150205-0001", county="150205")
    factories.site(code="150203-9999", kind="front", tier="village")
    page = signed_in.get("/posters/?region=150203").content.decode()
    assert page.count("part.pdf") == 2
    last = signed_in.get("/posters/part.pdf?region=150203&part=2").content
    assert len(sizes(last)) == 2
    assert all(len(found) == 1 for found in codes(last))
    fronts = signed_in.get("/posters/part.pdf?region=150203&fronts=true").content
    assert len(sizes(fronts)) == 1
    assert signed_in.get("/posters/part.pdf?region=150203&part=3").status_code == 404
    assert signed_in.get("/posters/part.pdf?region=150205").status_code == 404


def test_posters_by_the_county_are_for_stewards(client, square, today):
    assert client.get("/posters/").status_code == 302
    client.force_login(factories.user("leader", role="troupe"))
    assert client.get("/posters/").status_code == 403
    assert client.get("/posters/part.pdf?region=150203").status_code == 403


def test_every_kind_has_its_own_scene():
    scenes = {posters.scene(kind) for kind in (*SiteKind.values, *EventKind.values)}
    assert len(scenes) == len(SiteKind.values) + len(EventKind.values)
    assert not any("var(" in scene for scene in scenes)
