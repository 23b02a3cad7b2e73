"""Tours: published instances against the best known, the city of the fixtures, and 5,000 places.

`bench/data/solomon.json` holds Solomon's 29 instances of 100 customers with narrow horizons, as
the literature uses them for team orienteering: prize = demand, one day, one or two teams, no
nights. Best known values are those of Righini & Salani (2009, optimal for one team) and of the
surveys by Vansteenwegen et al. (2011) and Gunawan et al. (2016). OR-Tools' routing (guided local
search) gets ten of them, and the same seconds, in the same run. The city and the 5,000 places are
our own: real positions of nothing, so their figures compare ways, not worlds.
"""

import json
import os
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench._own_process import measured_alone
from events.touring import Call, Plan, Problem, Team, plan
from events.touring.prefilter import FEWEST

HERE = Path(__file__).resolve().parent
VILLAGES = HERE.parent / "fixtures" / "villages.csv"
TENTHS = 10  # the instances have one decimal
DAYS, TEAMS, BEDS = 5, 3, 80
SHIFT = (480, 1110)
THEIRS = (
    "c101", "c104", "r101", "r104", "rc101", "rc104", "r109", "r112", "rc105", "rc108",
)  # fmt: skip
MANY, FEWER = 5_000, 2_000
SECONDS, MORE_SECONDS = 20, 60


def published() -> dict[str, Any]:
    """The instances as the file has them."""
    with (HERE / "data" / "solomon.json").open(encoding="utf-8") as file:
        found: dict[str, Any] = json.load(file)
    return found


def instance(name: str, teams: int) -> Problem:
    """A published instance in tenths: windows say when a visit may start, hence the + minutes."""
    data = published()
    layout = data["layouts"][name[:-2]]
    customers = layout["customers"]
    points = np.array([layout["depot"], *(each[:2] for each in customers)], dtype=np.float64)
    away = np.linalg.norm(points[:, None] - points[None], axis=-1)
    travel = np.floor(away * TENTHS + 1e-9).astype(np.int64)
    stay = layout["minutes"] * TENTHS
    calls = [
        Call(place, stay, each[2], ((opens * TENTHS, last * TENTHS + stay),))
        for place, (each, (opens, last)) in enumerate(
            zip(customers, data["windows"][name], strict=True), start=1
        )
    ]
    day = (0, layout["closes"] * TENTHS)
    return Problem(travel, calls, [Team(0, (day,))] * teams)


def city() -> tuple[Problem]:
    """All villages of the fixtures, five days, three teams, every tenth village with a bed."""
    import csv  # noqa: PLC0415

    with VILLAGES.open(encoding="utf-8") as lines:
        points = np.array([(float(v["lon"]), float(v["lat"])) for v in csv.DictReader(lines)])
    return (_tour(points),)


