from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from governance.kinds import KindRules, rules_for
from governance.models.reports import StatusReport
from governance.separation import authority, deciding_role, require_writer, writing_role
from governance.signing import Signature, sign
from governance.states import (
    OPEN_STATES,
    STANDING_STATES,
    WAITING_STATES,
    Decision,
    Edition,
    FindingState,
    Kind,
    ReviewState,
    SignAction,
    VersionState,
    sources_of,
)
from pmo.lib.canonical import canonical_json, sha256_of
from pmo.lib.errors import Refused
from pmo.lib.history import save_as
from pmo.lib.transitions import move
from pmo.roles import Role
from portfolio.models import Project

#: Who reads every project's drafts and versions in work.
OFFICE_READERS = (Role.PMO_MANAGER, Role.EXECUTIVE, Role.AUDITOR)
S = VersionState
#: What a person declares by each act; stored with the sign-off.
INTENTS = {
    SignAction.SUBMIT: "I submit {what} {number} of {code}, version {version}; it is complete and true to my knowledge.",
    SignAction.WITHDRAW: "I withdraw {what} {number} of {code}, version {version}.",
    SignAction.APPROVE: "I accept {what} {number} of {code}, version {version}, with the ratings recorded here.",
    SignAction.CONDITIONAL: "I approve {what} {number} of {code}, version {version}, on the conditions recorded here.",
    SignAction.RETURN: "I return {what} {number} of {code}, version {version}, with findings to be answered.",
    SignAction.REJECT: "I reject {what} {number} of {code}, version {version}.",
    SignAction.SUPERSEDE: "{what} {number} of {code}, version {version}, is superseded by a later accepted version.",
}


class DeliverableQuerySet(models.QuerySet["Deliverable"]):
    def visible_to(self, user: Any) -> DeliverableQuerySet:
        return self.filter(project__in=Project.objects.visible_to(user))

    def reports(self) -> DeliverableQuerySet:
        return self.filter(kind=Kind.STATUS_REPORT)

    def not_in(self, at: dt.datetime) -> DeliverableQuerySet:
        """Return what was due before `at` and has never been submitted, longest overdue first."""
        return self.filter(due_at__lt=at, first_submitted_at=None, excused_at=None).order_by("due_at", "project__code")


class Deliverable(models.Model):
    """One thing that a project owes the office: a document once, or a status report for one period. Its versions hold the content."""

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
        return reverse("governance:report-detail", args=[self.project.code, self.number])

    def mark_submitted(self, *, by: Any, at: dt.datetime) -> None:
        """Keep the moment of the first submission: it alone decides whether the report came in on time."""
        if self.first_submitted_at is None:
            self.first_submitted_at = at
            save_as(self, by=by, fields=["first_submitted_at"], reason="first submitted")


class DeliverableVersionQuerySet(models.QuerySet["DeliverableVersion"]):
    def visible_to(self, user: Any) -> DeliverableVersionQuerySet:
        """Return the versions whose working content `user` may read.

        Accepted and superseded ones go to everyone who sees the project; what is in work only to the office, the project's
        manager and the author.
        """
        rows = self.filter(deliverable__project__in=Project.objects.visible_to(user))
        if user.is_authenticated and user.has_role(*OFFICE_READERS):
            return rows
        settled = Q(state__in=[*STANDING_STATES, VersionState.SUPERSEDED])
        return rows.filter(settled | Q(deliverable__project__project_manager=user) | Q(author=user))

    def waiting(self) -> DeliverableVersionQuerySet:
        return self.filter(state__in=WAITING_STATES)

    def standing(self) -> DeliverableVersionQuerySet:
        return self.filter(state__in=STANDING_STATES)

    def open(self) -> DeliverableVersionQuerySet:
        return self.filter(state__in=OPEN_STATES)


