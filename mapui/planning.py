"""What the planner's pages and the API both tell: the standard of a day, and what-ifs."""

import datetime
from collections.abc import Sequence
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from mapui import layers
from mapui.problems import Missing
from sites import clock, freshness
from sites.coverage import Facts, what_if
from sites.models import Scenario, Site, Standard
from sites.proposals import Proposal
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
    }


def _told(proposal: Proposal) -> str:
    """The proposal in words: what it gains, whether that is proven, and who is left out."""
    places, gained = len(proposal.chosen), sum(len(each.gains) for each in proposal.chosen)
    if not places and not len(proposal.choice.covered):
        return _("不用再建:范围里没有再建一处就能解决的缺口。")
    if not places:
        return _("可选的位置离所有缺场所的都太远,建了也够不着;请换别的位置。")
    sentences = [_outcome(proposal, places, gained), _proof(proposal)]
    if proposal.out_of_reach:
        words = _("有 %(n)d 个离所有可选位置都太远,没有算进去。")
        sentences.append(words % {"n": len(proposal.out_of_reach)})
    if proposal.need_more:
        words = _("有 %(n)d 个还缺不止一处,建一处仍不够。")
        sentences.append(words % {"n": len(proposal.need_more)})
    if proposal.unknown:
        sentences.append(_("有 %(n)d 个没有位置,没有算进去。") % {"n": len(proposal.unknown)})
    return "".join(sentences)


def _outcome(proposal: Proposal, places: int, gained: int) -> str:
    words = {"places": places, "n": gained}
    if proposal.question.method == "p-median":
        return _("新建 %(places)d 处,有 %(n)d 个的最近场所更近了。") % words
    return _("新建 %(places)d 处,有 %(n)d 个新够得着。") % words


def _proof(proposal: Proposal) -> str:
    choice = proposal.choice
    if choice.status != "optimal":
        return _("还没有证明最好:离最好的答案最多差 %(gap).1f%%。") % {"gap": 100 * choice.gap}
    if choice.unique is False:
        return _("已证明没有更好的;同样好的选法不止一种。")
    return _("已证明没有更好的。")
