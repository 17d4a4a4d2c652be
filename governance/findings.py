"""Findings of a review: raised by the reviewer, answered by the author, closed or reopened by the reviewer."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from governance.models import ChecklistAnswer, ChecklistItem, DeliverableVersion, ReviewFinding
from governance.separation import authority, require_writer
from governance.states import FindingState, ReviewState, Severity
from pmo.lib.errors import Refused
from pmo.lib.history import save_as
from pmo.lib.transitions import move


def _require_waiting(version: DeliverableVersion) -> None:
    if not version.is_waiting:
        raise Refused("This version no longer waits for review.", "not_waiting")


def raise_finding(
    version: DeliverableVersion, *, by: Any, at: dt.datetime, section: str, severity: str, text: str, row: str = ""
) -> ReviewFinding:
    """Record what has to be mended. Takes the version up. Raises Refused.

    `not_waiting`, `text_missing`, and what `authority` raises.
    """
    _require_waiting(version)
    if not text.strip():
        raise Refused("Write what is wrong and what would mend it.", "text_missing")
    if severity not in Severity.values:
        raise Refused("Choose how serious the finding is.", "severity_missing")
    with transaction.atomic():
        version.take_up(by=by, at=at)
        number = (version.findings.aggregate(highest=Max("number"))["highest"] or 0) + 1
        finding = ReviewFinding(
            version=version,
            number=number,
            section=section,
            row=row,
            severity=severity,
            text=text.strip(),
            raised_by=by,
            raised_at=at,
        )
        save_as(finding, by=by, reason="finding raised")
    return finding


def answer_finding(finding: ReviewFinding, *, by: Any, text: str, at: dt.datetime) -> None:
    """Answer a finding of a version that came back, or of one that was approved in spite of it. Raises Refused.

    `not_writer`, `text_missing`, `not_returned`, `already_closed`.
    """
    require_writer(finding.version, by)
    if finding.version.is_waiting:
        raise Refused("Findings are answered once the version has come back.", "not_returned")
    if not text.strip():
        raise Refused("Write what you changed, or why nothing has to be changed.", "text_missing")
    with transaction.atomic():
        move(
            finding,
            sources=[FindingState.OPEN, FindingState.ANSWERED],
            target=FindingState.ANSWERED,
            refusal="This finding is closed.",
            code="already_closed",
            answer=text.strip(),
            answered_by=by,
            answered_at=at,
        )
        save_as(finding, by=by, fields=["state"], reason="answered")


def close_finding(finding: ReviewFinding, *, by: Any, at: dt.datetime) -> None:
    """Close a finding as settled. Raises Refused: `already_closed`, and what `authority` raises."""
    authority(finding.version, by, timezone.localdate(at))
    with transaction.atomic():
        move(
            finding,
            sources=[FindingState.OPEN, FindingState.ANSWERED],
            target=FindingState.CLOSED,
            refusal="This finding is already closed.",
            code="already_closed",
            closed_by=by,
            closed_at=at,
        )
        save_as(finding, by=by, fields=["state"], reason="closed")


def reopen_finding(finding: ReviewFinding, *, by: Any, at: dt.datetime) -> None:
    """Put an answered finding back: the answer does not settle it. Raises Refused.

    `not_answered`, and what `authority` raises.
    """
    authority(finding.version, by, timezone.localdate(at))
    with transaction.atomic():
        move(
            finding,
            sources=[FindingState.ANSWERED],
            target=FindingState.OPEN,
            refusal="Only an answered finding can be reopened.",
            code="not_answered",
        )
        save_as(finding, by=by, fields=["state"], reason="reopened")


def answer_checklist(version: DeliverableVersion, holds: dict[int, bool], *, by: Any, at: dt.datetime) -> None:
    """Keep what the reviewer ticked. Takes the version up. Raises Refused(`not_waiting`), and what `authority` raises."""
    _require_waiting(version)
    with transaction.atomic():
        version.take_up(by=by, at=at)
        review = version.reviews.get(state=ReviewState.OPEN)
        before = dict(review.checklist_answers.values_list("item_id", "holds"))
        for item in ChecklistItem.objects.filter(kind=version.deliverable.kind, is_active=True):
            if item.pk in holds and before.get(item.pk, False) != holds[item.pk]:
                ChecklistAnswer.objects.update_or_create(
                    review=review, item=item, defaults={"holds": holds[item.pk], "answered_by": by, "answered_at": at}
                )


def keep_notes(
    version: DeliverableVersion, notes: dict[str, Any], *, by: Any, at: dt.datetime, revision: int | None = None
) -> int:
    """Keep what the reviewer has typed so far: ratings, reasons, withheld fields. Returns the new revision.

    Raises Refused: `conflict` when `revision` is given and another tab or person has kept others meanwhile, `not_waiting`, and
    what `authority` raises.
    """
    _require_waiting(version)
    with transaction.atomic():
        version.take_up(by=by, at=at)
        review = version.reviews.select_for_update().get(state=ReviewState.OPEN)
        if revision is not None and revision != review.notes_revision:
            raise Refused("These notes were changed elsewhere meanwhile. Open the page again to see both.", "conflict")
        review.notes, review.notes_revision = notes, review.notes_revision + 1
        review.save(update_fields=["notes", "notes_revision"])
    return review.notes_revision
