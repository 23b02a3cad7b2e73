"""A standard's facts, against plain Python over random worlds, and the rules one by one."""

import datetime
import random
from dataclasses import replace

import numpy as np
import pytest

from sites import clock
from sites.coverage import EPOCH, Facts, evaluate
from tests import factories
from tests.sites import oracle
from tests.sites.oracle import GEOD, Verdict
from tests.sites.worlds import DAYS, random_standard, random_world

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 7, 15)
YESTERDAY, TOMORROW = DAY - datetime.timedelta(days=1), DAY + datetime.timedelta(days=1)


def as_verdicts(facts: Facts) -> dict[str, Verdict]:
    n = len(facts.subjects.codes)
    columns = [
        [None] * n if facts.built is None else facts.built.tolist(),
        [None] * n if facts.reached is None else facts.reached.tolist(),
        facts.met.tolist(),
        facts.certain.tolist(),
        facts.nearest,
        [None if np.isnan(metres) else metres for metres in facts.metres.tolist()],
        [None if day < 0 else EPOCH + datetime.timedelta(day) for day in facts.last_event.tolist()],
    ]
    rows = zip(*columns, strict=True)
    return dict(zip(facts.subjects.codes, (Verdict(*row) for row in rows), strict=True))


def verdict(standard, on=DAY) -> Verdict:
    """The fact about the only, or the first, subject."""
    return next(iter(as_verdicts(evaluate(standard, on)).values()))


@pytest.mark.parametrize("seed", range(12))
def test_every_standard_finds_what_plain_python_finds(seed):
    rng = random.Random(seed)  # noqa: S311
    on = DAYS[seed % len(DAYS)]
    world = random_world(rng, on)
    oracle.write(world)
    for number in range(20):
        standard = random_standard(rng, world, number)
        expected = oracle.judge(world, standard, on)
        found = as_verdicts(evaluate(standard, on))
        assert list(found) == list(expected)
        for code, its in expected.items():
            assert found[code] == its, (standard.__dict__, code)


@pytest.mark.parametrize("seed", range(4))
def test_no_position_within_its_error_flips_a_certain_verdict(seed):
    """Certainty is a promise: whatever the true positions are, the verdict stays."""
    rng = random.Random(seed)  # noqa: S311
    on = DAYS[seed]
    world = random_world(rng, on)
    oracle.write(world)
    standards = [random_standard(rng, world, number) for number in range(10)]
    found = [as_verdicts(evaluate(standard, on)) for standard in standards]
    for _ in range(6):
        elsewhere = moved(world, rng)
        for standard, facts in zip(standards, found, strict=True):
            truth = oracle.judge(elsewhere, standard, on)
            for code, its in facts.items():
                same = (its.built, its.reached) == (truth[code].built, truth[code].reached)
                assert same or not its.certain, (standard.__dict__, code)


def moved(world: oracle.World, rng: random.Random) -> oracle.World:
    """The world with every position somewhere in its error's disc, and unknown ones anywhere."""

    def somewhere(record):
        if record.place is None:
            return replace(record, place=(rng.uniform(109.9, 110.05), rng.uniform(40.0, 40.1)))
        how_far = rng.choice([1.0, rng.random()]) * record.error * (1 - 1e-9)
        lon, lat, _azimuth = GEOD.fwd(*record.place, rng.uniform(0, 360), how_far)
        return replace(record, place=(lon, lat))

    return replace(
        world,
        divisions={code: somewhere(each) for code, each in world.divisions.items()},
        homes={code: somewhere(each) for code, each in world.homes.items()},
        spots={code: somewhere(each) for code, each in world.spots.items()},
    )


def test_the_nearest_square_decides_and_its_distance_is_told(three_villages):
    factories.site(code="S", lat=40.0)
    facts = as_verdicts(evaluate(factories.standard(), DAY))
    assert [its.built for its in facts.values()] == [True, False, False]
    assert [its.nearest for its in facts.values()] == ["S", "S", "S"]
    assert [round(its.metres) for its in facts.values()] == [4441, 8883, 13324]


def test_a_place_exactly_at_the_limit_is_within_it(three_villages):
    site = factories.site(lat=40.0)
    metres = GEOD.inv(*three_villages[1].location.coords, *site.location.coords)[2]
    at_limit = evaluate(factories.standard(max_distance_m=metres), DAY)
    assert at_limit.built.tolist() == [True, True, False]
    below = evaluate(factories.standard(code="below", max_distance_m=metres - 0.001), DAY)
    assert below.built.tolist() == [True, False, False]


