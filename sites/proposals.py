"""Where more places would help a standard most: records in, `siting` decides, records out."""

import sys
from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass, replace
from importlib import import_module
from threading import Thread
from time import monotonic
from typing import TYPE_CHECKING, Any

import numpy as np
from django.db import connection
from django.utils.translation import gettext as _

from sites import measures
from sites.choices import Subject, Tier
from sites.coverage import Facts, allowed_metres, evaluate, read_sites, what_if
from sites.errors import UserMistake
from sites.measures import MINUTES, Ways
from sites.models import Standard
from sites.verdicts import Bools, Floats, Ints
from sites.whatif import Changes, Place

if TYPE_CHECKING:
    from sites.siting import Choice

SECONDS = 8.0
APART = 0.1  # seconds between two answers that differ in their bound alone
METHODS = ("mclp", "lscp", "p-median")  # as `siting` names them
MET, BUILT, NEARER = "met", "built", "nearer"  # what a subject that a place gains comes to


class NoProposal(UserMistake):
    """The question has no answer; the message says why and what to ask instead."""


@dataclass(frozen=True)
class Question:
    """What to ask: a method of `siting`, how many places (lscp finds that), in which divisions.

    `candidates`: (lon, lat) to choose from, with their `names`; none means where the region's
    villages are. `measure`: one of `measures.MEASURES`, "" for the method's own: p-median's is
    the distance, the others' is what the standard speaks of.
    """

    method: str = "mclp"
    count: int | None = 5
    region: str = ""
    by_population: bool = False
    candidates: tuple[tuple[float, float], ...] = ()
    names: tuple[str, ...] = ()
    measure: str = ""
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

    `gains_means`: what those that a place gains come to: to meet the standard, to have a place
    (`built`), or to have one `nearer`. `average`: p-median's mean way, in metres or minutes.
    `out_of_reach`: codes of subjects that no candidate reaches. `need_more`: of those that lack
    more than one place, so that one alone does not help. `unknown`: of those without a position.
    `uncounted`: of those whose people are not on record, where people weigh. `estimated`: how
    many subjects' minutes are estimated; None where none matter.
    """

    question: Question
    choice: "Choice"
    chosen: list[Chosen]
    before: Facts
    after: Facts
    gains_means: str
    out_of_reach: list[str]
    need_more: list[str]
    unknown: list[str]
    uncounted: list[str]
    average: float | None
    estimated: int | None

    @property
    def in_minutes(self) -> bool:
        """Whether ways are minutes; else they are metres."""
        return self.estimated is not None


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


@dataclass(frozen=True)
class _Asked:
    """A question about facts, ready to be solved.

    `ways` is None where positions decide, with the same `radius` for all.
    """

    before: Facts
    question: Question
    demand: _Demand
    candidates: _Candidates
    weights: Floats
    uncounted: Ints
    ways: Ways | None
    radius: float


def propose(before: Facts, question: Question) -> Proposal:
    """The best that can be found in time for a standard, from its facts.

    Only ways that a routing server told are stored. Raises NoProposal where the question makes
    no sense for the standard or the region.
    """
    from sites.siting import choose  # noqa: PLC0415  # its solvers take a while to load

    asked = _asked(before, question)
    return _explained(asked, choose(**_arguments(asked)))


def improving(before: Facts, question: Question) -> Iterator[Proposal]:
    """What `propose` finds, as it finds it: a first proposal at once, the last is the best.

    Close the iterator to stop between two. Raises as `propose`, before the first.
    """
    asked = _asked(before, question)
    return _each_explained(asked)


def load_solvers() -> None:
    """Load what solving needs, in a thread of its own, so that the first question need not wait."""
    if "sites.siting" not in sys.modules:
        Thread(target=import_module, args=("sites.siting",), daemon=True).start()


def _each_explained(asked: _Asked) -> Iterator[Proposal]:
    from sites.siting import improvements  # noqa: PLC0415  # as above

    last: Proposal | None = None
    for choice in _worth_telling(improvements(**_arguments(asked))):
        if last is None or not np.array_equal(last.choice.chosen, choice.chosen):
            last = _explained(asked, choice)
            let_go_of_the_database()
        else:
            last = replace(last, choice=choice)
        yield last


def _worth_telling(choices: Iterable["Choice"]) -> Iterator["Choice"]:
    """Those with a better objective, of those with another bound alone some, and the last."""
    told, at, waiting = None, 0.0, None
    for choice in choices:
        objective = (choice.objective, choice.status)
        if objective == told and monotonic() - at < APART:
            waiting = choice
            continue
        told, at, waiting = objective, monotonic(), None
        yield choice
    if waiting is not None:
        yield waiting


def let_go_of_the_database() -> None:
    """Close this thread's connection, outside of a transaction: solving takes seconds."""
    if not connection.in_atomic_block:
        connection.close()


def _asked(before: Facts, question: Question) -> _Asked:
    limits = allowed_metres(before.standard, before.subjects, before.on)
    if before.built is None or limits is None:
        raise NoProposal(_("这条标准没有说场所要在多远以内,不用选址:在每个对象里建一处就行。"))
    _check_measure(before, question)
    inside = np.array([c.startswith(question.region) for c in before.subjects.codes], bool)
    if not inside.any():
        raise NoProposal(_("这个范围里没有标准所说的对象;请换一个范围。"))
    known = ~np.isnan(before.subjects.located.points).any(axis=1) & ~np.isnan(limits)
    if not (inside & known).any():
        raise NoProposal(_("这个范围里的对象都没有位置,算不出远近;请先补上位置,或换一个范围。"))
    wanted, need_more = _wanted(before, question, inside & known)
    demand = _Demand(*map(np.flatnonzero, (wanted, need_more, inside & ~known)))
    candidates = _candidates(before, question, inside & known)
    _check_count(question, candidates)
    weights, uncounted = _weights(before, question, demand.wanted)
    ways = _ways(before, question, demand.wanted, candidates.points)
    let_go_of_the_database()
    within = ways.radius if ways else float(limits[demand.wanted].max(initial=0.0))
    return _Asked(before, question, demand, candidates, weights, uncounted, ways, within)


