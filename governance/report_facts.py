"""What a status report reads from its project instead of having it typed: dates, registers, money, computed ratings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from governance.health import Computed, HealthInputs, IssueFact, Limits, MilestoneFact, RiskFact, compute
from governance.states import Dimension
from pmo.lib.workdays import WorkCalendar
from portfolio.models import Decision, Dependency, Issue, Milestone, Project, Risk
from portfolio.states import RiskStatus


def late_days(calendar: WorkCalendar, baseline_on: dt.date | None, expected_on: dt.date | None) -> int | None:
    """Return working days from baseline to expected date, positive late; None when either is missing."""
    if baseline_on is None or expected_on is None:
        return None
    return calendar.between(baseline_on, expected_on)


def risk_is_overdue(next_action_on: dt.date | None, on: dt.date) -> bool:
    return next_action_on is None or next_action_on < on


@dataclass(frozen=True)
class Registers:
    """A project's milestones and what is open in its registers, read once for its facts and its ratings."""

    milestones: list[Milestone]
    """By the date that counts."""
    risks: list[Risk]
    """Worst first."""
    issues: list[Issue]
    """Oldest first."""

    decisions: list[Decision]
    dependencies: list[Dependency]

    @classmethod
    def of(cls, project: Project) -> Registers:
        """Read them. Five queries; none for a project whose registers are `known`."""
        found = (_known.get() or {}).get(project.pk)
        if found is not None:
            return found()
        return cls(
            list(project.milestones.by_date()),
            list(Risk.objects.filter(project=project, status=RiskStatus.OPEN).worst_first().select_related("owner")),
            list(project.issues.open().select_related("owner").order_by("raised_on", "number")),
            list(project.decisions.on_report().order_by("needed_by_on", "number")),
            list(project.dependencies.on_report().select_related("on_project").order_by("needed_on", "number")),
        )

    @staticmethod
    @contextmanager
    def known(by_project: Mapping[int, Callable[[], Registers]]) -> Iterator[None]:
        """Take the registers of these projects from memory inside: for bringing in many reports beside their registers."""
        token = _known.set(by_project)
        try:
            yield
        finally:
            _known.reset(token)


_known: ContextVar[Mapping[int, Callable[[], Registers]] | None] = ContextVar("registers_known", default=None)


def health_inputs(
    project: Project, on: dt.date, calendar: WorkCalendar, registers: Registers, *, schedule_age_days: int | None = 0
) -> HealthInputs:
    """Return everything that the computed ratings of `project` rest on, on status date `on`.

    `schedule_age_days` is 0 while a report is written, because submitting it confirms the dates.
    """
    return HealthInputs(
        status_on=on,
        governance_class=project.governance_class,
        start_on=project.start_on,
        baseline_finish_on=project.baseline_finish_on,
        forecast_finish_on=project.forecast_finish_on,
        actual_finish_on=project.actual_finish_on,
        schedule_age_days=schedule_age_days,
        milestones=tuple(milestone_fact(row, calendar) for row in sorted(registers.milestones, key=lambda row: row.number)),
        risks=tuple(risk_fact(row, on) for row in sorted(registers.risks, key=lambda row: row.number)),
        issues=tuple(
            IssueFact(row.number, row.title, row.severity, row.age_days(on))
            for row in sorted(registers.issues, key=lambda row: row.number)
        ),
    )


def milestone_fact(row: Milestone, calendar: WorkCalendar) -> MilestoneFact:
    late = late_days(calendar, row.baseline_on, row.expected_on)
    return MilestoneFact(row.name, row.is_key, row.baseline_on, row.forecast_on, row.actual_on, late)


def risk_fact(row: Risk, on: dt.date) -> RiskFact:
    idle_days = (on - row.progressed_on).days if row.progressed_on else None
    return RiskFact(row.number, row.title, row.score, risk_is_overdue(row.next_action_on, on), idle_days)


def computed_ratings(
    project: Project, on: dt.date, calendar: WorkCalendar, limits: Limits, registers: Registers | None = None
) -> dict[Dimension, Computed]:
    return compute(health_inputs(project, on, calendar, registers or Registers.of(project)), limits)


def person(user: Any) -> str:
    return user.name if user else ""