@pytest.mark.parametrize(
    ("opened", "closed", "built"),
    [
        (None, None, True),
        (DAY, None, True),
        (TOMORROW, None, False),
        (None, TOMORROW, True),
        (None, DAY, False),
        (YESTERDAY, TOMORROW, True),
    ],
)
def test_a_closed_site_covers_nobody(county, opened, closed, built):
    factories.village()
    factories.site(opened_on=opened, closed_on=closed)
    assert verdict(factories.standard()).built is built


def test_the_past_is_judged_by_the_dates_that_the_records_carry(county):
    factories.village()
    factories.site(opened_on=DAY)
    standard = factories.standard()
    assert not verdict(standard, on=YESTERDAY).built
    assert verdict(standard, on=DAY).built


def test_in_it_means_the_sites_own_village_not_a_near_one(county):
    near, own = factories.village(lat=40.0), factories.village(lat=40.1)
    factories.site(code="S", lat=40.0, village=own)
    facts = as_verdicts(evaluate(factories.standard(kinds=["square"]), DAY))
    assert not facts[near.code].built
    assert facts[near.code].nearest == "S"
    assert facts[own.code].built
    assert facts[own.code].certain


def test_a_county_has_what_lies_in_it_and_a_statistical_one_is_no_subject(county):
    factories.site(county="150203")
    factories.region("150271", statutory=False)
    factories.region("150204")
    facts = as_verdicts(evaluate(factories.standard(subject="county", kinds=["square"]), DAY))
    assert {code: its.built for code, its in facts.items()} == {"150203": True, "150204": False}


def test_a_limit_for_each_setting_and_none_for_an_unnamed_one(county):
    for setting in ("urban", "herding", "farming"):
        factories.village(lat=40.04, setting=setting)
    factories.site(lat=40.0)
    limits = {"urban": 1000, "herding": 20000}
    facts = evaluate(factories.standard(max_distance_m=limits), DAY)
    assert dict(zip(facts.subjects.settings, facts.built.tolist(), strict=True)) == {
        "urban": False,
        "herding": True,
        "farming": False,
    }


def test_minutes_are_a_straight_line_of_detour_and_speed(county):
    factories.village(lat=40.04)  # 4441 m: 8.7 minutes at 40 km/h with a detour of 1.3
    factories.site(lat=40.0)
    standards = [factories.standard(code=f"m{m}", kinds=["square"], max_minutes=m) for m in (8, 9)]
    assert [verdict(standard).built for standard in standards] == [False, True]


def test_with_two_asked_for_the_second_nearest_decides(county):
    factories.village()
    factories.site(code="A", lat=40.01)
    factories.site(code="B", lat=40.09)
    its = verdict(factories.standard(min_count=2))
    assert (its.built, its.nearest) == (False, "B")


def test_a_village_of_unknown_place_is_doubtful(county):
    factories.village(lon=None)
    factories.site()
    its = verdict(factories.standard())
    assert (its.built, its.certain, its.metres) == (False, False, None)


def test_a_village_of_unknown_place_is_surely_uncovered_where_there_is_no_site(county):
    factories.village(lon=None)
    its = verdict(factories.standard())
    assert (its.built, its.certain) == (False, True)


def test_errors_larger_than_the_margin_make_a_verdict_doubtful(county):
    factories.village(lat=40.04, position_error_m=300)
    factories.site(lat=40.0, position_error_m=258)
    assert verdict(factories.standard()).certain
    factories.site(lat=40.0, position_error_m=10)
    assert verdict(factories.standard(code="two", min_count=2)).certain
    tight = factories.standard(code="tight", max_distance_m=4900, min_count=2)
    assert not verdict(tight).certain


@pytest.fixture
def active(county):
    """Reached by one event in 12 months, in the village or naming it."""
    return factories.standard("active", kinds=[], months=12)


@pytest.mark.parametrize(
    ("moment", "reached"),
    [
        ("2025-07-15T23:59:59+08:00", False),
        ("2025-07-16T00:00:00+08:00", True),
        ("2026-07-15T23:59:59+08:00", True),
        ("2026-07-16T00:00:00+08:00", False),
    ],
)
def test_the_window_is_of_shanghai_days_without_its_first(active, moment, reached):
    starts = datetime.datetime.fromisoformat(moment)
    factories.event(village=factories.village(), starts_at=starts)
    assert verdict(active).reached is reached


