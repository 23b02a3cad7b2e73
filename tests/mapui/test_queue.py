"""The queue of what people say and ask for: who sees it, and what becomes of it."""

import datetime

import pytest
from django.utils import timezone

from events.models import Event, VisitRequest
from sites import clock, tickets
from sites.models import Remark, Sender, Site
from tests import factories

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 7, 15, 9, tzinfo=clock.SHANGHAI)


@pytest.fixture
def village(county, today):
    return factories.village("150203001", code="150203001001", name="团结社区")


@pytest.fixture
def signed_in(client, steward):
    client.force_login(steward)
    return client


def remark(place, days=0, **fields):
    sent = NOW - datetime.timedelta(days=days)
    defaults = {"kind": "closed", "words": "锁着", "sent_at": sent, "county_id": "150203"}
    return Remark.objects.create(**{"site": place, **defaults, **fields})


def asked(village, **fields):
    day = fields.pop("day", NOW.date())
    return VisitRequest.objects.create(village=village, made_on=day, origin="citizen", **fields)


def coming(village, **fields):
    day = datetime.date(2026, 8, 1)
    return factories.event(day, village=village, status="planned", **fields)


def answer(client, message, action, words="已到现场核实,改好了。"):
    return client.post(f"/remarks/{message.pk}/", {"action": action, "answer": words})


# Who sees what


def test_only_a_kind_is_shown_where_one_is_asked_for(signed_in, square, village):
    remark(square, words="锁着门")
    remark(square, kind="position", words="在马路对面")
    asked(village, kind="show", wish="看演出")
    page = signed_in.get("/remarks/?kind=position").content.decode()
    assert "在马路对面" in page and "锁着门" not in page
    page = signed_in.get("/remarks/?kind=show").content.decode()
    assert "看演出" in page and "锁着门" not in page
    assert "都答复了" in signed_in.get("/remarks/?kind=quiz").content.decode()


@pytest.mark.parametrize("query", ["kind=nonsense", "what=remarks&kind=show", "state=odd"])
def test_what_there_is_not_is_said_and_not_passed_over(signed_in, square, query):
    answer = signed_in.get(f"/remarks/?{query}")
    name = query.split("&")[-1].split("=")[0]
    assert (answer.status_code, f"{name}:" in answer.content.decode()) == (422, True)


def test_a_visitor_signs_in_first(client, square, today):
    assert client.get("/remarks/").status_code == 302
    assert client.get(f"/remarks/{remark(square).pk}/").status_code == 302


def test_a_steward_sees_own_counties_only(signed_in, square, village):
    remark(square, words="本区的话")
    far = factories.site(county="150205", name="远处")
    foreign = remark(far, words="别区的话", county_id="150205")
    page = signed_in.get("/remarks/").content.decode()
    assert "本区的话" in page
    assert "别区的话" not in page
    assert signed_in.get(f"/remarks/{foreign.pk}/").status_code == 403
    assert answer(signed_in, foreign, "answer").status_code == 403
    assert signed_in.get("/remarks/?region=150205").status_code == 200


def test_what_was_made_up_is_marked_in_the_queue_and_in_its_outcome(signed_in, square, village):
    said = remark(square, source="demonstration")
    wish = asked(village, source="demonstration")
    for message, kind, page in (
        (said, "remarks", f"/remarks/{said.pk}/"),
        (wish, "requests", f"/remarks/requests/{wish.pk}/"),
    ):
        outcome = f"/ask/{message.number}/"
        for address in (f"/remarks/?what={kind}", page, outcome):
            assert '<span class="tag demonstration">' in signed_in.get(address).content.decode()
        assert outcome in signed_in.get(page).content.decode()


def test_what_was_answered_at_once_was_never_handed_on(client, village):
    declined = asked(village, status="declined", answer="排满了。", answered_on=NOW.date())
    waiting = asked(village)
    assert "<b>派单</b>" not in client.get(f"/ask/{declined.number}/").content.decode()
    assert "<b>派单</b>" in client.get(f"/ask/{waiting.number}/").content.decode()


def test_what_people_said_is_not_marked_and_its_number_not_shown(signed_in, square):
    said = remark(square)
    page = signed_in.get(f"/remarks/{said.pk}/").content.decode()
    assert "tag demonstration" not in page
    assert said.number not in page


