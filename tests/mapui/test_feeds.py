"""Calendars as another program reads them: an independent parser, and a reader that keeps them."""

import datetime

import icalendar
import pytest

from events.models import Event
from sites import clock
from tests import factories

DAY = datetime.timedelta(days=1)
SHANGHAI = datetime.timedelta(hours=8)


class Phone:
    """A calendar that keeps entries by UID and takes a newer SEQUENCE for an older (RFC 5546)."""

    def __init__(self, client):
        self.client = client
        self.kept = {}

    def add(self, path):
        answer = self.client.get(path)
        assert answer.status_code == 200
        assert answer["Content-Type"] == "text/calendar; charset=utf-8"
        for entry in read(answer.content).walk("VEVENT"):
            before = self.kept.get(entry["UID"])
            if before is None or entry["SEQUENCE"] >= before["SEQUENCE"]:
                self.kept[entry["UID"]] = entry
        return self.kept


def read(body):
    """One calendar; every line of at most 75 octets ends in CRLF."""
    assert body.endswith(b"\r\n")
    assert b"\n" not in body.replace(b"\r\n", b"")
    assert max(map(len, body.split(b"\r\n"))) <= 75
    found = icalendar.Calendar.from_ical(body)
    assert found.errors == []
    return found


@pytest.fixture
def phone(client):
    return Phone(client)


@pytest.fixture
def show(square, today):
    """A show tomorrow at nine."""
    programme = factories.programme(name="草原上的民法典; 一,二\\三", languages=["zh", "mn"])
    fields = {"site": square, "status": "confirmed", "programme": programme}
    return factories.event(today + DAY, code="E2026-0001", **fields)


def move(event, by):
    event.starts_at, event.ends_at = event.starts_at + by, event.ends_at + by
    event.save()


def only(kept):
    (entry,) = kept.values()
    return entry


def test_an_event_reads_as_it_is(phone, show):
    entry = only(phone.add("/events/E2026-0001.ics"))
    assert entry["UID"] == "E2026-0001@150200000000.fazhimap"
    assert entry["SUMMARY"] == "草原上的民法典; 一,二\\三 · 民主广场"
    assert entry["STATUS"] == "CONFIRMED"
    assert entry["DTSTART"].dt == show.starts_at
    assert entry["DTSTART"].dt.utcoffset() == SHANGHAI
    assert entry["DTSTART"].params["TZID"] == "Asia/Shanghai"
    assert entry["DTEND"].dt - entry["DTSTART"].dt == datetime.timedelta(hours=1)
    assert entry["URL"] == "http://testserver/events/E2026-0001/"
    assert entry["GEO"].to_ical() == "40.01;110.0"
    assert "民主广场" in entry["LOCATION"]
    assert entry["DTSTAMP"].dt.utcoffset() == 0 * DAY
    assert entry["LAST-MODIFIED"].dt == entry["DTSTAMP"].dt


def test_the_time_zone_comes_along(client, show):
    calendar = read(client.get("/events/E2026-0001.ics").content)
    (zone,) = calendar.walk("VTIMEZONE")
    assert zone["TZID"] == "Asia/Shanghai"
    noon = datetime.datetime(2026, 7, 1, 12)
    assert zone.to_tz().utcoffset(noon) == SHANGHAI
    assert calendar["VERSION"] == "2.0"
    assert "METHOD" not in calendar, "it asks for an ORGANIZER and a parameter of Content-Type"


def test_added_again_it_is_updated_and_not_doubled(phone, show):
    first = only(phone.add("/events/E2026-0001.ics"))
    move(show, 3 * DAY)
    second = only(phone.add("/events/E2026-0001.ics"))
    assert second["UID"] == first["UID"]
    assert second["SEQUENCE"] > first["SEQUENCE"]
    assert second["LAST-MODIFIED"].dt >= first["LAST-MODIFIED"].dt
    assert second["DTSTART"].dt == first["DTSTART"].dt + 3 * DAY
    assert "改期:原定 2026-07-16 09:00" in second["DESCRIPTION"]
    assert second["SUMMARY"] == f"改期:{first['SUMMARY']}"
    assert only(phone.add("/events.ics")) == second


