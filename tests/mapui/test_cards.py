"""Events and places as pictures to share."""

import datetime
import gc
import io
import re
import struct
import weakref
from dataclasses import replace

import pytest
import zxingcpp
from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from PIL import Image

from events.models import Event
from mapui.exports import cards, miniature, painting
from mapui.outward import sharing
from mapui.properties import EVENT_SPOT
from mapui.whats_on import soon
from sites import clock, photos
from sites.choices import SiteKind
from sites.models import Photo, Region, Site
from tests import factories

MINUTE = datetime.timedelta(minutes=1)
WEEK = datetime.timedelta(days=7)
LATE = datetime.timedelta(hours=23, minutes=58)


@pytest.fixture
def show(square, today):
    """A show on the square in a week."""
    programme = factories.programme(name="草原上的民法典")
    return factories.event(today + WEEK, site=square, status="confirmed", programme=programme)


def size(png):
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    return struct.unpack(">II", png[16:24])


def of_event(code):
    events = Event.objects.with_places().annotate(**EVENT_SPOT)
    return sharing.of_event(events.get(pk=code), clock.now())


def of_site(site):
    return sharing.of_site(Site.objects.get(pk=site.pk), clock.now())


def paths(show):
    village = factories.village()
    return (f"/events/{show.code}/", f"/sites/{show.site_id}/", f"/villages/{village.code}/")


def test_the_preview_of_a_link_is_wide_and_the_picture_to_share_tall(
    client, show, django_assert_max_num_queries
):
    for path in paths(show):
        with django_assert_max_num_queries(7):
            preview = client.get(f"{path}map.png")
        assert preview["Content-Type"] == "image/png"
        assert size(preview.content) == (1200, 630)
        assert size(client.get(f"{path}card.png").content) == (1080, 1350)


def test_the_page_of_a_place_and_of_what_is_on_there_shows_the_map_around_it(client, show):
    for path in paths(show):
        page = client.get(path).content.decode()
        (picture,) = re.findall(rf'<img src="({path}around.png)" alt="“[^”]+”周围的地图"', page)
        assert size(client.get(picture).content) == (660, 440)
        assert client.get(picture).content != client.get(f"{path}map.png").content


def test_the_code_on_a_picture_is_the_short_address_of_its_page(client, show):
    for path in paths(show):
        picture = Image.open(io.BytesIO(client.get(f"{path}card.png").content))
        (found,) = zxingcpp.read_barcodes(picture)
        assert len(found.text) <= len("http://testserver/v/3UKJCWJFZ")
        (hop,) = client.get(found.text, follow=True).redirect_chain
        assert hop == (path, 301)


@pytest.mark.parametrize("name", ["map", "card", "around"])
def test_who_has_the_picture_gets_it_again_only_when_it_has_changed(client, show, name):
    path = f"/events/{show.code}/{name}.png"
    first = client.get(path)
    assert "max-age" in first["Cache-Control"]
    assert client.get(path, HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 304
    Event.objects.update(status="cancelled")
    changed = client.get(path, HTTP_IF_NONE_MATCH=first["ETag"])
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]


def test_a_picture_is_drawn_once_and_kept_without_what_it_was_drawn_from(client, show, monkeypatch):
    Site.objects.update(name="画一次的广场")
    drawn, draw = [], cards.wide
    monkeypatch.setattr(cards, "wide", lambda card: drawn.append(weakref.ref(card)) or draw(card))
    first, again = (client.get(f"/events/{show.code}/map.png") for _ in range(2))
    assert first.content == again.content
    gc.collect()
    assert [card() for card in drawn] == [None]


def test_of_many_pictures_the_last_are_kept():
    tags = [f"tag {n}" for n in range(cards.KEPT + 1)]
    for tag in tags:
        assert cards.kept(tag, tag.encode) == tag.encode()
    assert cards.kept(tags[-1], bytes) == tags[-1].encode()
    assert cards.kept(tags[0], bytes) == b""


def test_a_picture_says_what_when_and_where(show):
    card = of_event(show.code)
    assert (card.title, card.where) == ("草原上的民法典", show.site.name)
    assert card.when == "7月22日 周三 09:00–10:00"
    assert show.site.county.name in card.more
    assert (card.played, card.band) == ("", "")


