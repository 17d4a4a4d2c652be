from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from governance.gate_states import ComplianceRule
from governance.models.conditions import Condition
from governance.models.versions import OFFICE_READERS
from governance.states import Severity
from portfolio.models import Project


class ComplianceFindingQuerySet(models.QuerySet["ComplianceFinding"]):
    def visible_to(self, user: Any) -> ComplianceFindingQuerySet:
        if user.is_authenticated and user.has_role(*OFFICE_READERS):
            return self.all()
        return self.filter(project__in=Project.objects.of(user))

    def open(self) -> ComplianceFindingQuerySet:
        return self.filter(closed_at=None)

    def closed_by_clock(self) -> ComplianceFindingQuerySet:
        """Return what the daily check closed because the fact was gone; if it comes back, they are opened again."""
        return self.filter(closed_at__isnull=False, closed_by=None)


class ComplianceFinding(models.Model):
    """A rule of governance that a project did not keep: which, since when, who mends it by when, and what closed it.

    `key` names the occasion, so that the daily check opens each once. One without `closed_by` was closed by the daily check.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="compliance_findings")
    rule = models.CharField(max_length=20, choices=ComplianceRule.choices)
    key = models.CharField(max_length=120, unique=True)
    severity = models.CharField(max_length=10, choices=Severity.choices, default=Severity.MAJOR)
    sentence = models.CharField(max_length=300)
    condition = models.ForeignKey(Condition, null=True, blank=True, on_delete=models.PROTECT, related_name="findings")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    due_on = models.DateField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    closing_evidence = models.TextField(blank=True)

    objects = ComplianceFindingQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | ~Q(closing_evidence=""),
                name="governance_compliancefinding_closed_has_evidence",
            ),
        ]

    def __str__(self) -> str:
        return self.sentence
