"""Count facts: the table by division, the four states, and the gaps with their reasons."""

import datetime
from collections import Counter
from dataclasses import dataclass

import numpy as np
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sites import figures, roads
from sites.choices import CODE_LENGTH, Level
from sites.coverage import EPOCH, Facts
from sites.figures import Groups, Row
from sites.models import Region, Standard
from sites.sentences import distance, journey
from sites.travel import Speed
from sites.verdicts import Bools, Ints

COUNTY_DIGITS = CODE_LENGTH[Level.COUNTY]
# How many digits the codes of a division have, the largest first.
DIGITS = {level.value: CODE_LENGTH[level] for level in (Level.PROVINCE, Level.CITY, Level.COUNTY)}


class State(models.TextChoices):
    """The 2 × 2 of built and reached; a standard of one clause knows the first and the last."""

    EFFECTIVE = "effective", gettext_lazy("有效覆盖")
    IDLE = "idle", gettext_lazy("有阵地、近期无活动")
    DELIVERED = "delivered", gettext_lazy("送达")
    NONE = "none", gettext_lazy("未覆盖")


def summary(facts: Facts, by: str, region: str = "") -> list[Row]:
    """A row for each province, city, county or township (`by`) that has subjects, by code."""
    groups = _groups(facts, by, region)
    names = dict(Region.objects.filter(code__in=groups.codes).values_list("code", "name"))
    return figures.rows(facts, groups, names)


def level_below(facts: Facts, region: str = "") -> str:
    """The division to show an area by: the first below it that has several, at most the county's.

    The townships of a county; a city that has all subjects is shown by county.
    """
    if len(region) >= COUNTY_DIGITS:
        return "township"
    groups = figures.grouped(facts.subjects.counties, _inside(facts, region))
    below = {by: digits for by, digits in DIGITS.items() if digits > len(region)}
    return next((by for by, n in below.items() if len(groups.up_to(n).codes) > 1), "county")


def _groups(facts: Facts, by: str, region: str) -> Groups:
    """The subjects by their province, city, county or township."""
    subjects = facts.subjects
    keys = subjects.townships if by == "township" else subjects.counties
    groups = figures.grouped(keys, _inside(facts, region))
    return groups.up_to(DIGITS[by]) if by in DIGITS else groups


def _inside(facts: Facts, region: str) -> Bools | None:
    """Which subjects are of a region; None: all."""
    if not region:
        return None
    return np.array([code.startswith(region) for code in facts.subjects.codes], bool)


def met_counts(facts: Facts, by: str, region: str = "") -> Counter[str]:
    """How many subjects meet the standard, by the code of their division as in `summary`."""
    groups = _groups(facts, by, region)
    chosen = groups.number[facts.met & (groups.number >= 0)]
    counts = np.bincount(chosen, minlength=len(groups.codes)).tolist()
    return Counter(dict(zip(groups.codes, counts, strict=True)))


def total(facts: Facts, region: str = "") -> Row | None:
    """One line for all subjects, maybe of a region; None where there are none."""
    groups = figures.grouped([region] * len(facts.subjects.codes), _inside(facts, region))
    return next(iter(figures.rows(facts, groups, {region: ""})), None)


def states(facts: Facts) -> list[State]:
    """The state of every subject."""
    known = list(State)
    return [known[number] for number in _state_numbers(facts).tolist()]


def state_counts(facts: Facts, region: str = "") -> dict[State, int]:
    """How many subjects are in each state that the standard knows, in order; maybe of a region."""
    inside = _inside(facts, region)
    state = _state_numbers(facts) if inside is None else _state_numbers(facts)[inside]
    counts = np.bincount(state, minlength=len(State)).tolist()
    two_clauses = facts.built is not None and facts.reached is not None
    known = State if two_clauses else (State.EFFECTIVE, State.NONE)
    return {state: counts[list(State).index(state)] for state in known}


def row_states(row: Row) -> dict[State, int]:
    """The same of a row."""
    if row.built is None or row.reached is None:
        return {State.EFFECTIVE: row.met, State.NONE: row.subjects - row.met}
    idle, delivered = row.built - row.met, row.reached - row.met
    return {
        State.EFFECTIVE: row.met,
        State.IDLE: idle,
        State.DELIVERED: delivered,
        State.NONE: row.subjects - row.met - idle - delivered,
    }


def gaps(facts: Facts, region: str = "") -> list[int]:
    """Indices of the subjects that do not meet the standard, most needed first.

    Those with neither a place nor an event come first, then those without a place; among equals
    the more people (unknown last), the farther place, the longer wait, the lower code.
    """
    inside = _inside(facts, region)
    unmet = np.flatnonzero(~facts.met if inside is None else ~facts.met & inside)
    people = np.nan_to_num(facts.subjects.population[unmet], nan=-1)
    metres = np.nan_to_num(facts.metres[unmet])
    keys = (facts.last_event[unmet], -metres, -people, -_state_numbers(facts)[unmet])
    ranked: list[int] = unmet[np.lexsort(keys)].tolist()
    return ranked


def _state_numbers(facts: Facts) -> Ints:
    """The place of every subject's state in State."""
    if facts.built is None or facts.reached is None:
        return np.where(facts.met, 0, 3)
    return np.where(facts.built, 0, 2) + np.where(facts.reached, 0, 1)


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
