"""What other programs read: lines, escapes, time zones, the order that schemas ask for."""

import datetime
from email.utils import parsedate_to_datetime
from xml.etree import ElementTree

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from events import calendars
from events.calendars import Channel, Entry, Point, Route

NOON = datetime.datetime(2026, 12, 4, 12, tzinfo=calendars.SHANGHAI)
HOUR = datetime.timedelta(hours=1)
GPX = "{http://www.topografix.com/GPX/1/1}"
NASTY = '<b> & "甲";乙,\\丙\n丁\x00\x0b'
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=300)


def entry(**fields):
    """An hour's show at noon."""
    defaults = {"uid": "E1@fazhimap", "sequence": 0, "changed": NOON, "summary": "民法典"}
    return Entry(**{**defaults, "starts": NOON, "ends": NOON + HOUR, **fields})


def lines_of(text):
    """The logical lines of an iCalendar text, unfolded."""
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    return text.replace("\r\n ", "").split("\r\n")[:-1]


def unescaped(value):
    """A text as a reader of RFC 5545 gets it."""
    found, marks = [], iter(value)
    for mark in marks:
        found.append({"n": "\n"}.get(nxt := next(marks), nxt) if mark == "\\" else mark)
    return "".join(found)


@given(TEXTS)
@example("草原上的民法典" * 20)
@example("a" * 74 + "村")
@example("a" * 75)
def test_a_folded_line_is_at_most_75_octets_and_unfolds_to_itself(text):
    line = text.replace("\r", "").replace("\n", "")
    folded = calendars.fold(line).split("\r\n")
    assert all(len(part.encode()) <= 75 for part in folded)
    assert folded[0] + "".join(part[1:] for part in folded[1:]) == line


@given(TEXTS)
@example(NASTY)
def test_an_escaped_text_is_one_line_and_reads_as_it_was(text):
    escaped = calendars.text(text)
    assert "\n" not in escaped
    assert "\r" not in escaped
    kept = calendars._CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    assert unescaped(escaped) == kept


def test_an_entry_is_in_shanghai_time_with_its_zone():
    utc = NOON.astimezone(datetime.UTC)
    lines = lines_of(calendars.calendar("历", [entry(starts=utc, ends=utc + HOUR)]))
    assert "DTSTART;TZID=Asia/Shanghai:20261204T120000" in lines
    assert "DTEND;TZID=Asia/Shanghai:20261204T130000" in lines
    assert "DTSTAMP:20261204T040000Z" in lines
    zone = lines[lines.index("BEGIN:VTIMEZONE") : lines.index("END:VTIMEZONE")]
    assert "TZID:Asia/Shanghai" in zone
    assert "TZOFFSETTO:+0800" in zone


def test_the_zone_is_that_of_the_time_zone_database():
    onset = datetime.datetime(1991, 9, 15, 2, tzinfo=datetime.timezone(9 * HOUR))
    before, after = onset - datetime.timedelta(seconds=1), onset
    assert before.astimezone(calendars.SHANGHAI).utcoffset() == 9 * HOUR
    assert after.astimezone(calendars.SHANGHAI).utcoffset() == 8 * HOUR


def test_every_component_that_begins_ends():
    lines = lines_of(calendars.calendar("历", [entry(), entry(uid="E2@fazhimap")]))
    open_ones = []
    for line in lines:
        name, _, value = line.partition(":")
        if name == "BEGIN":
            open_ones.append(value)
        elif name == "END":
            assert open_ones.pop() == value
    assert open_ones == []
    assert lines.count("BEGIN:VEVENT") == 2


def test_an_entry_says_all_that_it_knows():
    told = entry(
        sequence=3, place="甲村, 乙镇", about="一\n二", status="CANCELLED", at=(110.5, 40.25)
    )
    lines = lines_of(calendars.calendar("历", [told]))
    assert "SEQUENCE:3" in lines
    assert "LOCATION:甲村\\, 乙镇" in lines
    assert "DESCRIPTION:一\\n二" in lines
    assert "STATUS:CANCELLED" in lines
    assert "GEO:40.250000;110.500000" in lines


@pytest.mark.parametrize("wrong", [{"status": "HELD"}, {"ends": NOON}])
def test_an_entry_that_cannot_be_is_refused(wrong):
    with pytest.raises(ValueError, match="must"):
        entry(**wrong)


def test_a_feed_is_xml_with_the_items_in_the_given_order():
    channel = Channel(NASTY, "活动", "https://x/events/", 'https://x/events.rss?q="&a', "zh-CN")
    made = [entry(summary=NASTY, url="https://x/events/E1/"), entry(uid="E2@fazhimap")]
    root = ElementTree.fromstring(calendars.rss(channel, made))  # noqa: S314 — our own
    assert root.get("version") == "2.0"
    items = root.findall("channel/item")
    assert [item.findtext("guid") for item in items] == ["E1@fazhimap", "E2@fazhimap"]
    assert items[0].findtext("title") == '<b> & "甲";乙,\\丙\n丁'
    assert items[0].findtext("description").startswith("2026-12-04 12:00–13:00")
    assert parsedate_to_datetime(items[0].findtext("pubDate")) == NOON


def test_an_empty_feed_is_a_feed():
    channel = Channel("历", "活动", "https://x/events/", "https://x/events.rss", "zh-CN")
    root = ElementTree.fromstring(calendars.rss(channel, []))  # noqa: S314
    assert root.findall("channel/item") == []


def test_routes_have_their_points_in_order_and_each_bed_once():
    bed = Point(110.2, 40.2, "旅馆", "bed", NOON + 4 * HOUR)
    stops = [Point(110 + n / 10, 40, NASTY, "stop", NOON + n * HOUR, "说明") for n in range(2)]
    routes = [Route("一队", "出发", (*stops, bed)), Route("二队", "", (stops[0], bed))]
    root = ElementTree.fromstring(calendars.gpx("巡演", NOON, routes))  # noqa: S314
    assert [child.tag.removeprefix(GPX) for child in root] == ["metadata", "wpt", "rte", "rte"]
    points = root.find(f"{GPX}rte").findall(f"{GPX}rtept")
    assert [point.findtext(f"{GPX}type") for point in points] == ["stop", "stop", "bed"]
    assert [child.tag.removeprefix(GPX) for child in points[0]] == ["time", "name", "desc", "type"]
    assert points[0].findtext(f"{GPX}time") == "2026-12-04T04:00:00Z"
    assert float(points[1].get("lon")) == pytest.approx(110.1)
