"""The report's page, the records behind each figure, its files, typed figures and freezing."""

import datetime
import html
import io
import re

import docx
import openpyxl
import pytest
from django.http import QueryDict
from django.urls import reverse
from docx.oxml.ns import qn

from events.models import Event
from events.reports import freezing
from events.reports.kept import FrozenReport, ReportFigure
from events.reports.report import report
from mapui.exports import happened
from mapui.planner.reporting import AskedReport
from sites import clock
from sites.models import Region
from tests import factories

pytestmark = pytest.mark.django_db

LISTS = {"events": "events", "sites": "report_sites", "villages": "report_villages"}
FIGURE = {
    "name": "培训人数", "value": "300", "unit": "人", "first": "2026-01-01", "last": "2026-06-30",
    "county": "", "source": "司法局 2026 年上半年报表",
}  # fmt: skip


@pytest.fixture
def planner(client, today):
    client.force_login(factories.user("planner", role="planner", last_name="王某某"))
    return client


@pytest.fixture
def town(three_villages, today):
    """Events of several sorts, this year's and last year's, at sites, at villages, hosted."""
    one, two, three = three_villages
    for village in three_villages:
        village.legal_adviser, village.legal_literates = village != three, 4
        village.save()
    square, organ = factories.site(village=one, name="=1+1"), factories.organ(duty="宪法")
    case = factories.programme(kind="case-lecture", series="以案释法", name="<b>案</b>")
    troupe = factories.troupe()
    factories.front(two)
    for day in (datetime.date(2025, 5, 1), datetime.date(2026, 5, 1)):
        factories.event(day, site=square, attendance=30, troupe=troupe)
        factories.event(day, village=two, programme=case, audience="schools", troupe=troupe)
        factories.event(day, village=three, campaign="宪法宣传周", status="planned").hosts.add(
            organ
        )
    factories.event(site=square, campaign="宪法宣传周", notes="内部").hosts.add(organ)
    return three_villages


def figures(county=""):
    """Every figure that the report tells, wherever it stands."""
    told = AskedReport.read(QueryDict(f"region={county}")).told()
    rows = [*told.sections, *told.counties, *told.organs]
    return [figure for row in rows for figure in row.figures]


@pytest.mark.parametrize("county", ["", "150203"])
def test_every_figure_opens_to_as_many_records(client, town, county):
    asked = {
        (figure.of, query, figure.unit): value
        for figure in figures(county)
        for query, value in (
            (figure.query, figure.value),
            (figure.earlier_query, figure.earlier),
        )
        if value is not None
    }
    assert {of for of, _query, _unit in asked} == set(LISTS)
    for (of, query, unit), value in asked.items():
        page = client.get(f"{reverse(LISTS[of])}?{query}").context
        sums = {"人次": page.get("people"), "人": page.get("sum"), "户": page.get("sum")}
        shown = sums[unit] if unit in sums else page["page"].paginator.count
        assert shown == value, query


def test_the_page_shows_the_figures_and_their_links(client, town):
    page = client.get("/reports/?from=2026-01-01&to=2026-12-31").content.decode()
    links = {html.unescape(link) for link in re.findall(r'href="(/[^"]+\?[^"]+)"', page)}
    for figure in figures():
        if figure.value is not None:
            assert f"{reverse(LISTS[figure.of])}?{figure.query}" in links
    assert "没有记录" in page


def test_the_page_takes_at_most_12_queries(planner, town, django_assert_max_num_queries):
    planner.get("/reports/")
    with django_assert_max_num_queries(12):
        assert planner.get("/reports/?from=2021-01-01&to=2026-12-31").status_code == 200


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("from=2026-07-02&to=2026-07-01", 422, "2026-07-02 晚于 to:2026-07-01"),
        ("from=2026-02-30&to=2026-03-01", 422, "没有 2026-02-30 这一天"),
        ("from=last-year&to=2026-03-01", 422, "日期,如"),
        ("from=2026-01-01", 422, "请同时给出"),
        ("to=2026-01-01", 422, "请同时给出"),
        ("from=2026-01-01&to=2026-06-30&against=2025-12-01", 422, "开始之前结束"),
        ("region=999999", 404, "没有代码为 999999 的旗县区"),
        ("region=abc", 422, "区划代码"),
    ],
)
def test_what_makes_no_sense_is_a_sentence(client, town, query, status, said):
    for path in ("/reports/", "/reports/report.docx", "/reports/records.xlsx"):
        page = client.get(f"{path}?{query}")
        assert page.status_code == status
        assert said in html.unescape(page.content.decode())


def test_the_earlier_period_may_be_chosen(client, town):
    told = client.get("/reports/?from=2026-01-01&to=2026-12-31&against=2021-01-01").context[
        "report"
    ]
    assert told.against.last == datetime.date(2021, 12, 31)
    assert told.sections[0].figures[0].earlier is None


