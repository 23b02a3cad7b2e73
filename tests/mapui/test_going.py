"""Going there: map apps at the right spot, by formulas of our own."""

import datetime
import math
import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.gis.geos import Point
from pyproj import Geod

from mapui.outward.navigation import address, links
from tests import factories

AXIS, ECCENTRICITY = 6378245.0, 0.00669342162296594323


def gcj02(lon, lat):
    """GCJ-02 of a WGS 84 point, by the published series; shares no code with sites.crs."""
    x, y = lon - 105, lat - 35
    root = 0.1 * math.sqrt(abs(x))

    def waves(value, *terms):
        return sum(a * math.sin(value * math.pi / b) for a, b in terms) * 2 / 3

    common = waves(x, (20, 1 / 6), (20, 1 / 2))
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + root
    east += common + waves(x, (20, 1), (40, 3), (150, 12), (300, 30))
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 2 * root
    north += common + waves(y, (20, 1), (40, 3), (160, 12), (320, 30))
    sine = math.sin(math.radians(lat))
    magic = 1 - ECCENTRICITY * sine * sine
    metres_north = AXIS * (1 - ECCENTRICITY) / magic**1.5
    metres_east = AXIS / math.sqrt(magic) * math.cos(math.radians(lat))
    return lon + math.degrees(east / metres_east), lat + math.degrees(north / metres_north)


def bd09(lon, lat):
    """BD-09 of a GCJ-02 point."""
    turn = math.pi * 3000 / 180
    radius = math.hypot(lon, lat) + 0.00002 * math.sin(lat * turn)
    angle = math.atan2(lat, lon) + 0.000003 * math.cos(lon * turn)
    return radius * math.cos(angle) + 0.0065, radius * math.sin(angle) + 0.006


def points(addresses):
    """lon, lat of each link, by app."""
    query = {app: parse_qs(urlsplit(address).query) for app, address in addresses.items()}
    flipped = {"baidu": "location", "tencent": "tocoord", "apple": "daddr"}
    found = {app: query[app][name][0].split(",")[::-1] for app, name in flipped.items()}
    found["amap"] = query["amap"]["to"][0].split(",")[:2]
    return {app: (float(lon), float(lat)) for app, (lon, lat) in found.items()}


@pytest.mark.parametrize("lon", [107.0, 109.84, 111.5])
@pytest.mark.parametrize("lat", [40.2, 40.65, 42.75])
def test_every_app_is_led_to_within_a_metre_by_formulas_of_our_own(lon, lat):
    shifted = gcj02(lon, lat)
    wanted = dict.fromkeys(("amap", "tencent", "apple"), shifted) | {"baidu": bd09(*shifted)}
    for app, there in points(links(lon, lat, "广场")).items():
        assert Geod(ellps="WGS84").inv(*there, *wanted[app])[2] < 1, app


def test_baidu_is_told_who_asks_as_its_documents_want_it():
    query = parse_qs(urlsplit(links(109.84, 40.65, "广场")["baidu"]).query)
    assert re.fullmatch(r"webapp\.[^.]+\.[^.]+", query["src"][0])


@pytest.fixture
def town(db, today):
    village = factories.village(name="民主村", lon=109.9, lat=40.7)
    square = factories.site(
        code="S", name="民主广场", lon=109.84, lat=40.65, address="钢铁大街 1 号"
    )
    tomorrow = today + datetime.timedelta(days=1)
    at_site = factories.event(tomorrow, site=square, status="planned")
    at_village = factories.event(tomorrow, village=village, status="planned")
    return {
        "/sites/S/": (109.84, 40.65),
        f"/villages/{village.code}/": (109.9, 40.7),
        f"/events/{at_site.code}/": (109.84, 40.65),
        f"/events/{at_village.code}/": (109.9, 40.7),
    }


def test_pages_of_sites_villages_and_events_lead_there(client, town):
    for path, place in town.items():
        page = unescape(client.get(path).content.decode())
        assert page.count(">怎么去</summary>") == 1, path
        hosts = {
            "amap": "uri.amap.com",
            "baidu": "api.map.baidu.com",
            "tencent": "apis.map.qq.com",
            "apple": "maps.apple.com",
        }
        found = {
            app: re.search(rf'href="(https://{host}/[^"]+)"', page)[1]
            for app, host in hosts.items()
        }
        assert points(found)["amap"] == pytest.approx(gcj02(*place), abs=1e-6)


