"""The day on the road and the steps of one event, as pages."""

import datetime
import json
import re
import uuid

import pytest
from django.conf import settings
from django.test import Client

from events.models import Contact, Event, HeldReport, Lodging, Stop, Team, Tour, TourDay
from sites import clock
from tests import factories

pytestmark = pytest.mark.django_db

MINUTE = datetime.timedelta(minutes=1)


@pytest.fixture
def troupe(client, today):
    client.force_login(factories.user("troupe", role="troupe"))
    return client


@pytest.fixture
def tour(three_villages, today):
    """A confirmed tour of today: a stop that is over, one that goes on, and one in the future."""
    made = Tour.objects.create(
        name="七月巡演",
        troupe=factories.troupe(),
        programme=factories.programme(),
        start=today,
        days=2,
        status="confirmed",
        made_at=clock.now(),
        confirmed_at=clock.now(),
    )
    bed = Lodging.objects.create(
        code="H-1",
        name="固阳宾馆",
        region=factories.region(),
        location="POINT(110.05 41.03)",
        beds=20,
    )
    begun = clock.now()
    day = TourDay.objects.create(
        tour=made,
        team=1,
        date=today,
        leaves_at=begun - 300 * MINUTE,
        back_at=begun + 200 * MINUTE,
        drive_min=25,
        sleeps_at=bed,
    )
    for order, (village, minutes) in enumerate(
        zip(three_villages, (-200, -60, 60), strict=True), 1
    ):
        add_stop(made, day, village, order, begun + minutes * MINUTE)
    Contact.objects.create(village=three_villages[0], name="李主任", phone="13800000001")
    return made


def add_stop(tour, day, village, order, start):
    event = factories.event(
        village=village, starts_at=start, status="planned", programme=tour.programme
    )
    return Stop.objects.create(
        tour=tour,
        day=day,
        village=village,
        order=order,
        event=event,
        arrive=start - 30 * MINUTE,
        begin=start,
        leave=start + 60 * MINUTE,
        drive_min=35,
        drive_m=21_000,
        value=10,
    )


def page(client, tour, query=""):
    answer = client.get(f"/tours/{tour.pk}/today/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def report(client, tour, place, **fields):
    body = {"uuid": uuid.uuid4(), "village": place.code, "attendance": 80, **fields}
    return client.post(f"/tours/{tour.pk}/held/", body, headers={"Accept": "application/json"})


def test_the_next_stop_comes_first_with_all_that_the_road_needs(troupe, tour, three_villages):
    shown = page(troupe, tour)
    first = shown.partition('class="stop next"')[2].partition("</li>")[0]
    assert three_villages[0].name in first
    assert "开车 35 分钟" in first
    assert 'href="tel:13800000001"' in first
    assert first.count("navigation?") + first.count("marker?") + first.count("routeplan?") == 3
    assert "maps.apple.com" in first
    assert shown.count('class="stop') == 3 + shown.count('class="stops"')
    assert "固阳宾馆" in shown


def test_marks_say_what_was_held_and_what_is_late(troupe, tour, three_villages):
    report(troupe, tour, three_villages[0])
    shown = page(troupe, tour)
    assert shown.count('data-state="held"') == 1
    assert shown.count('data-state="late"') == 1
    assert "已举办 · 80 人" in shown
    assert three_villages[1].name in shown.partition('class="stop next"')[2].partition("</li>")[0]


def test_a_press_is_recorded_once_however_often_it_is_sent(troupe, tour, three_villages):
    number = uuid.uuid4()
    answers = [report(troupe, tour, three_villages[0], uuid=number) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200] * 3
    assert answers[2].json()["attendance"] == 80
    event = Event.objects.get(stop__village=three_villages[0])
    assert (event.status, event.attendance) == ("held", 80)
    assert event.history.filter(status="held").count() == 1
    assert HeldReport.objects.count() == 1


def test_another_phone_learns_what_was_recorded_first(troupe, tour, three_villages):
    report(troupe, tour, three_villages[0], attendance=80)
    assert report(troupe, tour, three_villages[0], attendance=90).json()["attendance"] == 80


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"attendance": ""}, "请填人数"),
        ({"attendance": "许多"}, "人数应是整数"),
        ({"uuid": "1"}, "UUID"),
        ({"village": "999999999999"}, "不在这次巡演里"),
        ({"attendance": "99999999"}, "1000000"),
    ],
)
def test_what_is_wrong_in_a_report_is_said(troupe, tour, three_villages, wrong, sentence):
    answer = report(troupe, tour, three_villages[0], **wrong)
    assert answer.status_code == 422
    assert sentence in answer.json()["detail"]
    assert not HeldReport.objects.exists()


def test_a_stop_that_has_not_begun_is_not_held(troupe, tour, three_villages):
    answer = report(troupe, tour, three_villages[2])
    assert answer.status_code == 422
    assert "才开始" in answer.json()["detail"]


def test_without_javascript_the_press_leads_back_to_the_page(troupe, tour, three_villages, today):
    body = {"uuid": uuid.uuid4(), "village": three_villages[0].code, "attendance": 7}
    answer = troupe.post(f"/tours/{tour.pk}/held/", {**body, "date": str(today), "team": "1"})
    assert answer["Location"] == f"/tours/{tour.pk}/today/?date={today}&team=1"


def test_a_tour_that_is_not_confirmed_says_so(troupe, tour):
    Tour.objects.update(status="draft", confirmed_at=None)
    assert "还没有确认" in page(troupe, tour)


def test_while_it_is_planned_anew_the_day_is_still_shown(troupe, tour):
    Tour.objects.update(status="planning")
    assert 'class="stop next"' in page(troupe, tour)


