"""The loop that the product lives for: a gap, a tour, a visit that is held, and the map follows."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import LONG, PHONE
from tests.browser.test_today import hold, on_the_server

pytestmark = pytest.mark.browser

# The tour's first day has come: its stops began just after midnight of the served product's day.
A_DAY_PASSES = """
import datetime
from django.db import transaction
from events.models import Event, Stop, TourDay
from sites import clock
start, hour = clock.midnight(clock.today()), datetime.timedelta(hours=1)
with transaction.atomic():
    TourDay.objects.filter(tour={tour}).update(
        date=clock.today(), leaves_at=start, back_at=start + 9 * hour)
    Stop.objects.filter(tour={tour}).update(arrive=start, begin=start, leave=start + hour)
    Event.objects.filter(stop__tour={tour}).update(starts_at=start, ends_at=start + hour)
"""


def verdicts(page):
    """Every village's facts of the standard, by code."""
    found = page.request.get("/api/v1/villages?standard=active&limit=1000").json()["features"]
    return {feature["id"]: feature["properties"] for feature in found}


def gap_of(page):
    """A village that has a place, and that no event has reached for a year."""
    wanting = {
        code: facts["last_event_on"] or ""
        for code, facts in verdicts(page).items()
        if facts["built"] and not facts["reached"]
    }
    return min(wanting, key=wanting.get)


def met_in_all(page):
    rows = page.request.get("/api/v1/standards/active/coverage?by=city").json()["rows"]
    return sum(row["met"] for row in rows)


def reported(page):
    """Shows of the year, as the report has them."""
    page.goto("/reports/?from=2026-01-01&to=2026-12-31")
    return page.locator("table").first.inner_text()


def test_a_gap_is_toured_held_on_the_phone_and_closed_on_the_map(open_signed_in):
    page = open_signed_in("/tours/")
    village, before, told_before = gap_of(page), met_in_all(page), reported(page)
    page.goto(f"/tours/new/?must={village}")
    page.get_by_label("几天").fill("1")
    page.get_by_role("button", name="开始排").click()
    page.wait_for_url(re.compile(r"/tours/\d+/$"))
    page.locator(f".stop-card[data-village='{village}']").wait_for(timeout=LONG)
    number = re.search(r"/tours/(\d+)/", page.url)[1]
    csrf = next(c["value"] for c in page.context.cookies() if c["name"] == "csrftoken")
    confirmed = page.request.post(
        f"/api/v1/tours/{number}/confirm", headers={"X-CSRFToken": csrf, "Referer": page.url}
    )
    assert confirmed.ok, confirmed.text()
    on_the_server(A_DAY_PASSES.format(tour=number))

    phone = open_signed_in(f"/tours/{number}/today/", PHONE)
    stops = phone.locator(".stop").count()
    for held in range(stops):
        hold(phone, 60)
        expect(phone.locator(".stop").nth(held)).to_contain_text("已举办 · 60 人")
    expect(phone.locator("#unsent")).to_be_hidden(timeout=LONG)

    page.goto("/coverage/?standard=active")
    now = verdicts(page)[village]
    assert now["reached"] is True
    assert now["met"] is True
    after = met_in_all(page)
    assert after > before
    expect(page.locator("main")).to_contain_text(f"{after}")
    assert reported(page) != told_before
