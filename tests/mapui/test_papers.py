"""Calendars and papers as those on the road and in the villages get them."""

import datetime
import re
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import numpy as np
import pypdfium2
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from events.models import Contact, Event, Lodging, Stop, Team, Tour, TourDay
from mapui.outward import short_links
from mapui.outward.navigation import APPS, links
from mapui.tours import papers
from mapui.tours.papers import qr
from sites import clock, geodesy
from sites.crs import to_wgs84
from tests import factories

DAY = datetime.timedelta(days=1)
CITY = "150200000000.fazhimap"  # of whose city the entries are
PHONE = "0472-5550001"
PAPERS = ["sheet.pdf", "calls.pdf", "notices.pdf"]
GPX = "{http://www.topografix.com/GPX/1/1}"


def at(day, hour, minute=0):
    return clock.midnight(day) + datetime.timedelta(hours=hour, minutes=minute)


@pytest.fixture
def tour(three_villages, today):
    """Two days of one team: two villages, a night away, one village, and home."""
    troupe = factories.troupe(location=three_villages[0].location)
    Team.objects.create(troupe=troupe, number=1, name="一队", people=7)
    programme = factories.programme(setup_minutes=30, needs=["power"], languages=["zh", "mn"])
    first = today + 5 * DAY
    made = Tour.objects.create(
        name="夏季巡演", troupe=troupe, programme=programme, start=first, days=2,
        status="draft", made_at=clock.now(),
    )  # fmt: skip
    bed = Lodging.objects.create(
        code="L-1", name="旅馆", region=troupe.base, location=three_villages[1].location, beds=9
    )
    away = _day(made, first, bed)
    home = _day(made, first + DAY, None)
    for order, (day, village) in enumerate(zip([away, away, home], three_villages, strict=True), 1):
        _stop(made, day, village, order)
    Contact.objects.create(village=three_villages[0], name="白主任", role="主任", phone=PHONE)
    return made


def _day(tour, date, bed):
    return TourDay.objects.create(
        tour=tour, team=1, date=date, leaves_at=at(date, 8), back_at=at(date, 18),
        drive_min=20, drive_m=12_000, sleeps_at=bed,
    )  # fmt: skip


def _stop(tour, day, village, order):
    arrive = at(day.date, 7 + 2 * order)
    return Stop.objects.create(
        tour=tour, day=day, order=order, village=village, site=factories.front(village),
        arrive=arrive, begin=arrive, leave=arrive + datetime.timedelta(minutes=90),
        drive_min=30, drive_m=21_000, value=10,
    )  # fmt: skip


@pytest.fixture
def leader(client, db):
    """A client that is signed in as one who plans tours."""
    client.force_login(factories.user("leader", role="troupe"))
    return client


def entries(response):
    """An answer's calendar entries by uid: dicts of property → value."""
    assert response.status_code == 200, response.content.decode()
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    text = response.content.decode().replace("\r\n ", "")
    found = {}
    for body in re.findall(r"BEGIN:VEVENT\r\n(.*?)END:VEVENT", text, re.DOTALL):
        pairs = (line.split(":", 1) for line in body.splitlines())
        one = {name.split(";")[0]: value for name, value in pairs}
        found[one["UID"]] = one
    return found


def words(response):
    """The text of each page of a PDF."""
    assert response.status_code == 200, response.content.decode()
    assert response["Content-Type"] == "application/pdf"
    with pypdfium2.PdfDocument(response.content) as document:
        return [page.get_textpage().get_text_range() for page in document]


def test_a_calendar_holds_what_comes_and_the_last_30_days(client, today, square):
    old, late, soon = (
        factories.event(today + days * DAY, site=square, status=status)
        for days, status in ((-31, "held"), (-30, "held"), (9, "planned"))
    )
    found = entries(client.get("/events.ics"))
    assert set(found) == {f"{late.code}@{CITY}", f"{soon.code}@{CITY}"}
    assert f"{old.code}@{CITY}" not in found
    assert found[f"{soon.code}@{CITY}"]["STATUS"] == "TENTATIVE"
    assert found[f"{late.code}@{CITY}"]["STATUS"] == "CONFIRMED"


