"""Events and places as pictures to share."""

import datetime
import struct

import pytest

from events.models import Event
from mapui import soon
from mapui.exports import cards
from sites import clock
from sites.choices import EventKind, SiteKind
from sites.models import Photo
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


def test_a_card_is_a_picture_for_a_phone(client, show, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        card = client.get(f"/events/{show.code}/card.png")
    assert card["Content-Type"] == "image/png"
    assert size(card.content) == (cards.WIDTH, cards.HEIGHT)
    assert size(client.get(f"/sites/{show.site_id}/card.png").content)[0] == cards.WIDTH


def test_who_has_the_card_gets_it_again_only_when_it_has_changed(client, show):
    path = f"/events/{show.code}/card.png"
    first = client.get(path)
    assert client.get(path, HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 304
    Event.objects.update(status="cancelled")
    changed = client.get(path, HTTP_IF_NONE_MATCH=first["ETag"])
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]


def test_a_card_says_what_when_and_where(show):
    html = cards.event_html(show, False, "http://testserver/events/E/")
    for words in ("草原上的民法典", "09:00–10:00", show.site.name, "<svg"):
        assert words in html
    assert "演示数据" not in html


def test_a_card_says_what_has_changed_and_what_is_played(show):
    assert "时间有变" in cards.event_html(show, True, "http://testserver/")
    show.status, show.source = "cancelled", "demonstration"
    html = cards.event_html(show, False, "http://testserver/")
    assert "已取消" in html
    assert "演示数据" in html


def test_the_card_of_a_place_tells_what_comes_next(square, show):
    assert "草原上的民法典" in cards.site_html(square, show, "http://testserver/")


@pytest.mark.parametrize("path", ["/events/none/card.png", "/sites/none/card.png"])
def test_nothing_has_no_card(client, square, path):
    assert client.get(path).status_code == 404


def test_every_kind_has_its_own_scene():
    scenes = {cards.scene(kind) for kind in (*SiteKind.values, *EventKind.values)}
    assert len(scenes) == len(SiteKind.values) + len(EventKind.values)
    assert not any("var(" in scene for scene in scenes)


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
