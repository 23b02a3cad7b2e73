"""A cancelled or moved event is seen as such wherever it is listed."""

import datetime
import re

import pytest

from events.models import Event
from sites import clock
from tests import factories

DAY = datetime.timedelta(days=1)
HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def village(county):
    return factories.village()


@pytest.fixture
def stage(village):
    """A square in the village."""
    return factories.site(code="150203-0001", village=village)


@pytest.fixture
def pages(stage, village):
    """Where an event at the stage is listed."""
    return ["/", "/events/", f"/sites/{stage.code}/", f"/villages/{village.code}/"]


def move(event, by):
    """Another time, as the administration or an import writes it."""
    changes = {"starts_at": event.starts_at + by, "ends_at": event.ends_at + by}
    Event.objects.filter(pk=event.pk).update(**changes)


def test_a_cancelled_event_stays_in_every_list_and_says_so(client, today, stage, pages):
    factories.event(today + DAY, site=stage, status="cancelled")
    for page in pages:
        told = client.get(page).content.decode()
        assert "<em>已取消</em>" in told, page


def test_a_moved_event_says_in_every_list_when_it_was_to_be(client, today, stage, pages):
    move(factories.event(today + DAY, site=stage, status="confirmed"), 2 * DAY + HOUR)
    for page in pages:
        told = client.get(page).content.decode()
        assert "<em>改期</em>" in told, page
        assert "<s>7月16日 周四 09:00</s>" in told, page


def test_of_several_changes_the_first_time_is_told_and_none_once_it_is_that_again(today, stage):
    event = factories.event(today + DAY, site=stage, status="planned")
    for by in (DAY, 2 * DAY):
        move(Event.objects.get(pk=event.pk), by)
    assert Event.objects.with_places().get().moved_from == event.starts_at
    move(Event.objects.get(pk=event.pk), -3 * DAY)
    assert Event.objects.with_places().get().moved_from is None


def test_what_was_changed_besides_the_time_has_not_moved(today, stage):
    event = factories.event(today + DAY, site=stage, status="planned")
    Event.objects.filter(pk=event.pk).update(status="confirmed", campaign="法律七进")
    assert Event.objects.with_places().get().moved_from is None


def test_an_event_at_another_place_says_in_every_list_where_it_was_to_be(
    client, today, stage, village, pages
):
    event = factories.event(today + DAY, site=factories.site(name="老场院"), status="confirmed")
    Event.objects.filter(pk=event.pk).update(site=stage)
    for page in [*pages, f"/events/{event.code}/", "/events.ics", "/events.rss"]:
        told = client.get(page).content.decode().replace("\r\n ", "")
        assert "老场院" in told, page
        assert re.search("改地点|地点有变", told), page
    Event.objects.filter(pk=event.pk).update(
        status="held",
        starts_at=event.starts_at - 3 * DAY,
        ends_at=event.ends_at - 3 * DAY,
        held_at=event.ends_at - 3 * DAY,
    )
    assert Event.objects.with_places().get().moved_place is None


def test_whoever_looks_at_the_former_place_learns_where_an_event_is_now(
    client, today, stage, village
):
    old = factories.site(name="老场院")
    event = factories.event(today + DAY, site=old, status="confirmed")
    Event.objects.filter(pk=event.pk).update(site=stage)
    told = client.get(f"/sites/{old.code}/").content.decode()
    assert re.search(f"<em>改地点</em>.*{stage.name} ·.*原在 <s>老场院</s>", told, re.S)
    Event.objects.filter(pk=event.pk).update(site=None, village=factories.village(name="远村"))
    for place in (old, stage):
        assert "远村 ·" in client.get(f"/sites/{place.code}/").content.decode()
    # It was at the village's square, and never in the village at large.
    assert event.code not in client.get(f"/villages/{village.code}/").content.decode()
    Event.objects.filter(pk=event.pk).update(status="cancelled")
    assert event.code not in client.get(f"/sites/{old.code}/").content.decode()


def test_an_event_whose_square_in_the_village_is_named_has_not_moved(client, today, stage, village):
    event = factories.event(today + DAY, village=village, status="planned")
    Event.objects.filter(pk=event.pk).update(site=stage)
    assert Event.objects.with_places().get().moved_place is None
    assert "改地点" not in client.get(f"/villages/{village.code}/").content.decode()


def test_two_places_of_one_name_are_two(today, stage):
    event = factories.event(today + DAY, site=factories.site(name=stage.name), status="planned")
    Event.objects.filter(pk=event.pk).update(site=stage)
    assert Event.objects.with_places().get().moved_place == stage.name


def test_a_held_event_is_no_longer_said_to_have_moved(today, stage):
    move(factories.event(today - 3 * DAY, site=stage), -DAY)
    assert Event.objects.with_places().get().moved_from is None


def test_moved_away_finds_what_was_to_be_in_a_period(today, stage):
    here = factories.event(today + DAY, site=stage, status="planned")
    factories.event(today + 2 * DAY, site=stage, status="planned")
    move(here, 5 * DAY)
    found = Event.objects.moved_away(today + DAY, today + DAY, clock.now())
    assert [event.code for event in found] == [here.code]
    assert not Event.objects.moved_away(today + 2 * DAY, today + 9 * DAY, clock.now())


def test_the_api_says_when_it_was_to_be(api, today, stage):
    event = factories.event(today + DAY, site=stage, status="confirmed")
    assert api.get(f"/events/{event.code}")["properties"]["moved_from"] is None
    move(event, 2 * DAY)
    was = "2026-07-16T09:00:00+08:00"
    assert api.get(f"/events/{event.code}")["properties"]["moved_from"] == was
    assert api.properties(f"/events?site={stage.code}")[event.code]["moved_from"] == was
    (site,) = api.get("/sites")["features"]
    assert site["properties"]["next_event"]["moved_from"] == was
