"""The villages that the search was not given: taken in where they fit after all, and why not."""

from collections.abc import Sequence

from events import touring
from events.touring import Plan, replay, routes_of
from events.tours import legs
from events.tours.briefing import Briefing, Survey
from events.tours.reasoning import Json, explained, told

AT_ONCE = 1000  # villages in a problem beside those planned
PASSES = 3  # at most: each goes through all villages, until none of them has changed the plan


def settled(survey: Survey, brief: Briefing, plan: Plan) -> tuple[Briefing, Plan, list[Json]]:
    """A plan made with some of the candidates, made good with all; and why the others are left out.

    A routing server is asked for ways to and from what is planned; those between other villages
    are estimated, and said to be so where one of them is used.
    """
    reasons = {each["village"]: each for each in explained(brief, plan)}
    for _ in range(PASSES if len(brief.villages) < len(survey.calls) else 0):
        before, reasons = _planned(survey, brief, plan), {}
        others = sorted(set(range(len(survey.calls))) - set(before))
        for first in range(0, len(others), AT_ONCE):
            brief, plan = _with(survey, brief, plan, others[first : first + AT_ONCE])
            reasons |= {each["village"]: each for each in explained(brief, plan)}
        if _planned(survey, brief, plan) == before or len(others) <= AT_ONCE:
            break
    visited = {brief.villages[call] for call in plan.visited}
    return brief, plan, told(brief, (reasons[code] for code in reasons if code not in visited))


def _planned(survey: Survey, brief: Briefing, plan: Plan) -> list[int]:
    """The calls of the survey that are visited, in the plan's order."""
    return [survey.number[brief.villages[call]] for call in plan.visited]


def _with(
    survey: Survey, brief: Briefing, plan: Plan, others: Sequence[int]
) -> tuple[Briefing, Plan]:
    """The plan made good with these calls too, and why they are left out."""
    planned = _planned(survey, brief, plan)
    # A server that did not answer all is not asked again, or the plan's own times would change.
    seconds = 0.0 if brief.legs.told is not None else legs.PATIENCE
    wide = survey.brief([*planned, *others], seconds=seconds, planned=len(planned))
    routes = {
        duty: (tuple(wide.number[brief.villages[call]] for call in calls), night)
        for duty, (calls, night) in routes_of(plan).items()
    }
    start = replay(wide.problem, routes).plan
    return wide, touring.plan(wide.problem, iterations=0, start=start)
