"""`plan`: filter, search (two seeds side by side where seconds allow), polish, and say why not."""

from collections.abc import Callable
from contextlib import nullcontext
from time import monotonic

from events.touring.insertion import Draft
from events.touring.nights import staying
from events.touring.part import Part
from events.touring.polish import polished, rank
from events.touring.prefilter import chosen_calls
from events.touring.problem import Problem
from events.touring.reach import reachable
from events.touring.reasons import reasons
from events.touring.repair import trimmed
from events.touring.replaying import plan_of, routes_of
from events.touring.result import Plan
from events.touring.search import Budget, search
from events.touring.twin import Twin

Progress = Callable[[Plan], bool]
ASK_EVERY = 0.3  # seconds: so that a wish to stop is heard at once
TWIN_FROM = 2.0  # seconds: below that a second process costs more than it finds
REST = 0.04  # the share of the seconds that is kept for polish and reasons
REST_OF_CALL = 0.0008  # seconds more for each call: so long takes its reason


def plan(  # noqa: PLR0913
    problem: Problem,
    *,
    seconds: float = 5.0,
    iterations: int | None = None,
    seed: int = 1,
    start: Plan | None = None,
    progress: Progress | None = None,
    processes: int | None = None,
    candidates: int | None = None,
) -> Plan:
    """The best plan found in `seconds`, or in so many `iterations` of the inner search.

    The same seed and iterations give the same plan; seconds do not. `start` is an earlier plan to
    improve: what of it breaks no rule stays until something better is found. `progress` is called
    with each better plan (its `left_out` empty), and again with the best one where `ASK_EVERY`
    seconds went by without a better; it stops the search by returning False.
    `processes` (1 or 2; by default 2 for two seconds or more) searches with two seeds side by side
    and keeps the better plan; with `iterations` there is always one. `candidates` is how many calls
    the search is given (by default by the number of days, see `prefilter`). Raises ValueError for a
    limit below 0.
    """
    if not seconds >= 0:
        raise ValueError(f"seconds must be at least 0, not {seconds}")
    if iterations is not None and iterations < 0:
        raise ValueError(f"iterations must be at least 0, not {iterations}")
    budget = Budget(iterations, monotonic() + _for_search(problem, seconds))
    two = iterations is None and (processes or (2 if seconds >= TWIN_FROM else 1)) > 1
    possible = reachable(problem)
    best = draft_of(problem, start) if start else Draft(problem, staying(problem), {})
    chosen = chosen_calls(problem, possible, candidates)
    if chosen and not budget.spent():
        part = Part.of(problem, sorted({*chosen, *best.visited}))
        first = part.inward(best) if start else None
        best = max(best, _searched(part, first, budget, seed, progress, two), key=rank)
    best = polished(best, range(len(problem.calls)), possible)
    result = plan_of(best)
    return Plan(result.days, reasons(best, possible), result.value)


def _for_search(problem: Problem, seconds: float) -> float:
    """The seconds of the search: what polish and reasons take is kept back, but half at most."""
    return seconds - min(REST * seconds + REST_OF_CALL * len(problem.calls), seconds / 2)


def _searched(  # noqa: PLR0913, PLR0917
    part: Part,
    first: Draft | None,
    budget: Budget,
    seed: int,
    progress: Progress | None,
    two: bool,
) -> Draft:
    """The best draft of the whole that one search finds, or two."""
    twin = Twin(part.problem, seed + 1, budget.until, first) if two else None
    told = Telling(part, budget, progress, first) if progress else lambda draft: None
    with twin or nullcontext():
        found = [search(part.problem, budget, seed, first, told)]
        if twin is not None:
            found += twin.answer(cancelled=budget.cancelled)
    return part.outward(max(found, key=rank))


class Telling:
    """Gives `progress` each better draft, and the best again while there is no better one."""

    def __init__(self, part: Part, budget: Budget, progress: Progress, first: Draft | None) -> None:
        self._part, self._budget, self._progress = part, budget, progress
        still = Draft(part.problem, staying(part.problem), {})
        self._rank, self._best = -1.0, plan_of(part.outward(first or still))
        self._asked = monotonic()
        budget.look = self._again

    def __call__(self, draft: Draft) -> None:
        if rank(draft) > self._rank and not self._budget.cancelled:
            self._rank, self._best = rank(draft), plan_of(self._part.outward(draft))
            self._ask()

    def _again(self) -> None:
        if monotonic() - self._asked >= ASK_EVERY:
            self._ask()

    def _ask(self) -> None:
        self._budget.cancelled |= self._progress(self._best) is False
        self._asked = monotonic()


def draft_of(problem: Problem, start: Plan) -> Draft:
    """What of an earlier plan still holds: known calls, once each, on days that can be driven."""
    nights, routes, seen = staying(problem), {}, set()
    given = routes_of(start)
    for duty in problem.duties:
        calls, end = given.get(duty, ((), None))
        if end in problem.nights_for(*duty):
            nights[duty] = end
        allowed = [c for c in calls if c < len(problem.calls) and c not in seen]
        routes[duty] = tuple(c for c in allowed if problem.allows(c, duty[0]))
        seen |= set(routes[duty])
    draft = trimmed(Draft(problem, nights, routes))
    if all(draft.fits(duty, draft.calls(duty)) for duty in problem.duties):
        return draft
    return trimmed(Draft(problem, staying(problem), routes))
