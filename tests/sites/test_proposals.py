"""Proposals agree with what the standard would say once they were built."""

import dataclasses
import datetime
import itertools

import pytest
from django.db import connection
from pyproj import Geod

from sites import proposals, roads, siting
from sites.coverage import evaluate
from sites.models import TravelTime
from sites.proposals import METHODS, NoProposal, Question, improving, propose
from tests import factories
from tests.sites import routers

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


def test_answers_come_as_they_are_found_and_the_last_is_the_best(row_of_villages):
    question = Question(method="p-median", count=2)
    found = list(improving(facts(), question))
    objectives = [each.choice.objective for each in found]
    assert objectives == sorted(objectives, reverse=True)
    assert all(each.choice.bound <= each.choice.objective for each in found)
    last = propose(facts(code="again"), question)
    assert found[-1].chosen == last.chosen
    assert found[-1].choice.status == last.choice.status == "optimal"


def test_an_answer_that_time_did_not_suffice_to_prove_is_not_called_optimal(row_of_villages):
    for village in row_of_villages[:-1]:
        factories.village(lon=110.03, lat=village.location.y + 0.02)
    for found in improving(facts(), Question(count=2, seconds=0)):
        proven = found.choice.objective == found.choice.bound
        assert (found.choice.status == "optimal") == proven


def test_nothing_is_computed_after_the_reader_has_gone(row_of_villages, monkeypatch):
    closed = []
    choice = siting.choose([], [], [], method="lscp", radius_m=1)

    def endless(*_args, **_options):
        try:
            yield from itertools.repeat(choice)
        finally:
            closed.append(True)

    monkeypatch.setattr(siting, "improvements", endless)
    answers = improving(facts(), Question(count=1))
    next(answers)
    answers.close()
    assert closed == [True]


@pytest.mark.django_db(transaction=True)
def test_no_connection_is_held_while_it_is_solved(row_of_villages, monkeypatch):
    held = []
    solve = siting.improvements

    def watched(*args, **options):
        held.append(connection.connection is not None)
        for choice in solve(*args, **options):
            yield choice
            held.append(connection.connection is not None)

    monkeypatch.setattr(siting, "improvements", watched)
    assert list(improving(facts(max_minutes=15), Question(method="p-median", count=2)))
    assert not any(held)


def test_gains_say_whether_the_standard_is_met_or_a_place_is_there_or_nearer(row_of_villages):
    assert propose(facts(), Question()).gains_means == "met"
    assert propose(facts(code="nearer"), Question(method="p-median")).gains_means == "nearer"
    factories.event(village_id=row_of_villages[0].code, day=DAY)
    found = propose(facts(code="active", months=12), Question(method="lscp"))
    assert found.gains_means == "built"
    assert sum(len(each.gains) for each in found.chosen) == 9
    assert 0 < int(found.after.met.sum()) < 9


def test_who_is_not_counted_is_named_and_the_fewest_need_no_count(row_of_villages):
    row_of_villages[0].population = 100
    row_of_villages[0].save()
    found = propose(facts(), Question(count=1, by_population=True))
    assert found.uncounted == [village.code for village in row_of_villages[1:]]
    fewest = propose(facts(code="fewest"), Question(method="lscp", by_population=True))
    assert (len(fewest.chosen), fewest.uncounted) == (4, [])


def test_a_candidate_keeps_its_name(row_of_villages):
    question = Question(count=1, candidates=((110.0, 40.0),), names=("文化站",))
    assert propose(facts(), question).chosen[0].name == "文化站"


def test_the_average_way_is_told_in_kilometres_or_minutes(row_of_villages):
    kilometres = propose(facts(), Question(method="p-median", count=9))
    assert kilometres.average == pytest.approx(0)
    assert not kilometres.in_minutes
    two = Question(method="p-median", count=2)
    metres = propose(facts(code="m"), two).average
    minutes = propose(facts(code="t"), dataclasses.replace(two, measure="minutes"))
    assert minutes.average == pytest.approx(metres * 1.3 / 1000 / 40 * 60)
    assert minutes.estimated == 9


@pytest.mark.parametrize(
    ("fields", "measure"), [({}, "minutes"), ({"max_minutes": 15}, "distance")]
)
def test_coverage_is_measured_as_the_standard_measures_it(row_of_villages, fields, measure):
    with pytest.raises(NoProposal, match="只能按"):
        propose(facts(**fields), Question(measure=measure))


def test_a_region_whose_villages_have_no_position_is_said(county):
    factories.village(lon=None)
    with pytest.raises(NoProposal, match="没有位置"):
        propose(facts(), Question(count=1))


@pytest.fixture(params=["osrm", "valhalla"])
def router(request, settings):
    roads._resting.clear()
    with routers.serving() as made:
        settings.ROUTING_URL, settings.ROUTING_KIND = made.url, request.param
        yield made


def only_to_the_third(source, target):
    """Five minutes to the third village (40.08), an hour to any other place."""
    return 300.0 if target[1] == 40.08 else 3600.0


def test_the_road_decides_where_a_place_helps_most(row_of_villages, router):
    router.seconds = only_to_the_third
    found = propose(facts(max_minutes=15), Question(count=1))
    (chosen,) = found.chosen
    assert chosen.subject == row_of_villages[2].code
    assert chosen.gains == [village.code for village in row_of_villages[:5]]  # 11.6 km at most
    assert found.estimated == 0
    assert set(chosen.gains) <= {
        code for code, met in zip(found.after.subjects.codes, found.after.met, strict=True) if met
    }
    assert TravelTime.objects.filter(to_lat=4008000, minutes=5).count() >= 5


def test_a_road_is_asked_for_once(row_of_villages, router):
    router.seconds = only_to_the_third
    question = Question(count=1)
    measured = facts(max_minutes=15)
    proposals._asked(measured, question)
    asked = len(router.asked)
    proposals._asked(measured, question)
    assert len(router.asked) == asked


def test_minutes_are_told_as_estimated_where_the_server_is_down(row_of_villages, router):
    router.body = b"{}"
    found = propose(facts(max_minutes=15), Question(count=1))
    assert found.estimated == 9
    assert len(found.chosen[0].gains) == 3  # 7.7 km by estimate


def test_where_no_road_leads_nobody_is_gained(row_of_villages, router):
    router.seconds = lambda source, target: None
    found = propose(facts(max_minutes=15), Question(method="lscp"))
    assert found.chosen == []
    assert len(found.out_of_reach) == 9
