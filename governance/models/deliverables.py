from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from governance.states import Kind
from pmo.lib.history import save_as
from portfolio.models import Project


class DeliverableQuerySet(models.QuerySet["Deliverable"]):
    def visible_to(self, user: Any) -> DeliverableQuerySet:
        return self.filter(project__in=Project.objects.visible_to(user))

    def reports(self) -> DeliverableQuerySet:
        return self.filter(kind=Kind.STATUS_REPORT)

    def not_in(self, at: dt.datetime) -> DeliverableQuerySet:
        """Return what was due before `at` and has never been submitted, longest overdue first."""
        return self.filter(due_at__lt=at, first_submitted_at=None, excused_at=None).order_by("due_at", "project__code")


class Deliverable(models.Model):
    """One thing that a project owes the office: a document once, or a status report for one period.

    Its versions hold the content.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="deliverables")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    number = models.PositiveIntegerField()
    period_end_on = models.DateField("status date", null=True, blank=True)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    first_submitted_at = models.DateTimeField(null=True, blank=True, editable=False)
    excused_at = models.DateTimeField(null=True, blank=True, editable=False)
    excuse = models.CharField(max_length=240, blank=True)

    objects = DeliverableQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["-period_end_on", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "kind", "number"], name="governance_deliverable_number_once"),
            models.UniqueConstraint(
                fields=["project", "kind", "period_end_on"],
                condition=Q(period_end_on__isnull=False),
                name="governance_deliverable_one_a_period",
            ),
            models.CheckConstraint(
                condition=(Q(kind=Kind.STATUS_REPORT) & Q(period_end_on__isnull=False))
                | (~Q(kind=Kind.STATUS_REPORT) & Q(period_end_on__isnull=True)),
                name="governance_deliverable_period_iff_report",
            ),
        ]
        indexes = [models.Index(fields=["due_at", "first_submitted_at"], name="governance_deliverable_due")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}, {self.project.code}"

    def get_absolute_url(self) -> str:
        if self.kind == Kind.STATUS_REPORT:
            return reverse("governance:report-detail", args=[self.project.code, self.number])
        if self.kind in (Kind.DEFINITION, Kind.EXECUTION_PLAN):
            return reverse("governance:document-detail", args=[self.project.code, self.kind.replace("_", "-")])
        return reverse("governance:deliverable-list", args=[self.project.code])

    def mark_submitted(self, *, by: Any, at: dt.datetime) -> None:
        """Keep the moment of the first submission: it alone decides whether the report came in on time."""
        if self.first_submitted_at is None:
            self.first_submitted_at = at
            save_as(self, by=by, fields=["first_submitted_at"], reason="first submitted")
