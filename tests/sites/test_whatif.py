"""What might be is what would be: judged as if it had been done."""

import datetime
import random
from dataclasses import replace

import pytest

from sites.coverage import evaluate, what_if
from sites.whatif import Changes, Place, difference
from tests import factories
from tests.sites import oracle
from tests.sites.test_coverage import as_verdicts
from tests.sites.worlds import DAYS, random_standard, random_world

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 7, 15)


def random_changes(rng, world):
    """A few places added, removed and moved."""
    removed, moved = rng.sample(list(world.spots), 4), rng.sample(list(world.spots), 6)
    return Changes(
        tuple(
            Place(*_place(rng), rng.choice(["square", "park", "front"]), rng.choice(["city", "village"]),
                  rng.choice([*world.homes, None, None]))
            for _ in range(5)
        ),
        frozenset(removed),
        {code: _place(rng) for code in moved if code not in removed},
    )  # fmt: skip


def _place(rng):
    return round(rng.uniform(109.9, 110.05), 6), round(rng.uniform(40.0, 40.1), 6)


def done(world, changes, on):
    """The world once the changes are made, and no event yet after them."""
    spots = {}
    for number, place in enumerate(changes.add):
        county = world.county_of(world.homes[place.village].township) if place.village else "?"
        code = f"+{number}"
        spots[code] = oracle.Spot(
            code, place.kind, place.tier, county, place.village, (place.lon, place.lat), 0, on
        )
    for code, spot in world.spots.items():
        if code in changes.move:
            spots[code] = replace(spot, place=changes.move[code], error=0)
        elif code in changes.remove:
            last_day = min(spot.closed or on, on)
            spots[code] = replace(spot, closed=last_day)
        else:
            spots[code] = spot
    return replace(world, spots=spots)


@pytest.mark.parametrize("seed", range(4))
def test_what_might_be_is_what_would_be_done(seed):
    rng = random.Random(seed)  # noqa: S311
    on = DAYS[seed]
    world = random_world(rng, on)
    fronts = {e.village for e in world.happenings if e.day == on and not e.site}
    oracle.write(world)
    for number in range(12):
        standard = random_standard(rng, world, number)
        changes = random_changes(rng, world)
        in_use = {code for code in changes.remove if world.spots[code].village in fronts}
        added = tuple(place for place in changes.add if place.village not in fronts)
        changes = replace(changes, add=added, remove=changes.remove - in_use)
        if number % 2:
            changes = replace(changes, move={})
        expected = oracle.judge(done(world, changes, on), standard, on)
        found = as_verdicts(what_if(evaluate(standard, on), changes))
        for code, its in expected.items():
            got = (found[code].built, found[code].reached, found[code].met)
            assert got == (its.built, its.reached, its.met), (standard.__dict__, code)
            assert found[code].metres == its.metres


def test_the_gained_and_the_lost_are_named(three_villages):
    factories.site(code="S", lat=40.0)
    standard = factories.standard()
    first, _second, third = (village.code for village in three_villages)
    changes = Changes(add=(Place(110.0, 40.12, "square", "county"),), remove=frozenset({"S"}))
    before, after = evaluate(standard, DAY), evaluate(standard, DAY, changes)
    found = difference(before.subjects.codes, before.met, after.met)
    assert found.lost == [first]
    assert third in found.gained
    assert after.nearest[2] == ""


def test_a_place_of_another_kind_changes_nothing(three_villages):
    standard = factories.standard()
    changes = Changes(add=(Place(110.0, 40.0, "front", "village"),))
    assert not evaluate(standard, DAY, changes).met.any()
