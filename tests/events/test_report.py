"""A report beside an independent count in plain Python, and what an added record moves."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.models import Event
from events.reports import freezing
from events.reports.cells import Period
from events.reports.kept import FrozenReport, ReportFigure
from events.reports.report import report
from sites import clock
from sites.models import Site, Village
from tests import factories

DAY = datetime.timedelta(days=1)
YEAR = Period(datetime.date(2026, 1, 1), datetime.date(2026, 12, 31))
LAST_YEAR = Period(datetime.date(2025, 1, 1), datetime.date(2025, 12, 31))
NOW = clock.midnight(datetime.date(2026, 7, 15))


def told(county=""):
    """Every figure of the sections by its label: (value, earlier)."""
    found = report(YEAR, LAST_YEAR, NOW, county)
    return {
        (section.title, figure.label): (figure.value, figure.earlier)
        for section in found.sections
        for figure in section.figures
    }


def value(title, label, county=""):
    return told(county)[title, label]


@pytest.fixture
def world(three_villages):
    """Two counties, sites that open and close, events of every sort in and out of the periods."""
    one, two, far = three_villages
    elsewhere = factories.village("150204001", lat=41.0, legal_adviser=True, legal_literates=3)
    square = factories.site(village=one, opened_on=datetime.date(2026, 3, 1))
    factories.site(kind="park", tier="city", closed_on=datetime.date(2026, 2, 1))
    factories.site(kind="service", tier="township", county="150204")
    factories.front(two)
    troupe = factories.troupe()
    lecture = factories.programme(kind="lecture", series="普法惠民大讲堂")
    case = factories.programme(kind="case-lecture", series="以案释法")
    factories.event(YEAR.first, site=square, attendance=40, troupe=troupe)
    factories.event(YEAR.last, village=two, status="planned")
    factories.event(YEAR.first - DAY, village=two, attendance=5)
    factories.event(YEAR.last + DAY, village=two, status="planned")
    factories.event(LAST_YEAR.first - DAY, village=far)
    factories.event(village=far, programme=lecture, campaign="宪法宣传周", audience="schools")
    factories.event(village=elsewhere, programme=case, attendance=7, audience="organs")
    factories.event(village=elsewhere, programme=case, status="confirmed")
    factories.event(village=elsewhere, status="cancelled", campaign="宪法宣传周")
    factories.event(LAST_YEAR.last, site=square, reaches=[two], audience="schools")
    factories.event(site=square, village=elsewhere, attendance=2, programme=lecture)
    return three_villages


def counted(period, fits=lambda event: True):
    """Held events of a period, one by one."""
    events = Event.objects.select_related("programme", "site", "village")
    return [
        event
        for event in events
        if event.status == "held"
        and period.first <= event.starts_at.astimezone(clock.SHANGHAI).date() <= period.last
        and fits(event)
    ]


def both(fits=lambda event: True):
    return len(counted(YEAR, fits)), len(counted(LAST_YEAR, fits))


def test_events_are_counted_as_one_by_one(world):
    found = told()
    assert found["活动和人数", "举办的活动"] == both() == (4, 2)
    assert found["活动和人数", "演出"] == both(lambda e: e.programme.kind == "show")
    assert found["讲座(按系列)", "普法惠民大讲堂"] == both(
        lambda e: e.programme.series == "普法惠民大讲堂"
    )
    assert found["讲座(按系列)", "以案释法"] == (1, 0)
    assert found["专项活动", "宪法宣传周"] == both(lambda e: e.campaign == "宪法宣传周") == (1, 0)
    assert found["法律七进(按对象)", "进学校"] == both(lambda e: e.audience == "schools")
    assert found["演出(按演出队)", "法治乌兰牧骑"] == (1, 0)


def test_people_are_added_and_events_without_a_figure_are_counted_apart(world):
    sums = [sum(event.attendance or 0 for event in counted(span)) for span in (YEAR, LAST_YEAR)]
    assert value("活动和人数", "到场人数") == tuple(sums) == (49, 5)
    assert value("活动和人数", "没有人数记录的活动") == (1, 1)


def test_what_no_record_says_is_no_zero(three_villages):
    factories.event(village=three_villages[0])
    assert value("活动和人数", "到场人数") == (None, None)
    assert value("村(社区)", "有法律顾问的村(社区)") == (None, None)
    assert value("村(社区)", "法律明白人") == (None, None)
    assert value("村(社区)", "全国民主法治示范村") == (None, None)
    assert value("活动和人数", "演出") == (1, None)
    assert value("活动和人数", "讲座") == (0, None)
    assert value("村(社区)", "首次有活动到达的村(社区)") == (1, None)


def test_sites_are_those_open_at_the_end_of_each_period_or_today(world):
    here, there = min(YEAR.last, NOW.date()), LAST_YEAR.last

    def listed(day):
        return sum(
            site.kind in {"square", "park", "corridor", "base"}
            and site.tier in {"city", "county"}
            and (site.opened_on is None or site.opened_on <= day)
            and (site.closed_on is None or site.closed_on > day)
            for site in Site.objects.all()
        )

    assert value("场所和阵地", "市县两级法治文化阵地") == (listed(here), listed(there)) == (1, 1)
    assert value("场所和阵地", "广场") == (1, 0)
    assert value("场所和阵地", "村级阵地") == (1, 1)
    assert value("公共法律服务点", "乡级") == (1, 1)


def test_a_village_is_new_once(world):
    def villages(period):
        found = set()
        for event in counted(period):
            found |= {event.village_id, event.site and event.site.village_id}
            found |= set(event.reaches.values_list("pk", flat=True))
        return found - {None}

    ever = Period(datetime.date(2000, 1, 1), YEAR.first - DAY)
    assert value("村(社区)", "有活动到过的村(社区)")[0] == len(villages(YEAR)) == 3
    new = villages(YEAR) - villages(ever)
    assert value("村(社区)", "首次有活动到达的村(社区)")[0] == len(new) == 1


def test_villages_facts_have_no_earlier_value_and_say_of_how_many_nothing_is_known(world):
    assert value("村(社区)", "法律明白人") == (3, None)
    sections = report(YEAR, LAST_YEAR, NOW).sections
    figures = {figure.label: figure for section in sections for figure in section.figures}
    assert figures["有法律顾问的村(社区)"].value == 1
    assert (figures["有法律顾问的村(社区)"].unknown, Village.objects.count()) == (0, 4)


def test_an_added_event_moves_every_figure_where_it_must(world):
    before = told()
    organ = factories.organ()
    show = factories.programme(kind="show", series="新系列")
    factories.event(
        village=Village.objects.get(code="150204001500"),
        programme=show,
        attendance=11,
        campaign="民法典宣传月",
        audience="villages",
    ).hosts.add(organ)
    after = told()
    moved = {key: after[key] for key in after if after[key] != before.get(key)}
    assert moved == {
        ("活动和人数", "举办的活动"): (5, 2),
        ("活动和人数", "演出"): (2, 2),
        ("活动和人数", "到场人数"): (60, 5),
        ("专项活动", "民法典宣传月"): (1, 0),
        ("法律七进(按对象)", "法律七进合计"): (3, 1),
        ("法律七进(按对象)", "进乡村"): (1, 0),
        ("法律七进(按对象)", "法律七进到场人数"): (18, None),
    }
    rows = {row.code: row.figures for row in report(YEAR, LAST_YEAR, NOW).organs}
    assert [figure.value for figure in rows[organ.code]] == [0, 1, 0]


def test_a_county_counts_its_own_and_an_event_between_two_counts_in_both(world):
    found = report(YEAR, LAST_YEAR, NOW)
    rows = {row.code: {f.label: f.value for f in row.figures} for row in found.counties}
    assert (rows["150203"]["活动"], rows["150204"]["活动"]) == (3, 2)
    assert value("活动和人数", "举办的活动", "150204")[0] == 2
    assert value("活动和人数", "到场人数", "150204")[0] == rows["150204"]["到场人数"] == 9


def test_an_event_that_is_over_and_not_recorded_is_overdue(county):
    organ, village = factories.organ(), factories.village()
    for fields in (
        {"status": "planned"},
        {"status": "confirmed"},
        {"status": "cancelled"},
        {},
        {"status": "planned", "starts_at": NOW},
        {"status": "planned", "starts_at": NOW - datetime.timedelta(hours=1)},
    ):
        factories.event(village=village, **fields).hosts.add(organ)
    (row,) = report(YEAR, LAST_YEAR, NOW).organs
    assert [figure.value for figure in row.figures] == [4, 1, 2]


def test_an_organ_without_an_event_is_told_with_its_duty(county):
    factories.organ(duty="民法典")
    factories.event(village=factories.village())
    (row,) = report(YEAR, LAST_YEAR, NOW).organs
    assert (row.about, [figure.value for figure in row.figures]) == ("民法典", [0, 0, 0])
    assert [figure.earlier for figure in row.figures] == [None, None, None]


def test_typed_figures_are_those_within_the_period_and_of_the_county(county):
    fields = {"value": "12.50", "unit": "人", "source": "报表", "entered_at": NOW}
    for name, first, place in (
        ("在内", YEAR.first, None),
        ("在外", YEAR.first - DAY, None),
        ("旗县", YEAR.first, county),
    ):
        ReportFigure.objects.create(name=name, first=first, last=YEAR.last, county=place, **fields)
    assert [(t.name, t.value) for t in report(YEAR, LAST_YEAR, NOW).typed] == [("在内", "12.5")]
    assert [t.name for t in report(YEAR, LAST_YEAR, NOW, "150203").typed] == ["旗县"]


@given(st.dates(datetime.date(2000, 1, 1), datetime.date(2100, 1, 1)), st.integers(0, 3000))
def test_the_period_before_ends_the_day_before_and_is_as_long(first, days):
    period = Period(first, first + days * DAY)
    before = period.before()
    assert before.last + DAY == period.first
    assert abs((before.last - before.first) - (period.last - period.first)) <= 3 * DAY


def test_whole_months_are_compared_with_whole_months():
    plan = Period(datetime.date(2026, 1, 1), datetime.date(2030, 12, 31))
    assert plan.before() == Period(datetime.date(2021, 1, 1), datetime.date(2025, 12, 31))
    march = Period(datetime.date(2026, 3, 1), datetime.date(2026, 3, 31))
    assert march.before() == Period(datetime.date(2026, 2, 1), datetime.date(2026, 2, 28))


def test_periods_that_make_no_sense_are_refused(db):
    with pytest.raises(ValueError, match="cannot end"):
        Period(YEAR.last, YEAR.first)
    with pytest.raises(ValueError, match="must end before"):
        report(YEAR, YEAR, NOW)


def test_a_report_takes_7_queries_however_many_records(world, django_assert_num_queries):
    with django_assert_num_queries(7):
        report(YEAR, LAST_YEAR, NOW)


def test_a_frozen_report_is_read_back_as_it_was(world):
    original = report(YEAR, LAST_YEAR, NOW)
    kept = freezing.freeze(original, factories.user("planner"), NOW)
    Event.objects.all().delete()
    read = FrozenReport.objects.get(pk=kept.pk)
    assert freezing.is_unchanged(read)
    assert freezing.thawed(read.document) == original


def test_a_change_of_a_frozen_report_is_noticed(world):
    kept = freezing.freeze(report(YEAR, LAST_YEAR, NOW), factories.user("planner"), NOW)
    kept.document["report"]["sections"][0]["figures"][0]["value"] += 1
    kept.save()
    assert not freezing.is_unchanged(FrozenReport.objects.get())
