"""The visiting record of a place: pictures, what is there, its story, what is near."""

import datetime
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from sites.models import Photo
from tests import factories

pytestmark = pytest.mark.django_db
PATH = "/sites/150203-0001/"


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def signed_in(client, steward, square, today):
    client.force_login(steward)
    return client


def jpeg(colour="teal", size=(300, 200)):
    written = io.BytesIO()
    Image.new("RGB", size, colour).save(written, "JPEG")
    return SimpleUploadedFile("../../x.jpg", written.getvalue(), "text/html")


def upload(client, **fields):
    form = {"upload": jpeg(), "alt": "广场东侧的宪法墙", "credit": "司法局", **fields}
    return client.post(f"{PATH}photos/", {k: v for k, v in form.items() if v is not None})


def page(client):
    return client.get(PATH).content.decode()


def test_a_place_says_what_is_there_and_what_is_not_known(client, square, today):
    square.topics, square.languages, square.facilities = "宪法、民法典", ["zh", "mn"], ["step-free"]
    square.save()
    said = page(client)
    for words in (
        "宪法、民法典",
        "汉语、蒙古语",
        "有无障碍通道",
        "没有登记卫生间",
        "没有登记管理单位",
    ):
        assert words in said


def test_a_place_tells_its_story(client, square, today):
    for n in range(14):
        day = datetime.date(2026, 1, 1) + datetime.timedelta(days=n)
        factories.event(day, site=square, attendance=10)
    factories.event(today + datetime.timedelta(days=3), site=square, status="planned")
    said = page(client)
    assert "自2026年1月起办过 14 场活动,最近一场在2026年1月14日。" in said
    assert "登记到场 140 人次" in said
    assert "更早的" in said


def test_who_came_is_counted_in_good_english(client, square, today):
    for n, came in enumerate((200, 1), 1):
        factories.event(datetime.date(2026, 1, n), site=square, attendance=came)
    said = client.get(PATH, headers={"Accept-Language": "en"}).content.decode()
    assert "200 people" in said
    assert "1 person" in said


def test_a_place_and_its_events_carry_the_mark_that_the_map_has_for_its_kind(client, square, today):
    event = factories.event(site=square)
    for path, size in ((PATH, "large "), (f"/events/{event.code}/", "")):
        assert f'class="badge {size}square"' in client.get(path).content.decode()


def test_the_nearest_fronts_are_named_by_true_distance(client, square, today):
    near = [factories.front(factories.village(lat=lat)) for lat in (40.02, 40.05, 40.2)]
    east = factories.front(factories.village(lon=110.012, lat=40.01))  # nearer than it looks
    factories.front(factories.village(lat=41), closed_on=today)
    shown = [site.code for site, _metres in client.get(PATH).context["fronts"]]
    assert shown == [east.code, near[0].code, near[1].code]


def test_a_front_is_not_near_itself(client, county, today):
    front = factories.front(factories.village())
    assert client.get(f"/sites/{front.code}/").context["fronts"] == []


def test_the_way_there_is_opened_in_each_map_in_its_own_coordinates(client, square, today):
    said = page(client)
    for host in ("uri.amap.com", "api.map.baidu.com", "apis.map.qq.com", "maps.apple.com"):
        assert host in said


def test_a_place_leads_to_its_poster_and_to_saying_something(client, square, today):
    said = page(client)
    for path in ("poster.pdf", "poster.pdf?size=a3", "say/"):
        assert f'href="{PATH}{path}"' in said
    assert "photos/" not in said


def test_legal_services_are_listed_by_county_apart_from_the_sites(client, square, today):
    factories.site(kind="service", name="区中心", tier="county")
    factories.site(kind="service", name="镇站", tier="township", county="150205")
    factories.site(kind="service", name="市中心", tier="city")
    factories.site(kind="service", name="关了的", tier="township", closed_on=today)
    said = client.get("/services/").content.decode()
    assert said.index("市中心") < said.index("区中心") < said.index("镇站")
    assert 'href="tel:12348"' in said
    assert "关了的" not in said
    assert square.name not in said


# Photos


def test_a_photo_is_shown_with_what_it_shows_and_whose_it_is(signed_in, client):
    assert upload(signed_in).status_code == 302
    photo = Photo.objects.get()
    said = page(client)
    assert f'src="/photos/{photo.file}-small.jpg"' in said
    assert 'alt="广场东侧的宪法墙"' in said
    assert "司法局" in said
    assert photo.history.count() == 1


def test_a_photo_is_served_as_what_it_is(signed_in, client):
    upload(signed_in)
    file = Photo.objects.get().file
    for name in (file, f"{file}-small"):
        answer = client.get(f"/photos/{name}.jpg")
        assert answer["Content-Type"] == "image/jpeg"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert b"".join(answer.streaming_content)[:2] == b"\xff\xd8"


@pytest.mark.parametrize("name", ["0" * 32, "x", "0" * 32 + "-large", "a-small"])
def test_an_unknown_photo_is_a_404(client, db, today, name):
    assert client.get(f"/photos/{name}.jpg").status_code == 404


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"upload": None}, "请选一个照片文件"),
        ({"upload": SimpleUploadedFile("a.jpg", b"")}, "文件是空的"),
        ({"upload": SimpleUploadedFile("a.jpg", b"<html>")}, "不是 JPEG"),
        ({"upload": "text"}, "请选一个照片文件"),
        ({"alt": ""}, "必填"),
        ({"alt": "长" * 121}, "120"),
        ({"alt": "x\x00"}, "看不见的字符"),
        ({"credit": " "}, "必填"),
        ({"taken_on": "2030-01-01"}, "还没到"),
        ({"taken_on": "soon"}, "日期"),
    ],
)
def test_a_mistake_with_a_photo_is_told(signed_in, fields, told):
    refused = upload(signed_in, **fields)
    assert refused.status_code == 422
    assert told in refused.content.decode()
    assert not Photo.objects.exists()


def test_a_photo_is_there_once_and_no_more_than_twelve(signed_in):
    upload(signed_in)
    assert "已经在这里" in upload(signed_in).content.decode()
    for n in range(11):
        assert upload(signed_in, upload=jpeg((n * 20, 0, 0))).status_code == 302
    assert "最多 12 张" in upload(signed_in, upload=jpeg("white")).content.decode()


def test_a_photo_that_is_taken_away_is_gone_with_its_files(
    signed_in, client, uploads, django_capture_on_commit_callbacks
):
    upload(signed_in)
    photo = Photo.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        signed_in.post(f"{PATH}photos/", {"remove": photo.pk})
    assert not Photo.objects.exists()
    assert not list(uploads.rglob("*.jpg"))
    assert client.get(f"/photos/{photo.file}.jpg").status_code == 404
    assert signed_in.post(f"{PATH}photos/", {"remove": "x"}).status_code == 404


def test_photos_are_kept_by_the_countys_stewards(client, square, today):
    assert client.get(f"{PATH}photos/").status_code == 302
    client.force_login(factories.user("far", role="steward", counties=["150205"]))
    assert upload(client).status_code == 403
