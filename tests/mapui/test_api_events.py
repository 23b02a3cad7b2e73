import datetime

import pytest

from sites import clock
from tests import factories

DAY = datetime.timedelta(days=1)


def test_an_event_says_what_where_and_when(api, square):
    lecture = factories.programme(name="以案释法", kind="case-lecture", series="普法大讲堂")
    village = factories.village()
    event = factories.event(
        site=square, programme=lecture, attendance=80, campaign="宪法宣传周", reaches=[village]
    )
    found = api.get(f"/events/{event.code}")
    assert found["geometry"] == {"type": "Point", "coordinates": [110, 40.01]}
    about = found["properties"]
    assert about["code"] == event.code
    assert about["programme"] == lecture.code
    assert (about["kind"], about["series"]) == ("case-lecture", "普法大讲堂")
    assert (about["site"], about["site_name"]) == (square.code, "民主广场")
    assert about["village"] is about["troupe"] is None
    assert about["starts_at"] == "2026-06-01T09:00:00+08:00"
    assert about["ends_at"] == "2026-06-01T10:00:00+08:00"
    assert (about["status"], about["attendance"]) == ("held", 80)
    assert about["campaign"] == "宪法宣传周"
    assert about["reaches"] == [village.code]


def test_internal_notes_are_never_shown(api, square):
    event = factories.event(site=square, notes="王某 13800000000")
    for path in ("/events", f"/events/{event.code}"):
        assert "138" not in api.ask(path).content.decode()


def test_days_are_shanghais_and_both_included(api, square):
    """Half past midnight in Shanghai is still the day before in UTC."""
    half_past = clock.midnight(datetime.date(2026, 6, 2)) + datetime.timedelta(minutes=30)
    event = factories.event(site=square, starts_at=half_past)
    assert api.ids("/events?from=2026-06-02&to=2026-06-02") == [event.code]
    assert api.ids("/events?to=2026-06-01") == []
    assert api.ids("/events?from=2026-06-03") == []


def test_events_are_in_the_order_of_their_beginnings(api, square, today):
    codes = [factories.event(today - n * DAY, site=square).code for n in (1, 3, 2)]
    assert api.ids("/events") == [codes[1], codes[2], codes[0]]


def test_events_are_chosen_by_what_they_are(api, square, today):
    quiz = factories.programme(kind="quiz")
    troupe = factories.troupe()
    show = factories.event(site=square, troupe=troupe, campaign="民法典宣传月")
    planned = factories.event(today + DAY, site=square, programme=quiz, status="planned")
    assert api.ids("/events?kind=quiz") == [planned.code]
    assert api.ids("/events?kind=quiz,show") == [show.code, planned.code]
    assert api.ids("/events?status=held") == [show.code]
    assert api.ids(f"/events?troupe={troupe.code}") == [show.code]
    assert api.ids("/events?campaign=民法典宣传月") == [show.code]


def test_events_are_chosen_by_where_they_are(api, square):
    other = factories.village("150204001")
    at_square = factories.event(site=square)
    at_village = factories.event(village=other)
    assert api.ids(f"/events?site={square.code}") == [at_square.code]
    assert api.ids(f"/events?village={other.code}") == [at_village.code]
    assert api.ids("/events?region=150203") == [at_square.code]
    assert api.ids("/events?region=150204001") == [at_village.code]


def test_a_villages_events_are_those_in_it_at_its_sites_and_naming_it(api):
    village = factories.village()
    inside = factories.site(village=village)
    codes = [
        factories.event(village=village).code,
        factories.event(site=inside).code,
        factories.event(site=factories.site(), reaches=[village]).code,
    ]
    factories.event(site=factories.site())
    assert sorted(api.ids(f"/events?village={village.code}")) == sorted(codes)
    assert api.get(f"/events?village={village.code}&limit=2")["numberMatched"] == 3


def test_an_event_at_a_village_alone_takes_place_at_its_front(api):
    village = factories.village()
    event = factories.event(village=village)
    path = f"/events/{event.code}"
    assert api.get(path)["geometry"]["coordinates"] == [110, 40]
    front = factories.site(kind="front", village=village, lat=40.002)
    assert api.get(path)["geometry"]["coordinates"] == [110, 40.002]
    assert api.ids(f"/events?site={front.code}") == [event.code]


def test_a_front_that_opened_later_does_not_count(api):
    village = factories.village()
    event = factories.event(datetime.date(2026, 6, 1), village=village)
    opened = datetime.date(2026, 6, 2)
    factories.site(kind="front", village=village, lat=40.002, opened_on=opened)
    assert api.get(f"/events/{event.code}")["geometry"]["coordinates"] == [110, 40]


@pytest.mark.parametrize("path", ["/events?limit=5", "/events?village=150203001001&region=1502"])
def test_a_list_takes_few_queries(api, path, square, today, django_assert_max_num_queries):
    for number in range(12):
        factories.event(today - number * DAY, site=square, reaches=[factories.village()])
    with django_assert_max_num_queries(4):
        api.get(path)


def test_events_in_a_language_are_those_given_in_it_besides_others(api, square, today):
    both = factories.programme(languages=["zh", "mn"])
    factories.event(code="E-both", site=square, programme=both)
    factories.event(code="E-zh", site=square, programme=factories.programme(languages=["zh"]))
    assert api.ids("/events?language=mn") == ["E-both"]
    assert sorted(api.ids("/events?language=mn,zh")) == ["E-both", "E-zh"]


def test_events_near_a_place_are_within_ten_kilometres_unless_said(api, square, today):
    near = factories.site(lat=square.location.y + 0.08)
    far = factories.site(lat=square.location.y + 0.2)
    village = factories.village(lat=square.location.y)
    for code, site in (("E-here", square), ("E-near", near), ("E-far", far)):
        factories.event(code=code, site=site)
    factories.event(code="E-village", village=village)
    assert set(api.ids(f"/events?near={square.code}")) == {"E-here", "E-near", "E-village"}
    assert set(api.ids(f"/events?near={square.code}&within=100")) == {"E-here", "E-village"}
    assert len(api.ids(f"/events?near={village.code}&within=30000")) == 4


@pytest.mark.parametrize("code", ["150203-9999", "150203999999"])
def test_near_a_place_that_is_not_there_is_refused(api, square, code):
    said = api.problem(f"/events?near={code}", 422)
    assert said["errors"][0]["parameter"] == "near"
    assert code in said["detail"]
