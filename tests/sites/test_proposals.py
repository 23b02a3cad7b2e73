"""Proposals agree with what the standard would say once they were built."""

import datetime
import itertools

import pytest
from pyproj import Geod

from sites import siting
from sites.coverage import evaluate
from sites.proposals import METHODS, NoProposal, Question, propose
from tests import factories

DAY = datetime.date(2026, 7, 15)
GEOD = Geod(ellps="WGS84")
pytestmark = pytest.mark.django_db


@pytest.fixture
def row_of_villages(county):
    """Eight villages on a meridian, 4.4 km apart, and a far one: none has a square yet."""
    return [factories.village(lat=40 + 0.04 * i) for i in range(8)] + [factories.village(lat=41.5)]


def facts(**fields):
    return evaluate(factories.standard(**fields), DAY)


def most_covered(villages, count, metres):
    """By trying every choice of `count` villages."""
    near = [
        {j for j, b in enumerate(villages) if GEOD.inv(*a.location.coords, *b.location.coords)[2] <= metres}
        for a in villages
    ]  # fmt: skip
    return max(len(set().union(*picked)) for picked in itertools.combinations(near, count))


@pytest.mark.parametrize("count", [1, 2, 3])
def test_the_most_that_a_few_places_can_reach_is_found_and_comes_true(row_of_villages, count):
    found = propose(facts(), Question(count=count))
    assert found.choice.status == "optimal"
    assert found.choice.objective == most_covered(row_of_villages, count, 5000)
    gained = [code for each in found.chosen for code in each.gains]
    assert len(set(gained)) == len(gained) == found.choice.objective
    assert int(found.after.met.sum()) == found.choice.objective


def test_the_fewest_that_reach_all_are_found_and_reach_all(row_of_villages):
    found = propose(facts(), Question(method="lscp", count=None))
    assert len(found.chosen) == 4
    assert found.after.met.all()


def test_what_stands_already_is_not_built_again(row_of_villages):
    factories.site(lat=40.0)
    found = propose(facts(), Question(method="lscp", count=None))
    assert found.after.met.all()
    assert {each.subject for each in found.chosen} <= {v.code for v in row_of_villages[2:]}


def test_a_village_out_of_reach_of_all_candidates_is_named_and_the_rest_solved(row_of_villages):
    candidates = ((110.0, 40.04), (110.0, 40.16), (110.0, 40.28))
    found = propose(facts(), Question(method="lscp", count=None, candidates=candidates))
    assert found.out_of_reach == [row_of_villages[-1].code]
    assert int(found.after.met.sum()) == 8
    assert {(each.lon, each.lat) for each in found.chosen} == set(candidates)


def test_the_mean_way_gets_shorter_and_existing_places_count(row_of_villages):
    factories.site(lat=41.5)
    found = propose(facts(), Question(method="p-median", count=1))
    ways = {
        village.code: sum(
            min(
                GEOD.inv(*a.location.coords, *village.location.coords)[2],
                GEOD.inv(*a.location.coords, 110.0, 41.5)[2],
            )
            for a in row_of_villages
        )
        for village in row_of_villages
    }
    (chosen,) = found.chosen
    assert found.choice.objective == pytest.approx(min(ways.values()))
    assert ways[chosen.subject] == pytest.approx(min(ways.values()))


def test_each_setting_has_its_own_limit(county):
    factories.village(lat=40.0, setting="urban")
    factories.village(lat=40.04, setting="herding")
    standard = {"max_distance_m": {"urban": 1000, "herding": 20000}}
    found = propose(facts(**standard), Question(count=1))
    (chosen,) = found.chosen
    assert len(chosen.gains) == 2
    assert found.after.met.all()


def test_who_lacks_more_than_one_is_told_and_not_promised(row_of_villages):
    factories.site(lat=40.0)
    found = propose(facts(min_count=2), Question(count=1))
    assert len(found.need_more) == 7
    assert len(found.chosen[0].gains) == int(found.after.met.sum()) == 2


def test_people_weigh_where_they_are_counted(county):
    few, many = (
        factories.village(lat=40.0, population=10),
        factories.village(lat=41.0, population=900),
    )
    found = propose(facts(), Question(count=1, by_population=True))
    assert (found.chosen[0].subject, found.choice.objective) == (many.code, 900)
    few.population = many.population = None
    few.save()
    many.save()
    with pytest.raises(NoProposal, match="人口"):
        propose(facts(code="again"), Question(count=1, by_population=True))


def test_a_region_bounds_whom_it_is_for_and_where_it_stands(row_of_villages):
    other = factories.village("150204002", lat=40.02)
    found = propose(facts(), Question(count=1, region="150204"))
    assert [each.subject for each in found.chosen] == [other.code]
    assert found.chosen[0].gains == [other.code]


@pytest.mark.parametrize(
    ("standard", "question", "told"),
    [
        ({"max_distance_m": None}, {}, "多远"),
        ({"kinds": [], "months": 12}, {}, "多远"),
        ({}, {"region": "99"}, "范围"),
        ({}, {"count": 10}, "只有 9 个"),
    ],
)
def test_what_makes_no_sense_is_said(row_of_villages, standard, question, told):
    with pytest.raises(NoProposal, match=told):
        propose(facts(**standard), Question(**question))


def test_the_methods_are_those_of_siting():
    assert sorted(METHODS) == sorted(siting.METHODS)


def test_nothing_is_proposed_where_nothing_lacks(county):
    factories.village(lat=40.0)
    factories.site(lat=40.0)
    assert propose(facts(), Question(count=1)).chosen == []
