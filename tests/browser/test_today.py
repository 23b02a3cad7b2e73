"""A tour's day on a phone: pressed without network, sent later, once."""

import os
import re
import subprocess
import sys
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, sign_in
from tests.served import ROOT, TODAY, data_folder

pytestmark = pytest.mark.browser

# A confirmed tour of the served product's day, whose four stops began just after midnight.
MAKE = """
import datetime
from django.db import transaction
from events.models import Contact, Event, Stop, Tour, TourDay
from sites import clock
from sites.models import Village
minute, today = datetime.timedelta(minutes=1), clock.today()
start = clock.midnight(today)
with transaction.atomic():
    tour = Tour.objects.create(name="试演", troupe_id="T-1502", programme_id="P-S1", start=today,
        days=1, status="confirmed", made_at=clock.now(), confirmed_at=clock.now())
    day = TourDay.objects.create(tour=tour, team=1, date=today, leaves_at=start,
        back_at=start + 900 * minute, drive_min=40)
    villages = Village.objects.exclude(location=None).exclude(stops__tour__isnull=False)[:4]
    for n, village in enumerate(villages, 1):
        event = Event.objects.create(code=f"E-TODAY-{tour.pk}-{n}", programme_id="P-S1",
            village=village, starts_at=start, ends_at=start + 60 * minute, source="demonstration")
        Stop.objects.create(tour=tour, day=day, village=village, order=n, event=event,
            arrive=start, begin=start, leave=start + 60 * minute, drive_min=10 * n, drive_m=5000,
            value=1)
        Contact.objects.update_or_create(village=village, defaults={"name": "李主任",
            "phone": f"1380000000{n}"})
print("TOUR", tour.pk)
"""


def on_the_server(code):
    """What a program prints in the served product's own database."""
    environment = os.environ | {
        "FAZHIMAP_DATA": str(data_folder("browser")),
        "FAZHIMAP_TEST_CLUSTER": "1",
        "FAZHIMAP_TODAY": TODAY,
    }
    command = [sys.executable, "manage.py", "shell", "-v", "0", "-c", code]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout


@pytest.fixture
def tour(site_url):
    return int(re.search(r"TOUR (\d+)", on_the_server(MAKE))[1])


@pytest.fixture
def phone(open_page, tour):
    """The page of the day, signed in, ready, and kept for no network."""

    def opened():
        page = open_page(f"/admin/login/?next=/tours/{tour}/today/", PHONE, service_workers="allow")
        sign_in(page)
        page.locator("body[data-ready]").wait_for()
        page.evaluate("async () => { await navigator.serviceWorker.ready; }")
        page.said.clear()
        return page

    return opened


def recorded(tour):
    """By order, the stops' (status, attendance, times recorded as held, reports)."""
    code = f"""
from events.models import Stop
for stop in Stop.objects.filter(tour={tour}).order_by("order"):
    event = stop.event
    print("ROW", event.status, event.attendance, event.history.filter(status="held").count(), event.held_reports.count())
"""
    return [line.split()[1:] for line in on_the_server(code).splitlines() if line.startswith("ROW")]


def hold(page, people):
    """Press 已举办 at the stop that comes next."""
    form = page.locator(".stop.next .hold")
    form.get_by_label("来了多少人").fill(str(people))
    form.get_by_role("button", name="已举办").click()


def test_what_is_pressed_without_network_is_sent_once_when_it_is_back(phone, tour):
    page = phone()
    page.context.set_offline(True)
    hold(page, 61)
    expect(page.locator("#unsent")).to_contain_text("未发送 1 条")
    hold(page, 62)
    expect(page.locator("#unsent")).to_contain_text("未发送 2 条")
    assert [row[0] for row in recorded(tour)] == ["planned"] * 4
    page.reload()  # without network: the page that the worker kept
    page.locator("body[data-ready]").wait_for()
    expect(page.locator("#unsent")).to_contain_text("未发送 2 条")
    expect(page.locator(".stop").nth(0)).to_contain_text("已举办 · 61 人 · 未发送")
    expect(page.locator(".stop.next")).to_have_count(1)
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")  # a second one beside the browser's own
    expect(page.locator("#unsent")).to_be_hidden()
    expect(page.locator(".stop").nth(1)).to_contain_text("已举办 · 62 人")
    assert recorded(tour)[:2] == [["held", "61", "1", "1"], ["held", "62", "1", "1"]]
    page.reload()
    expect(page.locator(".stop").nth(0)).to_contain_text("已举办 · 61 人")
    expect(page.locator('.stop[data-state="held"]')).to_have_count(2)


