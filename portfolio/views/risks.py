"""Risks: what may happen. A risk that happens becomes an issue, each linked to the other."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from pmo.lib import words
from pmo.lib.charts import RiskPoint, risk_matrix
from pmo.lib.tables import Money
from portfolio.access import ProjectAccess
from portfolio.filters import RiskFilters
from portfolio.forms.base import ReasonForm
from portfolio.forms.registers import HappenedForm, RiskForm
from portfolio.models import Issue, Risk
from portfolio.register_tables import risk_columns
from portfolio.states import RiskStatus
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


class RiskListView(RegisterListView):
    model = Risk
    list_name = "risks"
    title = "Risks"
    noun = "risk"
    filterset_class = RiskFilters
    columns_for = risk_columns
    default_order = "-score"


class ProjectRiskListView(RiskListView, ProjectRegisterListView):
    list_name = "project-risks"
    template_name = "portfolio/project_register.html"

    def get_extra(self) -> dict[str, Any]:
        points = [point_of(risk) for risk in self.get_rows().filter(status=RiskStatus.OPEN).order_by("number")[:40]]
        return {**super().get_extra(), "matrix": risk_matrix(points, 300) if points else ""}


def point_of(risk: Risk) -> RiskPoint:
    after = (risk.treated_probability, risk.treated_impact)
    return RiskPoint(str(risk.number), (risk.probability, risk.impact), after if None not in after else None)  # type: ignore[arg-type]


class RiskDetailView(EntryDetailView):
    model = Risk
    verbs = (
        Verb("It has happened", "happened", RiskStatus.REALISED),
        Verb("Close", "close", RiskStatus.CLOSED),
        Verb("Reopen", "reopen", RiskStatus.OPEN),
    )

    def facts(self, entry: Risk, access: ProjectAccess) -> list[tuple[str, Any]]:
        money = [
            ("Cost if it happens", Money(entry.cost_amount)),
            ("Chance", words.percent(entry.chance_pct)),
            ("Expected value", Money(entry.expected_amount)),
        ]
        return [
            ("Score before treatment", f"{entry.score} ({entry.probability} × {entry.impact})"),
            ("Score after treatment", treated_words(entry)),
            ("Response", entry.get_response_display()),
            ("Owner", entry.owner),
            ("Could happen from", entry.proximity_on),
            ("Next action", entry.next_action),
            ("Next action by", entry.next_action_on),
            ("Last progressed", entry.progressed_on),
            *(money if access.can_see_money else []),
        ]

    def texts(self, entry: Risk) -> list[tuple[str, str]]:
        return [("Description", entry.description), ("Treatment", entry.treatment)]

    def beside(self, entry: Risk, access: ProjectAccess) -> dict[str, Any]:
        became = Issue.objects.filter(from_risk=entry).select_related("project").first()
        return {"matrix": risk_matrix([point_of(entry)], 300), "linked": became, "linked_words": "It became"}


def treated_words(risk: Risk) -> str | None:
    return None if risk.treated_score is None else f"{risk.treated_score} ({risk.treated_probability} × {risk.treated_impact})"


class RiskNewView(EntryNewView):
    model = Risk
    form_class = RiskForm


class RiskEditView(EntryEditView):
    model = Risk
    form_class = RiskForm


class RiskCloseView(EntryVerbView):
    model = Risk
    form_class = ReasonForm
    title = "Close the risk"
    submit = "Close"

    def act(self, entry: Risk, **values: Any) -> None:
        entry.close(by=self.request.user, reason=values["reason"])


class RiskHappenedView(EntryVerbView):
    model = Risk
    form_class = HappenedForm
    title = "The risk has happened"
    submit = "Make it an issue"

    def act(self, entry: Risk, **values: Any) -> Issue:
        return entry.becomes_issue(by=self.request.user, on=values["on"], severity=values["severity"])


class RiskReopenView(EntryReopenView):
    model = Risk
    form_class = ReasonForm
    title = "Reopen the risk"


@require_POST
def risk_show(request: HttpRequest, code: str, number: int) -> HttpResponse:
    return show_entry(request, Risk, code, number)
