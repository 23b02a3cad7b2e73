"""What coverage must be, said again in plain Python: loops over records, one geodesic at a time.

Nothing here is shared with the code under test. A small `World` of records can be written to the
database, and `judge` says what a standard finds in it on a day.
"""

import datetime
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from django.contrib.gis.geos import Point
from pyproj import Geod

from events.models import Event, Programme, Reach
from sites.models import Region, Site, TravelSpeed, Village

GEOD = Geod(ellps="WGS84")
SHANGHAI = ZoneInfo("Asia/Shanghai")
LonLat = tuple[float, float]


@dataclass
class Division:
    code: str
    level: str
    parent: str | None
    statutory: bool
    place: LonLat | None
    error: float


@dataclass
class Home:
    """A village."""

    code: str
    township: str
    setting: str
    place: LonLat | None
    error: float


@dataclass
class Spot:
    """A site."""

    code: str
    kind: str
    tier: str
    county: str
    village: str | None
    place: LonLat
    error: float
    opened: datetime.date | None = None
    closed: datetime.date | None = None

    def open_on(self, day: datetime.date) -> bool:
        return (self.opened is None or self.opened <= day) and (
            self.closed is None or day < self.closed
        )


@dataclass
class Happening:
    """An event."""

    code: str
    kind: str
    site: str | None
    village: str | None
    reaches: list[str]
    starts: datetime.datetime
    status: str
    attendance: int | None

    @property
    def day(self) -> datetime.date:
        return self.starts.astimezone(SHANGHAI).date()


@dataclass
class Pace:
    """A speed for a setting ("": any) in the months from first to last."""

    setting: str
    first: int
    last: int
    kmh: float
    detour: float

    def months(self) -> list[int]:
        year = [*range(1, 13), *range(1, 13)]
        begin = year.index(self.first)
        return year[begin : year.index(self.last, begin) + 1]


@dataclass
class World:
    divisions: dict[str, Division] = field(default_factory=dict)
    homes: dict[str, Home] = field(default_factory=dict)
    spots: dict[str, Spot] = field(default_factory=dict)
    happenings: list[Happening] = field(default_factory=list)
    paces: list[Pace] = field(default_factory=list)

    def county_of(self, township: str) -> str:
        return self.divisions[township].parent


@dataclass
class Verdict:
    built: bool | None = None
    reached: bool | None = None
    met: bool = True
    certain: bool = True
    nearest: str | None = None
    metres: float | None = None
    last_event: datetime.date | None = None


def judge(world: World, standard, on: datetime.date) -> dict[str, Verdict]:
    """The verdict on every subject of the standard, by code."""
    return {code: _judge_one(world, standard, on, code) for code in _subjects(world, standard)}


def _subjects(world: World, standard) -> list[str]:
    if standard.subject == "village":
        return sorted(
            home.code
            for home in world.homes.values()
            if not standard.settings or home.setting in standard.settings
        )
    return sorted(
        division.code
        for division in world.divisions.values()
        if division.level == standard.subject and division.statutory
    )


def _judge_one(world: World, standard, on: datetime.date, code: str) -> Verdict:
    verdict = Verdict()
    if standard.kinds:
        _judge_place(world, standard, on, code, verdict)
        verdict.met &= verdict.built
    if standard.months:
        _judge_reach(world, standard, on, code, verdict)
        verdict.met &= verdict.reached
    return verdict


def _judge_place(world: World, standard, on, code, verdict: Verdict) -> None:
    place, error = _where(world, standard, code)
    found = []
    for spot in world.spots.values():
        wanted = spot.kind in standard.kinds and (not standard.tiers or spot.tier in standard.tiers)
        if wanted and spot.open_on(on):
            own = code in _homes_of_spot(world, standard, spot)
            found.append((_metres(place, spot.place), spot.code, spot.error, own))
    need = standard.min_count
    if not _by_distance(standard):
        own = sorted((m is None, m or 0, c) for m, c, _error, is_own in found if is_own)
        verdict.built = len(own) >= need
        pick = own if verdict.built else _ranked(found)
    else:
        limit = _limit(world, standard, code, on)
        counts = [_count(m, error + e, limit, False) for m, _code, e, _own in found]
        now, fewest, most = (
            (sum(each) for each in zip(*counts, strict=True)) if counts else (0,) * 3
        )
        verdict.built = now >= need
        verdict.certain &= (fewest >= need) == (most >= need)
        pick = _ranked(found)
    if len(pick) >= need:
        unknown, metres, verdict.nearest = pick[need - 1]
        verdict.metres = None if unknown else metres


def _ranked(found: list[tuple]) -> list[tuple]:
    return sorted((False, m, c) for m, c, _error, _own in found if m is not None)


def _judge_reach(world: World, standard, on, code, verdict: Verdict) -> None:
    place, error = _where(world, standard, code)
    limit = _limit(world, standard, code, on)
    counts, days = [(0, 0, 0)], []
    for event in world.happenings:
        wanted = not standard.event_kinds or event.kind in standard.event_kinds
        enough = not standard.min_attendance or (event.attendance or 0) >= standard.min_attendance
        if event.status != "held" or event.day > on or not wanted or not enough:
            continue
        member = code in _homes_of_event(world, standard, event)
        at, its_error = _where_held(world, event)
        if _by_distance(standard):
            count = _count(_metres(place, at), error + its_error, limit, member)
        else:
            count = (member,) * 3
        if count[0]:
            days.append(event.day)
        if event.day > months_before(on, standard.months):
            counts.append(count)
    now, fewest, most = (sum(each) for each in zip(*counts, strict=True))
    verdict.reached = now >= standard.min_events
    verdict.certain &= (fewest >= standard.min_events) == (most >= standard.min_events)
    verdict.last_event = max(days, default=None)