def test_a_moved_event_keeps_its_uid_and_counts_up_and_a_cancelled_one_says_so(
    client, today, square
):
    event = factories.event(today + 3 * DAY, site=square, status="planned")
    uid = f"{event.code}@{CITY}"
    assert entries(client.get("/events.ics"))[uid]["SEQUENCE"] == "0"
    event.starts_at, event.ends_at = event.starts_at + DAY, event.ends_at + DAY
    event.save()
    moved = entries(client.get("/events.ics"))[uid]
    assert moved["SEQUENCE"] == "1"
    assert moved["DTSTART"] == f"{today + 4 * DAY:%Y%m%d}T090000"
    Event.objects.update(status="cancelled")
    cancelled = entries(client.get("/events.ics"))[uid]
    assert (cancelled["SEQUENCE"], cancelled["STATUS"]) == ("2", "CANCELLED")
    assert "已取消" in client.get("/events.rss").content.decode()


@pytest.mark.parametrize("path", ["/events.ics", "/events.rss", "/sites/150203-0001/events.ics"])
def test_a_public_feed_takes_few_queries_however_much_is_on(client, today, square, path):
    for day in range(2):
        factories.event(today + day * DAY, site=square, status="planned")
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(path)
    for day in range(20):
        factories.event(today + day * DAY, site=square, status="planned")
    with CaptureQueriesContext(connection) as many:
        client.get(path)
    assert len(many) == len(few) <= 4


@pytest.mark.parametrize("path", ["/events.ics", "/events.rss"])
def test_a_public_feed_tells_nothing_about_people(client, tour, leader, path):
    stop = tour.stops.first()
    stop.event = factories.event(
        stop.day.date, village=stop.village, status="planned", notes="白主任家"
    )
    stop.save()
    page = client.get(path).content.decode().replace("\r\n ", "")
    assert stop.event.code in page
    assert "白主任" not in page
    assert PHONE not in page


def test_a_feed_that_did_not_change_is_not_sent_again(client, today, square):
    event = factories.event(today + DAY, site=square, status="planned")
    etag = client.get("/events.ics")["ETag"]
    assert client.get("/events.ics", headers={"If-None-Match": etag}).status_code == 304
    Event.objects.filter(pk=event.pk).update(status="confirmed")
    assert client.get("/events.ics", headers={"If-None-Match": etag}).status_code == 200


def test_a_site_has_its_own_calendar_and_an_unknown_one_none(client, today, square):
    here = factories.event(today + DAY, site=square, status="planned")
    factories.event(today + DAY, site=factories.site(), status="planned")
    assert set(entries(client.get("/sites/150203-0001/events.ics"))) == {f"{here.code}@{CITY}"}
    assert client.get("/sites/none/events.ics").status_code == 404


def test_a_feed_can_be_of_one_troupe(client, today, square):
    troupe = factories.troupe()
    own = factories.event(today + DAY, site=square, status="planned", troupe=troupe)
    factories.event(today + DAY, site=square, status="planned")
    found = entries(client.get(f"/events.ics?troupe={troupe.code}"))
    assert set(found) == {f"{own.code}@{CITY}"}


def test_rss_is_xml_with_links_to_the_events(client, today, square):
    event = factories.event(today + DAY, site=square, status="planned")
    root = ElementTree.fromstring(client.get("/events.rss").content)  # noqa: S314 — our own
    assert root.findtext("channel/item/link") == f"http://testserver/events/{event.code}/"


@pytest.mark.parametrize("name", [".ics", ".gpx", *(f"/{paper}" for paper in PAPERS)])
def test_a_tours_papers_are_for_those_who_plan_tours(client, tour, steward, name):
    path = f"/tours/{tour.pk}{name}"
    assert client.get(path).status_code == 302
    client.force_login(steward)
    assert client.get(path).status_code == 403
    client.force_login(factories.user("planner", role="planner"))
    response = client.get(path)
    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("name", [".ics", ".gpx", *(f"/{paper}" for paper in PAPERS)])
def test_a_tours_papers_take_at_most_12_queries(leader, tour, django_assert_max_num_queries, name):
    with django_assert_max_num_queries(12):
        assert leader.get(f"/tours/{tour.pk}{name}").status_code == 200


def test_a_stop_becomes_its_event_in_the_tours_calendar(leader, tour):
    stop = tour.stops.first()
    path = f"/tours/{tour.pk}.ics"
    before = entries(leader.get(path))
    draft = before[f"tour-{tour.pk}-{stop.village_id}@{CITY}"]
    assert len(before) == 3
    assert draft["STATUS"] == "TENTATIVE"
    assert draft["DTSTART"].endswith("T093000"), "the programme begins when all is set up"
    assert draft["DTEND"].endswith("T103000")
    stop.event = factories.event(stop.day.date, village=stop.village, status="confirmed")
    stop.save()
    after, public = entries(leader.get(path)), entries(leader.get("/events.ics"))
    assert draft["UID"] not in after
    (uid,) = after.keys() & public.keys()  # who subscribes to both has it once
    assert (uid, after[uid]["DTSTART"]) == (f"{stop.event_id}@{CITY}", public[uid]["DTSTART"])
    assert int(after[uid]["SEQUENCE"]) >= int(public[uid]["SEQUENCE"]), "the tour's tells more"
    assert after[uid]["STATUS"] == "CONFIRMED"
    assert PHONE not in str(after)


