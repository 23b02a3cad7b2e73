"""From a scenario to work: its tasks, who does them by when, and what is done."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mapui.middleware import takes_forms
from mapui.planner.working import AskedWork, TaskForm
from mapui.visibility import shows_coverage
from mapui.whats_on.conditions import without
from sites import access, clock
from sites.models import Scenario, Standard, Task
from sites.work import make_tasks

PAGE = 100


@shows_coverage
def work(request: HttpRequest) -> HttpResponse:
    """The tasks of one scenario or of all, the open ones first."""
    asked = AskedWork.read(request.GET, strict=False)
    found = asked.apply(Task.objects.select_related("scenario", "village", "site"))
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    may_edit = access.may_edit(request.user, "scenario")
    today = clock.today()
    context = {
        "asked": asked,
        "scenario": Scenario.objects.filter(pk=asked.scenario).first(),
        "page": page,
        "rows": [
            (
                task,
                task.is_late(today),
                TaskForm(instance=task, prefix=f"t{task.pk}", auto_id=False),
            )
            for task in page
        ],
        "may_edit": may_edit,
        "may_hold": access.may_edit(request.user, "event"),
        "may_build": access.may_edit(request.user, "site"),
        "query": without(request.GET, "page"),
    }
    return render(request, "mapui/work.html", context)


@takes_forms
@require_POST
@shows_coverage
@login_required
def make(request: HttpRequest, number: int) -> HttpResponse:
    """Make the tasks of a scenario; asked again, only those of places that were added since."""
    _require_planner(request)
    scenario = get_object_or_404(Scenario, pk=number)
    standard = Standard.objects.effective_on(clock.today()).filter(code=scenario.standard).first()
    make_tasks(number, request.user, standard)
    return redirect(f"{reverse('work')}?scenario={number}")


@takes_forms
@require_POST
@shows_coverage
@login_required
def change(request: HttpRequest, number: int) -> HttpResponse:
    """Tick a task, open it again, or note who does it by when."""
    _require_planner(request)
    task = get_object_or_404(Task, pk=number)
    match request.POST.get("action"):
        case "done":
            Task.objects.filter(pk=number, done_on=None).update(done_on=clock.today())
        case "open":
            Task.objects.filter(pk=number).update(done_on=None)
        case _other:
            form = TaskForm(request.POST, instance=task, prefix=f"t{number}")
            if not form.is_valid():
                context = {"form": form, "task": task}
                return render(request, "mapui/task.html", context, status=422)
            form.save()
    return redirect(f"{reverse('work')}?scenario={task.scenario_id}#task-{number}")


def _require_planner(request: HttpRequest) -> None:
    if not access.may_edit(request.user, "scenario"):
        raise PermissionDenied(_("只有规划人员能安排任务。"))
