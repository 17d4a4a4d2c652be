from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from governance.engine import ReviewVerbs
from governance.models.changes import ChangeRequest
from governance.models.deliverables import Deliverable
from governance.models.documents import Document
from governance.models.exactly_one import exactly_one
from governance.models.reports import StatusReport
from governance.states import OPEN_STATES, STANDING_STATES, WAITING_STATES, VersionState
from pmo.roles import Role
from portfolio.models import Project

#: The content rows of which a version has exactly one.
CONTENTS = ("status_report", "document")
#: Who reads every project's drafts and versions in work.
OFFICE_READERS = (Role.PMO_MANAGER, Role.EXECUTIVE, Role.AUDITOR)


class DeliverableVersionQuerySet(models.QuerySet["DeliverableVersion"]):
    def visible_to(self, user: Any) -> DeliverableVersionQuerySet:
        """Return the versions whose working content `user` may read.

        Accepted and superseded ones go to everyone who sees the project; what is in work only to the office, the project's
        manager, the author and the reviewers who are asked about it; a document in work also to the project's team, which
        writes it.
        """
        from governance.seats import readable_versions

        if not user.is_authenticated or not user.is_active:
            return self.none()
        of_known = Q(deliverable__project__in=Project.objects.visible_to(user))
        if user.has_role(*OFFICE_READERS):
            return self.filter(of_known)
        settled = Q(state__in=[*STANDING_STATES, VersionState.SUPERSEDED])
        teams = Project.members.through.objects.filter(user=user).values("project_id")  # type: ignore[attr-defined]
        written_by_team = Q(document__isnull=False, deliverable__project__in=teams)
        own = Q(deliverable__project__project_manager=user) | Q(author=user) | written_by_team
        # Whoever is asked reads the version, even where the project is not theirs to see.
        return self.filter(of_known & (settled | own) | readable_versions(user, timezone.localdate()))

    def waiting(self) -> DeliverableVersionQuerySet:
        return self.filter(state__in=WAITING_STATES)

    def standing(self) -> DeliverableVersionQuerySet:
        return self.filter(state__in=STANDING_STATES)

    def open(self) -> DeliverableVersionQuerySet:
        return self.filter(state__in=OPEN_STATES)


class DeliverableVersion(ReviewVerbs):
    """One version of a deliverable. It points at exactly one content row; submitting freezes that content and its digest."""

    deliverable = models.ForeignKey(Deliverable, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=12, choices=VersionState.choices, default=VersionState.DRAFT)
    major = models.PositiveSmallIntegerField(default=0, help_text="Of a document: how often what it fixes was approved anew.")
    minor = models.PositiveSmallIntegerField(default=0)
    is_major_change = models.BooleanField(default=False, help_text="Approval makes it the next whole number.")
    change_summary = models.TextField("what this version changes", blank=True)
    basis = models.TextField("what is new in its basis", blank=True, help_text="Of a submission that follows a rejected one.")
    change_request = models.ForeignKey(ChangeRequest, null=True, blank=True, on_delete=models.PROTECT, related_name="versions")
    status_report = models.OneToOneField(StatusReport, null=True, blank=True, on_delete=models.PROTECT, related_name="version")
    document = models.OneToOneField(Document, null=True, blank=True, on_delete=models.PROTECT, related_name="version")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    writers = models.JSONField(
        default=list, blank=True, editable=False, help_text="Keys of all whose words stand in it; none of them decides on it."
    )
    corrects = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="corrections")

    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    submitted_at = models.DateTimeField(null=True, blank=True)
    review_due_at = models.DateTimeField(null=True, blank=True)
    content = models.TextField(blank=True, editable=False, help_text="Canonical JSON of all that was submitted.")
    content_sha256 = models.CharField(max_length=64, blank=True, editable=False)

    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_reason = models.TextField(blank=True)
    record = models.TextField(
        blank=True, editable=False, help_text="Canonical JSON of all that was decided: the content and the decision on it."
    )
    record_sha256 = models.CharField(max_length=64, blank=True, editable=False, db_index=True)

    #: The column of the sign-off chain that points here.
    sign_field = "version"

    objects = DeliverableVersionQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["content", "record"])

    class Meta:
        ordering = ["deliverable", "number"]
        constraints = [
            models.UniqueConstraint(fields=["deliverable", "number"], name="governance_version_number_once"),
            models.UniqueConstraint(
                fields=["deliverable"],
                condition=Q(state__in=OPEN_STATES),
                name="governance_version_one_open",
                violation_error_message="Another version of this is already in work. Finish or withdraw it first.",
            ),
            models.UniqueConstraint(
                fields=["deliverable"], condition=Q(state__in=STANDING_STATES), name="governance_version_one_standing"
            ),
            models.CheckConstraint(condition=Q(state__in=VersionState.values), name="governance_version_state_known"),
            models.CheckConstraint(condition=exactly_one(CONTENTS), name="governance_version_exactly_one_content"),
            models.CheckConstraint(
                condition=Q(state=VersionState.DRAFT, submitted_at__isnull=True, content_sha256="")
                | (
                    ~Q(state=VersionState.DRAFT)
                    & Q(submitted_at__isnull=False, submitted_by__isnull=False)
                    & ~Q(content_sha256="")
                ),
                name="governance_version_frozen_iff_submitted",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[*OPEN_STATES, VersionState.WITHDRAWN], decided_at__isnull=True)
                | (
                    ~Q(state__in=[*OPEN_STATES, VersionState.WITHDRAWN]) & Q(decided_at__isnull=False, decided_by__isnull=False)
                ),
                name="governance_version_decided_iff_decision",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | (~Q(decided_by=F("author")) & ~Q(decided_by=F("submitted_by"))),
                name="governance_version_decider_is_neither",
                violation_error_message="Who wrote or submitted a version does not decide on it.",
            ),
        ]
        indexes = [models.Index(fields=["state", "review_due_at"], name="governance_version_queue")]

    def __str__(self) -> str:
        return f"{self.deliverable}, version {self.label}"

    @property
    def label(self) -> str:
        """Return what people call this version: 1.2 of a document, 3 of a report."""
        return f"{self.major}.{self.minor}" if self.rules.is_numbered else str(self.number)

    @property
    def label_if_approved(self) -> str:
        """Return what a document's version is called once it is approved: 1.0 at first, then 1.1, or 2.0 after a change."""
        return f"{self.major + 1}.0" if self.is_major_change or not self.major else self.label

    @property
    def is_waiting(self) -> bool:
        return self.state in WAITING_STATES

    @property
    def is_standing(self) -> bool:
        return self.state in STANDING_STATES

    @property
    def was_approved(self) -> bool:
        """Whether it was approved at some time, be it superseded since."""
        return self.state in (*STANDING_STATES, VersionState.SUPERSEDED)