def test_the_queue_opens_on_what_waits(signed_in, square, village):
    asked(village, wish="周末来")
    assert "周末来" in signed_in.get("/remarks/").content.decode()
    remark(square, words="大门锁了")
    page = signed_in.get("/remarks/").content.decode()
    assert "大门锁了" in page
    assert "周末来" not in page


def test_a_troupe_sees_requests_but_neither_remarks_nor_contacts(client, square, village, today):
    client.force_login(factories.user("leader", role="troupe"))
    request = asked(village, wish="周末来")
    Sender.objects.create(number=request.number, mark="m", contact="13900000000", sent_at=NOW)
    said = remark(square)
    assert "周末来" in client.get("/remarks/").content.decode()
    page = client.get(f"/remarks/requests/{request.pk}/").content.decode()
    assert "周末来" in page
    assert "13900000000" not in page
    assert client.get("/remarks/?what=remarks").status_code == 403
    assert client.get(f"/remarks/{said.pk}/").status_code == 403


def test_somebody_without_a_role_is_refused(client, today, db):
    client.force_login(factories.user("reader"))
    assert client.get("/remarks/").status_code == 403


def test_the_contact_is_shown_to_the_steward_with_the_day_it_goes(signed_in, square, today):
    said = remark(square)
    Sender.objects.create(number=said.number, mark="m", contact="13900000000", sent_at=NOW)
    page = signed_in.get(f"/remarks/{said.pk}/").content.decode()
    assert "13900000000" in page
    assert "2026-10-13 自动删除" in page


# Waiting


def test_the_queue_says_how_long_each_has_waited_the_longest_first(signed_in, square, today):
    remark(square, words="新的")
    remark(square, days=8, words="旧的")
    remark(square, days=7, words="五个工作日")
    remark(square, days=95, words="很旧的")
    page = signed_in.get("/remarks/").content.decode()
    order = [page.index(words) for words in ("很旧的", "旧的", "五个工作日", "新的")]
    assert order[0] < order[2] < order[3]
    assert page.count("<strong>逾期</strong>") == 1
    assert page.count("<strong>满三个月</strong>") == 1
    assert "等了 8 天" in page
    assert "今天收到" in page


def test_what_is_dated_after_today_came_in_today(signed_in, square, today):
    remark(square, days=-3)
    page = signed_in.get("/remarks/").content.decode()
    assert "今天收到" in page and "等了" not in page


def test_the_queue_takes_few_queries(
    signed_in, square, village, today, django_assert_max_num_queries
):
    for _ in range(30):
        remark(square)
        asked(village)
    for what in ("remarks", "requests"):
        with django_assert_max_num_queries(12):
            assert signed_in.get(f"/remarks/?what={what}").status_code == 200


# Remarks


def test_a_place_that_is_closed_is_closed_by_one_click_and_the_sender_told(
    signed_in, square, today
):
    said = remark(square)
    assert answer(signed_in, said, "fix").status_code == 302
    assert Site.objects.get(pk=square.pk).closed_on == today
    said.refresh_from_db()
    assert (said.status, said.answered_by.username) == ("fixed", "steward")
    page = signed_in.get(f"/ask/{said.number}/").content.decode()
    assert "已改正" in page
    assert "已到现场核实" in page
    assert "steward" not in page
    assert said.history.count() == 2


def test_a_marked_point_is_applied_with_its_error_and_the_history_kept(signed_in, square, today):
    said = remark(square, kind="position", point="SRID=4326;POINT (110.003 40.012)")
    page = signed_in.get(f"/remarks/{said.pk}/").content.decode()
    assert "改到标出的位置" in page
    assert "标出的位置离登记的位置" in page
    answer(signed_in, said, "fix")
    moved = Site.objects.get(pk=square.pk)
    assert moved.location.coords == (110.003, 40.012)
    assert (moved.position_error_m, moved.checked_on) == (100, today)
    before = moved.history.order_by("pgh_id").first()
    assert before.location.coords == (110.0, 40.01)


