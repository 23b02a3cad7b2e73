"""The search: over the nights outside, over the visits inside (PyVRP), from the best known plan.

A round moves one night to another bed (or each night to the bed that suits its days best), takes
out the visits that no longer fit, and lets the inner search improve the rest. Worth that several
calls share is priced anew in every round: each unit's worth is put on one call that serves it,
mostly one that is planned, so that the prices of a plan never add up to more than its true value.
The best plan by the true value is kept.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from time import monotonic
from typing import TYPE_CHECKING

import numpy as np

from events.touring.insertion import Draft
from events.touring.model import DEAREST_MINUTE, FEW_DAYS, Duty, Model, Nights, Routes, start_of
from events.touring.nights import Outlook, guessed, most_worth, staying
from events.touring.polish import polished, rank
from events.touring.problem import Problem
from events.touring.reach import reachable
from events.touring.repair import trimmed, with_musts

if TYPE_CHECKING:
    from pyvrp.stop import StoppingCriterion

CHUNK = 1500  # iterations of the inner search in a round
ROUNDS = 12  # at least, where iterations are few
FEWEST = 40  # iterations of the inner search in a round
DAYS_VISITS = 15  # more than a day usually has
GUESSES = 2  # of nights to begin with
PROPOSED = 20  # moves of a night, of which the outlook chooses those that are tried
UNSURE = 0.02  # of the outlook
TRIED = 3  # moves of a night tried before the best is searched further
PATIENCE = 12  # rounds without a better plan before going back to the best
OTHER_SERVER = 0.2  # how often a unit's worth is put on another call than the planned one


@dataclass
class Budget:
    """Iterations or seconds that are left; `cancelled` ends the search at once.

    `look` is called whenever the budget is asked, which is after every iteration: it may cancel.
    """

    iterations: int | None
    until: float
    used: int = 0
    cancelled: bool = False
    look: Callable[[], None] = lambda: None

    def spent(self) -> bool:
        if not self.cancelled:
            self.look()
        if self.cancelled:
            return True
        if self.iterations is not None:
            return self.used >= self.iterations
        return monotonic() >= self.until

    def stop_after(self, most: int | None) -> "StoppingCriterion":
        """Asked once an iteration: true after `most` of them, or when all is spent."""
        begun = self.used

        def stop(best_cost: int) -> bool:
            if self.spent() or (most is not None and self.used - begun >= most):
                return True
            self.used += 1
            return False

        return stop


@dataclass
class Search:
    """State of one search; `run` returns the best draft."""

    problem: Problem
    model: Model
    budget: Budget
    seed: int
    told: Callable[[Draft], None] = lambda draft: None
    _round: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self._random = Random(self.seed)  # noqa: S311  (no secret)
        duties = self.problem.duties
        self._free = [duty for duty in duties if len(self.problem.nights_for(*duty)) > 1]
        self._shares = any(self.problem.calls[call].serves for call in self.model.calls)
        self._scale = _scale(self.problem)
        self._outlook = Outlook(self.problem, self.model.possible)
        self._polished: Routes = {}
        self._priced = 0
        most = self.budget.iterations
        self._chunk = CHUNK if most is None else min(CHUNK, max(most // ROUNDS, FEWEST))

    def run(self, start: Draft | None) -> Draft:
        """Improve `start` (in time), or the better of two first guesses at the nights."""
        begun = start if start is not None else self._first()
        best = with_musts(begun, self.model.calls, self.model.possible, self.budget.spent)
        self.told(best)
        current, at, idle = best, best, 0
        while not self.budget.spent():
            draft, last = self._next(at)
            if rank(draft) >= rank(current):
                current, at = draft, last
            idle = 0 if rank(draft) > rank(best) else idle + 1
            if rank(draft) > rank(best):
                best = draft
                self.told(best)
            elif idle >= (PATIENCE if self._free else PATIENCE // 2):
                # Without nights to move, another beginning is what is left to try.
                again = Draft(self.problem, best.nights, {})
                current, idle = best if self._free else again, 0
                at = current
        return best

    def _first(self) -> Draft:
        still = Draft(self.problem, staying(self.problem), {})
        if not self._free:
            return still
        first, _ = self._inner(still, self._chunk // 10)
        self.told(first)
        tries = [guessed(self._outlook, still.nights, self._random) for _ in range(GUESSES)]
        nights = max(tries, key=self._outlook.value)
        guess, _ = self._inner(Draft(self.problem, nights, {}), self._chunk // 10)
        return max(first, guess, key=rank)

    def _next(self, current: Draft) -> tuple[Draft, Draft]:
        if not self._free:
            return self._inner(current, self._chunk if self._shares else None)
        self._round += 1
        if self._round % 4 == 1:
            moved = trimmed(Draft(self.problem, self._suited(current), current.routes))
        else:
            moved = max((self._tried(current, *move) for move in self._moves(current)), key=rank)
        return self._inner(moved, self._chunk)

    def _moves(self, current: Draft) -> list[tuple[Duty, int]]:
        """Moves of a night, those with the best outlook of many."""
        moves = dict.fromkeys(self._move(current) for _ in range(PROPOSED))
        outlook = {
            (duty, bed): self._outlook.value({**current.nights, duty: bed})
            * (1 + UNSURE * self._random.random())
            for duty, bed in moves
        }
        return sorted(moves, key=lambda move: -outlook[move])[:TRIED]

    def _tried(self, current: Draft, duty: Duty, bed: int) -> Draft:
        """The draft with one night moved and its two days made good again, quickly."""
        if self.budget.spent():
            return current
        moved = Draft(self.problem, {**current.nights, duty: bed}, current.routes)
        after = self.problem.next_day(*duty)
        both = [duty] if after is None else [duty, (duty[0], after)]
        made = polished(trimmed(moved, both), self.model.calls, self.model.possible, both)
        return made if all(made.fits(each, made.calls(each)) for each in both) else current

    def _inner(self, draft: Draft, most: int | None) -> tuple[Draft, Draft]:
        """Visits improved for the draft's nights: the best, and where the search has got to."""

        def on_best(routes: Routes) -> None:
            self.told(Draft(self.problem, draft.nights, routes))

        routes, last = self.model.improved(
            draft.nights,
            draft.routes,
            self._prices(draft),
            seed=self._random.randrange(2**31),
            stop=self.budget.stop_after(most),
            on_best=on_best if most is None else None,
        )
        found = Draft(self.problem, draft.nights, routes)
        if self._shares:  # or else what polishing finds is not worth its time, but at the end
            changed = [d for d in self.problem.duties if found.calls(d) != self._polished.get(d)]
            found = polished(found, self.model.calls, self.model.possible, changed)
            self._polished = dict(found.routes)
        if all(found.fits(duty, found.calls(duty)) for duty in self.problem.duties):
            return found, trimmed(Draft(self.problem, draft.nights, last))
        still = Draft(self.problem, staying(self.problem), {})
        return still, still

    def _prices(self, draft: Draft) -> list[int]:
        """Whole prizes per client: value, bonus, the units put on it; a dominating one for musts."""
        calls = self.problem.calls
        worth = {call: float(calls[call].value) for call in self.model.calls}
        if self._shares:
            self._share(worth, set(draft.visited))
        prices = [worth[client.call] + client.bonus for client in self.model.clients]
        # A must takes the place of a day's visits at most.
        top = DAYS_VISITS * max([*prices, *worth.values()], default=0.0)
        return [
            round((price + top * calls[client.call].must) * self._scale)
            for client, price in zip(self.model.clients, prices, strict=True)
        ]

    def _share(self, worth: dict[int, float], planned: set[int]) -> None:
        self._priced += 1
        servers: dict[int, list[int]] = {}
        for call in self.model.calls:
            for unit in self.problem.calls[call].serves:
                servers.setdefault(unit, []).append(call)
        for unit, mine in servers.items():
            chosen = [call for call in mine if call in planned]
            other = not chosen or self._random.random() < OTHER_SERVER
            pick = self._random.choice(mine if other else chosen)
            if self._priced == 1 and not planned:
                pick = max(mine, key=lambda c: worth[c])
            worth[pick] += self.problem.worth[unit]

    def _move(self, current: Draft) -> tuple[Duty, int]:
        """A night and another bed: near the present one, near the day's calls, or anywhere."""
        duty = self._random.choice(self._free)
        options = [b for b in self.problem.nights_for(*duty) if b != current.nights[duty]]
        if self._random.random() < 0.75:
            calls = current.calls(duty)
            near = current.nights[duty]
            if calls and self._random.random() < 0.5:
                near = self.problem.calls[self._random.choice(calls)].place
            options.sort(key=lambda bed: self.problem.minutes_between(near, bed))
            options = options[:8]
        return duty, self._random.choice(options)

    def _suited(self, current: Draft) -> Nights:
        """Each night where it makes the present days shortest."""
        nights = dict(current.nights)
        for duty in self._free:
            after = self.problem.next_day(*duty)
            morrow = (duty[0], after if after is not None else duty[1])
            options = self.problem.nights_for(*duty)
            last = self._last(current, nights, duty)
            first = self._first_stop(current, nights, morrow)
            way = self.problem.minutes_between
            limits = {bed: self.problem.leg_limit(*duty, bed) for bed in options}
            near = [bed for bed, most in limits.items() if most is None or way(last, bed) <= most]
            nights[duty] = min(
                near, key=lambda bed: way(last, bed) + way(bed, first), default=nights[duty]
            )
        return nights

    def _last(self, draft: Draft, nights: Nights, duty: Duty) -> int:
        calls = draft.calls(duty)
        if calls:
            return self.problem.calls[calls[-1]].place
        return start_of(self.problem, nights, duty)

    def _first_stop(self, draft: Draft, nights: Nights, duty: Duty) -> int:
        calls = draft.calls(duty)
        return self.problem.calls[calls[0]].place if calls else nights[duty]


def search(
    problem: Problem,
    budget: Budget,
    seed: int,
    first: Draft | None,
    told: Callable[[Draft], None] = lambda draft: None,
) -> Draft:
    """What one search finds within the budget, with all the problem's calls as candidates."""
    model = Model(problem, range(len(problem.calls)), reachable(problem))
    return Search(problem, model, budget, seed, told).run(first)


def _scale(problem: Problem) -> float:
    """Prizes for a unit of value: so many that a call is worth a minute or two late on average.

    Beside these prizes travel decides only between equals; much dearer ones would make PyVRP
    prefer days that cannot be driven.
    """
    late = 2 if len(problem.duties) <= FEW_DAYS else 0.6
    calls = range(len(problem.calls))
    mean = float(np.mean([most_worth(problem, call) for call in calls] or [0.0]))
    return late * DEAREST_MINUTE / mean if mean > 0 else 1.0
