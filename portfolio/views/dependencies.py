"""Dependencies: what a project needs from another project, or from outside, by a date."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from portfolio.access import ProjectAccess
from portfolio.filters import DependencyFilters
from portfolio.forms.base import ReasonForm
from portfolio.forms.registers import DependencyForm, NoteForm
from portfolio.models import Dependency
from portfolio.register_tables import dependency_columns
from portfolio.states import DependencyStatus
from portfolio.views.registers import (
    EntryDetailView,
    EntryEditView,
    EntryNewView,
    EntryReopenView,
    EntryVerbView,
    ProjectRegisterListView,
    RegisterListView,
    Verb,
    show_entry,
)


class DependencyListView(RegisterListView):
    model = Dependency
    list_name = "dependencies"
    title = "Dependencies"
    noun = "dependency"
    filterset_class = DependencyFilters
    columns_for = dependency_columns
    default_order = "needed_on"
    also_select = ("on_project",)


class ProjectDependencyListView(DependencyListView, ProjectRegisterListView):
    list_name = "project-dependencies"
    template_name = "portfolio/project_register.html"


class DependencyDetailView(EntryDetailView):
    model = Dependency
    verbs = (
        Verb("Met", "met", DependencyStatus.MET),
        Verb("It will not come", "broken", DependencyStatus.BROKEN),
        Verb("No longer needed", "drop", DependencyStatus.DROPPED),
        Verb("Reopen", "reopen", DependencyStatus.OPEN),
    )

    def facts(self, entry: Dependency, access: ProjectAccess) -> list[tuple[str, Any]]:
        return [
            ("From", entry.source),
            ("Needed by", entry.needed_on),
            ("Promised for", entry.promised_on),
            ("Owner", entry.owner),
        ]


class DependencyNewView(EntryNewView):
    model = Dependency
    form_class = DependencyForm


class DependencyEditView(EntryEditView):
    model = Dependency
    form_class = DependencyForm


class DependencyMetView(EntryVerbView):
    model = Dependency
    form_class = NoteForm
    title = "What was needed is there"
    submit = "Met"

    def act(self, entry: Dependency, **values: Any) -> None:
        entry.meet(by=self.request.user, reason=values["reason"])


class DependencyBrokenView(EntryVerbView):
    model = Dependency
    form_class = ReasonForm
    title = "What was needed will not come"
    submit = "Mark as broken"

    def act(self, entry: Dependency, **values: Any) -> None:
        entry.fail(by=self.request.user, reason=values["reason"])


class DependencyDropView(EntryVerbView):
    model = Dependency
    form_class = ReasonForm
    title = "The dependency is no longer needed"
    submit = "Take it off"

    def act(self, entry: Dependency, **values: Any) -> None:
        entry.drop(by=self.request.user, reason=values["reason"])


class DependencyReopenView(EntryReopenView):
    model = Dependency
    form_class = ReasonForm
    title = "The dependency is open again"


@require_POST
def dependency_show(request: HttpRequest, code: str, number: int) -> HttpResponse:
    return show_entry(request, Dependency, code, number)