def test_a_picture_says_what_has_changed_and_what_is_played(show):
    show.starts_at, show.ends_at = show.starts_at + WEEK, show.ends_at + WEEK
    show.save()
    assert "时间有变" in of_event(show.code).band
    show.status, show.source = "cancelled", "demonstration"
    show.save()
    card = of_event(show.code)
    assert "已取消" in card.band
    assert card.is_off
    assert card.played == "演示数据"


def test_a_picture_says_that_an_event_is_not_confirmed_yet(show):
    show.status = "planned"
    show.save()
    assert of_event(show.code).band == "时间待确认"
    show.starts_at, show.ends_at = show.starts_at + WEEK, show.ends_at + WEEK
    show.save()
    assert of_event(show.code).band == "时间有变,还待确认"


def test_the_picture_of_a_place_tells_what_comes_next(square, show):
    assert "草原上的民法典" in of_site(square).then


def test_the_picture_of_a_closed_place_says_so(square, today):
    Site.objects.update(closed_on=today)
    assert of_site(square).band == "未开放"


@pytest.mark.parametrize("kind", ["sites", "events", "villages"])
@pytest.mark.parametrize("name", ["map", "card", "around"])
def test_nothing_has_no_picture(client, square, kind, name):
    assert client.get(f"/{kind}/none/{name}.png").status_code == 404


# The map on it


def middle(card):
    """The pixels of the mark: the middle of the map beside the words."""
    picture = Image.open(io.BytesIO(cards.wide(card)))
    return picture.crop((850, 265, 950, 365)).tobytes()


def test_every_kind_has_a_mark_of_its_own(square, today):
    card = of_site(square)
    marks = [replace(card.ground.mark, kind=kind, glyph="") for kind in (*SiteKind, "village")]
    drawn = {middle(replace(card, ground=replace(card.ground, mark=mark))) for mark in marks}
    assert len(drawn) == len(marks) - 1, "a village and a park are both round, and differ in words"


def test_a_rough_position_is_said_and_drawn(square, today):
    for n in range(miniature.NEIGHBOURS):
        factories.site(lon=110 + n / 1000)
    assert of_site(square).ground.note == ""
    Site.objects.update(position_error_m=2000)
    rough = of_site(square)
    assert rough.ground.note == "位置为约略,误差约 2.0 公里"
    sure = replace(rough, ground=replace(rough.ground, mark=replace(rough.ground.mark, error_m=0)))
    assert cards.wide(rough) != cards.wide(sure)


@pytest.mark.parametrize("error_m", [2000, 126_600])
def test_the_map_shows_all_of_where_a_place_may_be(square, today, error_m):
    Site.objects.update(position_error_m=error_m)
    assert of_site(square).far_m > error_m


def test_an_event_in_a_village_is_drawn_at_its_front_as_the_way_leads_there(db, today):
    village = factories.village(lon=109.9, lat=40.7, position_error_m=2000)
    factories.front(village, location=Point(109.91, 40.71))
    card = of_event(factories.event(today, village=village, status="planned").code)
    assert (card.ground.mark.lon, card.ground.mark.lat) == (109.91, 40.71)
    assert card.ground.note == "", "the front's position is good, the village's own is not"


def test_neighbours_are_dots_the_closed_ones_not(square, today):
    near = factories.site(lon=110.01, lat=40.01, kind="park")
    factories.site(lon=110.01, lat=40.0, closed_on=today)
    assert of_site(square).ground.dots == ((110.01, 40.01, "park"),)
    assert [dot[:2] for dot in of_site(near).ground.dots] == [(110.0, 40.01)]


def test_a_place_without_neighbours_shows_much_of_its_county(square, today):
    assert of_site(square).far_m == miniature.MOST_M
    for n in range(miniature.NEIGHBOURS):
        factories.site(lon=110 + n / 1000)
    assert of_site(square).far_m == miniature.LEAST_M


def test_a_village_of_unknown_place_is_drawn_without_a_mark(client, county, today):
    village = factories.village(lon=None)
    card = sharing.of_village(village, clock.now())
    assert card.ground.mark is None
    assert card.ground.note == "位置还没有登记"
    event = factories.event(today, village=village, status="planned")
    for path in (f"/villages/{village.code}/", f"/events/{event.code}/"):
        assert client.get(f"{path}map.png").status_code == 200


def test_the_county_is_drawn_and_named(square, today):
    outline = MultiPolygon(Polygon.from_bbox((109.9, 39.9, 110.1, 40.1)), srid=4326)
    Region.objects.filter(pk="150203").update(boundary=outline, seat=Point(110.02, 40.02))
    ground = of_site(square).ground
    (land,) = ground.lands
    assert (land.is_near, land.is_own) == (True, True)
    assert [name.text for name in ground.names] == [square.county.name]


