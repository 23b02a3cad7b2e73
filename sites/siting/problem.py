"""The question, checked: who needs to be served, from where, and how far that is."""

import math
import operator
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from sites import geodesy
from sites.siting.choice import METHODS, Choice, Method
from sites.siting.interchange import Floats, Indices
from sites.siting.medians import Found

ROWS_AT_ONCE = 64


@dataclass(frozen=True)
class Problem:
    """n demands, m candidates of which some are `fixed` (exist already), and what is asked."""

    demand: Floats
    candidates: Floats
    weights: Floats
    method: Method
    count: int | None
    radius_m: float | None
    fixed: Indices
    given: Floats | None

    @classmethod
    def checked(  # noqa: PLR0913
        cls,
        demand: ArrayLike,
        candidates: ArrayLike,
        weights: ArrayLike,
        *,
        method: str,
        count: int | None,
        radius_m: float | None,
        fixed: Iterable[int],
        metres: ArrayLike | None,
    ) -> "Problem":
        """Raises ValueError, naming the parameter, for what cannot be meant."""
        demand, candidates = _points(demand, "demand"), _points(candidates, "candidates")
        if method not in METHODS:
            raise ValueError(f"method must be one of {', '.join(METHODS)}, not {method!r}")
        indices = _indices(fixed, len(candidates))
        return cls(
            demand=demand,
            candidates=candidates,
            weights=_not_negative(weights, (len(demand),), "weights"),
            method=method,
            count=_count(count, method, len(candidates) - len(indices)),
            radius_m=_radius(radius_m, method),
            fixed=indices,
            given=_matrix(metres, (len(demand), len(candidates))),
        )

    @cached_property
    def free(self) -> Indices:
        """The candidates that may be chosen, ascending."""
        return np.setdiff1d(np.arange(len(self.candidates)), self.fixed)

    @cached_property
    def metres(self) -> Floats:
        """(n, m) distances, inf where there is no way."""
        return self._geodesics() if self.given is None else self.given

    @cached_property
    def cover(self) -> sparse.csr_array:
        """(n, m) 1 where a candidate is within the radius of a demand."""
        shape = (len(self.demand), len(self.candidates))
        if self.given is None:
            row, column = geodesy.within(self.demand, self.candidates, self.radius_m or 0.0)
        else:
            row, column = np.nonzero(self.given <= (self.radius_m or 0.0))
        return sparse.csr_array((np.ones(len(row), dtype=np.int32), (row, column)), shape=shape)

    def covered_by(self, places: Indices) -> NDArray[np.bool_]:
        """(n,) whether one of these candidates is within the radius."""
        if self.method == "p-median":
            distance = self.metres[:, places].min(axis=1, initial=np.inf)
            limit = np.finfo(np.float64).max if self.radius_m is None else self.radius_m
            return np.asarray(distance <= limit)
        return np.asarray(self.cover[:, places].sum(axis=1)).ravel() > 0

    def choice(self, found: Found) -> Choice:
        """What is found (in candidates' indices, with the method's own value), explained."""
        opened = np.union1d(self.fixed, found.places)
        covered = self.covered_by(opened)
        nearest, distance = self._nearest(opened)
        if self.method == "p-median":
            before = self.metres[:, self.fixed].min(axis=1, initial=np.inf)
            assigned, gained = nearest, distance < before
        else:
            assigned = np.where(covered, nearest, -1)
            gained = covered & ~self.covered_by(self.fixed)
        return Choice(
            chosen=found.places,
            assigned=assigned,
            covered=covered,
            objective=found.value,
            bound=found.bound,
            status="optimal" if found.value == found.bound else "feasible",
            gains=tuple(np.flatnonzero(gained & (assigned == place)) for place in found.places),
            unique=found.unique,
            method=self.method,
        )

    def _nearest(self, places: Indices) -> tuple[Indices, Floats]:
        """Per demand the nearest of `places` (ascending candidates) and how far; -1 and inf."""
        if self.method != "p-median" and self.given is None:
            index, distance = geodesy.nearest(self.demand, self.candidates[places])
        elif not len(places):
            return np.full(len(self.demand), -1), np.full(len(self.demand), np.inf)
        else:
            index = self.metres[:, places].argmin(axis=1)
            distance = self.metres[np.arange(len(self.demand)), places[index]]
        reached = np.isfinite(distance)
        nearest = np.full(len(index), -1, dtype=np.intp)
        nearest[reached] = places[index[reached]]
        return nearest, distance

    def _geodesics(self) -> Floats:
        """All distances; where demands are the candidates, each pair once."""
        shape = (len(self.demand), len(self.candidates))
        metres = np.zeros(shape)
        mirrored = np.array_equal(self.demand, self.candidates)

        def fill(start: int) -> None:
            rows = slice(start, min(start + ROWS_AT_ONCE, shape[0]))
            columns = slice(start if mirrored else 0, shape[1])
            from_, to = self.demand[rows], self.candidates[columns]
            pairs = np.repeat(from_, len(to), axis=0), np.tile(to, (len(from_), 1))
            metres[rows, columns] = geodesy.distances(*pairs).reshape(len(from_), len(to))

        with ThreadPoolExecutor() as pool:
            list(pool.map(fill, range(0, shape[0], ROWS_AT_ONCE)))
        return np.triu(metres) + np.triu(metres, 1).T if mirrored else metres