def test_the_quick_choices_are_the_plans_the_years_and_twelve_months(client, today):
    found = [each.period for each in client.get("/reports/").context["choices"]]
    assert [(each.first.isoformat(), each.last.isoformat()) for each in found] == [
        ("2026-01-01", "2026-12-31"),
        ("2025-01-01", "2025-12-31"),
        ("2025-07-16", "2026-07-15"),
        ("2021-01-01", "2025-12-31"),
        ("2026-01-01", "2030-12-31"),
    ]


def test_the_document_has_headings_tables_chinese_fonts_and_the_same_numbers(client, town):
    document = docx.Document(io.BytesIO(client.get("/reports/report.docx").content))
    headings = [each.text for each in document.paragraphs if each.style.name == "Heading 1"]
    assert {"活动和人数", "各旗县区", "谁执法谁普法", "怎么算的", "数据来源"} <= set(headings)
    cells = [cell.text for cell in document.tables[0].rows[1].cells]
    assert cells == ["举办的活动", "场", "3", "2", "+1"]
    for style in ("Normal", "Heading 1"):
        fonts = document.styles[style].element.rPr.rFonts
        assert fonts.get(qn("w:eastAsia")) in {"宋体", "黑体"}


def test_the_workbook_has_real_dates_and_no_formulas(client, town):
    book = openpyxl.load_workbook(io.BytesIO(client.get("/reports/records.xlsx").content))
    numbers, records = book.worksheets
    assert (records.freeze_panes, records.auto_filter.ref) == ("A2", "A1:P5")
    rows = list(records.values)
    titles = rows[0]
    first = dict(zip(titles, rows[1], strict=True))
    assert first["开始时间"] == datetime.datetime(2026, 5, 1, 9)
    assert first["场所"] == "=1+1"
    assert "f" not in {cell.data_type for row in records.rows for cell in row}
    assert "<b>案</b>" in [row[titles.index("节目")] for row in rows]
    assert "内部" not in str(rows)
    held = next(row for row in numbers.values if row[1] == "举办的活动")
    assert held[6:8] == (3, 2)


def test_a_figure_is_typed_in_with_its_source_and_taken_away(planner, town):
    query = "?from=2026-01-01&to=2026-12-31"
    assert planner.post(reverse("report_figure") + query, FIGURE).status_code == 302
    kept = ReportFigure.objects.get()
    assert kept.entered_by.username == "planner"
    page = planner.get(f"/reports/{query}").content.decode()
    assert "手工填报</span>" in page
    assert FIGURE["source"] in page
    planner.post(reverse("remove_figure", args=[kept.pk]) + query)
    assert not ReportFigure.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"source": ""}, "source"),
        ({"source": "   "}, "source"),
        ({"value": "many"}, "value"),
        ({"value": "1" * 20}, "value"),
        ({"last": "2025-01-01"}, "__all__"),
        ({"first": "2026-02-30"}, "first"),
        ({"county": "150203001"}, "county"),
    ],
)
def test_a_figure_that_makes_no_sense_is_told_at_its_field(planner, town, changes, field):
    answer = planner.post(reverse("report_figure"), FIGURE | changes)
    assert answer.status_code == 422
    assert answer.context["form"].errors[field]
    assert not ReportFigure.objects.exists()


def test_the_same_figure_is_not_typed_in_twice(planner, town):
    planner.post(reverse("report_figure"), FIGURE)
    answer = planner.post(reverse("report_figure"), FIGURE | {"value": "4"})
    assert "已经填过" in answer.content.decode()
    assert ReportFigure.objects.get().value == 300


def test_a_frozen_report_stays_as_it_was_and_names_nobody_in_public(planner, client, town):
    answer = planner.post(reverse("freeze_report") + "?from=2026-01-01&to=2026-12-31")
    address = answer["Location"]
    factories.event(village=town[0])
    page = planner.get(address)
    assert page.context["report"].sections[0].figures[0].value == 3
    kept = FrozenReport.objects.get()
    assert kept.checksum in page.content.decode()
    assert "王某某" in page.content.decode()
    client.logout()
    public = client.get(address).content.decode()
    assert "定稿,未被改动" in public
    assert "王某某" not in public
    assert address in client.get(reverse("frozen_reports")).content.decode()
    document = docx.Document(io.BytesIO(client.get(f"{address}?format=docx").content))
    assert kept.checksum in document.paragraphs[1].text


def test_a_frozen_report_that_was_changed_is_not_shown(planner, town):
    address = planner.post(reverse("freeze_report"))["Location"]
    kept = FrozenReport.objects.get()
    kept.document["report"]["sections"][0]["figures"][0]["value"] = 98765432123
    kept.save()
    page = planner.get(address)
    assert page.status_code == 409
    assert "被改动过" in page.content.decode()
    assert "98765432123" not in page.content.decode()


def test_only_planners_type_in_and_freeze(client, town):
    posts = [("report_figure", FIGURE), ("freeze_report", {})]
    for name, data in posts:
        assert client.post(reverse(name), data)["Location"].startswith("/admin/login/")
    client.force_login(factories.user("troupe", role="troupe"))
    for name, data in posts:
        assert client.post(reverse(name), data).status_code == 403
    assert not (ReportFigure.objects.exists() or FrozenReport.objects.exists())
    assert 'method="post" action="/reports/' not in client.get("/reports/").content.decode()


