"""Issues: what has happened and has to be resolved."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from pmo.lib import words
from portfolio.access import ProjectAccess
from portfolio.filters import IssueFilters
from portfolio.forms.base import ReasonForm
from portfolio.forms.registers import IssueForm, ResolveForm
from portfolio.models import Issue
from portfolio.register_tables import issue_columns
from portfolio.states import IssueStatus
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


class IssueListView(RegisterListView):
    model = Issue
    list_name = "issues"
    title = "Issues"
    noun = "issue"
    filterset_class = IssueFilters
    columns_for = issue_columns
    default_order = "severity"


class ProjectIssueListView(IssueListView, ProjectRegisterListView):
    list_name = "project-issues"
    template_name = "portfolio/project_register.html"


class IssueDetailView(EntryDetailView):
    model = Issue
    verbs = (Verb("Resolve", "resolve", IssueStatus.RESOLVED), Verb("Reopen", "reopen", IssueStatus.OPEN))

    def facts(self, entry: Issue, access: ProjectAccess) -> list[tuple[str, Any]]:
        return [
            ("Severity", entry.get_severity_display()),
            ("Raised", entry.raised_on),
            ("Age", words.age(entry.age_days(timezone.localdate()))),
            ("Resolve by", entry.due_on),
            ("Owner", entry.owner),
            ("Next action", entry.next_action),
            ("Resolved", entry.resolved_on),
        ]

    def texts(self, entry: Issue) -> list[tuple[str, str]]:
        return [("Description", entry.description), ("Resolution", entry.resolution)]

    def beside(self, entry: Issue, access: ProjectAccess) -> dict[str, Any]:
        return {"linked": entry.from_risk, "linked_words": "It came from"}


class IssueNewView(EntryNewView):
    model = Issue
    form_class = IssueForm


class IssueEditView(EntryEditView):
    model = Issue
    form_class = IssueForm


class IssueResolveView(EntryVerbView):
    model = Issue
    form_class = ResolveForm
    title = "Resolve the issue"
    submit = "Resolve"

    def act(self, entry: Issue, **values: Any) -> None:
        entry.resolve(by=self.request.user, resolution=values["resolution"], on=values["on"])


class IssueReopenView(EntryReopenView):
    model = Issue
    form_class = ReasonForm
    title = "Reopen the issue"


@require_POST
def issue_show(request: HttpRequest, code: str, number: int) -> HttpResponse:
    return show_entry(request, Issue, code, number)
