"""A tour on paper, for those who drive, those who call and those who come: three PDFs."""

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from events.choices import Language, Need, Status
from events.models import Contact, Stop, Tour, TourDay
from events.models.tours import MAX_TEAMS
from events.tours import rules, venues
from events.tours.crews import Crew
from events.tours.venues import Venue
from mapui import filters, readers
from mapui.context import is_demonstration, site_name
from mapui.exports import pictures
from mapui.outward import feeds, short_links
from mapui.outward.addresses import Absolute
from mapui.params import Filter, Param
from mapui.problems import Missing
from mapui.tours import route_drawing
from mapui.tours import words as tour_words
from mapui.tours.route_drawing import Place
from sites import clock
from sites.choices import Source
from sites.models import Region

if TYPE_CHECKING:
    from shapely import Geometry

# What one request may print, by paper: more than some seconds of it would block the web process.
# Measured on two busy cores: 6 sheets 1.7–3.7 s, 131 lines of calls 2.5–4.8 s, 10 notices 0.6–1.4 s.
MOST = {"sheet": 8, "calls": 80, "notices": 30}
CROWDED = 5  # stops from which on a sheet's map is lower, so that a day stays on one page
EMERGENCIES = 2  # blank lines for what nobody foresees


@dataclass(frozen=True)
class Part(Filter):
    """What of a tour is wanted: one team, one day, or all."""

    team: Annotated[int | None, Param(readers.whole(1, MAX_TEAMS), "Only this team.")] = None
    date: Annotated[filters.Day, Param(readers.DATE, "Only this Shanghai date.")] = None

    def wants(self, day: TourDay) -> bool:
        """Whether a day is asked for."""
        return self.team in (None, day.team) and self.date in (None, day.date)


@dataclass(frozen=True)
class Line:
    """A stop as papers show it. `lacks`, `unknown`: what its place has not, or nobody knows of.

    `number`: on the sheet and its map; None where nobody goes: declined, or cancelled.
    """

    stop: Stop
    number: int | None
    team: str
    starts: datetime.datetime
    ends: datetime.datetime
    contact: Contact | None
    lacks: tuple[str, ...]
    unknown: tuple[str, ...]

    @property
    def kilometres(self) -> str:
        """The way to it, to a tenth."""
        return feeds.kilometres(self.stop.drive_m)

    @property
    def wanting(self) -> str:
        """What to ask for, or bring: 没有电源;显示屏未登记. "" where nothing is wanting."""
        sentences = [_("没有%(what)s") % {"what": _named(self.lacks)}] if self.lacks else []
        if self.unknown:
            sentences.append(_("%(what)s未登记,请问清") % {"what": _named(self.unknown)})
        return _(";").join(sentences)


@dataclass(frozen=True)
class Sheet:
    """A team's day on one page."""

    day: TourDay
    team: str
    people: int | None
    lines: list[Line]
    drive_min: int
    kilometres: str
    loads: list[tuple[str, str]]
    faults: list[str]
    drawing: SafeString
    is_crowded: bool

    @property
    def home_kilometres(self) -> str:
        """The way to the bed, to a tenth."""
        return feeds.kilometres(self.day.drive_m)


@dataclass(frozen=True)
class Notice:
    """What a village puts up. `is_settled`: its event stands, and the code leads to its page."""

    line: Line
    address: str
    code: SafeString
    is_settled: bool


def is_too_much(paper: str, tour: Tour, asked: Part) -> bool:
    """Whether a paper is larger than one request may print; a day of it never is."""
    if asked.date:
        return False
    if paper == "sheet":
        return sum(map(asked.wants, tour.team_days.all())) > MOST[paper]
    return sum(asked.wants(stop.day) for stop in tour.stops.select_related("day")) > MOST[paper]


def parts(tour: Tour) -> list[tuple[datetime.date, list[tuple[int, str]]]]:
    """What there is to print apart: each day with the teams (number, name) on the road that day."""
    names = feeds.team_names(feeds.crews_of(tour))
    found: dict[datetime.date, list[tuple[int, str]]] = {}
    for day in tour.team_days.all():
        found.setdefault(day.date, []).append((day.team, names[day.team]))
    return list(found.items())


