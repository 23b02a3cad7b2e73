"""What a visit to a village is worth, from the record."""

import datetime
import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from events import need
from events.models import Programme, VisitRequest
from events.need import Weights
from events.worth import months_waited, whole
from sites.clock import months_before
from sites.coverage import evaluate
from sites.models import Standard
from tests import factories

EPOCH = datetime.date(1970, 1, 1)
ON = datetime.date(2026, 7, 15)
UNTIL = datetime.date(2026, 7, 17)
TOWNSHIP = "150203001"

days = st.dates(datetime.date(1999, 1, 1), datetime.date(2101, 1, 1))


# The formula


@pytest.mark.parametrize("name", sorted(vars(Weights())))
@pytest.mark.parametrize("value", [-1, math.nan, math.inf])
def test_a_weight_is_never_negative_nor_endless(name, value):
    with pytest.raises(ValueError, match=name):
        Weights(**{name: value})


@given(days, days)
def test_months_of_waiting_are_the_calendars(last, on):
    """They are the most months that can be gone back without passing the event."""
    waited = months_waited(np.array([(last - EPOCH).days]), (on - EPOCH).days)[0]
    if last >= on:
        assert waited == 0
    else:
        assert months_before(on, int(waited)) >= last > months_before(on, int(waited) + 1)


def test_never_reached_has_waited_without_end_and_counts_as_the_cap():
    months = months_waited(np.array([-1, 0]), (ON - EPOCH).days)
    assert math.isinf(months[0])
    assert Weights(month=2, months_cap=10).waited(months).tolist() == [20, 20]


def test_people_whom_nobody_counted_are_no_points():
    assert Weights(hundred_people=3).people(np.array([np.nan, 50, 830])).tolist() == [0, 2, 25]


@given(st.floats(0, 1e9))
def test_points_are_rounded_half_up(points):
    assert abs(int(whole(points)) - points) <= 0.5
    assert int(whole(math.floor(points) + 0.5)) == math.floor(points) + 1


def test_a_market_day_and_a_festival_add_up():
    weights = Weights(market=3, festival=4)
    assert weights.day(market=True, festival=False) == 3
    assert weights.day(market=True, festival=True) == 7


# From the record


@pytest.fixture
def show(today, county):
    return factories.programme(kind="show", languages=["zh"])


def asked(standard, programme, *, region="150203", weights=None, quotas=None, until=UNTIL):
    return need.read(
        standard, ON, region, programme, weights or Weights(), quotas or {}, until=until
    )


def active(**fields):
    """Every village was reached within 12 months, within 5 km."""
    return factories.standard(
        "active", **{"kinds": [], "max_distance_m": 5000, "months": 12, **fields}
    )


def newly(needs):
    """Which villages a visit to each would bring to meet the standard."""
    return {code: needs.parts(i)["newly"] for i, code in enumerate(needs.codes)}


def test_a_visit_serves_the_village_and_those_within_reach(show, three_villages):
    a, b, c = (village.code for village in three_villages)
    assert newly(asked(active(), show)) == {a: [a, b], b: [a, b, c], c: [b, c]}


def test_a_village_served_twice_is_one_unit(show, three_villages):
    needs = asked(active(), show, weights=Weights(newly=7))
    assert needs.units == [village.code for village in three_villages]
    assert needs.unit_worth == [7, 7, 7]
    assert needs.serves == [(0, 1), (0, 1, 2), (1, 2)]


def test_only_the_village_itself_where_the_standard_has_no_distance(show, three_villages):
    standard = active(max_distance_m=None)
    assert newly(asked(standard, show)) == {v.code: [v.code] for v in three_villages}


def test_the_reach_goes_over_the_border_of_the_region(show, three_villages):
    beyond = factories.village("150204001", lat=40.04)
    factories.village("150204001", lat=41.0)
    needs = asked(active(), show)
    assert needs.codes == [village.code for village in three_villages]
    assert beyond.code in needs.parts(0)["newly"]
    assert len(needs.units) == 4


def test_who_was_reached_newly_meets_nothing(show, three_villages):
    factories.event(datetime.date(2026, 6, 1), village=three_villages[0])
    assert newly(asked(active(), show))[three_villages[2].code] == [three_villages[2].code]


