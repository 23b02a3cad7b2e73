"""Where to build in the city of the fixtures: fewest places, 20 that reach most, 20 medians.

Beside `sites.siting`, in the same run and on the same distances, spopt with its CBC where spopt
is installed (not for the p-median: its model takes 2 GB and minutes, and CBC finds no answer to it
in a minute). Each runs alone; `first_seconds` and `proven_seconds` count from the call, with the
distances; spopt gets its matrix ready-made, and gives neither a bound nor a first answer.
"""

import csv
import importlib.util
import json
import os
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench._own_process import measured_alone

VILLAGES = Path(__file__).resolve().parent.parent / "fixtures" / "villages.csv"
RADIUS_M, COUNT, SECONDS = 5_000, 20, 60
QUESTIONS: dict[str, dict[str, Any]] = {
    "lscp": {"radius_m": RADIUS_M},
    "mclp": {"radius_m": RADIUS_M, "count": COUNT},
    "p-median": {"count": COUNT},
}
COMPARED = ("lscp", "mclp")
Floats = NDArray[np.float64]


def city() -> tuple[Floats, Floats]:
    """The villages' lon, lat, and a weight for each (their populations are not published)."""
    with VILLAGES.open(encoding="utf-8") as lines:
        points = np.array([(float(v["lon"]), float(v["lat"])) for v in csv.DictReader(lines)])
    weights = np.random.default_rng(20260701).integers(200, 5000, len(points))
    return points, weights.astype(np.float64)


def city_with_matrix() -> tuple[Floats, Floats]:
    """All distances instead of the points."""
    from sites.geodesy import distances  # noqa: PLC0415

    points, weights = city()
    pairs = np.repeat(points, len(points), axis=0), np.tile(points, (len(points), 1))
    return distances(*pairs).reshape(len(points), -1), weights


def ours(method: str, points: Floats, weights: Floats) -> dict[str, Any]:
    """What `sites.siting` finds, and when."""
    from sites.siting import improvements  # noqa: PLC0415  (loading SciPy is part of no question)

    start = perf_counter()
    answers = improvements(
        points, points, weights, method=method, seconds=SECONDS, **QUESTIONS[method]
    )
    timed = [(round(perf_counter() - start, 2), answer) for answer in answers]
    (first_seconds, first), (_, last) = timed[0], timed[-1]
    return {
        "first_seconds": first_seconds,
        "first_gap": round(first.gap, 5),
        "proven_seconds": next((at for at, each in timed if each.status == "optimal"), None),
        "objective": round(last.objective, 1),
        "gap": last.gap,
        "status": last.status,
        "unique": last.unique,
    }


def theirs(method: str, metres: Floats, weights: Floats) -> float:
    """The objective that spopt with CBC reaches."""
    import pulp  # noqa: PLC0415
    from spopt.locate import LSCP, MCLP  # noqa: PLC0415

    solver = pulp.PULP_CBC_CMD(msg=False, timeLimit=SECONDS)
    if method == "lscp":
        model = LSCP.from_cost_matrix(metres, RADIUS_M)
    else:
        model = MCLP.from_cost_matrix(metres, weights, RADIUS_M, COUNT)
    return float(model.solve(solver, results=False).problem.objective.value())


def main() -> None:
    for method in QUESTIONS:
        measured = measured_alone(city, partial(ours, method))
        figures = {"benchmark": "siting", "method": method, **measured.value}
        figures["peak_mb"] = round(measured.peak_mb)
        if method in COMPARED and importlib.util.find_spec("spopt"):
            peer = measured_alone(city_with_matrix, partial(theirs, method))
            figures["spopt_seconds"] = round(peer.seconds, 1)
            figures["spopt_objective"] = peer.value
            figures["spopt_peak_mb"] = round(peer.peak_mb)
        figures["load"] = round(os.getloadavg()[0], 1)
        print(json.dumps(figures), flush=True)


if __name__ == "__main__":
    main()
