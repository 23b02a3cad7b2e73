"""From when a tour that is under way can still be changed, and where its teams are then."""

import datetime
from collections.abc import Mapping
from contextlib import suppress

from django.utils.translation import gettext as _

from events.errors import NoHomeError, RulesError
from events.models import Lodging, Stop, Tour
from events.tours.briefing import From
from events.tours.crews import crews
from sites import clock, geodesy

FARTHEST_M = 300_000  # from every stop, bed and home: no team of the tour is there
Point = tuple[float, float]


def read(stored: Mapping | None) -> From | None:
    """Where planning starts over, as `written` has stored it."""
    if not stored:
        return None
    at = {int(team): tuple(point) for team, point in stored.get("at", {}).items()}
    return From(datetime.datetime.fromisoformat(stored["moment"]), at)


def written(since: From | None) -> dict:
    """What the tour's `progress` keeps of it."""
    if since is None:
        return {}
    at = {str(team): list(point) for team, point in since.at.items()}
    return {"from": {"moment": since.moment.isoformat(), "at": at}}


def since(tour: Tour, now: datetime.datetime) -> From | None:
    """From when on a confirmed tour may be changed: what has begun stays as it was.

    None while nothing has begun. Where planning started over, it is not before that moment, and
    a team that has made no visit since then has left from where it said.
    """
    if not tour.confirmed_at:
        return None
    before = read(tour.progress.get("from"))
    begun = list(tour.stops.filter(begin__lt=now).select_related("day"))
    if before is None:
        return From(now) if begun else None
    moved = {stop.day.team for stop in begun if stop.begin >= before.moment}
    at = {team: point for team, point in before.at.items() if team not in moved}
    return From(max(now, before.moment), at, before.moment)


def check(tour: Tour, moment: datetime.datetime, at: Mapping[int, Point]) -> None:
    """Raise RulesError for a moment that is over, a team that there is not, and a place far away."""
    problems = []
    if moment.astimezone(clock.SHANGHAI).date() < clock.today():
        words = _("moment:%(when)s 已经过去,请写今天或以后的时间。")
        problems.append(("moment", words % {"when": _when(moment)}))
    elif not tour.start <= moment.astimezone(clock.SHANGHAI).date() <= tour.last:
        words = _("moment:%(when)s 不在这次巡演的日子里(%(first)s 到 %(last)s)。")
        told = {"when": _when(moment), "first": tour.start, "last": tour.last}
        problems.append(("moment", words % told))
    for team in sorted(at):
        if not 1 <= team <= tour.teams:
            words = _("at.%(team)d:没有 %(team)d 队,这次有 1 到 %(teams)d 队。")
            problems.append((f"at.{team}", words % {"team": team, "teams": tour.teams}))
    for team, metres in _distances(tour, at).items():
        if metres > FARTHEST_M:
            words = _(
                "at.%(team)d:这个位置离各站、住处和驻地都有 %(km)d 公里以上,"
                "请检查经度、纬度有没有写反。"
            )
            problems.append((f"at.{team}", words % {"team": team, "km": metres // 1000}))
    if problems:
        raise RulesError(problems)


def _when(moment: datetime.datetime) -> str:
    return f"{moment.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M}"


def _distances(tour: Tour, at: Mapping[int, Point]) -> dict[int, float]:
    """How far each position is from the nearest stop, bed or home."""
    stops: list[Stop] = list(tour.stops.select_related("village", "site"))
    places = [(stop.site or stop.village).location for stop in stops]
    places += Lodging.objects.values_list("location", flat=True)
    known = [place.coords for place in places if place]
    with suppress(NoHomeError):  # which planning will say
        known += [crew.home for crew in crews(tour)]
    if not at or not known:
        return {}
    _index, metres = geodesy.nearest(list(at.values()), known)
    return dict(zip(at, (float(each) for each in metres), strict=True))
