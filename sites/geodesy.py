"""Who is near whom, exactly: nearest neighbours and radius searches on the WGS 84 ellipsoid.

Straight chords through the earth are fast to search (a k-d tree) and bound the geodesic from
both sides; pyproj's geodesic (Karney 2013, good to 15 nm) decides wherever the bounds do not.
Nothing is approximated, also at the poles, across 180° and between antipodes.

The bounds, for a geodesic of length g whose chord is c, with half axes a ≥ b:

* c ≤ g: the straight line is the shortest.
* g ≤ 2R·asin(c / 2R) with R = b²/a, the smallest radius of curvature: a curve that bends no
  more than a circle of radius R keeps its ends at least as far apart (Schur's comparison
  theorem). Used for c < 12,600 km: beyond, an arc longer than half that circle would fit too.
* b·s ≤ g ≤ a·s, where s is the arc between the two points' images on the unit sphere at
  reduced latitudes: an ellipsoid is a unit sphere stretched by between b and a. The sphere's
  chord lies between c/a and c/b, so 2b·asin(c / 2a) ≤ g ≤ 2a·asin(c / 2b). The weaker bound
  for short distances, the stronger one for far ones.
"""

import operator
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pyproj import Geod

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]
T = TypeVar("T")

WGS84 = Geod(ellps="WGS84")
LONG_AXIS, SHORT_AXIS = WGS84.a, WGS84.b
SMALLEST_RADIUS = SHORT_AXIS**2 / LONG_AXIS
SCHUR_LIMIT = 12_600_000.0
ROUNDING = 1e-6  # metres; a hundred times what chords and geodesics lose to rounding
PAIRS_AT_ONCE = 1 << 16  # bounds the memory of nearest()
ROWS_AT_ONCE = 1 << 12  # and that of within()


def distances(a: ArrayLike, b: ArrayLike) -> Floats:
    """Geodesic metres from each point of `a` to the same row of `b`.

    Both are (n, 2) arrays of lon, lat in degrees; the answer is (n,).
    Raises ValueError for other shapes, for coordinates that are not finite or out of range.
    """
    starts, ends = _lon_lat(a, "a"), _lon_lat(b, "b")
    if len(starts) != len(ends):
        raise ValueError(f"a and b must pair up, but have {len(starts)} and {len(ends)} rows")
    return _geodesics(starts, ends)


def nearest(points: ArrayLike, targets: ArrayLike, k: int = 1) -> tuple[Indices, Floats]:
    """The k targets nearest to each point, and how far they are.

    `points` (n, 2) and `targets` (m, 2) are lon, lat in degrees. Returns the targets' indices
    and the geodesic metres: (n,) arrays for k = 1, else (n, k), ascending. Of equally far
    targets the lower index comes first; where there are fewer than k, -1 and inf.
    Raises ValueError for other shapes, for coordinates that are not finite or out of range,
    and for k < 1.
    """
    points, targets = _lon_lat(points, "points"), _lon_lat(targets, "targets")
    if operator.index(k) < 1:
        raise ValueError(f"k must be at least 1, not {k}")
    index = np.full((len(points), k), -1, dtype=np.intp)
    metres = np.full((len(points), k), np.inf)
    kept = _first_copies(targets, k)
    if len(kept):
        _fill_nearest(points, targets, kept, index, metres)
    return (index[:, 0], metres[:, 0]) if k == 1 else (index, metres)