def sheets(tour: Tour, asked: Part) -> bytes:
    """演出任务单: a page for each team and day that is asked for.

    Raises Missing where the tour has none such.
    """
    every = list(tour.team_days.all())
    days = [day for day in every if asked.wants(day)]
    if not days:
        raise Missing(_("“%(tour)s”没有这一队、这一天的安排。") % {"tour": tour.name})
    teams = feeds.crews_of(tour)
    lines, drawn = _lines(tour, teams), _Drawer(every, teams)
    made = [
        _sheet(day, [line for line in lines if line.stop.day_id == day.pk], teams, drawn)
        for day in days
    ]
    return _pdf("sheet", tour, {"sheets": made, "emergency": range(EMERGENCIES)})


def calls(tour: Tour, asked: Part) -> bytes:
    """The list of whom to call, in the order of the days. Raises Missing where there is no stop."""
    return _pdf("calls", tour, {"lines": _some(tour, _asked(tour, asked))})


def notices(tour: Tour, asked: Part, absolute: Absolute) -> bytes:
    """A notice for each village that is still to come.

    Raises Missing where there is none: no stop, or all are declined, cancelled or held.
    """
    coming = [line for line in _asked(tour, asked) if _is_coming(line.stop)]
    made = [_notice(line, absolute) for line in _some(tour, coming)]
    return _pdf("notices", tour, {"notices": made})


def _asked(tour: Tour, asked: Part) -> list[Line]:
    lines = _lines(tour, feeds.crews_of(tour))
    return [line for line in lines if asked.wants(line.stop.day)]


def _some(tour: Tour, lines: list[Line]) -> list[Line]:
    if not lines:
        raise Missing(_("“%(tour)s”还没有可以打印的场次。") % {"tour": tour.name})
    return lines


def _pdf(template: str, tour: Tour, context: dict[str, object]) -> bytes:
    languages = [str(Language(each).label) for each in tour.programme.languages]
    context |= {
        "tour": tour,
        "languages": languages,
        "printed": clock.today(),
        "site_name": site_name(),
        "approval": settings.FURNITURE["approval"],
        "operator": settings.FURNITURE["operator"],
        "demonstration": is_demonstration(),
        "played": Source.DEMONSTRATION in (tour.programme.source, tour.troupe.source),
        "travel": _travel(tour),
    }
    return pictures.pdf(render_to_string(f"mapui/papers/{template}.html", context))


def _travel(tour: Tour) -> str:
    """Where the minutes come from, with the slack in them."""
    slack = rules.read(tour.rules).slack
    words = (
        _("车程按道路计算(%(by)s),每段另加 %(slack)d 分钟余量。")
        if tour.travel
        else _("车程是估算(直线距离乘绕行系数),不是导航结果;每段另加 %(slack)d 分钟余量。")
    )
    told = words % {"by": tour.travel, "slack": slack}
    legs = [*tour.stops.all(), *tour.team_days.all()]
    count = sum(leg.drive_estimated for leg in legs)
    partly = _("路网服务没有答复的 %(n)d 段是估算。") % {"n": count} if count else ""
    return told + partly


def _lines(tour: Tour, teams: Mapping[int, Crew]) -> list[Line]:
    stops, names = feeds.stops_of(tour), feeds.team_names(teams)
    wants = dict.fromkeys(tour.programme.needs)
    if rules.read(tour.rules).indoors:
        wants |= {Need.INDOOR.value: None}
    places = venues.choose([stop.village_id for stop in stops], list(wants), tour.start)
    lines: list[Line] = []
    count: dict[int, int] = {}
    for stop in stops:
        number = None
        if not feeds.is_off(stop):
            number = count[stop.day_id] = count.get(stop.day_id, 0) + 1
        lacks, unknown = _wanting(stop, list(wants), places.get(stop.village_id))
        contact = getattr(stop.village, "contact", None)
        times = feeds.starts(tour, stop), feeds.ends(tour, stop)
        team = names[stop.day.team]
        lines.append(Line(stop, number, team, *times, contact, lacks, unknown))
    return lines


