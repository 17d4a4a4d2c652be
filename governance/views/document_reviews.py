"""The review of a document, reading and working on it: the page, its notes, its findings, its review sheet."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from governance import document_notes, queue
from governance.document_notes import DocumentNotes
from governance.document_offers import DECISIONS
from governance.document_review_access import DocumentReviewAccess, load_document_review, review_address
from governance.document_review_page import document_review_page
from governance.documents.content import read_content
from governance.findings import answer_checklist, close_finding, raise_finding, reopen_finding
from governance.forms.document_review import closing_reason, finding_in, place_in
from governance.forms.review import revision_in, ticked
from governance.models import ChecklistItem, DeliverableVersion, ReviewFinding
from governance.queue import Neighbors
from pmo.accounts import signed_in
from pmo.kept import is_from_script
from pmo.lib.errors import Refused

#: What a button at the foot leads to once the notes are kept.
NEXT_STEPS = {str(decision): name for decision, _, _, name in DECISIONS}


@require_GET
def document_review(request: HttpRequest, code: str, kind: str, version: int) -> HttpResponse:
    row, access = load_document_review(request, code, kind, version)
    return show_document_review(request, row, access)


def show_document_review(
    request: HttpRequest,
    row: DeliverableVersion,
    access: DocumentReviewAccess,
    *,
    notes: DocumentNotes | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    """Show the review page; `notes` are words that were just sent, `refused` says why they did not count."""
    page = document_review_page(
        row,
        access,
        neighbors=document_neighbors(request, row, access),
        against=request.GET.get("against", ""),
        notes=notes,
    )
    lost = notes if notes and notes.has_words and not row.is_waiting else None
    context = {"page": page, "refused": refused, "lost": lost, "saved_at": timezone.now()}
    return render(request, "governance/document_review.html", context, status=status)


def document_neighbors(request: HttpRequest, row: DeliverableVersion, access: DocumentReviewAccess) -> Neighbors | None:
    if not access.can_decide or not row.is_waiting:
        return None
    return queue.neighbors(queue.queue_of(request.user, timezone.now()), "document", row.pk)


def keep(request: HttpRequest, row: DeliverableVersion, *, revision: int | None = None, **typed: Any) -> int:
    """Keep what was typed and ticked on the review page. Raises Refused: `conflict`, `not_waiting`."""
    by, at = signed_in(request), timezone.now()
    kept = document_notes.keep(row, by=by, at=at, revision=revision, **{"finding": finding_in(request.POST), **typed})
    items = ChecklistItem.objects.filter(kind=row.deliverable.kind, is_active=True)
    answer_checklist(row, ticked(request.POST, items), by=by, at=at)
    return kept


@require_POST
def document_review_notes(request: HttpRequest, code: str, kind: str, version: int) -> HttpResponse:
    """Keep the reviewer's notes, then go where the pressed button leads: to a decision, or back to the page."""
    row, access = load_document_review(request, code, kind, version, "can_decide")
    try:
        kept = keep(request, row, revision=revision_in(request.POST))
    except Refused as refused:
        if is_from_script(request):
            return JsonResponse({"url": review_address(row), "message": refused.sentence, "code": refused.code}, status=409)
        notes = DocumentNotes(finding=finding_in(request.POST))
        return show_document_review(request, row, access, notes=notes, refused=refused.sentence, status=409)
    if is_from_script(request):
        return JsonResponse({"saved_at": timezone.now().isoformat(), "revision": kept})
    step = NEXT_STEPS.get(request.POST.get("then", ""))
    if step is None:
        messages.success(request, "Kept. Nothing is decided yet.")
    return redirect(review_address(row, step or "document-review"))


@require_POST
def document_review_finding_new(request: HttpRequest, code: str, kind: str, version: int) -> HttpResponse:
    """Record the finding that was typed; everything else on the page is kept beside it."""
    row, access = load_document_review(request, code, kind, version, "can_raise")
    finding, by, at = finding_in(request.POST), signed_in(request), timezone.now()
    section, place = place_in(finding["where"], read_content(row.content))
    try:
        if access.can_decide:
            keep(request, row)
        said = {name: finding[name] for name in ("severity", "text", "recommendation")}
        raise_finding(row, by=by, at=at, section=section, row=place, **said)
        if access.can_decide:
            keep(request, row, finding={})
    except Refused as refused:
        row, access = load_document_review(request, code, kind, version)
        notes = DocumentNotes(finding=finding)
        return show_document_review(request, row, access, notes=notes, refused=refused.sentence, status=422)
    messages.success(request, "The finding is added. The author sees it once you have decided.")
    return redirect(f"{review_address(row)}#findings")


@require_POST
def document_review_finding_close(request: HttpRequest, code: str, kind: str, version: int, finding: int) -> HttpResponse:
    return settle_document_finding(request, code, kind, version, finding, close=True)


@require_POST
def document_review_finding_reopen(request: HttpRequest, code: str, kind: str, version: int, finding: int) -> HttpResponse:
    return settle_document_finding(request, code, kind, version, finding, close=False)


def settle_document_finding(
    request: HttpRequest, code: str, kind: str, version: int, finding: int, *, close: bool
) -> HttpResponse:
    """Close or reopen a finding of any version of the document. `finding` is its key: numbers start anew with each version."""
    row, _ = load_document_review(request, code, kind, version, "can_settle")
    rows = ReviewFinding.objects.filter(version__deliverable=row.deliverable)
    rows = rows.select_related("version__deliverable__project", "raised_by")
    found = get_object_or_404(rows, pk=finding)
    with suppress(Refused):  # who is asked without deciding keeps no notes, nor does a decided version
        keep(request, row)
    by, at = signed_in(request), timezone.now()
    try:
        if close:
            close_finding(found, by=by, at=at, reason=closing_reason(request, finding))
        else:
            reopen_finding(found, by=by, at=at)
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, "The finding is closed." if close else "The finding is open again.")
    return redirect(f"{review_address(row)}#findings")
