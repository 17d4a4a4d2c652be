"""The life of a document inside the review engine: what is frozen, what a decision settles, what follows from each act."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from governance import document_notices, routing, tasks
from governance.clock import Office
from governance.documents.checks import as_records, live_checks, obstacles_in
from governance.documents.content import content_of, read_content
from governance.documents.describing import basis_record, change_record, is_approved_for
from governance.documents.questions import unticked
from governance.models import ChecklistAnswer, DeliverableVersion, Document, Review, ReviewFinding
from governance.models.rules import DOCUMENTS, step_days
from governance.objections import overruling
from governance.periods import after_workdays
from governance.states import Decision, FindingState, ReviewState
from pmo.lib.errors import Refused
from pmo.lib.history import save_as

APPROVALS = (Decision.APPROVE, Decision.CONDITIONAL)


def freeze(document: Document, version: DeliverableVersion, *, by: Any, at: dt.datetime) -> dict[str, Any]:
    """Return the content to be frozen, with the checks as they stand, and close the sections against change. Raises Refused.

    `change_summary_missing`, `change_request_missing`, `obstacles`.
    """
    _require_reasons(version)
    # Whoever saves a section at this moment is waited for, and whoever comes later finds the version submitted.
    list(document.sections.select_for_update().order_by("pk").values_list("pk"))
    content = content_of(document)
    checks = live_checks(version, content)
    found = obstacles_in(checks)
    if found:
        raise Refused("; ".join(check.sentence for check in found) + ".", "obstacles")
    document.is_frozen = True
    save_as(document, by=by, fields=["is_frozen"], reason="submitted")
    return {**content, **change_record(version), **basis_record(version), "checks": as_records(checks)}


def _require_reasons(version: DeliverableVersion) -> None:
    if version.number > 1 and not version.change_summary.strip():
        raise Refused("Say in a sentence what this version changes.", "change_summary_missing")
    if version.is_major_change and not is_approved_for(version):
        raise Refused("Name the approved change request that this version carries out.", "change_request_missing")


def review_due_at(document: Document, at: dt.datetime) -> dt.datetime:
    """Return when the decision is due: so many working days by class after submission, by the clocks of this moment."""
    governance_class = document.project.governance_class
    office = Office.load(governance_class)
    days = step_days(office.rules, DOCUMENTS, governance_class)
    return after_workdays(at, days, office.calendar, office.zone)


def after_submission(document: Document, version: DeliverableVersion, *, by: Any, at: dt.datetime) -> None:
    routing.open_route(version.reviews.get(state=ReviewState.OPEN), by=by, at=at)
    document_notices.submitted(version, at=at)


def after_withdrawal(document: Document, version: DeliverableVersion, *, by: Any, at: dt.datetime) -> None:
    _end_route(version, by=by, at=at)
    document_notices.withdrawn(version, at=at)


def weigh(document: Document, version: DeliverableVersion, decision: Decision, terms: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the decision adds to the record: findings, checklist, opinions, conditions. Write nothing. Raises Refused.

    For an approval of either sort `route_incomplete`, `checklist_incomplete`, `objection_stands`.
    """
    review = version.reviews.filter(state=ReviewState.OPEN).first()
    if review is None:
        raise Refused("No review of this version is open.", "already_decided")
    overruled: dict[str, Any] = {}
    if decision in APPROVALS:
        _require_reviewed(review)
        overruled = overruling(review, str(terms.get("overruling", "")))
    return {
        **overruled,
        "findings": _findings(version),
        "checklist": _checklist(review),
        "opinions": routing.opinions_of(review),
        "conditions": list(terms.get("conditions", [])),
    }


def _require_reviewed(review: Review) -> None:
    missing = routing.missing_in(review)
    if missing:
        raise Refused(f"{missing} Remind, reassign or excuse them, or return the version.", "route_incomplete")
    held = review.checklist_answers.filter(holds=True).values_list("item_id", flat=True)
    for still in unticked(review.version, held):
        raise Refused(f"Tick what you have checked, or return the version: “{still.text}”.", "checklist_incomplete")


def _findings(version: DeliverableVersion) -> list[dict[str, Any]]:
    """Return what was found in this version, and what earlier ones left unsettled when it was submitted."""
    rows = ReviewFinding.objects.filter(version__deliverable=version.deliverable).select_related(
        "version", "raised_by", "closed_by"
    )
    return [
        {
            "version": row.version.number,
            "number": row.number,
            "section": row.section,
            "row": row.row,
            "severity": row.severity,
            "text": row.text,
            "recommendation": row.recommendation,
            "state": row.state,
            "answer": row.answer,
            "raised_by": row.raised_by.name,
            "closed_by": row.closed_by.name if row.closed_by else "",
            "closing_reason": row.closing_reason,
        }
        for row in rows.order_by("pk")
        if row.version_id == version.pk or row.state != FindingState.CLOSED or _closed_in(version, row)
    ]


def _closed_in(version: DeliverableVersion, finding: ReviewFinding) -> bool:
    """Whether a finding of an earlier version was closed while this one was reviewed."""
    return bool(finding.closed_at and version.submitted_at and finding.closed_at >= version.submitted_at)


def _checklist(review: Review) -> list[dict[str, Any]]:
    rows = ChecklistAnswer.objects.filter(review=review).select_related("item", "answered_by").order_by("item__position")
    return [{"question": row.item.text, "holds": row.holds, "by": row.answered_by.name} for row in rows]


def settle(document: Document, decision: Decision, weighed: Mapping[str, Any], *, by: Any) -> None:
    """A decision changes nothing in the document itself."""


def after_decision(document: Document, version: DeliverableVersion, decision: Decision, *, by: Any, at: dt.datetime) -> None:
    if decision in APPROVALS:
        close_own_findings(version, by=by, at=at)
        tasks.build_copies_after_commit(version, at=at)
    _end_route(version, by=by, at=at)
    document_notices.decided(version, decision, at=at)


def close_own_findings(version: DeliverableVersion, *, by: Any, at: dt.datetime) -> None:
    """Close what the decider found and saw answered: approving accepts those answers. What others found, they close."""
    if version.number == 1:
        return  # findings are answered once a version has come back, so only a later one has any
    rows = ReviewFinding.objects.filter(version__deliverable=version.deliverable, state=FindingState.ANSWERED)
    for finding in rows.filter(raised_by=by):
        finding.state, finding.closed_by, finding.closed_at = FindingState.CLOSED, by, at
        save_as(finding, by=by, fields=["state", "closed_by", "closed_at"], reason="version approved")


def _end_route(version: DeliverableVersion, *, by: Any, at: dt.datetime) -> None:
    """Ask nobody any longer: the review is over."""
    for review in version.reviews.exclude(state=ReviewState.OPEN).order_by("-pk")[:1]:
        routing.cancel_rest(review, by=by, at=at)


def fault(document: Document, version: DeliverableVersion) -> str:
    """Return where the stored sections no longer say what was frozen, or an empty string."""
    frozen, now = read_content(version.content), content_of(document)
    stored = {section["key"]: (section["text"], section["rows"]) for section in now["sections"]}
    changed = [
        section["title"] for section in frozen["sections"] if stored.get(section["key"]) != (section["text"], section["rows"])
    ]
    return f"Sections were changed after submission: {', '.join(changed)}." if changed else ""
