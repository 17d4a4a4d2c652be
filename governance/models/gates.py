from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Case, Q, When
from django.urls import reverse
from simple_history.models import HistoricalRecords

from governance.gate_states import Artefact, Gate, GateDecision, GateState, Requirement
from portfolio.models import Project
from portfolio.states import GovernanceClass, Phase, ProjectStatus


class GateReviewQuerySet(models.QuerySet["GateReview"]):
    def visible_to(self, user: Any) -> GateReviewQuerySet:
        return self.filter(project__in=Project.objects.visible_to(user))

    def with_risks_told_to(self, user: Any) -> GateReviewQuerySet:
        """Return the rows with `tells_risks`: whether the page of a review shows `user` its risks in short.

        They stand beside the register of risks, and are for those who read that. What is known from a record shows none.
        """
        told = Q(source="", project__in=Project.objects.with_registers_for(user))
        return self.annotate(tells_risks=Case(When(told, then=True), default=False, output_field=models.BooleanField()))

    def waiting(self) -> GateReviewQuerySet:
        """Return the planned reviews that somebody here is to hold: not those of another house, nor of projects that are over.

        Benefits are reviewed when the project is closed.
        """
        ongoing = Q(project__status__in=[ProjectStatus.ACTIVE, ProjectStatus.ON_HOLD])
        looks_back = Q(gate=Gate.G6, project__status=ProjectStatus.CLOSED)
        return self.filter(ongoing | looks_back, state=GateState.PLANNED, source="")


