"""Count facts: the table by division, the four states, and the gaps with their reasons."""

import datetime
from collections import Counter
from dataclasses import dataclass

import numpy as np
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sites import roads
from sites.coverage import EPOCH, Facts
from sites.models import Region, Standard
from sites.sentences import distance, journey
from sites.travel import Speed
from sites.verdicts import Bools


class State(models.TextChoices):
    """The 2 × 2 of built and reached; a standard of one clause knows the first and the last."""

    EFFECTIVE = "effective", gettext_lazy("有效覆盖")
    IDLE = "idle", gettext_lazy("有阵地、近期无活动")
    DELIVERED = "delivered", gettext_lazy("送达")
    NONE = "none", gettext_lazy("未覆盖")


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


def summary(facts: Facts, by: str, region: str = "") -> list[Row]:
    """A row for each county, township or city (`by`) that has subjects, by code; maybe of a region."""
    keys = _keys(facts, by)
    inside = np.array([code.startswith(region) for code in facts.subjects.codes], bool)
    groups = np.array(keys, dtype=object)
    names = dict(Region.objects.filter(code__in=set(keys)).values_list("code", "name"))
    return [
        _row(facts, key, names.get(key, key), inside & (groups == key))
        for key in sorted(set(groups[inside]))
    ]


def _keys(facts: Facts, by: str) -> list[str]:
    """The code of each subject's city, county or township."""
    subjects = facts.subjects
    return {
        "city": [code[:4] for code in subjects.counties],
        "county": subjects.counties,
        "township": subjects.townships,
    }[by]


def met_counts(facts: Facts, by: str, region: str = "") -> Counter[str]:
    """How many subjects meet the standard, by the code of their division as in `summary`."""
    met = zip(_keys(facts, by), facts.subjects.codes, facts.met.tolist(), strict=True)
    return Counter(key for key, code, is_met in met if is_met and code.startswith(region))


def total(facts: Facts, region: str = "") -> Row | None:
    """One line for all subjects, maybe of a region; None where there are none."""
    chosen = np.array([code.startswith(region) for code in facts.subjects.codes], bool)
    return _row(facts, region, "", chosen) if chosen.any() else None


def states(facts: Facts) -> list[State]:
    """The state of every subject."""
    if facts.built is None or facts.reached is None:
        return [State.EFFECTIVE if met else State.NONE for met in facts.met]
    table = {
        (True, True): State.EFFECTIVE,
        (True, False): State.IDLE,
        (False, True): State.DELIVERED,
        (False, False): State.NONE,
    }
    pairs = zip(facts.built.tolist(), facts.reached.tolist(), strict=True)
    return [table[pair] for pair in pairs]


def state_counts(facts: Facts, region: str = "") -> dict[State, int]:
    """How many subjects are in each state that the standard knows, in order; maybe of a region."""
    counts = Counter(
        state
        for state, code in zip(states(facts), facts.subjects.codes, strict=True)
        if code.startswith(region)
    )
    two_clauses = facts.built is not None and facts.reached is not None
    known = State if two_clauses else (State.EFFECTIVE, State.NONE)
    return {state: counts[state] for state in known}


def gaps(facts: Facts, region: str = "") -> list[int]:
    """Indices of the subjects that do not meet the standard, most needed first.

    Those with neither a place nor an event come first, then those without a place; among equals
    the more people (unknown last), the farther place, the longer wait, the lower code.
    """
    order = {State.NONE: 0, State.DELIVERED: 1, State.IDLE: 2, State.EFFECTIVE: 3}
    state = states(facts)
    subjects = facts.subjects
    unmet = [i for i in np.flatnonzero(~facts.met).tolist() if subjects.codes[i].startswith(region)]

    def need(i: int) -> tuple:
        people = np.nan_to_num(subjects.population[i], nan=-1)
        return order[state[i]], -people, -np.nan_to_num(facts.metres[i]), facts.last_event[i], i

    return sorted(unmet, key=need)


def reason(facts: Facts, i: int) -> str:
    """Why subject i does not meet the standard, in words and figures."""
    parts = []
    if facts.built is not None and not facts.built[i]:
        parts.append(_no_place(facts, i))
    if facts.reached is not None and not facts.reached[i]:
        parts.append(_no_event(facts, i))
    return _(";").join(parts)


