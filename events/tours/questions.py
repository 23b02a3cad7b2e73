"""What a leader asks of a finished plan: what would it take to visit this village?"""

from events.models import Tour
from events.touring import Plan, what_would_it_take
from events.tours import briefing, resuming
from events.tours.reasoning import Json, detail
from events.tours.storing import plan_as_stored
from sites import clock


def cheapest_change(tour: Tour, village: str) -> Json | None:
    """The cheapest change that lets the village in: its code and numbers.

    None where the village is no candidate of the tour at all.
    """
    stops = set(tour.stops.values_list("village_id", flat=True))
    brief = briefing.brief(tour, resuming.since(tour, clock.now()), only=stops | {village})
    if village not in brief.number:
        return None
    plan = plan_as_stored(brief) or Plan((), {}, 0)
    change = what_would_it_take(brief.problem, plan, brief.number[village])
    return {"code": change.code, **detail(brief, change.detail)}