def many(places: int = MANY) -> tuple[Problem]:
    """Many places: half around one town, half spread over 300 km."""
    rng = np.random.default_rng(20260701)
    town = rng.normal((110.0, 40.6), (0.25, 0.15), (places // 2, 2))
    spread = rng.uniform((108.5, 40.3), (111.5, 42.7), (places - places // 2, 2))
    return (_tour(np.concatenate([town, spread])),)


def _tour(points: NDArray[np.float64]) -> Problem:
    """Calls of three lengths, worth 20 to 400, some days closed, some with a break at noon."""
    rng = np.random.default_rng(1)
    km = (points - points.mean(axis=0)) * (111.3 * np.cos(np.radians(points[:, 1].mean())), 111.1)
    travel = np.empty((len(km), len(km)), dtype=np.int32)
    for place, row in enumerate(travel):  # row by row: all at once takes a gigabyte
        away = np.linalg.norm(km - km[place], axis=1)
        row[:] = np.ceil(away * 1.35) + 5 * (away > 0)  # detours, at 60 km/h, and a stop
    kinds: list[Any] = [(480, 1110), ((480, 720), (840, 1110))]
    calls = []
    for place in range(len(points)):
        kind = kinds[int(rng.random() < 0.3)]
        windows = tuple(None if rng.random() < 0.1 else kind for _ in range(DAYS))
        stay = int(rng.choice([45, 60, 90]))
        calls.append(Call(place, stay, int(rng.integers(20, 400)), windows))
    home = int(np.linalg.norm(km - np.median(km, axis=0), axis=1).argmin())
    beds = [int(bed) for bed in np.linspace(0, len(points) - 1, BEDS)]
    return Problem(travel, calls, [Team(home, (SHIFT,) * DAYS)] * TEAMS, beds, 60)


def timed_plan(seconds: float, candidates: int | None, problem: Problem) -> tuple[float, float]:
    """The value of a plan, and the seconds until there was a first one."""
    begun = perf_counter()
    first: list[float] = []

    def told(_: Plan) -> bool:
        first.append(perf_counter() - begun)
        return True

    value = plan(problem, seconds=seconds, candidates=candidates, progress=told).value
    return value, first[0]


def theirs(problem: Problem, seconds: int) -> float:
    """What OR-Tools' routing collects: a penalty of the prize for every customer left out."""
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2  # noqa: PLC0415

    size, closes = len(problem.travel), (problem.teams[0].shifts[0] or (0, 0))[1]
    stay = [0, *(call.minutes for call in problem.calls)]
    manager = pywrapcp.RoutingIndexManager(size, len(problem.teams), 0)
    routing = pywrapcp.RoutingModel(manager)
    node = manager.IndexToNode

    def minutes(i: int, j: int) -> int:
        start: int = node(i)
        return problem.minutes_between(start, node(j)) + stay[start]

    transit = routing.RegisterTransitCallback(minutes)
    routing.SetArcCostEvaluatorOfAllVehicles(transit)
    routing.AddDimension(transit, closes, closes, False, "time")
    time = routing.GetDimensionOrDie("time")
    for k, call in enumerate(problem.calls, start=1):
        ((opens, shut),) = call.spans(0)
        time.CumulVar(manager.NodeToIndex(k)).SetRange(opens, shut - call.minutes)
        routing.AddDisjunction([manager.NodeToIndex(k)], int(call.value) * 1000)
    search = pywrapcp.DefaultRoutingSearchParameters()
    found = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    search.local_search_metaheuristic = found
    search.time_limit.FromSeconds(seconds)
    answer = routing.SolveWithParameters(search)
    every = range(1, size)
    made = [k for k in every if answer.Value(routing.ActiveVar(manager.NodeToIndex(k)))]
    return problem.worth_of(k - 1 for k in made)


def on_published(teams: int, seconds: int, names: list[str] | tuple[str, ...]) -> None:
    """One line an instance, and one with the mean gaps."""
    best = published()["best_known"][str(teams)]
    gaps: dict[str, list[float]] = {"gap": [], "ortools_gap": []}
    for name in names:
        problem, known = instance(name, teams), best[name]
        value = plan(problem, seconds=seconds).value
        line = {"instance": name, "teams": teams, "seconds": seconds, "best_known": known}
        line |= {"value": value, "gap": round(1 - value / known, 5)}
        gaps["gap"].append(1 - value / known)
        if find_spec("ortools") and teams == 1 and name in THEIRS:
            other = theirs(problem, seconds)
            line |= {"ortools_value": other, "ortools_gap": round(1 - other / known, 5)}
            gaps["ortools_gap"].append(1 - other / known)
        say(**line)
    means = {f"mean_{key}": round(sum(all_) / len(all_), 5) for key, all_ in gaps.items() if all_}
    say(instances=len(names), teams=teams, seconds=seconds, **means)


def on_the_city() -> None:
    """821 places: the first plan, ten seconds beside sixty, and the memory of the process."""
    values = {}
    for seconds in (10, 60):
        measured = measured_alone(city, partial(timed_plan, seconds, None))
        values[seconds], first = measured.value
        say(
            places=821,
            days=DAYS,
            teams=TEAMS,
            beds=BEDS,
            seconds=seconds,
            first_seconds=round(first, 2),
            value=values[seconds],
            took=round(measured.seconds, 1),
            peak_mb=round(measured.peak_mb),
        )
    say(places=821, loss_of_10_against_60_seconds=round(1 - values[10] / values[60], 4))


def on_many() -> None:
    """5,000 places as usual; of 2,000 the usual 400 candidates, and all with more seconds too.

    All of 5,000 would take several gigabytes, which is what the filter is for.
    """
    said(MANY, None, SECONDS)
    filtered = said(FEWER, None, SECONDS)
    same, more = (said(FEWER, FEWER, seconds) for seconds in (SECONDS, MORE_SECONDS))
    say(
        places=FEWER,
        filtered_seconds=SECONDS,
        unfiltered_seconds=SECONDS,
        loss_by_filter=round(1 - filtered / same, 4),
    )
    say(
        places=FEWER,
        filtered_seconds=SECONDS,
        unfiltered_seconds=MORE_SECONDS,
        loss_by_filter=round(1 - filtered / more, 4),
    )


def said(places: int, candidates: int | None, seconds: float) -> float:
    """One line on a plan of many places; its value."""
    measured = measured_alone(partial(many, places), partial(timed_plan, seconds, candidates))
    value, first = measured.value
    say(
        places=places,
        candidates=candidates or FEWEST,
        seconds=seconds,
        value=value,
        first_seconds=round(first, 2),
        took=round(measured.seconds, 1),
        peak_mb=round(measured.peak_mb),
    )
    return value


def say(**figures: Any) -> None:
    """One JSON object on a line."""
    load = round(os.getloadavg()[0], 1)
    print(json.dumps({"benchmark": "touring", **figures, "load": load}), flush=True)


def main() -> None:
    names = list(published()["windows"])
    on_published(1, 5, names)
    on_published(2, 10, names)
    on_the_city()
    on_many()


if __name__ == "__main__":
    main()
