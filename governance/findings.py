"""Findings of a review: raised by the reviewer, answered by the author, closed or reopened by who raised them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from governance.models import ChecklistAnswer, ChecklistItem, DeliverableVersion, ReviewFinding
from governance.seats import takes_part
from governance.separation import authority, may_decide, people_behind, require_writer
from governance.states import FindingState, ReviewState, Severity, VersionState
from pmo.lib.errors import Refused
from pmo.lib.history import save_as
from pmo.lib.storable import all_storable, storable
from pmo.lib.transitions import move


def _require_waiting(version: DeliverableVersion) -> None:
    if not version.is_waiting:
        raise Refused("This version no longer waits for review.", "not_waiting")


def raise_finding(
    version: DeliverableVersion,
    *,
    by: Any,
    at: dt.datetime,
    section: str,
    severity: str,
    text: str,
    row: str = "",
    recommendation: str = "",
) -> ReviewFinding:
    """Record what has to be mended: as a reviewer who is asked, or as who may decide, which takes it up. Raises Refused.

    `not_waiting`, `text_missing`, and what `authority` raises.
    """
    _require_waiting(version)
    if not text.strip():
        raise Refused("Write what is wrong.", "text_missing")
    if severity not in Severity.values:
        raise Refused("Choose how serious the finding is.", "severity_missing")
    with transaction.atomic():
        if may_decide(version, by, timezone.localdate(at)) or not takes_part(version, by, at):
            version.take_up(by=by, at=at)
        # Several reviewers write at the same time: each waits here for the number of the one before.
        if not version.reviews.select_for_update().filter(state=ReviewState.OPEN):
            raise Refused("This version no longer waits for review.", "not_waiting")
        number = (version.findings.aggregate(highest=Max("number"))["highest"] or 0) + 1
        finding = ReviewFinding(
            version=version,
            number=number,
            section=section,
            row=row,
            severity=severity,
            text=storable(text).strip(),
            recommendation=storable(recommendation).strip(),
            raised_by=by,
            raised_at=at,
        )
        save_as(finding, by=by, reason="finding raised")
    return finding


def answer_finding(finding: ReviewFinding, *, by: Any, text: str, at: dt.datetime) -> None:
    """Answer a finding of a version that came back, or that was approved with it open. Raises Refused.

    `not_writer`, `own_finding`, `text_missing`, `not_returned`, `already_closed`.
    """
    require_writer(finding.version, by)
    if finding.raised_by_id == by.pk:
        raise Refused("You raised this finding yourself. The author answers it; you close it.", "own_finding")
    if finding.version.is_waiting or finding.version.state == VersionState.DRAFT:
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
            answer=storable(text).strip(),
            answered_by=by,
            answered_at=at,
        )
        save_as(finding, by=by, fields=["state"], reason="answered")


def _require_judge(finding: ReviewFinding, by: Any, at: dt.datetime) -> None:
    """Require somebody who may decide on the newest version, or the reviewer who raised the finding and is asked there.

    It is asked of the newest version because that is what closing the finding lets through. Raises Refused: `own_work` also
    for who wrote the version in which it was found, and what `authority` raises.
    """
    found_in = finding.version
    if by.pk in people_behind(found_in):
        raise Refused("This was found in your own work. Somebody else closes it.", "own_work")
    newest = found_in.deliverable.versions.select_related("deliverable__project").order_by("-number")[:1].get()
    if finding.raised_by_id == by.pk and takes_part(newest, by, at):
        return
    authority(newest, by, timezone.localdate(at))


def close_finding(finding: ReviewFinding, *, by: Any, at: dt.datetime, reason: str = "") -> None:
    """Close a finding as settled: as who raised it, or in their place, with the reason that stands in the record.

    Raises Refused: `already_closed`, `reason_missing`, and what `_require_judge` raises.
    """
    _require_judge(finding, by, at)
    is_raiser = finding.raised_by_id == by.pk
    if not is_raiser and not reason.strip():
        name = finding.raised_by.name
        raise Refused(f"{name} raised this and closes it. Say why you close it in their place.", "reason_missing")
    with transaction.atomic():
        move(
            finding,
            sources=[FindingState.OPEN, FindingState.ANSWERED],
            target=FindingState.CLOSED,
            refusal="This finding is already closed.",
            code="already_closed",
            closed_by=by,
            closed_at=at,
            closing_reason="" if is_raiser else storable(reason).strip(),
        )
        save_as(finding, by=by, fields=["state"], reason="closed" if is_raiser else "closed in the place of who raised it")


def reopen_finding(finding: ReviewFinding, *, by: Any, at: dt.datetime) -> None:
    """Put an answered finding back: the answer does not settle it. Raises Refused.

    `not_answered`, and what `_require_judge` raises.
    """
    _require_judge(finding, by, at)
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
        review.notes, review.notes_revision = all_storable(notes), review.notes_revision + 1
        review.save(update_fields=["notes", "notes_revision"])
    return review.notes_revision
