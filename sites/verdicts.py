"""Verdicts of a standard's two clauses, and how sure they are. Pure: arrays in, arrays out.

A clause asks that at least `need` targets (open sites, or held events) lie in a subject or within
a distance of it. Positions carry errors, so three counts are taken: as the positions stand, and
the fewest and the most that the errors allow. The verdict is the first count's; it is certain
where the other two agree with it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sites import geodesy

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Pairs = tuple[Ints, Ints]  # (subject, target) indices

EDGE_M = 1e-6  # nearer than this to the edge, sums of floats do not decide

NO_PAIRS: Pairs = (np.empty(0, np.int64), np.empty(0, np.int64))


@dataclass(frozen=True)
class Located:
    """n positions with their errors: `points` (n, 2) lon, lat, NaN where unknown; `errors` metres."""

    points: Floats
    errors: Floats

    def known(self) -> Ints:
        """Indices of the positions that are known."""
        return np.flatnonzero(~np.isnan(self.points).any(axis=1))


@dataclass(frozen=True)
class Tally:
    """Targets counted for each subject: as positions stand, the fewest and the most possible."""

    counted: Ints
    fewest: Ints
    most: Ints

    def verdict(self, need: int) -> tuple[Bools, Bools]:
        """(verdict, certain) for "at least `need`"."""
        verdict = self.counted >= need
        return verdict, np.where(verdict, self.fewest >= need, self.most < need)


def within_reach(
    subjects: Located, targets: Located, limits: Floats, need: int
) -> tuple[Bools, Bools, Ints, Floats]:
    """For "at least `need` targets within the limit": verdict, certain, and the need-th nearest.

    The same as `tally` and `kth_nearest` tell (index −1 and inf where there is none), but the
    targets are counted only for subjects whose need-th distance leaves certainty open: between
    the least and the largest error that a target has. `limits` may be NaN, as in `tally`.
    """
    index, metres = kth_nearest(subjects, targets, need)
    verdict: Bools = metres <= limits
    certain = np.zeros(len(metres), bool)
    least = targets.errors.min() if len(targets.errors) else 0.0
    most = targets.errors.max(initial=0)
    stricter, milder = metres + subjects.errors, metres - subjects.errors
    certain[verdict] = (stricter + most <= limits - EDGE_M)[verdict]
    certain[~verdict] = (milder - most > limits + EDGE_M)[~verdict]
    doubtful = np.where(
        verdict, stricter + least > limits + EDGE_M, milder - least <= limits - EDGE_M
    )
    known = np.isfinite(subjects.points).all(axis=1) & ~np.isnan(limits)
    all_known = not np.isnan(targets.points).any()
    open_ = np.flatnonzero(~(all_known & known & (certain | doubtful)))
    if len(open_):
        some = Located(subjects.points[open_], subjects.errors[open_])
        counts = tally(some, targets, NO_PAIRS, limits[open_])
        verdict[open_], certain[open_] = counts.verdict(need)
    return verdict, certain, index, metres


def tally(subjects: Located, targets: Located, members: Pairs, limits: Floats | None) -> Tally:
    """Count for each subject the targets that are its members or, with limits, within reach of it.

    `members`: pairs that count wherever they stand. `limits`: (n,) metres, NaN where the standard
    has no distance for that subject; None: members alone. A pair counts once.
    A subject of unknown position could have any target in reach, as could a target of unknown
    position be in reach of any subject.
    """
    n, m = len(subjects.points), len(targets.points)
    counted = _count(n, m, members)
    if limits is None:
        return Tally(counted, counted, counted)
    near = [
        _count(n, m, members, _in_reach(subjects, targets, limits, sign)) for sign in (0, -1, 1)
    ]
    lost: Bools = np.asarray(np.isnan(targets.points).any(axis=1))
    counted_anyway = lost[members[1]]
    lost_members = (members[0][counted_anyway], members[1][counted_anyway])
    elsewhere = lost.sum() - _count(n, m, lost_members)
    unknown = np.isnan(subjects.points).any(axis=1) | np.isnan(limits)
    return Tally(near[0], near[1], np.where(unknown, m, near[2] + elsewhere))


def _in_reach(subjects: Located, targets: Located, limits: Floats, sign: int) -> Pairs:
    """Pairs within the limit, moved by the errors: 0 as they stand, −1 stricter, 1 more lenient."""
    rows, columns = subjects.known(), targets.known()
    rows = rows[~np.isnan(limits[rows])]
    i, j = geodesy.within(
        subjects.points[rows],
        targets.points[columns],
        limits[rows] + sign * subjects.errors[rows],
        slack=sign * targets.errors[columns],
    )
    return rows[i], columns[j]


def _count(n: int, m: int, *pairs: Pairs) -> Ints:
    """How many different targets each of n subjects is paired with."""
    keys = np.unique(np.concatenate([i * m + j for i, j in pairs]))
    return np.bincount(keys // max(m, 1), minlength=n)


def kth_nearest(subjects: Located, targets: Located, k: int) -> tuple[Ints, Floats]:
    """The k-th nearest target of each subject: (index, metres); −1 and inf where there is none."""
    index = np.full(len(subjects.points), -1)
    metres = np.full(len(subjects.points), np.inf)
    rows, columns = subjects.known(), targets.known()
    if len(rows) and len(columns):
        nearest, distance = geodesy.nearest(subjects.points[rows], targets.points[columns], k)
        last = nearest.reshape(len(rows), k)[:, -1]
        index[rows] = np.where(last >= 0, columns[last], -1)
        metres[rows] = distance.reshape(len(rows), k)[:, -1]
    return index, metres


def kth_member(subjects: Located, targets: Located, members: Pairs, k: int) -> tuple[Ints, Floats]:
    """The k-th nearest of each subject's own members: (index, metres); −1 and inf where fewer.

    A member whose distance is unknown comes last, with inf.
    """
    i, j = members
    metres = np.full(len(i), np.inf)
    known = ~(np.isnan(subjects.points[i]) | np.isnan(targets.points[j])).any(axis=1)
    metres[known] = geodesy.distances(subjects.points[i[known]], targets.points[j[known]])
    order = np.lexsort((j, metres, i))
    i, j, metres = i[order], j[order], metres[order]
    kth = np.arange(len(i)) - np.searchsorted(i, i) == k - 1
    index = np.full(len(subjects.points), -1)
    distance = np.full(len(subjects.points), np.inf)
    index[i[kth]], distance[i[kth]] = j[kth], metres[kth]
    return index, distance


def latest(
    subjects: Located, targets: Located, members: Pairs, limits: Floats | None, days: Ints
) -> Ints:
    """The latest of `days` among the targets that count for each subject; −1 where none does."""
    result = np.full(len(subjects.points), -1, np.int64)
    np.maximum.at(result, members[0], days[members[1]])
    if limits is not None and len(days):
        places, where = np.unique(targets.points, axis=0, return_inverse=True)
        last = np.full(len(places), -1, np.int64)
        np.maximum.at(last, where.reshape(-1), days)
        i, j = _in_reach(subjects, Located(places, np.zeros(len(places))), limits, 0)
        np.maximum.at(result, i, last[j])
    return result
