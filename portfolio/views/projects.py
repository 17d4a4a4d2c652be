"""Registering, editing, holding, closing and classing projects; and one action on many of them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from pmo.lib import words
from pmo.lib.access import require
from pmo.lib.errors import Refused
from portfolio.access import PortfolioAccess
from portfolio.forms.base import ReasonForm
from portfolio.forms.projects import BulkForm, PhaseForm, ProjectForm
from portfolio.models import Project
from portfolio.views.editing import EditView, FormView
from portfolio.views.loading import load_project, next_url


def project_crumbs(project: Project) -> list[tuple[str, str]]:
    return [("Projects", reverse("portfolio:project-list")), (str(project), project.get_absolute_url())]


class ProjectNewView(FormView):
    form_class = ProjectForm
    title = "New project"
    submit = "Register"

    def prepare(self, **kwargs: Any) -> None:
        require(PortfolioAccess(self.request.user).can_create)

    def form_options(self) -> dict[str, Any]:
        return {"user": self.request.user}

    def get_cancel_url(self) -> str:
        return reverse("portfolio:project-list")

    def get_context(self) -> dict[str, Any]:
        note = "Only code and name are needed now. The class follows from ten questions, asked next."
        return {"crumbs": [("Projects", reverse("portfolio:project-list"))], "note": note}

    def save(self, form: Any) -> str:
        project = Project.register(by=self.request.user, **form.values())
        self.done = f"{project} is registered. Answer ten questions to find its class."
        return reverse("portfolio:project-class", args=[project.code])


class ProjectEditView(EditView):
    form_class = ProjectForm

    def prepare(self, **kwargs: Any) -> None:
        self.row, self.access = load_project(self.request, kwargs["code"], "can_edit")
        self.title = f"Edit {self.row}"
        self.done = f"{self.row} is saved."

    def form_options(self) -> dict[str, Any]:
        return {**super().form_options(), "user": self.request.user}

    def get_cancel_url(self) -> str:
        return self.target()

    def get_context(self) -> dict[str, Any]:
        return {**super().get_context(), "crumbs": project_crumbs(self.row), "access": self.access, "project": self.row}

    template_name = "portfolio/project_form.html"


class ProjectVerbView(FormView):
    """A verb of the office on one project that asks for words first."""

    form_class: Any = ReasonForm
    sentence = ""

    def prepare(self, **kwargs: Any) -> None:
        self.project, self.access = load_project(self.request, kwargs["code"], "can_archive")

    def get_cancel_url(self) -> str:
        return str(self.project.get_absolute_url())

    def get_context(self) -> dict[str, Any]:
        return {"crumbs": project_crumbs(self.project), "note": self.sentence}

    def save(self, form: Any) -> str:
        self.act(form)
        self.done = f"{self.project}: {self.project.get_status_display().lower()}."
        return str(self.project.get_absolute_url())

    def act(self, form: Any) -> None:
        raise NotImplementedError


class ProjectHoldView(ProjectVerbView):
    title = "Put on hold"
    submit = "Put on hold"
    sentence = "No reports are due while the project is on hold. It stays in every list."

    def act(self, form: Any) -> None:
        self.project.put_on_hold(by=self.request.user, reason=form.cleaned_data["reason"])


class ProjectCancelView(ProjectVerbView):
    title = "Cancel the project"
    submit = "Cancel the project"
    sentence = (
        "The record stays readable. No reports are due any more, planned gates are called off, and nothing can be changed "
        "until it is reopened."
    )

    def act(self, form: Any) -> None:
        self.project.cancel(by=self.request.user, reason=form.cleaned_data["reason"])


class ProjectReactivateView(ProjectVerbView):
    title = "Reactivate"
    submit = "Reactivate"
    sentence = "The project is active again, and its next report is due."

    def act(self, form: Any) -> None:
        self.project.reactivate(by=self.request.user, reason=form.cleaned_data["reason"])


class ProjectPhaseView(ProjectVerbView):
    """The executive corrects a phase that the gates left wrong."""

    form_class = PhaseForm
    title = "Correct the phase"
    submit = "Correct"
    sentence = "The phase moves by the decisions at gates. A correction is for what they got wrong; it stands in the history."

    def prepare(self, **kwargs: Any) -> None:
        self.project, self.access = load_project(self.request, kwargs["code"], "can_correct_phase")

    def form_options(self) -> dict[str, Any]:
        return {"initial": {"phase": self.project.phase}}

    def act(self, form: Any) -> None:
        self.project.correct_phase(by=self.request.user, **form.cleaned_data)


# One action on many projects: marked in the list, asked once more here, each written by its own verb.
@require_POST
def project_bulk(request: HttpRequest) -> HttpResponse:
    require(PortfolioAccess(request.user).can_act_in_bulk)
    action = request.POST.get("action", "")
    projects = list(Project.objects.visible_to(request.user).filter(pk__in=keys_of(request.POST)).order_by("code"))
    back = next_url(request, reverse("portfolio:project-list"))
    if not projects or action not in BulkForm.ACTIONS:
        messages.error(request, "Mark at least one project in the list and choose what to do with it.")
        return redirect(back)
    form = BulkForm(request.POST if "confirmed" in request.POST else None, action=action)
    if form.is_bound and form.is_valid():
        report_bulk(request, projects, action, form)
        return redirect(back)
    context = {"form": form, "projects": projects, "action": action, "title": BulkForm.ACTIONS[action], "next": back}
    return render(request, "portfolio/project_bulk.html", context, status=422 if form.is_bound else 200)


def keys_of(posted: QueryDict) -> list[int]:
    return [int(key) for key in posted.getlist("row") if key.isdigit()]


def report_bulk(request: HttpRequest, projects: list[Project], action: str, form: BulkForm) -> None:
    """Act on each project and say how many were done and which were refused, with the reason."""
    refused = []
    for project in projects:
        try:
            act_on(project, action, form.cleaned_data, request.user)
        except Refused as error:
            refused.append(f"{project.code}: {error.sentence}")
    if done := len(projects) - len(refused):
        messages.success(request, f"{BulkForm.ACTIONS[action]}: {words.count(done, 'project')} done.")
    for sentence in refused:
        messages.error(request, sentence)


def act_on(project: Project, action: str, values: dict[str, Any], by: Any) -> None:
    reason = values["reason"]
    match action:
        case "program":
            project.revise(by=by, changes={"program": values["value"]}, reason=reason)
        case "priority":
            project.revise(by=by, changes={"priority": values["value"]}, reason=reason)
        case "reporting":
            project.revise(by=by, changes={"is_reporting": values["value"]}, reason=reason)
        case "hold":
            project.put_on_hold(by=by, reason=reason)
        case "reactivate":
            project.reactivate(by=by, reason=reason)