def test_in_lists_the_way_is_rough_only_where_the_place_of_the_event_is(client, today, county):
    """A village's front is where its events are: its position counts, and not the village's."""
    village = factories.village(position_error_m=4_800)
    factories.event(today + datetime.timedelta(days=1), village=village, status="confirmed")
    rough = 'data-rough="位置是近似的,误差约 4.8 公里;去之前请先问一问。"'
    for path in ("/", "/events/"):
        assert rough in client.get(path).content.decode(), path
    factories.site(kind="front", village=village, position_error_m=50)
    for path in ("/", "/events/"):
        assert "data-rough" not in client.get(path).content.decode(), path


def test_an_address_can_be_copied_also_without_scripts(client, town):
    page = client.get("/sites/S/").content.decode()
    assert re.search(r'<input readonly value="[^"]*钢铁大街 1 号 民主广场">', page)


def test_an_address_says_no_division_twice():
    assert address("昆都仑区", "钢铁大街 1 号", "广场") == "昆都仑区 钢铁大街 1 号 广场"
    assert address("昆都仑区", "昆都仑区友谊大街", "广场") == "昆都仑区友谊大街 广场"
    assert address("昆都仑区", "", "广场") == "昆都仑区 广场"
    assert address("九原区", "民主村", "民主村法治阵地") == "九原区 民主村法治阵地"


def test_an_address_without_a_street_tells_the_village_everywhere(client, town, today):
    village = factories.village(name="新光村")
    front = factories.front(village, code="F", name="法治阵地")
    tomorrow = today + datetime.timedelta(days=1)
    held_there = factories.event(tomorrow, site=front, status="planned")
    told = f"{front.county.name} 新光村 法治阵地"
    for path in ("/sites/F/", f"/events/{held_there.code}/"):
        assert f'<input readonly value="{told}">' in client.get(path).content.decode()
    assert f'data-address="{told}"' in client.get("/events/").content.decode()
    (feature,) = client.get("/api/v1/sites?kind=front").json()["features"]
    assert feature["properties"]["village_name"] == "新光村", "what the map tells it from"


def test_an_event_in_a_village_is_at_its_front(client, db, today):
    village = factories.village(lon=109.9, lat=40.7)
    factories.front(village, location=Point(109.91, 40.71))
    held_there = factories.event(today, village=village, status="planned")
    village.position_error_m = 2000
    village.save()
    page = unescape(client.get(f"/events/{held_there.code}/").content.decode())
    assert "位置是近似的" not in page
    there = re.search(r'"https://uri.amap.com/navigation\?to=([\d.,]+),', page)[1].split(",")
    assert [float(degrees) for degrees in there] == pytest.approx(gcj02(109.91, 40.71), abs=1e-6)


def test_lists_of_what_is_to_come_lead_there_in_one_query(
    client, town, today, django_assert_max_num_queries
):
    page = client.get("/events/").content.decode()
    assert page.count('data-going="民主广场"') == page.count('data-going="民主村"') >= 1
    assert 'data-point="109.840000,40.650000"' in page
    assert re.search(r'data-address="[^"]*钢铁大街 1 号 民主广场"', page)
    assert 'data-address="https://uri.amap.com/navigation?to={lon},{lat},{name}&amp;' in page
    for _ in range(5):
        factories.event(today + datetime.timedelta(days=1), site_id="S", status="planned")
    factories.event(today, site_id="S", status="cancelled")
    with django_assert_max_num_queries(12):
        again = client.get("/events/").content.decode()
    assert again.count('data-going="民主广场"') > page.count('data-going="民主广场"')
    assert re.search(r'href="/events/[^"]+/#going" data-going', client.get("/").content.decode())


def test_nobody_is_sent_to_what_is_cancelled_or_nowhere(client, town, today):
    nowhere = factories.village(name="远村", lon=None)
    off = factories.event(today, site_id="S", status="cancelled")
    for path in (f"/villages/{nowhere.code}/", f"/events/{off.code}/"):
        assert "uri.amap.com" not in client.get(path).content.decode()


def test_a_place_that_is_nowhere_has_no_links():
    with pytest.raises(ValueError, match="finite"):
        links(float("nan"), 40.0, "村")