def test_what_lapses_during_the_tour_counts(show, three_villages):
    factories.event(datetime.date(2025, 7, 16), village=three_villages[1])
    standard = active()
    assert asked(standard, show, until=ON).units == []
    assert len(asked(standard, show, until=ON + datetime.timedelta(days=1)).units) == 3


def test_who_has_no_place_would_not_meet_the_standard_by_a_visit(show, three_villages):
    standard = active(kinds=["square"])
    assert asked(standard, show).units == []
    factories.site(lat=40.04)
    a, b, _c = (village.code for village in three_villages)
    assert asked(standard, show).units == [a, b]


def test_who_lacks_two_events_is_not_helped_by_one(show, three_villages):
    standard = active(max_distance_m=None, min_events=2)
    assert asked(standard, show).units == []
    factories.event(village=three_villages[1])
    assert asked(standard, show).units == [three_villages[1].code]
    factories.event(village=three_villages[1])
    assert asked(standard, show).units == []


def test_a_programme_of_another_kind_serves_nobody(show, three_villages):
    assert asked(active(event_kinds=["lecture"]), show).units == []
    assert len(asked(factories.standard("b", kinds=[], months=1), show).units) == 3


def test_a_standard_of_some_settings_is_newly_met_there_only(show, county):
    herding = factories.village(setting="herding")
    other = factories.village(setting="farming")
    standard = active(settings=["herding"])
    needs = asked(standard, show)
    assert needs.codes == [herding.code, other.code]
    assert needs.units == [herding.code]


@pytest.mark.parametrize("fields", [{"months": None, "kinds": ["square"]}, {"subject": "county"}])
def test_where_villages_have_no_reach_clause_nothing_is_newly_met(show, three_villages, fields):
    factories.event(datetime.date(2026, 4, 16), village=three_villages[0])
    factories.site(county="150203")
    needs = asked(active(**fields), show)
    assert needs.units == []
    assert needs.months.tolist() == [2, 2, math.inf]


def test_a_village_waits_since_the_last_event_that_reached_it(show, three_villages):
    factories.event(datetime.date(2024, 12, 15), village=three_villages[0])
    factories.event(datetime.date(2024, 11, 1), reaches=[three_villages[2]], site=factories.site())
    needs = asked(active(), show, weights=Weights(month=2, months_cap=30))
    assert needs.months.tolist() == [19, 19, 20]
    assert needs.own.tolist() == [38, 38, 40]
    part = needs.parts(0)
    assert (part["months"], part["never"], part["last_event"]) == (19, False, "2024-12-15")


def test_the_parts_add_up_and_are_json(show, three_villages):
    village = three_villages[0]
    village.population = 830
    village.save()
    ask(village)
    ask(village)
    needs = asked(active(), show, weights=Weights(month=1.4, request=2.6), quotas={"150203": 3})
    part = json.loads(json.dumps(needs.parts(0)))
    assert part == {
        "months": None, "never": True, "last_event": None, "month_points": 50,
        "people": 830, "people_points": 8,
        "requests": 2, "request_points": 5,
        "missing": 3, "quota_points": 6,
        "newly": [village.code, three_villages[1].code], "newly_points": 40,
    }  # fmt: skip
    assert needs.own[0] == 50 + 8 + 5 + 6
    assert needs.parts(1)["people"] is None


def ask(village, **fields):
    return VisitRequest.objects.create(village=village, made_on=ON, **fields)


def test_a_request_counts_where_the_programme_satisfies_it(show, three_villages):
    village, standard = three_villages[0], active()
    coming = factories.event(village=village, status="planned")
    for fields, n in (
        ({}, 1),
        ({"kind": "show", "language": "zh"}, 2),
        ({"kind": "lecture"}, 2),
        ({"language": "mn"}, 2),
        ({"status": "arranged", "event": coming}, 2),
        ({"status": "arranged"}, 3),  # its event was deleted: it waits again
    ):
        ask(village, **fields)
        assert asked(standard, show).requests.tolist() == [n, 0, 0]


