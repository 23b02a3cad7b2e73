"""Who comes in where a village drops out: the best of those left out that fits into its gap."""

from collections.abc import Collection, Iterable

from events.models import Tour
from events.touring import fill, replay
from events.tours import candidates
from events.tours.briefing import Briefing
from events.tours.edits import Edit
from events.tours.storing import Routes
from sites import geodesy
from sites.models import Village

MOST = 250  # left-out villages looked at: the nearest to the gap
NEVER = (candidates.EXCLUDED, candidates.DECLINED, candidates.LACKS, candidates.NO_POSITION)


def candidates_for(tour: Tour, change: Edit) -> set[str]:
    """The left-out villages nearest to those that drop out, without those that cannot be visited."""
    out = {each["village"] for each in tour.left_out if each["code"] not in NEVER}
    gone = change.thrown_out
    places = dict(Village.objects.filter(pk__in=out | gone).values_list("pk", "location"))
    known = {code: place.coords for code, place in places.items() if place}
    left = [known[code] for code in gone if code in known]
    options = sorted((out - gone) & known.keys())
    if not left or not options:
        return set(options)
    _index, metres = geodesy.nearest([known[code] for code in options], left)
    nearest = sorted(zip(metres, options, strict=True))
    return {code for _metres, code in nearest[:MOST]}


def gaps(tour: Tour, change: Edit) -> list[tuple[int, int]]:
    """The team's day (both from 0) of each stop that drops out."""
    gone = tour.stops.filter(village__in=change.thrown_out).exclude(village__in=change.placed)
    days = gone.order_by("begin").values_list("day__team", "day__date")
    return [(team - 1, tour.dates.index(date)) for team, date in days]


def filled(
    brief: Briefing, routes: Routes, duties: Iterable[tuple[int, int]], among: Collection[str]
) -> Routes:
    """Routes with one of the villages more in each of the teams' days; none where none fits."""
    calls = [brief.number[code] for code in sorted(among) if code in brief.number]
    made = dict(routes)
    for duty in duties:
        plan = replay(brief.problem, made).plan
        route = fill(brief.problem, plan, duty, calls)
        if route is not None:
            made[duty] = route, made.get(duty, ((), None))[1]
    return made