def test_a_villages_marked_point_is_applied_as_approximate(signed_in, village):
    said = remark(None, village=village, kind="position", point="SRID=4326;POINT (110.001 40)")
    answer(signed_in, said, "fix")
    village.refresh_from_db()
    assert village.location.coords == (110.001, 40.0)
    assert (village.position, village.position_error_m) == ("approximate", 100)


def test_a_point_that_the_checks_refuse_changes_nothing(signed_in, square, today):
    square.county.boundary = (
        "SRID=4326;MULTIPOLYGON(((109.9 39.9,110.1 39.9,110.1 40.1,109.9 40.1,109.9 39.9)))"
    )
    square.county.save()
    near = factories.region("150205")
    near.boundary = (
        "SRID=4326;MULTIPOLYGON(((110.2 39.9,110.6 39.9,110.6 40.1,110.2 40.1,110.2 39.9)))"
    )
    near.save()
    said = remark(square, kind="position", point="SRID=4326;POINT (110.4 40)")
    refused = answer(signed_in, said, "fix")
    assert refused.status_code == 422
    assert "没有改" in refused.content.decode()
    assert "已到现场核实" in refused.content.decode()
    assert Site.objects.get(pk=square.pk).location.coords == (110.0, 40.01)
    said.refresh_from_db()
    assert said.status == "open"


def test_a_remark_without_something_to_change_is_only_answered(signed_in, square, today):
    said = remark(square, kind="other", words="很好")
    assert "改到" not in signed_in.get(f"/remarks/{said.pk}/").content.decode()
    answer(signed_in, said, "fix")
    said.refresh_from_db()
    assert said.status == "answered"


def test_a_remark_is_answered_once(signed_in, square, today):
    said = remark(square)
    answer(signed_in, said, "reject", "去看过,开着门。")
    again = answer(signed_in, said, "fix")
    assert again.status_code == 409
    assert Site.objects.get(pk=square.pk).closed_on is None
    assert "去看过" in signed_in.get(f"/remarks/{said.pk}/").content.decode()
    assert "去看过" not in signed_in.get("/remarks/").content.decode()
    assert "锁着" in signed_in.get("/remarks/?state=answered").content.decode()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("", "请写一句答复"),
        ("长" * 301, "最多 300 字"),
        ("打 13912345678 找老王", "不要写手机号"),
        ("身份证 150203199001011234", "不要写手机号"),
        ("a\x00", "看不见的字符"),
    ],
)
def test_a_public_answer_holds_no_personal_data(signed_in, square, today, words, told):
    said = remark(square)
    refused = answer(signed_in, said, "answer", words)
    assert refused.status_code == 422
    assert told in refused.content.decode()
    said.refresh_from_db()
    assert said.status == "open"


# Requests


def step(client, request, **fields):
    return client.post(f"/remarks/requests/{request.pk}/", fields)


def test_a_request_is_handed_on_and_still_waits(signed_in, village):
    troupe = factories.troupe(code="T-1", name="法治乌兰牧骑")
    request = asked(village)
    assert step(signed_in, request, action="hand", to="troupe:T-1").status_code == 302
    said = signed_in.get("/remarks/?what=requests").content.decode()
    assert "团结社区 的点单已交给" in said and troupe.name in said
    request.refresh_from_db()
    assert (request.status, request.troupe) == ("handed", troupe)
    assert VisitRequest.objects.waiting().get() == request
    assert "已派给法治乌兰牧骑" in signed_in.get(f"/ask/{request.number}/").content.decode()
    organ = factories.organ(code="O-1")
    step(signed_in, request, action="hand", to="organ:O-1")
    request.refresh_from_db()
    assert (request.troupe, request.organ) == (None, organ)


def test_a_request_is_answered_with_an_event_and_its_repeats_with_it(signed_in, village):
    request = asked(village)
    again = asked(village, wish="还是我", repeats=request)
    event = coming(village)
    fields = {"arrange-event": event.code, "arrange-answer": "请带小板凳。"}
    assert step(signed_in, request, action="arrange", **fields).status_code == 302
    assert not VisitRequest.objects.waiting().exists()
    for each in (request, again):
        page = signed_in.get(f"/ask/{each.number}/").content.decode()
        assert "8月1日" in page
        assert "请带小板凳" in page