def test_a_window_that_begins_on_a_day_which_the_month_lacks_begins_on_its_last(active):
    village = factories.village()
    monthly = factories.standard("monthly", kinds=[], months=1)
    factories.event(day=datetime.date(2026, 2, 28), village=village)
    assert not verdict(monthly, on=datetime.date(2026, 3, 31)).reached
    factories.event(day=datetime.date(2026, 3, 1), village=village)
    assert verdict(monthly, on=datetime.date(2026, 3, 31)).reached


@pytest.mark.parametrize("status", ["planned", "confirmed", "cancelled"])
def test_only_a_held_event_reaches(active, status):
    factories.event(village=factories.village(), status=status)
    assert not verdict(active).reached


def test_an_event_at_a_site_of_the_village_or_naming_it_reaches_it(active):
    host, named, other = (factories.village(lat=40 + step) for step in (0, 1, 2))
    factories.event(site=factories.site(village=host), reaches=[named])
    facts = as_verdicts(evaluate(active, DAY))
    assert [facts[v.code].reached for v in (host, named, other)] == [True, True, False]
    assert facts[named.code].last_event == datetime.date(2026, 6, 1)


def test_an_event_within_the_distance_reaches_and_is_doubtful_near_the_limit(county):
    village = factories.village(lat=40.04)
    factories.event(site=factories.site(lat=40.0, position_error_m=600))
    its = verdict(factories.standard(kinds=[], max_distance_m=5000, months=12))
    assert (its.reached, its.certain) == (True, False)
    factories.event(village=village)
    its = verdict(factories.standard("again", kinds=[], max_distance_m=5000, months=12))
    assert (its.reached, its.certain) == (True, True)


def test_an_event_of_a_village_is_at_the_front_that_was_open_that_day(county):
    host = factories.village(lat=40.2)
    neighbour = factories.village(lat=40.0)
    factories.front(host, location=neighbour.location, closed_on=datetime.date(2026, 5, 1))
    standard = factories.standard(kinds=[], max_distance_m=100, months=12)
    factories.event(village=host, day=datetime.date(2026, 5, 1))
    assert not as_verdicts(evaluate(standard, DAY))[neighbour.code].reached
    factories.event(village=host, day=datetime.date(2026, 4, 30))
    assert as_verdicts(evaluate(standard, DAY))[neighbour.code].reached


def test_events_of_other_kinds_or_smaller_ones_do_not_count(county):
    village = factories.village()
    factories.event(village=village, programme=factories.programme(kind="quiz"), attendance=50)
    factories.event(village=village, attendance=49)
    factories.event(village=village, attendance=None)
    rule = {"kinds": [], "months": 12, "event_kinds": ["show"], "min_attendance": 50}
    standard = factories.standard(**rule)
    assert verdict(standard).last_event is None
    factories.event(village=village, attendance=50)
    assert verdict(standard).reached


def test_an_event_without_any_place_counts_once_for_its_own_village(county):
    """It could be anywhere, but it cannot count twice where it counts already."""
    village = factories.village(lon=None)
    other = factories.village(lat=41.0)
    factories.event(village=village, reaches=[other])
    factories.event(site=factories.site(lat=39.0))
    rule = {"kinds": [], "months": 12, "max_distance_m": 1000, "min_events": 2}
    its = as_verdicts(evaluate(factories.standard(**rule), DAY))[other.code]
    assert (its.reached, its.certain) == (False, True)


def test_a_standard_without_a_clause_leaves_its_verdict_open(active):
    factories.event(village=factories.village())
    its = verdict(active)
    assert (its.built, its.reached, its.met) == (None, True, True)
    its = verdict(factories.standard())
    assert (its.built, its.reached, its.met, its.last_event) == (False, None, False, None)


def test_a_country_without_villages_has_no_facts(county):
    for standard in (factories.standard(), factories.standard("reach", kinds=[], months=1)):
        assert as_verdicts(evaluate(standard, DAY)) == {}


def test_evaluating_takes_at_most_four_queries(three_villages, django_assert_max_num_queries):
    factories.event(village=three_villages[0])
    standard = factories.standard(months=12)
    with django_assert_max_num_queries(4):
        evaluate(standard, clock.midnight(DAY).date())