def _check_measure(before: Facts, question: Question) -> None:
    """Coverage is measured as the standard measures it; only the average way may be either."""
    if question.method == "p-median" or not question.measure:
        return
    if (question.measure == MINUTES) != measures.speaks_of_minutes(before):
        words = (
            _("这条标准说的是分钟,覆盖多少只能按分钟算;按距离只能求平均最近。")
            if measures.speaks_of_minutes(before)
            else _("这条标准说的是距离,覆盖多少只能按距离算;按分钟只能求平均最近。")
        )
        raise NoProposal(words)


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
    """Where a place may be; for the average way also the places that there are."""
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


def _check_count(question: Question, candidates: _Candidates) -> None:
    most = len(candidates.points) - len(candidates.fixed)
    if question.method != "lscp" and question.count is not None and question.count > most:
        message = _("要选 %(count)d 处,可选的位置只有 %(most)d 个;请减少处数或扩大范围。")
        raise NoProposal(message % {"count": question.count, "most": most})


def _weights(before: Facts, question: Question, wanted: Ints) -> tuple[Floats, Ints]:
    """One each, or people; who is not counted has no weight. And who is not counted."""
    if not question.by_population or question.method == "lscp":  # the fewest do not ask for weights
        return np.ones(len(wanted)), wanted[:0]
    people = before.subjects.population[wanted]
    missing = np.isnan(people)
    if len(people) and missing.all():
        raise NoProposal(_("这些村(社区)的人口都还没有记录,不能按人口选址;请按村数选,或先补人口。"))
    return np.nan_to_num(people, nan=0.0), wanted[missing]


def _ways(before: Facts, question: Question, wanted: Ints, points: Floats) -> Ways | None:
    if question.method != "p-median":
        return measures.within_limits(before, wanted, points)
    return (
        measures.minutes_between(before, wanted, points) if _in_minutes(before, question) else None
    )


def _in_minutes(before: Facts, question: Question) -> bool:
    if question.method == "p-median":
        return question.measure == MINUTES
    return measures.speaks_of_minutes(before)


def _arguments(asked: _Asked) -> dict[str, Any]:
    """What `siting` is asked."""
    given: dict[str, Any] = {}
    if asked.question.method != "p-median":
        given["radius_m"] = asked.radius
    if asked.ways is not None:
        given["metres"] = asked.ways.values
    return {
        "demand": asked.before.subjects.located.points[asked.demand.wanted],
        "candidates": asked.candidates.points,
        "weights": asked.weights,
        "method": asked.question.method,
        "count": None if asked.question.method == "lscp" else asked.question.count,
        "fixed": asked.candidates.fixed,
        "seconds": asked.question.seconds,
        **given,
    }


def _explained(asked: _Asked, choice: "Choice") -> Proposal:
    before, question, demand = asked.before, asked.question, asked.demand
    codes = np.array(before.subjects.codes, dtype=object)
    chosen = [
        _chosen(asked, int(j), codes[demand.wanted[gains]].tolist())
        for j, gains in zip(choice.chosen, choice.gains, strict=True)
    ]
    places = tuple(_place(before.standard, each) for each in chosen)
    unreached = demand.wanted[~choice.covered] if question.method == "lscp" else demand.wanted[:0]
    return Proposal(
        question,
        choice,
        chosen,
        before,
        what_if(before, Changes(add=places)),
        gains_means=_gains_means(before, question),
        out_of_reach=codes[unreached].tolist(),
        need_more=codes[demand.need_more].tolist(),
        unknown=codes[demand.unknown].tolist(),
        uncounted=codes[asked.uncounted].tolist(),
        average=_average(asked, choice),
        estimated=_estimated(asked, choice),
    )


def _gains_means(before: Facts, question: Question) -> str:
    if question.method == "p-median":
        return NEARER
    return MET if before.reached is None else BUILT


def _average(asked: _Asked, choice: "Choice") -> float | None:
    """The mean of the ways that p-median's objective adds up; None where there are none."""
    served = float(asked.weights[choice.covered].sum())
    if asked.question.method != "p-median" or not choice.covered.all() or not served:
        return None
    return choice.objective / served


def _estimated(asked: _Asked, choice: "Choice") -> int | None:
    if not _in_minutes(asked.before, asked.question):
        return None
    if asked.ways is None or asked.ways.by_road is None:
        return len(asked.demand.wanted)
    return asked.ways.estimated(choice.assigned)


def _chosen(asked: _Asked, j: int, gains: list[str]) -> Chosen:
    lon, lat = asked.candidates.points[j].tolist()
    i = asked.candidates.subjects[j]
    subjects = asked.before.subjects
    if i < 0:
        name = asked.question.names[j] if asked.question.names else ""
        return Chosen(lon, lat, None, name or f"{lon:.5f}, {lat:.5f}", gains)
    return Chosen(lon, lat, subjects.codes[i], subjects.names[i], gains)


def _place(standard: Standard, chosen: Chosen) -> Place:
    """The place as the standard asks for it: its first kind, of the county's tier where allowed."""
    tiers = standard.tiers or [Tier.COUNTY]
    tier = Tier.COUNTY if Tier.COUNTY in tiers else tiers[0]
    village = chosen.subject if standard.subject == Subject.VILLAGE else None
    return Place(chosen.lon, chosen.lat, standard.kinds[0], tier, village)
