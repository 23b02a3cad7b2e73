"""Where more places would help a standard most: records in, `siting` decides, records out."""

from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from django.utils.translation import gettext as _

from sites import geodesy
from sites.choices import Subject, Tier
from sites.coverage import Facts, allowed_metres, evaluate, read_sites, what_if
from sites.errors import UserMistake
from sites.models import Standard
from sites.verdicts import Bools, Floats, Ints
from sites.whatif import Changes, Place

if TYPE_CHECKING:
    from sites.siting import Choice

SECONDS = 8.0
METHODS = ("mclp", "lscp", "p-median")  # as `siting` names them


class NoProposal(UserMistake):
    """The question has no answer; the message says why and what to ask instead."""


@dataclass(frozen=True)
class Question:
    """What to ask: a method of `siting`, how many places (lscp finds that), in which divisions.

    `candidates`: (lon, lat) to choose from; none means where the region's villages are.
    """

    method: str = "mclp"
    count: int | None = 5
    region: str = ""
    by_population: bool = False
    candidates: tuple[tuple[float, float], ...] = ()
    seconds: float = SECONDS


@dataclass(frozen=True)
class Chosen:
    """A proposed place: at a subject (or at a given candidate), and the codes that it gains."""

    lon: float
    lat: float
    subject: str | None
    name: str
    gains: list[str]


@dataclass(frozen=True)
class Proposal:
    """An answer with its proof, and the standard's facts before and after.

    `out_of_reach`: codes of subjects that no candidate reaches. `need_more`: of those that lack
    more than one place, so that one alone does not help. `unknown`: of those without a position.
    """

    question: Question
    choice: "Choice"
    chosen: list[Chosen]
    before: Facts
    after: Facts
    out_of_reach: list[str]
    need_more: list[str]
    unknown: list[str]


@dataclass(frozen=True)
class _Candidates:
    """`points` (m, 2); `subjects` (m,): whose point it is, −1 for nobody's; `fixed`: existing."""

    points: Floats
    subjects: Ints
    fixed: Ints


@dataclass(frozen=True)
class _Demand:
    """Whom a place more would help (indices), who lacks more than one, whose place is unknown."""

    wanted: Ints
    need_more: Ints
    unknown: Ints


def propose(before: Facts, question: Question) -> Proposal:
    """Answer the question for a standard, from its facts; nothing is stored.

    Raises NoProposal where it makes no sense for the standard or the region.
    """
    limits = allowed_metres(before.standard, before.subjects, before.on)
    if before.built is None or limits is None:
        raise NoProposal(_("这条标准没有说场所要在多远以内,不用选址:在每个对象里建一处就行。"))
    inside = np.array([c.startswith(question.region) for c in before.subjects.codes], bool)
    if not inside.any():
        raise NoProposal(_("这个范围里没有标准所说的对象;请换一个范围。"))
    known = ~np.isnan(before.subjects.located.points).any(axis=1) & ~np.isnan(limits)
    wanted, need_more = _wanted(before, question, inside & known)
    demand = _Demand(*map(np.flatnonzero, (wanted, need_more, inside & ~known)))
    candidates = _candidates(before, question, inside & known)
    choice = _choose(before, question, demand.wanted, candidates, limits)
    return _explained(before, question, choice, candidates, demand)


def _wanted(before: Facts, question: Question, known: Bools) -> tuple[Bools, Bools]:
    nobody = np.zeros(len(known), bool)
    if question.method == "p-median":
        return known, nobody
    lacking = known & ~before.built
    if before.standard.min_count == 1:
        return lacking, nobody
    one_fewer = copy(before.standard)
    one_fewer.min_count -= 1
    nearly = evaluate(one_fewer, before.on).built
    return lacking & nearly, lacking & ~nearly


