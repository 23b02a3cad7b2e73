import datetime

import pytest
from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from pyproj import Geod

from sites.models import Region, Site
from tests import factories

DAY = datetime.timedelta(days=1)


# Divisions


def test_a_division_is_drawn_by_its_boundary_else_by_its_seat(api, county):
    square = Polygon.from_bbox((109, 40, 110, 41))
    Region.objects.filter(code="150203").update(boundary=MultiPolygon(square), seat=Point(1, 1))
    factories.region("150271", seat=Point(109.9, 40.6), statutory=False)
    found = {one["id"]: one for one in api.get("/regions?level=county")["features"]}
    assert found["150203"]["geometry"]["type"] == "MultiPolygon"
    assert found["150271"]["geometry"] == {"type": "Point", "coordinates": [109.9, 40.6]}
    assert found["150271"]["properties"]["statutory"] is False


def test_divisions_are_chosen_by_level_and_by_prefix(api):
    for code in ("150203001", "150204001"):
        factories.region(code)
    assert api.ids("/regions?level=county") == ["150203", "150204"]
    assert api.ids("/regions?level=county,township&region=150204") == ["150204", "150204001"]


# Lists


def test_a_list_says_how_many_match_and_how_many_are_returned(api, three_villages):
    page = api.get("/villages?limit=2&offset=0")
    assert (page["numberMatched"], page["numberReturned"]) == (3, 2)
    page = api.get("/villages?limit=2&offset=2")
    assert (page["numberMatched"], page["numberReturned"]) == (3, 1)
    page = api.get("/villages?offset=5")
    assert (page["numberMatched"], page["features"]) == (3, [])


def test_an_unknown_division_has_no_villages(api, three_villages):
    assert api.get("/villages?region=999999")["numberMatched"] == 0


# Villages


def test_a_village_says_where_it_lies(api):
    village = factories.village(name="幸福村", population=1200)
    found = api.properties("/villages")[village.code]
    assert found["name"] == "幸福村"
    assert found["township"] == "150203001"
    assert found["county"] == "150203"
    assert found["population"] == 1200
    assert found["source"] == "official"


def test_a_village_of_unknown_place_has_no_geometry(api):
    factories.village(lon=None)
    assert api.get("/villages")["features"][0]["geometry"] is None


def test_villages_are_chosen_by_box_and_name(api, three_villages):
    near, _middle, far = three_villages
    assert api.ids("/villages?bbox=109,40,111,40.05") == [near.code]
    assert api.ids(f"/villages?q={far.code}") == [far.code]


def test_a_standard_adds_its_verdicts(api, three_villages, square):
    factories.standard()
    near, middle, far = (api.properties("/villages?standard=near")[v.code] for v in three_villages)
    assert near["built"] is near["met"] is near["certain"] is True
    assert far["built"] is far["met"] is False
    assert near["reached"] is None
    assert far["nearest"] == square.code
    exact = Geod(ellps="WGS84").inv(110, 40.12, 110, 40.01)[2]
    assert far["distance_m"] == pytest.approx(exact, abs=0.051)
    assert round(far["distance_m"], 1) == far["distance_m"]
    assert middle["distance_m"] < far["distance_m"]


def test_without_a_standard_there_are_no_verdicts(api, three_villages):
    assert "met" not in api.properties("/villages")[three_villages[0].code]


def test_a_village_that_the_standard_is_not_about_has_no_verdict(api):
    factories.village(setting="urban")
    factories.standard(settings=["herding"])
    assert [one["met"] for one in api.properties("/villages?standard=near").values()] == [None]


def test_an_edit_shows_at_the_next_request(api, three_villages, square):
    factories.standard()
    assert api.properties("/villages?standard=near")[three_villages[0].code]["met"]
    Site.objects.filter(pk=square.pk).update(closed_on=datetime.date(2026, 7, 1))
    assert not api.properties("/villages?standard=near")[three_villages[0].code]["met"]


def test_one_village_has_its_verdicts_on_every_standard(api, three_villages, square):
    factories.standard("near")
    factories.standard("far", max_distance_m=50_000)
    coverage = api.get(f"/villages/{three_villages[2].code}")["properties"]["coverage"]
    assert [(one["standard"], one["met"]) for one in coverage] == [("far", True), ("near", False)]
    assert coverage[0]["nearest_name"] == "民主广场"


# Sites


def test_without_a_kind_the_published_list_is_meant(api, square):
    factories.site(kind="front", tier="village")
    factories.site(kind="square", tier="township")
    factories.site(kind="hall")
    assert api.ids("/sites") == [square.code]


def test_a_kind_or_a_tier_means_all_of_it(api, square):
    front = factories.site(kind="front", tier="village")
    assert api.ids("/sites?kind=front") == [front.code]
    assert api.ids("/sites?tier=village") == [front.code]
    assert api.ids("/sites?kind=front&tier=county") == []


