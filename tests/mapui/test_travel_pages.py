"""Pages say how many minutes a way takes, and whether the road or an estimate says so."""

import json
import re
import socket

import pytest

from sites import roads, travel
from sites.models import TravelSpeed
from tests import factories
from tests.sites import routers

pytestmark = pytest.mark.django_db


@pytest.fixture
def standard(today, three_villages):
    """A square within 5 minutes: 2.6 km as estimated; the first village's is 4.4 km away."""
    factories.site(lat=40.0)
    return factories.standard(max_minutes=5)


def page(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_estimate_is_told_as_one_with_its_source(client, standard, three_villages):
    estimate = "约 9 分钟路程(估计:直线×1.3,40 公里/时)"
    assert estimate in page(client, f"/villages/{three_villages[0].code}/")
    board = page(client, "/coverage/")
    assert "分钟数是按直线距离估计的" in board
    assert estimate in board
    assert "直线×1.3,40 公里/时。依据:默认的经验值" in board
    assert "默认的经验值" in page(client, "/data/")
    TravelSpeed.objects.create(speed_kmh=20, detour=1.5, source="交通局 2025 年实测")
    assert "依据:交通局 2025 年实测" in page(client, "/coverage/")
    assert "交通局 2025 年实测" in page(client, "/data/")


def test_minutes_by_road_are_told_as_such(client, standard, three_villages, settings):
    roads._resting.clear()
    with routers.serving() as router:
        settings.ROUTING_URL = router.url
        board = page(client, "/coverage/")
        assert "分钟数按道路,由路网服务计算" in board
        assert "路上最快的合格场所在 4.4 公里外,10 分钟路程(按道路)" in board
        assert "10 分钟路程(按道路)" in page(client, f"/villages/{three_villages[0].code}/")


def test_a_server_that_is_down_is_told_and_the_pages_go_on(
    client, standard, three_villages, settings
):
    roads._resting.clear()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings.ROUTING_URL = f"http://127.0.0.1:{free.getsockname()[1]}"
    assert "3 个里有 3 个的分钟数是估计的:路网服务没有答复" in page(client, "/coverage/")
    assert "约 9 分钟路程" in page(client, f"/villages/{three_villages[0].code}/")


def test_the_home_page_reckons_with_the_speeds_on_record(client, db, today):
    def paces():
        config = re.search(r'id="map-config"[^>]*>(.*?)</script>', page(client, "/"))[1]
        return json.loads(config)["paces"]

    walk = {"kmh": travel.WALK.kmh, "detour": travel.WALK.detour}
    drive = {"kmh": travel.DEFAULT.kmh, "detour": travel.DEFAULT.detour}
    assert paces() == {"walk": walk, "drive": drive, "walked_m": travel.WALKED_M}
    TravelSpeed.objects.create(speed_kmh=20, detour=1.5, source="实测")
    TravelSpeed.objects.create(speed_kmh=60, detour=1.2, setting="urban", source="实测")
    assert paces()["drive"] == {"kmh": 20, "detour": 1.5}


def test_planners_keep_the_speeds_of_travel_and_others_read_them(client, db):
    speed = {"first_month": 1, "last_month": 12, "speed_kmh": 30, "detour": 1.4, "source": "实测"}
    for role, status, kept in (("troupe", 403, 0), ("steward", 403, 0), ("planner", 302, 1)):
        client.force_login(factories.user(role, role=role))
        assert client.get("/admin/sites/travelspeed/").status_code == 200
        assert client.post("/admin/sites/travelspeed/add/", speed).status_code == status
        assert TravelSpeed.objects.count() == kept
    address = f"/admin/sites/travelspeed/{TravelSpeed.objects.get().pk}/change/"
    assert client.post(address, speed | {"speed_kmh": 40}).status_code == 302
    assert TravelSpeed.objects.get().speed_kmh == 40
