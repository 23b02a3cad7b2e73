"""The fewest places that cover all demand, piece by piece, and what covering lets one leave away.

Dominance (Toregas & ReVelle 1972): a place whose demand another place covers as well is not
needed; a demand that is covered whenever another one is need not be asked for. Alternately until
nothing changes; then what is not connected is solved on its own.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from time import monotonic

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from sites.siting.interchange import Indices
from sites.siting.medians import Found
from sites.siting.programme import Solved, fewest


def undominated(cover: sparse.csr_array) -> Indices:
    """Columns of a 0/1 matrix that no other column contains; of equal ones the lowest."""
    _, inside, container, size = _contained(cover)
    keep = size > 0
    keep[inside[(size[container] > size[inside]) | (container < inside)]] = False
    return np.flatnonzero(keep)


def merged(cover: sparse.csr_array) -> Indices:
    """Per row, the lowest row that is equal to it."""
    rows, inside, container, size = _contained(cover.T.tocsr())
    first = np.arange(rows)
    equal = size[inside] == size[container]
    np.minimum.at(first, inside[equal], container[equal])
    return first


def search(cover: sparse.csr_array, until: float) -> Iterator[Found]:
    """Better and better sets of columns that cover every row; each row has a column."""
    pieces = [_Piece.of(part, columns) for part, columns in _pieces(*_reduced(cover))]
    yield _together(pieces)
    for at, piece in enumerate(pieces):
        if piece.open and monotonic() < until:
            pieces[at] = piece.proven(until)
            yield _together(pieces)
    found = _together(pieces)
    if found.value == found.bound:
        yield _together(pieces, _is_unique(cover, found.places, pieces, until))


@dataclass(frozen=True)
class _Piece:
    """A part of the matrix that shares no row or column with the rest, and its best answer."""

    cover: sparse.csr_array
    columns: Indices  # of the whole matrix
    chosen: Indices  # of the piece
    bound: float

    @property
    def open(self) -> bool:
        return len(self.chosen) > self.bound

    @classmethod
    def of(cls, cover: sparse.csr_array, columns: Indices) -> "_Piece":
        return cls(cover, columns, _greedy(cover), _dual_ascent(cover))

    def proven(self, until: float) -> "_Piece":
        """With the best answer, as far as the time suffices."""
        solved = fewest(self.cover, until - monotonic())
        bound = math.ceil(max(self.bound, min(solved.bound, len(self.chosen))) - 1e-6)
        chosen = self.chosen
        if solved.places is not None and len(solved.places) < len(chosen):
            chosen = solved.places
        return _Piece(self.cover, self.columns, chosen, bound)

    def other(self, until: float) -> Solved:
        """Another answer of the piece."""
        return fewest(self.cover, until - monotonic(), self.chosen)


def _together(pieces: list[_Piece], unique: bool | None = None) -> Found:
    none = np.empty(0, dtype=np.intp)
    places = np.sort(np.concatenate([none, *(p.columns[p.chosen] for p in pieces)]))
    bound = float(sum(piece.bound for piece in pieces))
    return Found(places, float(len(places)), bound, unique)


def _is_unique(
    cover: sparse.csr_array, places: Indices, pieces: list[_Piece], until: float
) -> bool | None:
    """Whether no other set is as small: no exchange of one, and no other set of undominated ones.

    Any other set turns into one of undominated columns by exchanges; if that is ours, the last of
    them started from ours.
    """
    covered_by = cover[:, places].sum(axis=1)
    alone = cover[covered_by == 1]
    needs = alone[:, places].T @ alone  # (places, columns): how many of a place's own each covers
    own = alone[:, places].sum(axis=0)
    if ((needs.toarray() == own[:, None]).sum(axis=1) > 1).any():
        return False
    for piece in pieces:
        if piece.cover.shape[1] == len(piece.chosen):
            continue
        if monotonic() > until:
            return None
        other = piece.other(until)
        if other.bound <= len(piece.chosen) + 1e-6:
            found = other.places is not None and len(other.places) == len(piece.chosen)
            return False if found else None
    return True


def _contained(cover: sparse.csr_array) -> tuple[int, Indices, Indices, Indices]:
    """How many columns there are, every pair of one inside another (or equal), and their sizes."""
    counts = cover.astype(np.int32)
    shared = (counts.T @ counts).tocoo()
    size = np.asarray(counts.sum(axis=0)).ravel()
    inside, container = shared.coords
    pairs = (shared.data == size[inside]) & (inside != container)
    return len(size), inside[pairs], container[pairs], size


def _reduced(cover: sparse.csr_array) -> tuple[sparse.csr_array, Indices]:
    """The rows and columns that decide, and which columns they are."""
    columns = np.arange(cover.shape[1])
    while True:
        before = cover.shape
        kept = undominated(cover)
        columns, cover = columns[kept], cover[:, kept]
        cover = cover[_binding(cover)]
        if cover.shape == before:
            return cover, columns


def _binding(cover: sparse.csr_array) -> NDArray[np.bool_]:
    """Rows that are not covered by themselves once another one is; of equal ones the lowest."""
    rows, inside, container, size = _contained(cover.T.tocsr())
    keep = np.ones(rows, dtype=bool)
    implied = (size[inside] < size[container]) | (inside < container)
    keep[container[implied]] = False
    return keep


def _pieces(
    cover: sparse.csr_array, columns: Indices
) -> Iterator[tuple[sparse.csr_array, Indices]]:
    """Connected parts, the smallest first, each with its columns of the whole."""
    rows = cover.shape[0]
    graph = sparse.block_array([[None, cover], [cover.T, None]], format="csr")
    count, label = connected_components(graph, directed=False) if rows else (0, np.empty(0, int))
    of_row, of_column = label[:rows], label[rows:]
    for part in np.argsort(np.bincount(of_column, minlength=count), kind="stable"):
        here = np.flatnonzero(of_column == part)
        yield cover[of_row == part][:, here], columns[here]


def _greedy(cover: sparse.csr_array) -> Indices:
    """Always the column that covers most of what is left; what that makes superfluous goes."""
    by_column = cover.T.tocsr().astype(np.int32)
    left = np.ones(cover.shape[0], dtype=np.int32)
    chosen: list[int] = []
    while left.any():
        chosen.append(int((by_column @ left).argmax()))
        left[cover[:, [chosen[-1]]].tocoo().coords[0]] = 0
    times = np.asarray(cover[:, chosen].astype(np.int32).sum(axis=1)).ravel()
    for column in list(chosen):
        rows = cover[:, [column]].tocoo().coords[0]
        if (times[rows] > 1).all():
            chosen.remove(column)
            times[rows] -= 1
    return np.sort(np.array(chosen, dtype=np.intp))


def _dual_ascent(cover: sparse.csr_array) -> float:
    """A bound: rows pay what their columns still take, those with the fewest columns first."""
    rest = np.ones(cover.shape[1])
    paid = 0.0
    for row in np.argsort(np.diff(cover.indptr), kind="stable"):
        columns = cover.indices[cover.indptr[row] : cover.indptr[row + 1]]
        pays = rest[columns].min()
        rest[columns] -= pays
        paid += pays
    return float(math.ceil(paid - 1e-9))