def last_event(facts: Facts, i: int) -> datetime.date | None:
    """The day of the latest event that reached subject i; None where none did."""
    days = int(facts.last_event[i])
    return None if days < 0 else EPOCH + datetime.timedelta(days)


def _no_place(facts: Facts, i: int) -> str:
    if np.isnan(facts.metres[i]):
        return _("没有合格的开放场所,或位置未知")
    standard = facts.standard
    if standard.max_distance_m is None and standard.max_minutes is None:
        return _("区域内的合格场所不足 %(count)d 处") % {"count": standard.min_count}
    far = distance(facts.metres[i], facts.subjects.located.errors[i])
    if facts.minutes is not None:
        return _no_place_in_time(facts, i, far)
    if standard.min_count > 1:
        words = _("第 %(count)d 近的合格场所在 %(far)s外")
        return words % {"count": standard.min_count, "far": far}
    return _("最近的合格场所在 %(far)s外") % {"far": far}


def _no_place_in_time(facts: Facts, i: int, far: str) -> str:
    minutes = facts.minutes
    return _("%(place)s在 %(far)s外,%(journey)s") % {
        "place": deciding(facts.standard, by_road=bool(minutes.by_road[i])),
        "far": far,
        "journey": journey(minutes.values[i], bool(minutes.by_road[i]), minutes.speeds[i]),
    }


def deciding(standard: Standard, *, by_road: bool) -> str:
    """Which place decides a standard in minutes: the quickest to reach, or the k-th."""
    if standard.min_count > 1:
        return _("第 %(count)d 近的合格场所") % {"count": standard.min_count}
    return _("路上最快的合格场所") if by_road else _("最近的合格场所")


@dataclass(frozen=True)
class Travel:
    """How a board's minutes are known: answered by a routing server, or estimated at speeds."""

    by_road: int
    estimated: int
    server_set: bool
    speeds: list[Speed]

    @property
    def all(self) -> int:
        """Subjects that have a place to go to."""
        return self.by_road + self.estimated


def travel(facts: Facts, region: str = "") -> Travel | None:
    """How many subjects' minutes are by road and how many estimated; None: no minutes matter."""
    if facts.minutes is None:
        return None
    chosen = [
        i
        for i, code in enumerate(facts.subjects.codes)
        if code.startswith(region) and not np.isnan(facts.metres[i])
    ]
    by_road = int(facts.minutes.by_road[chosen].sum())
    used = dict.fromkeys(facts.minutes.speeds[i] for i in chosen if not facts.minutes.by_road[i])
    return Travel(by_road, len(chosen) - by_road, roads.server() is not None, list(used))


def _no_event(facts: Facts, i: int) -> str:
    day = last_event(facts, i)
    if day is None:
        return _("没有活动记录")
    return _("近 %(months)d 个月活动不足,上次 %(day)s") % {
        "months": facts.standard.months,
        "day": day,
    }


def _row(facts: Facts, code: str, name: str, chosen: Bools) -> Row:
    count = int(chosen.sum())
    met = int(facts.met[chosen].sum())
    known = chosen & ~np.isnan(facts.subjects.population)
    people = facts.subjects.population
    metres = facts.metres[chosen & ~np.isnan(facts.metres)]
    median, p90, farthest = (
        np.percentile(metres, [50, 90, 100]).round(1).tolist() if len(metres) else (None,) * 3
    )
    return Row(
        code=code,
        name=name,
        subjects=count,
        built=None if facts.built is None else int(facts.built[chosen].sum()),
        reached=None if facts.reached is None else int(facts.reached[chosen].sum()),
        met=met,
        doubtful=int((~facts.certain[chosen]).sum()),
        met_least=int((facts.met & facts.certain)[chosen].sum()),
        met_most=int((facts.met | ~facts.certain)[chosen].sum()),
        share=met / count,
        population=int(people[known].sum()) if known.any() else None,
        population_met=int(people[known & facts.met].sum()) if known.any() else None,
        population_unknown=count - int(known.sum()),
        median_m=median,
        p90_m=p90,
        max_m=farthest,
        without_distance=count - len(metres),
    )
