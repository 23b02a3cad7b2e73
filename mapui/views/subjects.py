"""The records behind a number of the board: subjects by state, as it was on any day."""

import numpy as np
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from mapui import filters
from mapui.planner.planning import in_effect
from mapui.visibility import shows_coverage
from mapui.whats_on.conditions import without
from sites import board, clock, freshness
from sites.board import State
from sites.coverage import Facts
from sites.models import Region

PAGE = 100


@shows_coverage
def subjects(request: HttpRequest) -> HttpResponse:
    """Whom a count of the board counts, one a line, each opening to its own page."""
    asked = filters.Subjects.read(request.GET, strict=False)
    today = clock.today()
    on = asked.day(today)
    facts = freshness.facts(in_effect(asked.standard, on), on, today, asked.region)
    chosen = _chosen(facts, asked)
    page = Paginator(chosen, PAGE).get_page(request.GET.get("page"))
    context = {
        "standard": facts.standard,
        "on": on,
        "asked": asked,
        "state": State(asked.state) if asked.state else None,
        "region": Region.objects.filter(code=asked.region).defer("boundary").first(),
        "page": page,
        "total": len(chosen),
        "rows": [_row(facts, i) for i in page],
        "query": without(request.GET, "page"),
    }
    return render(request, "mapui/subjects.html", context)


def _chosen(facts: Facts, asked: filters.Subjects) -> list[int]:
    states = board.states(facts)
    return [
        i
        for i, code in enumerate(facts.subjects.codes)
        if code.startswith(asked.region)
        and (not asked.state or states[i] == asked.state)
        and (asked.met is None or facts.met[i] == asked.met)
        and (asked.doubtful is None or facts.certain[i] != asked.doubtful)
    ]


def _row(facts: Facts, i: int) -> dict[str, object]:
    return {
        "code": facts.subjects.codes[i],
        "name": facts.subjects.names[i],
        "met": bool(facts.met[i]),
        "certain": bool(facts.certain[i]),
        "nearest": facts.nearest[i],
        "metres": None if np.isnan(facts.metres[i]) else facts.metres[i],
        "error": facts.subjects.located.errors[i],
        "last_event": board.last_event(facts, i),
        "reason": board.reason(facts, i),
    }
