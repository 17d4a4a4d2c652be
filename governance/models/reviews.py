from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from governance.document_states import Opinion, PartState, Seat
from governance.models.versions import DeliverableVersion
from governance.states import Decision, FindingState, Kind, ReviewState, Severity
from pmo.roles import Role
from portfolio.states import GovernanceClass


class Review(models.Model):
    """One review of one version: which role it waits for, who does it, by when, and how it ended."""

    version = models.ForeignKey(DeliverableVersion, on_delete=models.PROTECT, related_name="reviews")
    role = models.CharField(max_length=20, choices=[(Role.PMO_MANAGER, "PMO manager"), (Role.EXECUTIVE, "Executive")])
    state = models.CharField(max_length=10, choices=ReviewState.choices, default=ReviewState.OPEN)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="reviews"
    )
    acting_for = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decision = models.CharField(max_length=12, choices=Decision.choices, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    notes = models.JSONField(
        default=dict, help_text="What the reviewer has typed and not yet decided: ratings, reasons, withheld fields."
    )
    notes_revision = models.PositiveIntegerField(default=0)

    history = HistoricalRecords(excluded_fields=["notes", "notes_revision"])

    class Meta:
        ordering = ["due_at"]
        constraints = [
            models.UniqueConstraint(fields=["version"], condition=Q(state=ReviewState.OPEN), name="governance_review_one_open"),
            models.CheckConstraint(
                condition=Q(state=ReviewState.DECIDED, reviewer__isnull=False, closed_at__isnull=False) & ~Q(decision="")
                | (~Q(state=ReviewState.DECIDED) & Q(decision="")),
                name="governance_review_decided_iff_decision",
            ),
        ]

    def __str__(self) -> str:
        return f"Review of {self.version}"


class RouteStep(models.Model):
    """Who is asked, before the decision, about one kind of deliverable of one class. Steps follow one another by position.

    `quorum` says how many of the step's seats must have answered; empty means all.
    """

    kind = models.CharField(max_length=16, choices=Kind.choices)
    governance_class = models.PositiveSmallIntegerField(choices=GovernanceClass.choices)
    position = models.PositiveSmallIntegerField()
    seats = models.JSONField(default=list, help_text="Seats that are asked at the same time.")
    quorum = models.PositiveSmallIntegerField(null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        ordering = ["kind", "governance_class", "position"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "governance_class", "position"], name="governance_routestep_position_once"),
            models.CheckConstraint(condition=Q(quorum__isnull=True) | Q(quorum__gte=1), name="governance_routestep_quorum"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, class {self.governance_class}, step {self.position}"


class ReviewPartQuerySet(models.QuerySet["ReviewPart"]):
    def visible_to(self, user: Any) -> ReviewPartQuerySet:
        """Return the parts of the reviews whose version `user` may read."""
        return self.filter(review__version__in=DeliverableVersion.objects.visible_to(user))


class ReviewPart(models.Model):
    """One person's part in one review before the decision: asked for an opinion in one step, with findings as they see fit."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="parts")
    position = models.PositiveSmallIntegerField()
    quorum = models.PositiveSmallIntegerField(null=True, blank=True)
    seat = models.CharField(max_length=16, choices=Seat.choices)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="review_parts"
    )
    acting_for = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=PartState.choices, default=PartState.WAITING)
    opinion = models.CharField(max_length=8, choices=Opinion.choices, blank=True)
    note = models.TextField(blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    objects = ReviewPartQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["review", "position", "seat"], name="governance_reviewpart_seat_once"),
            models.CheckConstraint(condition=Q(state__in=PartState.values), name="governance_reviewpart_state_known"),
            models.CheckConstraint(
                condition=Q(state=PartState.DONE, done_at__isnull=False, person__isnull=False) & ~Q(opinion="")
                | (~Q(state=PartState.DONE) & Q(opinion="")),
                name="governance_reviewpart_done_iff_opinion",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_seat_display()}: {self.person or 'nobody'}"


class ReviewFinding(models.Model):
    """One thing that a reviewer wants answered, tied to a section (and row) of one version.

    It travels with the later versions until closed.
    """

    version = models.ForeignKey(DeliverableVersion, on_delete=models.PROTECT, related_name="findings")
    number = models.PositiveIntegerField()
    section = models.CharField(max_length=40)
    row = models.CharField(max_length=120, blank=True)
    severity = models.CharField(max_length=10, choices=Severity.choices)
    text = models.TextField()
    recommendation = models.TextField("what would mend it", blank=True)
    state = models.CharField(max_length=10, choices=FindingState.choices, default=FindingState.OPEN)
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closing_reason = models.TextField(
        "why it was closed", blank=True, help_text="Where somebody closed it in the place of whoever raised it."
    )

    history = HistoricalRecords()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["version", "number"], name="governance_finding_number_once"),
            models.CheckConstraint(
                condition=Q(state=FindingState.OPEN) | Q(answered_at__isnull=False) | Q(closed_at__isnull=False),
                name="governance_finding_answered_has_date",
            ),
            models.CheckConstraint(
                condition=Q(state=FindingState.CLOSED, closed_at__isnull=False, closed_by__isnull=False)
                | (~Q(state=FindingState.CLOSED) & Q(closed_at__isnull=True)),
                name="governance_finding_closed_iff_date",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_severity_display()} finding {self.number}"


class ChecklistItem(models.Model):
    """One question that a reviewer answers for every deliverable of a kind."""

    kind = models.CharField(max_length=16, choices=Kind.choices)
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=200)
    is_active = models.BooleanField(default=True)

    history = HistoricalRecords()

    class Meta:
        ordering = ["kind", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "text"],
                name="governance_checklist_text_once",
                violation_error_message="The checklist already asks this.",
            )
        ]

    def __str__(self) -> str:
        return self.text


class ChecklistAnswer(models.Model):
    """What one reviewer ticked in one review."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="checklist_answers")
    item = models.ForeignKey(ChecklistItem, on_delete=models.PROTECT, related_name="+")
    holds = models.BooleanField()
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "item"], name="governance_checklist_answer_once")]

    def __str__(self) -> str:
        return f"{self.item}: {'holds' if self.holds else 'does not hold'}"