def test_a_request_waits_again_when_its_event_is_cancelled(signed_in, village):
    event = coming(village)
    request = asked(village, status="arranged", event=event, answered_on=NOW.date())
    assert not VisitRequest.objects.waiting().exists()
    Event.objects.filter(pk=event.pk).update(status="cancelled")
    assert VisitRequest.objects.waiting().get() == request
    assert "原定的活动取消了" in signed_in.get(f"/ask/{request.number}/").content.decode()
    assert request.village.name in signed_in.get("/remarks/?what=requests").content.decode()


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"action": "arrange", "arrange-event": "E-999"}, "请从列表里选一场"),
        ({"action": "arrange"}, "请选一场活动"),
        ({"action": "hand", "to": "troupe:none"}, "请从列表里选一个"),
        ({"action": "hand"}, "请选派给谁"),
        ({"action": "decline"}, "请写一句答复"),
        ({"action": "opera"}, "团结社区"),
    ],
)
def test_a_step_that_cannot_be_is_told(signed_in, village, fields, told):
    coming(village)
    request = asked(village)
    refused = step(signed_in, request, **fields)
    assert refused.status_code == 422
    assert told in refused.content.decode()
    request.refresh_from_db()
    assert request.status == "open"


def test_a_declined_request_says_why_and_is_answered_once(signed_in, village):
    request = asked(village)
    fields = {"decline-answer": "路还没通,开春再来。"}
    step(signed_in, request, action="decline", **fields)
    assert "开春再来" in signed_in.get(f"/ask/{request.number}/").content.decode()
    assert step(signed_in, request, action="decline", **fields).status_code == 409


def test_a_request_of_another_county_is_not_seen(signed_in, today, county):
    foreign = asked(factories.village("150205001"))
    assert signed_in.get(f"/remarks/requests/{foreign.pk}/").status_code == 403
    assert step(signed_in, foreign, action="decline").status_code == 403


# 评单


@pytest.fixture
def held(village):
    event = factories.event(datetime.date(2026, 7, 1), village=village)
    return asked(village, status="arranged", event=event, answered_on=datetime.date(2026, 6, 1))


def test_a_request_is_rated_once_after_its_event(client, held):
    path = f"/ask/{held.number}/"
    assert "这场怎么样" in client.get(path).content.decode()
    assert client.post(path, {"rating": 4, "words": "讲得清楚"}).status_code == 302
    held.refresh_from_db()
    assert (held.rating, held.rating_words, held.status) == (4, "讲得清楚", "done")
    page = client.get(path).content.decode()
    assert "您的评价:4 分" in page
    assert "讲得清楚" not in page
    again = client.post(path, {"rating": 1})
    assert again.status_code == 422
    assert "已经评过" in again.content.decode()


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({}, "请选 1 到 5 分"),
        ({"rating": 6}, "请选 1 到 5 分"),
        ({"rating": "x"}, "请选 1 到 5 分"),
        ({"rating": 5, "words": "长" * 301}, "最多 300 字"),
        ({"rating": 5, "words": "\x00"}, "看不见的字符"),
    ],
)
def test_a_wrong_rating_is_told(client, held, fields, told):
    refused = client.post(f"/ask/{held.number}/", fields)
    assert refused.status_code == 422
    assert told in refused.content.decode()


def test_a_request_is_not_rated_before_its_event(client, village):
    request = asked(village, status="arranged", event=coming(village))
    refused = client.post(f"/ask/{request.number}/", {"rating": 5})
    assert refused.status_code == 422
    assert "活动办完以后才能评" in refused.content.decode()


def test_a_request_of_before_there_were_numbers_has_none(signed_in, village):
    old = asked(village, number=None)
    assert signed_in.get(f"/remarks/requests/{old.pk}/").status_code == 200
    assert tickets.read(asked(village).number)


def test_days_are_those_of_shanghai(signed_in, square, today):
    late_evening = datetime.datetime(2026, 7, 14, 16, 30, tzinfo=datetime.UTC)
    said = remark(square, sent_at=late_evening)
    assert timezone.localdate(said.sent_at) == today
    assert "今天收到" in signed_in.get("/remarks/").content.decode()
