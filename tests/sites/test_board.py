"""Counting facts: the table by division, the four states, the gaps and their reasons."""

import datetime

import numpy as np
import pytest

from sites import board
from sites.board import State
from sites.coverage import evaluate
from tests import factories

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 7, 15)


@pytest.fixture
def facts(county):
    """Four villages in two counties: in every state once. 5 km, and an event in 12 months."""
    factories.site(lat=40.0)
    factories.village("150203001", code="150203001001", lat=40.0, population=100)
    factories.village("150203001", code="150203001002", lat=40.04, population=50)
    far = factories.village("150203002", code="150203002001", lat=41.0, population=None)
    factories.village("150204001", code="150204001001", lat=42.0, population=900)
    factories.event(village_id="150203001001")
    factories.event(village=far, code="at-far")
    return evaluate(factories.standard(months=12), DAY)


def test_every_state_is_built_and_reached_or_not(facts):
    assert board.states(facts) == [
        State.EFFECTIVE,
        State.EFFECTIVE,
        State.DELIVERED,
        State.NONE,
    ]
    assert list(board.state_counts(facts).items()) == [
        (State.EFFECTIVE, 2),
        (State.IDLE, 0),
        (State.DELIVERED, 1),
        (State.NONE, 1),
    ]


def test_a_place_without_an_event_is_idle(county):
    factories.village()
    factories.site()
    facts = evaluate(factories.standard(months=12), DAY)
    assert board.states(facts) == [State.IDLE]


@pytest.mark.parametrize("rule", [{}, {"kinds": [], "months": 1}])
def test_a_standard_of_one_clause_knows_two_states(three_villages, rule):
    factories.site(lat=40.0)
    factories.event(village=three_villages[0], day=DAY)
    facts = evaluate(factories.standard(**rule), DAY)
    assert set(board.state_counts(facts)) == {State.EFFECTIVE, State.NONE}
    assert sum(board.state_counts(facts).values()) == 3


def test_a_row_counts_subjects_people_and_distances(facts):
    first, second = board.summary(facts, "county")
    assert (first.code, first.name, first.subjects) == ("150203", "区划150203", 3)
    assert (first.built, first.reached, first.met, first.doubtful) == (2, 3, 2, 0)
    assert first.share == pytest.approx(2 / 3)
    assert (first.population, first.population_met, first.population_unknown) == (150, 150, 1)
    assert (first.median_m, first.max_m) == (4441.4, 111044.3)
    assert first.p90_m == pytest.approx(np.percentile(facts.metres[:3], 90), abs=0.05)
    assert (second.met, second.population, second.population_met) == (0, 900, 0)


def test_a_row_says_what_its_doubtful_verdicts_could_become(county):
    factories.site(lat=40.0, position_error_m=0)
    for lat, error in ((40.01, 0), (40.04, 2000), (40.05, 2000), (40.2, 0)):
        factories.village(lat=lat, position_error_m=error)
    (row,) = board.summary(evaluate(factories.standard(), DAY), "city")
    assert (row.met, row.doubtful, row.met_least, row.met_most) == (2, 2, 1, 3)


def test_rows_are_by_township_or_for_the_city_too(facts):
    assert [row.code for row in board.summary(facts, "township")] == [
        "150203001",
        "150203002",
        "150204001",
    ]
    (city,) = board.summary(facts, "city")
    assert (city.code, city.subjects, city.met, city.population) == ("1502", 4, 2, 1050)


def test_totals_are_the_same_by_every_division(facts):
    for name in ("subjects", "built", "reached", "met", "doubtful", "without_distance"):
        sums = {
            sum(getattr(row, name) for row in board.summary(facts, by))
            for by in ("city", "county", "township")
        }
        assert len(sums) == 1


def test_rows_are_of_a_region_where_one_is_asked_for(facts):
    assert [row.code for row in board.summary(facts, "county", "150204")] == ["150204"]
    (city,) = board.summary(facts, "city", "150203")
    assert city.subjects == 3
    assert board.summary(facts, "city", "99") == []


