"""The tour with its nights fixed, as a problem of PyVRP: one vehicle per team and day.

A call is an optional client with a prize; where its windows or bonuses differ, one client per
window and bonus, of which at most one is visited. A client that cannot be visited on a team's day (closed, not allowed,
out of reach) is unreachable in that vehicle's routing profile. Every place that may end a day is
a depot of its own per limit on the last leg, so that the limit is in the matrix too.
"""

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from events.touring.clock import Drive, timed
from events.touring.problem import Problem, Span

if TYPE_CHECKING:
    import pyvrp
    from pyvrp.stop import StoppingCriterion

Duty = tuple[int, int]
Routes = dict[Duty, tuple[int, ...]]
Nights = dict[Duty, int]  # where each working day ends

NO_WAY = 10**6  # minutes of a way that is none: PyVRP asks for a number
DEAREST_MINUTE = 100_000.0  # PyVRP's highest price of a minute late, half of which it begins with
NEIGHBOURS = 30  # of each client, among which moves are sought (measured beside 50 and 100)
# A few days are searched best with restarts from the best plan and a long memory of what was
# accepted, many days with neither (both measured).
FEW_DAYS = 4
RESTART_AFTER, LONG_HISTORY = 2_000, 300
NEVER, SHORT_HISTORY = 10**9, 30


@dataclass(frozen=True)
class Client:
    """A call in one of its windows, with the bonus of the days that have both."""

    call: int
    span: Span
    bonus: float


