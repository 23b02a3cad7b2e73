"""English: a catalogue that says everything, and pages, answers and errors that speak it."""

import http.cookies
import io
import re
import shutil
import subprocess

import pytest
from django.conf import settings as project
from django.core.management import CommandError, call_command
from django.utils import translation

from fazhimap import translations
from sites import sentences
from tests import factories

CATALOGUE = project.BASE_DIR / "locale/en/LC_MESSAGES/django.po"
PACKAGES = ("sites", "events", "mapui", "fazhimap")
ENGLISH = {"Accept-Language": "en-US,en;q=0.9"}


def gettext_tool(*words):
    """What a program of gettext says of the catalogue, and whether it is content."""
    done = subprocess.run(words, capture_output=True, text=True, check=False, env={"LC_ALL": "C"})
    return done.returncode == 0, done.stderr


@pytest.fixture
def extracted(tmp_path, settings, monkeypatch):
    """The catalogue after a fresh makemessages over a copy of the sources."""
    for package in PACKAGES:
        shutil.copytree(project.BASE_DIR / package, tmp_path / package)
    fresh = tmp_path / "locale/en/LC_MESSAGES/django.po"
    fresh.parent.mkdir(parents=True)
    shutil.copy(CATALOGUE, fresh)
    settings.LOCALE_PATHS = [tmp_path / "locale"]
    monkeypatch.chdir(tmp_path)
    options = {"no_location": True, "no_wrap": True, "no_obsolete": True, "verbosity": 0}
    call_command("makemessages", locale=["en"], **options)
    return fresh


@pytest.fixture
def plain_static_files(settings):
    """Pages name their static files without hashes: nothing was collected."""
    storage = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": storage}


@pytest.fixture
def page(client, db, today, plain_static_files):
    """The text of a page, and the language that it names."""

    def fetched(path, **headers):
        text = client.get(path, headers=headers).content.decode()
        return text, re.search(r'<html lang="([^"]+)"', text)[1]

    return fetched


def test_every_message_is_translated_and_none_is_fuzzy():
    _, told = gettext_tool("msgfmt", "--statistics", "-o", "/dev/null", CATALOGUE)
    assert re.fullmatch(r"\d+ translated messages\.\n", told), told


def test_every_message_of_the_sources_is_in_the_catalogue(extracted):
    complete, told = gettext_tool("msgcmp", CATALOGUE, extracted)
    assert complete, told
    current, told = gettext_tool("msgcmp", extracted, CATALOGUE)
    assert current, f"not in the sources, or similar to one that is: {told}"


def test_translations_have_the_placeholders_of_their_messages():
    same, told = gettext_tool("msgfmt", "--check-format", "-o", "/dev/null", CATALOGUE)
    assert same, told


@pytest.mark.parametrize("broken", ["%(km)g miles", "%(m)g km", "km"])
def test_a_changed_placeholder_is_noticed(tmp_path, broken):
    wrong = tmp_path / "wrong.po"
    wrong.write_text(CATALOGUE.read_text().replace('msgstr "%(km)g km"', f'msgstr "{broken}"'))
    same, _ = gettext_tool("msgfmt", "--check-format", "-o", "/dev/null", wrong)
    assert same == ("%(km)g" in broken)


def test_pages_are_chinese_by_default(page):
    text, language = page("/events/")
    assert language == "zh-CN"
    assert "这段时间没有活动" in text
    assert page("/events/", **{"Accept-Language": "mn"})[1] == "zh-CN"


def test_a_page_follows_the_language_of_the_browser(page):
    text, language = page("/events/", **ENGLISH)
    assert language == "en"
    assert "No event in these days" in text
    assert "这段时间没有活动" not in text


def test_dates_are_written_as_the_language_has_them(page, county):
    event = factories.event(site=factories.site())
    day = event.starts_at
    assert f"{day.year}年{day.month}月{day.day}日" in page(f"/events/{event.code}/")[0]
    assert f"{day:%B} {day.day}, {day.year}" in page(f"/events/{event.code}/", **ENGLISH)[0]


def test_the_page_of_an_error_names_its_language(page):
    assert page("/nowhere/", **ENGLISH)[1] == "en"
    assert page("/nowhere/")[1] == "zh-CN"


def test_the_choice_of_a_language_needs_no_script_and_is_kept(client, page):
    assert 'value="en"' in page("/events/")[0]
    chosen = client.post(
        "/language/", {"language": "en"}, headers={"Referer": "/events/?kind=show"}
    )
    assert chosen.headers["Location"] == "/events/?kind=show"
    cookie = http.cookies.SimpleCookie(chosen.cookies.output(header=""))["django_language"]
    assert int(cookie["max-age"]) >= 180 * 24 * 3600
    text, language = page("/events/", **{"Accept-Language": "zh-CN"})
    assert language == "en"
    assert 'value="zh-hans"' in text


def test_a_problem_of_the_api_is_told_in_english(client, db):
    told = client.get("/api/v1/sites?kind=opera", headers=ENGLISH).json()
    assert told["title"] == "Something is wrong"
    assert told["detail"].startswith("kind: “opera” is not right: it should be one of: square, ")
    assert "内容有误" in client.get("/api/v1/sites?kind=opera").json()["title"]


def test_an_error_of_an_import_is_told_in_english(db, tmp_path):
    path, said = tmp_path / "organs.csv", io.StringIO()
    path.write_text("编号,名称\n1,\n", encoding="utf-8")
    with translation.override("en"), pytest.raises(CommandError, match="Problems: 1; nothing"):
        call_command("import", "organs", path, stderr=said)
    assert said.getvalue() == "organs.csv, row 2, 名称: must not be blank\n"


def test_a_standard_is_a_sentence_in_english(db):
    rule = {"kinds": ["square", "park"], "tiers": ["city", "county"], "max_distance_m": 5000}
    standard = factories.standard(code="both", months=12, min_attendance=20, **rule)
    with translation.override("en"):
        assert sentences.sentence(standard) == (
            "Every village or community has 1 or more open city or county places (square or park) "
            "within 5 km, and was reached by 1 or more events of 20 or more people (any kind) "
            "in the last 12 months."
        )


def test_a_changed_catalogue_is_compiled_and_an_old_one_is_left(tmp_path):
    source = tmp_path / "en/LC_MESSAGES/django.po"
    source.parent.mkdir(parents=True)
    shutil.copyfile(CATALOGUE, source)
    translations.compile_stale(tmp_path)
    compiled = source.with_suffix(".mo")
    first = compiled.stat().st_mtime_ns
    translations.compile_stale(tmp_path)
    assert compiled.stat().st_mtime_ns == first
    assert sorted(file.name for file in source.parent.iterdir()) == ["django.mo", "django.po"]


def test_without_msgfmt_pages_stay_chinese(tmp_path, monkeypatch, capsys):
    source = tmp_path / "en/LC_MESSAGES/django.po"
    source.parent.mkdir(parents=True)
    shutil.copyfile(CATALOGUE, source)
    monkeypatch.setenv("PATH", "")
    translations.compile_stale(tmp_path)
    assert "Chinese pages only" in capsys.readouterr().out
