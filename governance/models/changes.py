from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from governance.change_states import Authority, ChangeReason, ChangeState
from portfolio.models import Project


class ChangeRequestQuerySet(models.QuerySet["ChangeRequest"]):
    def visible_to(self, user: Any) -> ChangeRequestQuerySet:
        return self.filter(project__in=Project.objects.visible_to(user))

    def approved(self) -> ChangeRequestQuerySet:
        return self.filter(state=ChangeState.APPROVED)


class ChangeRequest(models.Model):
    """A proposal to change what was agreed on a project: its effects, the options, who assessed it and who decided."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="change_requests")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=160)
    state = models.CharField(max_length=10, choices=ChangeState.choices, default=ChangeState.DRAFT)
    reason_code = models.CharField("reason", max_length=10, choices=ChangeReason.choices)
    description = models.TextField()
    root_cause = models.TextField(blank=True, help_text="Needed where a new baseline is asked for.")
    scope_effect = models.TextField("effect on scope", blank=True)
    changes_scope = models.BooleanField("scope or benefits change", default=False)
    days_effect = models.IntegerField("effect on the finish", default=0, help_text="Working days; negative is earlier.")
    cost_effect = models.DecimalField(
        "effect on cost", max_digits=14, decimal_places=2, default=0, help_text="In the project's currency; negative is less."
    )
    quality_effect = models.TextField("effect on quality", blank=True)
    risk_effect = models.TextField("effect on risk", blank=True)
    benefits_effect = models.TextField("effect on benefits", blank=True)
    resources_effect = models.TextField("effect on people", blank=True)
    within_contingency = models.BooleanField("paid from contingency", default=False)
    funding_source = models.CharField(max_length=160, blank=True)
    wants_baseline = models.BooleanField("asks for a new baseline", default=False)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="changes_requested")
    requested_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    assessed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="changes_assessed"
    )
    assessed_at = models.DateTimeField(null=True, blank=True)
    assessment = models.TextField(blank=True)
    recommendation = models.TextField(blank=True)
    authority = models.CharField(max_length=16, choices=Authority.choices, blank=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="changes_decided"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_reason = models.TextField(blank=True)
    record = models.TextField(blank=True, editable=False, help_text="Canonical JSON of all that was decided on.")
    record_sha256 = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    new_baseline_number = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)

    #: The column of the sign-off chain that points here.
    sign_field = "change_request"

    objects = ChangeRequestQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["record"])

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="governance_change_number_once"),
            models.CheckConstraint(condition=Q(state__in=ChangeState.values), name="governance_change_state_known"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | (~Q(decided_by=F("requested_by")) & ~Q(decided_by=F("assessed_by"))),
                name="governance_change_decider_is_neither",
                violation_error_message="Who asked for the change or assessed it does not decide on it.",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=[ChangeState.APPROVED, ChangeState.REJECTED], decided_at__isnull=False, decided_by__isnull=False
                )
                | ~Q(state__in=[ChangeState.APPROVED, ChangeState.REJECTED]),
                name="governance_change_decided_has_decider",
            ),
        ]

    def __str__(self) -> str:
        return f"CR-{self.project.code}-{self.number:02d} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("governance:change-detail", args=[self.project.code, self.number])

    @property
    def code(self) -> str:
        return f"CR-{self.project.code}-{self.number:02d}"


class ChangeOption(models.Model):
    """One way to answer the need behind a change request. “Do nothing” is always among them."""

    change_request = models.ForeignKey(ChangeRequest, on_delete=models.CASCADE, related_name="options")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    is_do_nothing = models.BooleanField(default=False)
    is_recommended = models.BooleanField(default=False)
    consequence = models.TextField()
    cost_effect = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    days_effect = models.IntegerField(null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["change_request", "position"], name="governance_changeoption_position_once"),
            models.UniqueConstraint(
                fields=["change_request"], condition=Q(is_do_nothing=True), name="governance_changeoption_one_do_nothing"
            ),
            models.UniqueConstraint(
                fields=["change_request"], condition=Q(is_recommended=True), name="governance_changeoption_one_recommended"
            ),
        ]

    def __str__(self) -> str:
        return self.title