def project_facts(project: Project) -> dict[str, Any]:
    return {
        "code": project.code,
        "name": project.name,
        "purpose": project.purpose,
        "department": project.department.name if project.department else "",
        "program": project.program.name if project.program else "",
        "project_manager": person(project.project_manager),
        "sponsor": person(project.sponsor),
        "business_owner": person(project.business_owner),
        "phase": project.phase,
        "phase_label": project.get_phase_display(),
        "governance_class": project.governance_class,
        "baseline_number": project.baseline_number,
        "rebaselined_on": project.rebaselined_on,
    }


def finish_facts(project: Project, calendar: WorkCalendar) -> dict[str, Any]:
    expected = project.actual_finish_on or project.forecast_finish_on
    return {
        "start_on": project.start_on,
        "original_on": project.original_finish_on,
        "baseline_on": project.baseline_finish_on,
        "forecast_on": project.forecast_finish_on,
        "actual_on": project.actual_finish_on,
        "late_days": late_days(calendar, project.baseline_finish_on, expected),
        "late_original_days": late_days(calendar, project.original_finish_on, expected),
    }


def percent_of(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    """Return part / whole in percent, one decimal; None when either is missing or the whole is zero."""
    if part is None or not whole:
        return None
    return (part / whole * 100).quantize(Decimal("0.1"), ROUND_HALF_EVEN)


def money_facts(project: Project) -> dict[str, Any] | None:
    """Return the money of the project in its own unit and currency, or None while no amount is known."""
    amounts = {
        "budget_amount": project.budget_amount,
        "spent_amount": project.spent_amount,
        "committed_amount": project.committed_amount,
        "forecast_amount": project.forecast_amount,
    }
    if all(amount is None for amount in amounts.values()):
        return None
    variance = project.variance_amount
    return {
        **amounts,
        "variance_amount": variance,
        "variance_pct": percent_of(variance, project.budget_amount),
        "as_of_on": project.money_as_of,
        "currency": project.currency,
        "amount_unit": project.amount_unit,
    }


def milestone_rows(registers: Registers, calendar: WorkCalendar) -> list[dict[str, Any]]:
    """Return the milestones shown on the report, by the date that counts."""
    return [
        {
            "number": row.number,
            "name": row.name,
            "kind": row.kind,
            "is_key": row.is_key,
            "original_on": row.original_on,
            "baseline_on": row.baseline_on,
            "forecast_on": row.forecast_on,
            "actual_on": row.actual_on,
            "late_days": late_days(calendar, row.baseline_on, row.expected_on),
        }
        for row in registers.milestones
        if row.show_on_report
    ]


def risk_rows(registers: Registers) -> list[dict[str, Any]]:
    return [
        {
            "number": row.number,
            "title": row.title,
            "score": row.score,
            "treated_score": row.treated_score,
            "owner": person(row.owner),
            "response": row.get_response_display(),
            "next_action": row.next_action,
            "next_action_on": row.next_action_on,
        }
        for row in registers.risks
        if row.show_on_report
    ]


def issue_rows(registers: Registers, on: dt.date) -> list[dict[str, Any]]:
    return [
        {
            "number": row.number,
            "title": row.title,
            "severity": row.get_severity_display(),
            "owner": person(row.owner),
            "raised_on": row.raised_on,
            "due_on": row.due_on,
            "age_days": row.age_days(on),
            "next_action": row.next_action,
        }
        for row in registers.issues
        if row.show_on_report
    ]


def decision_rows(registers: Registers) -> list[dict[str, Any]]:
    names = ("number", "title", "needed_from", "needed_by_on", "consequence")
    return [{name: getattr(row, name) for name in names} for row in registers.decisions]


def dependency_rows(registers: Registers) -> list[dict[str, Any]]:
    return [
        {
            "number": row.number,
            "title": row.title,
            "source": row.on_project.code if row.on_project else row.on_outside,
            "needed_on": row.needed_on,
            "promised_on": row.promised_on,
        }
        for row in registers.dependencies
    ]


def project_rows(project: Project, on: dt.date, calendar: WorkCalendar, registers: Registers) -> dict[str, Any]:
    """Return all that a report shows of its project besides what the project manager writes. No query beyond the people."""
    return {
        "project": project_facts(project),
        "finish": finish_facts(project, calendar),
        "money": money_facts(project),
        "milestones": milestone_rows(registers, calendar),
        "risks": risk_rows(registers),
        "issues": issue_rows(registers, on),
        "decisions": decision_rows(registers),
        "dependencies": dependency_rows(registers),
    }
