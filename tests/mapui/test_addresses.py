"""Behind a proxy: what leaves the site names the host and the scheme that readers type."""

import io
import os
import re
import subprocess
import sys

import icalendar
import pypdfium2
import pytest
import zxingcpp
from django.core.checks import run_checks
from PIL import Image

from tests import factories

PUBLIC = "https://fazhi.example.cn"


@pytest.fixture
def public(settings):
    settings.PUBLIC_URL = PUBLIC


@pytest.fixture
def show(square, today):
    return factories.event(today, site=square, status="confirmed", code="E2026-0001")


PAGES = ["/", "/events/", "/events/E2026-0001/", "/sites/150203-0001/", "/sitemap.xml"]


@pytest.mark.parametrize("path", [*PAGES, "/sitemap-events-1.xml", "/robots.txt", "/events.rss"])
def test_every_absolute_address_is_the_public_one(client, show, public, path):
    told = client.get(path).content.decode()
    assert PUBLIC in told
    assert "testserver" not in told


def test_a_calendar_leads_to_the_public_page(client, show, public):
    (entry,) = icalendar.Calendar.from_ical(client.get("/events.ics").content).walk("VEVENT")
    assert entry["URL"] == f"{PUBLIC}/events/E2026-0001/"
    assert 'href="webcal://fazhi.example.cn/events.ics' in client.get("/events/").content.decode()


def test_the_codes_of_pictures_and_posters_are_public_and_short(client, show, public):
    picture = Image.open(io.BytesIO(client.get("/events/E2026-0001/card.png").content))
    poster = pypdfium2.PdfDocument(client.get("/sites/150203-0001/poster.pdf").content)
    for each in (picture, poster[0].render(scale=1.5).to_pil()):
        (found,) = zxingcpp.read_barcodes(each)
        assert re.fullmatch(rf"{PUBLIC}/[se]/\w+", found.text)


def test_what_is_shared_is_the_short_address_and_canonical_the_long_one(client, show, public):
    page = client.get("/events/E2026-0001/").content.decode()
    link = client.get("/events/E2026-0001/card.png")["Link"]
    (shared,) = re.findall(rf'^<({PUBLIC}/e/\w+)>; rel="shortlink"$', link)
    assert f'<link rel="canonical" href="{PUBLIC}/events/E2026-0001/">' in page
    assert client.get(shared.removeprefix(PUBLIC)).status_code == 301


def test_without_the_setting_addresses_are_as_they_were_asked_for(client, show):
    page = client.get("/events/E2026-0001/", headers={"host": "127.0.0.1"}).content.decode()
    assert '<link rel="canonical" href="http://127.0.0.1/events/E2026-0001/">' in page


def test_a_proxy_says_that_the_reader_came_by_https(client, show, settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    headers = {"x-forwarded-proto": "https", "host": "localhost"}
    page = client.get("/events/E2026-0001/", headers=headers).content.decode()
    assert '<link rel="canonical" href="https://localhost/events/E2026-0001/">' in page


def test_the_environment_sets_the_address_and_the_proxy(tmp_path):
    given = {"FAZHIMAP_URL": f"{PUBLIC}/", "FAZHIMAP_PROXIES": "1", "FAZHIMAP_DATA": str(tmp_path)}
    names = "PUBLIC_URL, ALLOWED_HOSTS[-1], CSRF_TRUSTED_ORIGINS, SECURE_PROXY_SSL_HEADER"
    told = subprocess.run(
        [sys.executable, "-c", f"from fazhimap.settings import *; print([{names}])"],
        env={**os.environ, **given}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    header = ("HTTP_X_FORWARDED_PROTO", "https")
    assert told.stdout.strip() == str([PUBLIC, "fazhi.example.cn", [PUBLIC], header])


@pytest.mark.parametrize("wrong", ["fazhi.example.cn", "https://fazhi.example.cn/map", "ftp://x"])
def test_a_malformed_address_is_told_at_start_and_not_used(client, db, settings, wrong):
    settings.PUBLIC_URL = wrong
    assert "mapui.W006" in {found.id for found in run_checks()}
    assert '<link rel="canonical" href="http://testserver/">' in client.get("/").content.decode()