def within(
    points: ArrayLike, targets: ArrayLike, metres: ArrayLike, slack: ArrayLike | None = None
) -> tuple[Indices, Indices]:
    """Every pair of a point and a target that are no farther apart than allowed.

    `points` (n, 2) and `targets` (m, 2) are lon, lat in degrees; `metres` is one number or
    (n,), `slack` (m,) is added to it for each target. A pair counts when its geodesic is at
    most metres[point] + slack[target]; a negative sum allows nothing. Returns the indices of
    the points and of the targets, sorted by point, then by target.
    Raises ValueError for other shapes, for coordinates that are not finite or out of range,
    for metres that are not numbers and for slack that is not finite.
    """
    points, targets = _lon_lat(points, "points"), _lon_lat(targets, "targets")
    allowed = _per_row(metres, len(points), "metres")
    extra = _per_row(0.0 if slack is None else slack, len(targets), "slack")
    if not np.isfinite(extra).all():
        raise ValueError("slack must be finite")
    reach = allowed + extra.max(initial=0.0)
    rows = np.flatnonzero(reach >= 0)
    tree = _tree(targets)

    def search(part: Indices) -> Indices:
        chord_limit = _longest_chord(reach[part].max())
        centres = _tree(points[part])
        found = centres.sparse_distance_matrix(tree, chord_limit, output_type="ndarray")
        row, column, chord = part[found["i"]], found["j"], found["v"]
        limit = allowed[row] + extra[column]
        inside = _longest_geodesic(chord) <= limit
        doubtful = np.flatnonzero(~inside & (chord <= _longest_chord(limit)))
        exact = _geodesics(points[row[doubtful]], targets[column[doubtful]])
        inside[doubtful] = exact <= limit[doubtful]
        pairs: Indices = row[inside] * len(targets) + column[inside]
        return pairs

    alike = rows[np.lexsort((*_along_strips(points[rows]), reach[rows]))]
    parts = _parts(alike, min(len(alike) // 4, ROWS_AT_ONCE))
    pairs = np.concatenate([np.empty(0, dtype=np.intp), *_in_threads(search, parts)])
    return np.divmod(np.sort(pairs), max(len(targets), 1))


def _fill_nearest(
    points: Floats, targets: Floats, kept: Indices, index: Indices, metres: Floats
) -> None:
    """Write the nearest of the `kept` targets into `index` and `metres`, both (n, k).

    Each round measures some targets by chord and looks at the chord of the next one: when it
    is longer than the k-th best geodesic allows, no later target can be as near.
    """
    tree = _tree(targets[kept])
    width = wanted = min(index.shape[1], len(kept))

    def examine(rows: Indices) -> Indices:
        chord, near = tree.query(_earth_centred(points[rows]), k=width + 1)
        found = kept[near[:, :width]]
        exact = _geodesics(np.repeat(points[rows], width, axis=0), targets[found.ravel()])
        exact = exact.reshape(found.shape)
        order = np.lexsort((found, exact), axis=1)[:, :wanted]
        index[rows, :wanted] = np.take_along_axis(found, order, axis=1)
        metres[rows, :wanted] = np.take_along_axis(exact, order, axis=1)
        next_may_win = chord[:, width] <= _longest_chord(metres[rows, wanted - 1])
        undecided: Indices = rows[next_may_win]
        return undecided

    open_rows = np.lexsort(_along_strips(points))
    while len(open_rows):
        parts = _parts(open_rows, PAIRS_AT_ONCE // (width + 1))
        open_rows = np.concatenate(list(_in_threads(examine, parts)))
        width = min(4 * width, len(kept))


def _first_copies(targets: Floats, k: int) -> Indices:
    """Indices of the targets that can be among the k nearest of anyone, ascending.

    Of targets at one and the same place, those after the k-th lose every tie. Without this, a
    file that puts ten thousand villages on one point would have all of them measured.
    """
    order = np.lexsort(targets.T)
    opens = np.ones(len(targets), dtype=bool)
    opens[1:] = (targets[order[1:]] != targets[order[:-1]]).any(axis=1)
    place = np.arange(len(targets))
    copies_before = place - np.maximum.accumulate(np.where(opens, place, 0))
    return np.sort(order[copies_before < k])


def _geodesics(starts: Floats, ends: Floats) -> Floats:
    """Row by row, the geodesic metres between two (n, 2) arrays of lon, lat."""
    (lon, lat), (end_lon, end_lat) = starts.T, ends.T
    metres: Floats = WGS84.inv(lon, lat, end_lon, end_lat, return_back_azimuth=False)[2]
    return metres


def _tree(points: Floats) -> Any:
    """A k-d tree of the points; SciPy is loaded when first needed, for it takes a second."""
    from scipy.spatial import cKDTree  # noqa: PLC0415

    return cKDTree(_earth_centred(points))


def _earth_centred(points: Floats) -> Floats:
    """(n, 3) metres from the centre of the earth, of (n, 2) lon, lat on the ellipsoid."""
    lon, lat = np.radians(points).T
    normal = LONG_AXIS / np.sqrt(1 - WGS84.es * np.sin(lat) ** 2)
    across = normal * np.cos(lat)
    up = (1 - WGS84.es) * normal * np.sin(lat)
    return np.column_stack([across * np.cos(lon), across * np.sin(lon), up])


def _longest_chord(geodesic: Floats) -> Floats:
    """The longest chord that a geodesic of so many metres, or a shorter one, can have."""
    half_arc = np.minimum(geodesic / (2 * SHORT_AXIS), np.pi / 2)
    return np.minimum(geodesic, 2 * LONG_AXIS * np.sin(half_arc)) + ROUNDING


def _longest_geodesic(chord: Floats) -> Floats:
    """The longest geodesic that a chord of so many metres can have."""
    chord = chord + ROUNDING
    curved = 2 * SMALLEST_RADIUS * np.arcsin(np.minimum(chord / (2 * SMALLEST_RADIUS), 1))
    stretched = 2 * LONG_AXIS * np.arcsin(np.minimum(chord / (2 * SHORT_AXIS), 1))
    return np.where(chord < SCHUR_LIMIT, np.minimum(curved, stretched), stretched)


def _along_strips(points: Floats) -> tuple[Floats, Floats]:
    """Keys that sort neighbours together: searching them in turn finds the tree in the cache."""
    return points[:, 1], points[:, 0].round(1)


def _parts(rows: Indices, size: int) -> list[Indices]:
    """`rows` cut into pieces of at most `size` (of 1 at least)."""
    size = max(size, 1)
    return [rows[start : start + size] for start in range(0, len(rows), size)]


def _in_threads(work: Callable[[Indices], T], parts: list[Indices]) -> Iterator[T]:
    """`work` on every part, in order; trees and geodesics let other threads run."""
    if len(parts) == 1:
        yield work(parts[0])
        return
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        yield from pool.map(work, parts)


def _lon_lat(points: ArrayLike, name: str) -> Floats:
    """`points` as an (n, 2) array of finite degrees in range, or ValueError."""
    array = np.asarray(points, dtype=np.float64)
    if array.shape == (0,):
        array = array.reshape(0, 2)
    if array.ndim != 2 or array.shape[1] != 2:
        raise ValueError(f"{name} must have the shape (n, 2) for lon, lat, not {array.shape}")
    for column, coordinate, limit in ((0, "longitude", 180), (1, "latitude", 90)):
        wrong = np.flatnonzero(~(np.abs(array[:, column]) <= limit))
        if len(wrong):
            value = array[wrong[0], column]
            problem = f"outside -{limit}…{limit}" if np.isfinite(value) else "not finite"
            raise ValueError(f"{name}, row {wrong[0]}: {coordinate} {value} is {problem}")
    return array


def _per_row(value: ArrayLike, rows: int, name: str) -> Floats:
    """`value`, one number or one a row, as an array of `rows` numbers, or ValueError."""
    array = np.asarray(value, dtype=np.float64)
    if array.shape not in {(), (rows,)}:
        raise ValueError(
            f"{name} must be one number or have the shape ({rows},), not {array.shape}"
        )
    if np.isnan(array).any():
        raise ValueError(f"{name} must be numbers, not NaN")
    return np.broadcast_to(array, (rows,))
