"""What the planner's pages and the API both tell: the standard of a day, and what-ifs."""

import datetime
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from mapui.problems import Missing
from sites import clock, freshness
from sites.coverage import Facts, what_if
from sites.models import Scenario, Standard
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
