"""GCJ-02, BD-09 and CGCS2000 into WGS 84 and back.

GCJ-02 (AMap, Tencent) moves WGS 84 by up to a kilometre inside the box that coordTransform
takes for China, and by nothing outside it; BD-09 (Baidu) moves GCJ-02 once more, everywhere.
CGCS2000 and WGS 84 differ by centimetres, less than any position here is known to: the same
numbers serve for both.
"""

from collections.abc import Callable, Sequence
from enum import StrEnum

import coordTransform
import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Transform = Callable[[Floats, Floats], tuple[Sequence[float], Sequence[float]]]


class CRS(StrEnum):
    """The coordinate systems that a file may be in."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"
    CGCS2000 = "cgcs2000"


FROM_WGS84: dict[CRS, Transform] = {
    CRS.GCJ02: coordTransform.wgs84_to_gcj02,
    CRS.BD09: coordTransform.wgs84_to_bd09,
}
ESTIMATE_WGS84: dict[CRS, Transform] = {
    CRS.GCJ02: coordTransform.gcj02_to_wgs84,
    CRS.BD09: coordTransform.bd09_to_wgs84,
}
STEPS = 4  # even: where the steps jump out of the box and back, they end at the estimate


def from_wgs84(points: ArrayLike, crs: str) -> Floats:
    """WGS 84 points in the coordinates of `crs`, one of `CRS`.

    `points` are (n, 2) lon, lat in degrees, and so is the answer, a new array.
    Raises ValueError for an unknown crs, another shape or coordinates that are not finite.
    """
    points, crs = _lon_lat(points), _known(crs)
    if crs not in FROM_WGS84:
        return points.copy()
    return _apply(FROM_WGS84[crs], points)


def to_wgs84(points: ArrayLike, crs: str) -> Floats:
    """Points in the coordinates of `crs`, one of `CRS`, in WGS 84.

    `points` are (n, 2) lon, lat in degrees, and so is the answer, a new array: the inverse of
    `from_wgs84` to 1e-6 m. The library's own inverse is an estimate, good to metres; each
    fixed-point step takes away what `from_wgs84` still misses. Only at the very edge of the
    box, where the shift sets in, is there no inverse (or two), and the answer may miss by as
    much as the shift.
    Raises ValueError for an unknown crs, another shape or coordinates that are not finite.
    """
    points, crs = _lon_lat(points), _known(crs)
    if crs not in FROM_WGS84:
        return points.copy()
    solution = _apply(ESTIMATE_WGS84[crs], points)
    for _ in range(STEPS):
        solution = solution - (_apply(FROM_WGS84[crs], solution) - points)
    return solution


def _apply(transform: Transform, points: Floats) -> Floats:
    lon, lat = points.T
    return np.column_stack(transform(lon, lat))


def _known(crs: str) -> CRS:
    if crs not in list(CRS):
        raise ValueError(f"unknown crs {crs!r}: it must be one of {', '.join(CRS)}")
    return CRS(crs)


def _lon_lat(points: ArrayLike) -> Floats:
    """`points` as an (n, 2) array of finite numbers, or ValueError."""
    array = np.asarray(points, dtype=np.float64)
    if array.shape == (0,):
        array = array.reshape(0, 2)
    if array.ndim != 2 or array.shape[1] != 2:
        raise ValueError(f"points must have the shape (n, 2) for lon, lat, not {array.shape}")
    wrong = np.flatnonzero(~np.isfinite(array).all(axis=1))
    if len(wrong):
        raise ValueError(f"points, row {wrong[0]}: {array[wrong[0]].tolist()} is not finite")
    return array
