"""What is stored with the facts for the boards of large areas is what the facts add up to."""

import datetime

import pytest

from events.models import Event
from sites import board, freshness, stored, summaries
from sites.models import Coverage, Region, Site, Summary, Village
from tests import factories

DAY = datetime.date(2026, 7, 15)
pytestmark = pytest.mark.django_db


@pytest.fixture
def standard(db):
    """Villages in two provinces, three cities and four counties, in every state; some unknown."""
    for number, (township, lat, people) in enumerate(
        [
            ("150203001", 40.0, 100),
            ("150203001", 40.06, None),
            ("150204001", 40.01, 0),
            ("150204002", 41.0, 7),
            ("150105001", 40.02, 30),
            ("640104001", 40.03, None),
            ("640104001", None, 5),
        ]
    ):
        lon = None if lat is None else 110.0
        error = 3000 if number == 2 else 0
        village = factories.village(
            township, lon, lat or 0, population=people, position_error_m=error
        )
        if number % 2:
            factories.event(village=village)
    factories.site(lat=40.0)
    return factories.standard(months=12)


def of_level(standard, digits):
    return [each for each in Summary.objects.filter(standard=standard) if len(each.code) == digits]


@pytest.mark.parametrize(("digits", "by"), [(2, "province"), (4, "city"), (6, "county")])
def test_stored_sums_are_those_of_the_facts(standard, digits, by):
    facts = freshness.facts(standard, DAY, DAY)
    rows = board.summary(facts, by)
    kept = sorted(of_level(standard, digits), key=lambda each: each.code)
    assert len(rows) > 1
    assert [each.code for each in kept] == [row.code for row in rows]
    for each, row in zip(kept, rows, strict=True):
        assert {name: getattr(each, name) for name in summaries.FIGURES} == {
            name: getattr(row, name) for name in summaries.FIGURES
        }
        assert each.neediest == [facts.subjects.codes[i] for i in board.gaps(facts, each.code)]


def test_stored_sums_are_those_of_the_stored_rows(standard):
    freshness.ensure_fresh(DAY)
    for each in Summary.objects.filter(standard=standard):
        rows = Coverage.objects.filter(standard=standard, subject__startswith=each.code)
        assert each.subjects == rows.count()
        assert each.met == rows.filter(met=True).count()
        assert each.built == rows.filter(built=True).count()
        assert each.reached == rows.filter(reached=True).count()
        assert each.doubtful == rows.filter(certain=False).count()
        assert each.without_distance == rows.filter(distance_m=None).count()


def test_sums_follow_the_facts(standard):
    freshness.ensure_fresh(DAY)
    before = Summary.objects.get(standard=standard, code="")
    Site.objects.update(closed_on=DAY)
    freshness.ensure_fresh(DAY)
    after = Summary.objects.get(standard=standard, code="")
    assert (before.built > 0, after.built) == (True, 0)


def test_an_overview_is_by_the_first_level_that_has_several_divisions(standard):
    freshness.ensure_fresh(DAY)
    nation, province, city = (summaries.overview(standard, code) for code in ("", "15", "1502"))
    assert (nation.level, [row.code for row in nation.rows]) == ("province", ["15", "64"])
    assert (province.level, [row.code for row in province.rows]) == ("city", ["1501", "1502"])
    assert (city.level, [row.code for row in city.rows]) == ("county", ["150203", "150204"])
    assert summaries.overview(standard, "64").level == "county"
    assert summaries.overview(standard, "99") is None
    Event.objects.all().delete()
    Village.objects.exclude(code__startswith="1502").delete()
    freshness.ensure_fresh(DAY)
    assert [row.code for row in summaries.overview(standard).rows] == ["150203", "150204"]


def test_an_overview_says_the_same_of_facts_that_are_not_stored(standard):
    facts = freshness.facts(standard, DAY, DAY)
    for region in ("", "15", "1502"):
        assert summaries.overview_of(facts, region) == summaries.overview(standard, region)


def test_a_board_is_by_the_same_level_as_an_overview(standard):
    facts = freshness.facts(standard, DAY, DAY)
    for region in ("", "15", "1502"):
        assert board.level_below(facts, region) == summaries.overview(standard, region).level
    assert board.level_below(facts, "150203") == "township"


def test_only_the_neediest_are_kept(standard, monkeypatch):
    monkeypatch.setattr(summaries, "NEEDIEST", 2)
    facts = freshness.facts(standard, DAY, DAY)
    kept = Summary.objects.get(standard=standard, code="")
    assert kept.neediest == [facts.subjects.codes[i] for i in board.gaps(facts)[:2]]


def test_a_row_knows_its_states(standard):
    facts = freshness.facts(standard, DAY, DAY)
    for row in board.summary(facts, "county"):
        assert board.row_states(row) == board.state_counts(facts, row.code)
    place_alone = freshness.facts(factories.standard("place"), DAY, DAY)
    row = board.total(place_alone)
    assert board.row_states(row) == board.state_counts(place_alone)


def test_facts_of_a_division_or_of_some_are_those_of_all(standard):
    facts = freshness.facts(standard, DAY, DAY)
    part = freshness.facts(standard, DAY, DAY, "1502")
    assert part.subjects.codes == [c for c in facts.subjects.codes if c.startswith("1502")]
    assert board.summary(part, "county") == board.summary(facts, "county", "1502")
    chosen = facts.subjects.codes[1:3]
    some = stored.read(standard, DAY, only=chosen)
    assert some.subjects.codes == chosen
    assert some.met.tolist() == facts.met[1:3].tolist()
    past = datetime.date(2026, 6, 20)
    assert (
        freshness.facts(standard, past, DAY, "1502").met.tolist()
        == freshness.facts(standard, past, DAY).met[1:5].tolist()
    )


def test_a_township_without_a_county_counts_in_the_whole_alone(standard):
    Region.objects.filter(code="640104001").update(parent=None)
    freshness.ensure_fresh(DAY)
    assert Summary.objects.get(standard=standard, code="").subjects == 7
    assert {each.code for each in of_level(standard, 2)} == {"15"}