def _count(metres, error, limit, member) -> tuple[bool, bool, bool]:
    """Does one target count: as things stand, at worst, at best."""
    if member:
        return True, True, True
    if metres is None or limit is None:
        return False, False, True
    return metres <= limit, metres + error <= limit, metres - error <= limit


def _metres(a: LonLat | None, b: LonLat | None) -> float | None:
    return None if a is None or b is None else GEOD.inv(*a, *b)[2]


def _where(world: World, standard, code: str) -> tuple[LonLat | None, float]:
    found = world.homes[code] if standard.subject == "village" else world.divisions[code]
    return found.place, found.error


def _by_distance(standard) -> bool:
    return standard.max_minutes is not None or standard.max_distance_m is not None


def _limit(world: World, standard, code: str, on: datetime.date) -> float | None:
    setting = world.homes[code].setting if standard.subject == "village" else ""
    if standard.max_minutes is not None:
        kmh, detour = _pace(world, setting, on)
        return standard.max_minutes / 60 * kmh * 1000 / detour
    if isinstance(standard.max_distance_m, dict):
        return standard.max_distance_m.get(setting)
    return standard.max_distance_m


def _pace(world: World, setting: str, on: datetime.date) -> tuple[float, float]:
    for wanted in (setting, ""):
        found = [p for p in world.paces if p.setting == wanted and on.month in p.months()]
        if found:
            best = min(found, key=lambda p: (len(p.months()), p.first))
            return best.kmh, best.detour
    return 40, 1.3


def _homes_of_spot(world: World, standard, spot: Spot) -> set[str]:
    if standard.subject == "county":
        return {spot.county}
    if spot.village is None:
        return set()
    return {spot.village if standard.subject == "village" else world.homes[spot.village].township}


def _homes_of_event(world: World, standard, event: Happening) -> set[str]:
    villages = {event.village, *event.reaches}
    if event.site:
        villages.add(world.spots[event.site].village)
    villages.discard(None)
    townships = {world.homes[code].township for code in villages}
    if standard.subject == "village":
        return villages
    if standard.subject == "township":
        return townships
    counties = {world.county_of(code) for code in townships}
    return counties | ({world.spots[event.site].county} if event.site else set())


def _where_held(world: World, event: Happening) -> tuple[LonLat | None, float]:
    if event.site:
        return world.spots[event.site].place, world.spots[event.site].error
    fronts = [
        spot
        for _code, spot in sorted(world.spots.items())
        if spot.village == event.village and spot.kind == "front" and spot.open_on(event.day)
    ]
    at = fronts[0] if fronts else world.homes[event.village]
    return at.place, at.error


def months_before(day: datetime.date, months: int) -> datetime.date:
    """The same day of the month, or the last one that there is."""
    year, month = day.year, day.month - months
    while month < 1:
        year, month = year - 1, month + 12
    for number in range(day.day, 0, -1):
        try:
            return datetime.date(year, month, number)
        except ValueError:
            continue
    raise AssertionError("every month has a first day")


def write(world: World) -> None:
    """Put the world into the database."""
    Region.objects.bulk_create(
        Region(
            code=each.code,
            name=each.code,
            level=each.level,
            parent_id=each.parent,
            statutory=each.statutory,
            seat=_point(each.place),
            seat_error_m=each.error,
        )
        for each in world.divisions.values()
    )
    Village.objects.bulk_create(
        Village(
            code=each.code,
            name=each.code,
            kind="village",
            township_id=each.township,
            setting=each.setting,
            location=_point(each.place),
            position_error_m=each.error,
        )
        for each in world.homes.values()
    )
    Site.objects.bulk_create(
        Site(
            code=each.code,
            name=each.code,
            kind=each.kind,
            tier=each.tier,
            county_id=each.county,
            village_id=each.village,
            location=_point(each.place),
            position_error_m=each.error,
            opened_on=each.opened,
            closed_on=each.closed,
        )
        for each in world.spots.values()
    )
    TravelSpeed.objects.bulk_create(
        TravelSpeed(
            setting=each.setting,
            first_month=each.first,
            last_month=each.last,
            speed_kmh=each.kmh,
            detour=each.detour,
            source="实测",
        )
        for each in world.paces
    )
    _write_events(world)


def _write_events(world: World) -> None:
    kinds = sorted({each.kind for each in world.happenings})
    Programme.objects.bulk_create(
        Programme(code=kind, name=kind, kind=kind, minutes=60) for kind in kinds
    )
    hour = datetime.timedelta(hours=1)
    Event.objects.bulk_create(
        Event(
            code=each.code,
            programme_id=each.kind,
            site_id=each.site,
            village_id=each.village,
            starts_at=each.starts,
            ends_at=each.starts + hour,
            status=each.status,
            held_at=each.starts + hour if each.status == "held" else None,
            attendance=each.attendance,
        )
        for each in world.happenings
    )
    Reach.objects.bulk_create(
        Reach(event_id=each.code, village_id=code)
        for each in world.happenings
        for code in each.reaches
    )


def _point(place: LonLat | None) -> Point | None:
    return place and Point(*place)
