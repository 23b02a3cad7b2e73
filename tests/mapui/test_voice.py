"""Saying something and asking for a programme: without an account, without JavaScript."""

import datetime
import re
import time

import pytest

from events.models import VisitRequest
from mapui.voices import guard
from sites import senders, tickets
from sites.models import Remark, Sender
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(square, today):
    return square


@pytest.fixture
def village(county, today):
    return factories.village("150203001", code="150203001001", name="团结社区")


def opened(seconds=10):
    return guard.stamp(time.time() - seconds)


def say(client, path="/sites/150203-0001/say/", **fields):
    form = {"kind": "closed", "words": "大门锁着", "opened": opened(), **fields}
    return client.post(path, form)


def ask(client, **fields):
    return client.post("/ask/", {"place": "团结社区", "opened": opened(), **fields})


def number_of(answer):
    """The number to which a form that was taken leads."""
    assert answer.status_code == 302, answer.content.decode()
    return re.fullmatch(r"/ask/(\w{9})/\?new=1", answer["Location"])[1]


# Remarks


def test_a_remark_is_taken_and_gives_a_number_to_look_it_up(client, place):
    number = number_of(say(client))
    remark = Remark.objects.get(number=number)
    assert (remark.site, remark.county_id, remark.kind) == (place, "150203", "closed")
    page = client.get(f"/ask/{number}/?new=1").content.decode()
    assert tickets.shown(number) in page
    assert "待处理" in page
    assert "大门锁着" not in page


def test_a_remark_on_a_village_belongs_to_its_county(client, village):
    answer = say(client, f"/villages/{village.code}/say/", kind="other", words="门口的路断了")
    assert Remark.objects.get(number=number_of(answer)).county_id == "150203"


def test_a_wrong_position_carries_the_point_that_was_marked(client, place):
    number = number_of(say(client, kind="position", words="", point="110.01, 40.02"))
    assert Remark.objects.get(number=number).point.coords == (110.01, 40.02)


def test_a_point_is_kept_only_where_the_position_is_meant(client, place):
    number = number_of(say(client, point="110.01, 40.02"))
    assert Remark.objects.get(number=number).point is None


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"kind": ""}, "请选一项"),
        ({"kind": "opera"}, "请从这几项里选一项"),
        ({"kind": "position", "words": ""}, "请在图上标出位置"),
        ({"kind": "facts", "words": " "}, "请写一句是什么事"),
        ({"words": "长" * 501}, "最多 500 字,现在是 501 字"),
        ({"words": "a\x00b"}, "看不见的字符"),
        ({"contact": "1" * 61}, "60"),
        ({"kind": "position", "point": "here"}, "请填两个数"),
        ({"kind": "position", "point": "40.6, 109.8"}, "颠倒"),
        ({"kind": "position", "point": "10, 10"}, "公里"),
        ({"kind": "position", "point": "nan, 40"}, "经度"),
        ({"website": "http://spam.example"}, "应当空着"),
        ({"opened": opened(-3600)}, "太快了"),
        ({"opened": opened(90_000)}, "超过一天"),
        ({"opened": opened() + "x"}, "校验码不对"),
        ({"opened": ""}, "校验码不对"),
    ],
)
def test_what_is_wrong_is_told_and_what_was_written_stays(client, place, fields, told):
    answer = say(client, **{"contact": "某号", **fields})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert told in page
    assert "某号" in page or "contact" in fields
    assert not Remark.objects.exists()


def test_a_form_that_was_sent_too_soon_can_be_sent_again_as_it_is(client, place):
    token = opened(1)
    page = say(client, opened=token).content.decode()
    assert f'value="{token}"' in page
    stale = opened(90_000)
    assert f'value="{stale}"' not in say(client, opened=stale).content.decode()


def test_what_was_wrong_can_be_mended_and_sent_in_a_moment(client, place):
    token = opened()
    assert f'value="{token}"' in say(client, opened=token, kind="").content.decode()


