"""The milestones of a project: as first agreed, as agreed now, as expected, as it happened."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from pmo.lib.access import require
from pmo.models.calendar import office_calendar
from portfolio.forms.base import ReasonForm
from portfolio.forms.plans import MilestoneForm
from portfolio.forms.registers import OnForm
from portfolio.models import Milestone
from portfolio.views.editing import EditView, FormView
from portfolio.views.loading import load_entry, load_project, next_url, way_back
from portfolio.views.projects import project_crumbs


@require_GET
def milestone_list(request: HttpRequest, code: str) -> HttpResponse:
    project, access = load_project(request, code)
    calendar = office_calendar()
    rows = [
        (milestone, milestone.slip_days(calendar), milestone.original_slip_days(calendar))
        for milestone in project.milestones.by_date()
    ]
    context = {
        "project": project,
        "access": access,
        "rows": rows,
        "tab": "milestones",
        "room": "Milestones",
        **way_back(request),
    }
    return render(
        request, "portfolio/milestone_list.html", {**context, "can_plan": access.can_plan_milestones and project.is_open}
    )


class MilestoneNewView(FormView):
    form_class = MilestoneForm
    title = "New milestone"
    submit = "Plan"
    done = "The milestone is planned."

    def prepare(self, **kwargs: Any) -> None:
        self.project, self.access = load_project(self.request, kwargs["code"], "can_plan_milestones")

    def form_options(self) -> dict[str, Any]:
        return {"user": self.request.user, "project": self.project}

    def get_cancel_url(self) -> str:
        return reverse("portfolio:milestone-list", args=[self.project.code])

    def get_context(self) -> dict[str, Any]:
        return {"crumbs": [*project_crumbs(self.project), ("Milestones", self.get_cancel_url())]}

    def save(self, form: Any) -> str:
        return Milestone.plan(project=self.project, by=self.request.user, **form.values()).get_absolute_url()


class MilestoneEditView(EditView):
    form_class = MilestoneForm
    template_name = "portfolio/milestone_form.html"

    def prepare(self, **kwargs: Any) -> None:
        self.row, self.access = load_entry(Milestone, self.request, kwargs["code"], kwargs["number"], "can_plan_milestones")
        self.title = f"Edit milestone {self.row.number}"
        self.done = f"“{self.row.name}” is saved."

    def form_options(self) -> dict[str, Any]:
        return {**super().form_options(), "user": self.request.user, "project": self.row.project}

    def get_cancel_url(self) -> str:
        return reverse("portfolio:milestone-list", args=[self.row.project.code])

    def get_context(self) -> dict[str, Any]:
        crumbs = [*project_crumbs(self.row.project), ("Milestones", self.get_cancel_url())]
        return {**super().get_context(), "crumbs": crumbs, "project": self.row.project}


class MilestoneVerbView(FormView):
    form_class: Any = ReasonForm

    def prepare(self, **kwargs: Any) -> None:
        self.milestone, self.access = load_entry(
            Milestone, self.request, kwargs["code"], kwargs["number"], "can_plan_milestones"
        )
        self.done = f"“{self.milestone.name}” is saved."

    def get_cancel_url(self) -> str:
        return reverse("portfolio:milestone-list", args=[self.milestone.project.code])

    def get_context(self) -> dict[str, Any]:
        crumbs = [*project_crumbs(self.milestone.project), ("Milestones", self.get_cancel_url())]
        return {"crumbs": crumbs, "note": self.milestone.name}


class MilestoneReachView(MilestoneVerbView):
    form_class = OnForm
    title = "The milestone is reached"
    submit = "Reached"

    def save(self, form: Any) -> str:
        self.milestone.reach(by=self.request.user, on=form.cleaned_data["on"])
        return self.milestone.get_absolute_url()


class MilestoneReopenView(MilestoneVerbView):
    title = "The milestone is not reached after all"
    submit = "Reopen"

    def save(self, form: Any) -> str:
        self.milestone.reopen(by=self.request.user, reason=form.cleaned_data["reason"])
        return self.milestone.get_absolute_url()


class MilestoneRemoveView(MilestoneVerbView):
    title = "Remove the milestone"
    submit = "Remove"

    def save(self, form: Any) -> str:
        self.milestone.remove(by=self.request.user, reason=form.cleaned_data["reason"])
        self.done = f"“{self.milestone.name}” is removed. Its history stays."
        return self.get_cancel_url()


@require_POST
def milestone_show(request: HttpRequest, code: str, number: int) -> HttpResponse:
    milestone, access = load_entry(Milestone, request, code, number)
    require(access.can_plan_milestones)
    milestone.show(by=request.user, on_report=request.POST.get("on_report") == "yes")
    messages.success(request, f"“{milestone.name}” is {'on' if milestone.show_on_report else 'off'} the report.")
    return redirect(next_url(request, milestone.get_absolute_url()))
