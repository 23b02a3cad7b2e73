"""Stored facts follow every change, whoever makes it and however."""

import datetime
import io
import threading

import numpy as np
import pytest
from django.db import connection, transaction

from events.models import Programme, Reach
from sites import background, freshness, stored
from sites.models import Change, Coverage, Evaluation, Site, Standard, Village
from tests import factories

DAY = datetime.date(2026, 7, 15)
pytestmark = pytest.mark.django_db


@pytest.fixture
def standard(three_villages):
    """Within 5 km of a square, and reached by a show: true of the first of three villages."""
    factories.event(village=three_villages[0], programme=factories.programme(code="P", kind="show"))
    factories.site(code="S", lat=40.0)
    return factories.standard(months=12, event_kinds=["show"])


def met(standard):
    """The stored verdicts of the three villages, in their order, fresh."""
    return freshness.facts(standard, DAY, DAY).met.tolist()


def sql(*statements):
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def computations():
    """When the facts were computed: changes with each computation."""
    return list(Evaluation.objects.values_list("at", flat=True))


def test_facts_are_computed_by_the_first_reader_and_kept_for_the_next(standard):
    assert met(standard) == [True, False, False]
    before = computations()
    assert met(standard) == [True, False, False]
    assert computations() == before
    assert not Change.objects.exists()


def test_a_reader_of_fresh_facts_only_looks(standard, django_assert_num_queries):
    freshness.ensure_fresh(DAY)
    with django_assert_num_queries(2):
        freshness.ensure_fresh(DAY)


@pytest.mark.parametrize(
    "edit",
    [
        lambda: Site.objects.get().delete(),
        lambda: Site.objects.update(closed_on=DAY),
        lambda: sql("UPDATE sites_site SET location = 'SRID=4326;POINT(111 41)'"),
        lambda: sql("DELETE FROM sites_site"),
        lambda: sql("SET CONSTRAINTS ALL IMMEDIATE", "TRUNCATE sites_site CASCADE"),
        lambda: Village.objects.update(location=None),
        lambda: sql("DELETE FROM events_event"),
        lambda: sql("UPDATE events_event SET status = 'cancelled', held_at = NULL"),
        lambda: Programme.objects.update(kind="quiz"),
        lambda: Village.objects.update(township=factories.region("150204001"), location=None),
    ],
    ids=["delete", "bulk", "raw", "raw-delete", "truncate", "villages", "events", "status", "kind",
         "township"],
)  # fmt: skip
def test_an_edit_of_any_kind_is_seen_by_the_next_reader(standard, edit):
    assert met(standard)[0]
    edit()
    assert not met(standard)[0]


@pytest.mark.parametrize("harm", ["TRUNCATE sites_coverage", "DELETE FROM sites_coverage"])
def test_facts_that_went_missing_are_made_again_by_the_next_reader(standard, harm):
    assert met(standard) == [True, False, False]
    sql(harm)
    assert met(standard) == [True, False, False]
    assert not Change.objects.exists()


def test_rows_that_arrive_by_copy_are_seen(standard, three_villages):
    assert met(standard) == [True, False, False]
    front = three_villages[1].location.ewkt
    columns = "code, name, kind, tier, location, position_error_m, county_id, facilities, languages"
    text = ", topics, designation, address, opening, source, source_note, source_url"
    row = [
        "N",
        "n",
        "square",
        "county",
        front,
        "0",
        "150203",
        "{}",
        "{}",
        *[""] * 4,
        "official",
        "",
        "",
    ]
    with connection.cursor() as cursor:
        cursor.copy_expert(
            f"COPY sites_site ({columns}{text}) FROM STDIN", io.StringIO("\t".join(row))
        )
    assert met(standard) == [True, True, False]


def test_naming_a_village_as_reached_is_seen(standard, three_villages):
    factories.site(lat=40.12)
    assert met(standard) == [True, True, False]
    Reach.objects.create(event=three_villages[0].events.get(), village=three_villages[2])
    assert met(standard) == [True, True, True]


