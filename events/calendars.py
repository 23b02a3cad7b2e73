"""Happenings as text for other programs: iCalendar (RFC 5545), RSS 2.0, GPX 1.1. Pure.

Moments are aware; positions are WGS 84 lon, lat in degrees. What a format cannot hold (control
characters) is left out.
"""

import datetime
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from email.utils import format_datetime
from xml.sax.saxutils import escape, quoteattr
from zoneinfo import ZoneInfo

ZONE = "Asia/Shanghai"
SHANGHAI = ZoneInfo(ZONE)
OCTETS = 75  # of a line, without its end: RFC 5545, 3.1
REFRESH = "PT1H"  # how often a subscriber may well look again
STATUSES = ("TENTATIVE", "CONFIRMED", "CANCELLED")
# Those that neither XML 1.0 nor an iCalendar text may hold; tab and line ends stay.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
# One offset since 1991-09-15, the end of the last summer time there.
VTIMEZONE = (
    "BEGIN:VTIMEZONE",
    f"TZID:{ZONE}",
    "BEGIN:STANDARD",
    "DTSTART:19910915T020000",
    "TZOFFSETFROM:+0900",
    "TZOFFSETTO:+0800",
    "TZNAME:CST",
    "END:STANDARD",
    "END:VTIMEZONE",
)


@dataclass(frozen=True)
class Entry:
    """What is on, when and where. `uid` and `sequence` let a calendar update what it has.

    `status`: one of `STATUSES`. `changed`: when it was last changed. `at`: lon, lat or None.
    Raises ValueError for another status, and for an end that is not after the beginning.
    """

    uid: str
    sequence: int
    changed: datetime.datetime
    starts: datetime.datetime
    ends: datetime.datetime
    summary: str
    place: str = ""
    about: str = ""
    url: str = ""
    status: str = "CONFIRMED"
    categories: tuple[str, ...] = ()
    at: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        if self.status not in STATUSES:
            raise ValueError(f"status must be one of {', '.join(STATUSES)}, not {self.status!r}")
        if self.ends <= self.starts:
            raise ValueError(f"{self.uid} must end after it starts, at {self.starts}")


@dataclass(frozen=True)
class Point:
    """A place of a route, `kind` being `stop` or `bed`; `time`: when one gets there."""

    lon: float
    lat: float
    name: str
    kind: str
    time: datetime.datetime | None = None
    about: str = ""


@dataclass(frozen=True)
class Route:
    """Where a team drives on a day."""

    name: str
    about: str
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Channel:
    """What a feed is called, where its page is and where it is itself."""

    title: str
    about: str
    url: str
    feed: str
    language: str