def test_a_route_leads_over_the_stops_to_the_bed(leader, tour, three_villages):
    response = leader.get(f"/tours/{tour.pk}.gpx")
    assert response["Content-Type"] == "application/gpx+xml"
    root = ElementTree.fromstring(response.content)  # noqa: S314
    routes = [
        [point.findtext(f"{GPX}name") for point in route.findall(f"{GPX}rtept")]
        for route in root.findall(f"{GPX}rte")
    ]
    names = [village.name for village in three_villages]
    assert routes == [[*names[:2], "旅馆"], names[2:]]
    assert [bed.findtext(f"{GPX}name") for bed in root.findall(f"{GPX}wpt")] == ["旅馆"]


def test_a_sheet_is_one_page_for_each_day_of_a_team(leader, tour, three_villages):
    pages = words(leader.get(f"/tours/{tour.pk}/sheet.pdf"))
    assert len(pages) == 2
    assert all("一队" in page and "估算" in page for page in pages)
    assert PHONE in pages[0]
    assert "旅馆" in pages[0]
    assert "电源" in pages[0], "nobody has recorded whether there is power"
    assert three_villages[2].name in pages[1]
    only = words(leader.get(f"/tours/{tour.pk}/sheet.pdf?team=1&date={tour.start + DAY}"))
    assert len(only) == 1
    assert three_villages[2].name in only[0]


def test_a_long_day_stays_on_one_page(leader, tour):
    day = tour.team_days.first()
    for order in range(3, 9):
        _stop(tour, day, factories.village(lat=40.1 + order / 100), order)
    pages = words(leader.get(f"/tours/{tour.pk}/sheet.pdf?date={day.date}"))
    assert len(pages) == 1


@pytest.mark.parametrize(("query", "status"), [("team=2", 404), ("date=x", 422), ("team=0", 422)])
def test_a_sheet_that_is_not_there_is_said(leader, tour, query, status):
    assert leader.get(f"/tours/{tour.pk}/sheet.pdf?{query}").status_code == status


def test_a_village_that_declined_is_not_driven_to(leader, tour):
    stop = tour.stops.first()
    Stop.objects.filter(pk=stop.pk).update(state="declined")
    assert "✕" in words(leader.get(f"/tours/{tour.pk}/sheet.pdf"))[0]
    assert len(words(leader.get(f"/tours/{tour.pk}/notices.pdf"))) == 2
    route = ElementTree.fromstring(leader.get(f"/tours/{tour.pk}.gpx").content)  # noqa: S314
    assert len(route.findall(f".//{GPX}rtept")) == 3


def test_a_cancelled_event_is_neither_driven_to_nor_announced(leader, tour):
    stop = tour.stops.first()
    stop.event = factories.event(stop.day.date, village=stop.village, status="cancelled")
    stop.save()
    assert "✕" in words(leader.get(f"/tours/{tour.pk}/sheet.pdf"))[0]
    assert len(words(leader.get(f"/tours/{tour.pk}/notices.pdf"))) == 2
    own = entries(leader.get(f"/tours/{tour.pk}.ics"))[f"{stop.event_id}@{CITY}"]
    assert own["STATUS"] == "CANCELLED"


def test_a_moved_event_is_announced_at_its_new_time(leader, tour):
    stop = tour.stops.first()
    stop.event = factories.event(
        village=stop.village, status="planned", starts_at=at(tour.start + 3 * DAY, 15, 20)
    )
    stop.save()
    page = words(leader.get(f"/tours/{tour.pk}/notices.pdf"))[0]
    assert "7月23日" in page
    assert "15:20–16:20" in page


def test_the_call_list_has_whom_to_call_and_boxes_for_the_answer(leader, tour):
    text = "".join(words(leader.get(f"/tours/{tour.pk}/calls.pdf")))
    assert PHONE in text
    assert "没有登记联系人" in text
    assert text.count("改期") == 3


