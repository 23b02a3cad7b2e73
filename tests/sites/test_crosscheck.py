"""PostGIS recomputes the stored facts on its own, and says where they are wrong."""

import datetime
import random

import pytest
from django.db import connection

from sites import crosscheck, freshness
from sites.models import Coverage, Evaluation
from tests import factories
from tests.sites import oracle
from tests.sites.worlds import DAYS, random_standard, random_world

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 7, 15)


@pytest.mark.parametrize("seed", range(100, 106))
def test_postgis_confirms_every_stored_fact(seed):
    rng = random.Random(seed)  # noqa: S311
    on = DAYS[seed % len(DAYS)]
    world = random_world(rng, on)
    oracle.write(world)
    for number in range(20):
        random_standard(rng, world, number).save()
    freshness.refresh(on)
    assert crosscheck.differences(on) == []


@pytest.fixture
def fact(three_villages):
    """The stored fact about the first village: reached, a square 4.4 km away."""
    factories.standard(months=12)
    factories.event(site=factories.site(lat=40.0))
    factories.site(lat=40.3)
    freshness.refresh(DAY)
    assert crosscheck.differences(DAY) == []
    return Coverage.objects.get(subject=three_villages[0].code)


@pytest.mark.parametrize(
    "wrong",
    [
        {"built": False},
        {"built": None},
        {"reached": False},
        {"met": False},
        {"certain": False},
        {"nearest_id": None},
        {"nearest_id": "nowhere"},
        {"distance_m": None},
        {"last_event_on": None},
        {"last_event_on": DAY},
        {"subject": "150203001999"},
    ],
)
def test_a_fact_that_is_wrong_in_anything_is_told(fact, wrong):
    Coverage.objects.filter(pk=fact.pk).update(**wrong)
    assert any(fact.subject in line for line in crosscheck.differences(DAY))


def test_distances_may_differ_by_a_millimetre_and_no_more(fact):
    Coverage.objects.filter(pk=fact.pk).update(distance_m=fact.distance_m + 0.0009)
    assert crosscheck.differences(DAY) == []
    Coverage.objects.filter(pk=fact.pk).update(distance_m=fact.distance_m + 0.0011)
    assert len(crosscheck.differences(DAY)) == 1


def test_a_missing_fact_and_missing_facts_of_the_day_are_told(fact):
    fact.delete()
    assert len(crosscheck.differences(DAY)) == 1
    assert len(crosscheck.differences(DAY + datetime.timedelta(days=1))) == 1
    Evaluation.objects.all().delete()
    assert len(crosscheck.differences(DAY)) == 1


def test_a_record_that_changed_unnoticed_is_told(fact):
    """Triggers off, as a careless restore would: stale facts must not pass."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE sites_site DISABLE TRIGGER USER")
        cursor.execute("UPDATE sites_site SET closed_on = '2026-01-01'")
    freshness.ensure_fresh(DAY)
    assert len(crosscheck.differences(DAY)) == 3
