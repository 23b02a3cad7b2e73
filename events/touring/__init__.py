"""Tours of several days with nights away: which calls to make, when, and where to sleep.

The team orienteering problem with time windows (Vansteenwegen, Souffriau & Van Oudheusden 2011,
"The orienteering problem: a survey") over several days. Sets: calls i with value vᵢ, minutes mᵢ,
windows and bonus bᵢd per day d (market days); teams t with a shift per day; places with tᵢⱼ minutes
between them; units k with worth wₖ, served by sets of calls. Decision: for each team and day an
order of visits and the place to sleep. Objective: max Σ (vᵢ + bᵢd) over i visited on d + Σ wₖ over
served k. Limits: a call is visited at most once, by an allowed team, inside one of its windows; a
day lies in the shift, its duty (leaving to return) within `max_duty`; a day starts where the day
before ended; a night is spent at a bed, at most `max_to_bed` from the last visit, or at home; the
last day ends at home.

Method: the nights are searched outside, the visits inside by PyVRP's iterated local search
(Wouda, Lan & Kool 2024), warm-started (`search`, `model`). Musts have a dominating value, so that
an impossible one is named instead of making all infeasible. Nothing is proven optimal.
"""

from events.touring.changes import what_would_it_take
from events.touring.filling import fill
from events.touring.planning import plan
from events.touring.prefilter import candidates
from events.touring.problem import MOST_TEAM_DAYS, Call, Problem, Team
from events.touring.replaying import replay, routes_of
from events.touring.result import Broken, Change, Day, Detail, Plan, Reason, Replay, Visit

__all__ = [
    "MOST_TEAM_DAYS",
    "Broken",
    "Call",
    "Change",
    "Day",
    "Detail",
    "Plan",
    "Problem",
    "Reason",
    "Replay",
    "Team",
    "Visit",
    "candidates",
    "fill",
    "plan",
    "replay",
    "routes_of",
    "what_would_it_take",
]