def test_a_new_village_and_a_new_standard_are_seen(standard):
    assert len(met(standard)) == 3
    factories.village(lat=40.01)
    assert len(met(standard)) == 4
    assert len(met(factories.standard("new"))) == 4


def test_a_new_day_makes_new_facts(standard):
    factories.site(code="soon", lat=40.08, opened_on=DAY + datetime.timedelta(days=1))
    assert freshness.facts(standard, DAY, DAY).built.tolist() == [True, False, False]
    tomorrow = DAY + datetime.timedelta(days=1)
    assert freshness.facts(standard, tomorrow, tomorrow).built.tolist() == [True, True, True]
    assert set(Evaluation.objects.values_list("day", flat=True)) == {tomorrow}


def test_another_day_is_computed_and_not_stored(standard):
    freshness.ensure_fresh(DAY)
    before = computations()
    past = freshness.facts(standard, datetime.date(2026, 5, 1), DAY)
    assert past.met.tolist() == [False, False, False]
    assert computations() == before


def test_a_standard_that_is_not_in_effect_is_computed_and_not_stored(standard):
    ended = factories.standard("old", effective_to=DAY)
    assert freshness.facts(ended, DAY, DAY).built.tolist() == [True, False, False]
    assert not Coverage.objects.filter(standard=ended).exists()


def test_the_latest_version_of_a_standard_is_the_one_in_effect(standard):
    newer = factories.standard(effective_from=datetime.date(2026, 1, 1))
    future = factories.standard(effective_from=datetime.date(2027, 1, 1))
    effective = Standard.objects.effective_on(DAY)
    assert list(effective) == [newer]
    assert list(Standard.objects.effective_on(datetime.date(2025, 12, 31))) == [standard]
    assert list(Standard.objects.effective_on(future.effective_from)) == [future]
    factories.standard("over", effective_from=datetime.date(2025, 1, 1), effective_to=DAY)
    assert list(effective.all()) == [newer]


def test_stored_facts_are_what_was_computed(standard):
    Village.objects.filter(location__isnull=False).update(position_error_m=1000)
    factories.village(lon=None, population=7)
    computed = freshness.evaluate(standard, DAY)
    stored = freshness.facts(standard, DAY, DAY)
    assert stored.subjects.codes == computed.subjects.codes
    assert stored.nearest == computed.nearest
    for name in ("built", "reached", "met", "certain", "metres", "last_event"):
        np.testing.assert_array_equal(getattr(stored, name), getattr(computed, name), name)


def test_clauses_that_a_standard_lacks_stay_absent_when_stored(standard):
    place, reach = factories.standard("place"), factories.standard("reach", kinds=[], months=1)
    assert freshness.facts(place, DAY, DAY).reached is None
    assert freshness.facts(reach, DAY, DAY).built is None
    assert freshness.facts(reach, DAY, DAY).nearest == [None] * 3


def test_what_the_facts_speak_of_can_be_deleted_and_they_follow(standard):
    freshness.ensure_fresh(DAY)
    sql("DELETE FROM events_event", "DELETE FROM sites_site", "DELETE FROM sites_village")
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    assert met(standard) == []
    sql("DELETE FROM sites_standard")
    freshness.ensure_fresh(DAY)
    assert not Coverage.objects.exists()


def test_refresh_says_how_many_facts_there_are(standard):
    assert freshness.refresh(DAY) == 3


@pytest.mark.django_db(transaction=True)
def test_two_readers_at_once_compute_once(standard, monkeypatch):
    computed = []
    recompute = freshness._recompute
    monkeypatch.setattr(
        freshness, "_recompute", lambda today: (computed.append(today), recompute(today))
    )
    start, found = threading.Barrier(2), []

    def read():
        start.wait()
        found.append(met(standard))
        connection.close()

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert found == [[True, False, False]] * 2
    assert computed == [DAY]