def test_markup_and_emoji_are_text(client, place):
    number = number_of(say(client, words="<script>alert(1)</script>😀"))
    assert Remark.objects.get(number=number).words == "<script>alert(1)</script>😀"
    assert "<script>alert" not in client.get(f"/ask/{number}/").content.decode()


def test_the_same_sent_twice_is_one_remark(client, place):
    assert number_of(say(client)) == number_of(say(client))
    assert number_of(say(client)) != number_of(say(client, words="还是锁着"))


def test_a_sender_who_sends_too_many_is_asked_to_wait(client, place):
    for n in range(senders.LIMITS[0][1]):
        number_of(say(client, words=f"第 {n} 次"))
    answer = say(client, words="再来一次")
    assert answer.status_code == 429
    assert "请过十分钟再发" in answer.content.decode()
    assert "再来一次" in answer.content.decode()
    other = client.post(
        "/sites/150203-0001/say/",
        {"kind": "closed", "opened": opened()},
        REMOTE_ADDR="203.0.113.9",
    )
    number_of(other)


def test_no_address_is_kept_and_a_contact_is_forgotten_after_90_days(client, place):
    number = number_of(say(client, contact="13800000000"))
    sender = Sender.objects.get(pk=number)
    assert "127.0.0.1" not in sender.mark
    assert senders.contact(number, sender.sent_at) == (
        "13800000000",
        (sender.sent_at + datetime.timedelta(days=90)).date(),
    )
    later = sender.sent_at + datetime.timedelta(days=90)
    assert senders.contact(number, later) is None
    assert not Sender.objects.exists()
    assert Remark.objects.filter(number=number).exists()


def test_one_household_has_one_mark_however_its_phones_change_their_ipv6():
    assert senders.mark("2001:db8:1:2::1") == senders.mark("2001:db8:1:2:ffff::9")
    assert senders.mark("2001:db8:1:2::1") != senders.mark("2001:db8:1:3::1")
    assert senders.mark("198.51.100.1") != senders.mark("198.51.100.2")


@pytest.mark.parametrize("path", ["/sites/nothing/say/", "/villages/999999999999/say/"])
def test_nothing_can_be_said_of_an_unknown_place(client, today, db, path):
    assert client.get(path).status_code == 404
    assert client.post(path, {}).status_code == 404


# Requests


def test_a_request_is_taken_for_the_village_that_is_named(client, village):
    number = number_of(ask(client, kind="lecture", topic="草场", wish="周末"))
    request = VisitRequest.objects.get(number=number)
    assert (request.village, request.kind, request.topic) == (village, "lecture", "草场")
    assert (request.origin, request.status) == ("citizen", "open")
    page = client.get(f"/ask/{number}/").content.decode()
    assert "待安排" in page
    assert "周末" not in page


def test_a_mistyped_number_is_told_by_what_is_wrong_with_it(client, village):
    whole = client.get("/ask/?number=ABC-DEF-GHJ", follow=True).content.decode()
    assert "请逐个对照" in whole
    assert "应是 9 个" not in whole
    assert "应是 9 个字母和数字" in client.get("/ask/?number=ABC-DEF", follow=True).content.decode()


def test_of_several_villages_of_a_name_one_is_to_be_chosen(client, village):
    other = factories.village("150204001", code="150204001001", name="团结社区")
    answer = ask(client, wish="都在")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'value="{other.code}"' in page
    assert "都在" in page
    assert not VisitRequest.objects.exists()
    number = number_of(ask(client, village=other.code))
    assert VisitRequest.objects.get(number=number).village == other
    number = number_of(ask(client, place="团结 区划150203"))
    assert VisitRequest.objects.get(number=number).village == village


def test_a_village_is_found_as_the_search_finds_it(client, village):
    number = number_of(ask(client, place="tuanjie"))
    assert VisitRequest.objects.get(number=number).village == village
    other = factories.village("150204001", code="150204001001", name="团结社区")
    page = ask(client, place="tuanjie").content.decode()
    assert "有几个地方都叫这个名字" in page
    number = number_of(ask(client, place="tuanjie", village=other.code))
    assert VisitRequest.objects.get(number=number).village == other


