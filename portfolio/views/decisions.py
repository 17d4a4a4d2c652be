"""Decisions: what a project needs from somebody, and what came of it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from portfolio.access import ProjectAccess
from portfolio.filters import DecisionFilters
from portfolio.forms.base import ReasonForm
from portfolio.forms.registers import DecisionForm, OutcomeForm
from portfolio.models import Decision
from portfolio.register_tables import decision_columns
from portfolio.states import DecisionStatus
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


class DecisionListView(RegisterListView):
    model = Decision
    list_name = "decisions"
    title = "Decisions"
    noun = "decision"
    filterset_class = DecisionFilters
    columns_for = decision_columns
    default_order = "needed_by_on"
    quick_views = (
        ("Needed", "status=needed"),
        ("Owned by me", "mine=yes&status=needed"),
        ("Overdue", "overdue=yes"),
        ("On the report", "on_report=1&status=needed"),
    )


class ProjectDecisionListView(DecisionListView, ProjectRegisterListView):
    list_name = "project-decisions"
    template_name = "portfolio/project_register.html"


class DecisionDetailView(EntryDetailView):
    model = Decision
    verbs = (
        Verb("Record the decision", "decide", DecisionStatus.DECIDED),
        Verb("No longer needed", "drop", DecisionStatus.DROPPED),
        Verb("Reopen", "reopen", DecisionStatus.NEEDED),
    )

    def facts(self, entry: Decision, access: ProjectAccess) -> list[tuple[str, Any]]:
        return [
            ("Needed from", entry.needed_from),
            ("Needed by", entry.needed_by_on),
            ("Prepared by", entry.owner),
            ("Decided", entry.decided_on),
        ]

    def texts(self, entry: Decision) -> list[tuple[str, str]]:
        background = ("Background and options", entry.description)
        return [background, ("Consequence of delay", entry.consequence), ("Outcome", entry.outcome)]


class DecisionNewView(EntryNewView):
    model = Decision
    form_class = DecisionForm


class DecisionEditView(EntryEditView):
    model = Decision
    form_class = DecisionForm


class DecisionDecideView(EntryVerbView):
    model = Decision
    form_class = OutcomeForm
    title = "Record the decision"
    submit = "Record"

    def act(self, entry: Decision, **values: Any) -> None:
        entry.decide(by=self.request.user, outcome=values["outcome"], on=values["on"])


class DecisionDropView(EntryVerbView):
    model = Decision
    form_class = ReasonForm
    title = "The decision is no longer needed"
    submit = "Take it off"

    def act(self, entry: Decision, **values: Any) -> None:
        entry.drop(by=self.request.user, reason=values["reason"])


class DecisionReopenView(EntryReopenView):
    model = Decision
    form_class = ReasonForm
    title = "The decision is needed again"


@require_POST
def decision_show(request: HttpRequest, code: str, number: int) -> HttpResponse:
    return show_entry(request, Decision, code, number)