def test_a_notice_leads_to_the_village_and_later_to_its_event(leader, tour):
    stop = tour.stops.first()
    pages = words(leader.get(f"/tours/{tour.pk}/notices.pdf"))
    assert len(pages) == 3
    assert short_links.short("village", stop.village_id) in pages[0]
    assert "待确认" in pages[0]
    assert PHONE not in "".join(pages)
    stop.event = factories.event(stop.day.date, village=stop.village, status="planned")
    stop.save()
    page = words(leader.get(f"/tours/{tour.pk}/notices.pdf"))[0]
    assert short_links.short("event", stop.event.code) in page
    assert "待确认" not in page


def test_notices_and_calls_can_be_of_one_day(leader, tour, three_villages):
    query = f"?team=1&date={tour.start + DAY}"
    assert len(words(leader.get(f"/tours/{tour.pk}/notices.pdf{query}"))) == 1
    text = "".join(words(leader.get(f"/tours/{tour.pk}/calls.pdf{query}")))
    assert three_villages[2].name in text
    assert three_villages[0].name not in text


def test_a_tour_without_stops_has_no_papers(leader, tour):
    Stop.objects.all().delete()
    TourDay.objects.all().delete()
    for paper in PAPERS:
        assert leader.get(f"/tours/{tour.pk}/{paper}").status_code == 404
    assert entries(leader.get(f"/tours/{tour.pk}.ics")) == {}


def test_what_would_print_too_long_leads_to_its_days_instead(leader, tour, monkeypatch):
    monkeypatch.setattr(papers, "MOST", {"sheet": 1, "calls": 2, "notices": 2})
    for name in PAPERS:
        page = leader.get(f"/tours/{tour.pk}/{name}")
        body = page.content.decode()
        assert page["Content-Type"].startswith("text/html")
        assert body.count("打印这一天") == 2
        links = re.findall(r'href="(\?date=[^"]*)"', body)
        assert len(links) == 4
        for link in links[:2]:
            answer = leader.get(f"/tours/{tour.pk}/{name}{link.replace('&amp;', '&')}")
            assert answer["Content-Type"] == "application/pdf"


def test_a_tours_calendar_is_subscribed_to_by_an_address_without_signing_in(leader, client, tour):
    page = leader.get(f"/tours/{tour.pk}/")
    address = page.context["subscribe"]
    assert page.context["webcal"] == address.replace("http:", "webcal:")
    client.logout()
    answer = client.get(address)
    assert len(entries(answer)) == 3
    text = answer.content.decode()
    assert "白主任" not in text
    assert PHONE not in text


@pytest.mark.parametrize("key", ["", "x", "钥匙", "\x00"])
def test_a_tours_calendar_is_closed_to_a_key_that_is_not_its_own(leader, client, tour, key):
    other = Tour.objects.create(
        name="另一个", troupe=tour.troupe, programme=tour.programme, start=tour.start,
        days=1, made_at=clock.now(),
    )  # fmt: skip
    own = leader.get(f"/tours/{tour.pk}/").context["subscribe"].partition("key=")[2]
    client.logout()
    assert client.get(f"/tours/{tour.pk}.ics", {"key": key}).status_code == 403
    assert client.get(f"/tours/{other.pk}.ics", {"key": own}).status_code == 403
    assert client.get(f"/tours/{tour.pk}.ics").status_code == 302


def test_a_code_is_squares_without_a_size_of_its_own():
    drawn = qr("https://fazhi.example/events/E2026-0001/")
    assert drawn.startswith("<svg")
    assert "viewBox" in drawn
    assert "width" not in drawn.split(">")[0]


POINT = {
    "amap": lambda query: query["to"][0].split(",")[:2],
    "baidu": lambda query: query["location"][0].split(",")[::-1],
    "tencent": lambda query: query["tocoord"][0].split(",")[::-1],
    "apple": lambda query: query["daddr"][0].split(",")[::-1],
}


@given(st.floats(109.2, 111.5), st.floats(40.2, 42.8))
def test_each_map_app_is_led_to_the_place_to_a_metre(lon, lat):
    found = links(lon, lat, "民主广场, 东门&1")
    assert set(found) == set(POINT) == set(APPS)
    for app, address in found.items():
        query = parse_qs(urlsplit(address).query)
        there = to_wgs84([[float(value) for value in POINT[app](query)]], APPS[app].system)
        assert geodesy.distances(there, np.array([[lon, lat]]))[0] < 1
        assert "民主广场 东门&1" in address or "民主广场 东门&1" in str(query)


def test_the_apps_differ_from_wgs_84_and_from_each_other():
    found = links(109.84, 40.65, "村")
    points = {app: POINT[app](parse_qs(urlsplit(url).query)) for app, url in found.items()}
    assert points["amap"] == points["tencent"] == points["apple"] != points["baidu"]
    assert ["109.840000", "40.650000"] not in points.values()