@dataclass
class Model:
    """PyVRP's data for `calls` of a problem, built once; nights and prices change per run."""

    problem: Problem
    calls: Sequence[int]
    possible: NDArray[np.bool_]
    clients: list[Client] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._client_of: dict[Client, int] = {}
        for call in self.calls:
            for client in self._clients(call):
                self._client_of[client] = len(self.clients)
                self.clients.append(client)
        self._depots = _depots(self.problem)
        self._matrices: list[Any]  # PyVRP's stub says less than it takes
        self._matrices, self._profile_of = self._profiles()
        self._neighbours: Any = None
        self._penalties: Any = ([], DEAREST_MINUTE / 2, DEAREST_MINUTE / 2)
        self._dearest = 0

    def improved(  # noqa: PLR0913
        self,
        nights: Nights,
        routes: Routes,
        prices: Sequence[int],
        *,
        seed: int,
        stop: "StoppingCriterion",
        on_best: Callable[[Routes], None] | None = None,
    ) -> tuple[Routes, Routes]:
        """The best routes found by local search from `routes`, whose visits must be in time.

        And those that the search has got to, which may be late, to go on from. `prices` are whole
        and at least 0, one for each of `clients`; `stop` is asked after every iteration.
        """
        from pyvrp import RandomNumberGenerator  # noqa: PLC0415

        self._dearest = max(prices, default=0)
        data = self._data(nights, prices)
        search = self._search(data, RandomNumberGenerator(seed=seed), stop, on_best)
        best, last = search(self._solution(data, nights, routes))
        return self._routes(best), self._routes(last)

    def _clients(self, call: int) -> list[Client]:
        each, duties = self.problem.calls[call], self.problem.duties
        days = {day for (_, day), can in zip(duties, self.possible[call], strict=True) if can}
        kinds = {(span, each.bonus_on(day)) for day in days for span in each.spans(day)}
        long = (kind for kind in kinds if kind[0][1] - kind[0][0] >= each.minutes)
        return [Client(call, span, bonus) for span, bonus in sorted(long)]

    def _data(self, nights: Nights, prices: Sequence[int]) -> "pyvrp.ProblemData":
        import pyvrp  # noqa: PLC0415

        groups = self._groups()
        member = {client: index for index, group in enumerate(groups) for client in group}
        clients = [
            pyvrp.Client(
                location=index,
                service_duration=self.problem.calls[each.call].minutes,
                tw_early=each.span[0],
                tw_late=each.span[1] - self.problem.calls[each.call].minutes,
                prize=prices[index],
                required=False,
                group=member.get(index),
            )
            for index, each in enumerate(self.clients)
        ]
        size = len(self.clients)
        return pyvrp.ProblemData(
            locations=[pyvrp.Location(0, 0)] * (size + len(self._depots)),
            clients=clients,
            depots=[pyvrp.Depot(size + index) for index in range(len(self._depots))],
            vehicle_types=self._vehicles(nights),
            distance_matrices=self._matrices,
            duration_matrices=self._matrices,
            groups=[pyvrp.ClientGroup(group, required=False) for group in groups],
        )

    def _groups(self) -> list[list[int]]:
        of: dict[int, list[int]] = {}
        for index, client in enumerate(self.clients):
            of.setdefault(client.call, []).append(index)
        return [group for group in of.values() if len(group) > 1]

    def _vehicles(self, nights: Nights) -> "list[pyvrp.VehicleType]":
        import pyvrp  # noqa: PLC0415

        vehicles = []
        for index, duty in enumerate(self.problem.duties):
            team = self.problem.teams[duty[0]]
            opens, closes = team.shifts[duty[1]] or (0, 0)
            night = nights[duty]
            ends = self._depots[night, self.problem.leg_limit(*duty, night)]
            starts = self._depots[start_of(self.problem, nights, duty), None]
            longest = closes - opens if team.max_duty is None else team.max_duty
            vehicles.append(
                pyvrp.VehicleType(
                    start_depot=starts,
                    end_depot=ends,
                    tw_early=opens,
                    tw_late=closes,
                    shift_duration=min(longest, closes - opens),
                    profile=self._profile_of[index],
                )
            )
        return vehicles

    def _profiles(self) -> tuple[list[NDArray[np.int64]], list[int]]:
        """One matrix for each different set of clients that a day can have."""
        base = self._minutes()
        masks: dict[bytes, int] = {}
        matrices: list[NDArray[np.int64]] = []
        profile_of: list[int] = []
        for column, (_, day) in enumerate(self.problem.duties):
            mask = np.array([self._can(each, column, day) for each in self.clients], dtype=bool)
            key = mask.tobytes()
            if key not in masks:
                masks[key] = len(matrices)
                matrix = base.copy()
                matrix[:, np.flatnonzero(~mask)] = NO_WAY
                np.fill_diagonal(matrix, 0)
                matrices.append(matrix)
            profile_of.append(masks[key])
        return matrices, profile_of

    def _can(self, client: Client, column: int, day: int) -> bool:
        call = self.problem.calls[client.call]
        suits = client.span in call.spans(day) and client.bonus == call.bonus_on(day)
        return suits and bool(self.possible[client.call, column])

    def _minutes(self) -> NDArray[np.int64]:
        depots = list(self._depots)
        own = [self.problem.calls[each.call].place for each in self.clients]
        places = np.array(own + [place for place, _ in depots], dtype=np.int64)
        matrix = self.problem.minutes[np.ix_(places, places)].astype(np.int64)
        for index, (_, limit) in enumerate(depots, start=len(own)):
            if limit is not None:
                far = matrix[: len(own), index] > limit
                matrix[: len(own), index][far] = NO_WAY
        np.fill_diagonal(matrix, 0)
        return matrix

    def _search(
        self,
        data: "pyvrp.ProblemData",
        rng: "pyvrp.RandomNumberGenerator",
        stop: "StoppingCriterion",
        on_best: Callable[[Routes], None] | None,
    ) -> "Callable[[pyvrp.Solution], tuple[pyvrp.Solution, pyvrp.Solution]]":
        import pyvrp  # noqa: PLC0415
        from pyvrp.exceptions import PenaltyBoundWarning  # noqa: PLC0415
        from pyvrp.search import (  # noqa: PLC0415
            OPERATORS,
            LocalSearch,
            NeighbourhoodParams,
            compute_neighbours,
        )

        if self._neighbours is None:
            near = NeighbourhoodParams(num_neighbours=NEIGHBOURS)
            self._neighbours = compute_neighbours(data, near)
        search = LocalSearch(data, rng, self._neighbours)
        for operator in OPERATORS:
            if operator.supports(data):
                search.add_operator(operator(data))
        # Restarts are the rule here: what PyVRP says of its penalties is no news.
        warnings.filterwarnings("ignore", category=PenaltyBoundWarning)
        params = pyvrp.PenaltyParams(max_penalty=max(DEAREST_MINUTE, self._dearest / 10))
        penalties = pyvrp.PenaltyManager(self._penalties, params)
        watch = _watching(self, on_best)
        few = len(self.problem.duties) <= FEW_DAYS
        tuned = pyvrp.IteratedLocalSearchParams(
            num_iters_no_improvement=RESTART_AFTER if few else NEVER,
            history_length=LONG_HISTORY if few else SHORT_HISTORY,
            callbacks=watch,
        )

        def run(initial: "pyvrp.Solution") -> "tuple[pyvrp.Solution, pyvrp.Solution]":
            first = search(initial, penalties.max_cost_evaluator(), exhaustive=True)
            if not first.is_feasible():
                first = initial
            elif on_best is not None:
                on_best(self._routes(first))
            algorithm = pyvrp.IteratedLocalSearch(data, penalties, search, first, tuned)
            best = algorithm.run(stop, collect_stats=False).best
            self._penalties = penalties.penalties()
            return best, watch.current or best

        return run

    def _solution(
        self, data: "pyvrp.ProblemData", nights: Nights, routes: Routes
    ) -> "pyvrp.Solution":
        import pyvrp  # noqa: PLC0415

        made = []
        for index, duty in enumerate(self.problem.duties):
            visits = self._visits(duty, nights, routes.get(duty, ()))
            if visits:
                made.append(pyvrp.Route(data, visits, index))
        return pyvrp.Solution(data, made)

    def _visits(self, duty: Duty, nights: Nights, calls: Sequence[int]) -> list[int]:
        """The clients of a day's calls, each in the window that its time falls in."""
        start = start_of(self.problem, nights, duty)
        day = timed(Drive(self.problem, *duty, start, calls, nights[duty]))
        clients = []
        for visit in day.visits:
            call = self.problem.calls[visit.call]
            span = next(
                s for s in call.spans(duty[1]) if s[0] <= visit.begin and visit.leave <= s[1]
            )
            clients.append(self._client_of[Client(visit.call, span, call.bonus_on(duty[1]))])
        return clients

    def _routes(self, solution: "pyvrp.Solution") -> Routes:
        routes: Routes = {}
        for route in solution.routes():
            made = tuple(self.clients[each.idx].call for each in route if each.is_client())
            routes[self.problem.duties[route.vehicle_type()]] = made
        return routes


