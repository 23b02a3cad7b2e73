"""What the planner's pages and the API both tell: the standard of a day, and what-ifs."""

import datetime
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from mapui import layers
from mapui.problems import Missing
from sites import clock, freshness
from sites.coverage import Facts, what_if
from sites.measures import DISTANCE, MINUTES
from sites.models import Scenario, Site, Standard
from sites.proposals import BUILT, MET, Proposal
from sites.whatif import Changes, difference


def in_effect(code: str, on: datetime.date) -> Standard:
    """The version of a standard that holds on a day.

    Raises Missing, which says when the standard does hold, if at all.
    """
    standard = Standard.objects.effective_on(on).filter(code=code).first()
    if standard:
        return standard
    begun = Standard.objects.filter(code=code).order_by("effective_from").first()
    if begun is None:
        raise Missing(_("没有编号为 %(code)s 的标准。") % {"code": code})
    message = _("标准 %(code)s 在 %(on)s 不生效;它自 %(since)s 起生效。")
    raise Missing(message % {"code": code, "on": on, "since": begun.effective_from})


def effect(standard: Standard, changes: Changes) -> dict[str, Any]:
    """Today's counts without the changes and with them, and the subjects that differ."""
    today = clock.today()
    before = freshness.facts(standard, today, today)
    after = what_if(before, changes)
    codes = before.subjects.codes
    met = difference(codes, before.met, after.met)
    built = difference(codes, _clause(before.built), _clause(after.built))
    return {
        "before": counts(before),
        "after": counts(after),
        "gained": met.gained,
        "lost": met.lost,
        "built_gained": built.gained,
        "built_lost": built.lost,
    }


def counts(facts: Facts) -> dict[str, int | None]:
    """How many subjects there are, and how many meet each clause and the standard."""
    return {
        "subjects": len(facts.subjects.codes),
        "built": None if facts.built is None else int(facts.built.sum()),
        "reached": None if facts.reached is None else int(facts.reached.sum()),
        "met": int(facts.met.sum()),
    }


def _clause(verdicts: np.ndarray | None) -> np.ndarray:
    return np.zeros(0, bool) if verdicts is None else verdicts


def described(found: Scenario) -> dict[str, Any]:
    """What is kept of a scenario."""
    return {
        "id": found.pk,
        "name": found.name,
        "standard": found.standard,
        "note": found.note,
        "add": found.add,
        "remove": found.remove,
        "move": [{"code": code, "lon": lon, "lat": lat} for code, (lon, lat) in found.move.items()],
        "version": found.version,
        "saved_at": found.saved_at.astimezone(clock.SHANGHAI),
    }


def places_of(found: Scenario) -> bytes:
    """The places of a scenario as GeoJSON; a removed one is where it stands, a moved one where to."""
    sites = Site.objects.in_bulk([*found.remove, *found.move])
    features = [
        _feature(f"+{number}", (place["lon"], place["lat"]), change="add", **_kind(place))
        for number, place in enumerate(found.add, start=1)
    ]
    for code, point in found.move.items():
        if code in sites:
            old = sites[code].location.coords
            features.append(
                _feature(code, point, change="move", name=sites[code].name, moved_from=old)
            )
    for code in found.remove:
        if code in sites:
            point = sites[code].location.coords
            features.append(_feature(code, point, change="remove", name=sites[code].name))
    return layers.collection(features, len(features))


def _kind(place: dict[str, Any]) -> dict[str, Any]:
    return {name: place[name] for name in ("kind", "tier", "village")}


def _feature(code: str, point: Sequence[float], **properties: object) -> dict[str, Any]:
    geometry = {"type": "Point", "coordinates": list(point)}
    return {"type": "Feature", "id": code, "geometry": geometry, "properties": properties}