def test_the_maps_approval_is_on_it(square, today, settings):
    bare = cards.wide(of_site(square))
    settings.FURNITURE = {**settings.FURNITURE, "approval": "GS(2026)1234号"}
    assert cards.wide(of_site(square)) != bare


def test_a_photo_shares_the_picture_while_its_file_is_there(square, today, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    written = io.BytesIO()
    Image.new("RGB", (400, 300), "red").save(written, "JPEG")
    stored = photos.store(io.BytesIO(written.getvalue()))
    size = {"width": stored.width, "height": stored.height}
    Photo.objects.create(site=square, file=stored.file, alt="墙", credit="局", **size)
    picture = Image.open(io.BytesIO(cards.wide(of_site(square))))
    red, green, _blue = picture.getpixel((900, 100))
    assert red > 200 > green
    photos.remove(stored.file)
    assert of_site(square).photo == ""


def test_the_city_is_drawn_with_its_places(client, square, today, django_assert_max_num_queries):
    factories.site(kind="front", tier="village")
    card = sharing.of_city(clock.now())
    assert card.ground.dots == ((110.0, 40.01, "square"),)
    assert "1 处" in card.where
    with django_assert_max_num_queries(4):
        assert size(client.get("/card.png").content) == (1200, 630)


def outline(west):
    return MultiPolygon(Polygon.from_bbox((west, 40, west + 1, 41)), srid=4326)


def test_of_a_country_no_more_is_read_than_is_drawn(
    square, today, settings, monkeypatch, django_assert_max_num_queries
):
    monkeypatch.setattr(sharing, "MOST_CITY_DOTS", 0)
    monkeypatch.setattr(sharing, "MOST_LANDS", 0)
    settings.CITY = ""
    factories.region("15", boundary=outline(109))
    Region.objects.filter(code="150203").update(boundary=outline(110))
    with django_assert_max_num_queries(4) as asked:
        card = sharing.of_city(clock.now())
    assert not any('"location"' in query["sql"] for query in asked.captured_queries)
    assert card.ground.dots == ()
    assert "1 处" in card.where
    (land,) = card.ground.lands
    assert land.rings[0][0] == (109, 40), "the province's outline alone"


@pytest.mark.parametrize("name", ["长" * 100, "Constitution " * 7, "W" * 100, "\u1820\u1821 🎭"])
def test_a_very_long_or_strange_name_is_drawn(square, today, name):
    Site.objects.update(name=name, address="址" * 200, designation="号" * 200, opening="时" * 100)
    card = of_site(square)
    assert size(cards.wide(card)) == cards.WIDE
    assert size(cards.tall(card, "http://testserver/s/1")) == cards.TALL


def test_words_are_wrapped_between_words_and_never_begin_with_a_mark():
    lines = painting.lines("Law squares, parks and 广场、公园、长廊、基地", 40, 300)
    assert all(painting.width(line, 40) <= 340 for line in lines)
    assert not any(line[0] in "、,。 " for line in lines)
    assert " ".join(lines).startswith("Law squares, parks")


def test_the_home_page_shows_a_cancelled_and_a_moved_event_as_such(client, show, square, today):
    factories.event(today, site=square, status="cancelled", starts_at=clock.midnight(today) + LATE)
    Event.objects.filter(code=show.code).update(starts_at=clock.midnight(today) + LATE)
    Event.objects.filter(code=show.code).update(ends_at=clock.midnight(today) + LATE + MINUTE)
    page = client.get("/").content.decode()
    assert "已取消" in page
    assert "改期" in page
    assert "今天" in page


def test_the_weekend_is_what_is_left_of_it():
    friday, sunday = datetime.date(2026, 11, 27), datetime.date(2026, 11, 29)
    assert [day.day for day in soon.weekend(friday)] == [28, 29]
    assert soon.weekend(sunday) == (sunday,)


def test_a_card_at_home_shows_the_photo_of_its_place(client, square, today):
    factories.event(today + WEEK / 7, site=square, status="planned")
    assert "/photos/" not in client.get("/").content.decode()
    Photo.objects.create(
        site=square, file="0" * 32, width=4, height=3, alt="宪法墙", credit="司法局"
    )
    assert f"/photos/{'0' * 32}-small.jpg" in client.get("/").content.decode()