def calendar(name: str, entries: Iterable[Entry]) -> str:
    """An iCalendar object of entries, with the time zone that they are in.

    It names no METHOD: that would ask for an organizer of each entry, and be said in the header too.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//fazhimap//fazhimap//ZH",
        "CALSCALE:GREGORIAN",
        f"X-WR-CALNAME:{text(name)}",
        f"X-WR-TIMEZONE:{ZONE}",
        f"REFRESH-INTERVAL;VALUE=DURATION:{REFRESH}",
        f"X-PUBLISHED-TTL:{REFRESH}",
        *VTIMEZONE,
        *(line for entry in entries for line in _event(entry)),
        "END:VCALENDAR",
    ]
    return "".join(f"{fold(line)}\r\n" for line in lines)


def _event(entry: Entry) -> list[str]:
    lines = [
        "BEGIN:VEVENT",
        f"UID:{text(entry.uid)}",
        f"SEQUENCE:{entry.sequence}",
        f"DTSTAMP:{_utc(entry.changed)}",
        f"LAST-MODIFIED:{_utc(entry.changed)}",
        f"DTSTART;TZID={ZONE}:{_local(entry.starts)}",
        f"DTEND;TZID={ZONE}:{_local(entry.ends)}",
        f"SUMMARY:{text(entry.summary)}",
        f"STATUS:{entry.status}",
    ]
    if entry.place:
        lines.append(f"LOCATION:{text(entry.place)}")
    if entry.about:
        lines.append(f"DESCRIPTION:{text(entry.about)}")
    if entry.categories:
        lines.append(f"CATEGORIES:{','.join(map(text, entry.categories))}")
    if entry.at:
        lon, lat = entry.at
        lines.append(f"GEO:{lat:.6f};{lon:.6f}")
    if entry.url:
        lines.append(f"URL:{_CONTROL.sub('', entry.url)}")
    return [*lines, "END:VEVENT"]


def text(value: str) -> str:
    r"""A text as a value: backslash, semicolon, comma and line ends escaped (RFC 5545, 3.3.11).

    >>> print(text("a,b;c\nd"))
    a\,b\;c\nd
    """
    plain = _CONTROL.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))
    for mark in ("\\", ";", ","):
        plain = plain.replace(mark, f"\\{mark}")
    return plain.replace("\n", "\\n")


def fold(line: str) -> str:
    """A line as lines of at most 75 octets of UTF-8, none of which parts a character."""
    parts, part, size = [], "", 0
    for character in line:
        octets = len(character.encode())
        if size + octets > OCTETS:
            parts.append(part)
            part, size = " ", 1
        part += character
        size += octets
    return "\r\n".join([*parts, part])


def _utc(moment: datetime.datetime) -> str:
    return f"{moment.astimezone(datetime.UTC):%Y%m%dT%H%M%SZ}"


def _local(moment: datetime.datetime) -> str:
    return f"{moment.astimezone(SHANGHAI):%Y%m%dT%H%M%S}"


def rss(channel: Channel, entries: Sequence[Entry]) -> str:
    """An RSS 2.0 feed of entries; an item is the page of its `url`, published when it changed."""
    latest = max((entry.changed for entry in entries), default=None)
    built = f"<lastBuildDate>{_rfc822(latest)}</lastBuildDate>" if latest else ""
    own = f'<atom:link href={_attribute(channel.feed)} rel="self" type="application/rss+xml"/>'
    items = "\n".join(map(_item, entries))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>\n'
        f"{_element('title', channel.title)}{_element('link', channel.url)}"
        f"{_element('description', channel.about)}{_element('language', channel.language)}"
        f"{built}{own}\n{items}\n</channel></rss>\n"
    )


def _item(entry: Entry) -> str:
    starts, ends = entry.starts.astimezone(SHANGHAI), entry.ends.astimezone(SHANGHAI)
    about = f"{starts:%Y-%m-%d %H:%M}–{ends:%H:%M}\n{entry.about}".strip()
    categories = "".join(_element("category", each) for each in entry.categories)
    return (
        f"<item>{_element('title', entry.summary)}{_element('link', entry.url)}"
        f"{_element('description', about)}{categories}"
        f'<guid isPermaLink="false">{_xml(entry.uid)}</guid>'
        f"<pubDate>{_rfc822(entry.changed)}</pubDate></item>"
    )


def gpx(name: str, made: datetime.datetime, routes: Iterable[Route]) -> str:
    """A GPX 1.1 document: each bed once as a waypoint, each route with its stops and its bed."""
    routes = list(routes)
    beds = {
        (point.lon, point.lat): point
        for route in routes
        for point in route.points
        if point.kind == "bed"
    }
    waypoints = "".join(_point("wpt", bed, timed=False) for bed in beds.values())
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<gpx version="1.1" creator="fazhimap" xmlns="http://www.topografix.com/GPX/1/1">\n'
        f"<metadata>{_element('name', name)}{_element('time', _iso(made))}</metadata>\n"
        f"{waypoints}{''.join(_route(n, each) for n, each in enumerate(routes, 1))}</gpx>\n"
    )


def _route(number: int, route: Route) -> str:
    points = "".join(_point("rtept", point) for point in route.points)
    about = _element("desc", route.about) if route.about else ""
    head = f"{_element('name', route.name)}{about}<number>{number}</number>"
    return f"<rte>{head}\n{points}</rte>\n"


def _point(tag: str, point: Point, *, timed: bool = True) -> str:
    """The order of the elements is the schema's."""
    time = _element("time", _iso(point.time)) if timed and point.time else ""
    about = _element("desc", point.about) if point.about else ""
    return (
        f'<{tag} lat="{point.lat:.7f}" lon="{point.lon:.7f}">{time}'
        f"{_element('name', point.name)}{about}{_element('type', point.kind)}</{tag}>\n"
    )


def _element(name: str, value: str) -> str:
    return f"<{name}>{_xml(value)}</{name}>"


def _xml(value: str) -> str:
    return escape(_CONTROL.sub("", value))


def _attribute(value: str) -> str:
    return quoteattr(_CONTROL.sub("", value))


def _iso(moment: datetime.datetime) -> str:
    return f"{moment.astimezone(datetime.UTC):%Y-%m-%dT%H:%M:%SZ}"


def _rfc822(moment: datetime.datetime) -> str:
    return format_datetime(moment.astimezone(SHANGHAI))