class DeliverableVersion(models.Model):
    """One version of a deliverable. It points at exactly one content row; submitting freezes that content and its digest."""

    deliverable = models.ForeignKey(Deliverable, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=12, choices=VersionState.choices, default=VersionState.DRAFT)
    status_report = models.OneToOneField(StatusReport, null=True, blank=True, on_delete=models.PROTECT, related_name="version")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
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
            models.CheckConstraint(condition=Q(status_report__isnull=False), name="governance_version_exactly_one_content"),
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
        ]
        indexes = [models.Index(fields=["state", "review_due_at"], name="governance_version_queue")]

    def __str__(self) -> str:
        return f"{self.deliverable}, version {self.number}"

    @property
    def is_waiting(self) -> bool:
        return self.state in WAITING_STATES

    @property
    def is_standing(self) -> bool:
        return self.state in STANDING_STATES

    # Verbs. Each locks by one conditional UPDATE, then writes the rest, its history and its sign-off.

    @property
    def rules(self) -> KindRules:
        return rules_for(self.deliverable.kind)

    @property
    def content_row(self) -> Any:
        """Return the one row that holds the content. May query."""
        return getattr(self, self.rules.content_field)

    def submit(self, *, by: Any, at: dt.datetime) -> None:
        """Freeze the content and hand it to the reviewer. Raises Refused: `obstacles`, `not_writer`, `not_draft`."""
        with transaction.atomic():
            require_writer(self, by)
            content = canonical_json(self.content_row.freeze(self, by=by, at=at))
            due_at = self.content_row.review_due_at(at)
            move(
                self,
                sources=sources_of(S.SUBMITTED),
                target=S.SUBMITTED,
                code="not_draft",
                refusal="This version was already submitted. Open it to see where it stands.",
                submitted_by=by,
                submitted_at=at,
                review_due_at=due_at,
                content=content,
                content_sha256=sha256_of(content),
            )
            save_as(self, by=by, fields=["state"], reason="submitted")
            self.deliverable.mark_submitted(by=by, at=at)
            self.reviews.create(role=deciding_role(self), opened_at=at, due_at=due_at)
            self._sign(SignAction.SUBMIT, Signature(by, writing_role(self, by)), self.content_sha256, at)
            self.content_row.after_submission(self, by=by, at=at)

    def withdraw(self, *, by: Any, at: dt.datetime) -> None:
        """Take a submitted version back before a decision. Raises Refused: `not_writer`, `not_waiting`."""
        with transaction.atomic():
            require_writer(self, by)
            move(
                self,
                sources=sources_of(S.WITHDRAWN),
                target=S.WITHDRAWN,
                code="not_waiting",
                refusal=f"This version is {self.get_state_display().lower()}; only one that waits for a decision can be withdrawn.",
            )
            save_as(self, by=by, fields=["state"], reason="withdrawn")
            self._close_review(ReviewState.CANCELLED, at)
            self._sign(SignAction.WITHDRAW, Signature(by, writing_role(self, by)), self.content_sha256, at)
            self.content_row.after_withdrawal(self, by=by, at=at)

    def take_up(self, *, by: Any, at: dt.datetime) -> None:
        """Begin the review; the author sees who reads it. A second call by anyone who may decide changes nothing."""
        signature = authority(self, by, timezone.localdate(at))
        if self.state != S.SUBMITTED:
            return
        with transaction.atomic():
            move(
                self,
                sources=[S.SUBMITTED],
                target=S.IN_REVIEW,
                refusal="This version no longer waits for review.",
                code="not_waiting",
            )
            save_as(self, by=by, fields=["state"], reason="taken up for review")
            review = self.reviews.get(state=ReviewState.OPEN)
            review.reviewer, review.acting_for = by, signature.acting_for
            save_as(review, by=by, fields=["reviewer", "acting_for"])

    def approve(self, *, by: Any, at: dt.datetime, terms: Mapping[str, Any], reason: str = "") -> None:
        """Approve (accept) the version: it becomes the one that counts and never changes again.

        `terms` is what the kind asks of the reviewer (for a report the office's ratings). Raises Refused: `already_decided`,
        `findings_open`, what `authority` raises, and what the kind refuses.
        """
        with transaction.atomic():
            self._refuse_open_findings()
            self._decide(Decision.APPROVE, S.APPROVED, SignAction.APPROVE, by=by, at=at, reason=reason, terms=terms)

    def return_for_rework(self, *, by: Any, at: dt.datetime, reason: str = "") -> None:
        """Send the version back with its findings; the author answers them in the next one. Raises Refused: `no_findings`, `already_decided`."""
        with transaction.atomic():
            if not self._open_findings():
                raise Refused("Add at least one finding that says what to mend.", "no_findings")
            self._decide(Decision.RETURN, S.RETURNED, SignAction.RETURN, by=by, at=at, reason=reason)

    def reject(self, *, by: Any, at: dt.datetime, reason: str) -> None:
        """Close the submission for good; a new one needs a new basis. Raises Refused: `reason_missing`, `decision_not_for_kind`."""
        if not reason.strip():
            raise Refused("Say why it is rejected.", "reason_missing")
        with transaction.atomic():
            self._decide(Decision.REJECT, S.REJECTED, SignAction.REJECT, by=by, at=at, reason=reason)

    def _decide(
        self,
        decision: Decision,
        target: S,
        action: SignAction,
        *,
        by: Any,
        at: dt.datetime,
        reason: str,
        terms: Mapping[str, Any] | None = None,
    ) -> None:
        if decision not in self.rules.decisions:
            raise Refused(
                f"{decision.label} is not a decision on a {self.deliverable.get_kind_display().lower()}.",
                "decision_not_for_kind",
            )
        signature = authority(self, by, timezone.localdate(at))
        settled = self.content_row.settle(self, decision, terms or {}, by=by)
        record = canonical_json(self._record(decision, signature, settled, reason, at))
        if target in STANDING_STATES:
            self._supersede_standing(by=by, at=at)
        move(
            self,
            sources=WAITING_STATES,
            target=target,
            code="already_decided",
            refusal=self._already_decided(),
            decided_by=by,
            decided_at=at,
            decision_reason=reason,
            record=record,
            record_sha256=sha256_of(record),
        )
        save_as(self, by=by, fields=["state"], reason=str(decision.label))
        self._close_review(ReviewState.DECIDED, at, decision=decision, signature=signature)
        self._sign(action, signature, self.record_sha256, at)
        self.content_row.after_decision(self, decision, by=by, at=at)

    def _record(
        self, decision: Decision, signature: Signature, settled: Mapping[str, Any], reason: str, at: dt.datetime
    ) -> dict[str, Any]:
        return {
            "deliverable": {
                "kind": self.deliverable.kind,
                "number": self.deliverable.number,
                "project": self.deliverable.project.code,
                "version": self.number,
            },
            "content_sha256": self.content_sha256,
            "content": json.loads(self.content),
            "submitted": {"by": self.submitted_by.name if self.submitted_by else "", "submitted_at": self.submitted_at},
            "decision": {
                "decision": str(decision),
                "by": signature.person.name,
                "role": signature.role,
                "acting_for": signature.acting_for.name if signature.acting_for else "",
                "decided_at": at,
                "reason": reason,
            },
            **settled,
        }

    def _supersede_standing(self, *, by: Any, at: dt.datetime) -> None:
        for earlier in self.deliverable.versions.standing().select_for_update():
            move(
                earlier,
                sources=STANDING_STATES,
                target=S.SUPERSEDED,
                refusal="The earlier version was superseded meanwhile.",
                code="already_superseded",
            )
            save_as(earlier, by=by, fields=["state"], reason=f"superseded by version {self.number}")
            earlier._sign(SignAction.SUPERSEDE, Signature(by, "System"), earlier.record_sha256, at)

    def _refuse_open_findings(self) -> None:
        still_open = self._open_findings()
        if still_open:
            noun = "finding is" if still_open == 1 else "findings are"
            raise Refused(f"{still_open} {noun} open. Close what is settled, or return the version.", "findings_open")

    def _open_findings(self) -> int:
        """Return how many findings on any version of this deliverable are open: a new version takes them along."""
        return self.deliverable.versions.filter(findings__state=FindingState.OPEN).count()

    def _already_decided(self) -> str:
        decided = DeliverableVersion.objects.filter(pk=self.pk).values_list("state", "decided_at", "decided_by__name").first()
        if decided is None or decided[1] is None:
            return "This version no longer waits for a decision."
        state, at, name = decided
        return f"{name} already decided this on {timezone.localtime(at):%d %b %Y %H:%M}: {S(state).label.lower()}."

    def _close_review(
        self, state: ReviewState, at: dt.datetime, *, decision: str = "", signature: Signature | None = None
    ) -> None:
        review = self.reviews.filter(state=ReviewState.OPEN).first()
        if review is None:
            raise Refused("No review of this version is open.", "already_decided")
        review.state, review.closed_at, review.decision = state, at, decision
        if signature:
            review.reviewer, review.acting_for = signature.person, signature.acting_for
        save_as(
            review,
            by=signature.person if signature else None,
            fields=["state", "closed_at", "decision", "reviewer", "acting_for"],
        )

    def _sign(self, action: SignAction, signature: Signature, digest: str, at: dt.datetime) -> None:
        intent = INTENTS[action].format(
            what=self.deliverable.get_kind_display().lower(),
            number=self.deliverable.number,
            code=self.deliverable.project.code,
            version=self.number,
        )
        sign(self, action=action, signature=signature, intent=intent, digest=digest, at=at)


class StoredPdf(models.Model):
    """The bytes of a PDF as they were built once, after acceptance. A newer renderer changes no accepted report."""

    version = models.ForeignKey(DeliverableVersion, on_delete=models.PROTECT, related_name="pdfs")
    edition = models.CharField(max_length=8, choices=Edition.choices)
    file = models.BinaryField()
    sha256 = models.CharField(max_length=64, db_index=True)
    built_at = models.DateTimeField()
    built_with = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "edition"], name="governance_pdf_once_an_edition")]

    def __str__(self) -> str:
        return f"PDF of {self.version}, {self.get_edition_display()}"