@pytest.mark.parametrize("written", ["tjsq", "团圆社区"])
def test_a_village_that_is_guessed_is_offered_and_not_taken(client, village, written):
    page = ask(client, place=written).content.decode()
    assert "您说的是不是下面的" in page
    assert f'value="{village.code}"' in page
    assert not VisitRequest.objects.exists()
    number_of(ask(client, place=written, village=village.code))


def test_a_village_page_leads_to_its_own_request(client, village):
    factories.village("150204001", code="150204001001", name="团结社区")
    page = client.get(f"/ask/?village={village.code}").content.decode()
    assert f'name="village" value="{village.code}"' in page
    assert 'value="团结社区"' in page


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"place": ""}, "请写村(社区)的名称"),
        ({"place": "火星"}, "没有找到“火星”"),
        ({"place": "x\x00"}, "看不见的字符"),
        ({"place": "长" * 61}, "60"),
        ({"kind": "opera"}, "请从这几项里选一项"),
        ({"language": "la"}, "请从这几项里选一项"),
        ({"wish": "长" * 301}, "最多 300 字"),
        ({"village": "1" * 13}, "12"),
        ({"opened": "1"}, "校验码不对"),
    ],
)
def test_a_mistake_in_a_request_is_told(client, village, fields, told):
    answer = ask(client, **fields)
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not VisitRequest.objects.exists()


def test_a_name_that_too_many_have_asks_for_the_county(client, village):
    for _ in range(21):
        factories.village("150203001", name="新村")
    assert "请加上旗县区" in ask(client, place="新村").content.decode()


def test_who_asks_again_for_the_same_is_kept_but_counted_once(client, village):
    first, second, third = (number_of(ask(client, wish=f"第 {n} 次")) for n in range(3))
    requests = VisitRequest.objects.in_bulk([first, second, third], field_name="number")
    assert requests[second].repeats == requests[third].repeats == requests[first]
    assert VisitRequest.objects.waiting().counted().count() == 1
    assert number_of(ask(client, wish="第 0 次")) == first


# Looking up


@pytest.mark.parametrize(
    ("number", "told"),
    [
        ("ABC", "不对"),
        ("😀", "不对"),
        ("<b>x</b>", "不对"),
        ("0000000000000000000000000000000000000000000000", "不对"),
    ],
)
def test_a_wrong_number_is_told_with_the_way_to_type_it_again(client, db, today, number, told):
    answer = client.get("/ask/", {"number": number}, follow=True)
    page = answer.content.decode()
    assert answer.status_code == 404
    assert told in page
    assert "<b>x" not in page
    assert 'name="number"' in page


def test_a_number_that_nobody_has_is_told(client, db, today):
    number = tickets.make()
    page = client.get(f"/ask/{number}/")
    assert page.status_code == 404
    assert f"没有编号是 {tickets.shown(number)}" in page.content.decode()


def test_a_number_is_found_as_people_type_it(client, place):
    number = number_of(say(client))
    typed = tickets.shown(number).lower()
    assert client.get("/ask/", {"number": typed})["Location"] == f"/ask/{number}/"
    assert client.get(f"/ask/{typed}/").status_code == 200


def test_a_remark_is_not_rated(client, place):
    number = number_of(say(client))
    answer = client.post(f"/ask/{number}/", {"rating": 5})
    assert answer.status_code == 422
    assert "只有点单要评" in answer.content.decode()


@pytest.mark.parametrize(
    "path", ["/ask/", "/sites/150203-0001/say/", "/villages/150203001001/say/"]
)
def test_a_form_takes_few_queries(client, place, village, django_assert_max_num_queries, path):
    with django_assert_max_num_queries(12):
        assert client.get(path).status_code == 200
