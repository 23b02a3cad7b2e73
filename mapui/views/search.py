"""The page of what a search finds: for those without scripts, and for more than fits a box."""

import datetime
from itertools import groupby

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from mapui import filters, finding
from mapui.params import BadParameters
from mapui.words import result_types
from sites import clock
from sites.models import Region

MOST = 100


def search(request: HttpRequest) -> HttpResponse:
    """What was found: whole kinds, then records by type; else what to do next."""
    typed = request.GET.get("q", "")
    shown = "".join(filter(str.isprintable, typed))[: filters.LONGEST_NAME]
    context = {"typed": shown, "mistake": "", "asked": False}
    context |= {"kinds": [], "groups": [], "counties": []}
    if typed.strip():
        try:
            asked = filters.Search.read(request.GET, strict=False, limit=MOST)
        except BadParameters as refused:
            context["mistake"] = str(refused)
        else:
            results = finding.search(asked.q, clock.now(), asked.limit)
            kinds = [result for result in results if str(result["type"]).endswith("-kind")]
            others = [result for result in results if result not in kinds]
            context |= {"asked": True, "kinds": kinds, "groups": _groups(others)}
    if not (context["groups"] or context["kinds"]):
        context["counties"] = Region.objects.counties().within(settings.CITY).defer("boundary")
    status = 422 if context["mistake"] else 200
    return render(request, "mapui/search.html", context, status=status)


def _groups(results: list[finding.Result]) -> list[tuple[str, list[finding.Result]]]:
    """The results under headings, in the order of each heading's best; what is only similar last."""
    labels = result_types()
    order: dict[str, int] = {}
    for result in results:
        result["heading"] = _heading(result, labels)
        starts = result["starts_at"]
        result["moment"] = datetime.datetime.fromisoformat(str(starts)) if starts else None
        order.setdefault(str(result["heading"]), len(order))
    results.sort(key=lambda result: (result["fit"] == "similar", order[str(result["heading"])]))
    return [
        (heading, list(them)) for heading, them in groupby(results, lambda one: str(one["heading"]))
    ]


def _heading(result: finding.Result, labels: dict[str, str]) -> str:
    return _("您要找的是不是") if result["fit"] == "similar" else labels[str(result["type"])]