def test_unknown_people_and_distances_are_counted_apart(county):
    factories.village(lon=None)
    factories.village()
    factories.site()
    (row,) = board.summary(evaluate(factories.standard(), DAY), "county")
    assert (row.population, row.population_met, row.population_unknown) == (None, None, 2)
    assert (row.median_m, row.without_distance, row.doubtful) == (0.0, 1, 1)


def test_without_sites_there_are_no_distances(county):
    factories.village()
    (row,) = board.summary(evaluate(factories.standard(), DAY), "county")
    assert (row.median_m, row.p90_m, row.max_m, row.without_distance) == (None, None, None, 1)


def test_a_clause_that_a_standard_lacks_is_not_counted(three_villages):
    (row,) = board.summary(evaluate(factories.standard(), DAY), "county")
    assert (row.built, row.reached) == (0, None)


def test_counties_and_townships_are_subjects_in_their_own_rows(county):
    factories.village("150203001", population=7)
    factories.region("150204002")
    factories.site(county="150203")
    by_county = factories.standard("c", subject="county", kinds=["square"])
    rows = board.summary(evaluate(by_county, DAY), "county")
    assert [(row.code, row.subjects, row.met, row.population) for row in rows] == [
        ("150203", 1, 1, 7),
        ("150204", 1, 0, None),
    ]
    by_township = factories.standard("t", subject="township", kinds=["square"])
    rows = board.summary(evaluate(by_township, DAY), "county")
    assert [(row.code, row.subjects, row.population) for row in rows] == [
        ("150203", 1, 7),
        ("150204", 1, None),
    ]


def test_gaps_are_the_unmet_with_the_neediest_first(facts):
    codes = [facts.subjects.codes[i] for i in board.gaps(facts)]
    assert codes == ["150204001001", "150203002001"]
    assert [facts.subjects.codes[i] for i in board.gaps(facts, "150203")] == ["150203002001"]


def test_among_equal_gaps_more_people_then_the_farther_then_the_lower_code(county):
    for code, population, lat in (
        ("150203001001", 10, 41.0),
        ("150203001002", 20, 41.0),
        ("150203001003", None, 45.0),
        ("150203001004", 10, 42.0),
        ("150203001005", 10, 42.0),
    ):
        factories.village(code=code, population=population, lat=lat)
    factories.site()
    facts = evaluate(factories.standard(), DAY)
    endings = [facts.subjects.codes[i][-1] for i in board.gaps(facts)]
    assert endings == ["2", "4", "5", "1", "3"]


def test_a_reason_names_the_distance_and_the_last_event(county):
    factories.village("150203001", lat=40.1)
    factories.site(lat=40.0)
    standard = factories.standard(months=12)
    assert board.reason(evaluate(standard, DAY), 0) == ("最近的合格场所在 11.1 公里外;没有活动记录")
    factories.event(village_id=evaluate(standard, DAY).subjects.codes[0],
                    day=datetime.date(2020, 5, 1))  # fmt: skip
    assert "近 12 个月活动不足,上次 2020-05-01" in board.reason(evaluate(standard, DAY), 0)


def test_a_reason_says_where_there_is_no_place_at_all(county):
    factories.village()
    assert board.reason(evaluate(factories.standard(), DAY), 0) == "没有合格的开放场所,或位置未知"


def test_a_subject_that_meets_the_standard_needs_no_reason(facts):
    assert board.reason(facts, 0) == ""


def test_a_table_takes_one_query(facts, django_assert_num_queries):
    with django_assert_num_queries(1):
        board.summary(facts, "county")


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({"min_count": 2, "max_distance_m": 5000}, "第 2 近的合格场所在 8.9 公里外"),
        ({"min_count": 2, "max_distance_m": None}, "区域内的合格场所不足 2 处"),
    ],
)
def test_a_reason_names_the_place_that_is_missing(three_villages, rule, said):
    factories.site(lat=40.04)
    factories.site(lat=40.12)
    standard = factories.standard(**rule)
    facts = evaluate(standard, datetime.date(2026, 7, 15))
    assert board.reason(facts, 0) == said