def test_a_change_by_sql_counts_too(phone, show):
    before = only(phone.add("/events.ics"))["SEQUENCE"]
    Event.objects.filter(pk=show.pk).update(campaign="法律七进")
    assert only(phone.add("/events.ics"))["SEQUENCE"] == before + 1


def test_what_is_not_changed_stays_to_the_letter(client, show):
    first, again = (client.get("/events/E2026-0001.ics") for _ in range(2))
    assert first.content == again.content
    unchanged = client.get("/events/E2026-0001.ics", headers={"If-None-Match": first["ETag"]})
    assert unchanged.status_code == 304


def test_a_cancelled_event_is_called_off_in_the_calendar_that_has_it(phone, show):
    assert only(phone.add("/events/E2026-0001.ics"))["STATUS"] == "CONFIRMED"
    show.status = "cancelled"
    show.save()
    entry = only(phone.add("/events.ics"))
    assert entry["STATUS"] == "CANCELLED"
    assert entry["SUMMARY"].startswith("已取消:")
    assert only(phone.add("/events/E2026-0001.ics"))["STATUS"] == "CANCELLED"


def test_a_subscription_takes_the_filters_of_the_page(phone, show, square, today):
    lecture = factories.programme(kind="lecture", languages=["zh"])
    other = factories.site(county="150221", lat=41)
    factories.event(today + DAY, site=square, status="planned", programme=lecture)
    factories.event(today + DAY, site=other, status="planned")
    assert len(phone.add("/events.ics?language=mn")) == 1
    assert len(Phone(phone.client).add("/events.ics?kind=lecture&region=150203")) == 1
    assert len(Phone(phone.client).add(f"/events.ics?near={square.code}&within=5000")) == 2
    assert len(Phone(phone.client).add(f"/sites/{square.code}/events.ics?kind=lecture")) == 1
    assert len(Phone(phone.client).add("/events.ics")) == 3


def test_a_site_named_beside_its_own_calendar_does_not_count(phone, show, square):
    other = factories.site(code="150203-0002")
    assert len(phone.add(f"/sites/{square.code}/events.ics?site={other.code}")) == 1


def test_the_uid_survives_another_place_and_programme(phone, show):
    before = only(phone.add("/events.ics"))["UID"]
    show.site, show.programme = factories.site(), factories.programme(name="别的")
    show.save()
    assert only(phone.add("/events.ics"))["UID"] == before


def test_two_cities_calendars_do_not_mix(phone, show, settings):
    settings.CITY = "1501"
    assert only(phone.add("/events.ics"))["UID"] == "E2026-0001@150100000000.fazhimap"


def test_the_file_of_an_event_has_its_name(client, show):
    answer = client.get("/events/E2026-0001.ics")
    assert answer["Content-Disposition"] == 'inline; filename="E2026-0001.ics"'


def test_an_event_that_is_not_there_has_no_calendar(client, db):
    assert client.get("/events/E2026-9999.ics").status_code == 404


@pytest.mark.parametrize("path", ["/events.ics", "/events/E2026-0001.ics", "/events.rss"])
def test_a_feed_takes_few_queries_however_many_events(
    client, show, today, django_assert_max_num_queries, path
):
    for day in range(20):
        factories.event(today + day * DAY, site=show.site, status="planned")
    with django_assert_max_num_queries(4):
        assert client.get(path).status_code == 200


def test_the_whole_city_is_one_calendar_that_parses(phone, baotou):
    kept = phone.add("/events.ics")
    since = clock.midnight(clock.today()) - 30 * DAY
    assert len(kept) == Event.objects.filter(starts_at__gte=since).count()
    assert {entry["STATUS"] for entry in kept.values()} <= {"CONFIRMED", "TENTATIVE", "CANCELLED"}