def test_the_report_is_public_where_coverage_is_internal(client, town, settings):
    settings.COVERAGE_PUBLIC = False
    assert client.get("/reports/").status_code == 200


def test_the_reports_of_the_whole_city_open_to_their_records(client, baotou):
    now = clock.now()
    asked = AskedReport(datetime.date(2021, 1, 1), datetime.date(2025, 12, 31))
    told = report(*asked.periods(now.date()), now)
    for figure in told.sections[0].figures:
        page = client.get(f"{reverse('events')}?{figure.query}").context
        shown = page["people"] if figure.unit == "人次" else page["page"].paginator.count
        assert shown == figure.value


@pytest.mark.parametrize(
    ("query", "called"),
    [
        ("from=2025-01-01&to=2025-12-31", "2025 年普法工作报告"),
        ("from=2021-01-01&to=2025-12-31", "“八五”普法(2021–2025)工作报告"),
        ("from=2026-01-01&to=2027-12-31", "2026–2027 年普法工作报告"),
        ("from=2026-01-01&to=2026-06-30", "2026 年 1–6 月普法工作报告"),
        ("from=2026-02-01&to=2026-02-28", "2026 年 2 月普法工作报告"),
        ("from=2025-12-01&to=2026-02-28", "2025 年 12 月至 2026 年 2 月普法工作报告"),
        ("from=2026-02-02&to=2026-02-28", "2026-02-02 至 2026-02-28 普法工作报告"),
        ("from=2025-01-01&to=2025-12-31&region=150203", "区划150203 2025 年普法工作报告"),
    ],
)
def test_a_report_is_called_as_people_call_its_period(client, town, query, called):
    assert f"<h1>{called}</h1>" in client.get(f"/reports/?{query}").content.decode()


# The map of the document


def test_the_document_shows_where_the_events_were_held(client, town):
    document = docx.Document(io.BytesIO(client.get("/reports/report.docx").content))
    assert "活动举办地" in [each.text for each in document.paragraphs]
    (picture,) = document.inline_shapes
    assert picture.width < document.sections[0].page_width
    empty = client.get("/reports/report.docx?from=1990-01-01&to=1990-12-31").content
    assert not docx.Document(io.BytesIO(empty)).inline_shapes


def test_the_map_counts_every_held_event_once_by_village_or_else_by_site(town):
    one, two, three = town
    lone = factories.site(name="公园")
    factories.event(site=lone)
    factories.event(village=one, site=factories.front(three))
    told = AskedReport.read(QueryDict("")).told(with_places=True)
    held = told.sections[0].figures[0].value
    assert {place.code: place.events for place in told.places} == {
        one.code: 3, two.code: 1, lone.code: 1,
    }  # fmt: skip
    assert sum(place.events for place in told.places) == held


def test_the_map_writes_the_count_of_each_county_beside_its_name(town):
    Region.objects.filter(code="150203").update(seat=town[0].location)
    told = AskedReport.read(QueryDict("")).told(with_places=True)
    drawn = happened.drawing(told)
    assert ">区划150203 3<" in drawn
    assert 'class="times1"' in drawn
    assert 'class="times2"' in drawn


def test_a_frozen_report_keeps_where_its_events_were_held(planner, town):
    planner.post("/reports/freeze/")
    frozen = FrozenReport.objects.get()
    places = frozen.document["report"]["places"]
    Event.objects.all().delete()
    content = planner.get(f"/reports/frozen/{frozen.pk}/?format=docx").content
    assert len(places) == 2
    assert len(docx.Document(io.BytesIO(content)).inline_shapes) == 1


def test_a_report_that_was_frozen_without_places_is_read_as_ever(planner, town):
    planner.post("/reports/freeze/")
    document = FrozenReport.objects.get().document
    del document["report"]["places"]
    assert freezing.thawed(document).places == ()


@pytest.mark.parametrize(("most", "edges"), [(0, []), (1, [1]), (3, [1, 2, 3]), (485, [122, 243, 364, 485])])  # fmt: skip
def test_shades_end_at_the_greatest_count_and_none_is_empty(most, edges):
    assert happened.steps(most) == edges


def test_the_organs_are_folded_behind_their_number(client, town):
    page = client.get("/reports/").content.decode()
    folded = re.search(r'<details class="fold">(.*?)</details>', page, re.DOTALL)[1]
    assert "看 1 个机关" in folded
    assert "司法局" in folded


@pytest.mark.parametrize("name", ["name", "source"])
def test_a_figure_with_a_nul_in_it_is_refused(planner, town, name):
    answer = planner.post("/reports/figures/", FIGURE | {name: "a\x00b"})
    assert answer.status_code == 422
    assert answer.context["form"].errors[name]
    assert "空字符串" not in answer.content.decode()