class GateReview(models.Model):
    """One meeting at which a project passes a gate, is held, or is stopped. A gate that was held is met again by a new one."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="gate_reviews")
    gate = models.CharField(max_length=2, choices=Gate.choices)
    number = models.PositiveIntegerField(help_text="Counts the reviews of one project.")
    state = models.CharField(max_length=10, choices=GateState.choices, default=GateState.PLANNED)
    planned_on = models.DateField("planned for")
    first_planned_on = models.DateField(editable=False)
    planned_at = models.DateTimeField(
        null=True, editable=False, help_text="When it was planned: it is not held before. Empty for what came from a record."
    )
    held_on = models.DateField(null=True, blank=True)
    recommendation = models.TextField(blank=True, help_text="What the office recommends, and why.")
    risk_summary = models.TextField(blank=True)
    decision = models.CharField(max_length=12, choices=GateDecision.choices, blank=True)
    rationale = models.TextField("reason for the decision", blank=True)
    minutes = models.TextField(blank=True)
    next_gate_on = models.DateField("next gate", null=True, blank=True)
    phase_before = models.CharField(max_length=12, choices=Phase.choices, blank=True, editable=False)
    phase_after = models.CharField(max_length=12, choices=Phase.choices, blank=True, editable=False)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    record = models.TextField(blank=True, editable=False, help_text="Canonical JSON of all that was decided on.")
    record_sha256 = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    source = models.CharField(
        max_length=80, blank=True, editable=False, help_text="Where a gate that was not decided here is known from."
    )

    kind_in_source = models.CharField(
        max_length=80, blank=True, editable=False, help_text="What the source calls this sort of project, for an imported gate."
    )

    #: The column of the sign-off chain that points here.
    sign_field = "gate_review"

    objects = GateReviewQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["record"])

    class Meta:
        ordering = ["project", "number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="governance_gatereview_number_once"),
            # Benefits are reviewed more than once, each time on a day of its own.
            models.UniqueConstraint(
                fields=["project", "gate"],
                condition=Q(state=GateState.PLANNED) & ~Q(gate=Gate.G6),
                name="governance_gatereview_one_planned",
                violation_error_message="A review of this gate is already planned.",
            ),
            models.UniqueConstraint(
                fields=["project", "gate", "planned_on"],
                condition=Q(state=GateState.PLANNED),
                name="governance_gatereview_one_a_day",
                violation_error_message="A review of this gate is already planned for that day.",
            ),
            models.CheckConstraint(condition=Q(state__in=GateState.values), name="governance_gatereview_state_known"),
            models.CheckConstraint(
                condition=(Q(state=GateState.DECIDED, held_on__isnull=False) & ~Q(decision=""))
                | (~Q(state=GateState.DECIDED) & Q(decision="")),
                name="governance_gatereview_decided_iff_decision",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_gate_display()}, {self.project.code}"

    def get_absolute_url(self) -> str:
        return reverse("governance:gate-detail", args=[self.project.code, self.number])

    @property
    def is_imported(self) -> bool:
        """Whether another house passed this gate: it counts in no calendar and no measure of our own."""
        return bool(self.kind_in_source)


class GateCriterion(models.Model):
    """One question that is answered at a gate."""

    gate = models.CharField(max_length=2, choices=Gate.choices)
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=240)
    is_active = models.BooleanField(default=True)

    history = HistoricalRecords()

    class Meta:
        ordering = ["gate", "position"]
        constraints = [models.UniqueConstraint(fields=["gate", "text"], name="governance_gatecriterion_text_once")]

    def __str__(self) -> str:
        return self.text


class GateAnswer(models.Model):
    """How one criterion was answered at one gate review."""

    gate_review = models.ForeignKey(GateReview, on_delete=models.CASCADE, related_name="answers")
    criterion = models.ForeignKey(GateCriterion, on_delete=models.PROTECT, related_name="+")
    is_met = models.BooleanField(null=True)
    note = models.CharField(max_length=240, blank=True)

    history = HistoricalRecords()

    class Meta:
        ordering = ["criterion__position"]
        constraints = [models.UniqueConstraint(fields=["gate_review", "criterion"], name="governance_gateanswer_once")]

    def __str__(self) -> str:
        return f"{self.criterion}"


class GateAttendee(models.Model):
    """Who was at a gate review: an account of the product or a name, and as what."""

    gate_review = models.ForeignKey(GateReview, on_delete=models.CASCADE, related_name="attendees")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120, blank=True)
    capacity = models.CharField("as", max_length=80, blank=True)

    history = HistoricalRecords()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False) | ~Q(name=""),
                name="governance_gateattendee_named",
                violation_error_message="Choose a person or write a name.",
            ),
        ]

    def __str__(self) -> str:
        return self.person.name if self.person else self.name


class TailoringRule(models.Model):
    """Whether one class of project owes one artefact, and by which gate it must be approved."""

    governance_class = models.PositiveSmallIntegerField(choices=GovernanceClass.choices)
    artefact = models.CharField(max_length=16, choices=Artefact.choices)
    requirement = models.CharField(max_length=10, choices=Requirement.choices)
    gate = models.CharField("approved by", max_length=2, choices=Gate.choices)

    history = HistoricalRecords()

    class Meta:
        ordering = ["artefact", "governance_class"]
        constraints = [
            models.UniqueConstraint(fields=["governance_class", "artefact"], name="governance_tailoring_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_artefact_display()}, class {self.governance_class}: {self.get_requirement_display().lower()}"

    @property
    def is_owed(self) -> bool:
        return self.requirement in (Requirement.MANDATORY, Requirement.LITE)


class WaiverQuerySet(models.QuerySet["Waiver"]):
    def visible_to(self, user: Any) -> WaiverQuerySet:
        return self.filter(project__in=Project.objects.visible_to(user))

    def in_force(self, on: dt.date) -> WaiverQuerySet:
        return self.filter(revoked_at=None, granted_on__lte=on, expires_on__gte=on)


class Waiver(models.Model):
    """For one project and until a day, an artefact or an overdue condition does not hold up a gate: who said so, and why."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="waivers")
    gate = models.CharField(max_length=2, choices=Gate.choices)
    artefact = models.CharField(
        max_length=16, choices=Artefact.choices, blank=True, help_text="Empty where the waiver is for an overdue condition."
    )
    condition = models.ForeignKey(
        "governance.Condition", null=True, blank=True, on_delete=models.PROTECT, related_name="waivers"
    )
    reason = models.TextField()
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    granted_on = models.DateField()
    expires_on = models.DateField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = WaiverQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["expires_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_on__gte=models.F("granted_on")),
                name="governance_waiver_dates_in_order",
                violation_error_message="The waiver ends before it begins.",
            ),
        ]

    def __str__(self) -> str:
        return f"Waiver for {self.get_gate_display()}, {self.project.code}"

    @property
    def what(self) -> str:
        """Return what is waived, in words. A waiver of before conditions were named is for those overdue on its first day."""
        if self.condition:
            return f"Condition {self.condition.number}"
        return self.get_artefact_display() if self.artefact else "Overdue conditions"
