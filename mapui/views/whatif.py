"""What if: places added, moved and removed on the map, and scenarios kept of it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from mapui import filters
from mapui.planner.planning import described, effect, in_effect
from mapui.problems import Missing
from mapui.views.citizen import city_parts
from mapui.visibility import shows_coverage
from mapui.words import page_config, siting_words, trial_words
from sites import access, clock
from sites.choices import SiteKind, Tier
from sites.models import Region, Scenario, Standard, Village
from sites.proposals import load_solvers

DEFAULT = "near"


@shows_coverage
def what_if(request: HttpRequest) -> HttpResponse:
    """The map to try places on, empty or with a kept scenario; counts follow in the browser."""
    asked = filters.WhatIf.read(request.GET, strict=False)
    today = clock.today()
    scenario = _scenario(asked.scenario)
    may_save = access.may_edit(request.user, "scenario")
    if may_save:
        load_solvers()
    standards = Standard.objects.effective_on(today).exclude(kinds=[]).order_by("code")
    code = scenario.standard if scenario else asked.standard
    standard = in_effect(code, today) if code else _default(list(standards))
    context = {
        "standards": standards,
        "standard": standard,
        "scenario": scenario,
        "at": asked.at,
        "kept": described(scenario) if scenario else None,
        "may_save": may_save,
        "counties": Region.objects.counties().defer("boundary"),
        "kinds": [SiteKind(kind) for kind in standard.kinds] if standard else [],
        "tiers": [Tier(tier) for tier in standard.tiers or Tier.values] if standard else [],
        "map": city_parts(clustered=False),
        "map_config": page_config(trial_words() | siting_words()),
    }
    return render(request, "mapui/what_if.html", context)


def _scenario(number: int | None) -> Scenario | None:
    if number is None:
        return None
    found = Scenario.objects.filter(pk=number).first()
    if found is None:
        raise Missing(_("没有编号为 %(number)d 的方案。") % {"number": number})
    return found


def _default(standards: list[Standard]) -> Standard | None:
    """`near`, else the first that asks for places."""
    return next((each for each in standards if each.code == DEFAULT), next(iter(standards), None))


@shows_coverage
def scenarios(request: HttpRequest) -> HttpResponse:
    """Kept scenarios, and two of them side by side where two are chosen."""
    asked = filters.Scenarios.read(request.GET, strict=False)
    chosen = Scenario.objects.filter(pk__in=asked.compare).order_by("pk")
    compared = [_effect(each) for each in chosen]
    missing = sorted(set(asked.compare) - {each.pk for each in chosen})
    context = {"scenarios": Scenario.objects.all(), "compared": compared, "missing": missing}
    if len({each["scenario"].standard for each in compared}) == 1 and len(compared) == 2:
        context["gains"] = _side_by_side(*[each["effect"]["gained"] for each in compared])
    return render(request, "mapui/scenarios.html", context)


def _effect(scenario: Scenario) -> dict[str, Any]:
    standard = in_effect(scenario.standard, clock.today())
    return {
        "scenario": scenario,
        "standard": standard,
        "effect": effect(standard, scenario.changes()),
    }


def _side_by_side(first: list[str], second: list[str]) -> list[list[Village]]:
    """The subjects that both gain, that only the first gains, and that only the second does."""
    both = set(first) & set(second)
    groups = (both, set(first) - both, set(second) - both)
    found = Village.objects.in_bulk(set(first) | set(second))
    return [[found[code] for code in sorted(group) if code in found] for group in groups]
