"""Small random worlds and random standards: every field used, and the edges sought out."""

import datetime
import random

from sites.choices import EventKind, Setting, SiteKind, Tier
from sites.models import Standard
from tests.sites.oracle import (
    GEOD,
    SHANGHAI,
    Division,
    Happening,
    Home,
    Pace,
    Spot,
    World,
    months_before,
)

COUNTIES = (("150203", True), ("150204", True), ("150271", False))
DAYS = (
    datetime.date(2026, 3, 31),
    datetime.date(2024, 2, 29),
    datetime.date(2026, 12, 31),
    datetime.date(2026, 7, 15),
)
WINDOWS = (1, 3, 12, 13)


def random_world(rng: random.Random, on: datetime.date) -> World:
    """Three counties, some thirty villages, forty sites and sixty events around a day."""
    world = World()
    world.divisions["1502"] = Division("1502", "city", None, True, None, 0)
    for code, statutory in COUNTIES:
        world.divisions[code] = _division(rng, code, "county", statutory)
        for number in range(rng.randint(1, 3)):
            township = f"{code}{number + 1:03}"
            world.divisions[township] = _division(rng, township, "township", rng.random() < 0.8)
            _add_villages(rng, world, township)
    for number in range(40):
        _add_site(rng, world, f"S{number:02}", on)
    for number in range(60):
        _add_event(rng, world, f"E{number:02}", on)
    _add_paces(rng, world)
    return world


def _add_paces(rng: random.Random, world: World) -> None:
    seasons = [(1, 12), (11, 3), (4, 10), (7, 7), (12, 2)]
    every = [(setting, *season) for setting in ("", *Setting.values) for season in seasons]
    for setting, first, last in rng.sample(every, rng.choice([0, 3, 8])):
        kmh, detour = rng.choice([25, 40, 62.5]), rng.choice([1, 1.2, 1.45])
        world.paces.append(Pace(setting, first, last, kmh, detour))


def _division(rng: random.Random, code: str, level: str, statutory: bool) -> Division:
    parent = {"county": "1502", "township": code[:6]}[level]
    return Division(code, level, parent, statutory, _maybe_place(rng), _error(rng))


def _add_villages(rng: random.Random, world: World, township: str) -> None:
    for number in range(rng.randint(1, 6)):
        code = f"{township}{number + 1:03}"
        setting = rng.choice([*Setting.values, ""])
        world.homes[code] = Home(code, township, setting, _maybe_place(rng), _error(rng))


def _add_site(rng: random.Random, world: World, code: str, on: datetime.date) -> None:
    others = [spot.place for spot in world.spots.values()]
    place = rng.choice(others) if others and rng.random() < 0.1 else _place(rng)
    village = rng.choice([*world.homes, *[None] * 10])
    county = rng.choice(COUNTIES)[0]
    if village and rng.random() < 0.9:
        county = world.county_of(world.homes[village].township)
    kind = rng.choice(["square", "park", "hall", "front", "front"])
    opened, closed = _dates(rng, on)
    tier = rng.choice(["city", "county", "village"])
    error = _error(rng)
    world.spots[code] = Spot(code, kind, tier, county, village, place, error, opened, closed)


def _dates(rng: random.Random, on: datetime.date) -> tuple[datetime.date | None, ...]:
    near = [on + datetime.timedelta(days=offset) for offset in (-400, -30, -1, 0, 1, 30)]
    opened, closed = (rng.choice([*near, *[None] * 4]) for _ in range(2))
    if opened and closed and closed <= opened:
        closed = None
    return opened, closed


def _add_event(rng: random.Random, world: World, code: str, on: datetime.date) -> None:
    site = rng.choice([*world.spots, *[None] * len(world.spots)])
    village = rng.choice(list(world.homes)) if site is None or rng.random() < 0.2 else None
    starts = datetime.datetime.combine(_edge_day(rng, on), _edge_time(rng), SHANGHAI)
    world.happenings.append(
        Happening(
            code,
            rng.choice(["show", "lecture", "quiz"]),
            site,
            village,
            rng.sample(list(world.homes), rng.choice([0, 0, 0, 1, 2])),
            starts,
            rng.choice(["held"] * 6 + ["planned", "cancelled"]),
            rng.choice([None, 0, 10, 50, 51, 200]),
        )
    )


def _edge_day(rng: random.Random, on: datetime.date) -> datetime.date:
    edge = rng.choice([on, *(months_before(on, months) for months in WINDOWS)])
    return edge + datetime.timedelta(days=rng.choice([-1, 0, 0, 1, 1, 9]))


def _edge_time(rng: random.Random) -> datetime.time:
    return rng.choice(
        [datetime.time(0), datetime.time(7, 59), datetime.time(8), datetime.time(23, 59, 59)]
    )


def random_standard(rng: random.Random, world: World, number: int) -> Standard:
    """Any combination of fields that the database allows."""
    subject = rng.choice(["village", "village", "village", "township", "county"])
    has_place = rng.random() < 0.8
    rule = {
        "subject": subject,
        "settings": rng.choice([[], [], ["urban"], ["farming", "herding"]]),
        "kinds": _some(rng, SiteKind, ["square", "park", "hall", "front"]) if has_place else [],
        "tiers": rng.choice([[], [], *([each] for each in Tier.values), ["city", "county"]]),
        "min_count": rng.choice([1, 1, 1, 2, 3]),
        "months": rng.choice(WINDOWS) if not has_place or rng.random() < 0.6 else None,
        "min_events": rng.choice([1, 1, 2, 3]),
        "event_kinds": rng.choice([[], [], _some(rng, EventKind, ["show", "lecture", "quiz"])]),
        "min_attendance": rng.choice([None, None, 1, 50]),
        **_measure(rng, world),
    }
    return Standard(
        code=f"s{number:02}",
        name="标准",
        policy_source="规划",
        effective_from=datetime.date(2021, 1, 1),
        **rule,
    )


def _some(rng: random.Random, choices: type, likely: list[str]) -> list[str]:
    picked = rng.sample(likely, rng.randint(1, len(likely)))
    return [value for value in choices.values if value in picked]


def _measure(rng: random.Random, world: World) -> dict[str, object]:
    """In it, within one distance (maybe that of a pair, exactly), one a setting, or minutes."""
    number = rng.choice([700, 3000, 3000.5, 6000, _exact_distance(rng, world)])
    each = {setting: rng.choice([500, 2500, 8000]) for setting in rng.sample(Setting.values, 2)}
    return rng.choice(
        [
            {},
            {"max_distance_m": number},
            {"max_distance_m": number},
            {"max_distance_m": each},
            {"max_minutes": rng.choice([0, 5, 10])},
        ]
    )


def _exact_distance(rng: random.Random, world: World) -> float:
    starts = [home.place for home in world.homes.values() if home.place]
    ends = [spot.place for spot in world.spots.values()]
    return max(GEOD.inv(*rng.choice(starts), *rng.choice(ends))[2], 1.0)


def _place(rng: random.Random) -> tuple[float, float]:
    return round(rng.uniform(109.9, 110.05), 6), round(rng.uniform(40.0, 40.1), 6)


def _maybe_place(rng: random.Random) -> tuple[float, float] | None:
    return _place(rng) if rng.random() < 0.9 else None


def _error(rng: random.Random) -> int:
    return rng.choice([0, 0, 20, 500, 2000])
