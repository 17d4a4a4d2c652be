from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from governance.change_states import Authority, ChangeReason, ChangeState
from pmo.lib.errors import Refused
from pmo.models.revising import Revisable
from pmo.roles import Role
from portfolio.models import Project

#: What the requester writes. Everything else follows from a verb.
DRAFTED = (
    "title",
    "reason_code",
    "description",
    "root_cause",
    "scope_effect",
    "changes_scope",
    "days_effect",
    "cost_effect",
    "quality_effect",
    "risk_effect",
    "benefits_effect",
    "resources_effect",
    "within_contingency",
    "funding_source",
    "wants_baseline",
    "moved_start_on",
    "moved_dates",
    "assessor",
)
#: What the assessor confirms or corrects; what was asked stays beside it as `stated_…`.
ASSESSED = ("changes_scope", "within_contingency", "cost_effect", "days_effect")
OPEN_STATES = (ChangeState.DRAFT, ChangeState.SUBMITTED, ChangeState.ASSESSED, ChangeState.DEFERRED)


class ChangeRequestQuerySet(models.QuerySet["ChangeRequest"]):
    def visible_to(self, user: Any) -> ChangeRequestQuerySet:
        """Return what `user` may read: all for the office and finance, else the requests of projects they have a part in."""
        if user.is_authenticated and user.is_active and user.has_role(Role.FINANCE):
            return self.all()
        return self.filter(project__in=Project.objects.with_registers_for(user))

    def approved(self) -> ChangeRequestQuerySet:
        return self.filter(state=ChangeState.APPROVED)


class ChangeRequest(Revisable):
    """A proposal to change what was agreed on a project: its effects, the options, who assessed it and who decided."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="change_requests")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=160)
    state = models.CharField(max_length=10, choices=ChangeState.choices, default=ChangeState.DRAFT)
    reason_code = models.CharField("reason", max_length=10, choices=ChangeReason.choices, blank=True)
    description = models.TextField(blank=True)
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
    moved_start_on = models.DateField("new start", null=True, blank=True)
    moved_dates = models.JSONField(
        "new dates of milestones", default=dict, blank=True, help_text="By the number of the milestone: its new agreed date."
    )
    stated_changes_scope = models.BooleanField(null=True, editable=False, help_text="As asked, before the assessment.")
    stated_within_contingency = models.BooleanField(null=True, editable=False)
    stated_cost_effect = models.DecimalField(max_digits=14, decimal_places=2, null=True, editable=False)
    stated_days_effect = models.IntegerField(null=True, editable=False)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="changes_requested")
    requested_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    agreed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    agreed_at = models.DateTimeField(null=True, blank=True, help_text="When the project manager asked for it or agreed.")
    assessor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="changes_to_assess",
        verbose_name="team member who may assess it",
    )
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
    baseline_number = models.PositiveSmallIntegerField(
        null=True, blank=True, editable=False, help_text="The baseline in force when it was decided."
    )
    new_baseline_number = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    new_finish_on = models.DateField(null=True, blank=True, editable=False)
    new_budget_amount = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True, editable=False)

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
            models.CheckConstraint(
                condition=Q(assessed_by__isnull=True) | ~Q(assessed_by=F("requested_by")),
                name="governance_change_assessor_is_not_requester",
                violation_error_message="Who asked for the change does not assess it.",
            ),
            models.CheckConstraint(
                condition=Q(new_baseline_number__isnull=True) | Q(state=ChangeState.APPROVED, wants_baseline=True),
                name="governance_change_baseline_by_approval",
            ),
        ]

    def __str__(self) -> str:
        return f"CR-{self.project.code}-{self.number:02d} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("governance:change-detail", args=[self.project.code, self.number])

    def check_revision(self, before: Mapping[str, Any], *, by: Any, reason: str) -> list[str]:
        if self.state != ChangeState.DRAFT:
            raise Refused("The request was submitted, so its words stand. Withdraw it and begin another.", "not_draft")
        if before.keys() - DRAFTED:
            raise Refused("Only the words of the request are edited.", "not_editable")
        return []

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def moves(self) -> dict[int, dt.date]:
        """Return the new agreed dates of milestones by their numbers."""
        return {int(number): dt.date.fromisoformat(on) for number, on in self.moved_dates.items()}

    @property
    def was_corrected(self) -> bool:
        """Whether the assessor found another size than was asked."""
        return self.stated_cost_effect is not None and any(
            getattr(self, f"stated_{name}") != getattr(self, name) for name in ASSESSED
        )

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
    consequence = models.TextField(blank=True)
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