def test_a_day_without_stops_and_a_number_without_tour_are_told(troupe, tour):
    assert "这一天没有安排" in page(troupe, tour, "?date=2026-09-01")
    assert troupe.get(f"/tours/{tour.pk}/today/?date=tomorrow").status_code == 422
    assert troupe.get("/tours/999/today/").status_code == 404


def test_only_those_who_tour_see_the_page_and_only_those_with_events_press(
    client, tour, three_villages
):
    paths = [f"/tours/{tour.pk}/today/", f"/tours/{tour.pk}/today/worker.js"]
    assert [client.get(path).status_code for path in paths] == [302, 302]
    client.force_login(factories.user("steward", role="steward", counties=["150203"]))
    assert [client.get(path).status_code for path in paths] == [403, 403]
    client.force_login(factories.user("planner", role="planner"))
    assert 'class="hold"' not in page(client, tour)
    assert report(client, tour, three_villages[0]).status_code == 403


def test_a_report_needs_the_page_s_token(tour, three_villages):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(factories.user("troupe", role="troupe"))
    assert report(browser, tour, three_villages[0]).status_code == 403


def test_the_worker_keeps_the_page_s_files(troupe, tour):
    answer = troupe.get(f"/tours/{tour.pk}/today/worker.js")
    assert answer["Content-Type"].startswith("text/javascript")
    kept = json.loads(re.search(r"self\.kept = (.*?);\n", answer.content.decode())[1])["files"]
    names = {re.sub(r"\.[0-9a-f]{12}\.js$", ".js", file.rsplit("/", 1)[1]) for file in kept}
    for name in [name for name in names if name.endswith(".js")]:
        module = settings.BASE_DIR / "mapui/static/mapui" / name
        assert set(re.findall(r'from "\./(\S+)"', module.read_text())) <= names
    assert {"today.js", "queue.js"} <= names
    assert "script-src 'self'" in answer["Content-Security-Policy"]


@pytest.mark.parametrize("language", ["zh-hans", "xx", "../../etc", ""])
def test_the_worker_speaks_the_page_s_language(troupe, tour, language):
    path = f"/tours/{tour.pk}/today/worker.js?language={language}"
    answer = troupe.get(path, headers={"Accept-Language": "zh-CN"})
    assert json.dumps("没有网络")[1:-1] in answer.content.decode()


@pytest.mark.parametrize("teams", [1, 2])
def test_the_page_takes_at_most_12_queries(troupe, tour, django_assert_max_num_queries, teams):
    Team.objects.create(troupe=tour.troupe, number=1, name="一队")
    for team in range(2, teams + 1):
        first = tour.team_days.get(team=1)
        TourDay.objects.create(
            tour=tour, team=team, date=first.date, leaves_at=first.leaves_at, back_at=first.back_at
        )
    with django_assert_max_num_queries(12):
        page(troupe, tour)


# One event


@pytest.fixture
def event(three_villages, today):
    start = clock.now() - 60 * MINUTE
    return factories.event(
        village=three_villages[0], status="planned", starts_at=start, notes="王某的电话"
    )


def step(client, event, name, **fields):
    return client.post(f"/events/{event.pk}/step/", {"step": name, **fields})


def test_an_event_is_confirmed_held_and_shown(troupe, event):
    assert step(troupe, event, "confirm")["Location"] == f"/events/{event.pk}/"
    event.refresh_from_db()
    assert event.status == "confirmed"
    step(troupe, event, "hold", attendance="45")
    event.refresh_from_db()
    assert (event.status, event.attendance) == ("held", 45)


def test_a_step_that_is_wrong_is_said_and_nothing_typed_is_lost(troupe, event):
    answer = step(troupe, event, "cancel", note="")
    assert answer.status_code == 422
    assert "请写取消的原因" in answer.content.decode()
    answer = step(troupe, event, "time", starts_at="明天", note="下雨")
    assert "2026-12-04 09:30" in answer.content.decode()
    assert 'value="下雨"' in answer.content.decode()
    assert step(troupe, event, "dance").status_code == 422
    event.refresh_from_db()
    assert event.status == "planned"


def test_everybody_is_told_at_the_top_what_was_cancelled_or_moved(troupe, event, client):
    later = clock.now() + datetime.timedelta(days=2)
    step(troupe, event, "time", starts_at=f"{later:%Y-%m-%dT%H:%M}")
    troupe.logout()
    assert "时间有变:原定" in client.get(f"/events/{event.pk}/").content.decode()
    client.force_login(factories.user("chief", is_superuser=True))
    step(client, event, "cancel", note="下大雪")
    client.logout()
    shown = client.get(f"/events/{event.pk}/").content.decode()
    assert "这场活动已取消" in shown
    assert "下大雪" not in shown
    assert "王某" not in shown


def test_only_those_with_the_right_see_and_take_the_steps(client, event):
    assert "记为已举办" not in client.get(f"/events/{event.pk}/").content.decode()
    assert step(client, event, "confirm").status_code == 302
    client.force_login(factories.user("elsewhere", role="steward", counties=["150202"]))
    assert "记为已举办" not in client.get(f"/events/{event.pk}/").content.decode()
    assert step(client, event, "confirm").status_code == 403
    client.force_login(factories.user("here", role="steward", counties=["150203"]))
    assert "记为已举办" in client.get(f"/events/{event.pk}/").content.decode()


def test_an_event_s_page_takes_at_most_12_queries(troupe, event, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        assert troupe.get(f"/events/{event.pk}/").status_code == 200
