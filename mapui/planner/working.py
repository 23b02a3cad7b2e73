"""The list of what is to be done for scenarios: what is asked for, and the form of one task."""

import datetime
from dataclasses import dataclass
from typing import Annotated

from django import forms
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from mapui import filters, readers
from mapui.params import Param
from mapui.planner.standard_forms import LAST_DAY, PlainTexts
from sites.models import Task


@dataclass(frozen=True)
class AskedWork(filters.Filter):
    """Tasks of all scenarios or of one, still open or done."""

    scenario: Annotated[
        int | None, Param(readers.whole(1, 2**31 - 1), "Of the scenario with this number.")
    ] = None
    done: Annotated[bool | None, Param(readers.YES_NO, "Only done ones, or open ones.")] = None

    def apply(self, tasks: QuerySet[Task]) -> QuerySet[Task]:
        """Those that are asked for, the open ones first, by their days."""
        if self.scenario is not None:
            tasks = tasks.filter(scenario=self.scenario)
        if self.done is not None:
            tasks = tasks.filter(done_on__isnull=not self.done)
        return tasks.order_by(
            F("done_on").desc(nulls_first=True),
            F("due_on").asc(nulls_last=True),
            "scenario",
            "pk",
        )


class TaskForm(PlainTexts):
    """Who does a task, by when, and what else is to be known."""

    class Meta:
        model = Task
        fields = ("who", "due_on", "note")
        widgets = {"due_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})}

    def clean_due_on(self) -> datetime.date | None:
        """A day that people can mean."""
        day = self.cleaned_data["due_on"]
        if day and day > LAST_DAY:
            raise forms.ValidationError(_("日期最晚到 2100 年底,请检查年份。"))
        return day