def _points(points: ArrayLike, name: str) -> Floats:
    array = np.asarray(points, dtype=np.float64)
    array = array.reshape(0, 2) if array.shape == (0,) else array
    if array.ndim != 2 or array.shape[1] != 2:
        raise ValueError(f"{name} must have the shape (n, 2) for lon, lat, not {array.shape}")
    outside = ~(np.abs(array) <= (180, 90)).all(axis=1)
    if outside.any():
        row = int(outside.argmax())
        raise ValueError(f"{name}, row {row}: {array[row].tolist()} is no lon, lat in degrees")
    return array


def _not_negative(values: ArrayLike, shape: tuple[int, ...], name: str) -> Floats:
    array = np.asarray(values, dtype=np.float64)
    if array.shape != shape:
        raise ValueError(f"{name} must have the shape {shape}, not {array.shape}")
    if not np.isfinite(array).all():
        raise ValueError(f"{name} must be finite numbers")
    if (array < 0).any():
        raise ValueError(f"{name} must not be negative, but the least is {array.min()}")
    return array


def _matrix(metres: ArrayLike | None, shape: tuple[int, int]) -> Floats | None:
    if metres is None:
        return None
    array = np.asarray(metres, dtype=np.float64)
    _not_negative(np.where(np.isposinf(array), 0, array), shape, "metres")
    return array


def _indices(fixed: Iterable[int], candidates: int) -> Indices:
    indices = np.unique(np.array([operator.index(each) for each in fixed], dtype=np.intp))
    wrong = indices[(indices < 0) | (indices >= candidates)]
    if wrong.size:
        raise ValueError(f"fixed must be indices of the {candidates} candidates, not {wrong[0]}")
    return indices


def _count(count: int | None, method: Method, free: int) -> int | None:
    if method == "lscp":
        if count is not None:
            raise ValueError("count is what lscp finds: leave it out")
        return None
    if count is None:
        raise ValueError(f"count is needed for {method}")
    if operator.index(count) < 1:
        raise ValueError(f"count must be at least 1, not {count}")
    if count > free:
        raise ValueError(f"count must be at most {free}, the candidates not fixed, not {count}")
    return count


def _radius(radius_m: float | None, method: Method) -> float | None:
    if radius_m is None:
        if method != "p-median":
            raise ValueError(f"radius_m is needed for {method}")
        return None
    if not (math.isfinite(radius_m) and radius_m >= 0):
        raise ValueError(f"radius_m must be a finite number, at least 0, not {radius_m}")
    return float(radius_m)