def test_pressing_twice_makes_one(phone, tour):
    page = phone()
    form = page.locator(".stop.next .hold")
    form.get_by_label("来了多少人").fill("70")
    form.get_by_role("button", name="已举办").dblclick()
    expect(page.locator(".stop").nth(0)).to_contain_text("已举办 · 70 人")
    expect(page.locator("#unsent")).to_be_hidden()
    assert recorded(tour)[0] == ["held", "70", "1", "1"]
    assert recorded(tour)[1][0] == "planned"


def test_two_phones_that_come_back_at_once_make_one(phone, tour):
    pages = [phone(), phone()]
    for page, people in zip(pages, (80, 90), strict=True):
        page.context.set_offline(True)
        hold(page, people)
        expect(page.locator("#unsent")).to_contain_text("未发送 1 条")
    for page in pages:
        page.context.set_offline(False)
    for page in pages:
        expect(page.locator("#unsent")).to_be_hidden()
    status, people, times, reports = recorded(tour)[0]
    assert (status, times) == ("held", "1")
    assert people in ("80", "90")
    assert int(reports) == 2
    for page in pages:  # both say what counts
        expect(page.locator(".stop").nth(0)).to_contain_text(f"已举办 · {people} 人")


def test_a_number_that_is_missing_is_asked_for_and_nothing_is_sent(phone, tour):
    page = phone()
    page.locator(".stop.next").get_by_role("button", name="已举办").click()
    expect(page.locator(".stop.next .error")).to_have_text("请填人数;没有人来就填 0。")
    assert recorded(tour)[0][0] == "planned"
    assert page.said == []


def test_whoever_signs_out_leaves_no_page_on_the_phone(phone, tour):
    page = phone()
    page.context.clear_cookies()
    page.goto(f"/tours/{tour}/today/")
    page.context.set_offline(True)
    page.goto(f"/tours/{tour}/today/")
    expect(page.locator("body")).to_contain_text("没有网络")
    expect(page.locator("body")).not_to_contain_text("13800000001")


def test_it_fits_a_phone(phone):
    page = phone()
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"]
    for link in page.locator(".stop.next a, .stop.next button").all():
        assert link.bounding_box()["height"] >= 44


def test_where_the_team_cannot_go_on_the_villages_to_be_told_are_listed(phone, tour):
    """The planner's answer is stood in for: what is told is tested, not how it is planned."""
    page = phone()
    village = page.locator(".stop").nth(1).get_attribute("data-village")
    asked, states = [], ["confirmed", "planning", "confirmed"]

    def answer(route):
        path = route.request.url.partition(f"/tours/{tour}")[2]
        if path == "/stuck":
            asked.append(route.request.post_data_json)
        moved = {"village": village, "name": "甲村", "was": f"{TODAY}T11:00:00+08:00"}
        changes = [
            {**moved, "now": f"{TODAY}T15:30:00+08:00"},
            {**moved, "name": "乙村", "now": None},
        ]
        stop = {"name": "甲村", "begin": f"{TODAY}T15:30:00+08:00", "held": False}
        stop |= {"arrive": f"{TODAY}T15:20:00+08:00", "drive_min": 30}
        told = {"version": 1 + len(asked), "status": states.pop(0) if not path else "queued"}
        told |= {"days": [{"team": 1, "date": TODAY, "stops": [stop]}]}
        route.fulfill(json=changes if path == "/changes" else {**told, "failure": ""})

    page.context.route(f"**/api/v1/tours/{tour}**", answer)
    page.locator("#stuck summary").click()
    page.get_by_label("原因").fill("路不通")
    page.get_by_label("从几点起").fill("10:30")
    page.get_by_label("现在在哪里").select_option(index=1)
    page.get_by_role("button", name="重新安排").click()
    expect(page.locator("#tell li").first).to_contain_text("甲村 改到 11月25日 15:30")
    expect(page.locator("#tell li").last).to_contain_text("乙村 这次不去了(原定 11月25日 11:00)")
    expect(page.locator("#tell a[href='tel:13800000002']").first).to_be_visible()
    expect(page.locator("#tell blockquote").first).to_contain_text(
        "因为路不通,原定 11月25日 11:00 到甲村"
    )
    expect(page.locator("#tell blockquote").first).to_contain_text("改到 11月25日 15:30")
    expect(page.locator("#tell blockquote").last).to_contain_text("这次去不了了")
    message = page.locator("#tell a[href^='sms:13800000002']").first.get_attribute("href")
    assert quote("原定 11月25日 11:00") in message
    expect(page.locator("#stuck-said")).to_contain_text("先等到 14:50,再去 甲村(15:20 到)。")
    assert asked[0]["moment"] == f"{TODAY}T10:30+08:00"
    assert asked[0]["reason"] == "路不通"
    assert len(asked[0]["at"]["1"]) == 2