def proposed(proposal: Proposal) -> dict[str, Any]:
    """A proposal for more places, with whom each gains and how good it is proven to be."""
    choice = proposal.choice
    return {
        "status": choice.status,
        "objective": choice.objective,
        "bound": choice.bound,
        "unique": choice.unique,
        "sentence": _told(proposal),
        "gains_means": proposal.gains_means,
        "measure": MINUTES if proposal.in_minutes else DISTANCE,
        "average": proposal.average,
        "chosen": [
            {"lon": each.lon, "lat": each.lat, "village": each.subject, "name": each.name}
            | {"gains": each.gains}
            for each in proposal.chosen
        ],
        "met_before": int(proposal.before.met.sum()),
        "met_after": int(proposal.after.met.sum()),
        "built_before": int(proposal.before.built.sum()),
        "built_after": int(proposal.after.built.sum()),
        "out_of_reach": proposal.out_of_reach,
        "need_more": proposal.need_more,
        "unknown": proposal.unknown,
        "uncounted": proposal.uncounted,
        "estimated": proposal.estimated,
    }


def _told(proposal: Proposal) -> str:
    """The proposal in words: what it gains, whether that is proven, and who is left out."""
    return "".join([_result(proposal), *_left_out(proposal), *_about_ways(proposal)])


def _result(proposal: Proposal) -> str:
    if proposal.chosen:
        return _outcome(proposal) + _proof(proposal)
    if proposal.question.method == "p-median":
        return _("不用再建:可选的位置都不能让谁的最近场所更近。")
    if not len(proposal.choice.covered):
        return _("不用再建:范围里没有再建一处就能解决的缺口。")
    return _("可选的位置离所有缺场所的都太远,建了也够不着;请换别的位置。")


def _outcome(proposal: Proposal) -> str:
    gained = sum(len(each.gains) for each in proposal.chosen)
    words = {"places": len(proposal.chosen), "n": gained}
    if proposal.gains_means == MET:
        return _("新建 %(places)d 处,有 %(n)d 个新够得着。") % words
    if proposal.gains_means == BUILT:
        met = int(proposal.after.met.sum() - proposal.before.met.sum())
        said = _("新建 %(places)d 处,有 %(n)d 个新有场所;办过活动才算达到标准。") % words
        also = _("其中 %(met)d 个已有活动送达,随即达到。") % {"met": met} if met else ""
        return said + also
    return _("新建 %(places)d 处,有 %(n)d 个的最近场所更近了。") % words + _average(proposal)


def _average(proposal: Proposal) -> str:
    if proposal.average is None:
        return ""
    if proposal.in_minutes:
        return _("到最近场所平均 %(minutes).1f 分钟。") % {"minutes": proposal.average}
    return _("到最近场所平均 %(km).1f 公里。") % {"km": proposal.average / 1000}


def _left_out(proposal: Proposal) -> Iterator[str]:
    if proposal.out_of_reach and proposal.chosen:
        words = _("有 %(n)d 个离所有可选位置都太远,没有算进去。")
        yield words % {"n": len(proposal.out_of_reach)}
    if proposal.need_more:
        yield _("有 %(n)d 个还缺不止一处,建一处仍不够。") % {"n": len(proposal.need_more)}
    if proposal.unknown:
        yield _("有 %(n)d 个没有位置,没有算进去。") % {"n": len(proposal.unknown)}
    if proposal.uncounted:
        yield _("有 %(n)d 个的人口没有记录,没有算进去。") % {"n": len(proposal.uncounted)}
    if proposal.question.by_population and proposal.question.method == "lscp":
        yield _("求最少处数时每个都要覆盖,不看人口。")


def _about_ways(proposal: Proposal) -> Iterator[str]:
    if not proposal.estimated:
        return
    if proposal.estimated == len(proposal.choice.covered):
        yield _("分钟数为估算。")
    else:
        yield _("有 %(n)d 个的分钟数为估算。") % {"n": proposal.estimated}


def _proof(proposal: Proposal) -> str:
    choice = proposal.choice
    if choice.status != "optimal":
        return _("还没有证明最好:离最好的答案最多差 %(gap).1f%%。") % {"gap": 100 * choice.gap}
    if choice.unique is False:
        return _("已证明没有更好的;同样好的选法不止一种。")
    return _("已证明没有更好的。")
