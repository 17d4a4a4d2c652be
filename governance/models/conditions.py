from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from governance.document_states import ConditionState
from governance.models.gates import GateReview
from governance.models.versions import OFFICE_READERS, DeliverableVersion
from portfolio.models import Project


class ConditionQuerySet(models.QuerySet["Condition"]):
    def visible_to(self, user: Any) -> ConditionQuerySet:
        """Return the conditions that `user` may read: the office all, others those of their projects and their own."""
        if user.is_authenticated and user.has_role(*OFFICE_READERS):
            return self.all()
        return self.filter(Q(project__in=Project.objects.of(user)) | Q(owner=user) | Q(verifier=user))

    def unsettled(self) -> ConditionQuerySet:
        return self.exclude(state=ConditionState.CLOSED)

    def overdue(self, on: dt.date) -> ConditionQuerySet:
        return self.unsettled().filter(due_on__lt=on)


class Condition(models.Model):
    """Something that must still be done for an approval or a Go to hold: by whom, until when, and who checks the evidence."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="conditions")
    number = models.PositiveIntegerField()
    version = models.ForeignKey(DeliverableVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="conditions")
    gate_review = models.ForeignKey(GateReview, null=True, blank=True, on_delete=models.PROTECT, related_name="conditions")
    text = models.TextField(help_text="What must be true, so that a stranger can check it.")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="conditions_owned")
    verifier = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="conditions_verified")
    due_on = models.DateField("due")
    first_due_on = models.DateField("first due", null=True, blank=True, editable=False, help_text="Before it was extended.")
    extensions = models.PositiveSmallIntegerField(default=0, editable=False)
    state = models.CharField(max_length=10, choices=ConditionState.choices, default=ConditionState.OPEN)
    evidence = models.TextField("what shows that it is met", blank=True)
    evidence_url = models.URLField("link to the evidence", blank=True)
    evidenced_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    evidenced_at = models.DateTimeField(null=True, blank=True)
    refusal = models.TextField("why the evidence was not enough", blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    objects = ConditionQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="governance_condition_number_once"),
            models.CheckConstraint(
                condition=Q(version__isnull=False, gate_review__isnull=True)
                | Q(version__isnull=True, gate_review__isnull=False),
                name="governance_condition_of_one_decision",
            ),
            models.CheckConstraint(
                condition=~Q(owner=F("verifier")),
                name="governance_condition_verifier_is_not_owner",
                violation_error_message="Somebody other than the owner verifies the condition.",
            ),
            models.CheckConstraint(
                condition=Q(state=ConditionState.CLOSED, closed_at__isnull=False, closed_by__isnull=False)
                | (~Q(state=ConditionState.CLOSED) & Q(closed_at__isnull=True)),
                name="governance_condition_closed_iff_date",
            ),
            models.CheckConstraint(
                condition=Q(closed_by__isnull=True) | (~Q(closed_by=F("owner")) & ~Q(closed_by=F("evidenced_by"))),
                name="governance_condition_closer_is_neither",
                violation_error_message="Who owes the condition or gave the evidence does not close it.",
            ),
            models.CheckConstraint(condition=Q(state__in=ConditionState.values), name="governance_condition_state_known"),
        ]

    def __str__(self) -> str:
        return f"Condition {self.number} of {self.project.code}"

    def get_absolute_url(self) -> str:
        return reverse("governance:condition-detail", args=[self.project.code, self.number])
