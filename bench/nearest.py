"""The nation in one go: the nearest of 300,000 places for each of 621,000 villages.

Beside `sites.geodesy.nearest`, in the same run and on the same points, scikit-learn's BallTree
with the haversine metric, which takes the earth for a sphere. An answer is wrong when the place
that it names is, on the ellipsoid, over 1 mm farther than the nearest one.
"""

import json

import numpy as np
from numpy.typing import NDArray

from bench._own_process import measured_alone
from sites.geodesy import distances, nearest

VILLAGES, PLACES, COUNTIES = 621_000, 300_000, 2_800
Floats = NDArray[np.float64]


def nation() -> tuple[Floats, Floats]:
    """Villages around county seats (some 15 km), places by villages (some 1 km), as lon, lat."""
    rng = np.random.default_rng(20260701)
    seats = rng.uniform((80, 20), (125, 48), (COUNTIES, 2))
    villages = seats[rng.integers(0, COUNTIES, VILLAGES)] + rng.normal(0, 0.15, (VILLAGES, 2))
    places = villages[rng.integers(0, VILLAGES, PLACES)] + rng.normal(0, 0.01, (PLACES, 2))
    return villages, places


def haversine_nearest(villages: Floats, places: Floats) -> tuple[NDArray[np.intp], Floats]:
    """The index of the nearest place on a sphere, and the angle to it."""
    from sklearn.neighbors import BallTree  # noqa: PLC0415  (or it would weigh on the other one)

    tree = BallTree(np.radians(places[:, ::-1]), metric="haversine")
    angle, index = tree.query(np.radians(villages[:, ::-1]))
    return index[:, 0], angle[:, 0]


def main() -> None:
    ours, theirs = measured_alone(nation, nearest), measured_alone(nation, haversine_nearest)
    villages, places = nation()
    exact = ours.value[1]
    excess = distances(villages, places[theirs.value[0]]) - exact
    figures = {
        "benchmark": "nearest",
        "points": VILLAGES,
        "targets": PLACES,
        "seconds": round(ours.seconds, 2),
        "peak_mb": round(ours.peak_mb),
        "wrong": int((excess < -0.001).sum()),
        "balltree_seconds": round(theirs.seconds, 2),
        "balltree_peak_mb": round(theirs.peak_mb),
        "balltree_wrong": int((excess > 0.001).sum()),
        "balltree_worst_m": round(float(excess.max()), 3),
        "times_faster": round(theirs.seconds / ours.seconds, 1),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
