"""Documents that wait for a decision, as items of the queue."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from governance.document_review_access import review_address
from governance.models import DeliverableVersion
from governance.models.templates import DOCUMENT_KINDS
from governance.separation import Duties
from governance.states import Kind, ReviewState

WORDS = {Kind.DEFINITION: "Definition document", Kind.EXECUTION_PLAN: "Execution plan"}


def waiting_documents() -> QuerySet[DeliverableVersion]:
    """Return all documents that wait for review, without the frozen texts, oldest due first."""
    rows = DeliverableVersion.objects.waiting().filter(deliverable__kind__in=DOCUMENT_KINDS, reviews__state=ReviewState.OPEN)
    people = ("deliverable__project__project_manager", "submitted_by")
    return rows.select_related(*people).defer("content", "record").order_by("review_due_at", "submitted_at", "pk")


def document_values(version: DeliverableVersion, duties: Duties) -> dict[str, Any]:
    """Return the values of one item of the queue."""
    project = version.deliverable.project
    return {
        "kind": "document",
        "pk": version.pk,
        "icon": "doc",
        "word": WORDS[Kind(version.deliverable.kind)],
        "code": project.code,
        "project_name": project.name,
        "number": version.number,
        "url": review_address(version),
        "from_name": version.submitted_by.name if version.submitted_by else "",
        "since": version.submitted_at,
        "due_at": version.review_due_at,
        "waits_for": duties.role_for(version).value,
        "signature": duties.signature_or_none(version),
    }


def document_sentence(version: DeliverableVersion) -> str:
    """Return what the queue says of a document at a glance."""
    proposed = version.label_if_approved
    return f"Version {version.label}" + (f", proposed as {proposed}" if proposed != version.label else "")
