"""One gap and its three levers: use what is there, improve it, or build."""

from typing import Any

import numpy as np
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from events.models import Troupe
from mapui import filters
from mapui.planner.planning import in_effect
from mapui.problems import Missing
from mapui.visibility import shows_coverage
from sites import board, clock, freshness, geodesy
from sites.coverage import Facts
from sites.levers import levers


@shows_coverage
def gap(request: HttpRequest, code: str) -> HttpResponse:
    """Why a subject does not meet a standard, and what would change that."""
    asked = filters.Gap.read(request.GET, strict=False)
    today = clock.today()
    on = asked.day(today)
    standard = in_effect(asked.standard, on)
    facts = freshness.facts(standard, on, today)
    if code not in facts.subjects.codes:
        message = _("标准“%(name)s”不管编号为 %(code)s 的对象。")
        raise Missing(message % {"name": standard.name, "code": code})
    i = facts.subjects.codes.index(code)
    point = facts.subjects.located.points[i]
    context = {
        "standard": standard,
        "on": on,
        "today": today,
        "subject": {"code": code, "name": facts.subjects.names[i]},
        "point": None if np.isnan(point).any() else point.tolist(),
        "error": float(facts.subjects.located.errors[i]),
        "met": bool(facts.met[i]),
        "certain": bool(facts.certain[i]),
        "reason": board.reason(facts, i),
        "levers": levers(facts, i),
        "troupe": _nearest_troupe(facts, i),
    }
    return render(request, "mapui/gap.html", context)


def _nearest_troupe(facts: Facts, i: int) -> dict[str, Any] | None:
    """The troupe whose base is nearest, and how far that is in metres."""
    point = facts.subjects.located.points[i : i + 1]
    troupes = list(Troupe.objects.exclude(location=None).order_by("code"))
    if not troupes or np.isnan(point).any():
        return None
    index, metres = geodesy.nearest(point, [troupe.location.coords for troupe in troupes])
    return {"troupe": troupes[int(index[0])], "metres": float(metres[0])}