def test_a_request_counts_once_a_sender_until_it_has_a_date(show, three_villages):
    village, standard = three_villages[0], active()
    first = ask(village)
    ask(village, repeats=first)
    ask(village, status="handed", troupe=factories.troupe())
    ask(village, status="handed", organ=factories.organ())  # theirs to answer
    event = factories.event(village=village, status="planned")
    dated = ask(village, status="arranged", event=event)
    assert asked(standard, show).requests.tolist() == [2, 0, 0]
    event.status = "cancelled"
    event.save()
    assert asked(standard, show).requests.tolist() == [3, 0, 0]
    dated.delete()
    assert need.waiting(ON, "150203", standard)[0].requests == 2


def test_visits_missing_from_the_years_quota(show, three_villages):
    village = three_villages[0]
    factories.event(datetime.date(2026, 3, 1), village=village, programme=show)
    factories.event(datetime.date(2025, 12, 31), village=village, programme=show)
    square = factories.site(county="150203")
    factories.event(datetime.date(2026, 12, 1), site=square, programme=show, status="confirmed")
    factories.event(datetime.date(2026, 12, 2), site=square, programme=show, status="planned")
    factories.event(
        datetime.date(2026, 3, 1), village=village, programme=factories.programme(kind="lecture")
    )
    standard = active()
    assert asked(standard, show, quotas={"150203": 5}).missing.tolist() == [3, 3, 3]
    assert asked(standard, show, quotas={"150203": 1}).missing.tolist() == [0, 0, 0]
    assert asked(standard, show, quotas={"150204": 5}).missing.tolist() == [0, 0, 0]


def test_a_visit_is_at_the_front_that_is_open_else_at_the_villages_point(show, county):
    village = factories.village(lat=40.0)
    factories.front(village, location="POINT (110.5 40)", closed_on=ON)
    standard = active()
    assert asked(standard, show).points.tolist() == [[110.0, 40.0]]
    factories.front(village, location="POINT (110.25 40)")
    assert asked(standard, show).points.tolist() == [[110.25, 40.0]]


def test_a_village_without_a_position_is_named_apart(show, county):
    lost = factories.village(lon=None)
    found = factories.village()
    needs = asked(active(), show)
    assert needs.codes == [found.code]
    assert needs.without_position == [(lost.code, lost.name)]
    assert needs.row == {found.code: 0}


def test_a_region_without_villages_has_no_needs(show):
    needs = asked(active(), show, region="150299")
    assert (needs.codes, needs.units, needs.points.shape) == ([], [], (0, 2))


def test_a_tour_that_ends_before_it_begins_and_a_negative_quota_are_refused(show):
    standard = active()
    with pytest.raises(ValueError, match="until"):
        asked(standard, show, until=ON - datetime.timedelta(days=1))
    with pytest.raises(ValueError, match="150203"):
        asked(standard, show, quotas={"150203": -1})


def test_more_villages_take_no_more_queries(show, county, django_assert_max_num_queries):
    for _ in range(30):
        factories.village()
    standard = active(kinds=["square"], min_events=2)
    with django_assert_max_num_queries(12):
        asked(standard, show, quotas={"150203": 1})


# The waiting list


def test_those_never_reached_wait_first_then_the_longest(show, three_villages):
    a, b, c = three_villages
    factories.event(datetime.date(2026, 6, 1), village=a)
    factories.event(datetime.date(2025, 1, 1), village=c)
    lost = factories.village(lon=None, code=f"{TOWNSHIP}999", population=120)
    ask(lost, kind="lecture", language="mn")
    rows = need.waiting(ON, "150203", active(max_distance_m=None))
    assert [row.code for row in rows] == [lost.code, b.code, c.code, a.code]
    first = rows[0]
    assert (first.months, first.last_event, first.people, first.requests) == (None, None, 120, 1)
    assert (first.township, first.county) == ("区划150203001", "区划150203")
    assert not first.has_position
    assert (rows[2].months, rows[2].last_event) == (18, datetime.date(2025, 1, 1))


def test_in_baotou_units_are_the_villages_that_a_visit_brings_to_effective_coverage(baotou):
    on = datetime.date(2026, 12, 7)
    standard = Standard.objects.get(code="active")
    show = Programme.objects.get(code="P-S1")
    needs = need.read(standard, on, "1502", show, Weights(), {}, until=on)
    facts = evaluate(standard, on)
    wanting = facts.built & ~facts.reached
    assert needs.units == [c for c, w in zip(facts.subjects.codes, wanting, strict=True) if w]
    assert len(needs.codes) == 821