def _candidates(before: Facts, question: Question, known: Bools) -> _Candidates:
    """Where a place may be; for distances also the places that there are."""
    if question.candidates:
        points = np.array(question.candidates, dtype=float)
        subjects = np.full(len(points), -1)
    else:
        subjects = np.flatnonzero(known)
        points = before.subjects.located.points[subjects]
    if question.method != "p-median":
        return _Candidates(points, subjects, np.empty(0, np.int64))
    rows = read_sites(before.standard, before.on)
    existing = np.array([row[1:3] for row in rows], dtype=float).reshape(-1, 2)
    return _Candidates(
        np.concatenate([points, existing]),
        np.concatenate([subjects, np.full(len(existing), -1)]),
        len(points) + np.arange(len(existing)),
    )


def _choose(
    before: Facts, question: Question, wanted: Ints, candidates: _Candidates, limits: Floats
) -> "Choice":
    most = len(candidates.points) - len(candidates.fixed)
    count = None if question.method == "lscp" else question.count
    if count is not None and count > most:
        message = _("要选 %(count)d 处,可选的位置只有 %(most)d 个;请减少处数或扩大范围。")
        raise NoProposal(message % {"count": count, "most": most})
    demand = before.subjects.located.points[wanted]
    within = limits[wanted]
    measure: dict[str, object] = {}
    if question.method != "p-median" and len(set(within)) > 1:  # as shares of each one's limit
        pairs = np.repeat(demand, most, axis=0), np.tile(candidates.points, (len(demand), 1))
        metres = geodesy.distances(*pairs).reshape(len(demand), most)
        measure = {"metres": metres / within[:, None], "radius_m": 1.0}
    elif question.method != "p-median":
        measure = {"radius_m": float(within[0]) if len(within) else 0.0}
    from sites.siting import choose  # noqa: PLC0415  # its solvers take a second to load

    return choose(
        demand,
        candidates.points,
        _weights(before, question, wanted),
        method=question.method,
        count=count,
        fixed=candidates.fixed,
        seconds=question.seconds,
        **measure,
    )


def _weights(before: Facts, question: Question, wanted: Ints) -> Floats:
    """One each, or people; who is not counted has no weight."""
    if not question.by_population:
        return np.ones(len(wanted))
    people = before.subjects.population[wanted]
    if len(people) and np.isnan(people).all():
        raise NoProposal(_("这些村(社区)的人口都还没有记录,不能按人口选址;请按村数选,或先补人口。"))
    return np.nan_to_num(people, nan=0.0)


def _explained(
    before: Facts,
    question: Question,
    choice: "Choice",
    candidates: _Candidates,
    demand: _Demand,
) -> Proposal:
    codes = np.array(before.subjects.codes, dtype=object)
    chosen = [
        _chosen(before, candidates, int(j), codes[demand.wanted[gains]].tolist())
        for j, gains in zip(choice.chosen, choice.gains, strict=True)
    ]
    places = tuple(_place(before.standard, each) for each in chosen)
    unreached = demand.wanted[~choice.covered] if question.method == "lscp" else []
    return Proposal(
        question,
        choice,
        chosen,
        before,
        what_if(before, Changes(add=places)),
        codes[unreached].tolist() if len(unreached) else [],
        codes[demand.need_more].tolist(),
        codes[demand.unknown].tolist(),
    )


def _chosen(before: Facts, candidates: _Candidates, j: int, gains: list[str]) -> Chosen:
    lon, lat = candidates.points[j].tolist()
    i = candidates.subjects[j]
    subjects = before.subjects
    if i < 0:
        return Chosen(lon, lat, None, f"{lon:.5f}, {lat:.5f}", gains)
    return Chosen(lon, lat, subjects.codes[i], subjects.names[i], gains)


def _place(standard: Standard, chosen: Chosen) -> Place:
    """The place as the standard asks for it: its first kind, of the county's tier where allowed."""
    tiers = standard.tiers or [Tier.COUNTY]
    tier = Tier.COUNTY if Tier.COUNTY in tiers else tiers[0]
    village = chosen.subject if standard.subject == Subject.VILLAGE else None
    return Place(chosen.lon, chosen.lat, standard.kinds[0], tier, village)
