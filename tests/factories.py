"""One function a model: a record with sensible fields, and those that the test is about."""

import datetime
import itertools

from django.contrib.auth.models import Group, User
from django.contrib.gis.geos import Point

from events.models import Event, Occasion, Programme, Reach, Troupe
from sites import clock
from sites.choices import CODE_LENGTH
from sites.models import CountyRight, Organ, Region, Site, Standard, Village

SERIAL = itertools.count(1)
LEVELS = {length: level for level, length in CODE_LENGTH.items()}
LONG_AGO = datetime.date(2021, 1, 1)


def region(code="150203", **fields):
    """The division with this code and those above it, made where they are not there yet."""
    above = {6: 4, 9: 6}.get(len(code))
    parent = region(code[:above]) if above else None
    defaults = {"name": f"区划{code}", "level": LEVELS[len(code)], "parent": parent, **fields}
    return Region.objects.get_or_create(code=code, defaults=defaults)[0]


def village(township="150203001", lon=110.0, lat=40.0, **fields):
    """A village of the township; `lon=None` is a village whose place is not known."""
    code = fields.pop("code", None) or _next_code(township)
    defaults = {
        "name": f"村{code}",
        "kind": "village",
        "setting": "farming",
        "township": region(township),
        "location": lon if lon is None else Point(lon, lat),
        "position": "surveyed",
        "position_error_m": 0,
    }
    return Village.objects.create(code=code, **{**defaults, **fields})


def _next_code(township):
    """Numbered from 500 as they are made, so that their order is known; tests name lower ones."""
    made = Village.objects.filter(township=township, code__gte=f"{township}500").order_by("code")
    return str(int(made.last().code) + 1) if made else f"{township}500"


def site(lon=110.0, lat=40.0, county="150203", **fields):
    """An open square kept by the county, in none of the villages."""
    defaults = {
        "code": f"S-{next(SERIAL)}",
        "name": "广场",
        "kind": "square",
        "tier": "county",
        "location": Point(lon, lat),
        "position_error_m": 0,
        "county": region(county),
    }
    return Site.objects.create(**{**defaults, **fields})


def front(of, **fields):
    """A village's own front, where the village is."""
    place = {"location": of.location, "county": of.township.parent_id, "village": of}
    return site(**{"kind": "front", "tier": "village", **place, **fields})


def organ(**fields):
    """A state organ of the county."""
    defaults = {"code": f"O-{next(SERIAL)}", "name": "司法局", "region": region()}
    return Organ.objects.create(**{**defaults, **fields})


def standard(code="near", **fields):
    """Every village has an open square within 5 km; in effect since long ago."""
    defaults = {"name": "5 公里", "kinds": ["square"], "policy_source": "规划"}
    dates = {"effective_from": LONG_AGO}
    if "kinds" not in fields and "max_minutes" not in fields:
        defaults["max_distance_m"] = 5000
    return Standard.objects.create(code=code, **{**defaults, **dates, **fields})


def troupe(**fields):
    """A troupe of one team based in the county."""
    defaults = {"code": f"T-{next(SERIAL)}", "name": "法治乌兰牧骑", "base": region()}
    return Troupe.objects.create(**{**defaults, **fields})


def programme(**fields):
    """An hour's show."""
    defaults = {"code": f"P-{next(SERIAL)}", "name": "民法典", "kind": "show", "minutes": 60}
    return Programme.objects.create(**{**defaults, **fields})


def event(day=datetime.date(2026, 6, 1), **fields):
    """A show held on a day from 9 to 10 in Shanghai; give it a `site` or a `village`."""
    starts = fields.pop("starts_at", clock.midnight(day) + datetime.timedelta(hours=9))
    hour = datetime.timedelta(hours=1)
    reaches = fields.pop("reaches", [])
    defaults = {"code": f"E-{next(SERIAL)}", "starts_at": starts, "ends_at": starts + hour}
    if fields.setdefault("status", "held") == "held":
        defaults["held_at"] = starts + hour
    fields.setdefault("programme", None)
    fields["programme"] = fields["programme"] or programme()
    made = Event.objects.create(**{**defaults, **fields})
    Reach.objects.bulk_create(Reach(event=made, village=each) for each in reaches)
    return made


def occasion(**fields):
    """A line of the local calendar; give it a `kind`, a `first` and `last` day and a place."""
    return Occasion.objects.create(**{"code": f"D-{next(SERIAL)}", "name": "日子", **fields})


def user(name="user", role=None, counties=(), **fields):
    """Someone who may sign in to the administration, in a group, with rights in counties."""
    made = User.objects.create_user(name, **{"is_staff": True, **fields})
    if role:
        made.groups.add(Group.objects.get_or_create(name=role)[0])
    CountyRight.objects.bulk_create(CountyRight(user=made, region=region(c)) for c in counties)
    return made