def _wanting(
    stop: Stop, needs: Sequence[str], venue: Venue | None
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(lacks, unknown) of the stop's place; all unknown where it is not the one on record now."""
    if venue is None or venue.site != stop.site_id:
        return (), tuple(needs)
    return venue.lacks, venue.unknown


def _named(needs: Sequence[str]) -> str:
    return _("、").join(str(Need(need).label) for need in needs)


def _sheet(
    day: TourDay,
    lines: list[Line],
    teams: Mapping[int, Crew],
    drawn: Callable[[TourDay, list[Line]], str],
) -> Sheet:
    crew = teams.get(day.team)
    metres = sum(line.stop.drive_m for line in lines) + day.drive_m
    return Sheet(
        day=day,
        team=feeds.team_names(teams)[day.team],
        people=crew.people if crew else None,
        lines=lines,
        drive_min=sum(line.stop.drive_min for line in lines) + day.drive_min,
        kilometres=feeds.kilometres(metres),
        loads=_loads([line for line in lines if line.number]),
        faults=[
            f"{line.stop.village.name} {tour_words.fault(fault)}"
            for line in lines
            for fault in line.stop.broken
        ]
        + [tour_words.fault(fault) for fault in day.broken],
        drawing=mark_safe(drawn(day, lines)),  # noqa: S308 — escaped where it is drawn
        is_crowded=len(lines) >= CROWDED,
    )


def _loads(lines: Sequence[Line]) -> list[tuple[str, str]]:
    """What the programme needs that a place of the day lacks, or may lack: (what, where)."""
    needs = dict.fromkeys(need for line in lines for need in (*line.lacks, *line.unknown))
    found = []
    for need in needs:
        without = [line.stop.village.name for line in lines if need in line.lacks]
        unsure = [line.stop.village.name for line in lines if need in line.unknown]
        told = [_("%(villages)s没有") % {"villages": _("、").join(without)}] if without else []
        if unsure:
            told.append(_("%(villages)s未登记") % {"villages": _("、").join(unsure)})
        found.append((str(Need(need).label), _(";").join(told)))
    return found


class _Drawer:
    """Draws the routes of a tour's days over the counties and rivers, which are read once."""

    def __init__(self, days: Sequence[TourDay], teams: Mapping[int, Crew]) -> None:
        self.teams = teams
        self.lands = _lands()
        self.waters = pictures.waters()
        self.beds = {(day.team, day.date): day for day in days}

    def __call__(self, day: TourDay, lines: list[Line]) -> str:
        stops = [
            Place(*at, line.stop.village.name)
            for line in lines
            if line.number and (at := feeds.position(line.stop))
        ]
        before = self.beds.get((day.team, day.date - datetime.timedelta(days=1)))
        ends = self._night(before, day.team), self._night(day, day.team)
        places = [*filter(None, ends[:1]), *stops, *filter(None, ends[1:])]
        return route_drawing.draw(places, self.lands, self.waters)

    def _night(self, day: TourDay | None, team: int) -> Place | None:
        """Where the team slept after a day: its bed, or home; None where that is not known."""
        bed = feeds.bed(day) if day else None
        if bed:
            return Place(bed.lon, bed.lat, bed.name, "bed")
        return Place(*self.teams[team].home, _("驻地"), "base") if team in self.teams else None


def _lands() -> list["Geometry"]:
    from shapely import wkb  # noqa: PLC0415  # slow to load

    outlines = Region.objects.counties().within(settings.CITY).exclude(boundary=None)
    found = outlines.order_by("code").values_list("boundary", flat=True)
    return [wkb.loads(bytes(outline.wkb)) for outline in found]


def _is_coming(stop: Stop) -> bool:
    """Neither off nor over."""
    held = stop.event and stop.event.status == Status.HELD
    return not held and not feeds.is_off(stop)


def _notice(line: Line, absolute: Absolute) -> Notice:
    event = line.stop.event_id
    path = (
        short_links.short("event", event)
        if event
        else short_links.short("village", line.stop.village_id)
    )
    address = absolute(path)
    return Notice(line, address, qr(address), is_settled=bool(event))


def qr(address: str) -> SafeString:
    """A QR code of an address as SVG that fills its box, with the quiet zone that readers need."""
    import segno  # noqa: PLC0415  # only papers need it

    code = segno.make(address, error="m", micro=False)
    return mark_safe(code.svg_inline(omitsize=True, border=4))  # noqa: S308 — squares only