def start_of(problem: Problem, nights: Nights, duty: Duty) -> int:
    """Where the team wakes up: where its working day before ended."""
    team, day = duty
    days = problem.teams[team].days
    before = days.index(day) - 1
    return nights[team, days[before]] if before >= 0 else problem.teams[team].begins


def _depots(problem: Problem) -> dict[tuple[int, int | None], int]:
    """(place, limit of the last leg) of every place where a day may start (no limit) or end."""
    found: dict[tuple[int, int | None], int] = {}
    for team, day in problem.duties:
        for place in problem.nights_for(team, day):
            found.setdefault((place, problem.leg_limit(team, day, place)), len(found))
            found.setdefault((place, None), len(found))
        found.setdefault((problem.teams[team].begins, None), len(found))
    return found


def _watching(model: Model, tell: Callable[[Routes], None] | None) -> Any:
    """PyVRP's callbacks: each better solution is told; `current` is where the search has got to."""
    import pyvrp  # noqa: PLC0415

    class Watching(pyvrp.IteratedLocalSearchCallbacks):
        current: "pyvrp.Solution | None" = None

        def on_best(self, best: "pyvrp.Solution") -> None:
            if tell is not None and best.is_feasible():
                tell(model._routes(best))

        def on_iteration(self, current: "pyvrp.Solution", *_: object) -> None:
            self.current = current

    return Watching()
