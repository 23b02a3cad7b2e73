"""What facts add up to, division by division, on arrays: a nation's counties as fast as a city's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sites.coverage import Facts
from sites.verdicts import Bools, Floats, Ints


@dataclass(frozen=True)
class Row:
    """One division's line: counts, share of subjects met, people, and distances in metres.

    `met_least`, `met_most`: what `met` could be once the `doubtful` verdicts are checked.
    `built`, `reached`: None where the standard lacks the clause. `population` sums what is known,
    None where nothing is; `population_unknown` counts the subjects without a figure. Distances
    leave out the `without_distance` subjects that have none.
    """

    code: str
    name: str
    subjects: int
    built: int | None
    reached: int | None
    met: int
    doubtful: int
    met_least: int
    met_most: int
    share: float
    population: int | None
    population_met: int | None
    population_unknown: int
    median_m: float | None
    p90_m: float | None
    max_m: float | None
    without_distance: int


@dataclass(frozen=True)
class Groups:
    """Subjects by division: the divisions' codes, sorted, and each subject's place among them.

    `number` is (n,); −1 for a subject that is left out.
    """

    codes: list[str]
    number: Ints

    def up_to(self, digits: int) -> "Groups":
        """The same subjects by the divisions above, whose codes have so many digits."""
        above = [code[:digits] for code in self.codes]
        codes = sorted(set(above))
        place = {code: i for i, code in enumerate(codes)}
        moved = np.array([*(place[code] for code in above), -1], dtype=np.int64)
        return Groups(codes, moved[self.number])


def grouped(keys: Sequence[str], inside: Bools | None = None) -> Groups:
    """Subjects by their keys, one a subject; only those inside."""
    first_seen: dict[str, int] = {}
    number = np.array([first_seen.setdefault(key, len(first_seen)) for key in keys], np.int64)
    if inside is not None:
        number[~inside] = -1
    seen = list(first_seen)
    used = np.unique(number[number >= 0]).tolist()
    order = sorted(used, key=lambda i: seen[i])
    place = np.full(len(seen) + 1, -1, np.int64)  # the last for those left out
    place[order] = np.arange(len(order))
    return Groups([seen[i] for i in order], place[number])


def rows(facts: Facts, groups: Groups, names: Mapping[str, str]) -> list[Row]:
    """A row for each division, by code; one without a name is called by its code."""
    number, m = groups.number, len(groups.codes)
    people = facts.subjects.population
    is_known = ~np.isnan(people)
    counts = _Counts(number, m)
    known, subjects = counts(is_known), counts(None)
    met = counts(facts.met)
    columns = {
        "subjects": subjects,
        "built": _or_nones(facts.built, counts, m),
        "reached": _or_nones(facts.reached, counts, m),
        "met": met,
        "doubtful": counts(~facts.certain),
        "met_least": counts(facts.met & facts.certain),
        "met_most": counts(facts.met | ~facts.certain),
        "share": [part / whole for part, whole in zip(met, subjects, strict=True)],
        "population": counts.people(people, is_known, known),
        "population_met": counts.people(people, is_known & facts.met, known),
        "population_unknown": [n - k for n, k in zip(subjects, known, strict=True)],
        "without_distance": counts(np.isnan(facts.metres)),
    }
    columns["median_m"], columns["p90_m"], columns["max_m"] = percentiles(
        facts.metres, groups, (50, 90, 100)
    )
    lines = (dict(zip(columns, line, strict=True)) for line in zip(*columns.values(), strict=True))
    return [
        Row(code=code, name=names.get(code, code), **line)
        for code, line in zip(groups.codes, lines, strict=True)
    ]


class _Counts:
    """Counts of the subjects for which something is true, by division."""

    def __init__(self, number: Ints, m: int) -> None:
        self._number, self._m, self._inside = number, m, number >= 0

    def __call__(self, truth: Bools | None) -> list[int]:
        chosen = self._inside if truth is None else self._inside & truth
        return np.bincount(self._number[chosen], minlength=self._m).tolist()

    def people(self, people: Floats, truth: Bools, known: list[int]) -> list[int | None]:
        """Their people; None where nobody's number is known."""
        chosen = self._inside & truth
        sums = np.bincount(self._number[chosen], people[chosen], self._m).tolist()
        return [int(total) if count else None for total, count in zip(sums, known, strict=True)]


def _or_nones(truth: Bools | None, counts: _Counts, m: int) -> list[int | None] | list[None]:
    return [None] * m if truth is None else counts(truth)


def percentiles(
    values: Floats, groups: Groups, shares: Sequence[float]
) -> list[list[float | None]]:
    """For each share in per cent, each group's linear percentile, to 0.1; NaN is left out.

    The same as `numpy.percentile` group by group; None for a group without values.
    """
    chosen = np.flatnonzero((groups.number >= 0) & ~np.isnan(values))
    chosen = chosen[np.argsort(values[chosen])]
    number = groups.number[chosen]
    ordered = values[chosen][np.argsort(number, kind="stable")]
    counts = np.bincount(number, minlength=len(groups.codes))
    filled = counts > 0
    firsts = (np.cumsum(counts) - counts)[filled]
    result: list[list[float | None]] = []
    for share in shares:
        found = _interpolated(ordered, firsts, (counts[filled] - 1) * (share / 100))
        numbers = iter(found.round(1).tolist())
        result.append([next(numbers) if is_filled else None for is_filled in filled.tolist()])
    return result


def _interpolated(ordered: Floats, firsts: Ints, places: Floats) -> Floats:
    """Between the values beside each place, counted from `firsts`, as NumPy rounds it."""
    below = np.floor(places).astype(np.int64)
    part = places - below
    low, high = ordered[firsts + below], ordered[firsts + np.ceil(places).astype(np.int64)]
    step = high - low
    return np.where(part < 0.5, low + step * part, high - step * (1 - part))