def test_a_site_is_open_from_its_first_day_to_the_one_before_its_last(api, today):
    dates = {
        "open": {"opened_on": today, "closed_on": today + DAY},
        "planned": {"opened_on": today + DAY},
        "closed": {"closed_on": today},
    }
    for code, fields in dates.items():
        factories.site(code=code, **fields)
    for status in dates:
        assert api.ids(f"/sites?status={status}") == [status]
    found = api.properties("/sites?status=all")
    assert {code: one["status"] for code, one in found.items()} == {code: code for code in dates}
    assert api.ids("/sites") == ["open"]


def test_sites_are_chosen_by_region_box_and_name(api, square):
    other = factories.site(county="150204", name="南海公园", lon=109.9)
    assert api.ids("/sites?region=150204") == [other.code]
    assert api.ids("/sites?region=1502") == [square.code, other.code]
    assert api.ids("/sites?bbox=109.5,39,109.95,41") == [other.code]
    assert api.ids("/sites?q=公园") == [other.code]


def test_a_part_of_a_name_is_taken_literally(api, square):
    assert api.ids("/sites?q=%25") == []
    assert api.ids("/sites?q=_") == []


def test_the_nearest_come_first_by_true_distance(api, square):
    """A degree of longitude is shorter than one of latitude: 0.012° east is nearer than 0.01° north."""
    east = factories.site(code="east", lon=110.012, lat=40.0)
    far = factories.site(code="far", lon=110.0, lat=41.0)
    found = api.get("/sites?near=110,40")["features"]
    assert [one["id"] for one in found] == [east.code, square.code, far.code]
    geod = Geod(ellps="WGS84")
    for one in found:
        exact = geod.inv(110, 40, *one["geometry"]["coordinates"])[2]
        assert one["properties"]["distance_m"] == round(exact, 1)


def test_within_leaves_out_what_is_farther(api, square):
    factories.site(lat=41.0)
    assert api.ids("/sites?near=110,40&within=1111") == [square.code]
    assert api.ids("/sites?near=110,40&within=1110") == []


def test_equally_near_sites_are_in_the_order_of_their_codes(api, county):
    for code in ("B", "A", "C"):
        factories.site(code=code)
    assert api.ids("/sites?near=110,41&limit=2") == ["A", "B"]


def test_a_site_shows_what_comes_next_and_what_was_last(api, square, today):
    lecture = factories.programme(name="以案释法")
    factories.event(today - 300 * DAY, site=square)
    last = factories.event(today - 3 * DAY, site=square)
    coming = factories.event(today + 2 * DAY, site=square, programme=lecture, status="confirmed")
    factories.event(today + 9 * DAY, site=square, status="planned")
    factories.event(today + DAY, site=square, status="cancelled")
    found = api.properties("/sites")[square.code]
    assert found["last_event"]["code"] == last.code
    assert found["next_event"] == {
        "code": coming.code,
        "programme": lecture.code,
        "programme_name": "以案释法",
        "starts_at": "2026-07-17T09:00:00+08:00",
    }


def test_a_site_without_events_shows_none(api, square):
    found = api.properties("/sites")[square.code]
    assert (found["next_event"], found["last_event"]) == (None, None)


def test_an_event_at_a_village_alone_is_at_its_front(api, today):
    village = factories.village()
    front = factories.front(village)
    held = factories.event(today - DAY, village=village)
    assert api.properties("/sites?kind=front")[front.code]["last_event"]["code"] == held.code


def test_reached_asks_for_an_event_within_twelve_months(api, today):
    """The window is (today − 12 months, today]."""
    for code, day in (("in", "2025-07-16"), ("out", "2025-07-15"), ("now", "2026-07-15")):
        factories.event(datetime.date.fromisoformat(day), site=factories.site(code=code))
    factories.site(code="never")
    assert api.ids("/sites?reached=true") == ["in", "now"]
    assert api.ids("/sites?reached=false") == ["never", "out"]


def test_one_site_has_more_to_say(api, square):
    found = api.get(f"/sites/{square.code}")
    assert found["id"] == square.code
    assert found["properties"]["facilities"] == []
    assert found["properties"]["status"] == "open"


# Cost


@pytest.mark.parametrize(
    "path",
    [
        "/regions",
        "/villages?standard=near&limit=5",
        "/sites?near=110,40&within=100000&limit=5",
        "/sites?kind=front,square&reached=false",
        "/search?q=广",
    ],
)
def test_a_list_takes_few_queries_however_long(api, path, django_assert_max_num_queries, today):
    factories.standard()
    for number in range(12):
        village = factories.village(lat=40 + number / 100)
        factories.event(today - DAY, village=village)
        factories.front(village)
        factories.event(today - DAY, site=factories.site(lat=40 + number / 100))
    api.get(path)
    with django_assert_max_num_queries(9):
        api.get(path)
