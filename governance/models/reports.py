from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from governance.states import GIVEN, Decision, Dimension, Letter, PlanOutcome
from portfolio.models import Project


def life() -> Any:
    from governance import report_life

    return report_life


class StatusReport(models.Model):
    """What a project manager says of one reporting period: ratings, headline, accomplishments and plan.

    Milestones, registers and money are read from the project and stand in the frozen content of the version, not here.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="status_reports")
    number = models.PositiveIntegerField()
    period_start_on = models.DateField()
    period_end_on = models.DateField("status date")
    previous = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    headline = models.CharField(max_length=300, blank=True, help_text="One sentence. Stakeholders read it first.")
    accomplishments = models.TextField(blank=True, help_text="One outcome a line, tied to a milestone where there is one.")
    plan = models.TextField(
        "plan for the next period", blank=True, help_text="One item a line. Each will be asked for next time."
    )
    keeps_plan = models.BooleanField("the plan stays as it was, on purpose", default=False)
    change_note = models.TextField("what this correction changes, and why", blank=True)
    is_frozen = models.BooleanField(default=False, editable=False)
    revision = models.PositiveIntegerField(default=0, editable=False)
    saved_at = models.DateTimeField(null=True, editable=False)

    history = HistoricalRecords(excluded_fields=["revision", "saved_at"])

    class Meta:
        ordering = ["-period_end_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(period_end_on__gte=models.F("period_start_on")), name="governance_report_period_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"Report {self.number} of {self.project.code}"

    # What the review engine asks of every content row. The life of a report stands in governance.report_life, which needs the
    # models; it is imported where it is called, because models cannot import it while they are being defined.

    def freeze(self, version: Any, *, by: Any, at: dt.datetime) -> dict[str, Any]:
        return life().freeze(self, version, by=by, at=at)

    def review_due_at(self, at: dt.datetime) -> dt.datetime:
        return life().review_due_at(at)

    def after_submission(self, version: Any, *, by: Any, at: dt.datetime) -> None:
        life().after_submission(self, version, by=by, at=at)

    def after_withdrawal(self, version: Any, *, by: Any, at: dt.datetime) -> None:
        life().after_withdrawal(self, version, by=by, at=at)

    def weigh(self, version: Any, decision: Decision, terms: Mapping[str, Any]) -> dict[str, Any]:
        return life().weigh(self, version, decision, terms)

    def settle(self, decision: Decision, weighed: Mapping[str, Any], *, by: Any) -> None:
        life().settle(self, decision, weighed, by=by)

    def after_decision(self, version: Any, decision: Decision, *, by: Any, at: dt.datetime) -> None:
        life().after_decision(self, version, decision, by=by, at=at)

    def fault(self, version: Any) -> str:
        return life().fault(self, version)

    def plan_items(self) -> list[str]:
        return lines_of(self.plan)

    def accomplishment_items(self) -> list[str]:
        return lines_of(self.accomplishments)


def lines_of(text: str) -> list[str]:
    """Return the lines of a text that say something, without list marks."""
    return [line for line in (raw.strip().lstrip("-•*– ").strip() for raw in text.splitlines()) if line]


class ReportRating(models.Model):
    """One dimension of one report as three people-and-rules see it: the project manager, the evidence, and the office."""

    report = models.ForeignKey(StatusReport, on_delete=models.CASCADE, related_name="ratings")
    dimension = models.CharField(max_length=10, choices=Dimension.choices)
    pm_letter = models.CharField(max_length=1, choices=[(letter.value, letter.label) for letter in GIVEN], blank=True)
    reason = models.TextField(blank=True, help_text="Yellow and red need one. Stakeholders read it.")
    cause = models.TextField(blank=True)
    action = models.TextField("what brings it back", blank=True)
    action_owner = models.CharField("who does it", max_length=120, blank=True)
    action_due_on = models.DateField("back on plan by", null=True, blank=True)
    measure = models.CharField("what will prove it", max_length=240, blank=True)
    computed_letter = models.CharField(max_length=1, choices=Letter.choices, blank=True, editable=False)
    computed = models.JSONField(
        default=dict, editable=False, help_text="Sentence, tests, inputs, rows and threshold version of the computed rating."
    )
    pmo_letter = models.CharField(
        max_length=1, choices=[(letter.value, letter.label) for letter in GIVEN], blank=True, editable=False
    )
    pmo_reason = models.TextField(blank=True, editable=False)

    history = HistoricalRecords()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["report", "dimension"], name="governance_rating_dimension_once"),
            models.CheckConstraint(condition=Q(pm_letter__in=["", *GIVEN]), name="governance_rating_pm_letter_known"),
            models.CheckConstraint(condition=Q(pmo_letter__in=["", *GIVEN]), name="governance_rating_pmo_letter_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_dimension_display()}: {self.pm_letter or '—'}"


class PlanReconciliation(models.Model):
    """One item of last period's plan, and what became of it."""

    report = models.ForeignKey(StatusReport, on_delete=models.CASCADE, related_name="reconciliations")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=400)
    outcome = models.CharField(max_length=8, choices=PlanOutcome.choices, blank=True)
    note = models.CharField(max_length=240, blank=True)
    weeks_planned = models.PositiveSmallIntegerField(default=1, help_text="How many reports in a row have planned it.")

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["report", "position"], name="governance_reconciliation_position_once")]

    def __str__(self) -> str:
        return self.text


def blank_ratings(report: StatusReport) -> list[Any]:
    return [ReportRating(report=report, dimension=dimension) for dimension in Dimension.values]