@pytest.mark.django_db(transaction=True)
def test_a_change_that_commits_while_facts_are_computed_is_not_lost(standard, monkeypatch):
    """The edit comes after the villages were read and before the transaction ends."""
    write, edited = stored.write, []

    def edit():
        Site.objects.update(closed_on=DAY)
        connection.close()

    def edit_in_between(facts):
        if not edited:
            editor = threading.Thread(target=edit)
            editor.start()
            editor.join()
            edited.append(True)
        write(facts)

    monkeypatch.setattr(stored, "write", edit_in_between)
    freshness.ensure_fresh(DAY)
    assert Change.objects.exists()
    assert met(standard) == [False, False, False]


def written(standard):
    """The transaction that wrote each stored fact, by subject."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT subject, ctid::text FROM sites_coverage ORDER BY subject")
        return dict(cursor.fetchall())


def test_facts_that_stay_the_same_are_not_written_again(standard, three_villages):
    for serial in range(30):
        factories.village(lat=39 - serial)
    freshness.ensure_fresh(DAY)
    before = written(standard)
    factories.site(code="T", lat=40.12)
    assert freshness.facts(standard, DAY, DAY).built.sum() == 3
    after = written(standard)
    moved = [code for code, place in before.items() if after[code] != place]
    assert moved == [three_villages[1].code, three_villages[2].code]


def test_a_village_that_goes_takes_its_fact_along(standard, three_villages):
    freshness.ensure_fresh(DAY)
    three_villages[2].delete()
    freshness.ensure_fresh(DAY)
    assert Coverage.objects.count() == 2


# Where computing takes long


@pytest.fixture
def started(monkeypatch):
    """How often a refresh was started, where three subjects are many."""
    starts = []
    monkeypatch.setattr(freshness, "LARGE", 3)
    monkeypatch.setattr(background, "start_refresh", lambda: starts.append(1))
    return starts


def test_readers_of_many_facts_get_those_of_before_and_are_told_so(standard, started):
    before = freshness.facts(standard, DAY, DAY)
    assert (before.met.tolist(), before.as_of, started) == ([True, False, False], None, [])
    Site.objects.update(closed_on=DAY)
    stale = freshness.facts(standard, DAY, DAY)
    assert stale.met.tolist() == [True, False, False]
    assert stale.as_of == Evaluation.objects.get().at
    assert started
    assert freshness.catch_up(DAY)
    fresh = freshness.facts(standard, DAY, DAY)
    assert (fresh.met.tolist(), fresh.as_of) == ([False] * 3, None)


def test_the_first_reader_computes_where_nothing_is_stored(standard, started):
    assert met(standard) == [True, False, False]
    assert not started


def test_a_new_standard_is_computed_while_its_facts_are_not_stored(standard, started):
    freshness.ensure_fresh(DAY)
    new = factories.standard("new", max_distance_m=10_000)
    found = freshness.facts(new, DAY, DAY)
    assert (found.met.tolist(), found.as_of) == ([True, True, False], None)
    assert started


def test_yesterdays_facts_are_told_as_of_yesterday(standard, started):
    freshness.ensure_fresh(DAY)
    tomorrow = DAY + datetime.timedelta(days=1)
    assert freshness.facts(standard, tomorrow, tomorrow).as_of
    assert freshness.catch_up(tomorrow)
    assert freshness.facts(standard, tomorrow, tomorrow).as_of is None


def test_a_place_with_few_subjects_never_waits_for_another_process(standard, started, monkeypatch):
    monkeypatch.setattr(freshness, "LARGE", 4)
    freshness.ensure_fresh(DAY)
    Site.objects.update(closed_on=DAY)
    assert met(standard) == [False] * 3
    assert not started


def test_catching_up_with_fresh_facts_computes_nothing(standard):
    freshness.ensure_fresh(DAY)
    before = computations()
    assert not freshness.catch_up(DAY)
    assert computations() == before


@pytest.mark.django_db(transaction=True)
def test_who_finds_another_at_it_leaves_it_to_him(standard):
    with transaction.atomic():
        freshness._lock()
        found = []

        def try_it():
            found.append(freshness.catch_up(DAY))
            connection.close()

        other = threading.Thread(target=try_it)
        other.start()
        other.join()
    assert found == [False]
    assert not Evaluation.objects.exists()
