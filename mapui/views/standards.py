"""Standards: read, made, copied, followed by a new version, and ended, without a programmer."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mapui.middleware import takes_forms
from mapui.planner.planning import counts
from mapui.planner.standard_forms import RuleForm, StandardForm, copied
from mapui.visibility import shows_coverage
from sites import access, clock
from sites.choices import Source
from sites.coverage import evaluate
from sites.models import Standard
from sites.sentences import sentence


@shows_coverage
def standards(request: HttpRequest) -> HttpResponse:
    """Every version of every standard, the ones in effect first."""
    today = clock.today()
    current = set(Standard.objects.effective_on(today).values_list("pk", flat=True))
    found = sorted(Standard.objects.all(), key=lambda each: each.pk not in current)
    context = {
        "standards": [(each, each.pk in current, each.effective_from > today) for each in found],
        "may_edit": access.may_edit(request.user, "standard"),
        "today": today,
    }
    return render(request, "mapui/standards.html", context)


@takes_forms
@login_required
def new(request: HttpRequest) -> HttpResponse:
    """A new standard, empty or with the rule of the one that ?copy= names."""
    _require_planner(request)
    initial = {}
    if request.GET.get("copy", "").isdecimal():
        other = get_object_or_404(Standard, pk=request.GET["copy"])
        initial = copied(other) | {"code": "", "name": _("%(name)s(副本)") % {"name": other.name}}
    form = StandardForm(request.POST or None, initial=initial)
    return _saved(form) or _shown(request, form, _("新标准"))


@takes_forms
@login_required
def change(request: HttpRequest, number: int) -> HttpResponse:
    """Another version of a standard that has begun, or the one itself before it begins.

    The old version stays: the past is judged by it.
    """
    _require_planner(request)
    standard = get_object_or_404(Standard, pk=number)
    if not clock.has_begun(standard.effective_from):
        form = StandardForm(request.POST or None, instance=standard, fixed_code=standard.code)
    else:
        form = StandardForm(
            request.POST or None, initial=copied(standard), fixed_code=standard.code
        )
    return _saved(form) or _shown(request, form, _("修改“%(name)s”") % {"name": standard.name})


@takes_forms
@require_POST
@login_required
def retire(request: HttpRequest, number: int) -> HttpResponse:
    """End a standard today; one that has not begun goes away. The past keeps it."""
    _require_planner(request)
    standard = get_object_or_404(Standard, pk=number)
    today = clock.today()
    if not clock.has_begun(standard.effective_from):
        standard.delete()
    elif standard.effective_to is None or standard.effective_to > today:
        ended = max(today, clock.day_after(standard.effective_from))
        Standard.objects.filter(pk=number).update(effective_to=ended)
    return redirect("standards")


@takes_forms
@require_POST
@login_required
def preview(request: HttpRequest) -> HttpResponse:
    """The sentence of a rule that is being typed, and how many meet it today; stores nothing."""
    _require_planner(request)
    form = RuleForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"errors": form.errors}, status=422)
    rule = form.save(commit=False)
    facts = evaluate(rule, clock.today())
    return JsonResponse({"sentence": sentence(rule), "told": _told(facts), **counts(facts)})


def _told(facts: Any) -> str:
    total, met = len(facts.subjects.codes), int(facts.met.sum())
    if not total:
        return _("没有一个对象合乎这个范围,请检查“只限区域类型”。")
    if not met:
        return _("没有一个达到:这条标准眼下谁也做不到。")
    if met == total:
        return _("全部达到:这条标准分不出差别。")
    return _("%(total)d 个中有 %(met)d 个达到。") % {"total": total, "met": met}


def _require_planner(request: HttpRequest) -> None:
    if not access.may_edit(request.user, "standard"):
        raise PermissionDenied(_("只有规划人员能改标准。"))


def _saved(form: StandardForm) -> HttpResponse | None:
    if not form.is_bound or not form.is_valid():
        return None
    form.instance.source = Source.OFFICIAL
    form.save()
    return redirect("standards")


def _shown(request: HttpRequest, form: StandardForm, title: str) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return render(request, "mapui/standard.html", {"form": form, "title": title}, status=status)
