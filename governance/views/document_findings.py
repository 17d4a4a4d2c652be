"""The author's side of a document's findings: all that are not closed, each with the field of its answer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from governance.attachments import TAKEN, attach
from governance.comparison import compare_documents
from governance.document_notes import LONGEST
from governance.document_review_access import DocumentReviewAccess, load_document_review, review_address
from governance.document_review_page import FindingRow, finding_rows, findings_until, readable, told
from governance.documents.content import read_content
from governance.findings import answer_finding
from governance.models import DeliverableVersion
from governance.states import FindingState
from pmo.accounts import signed_in
from pmo.lib.access import require
from pmo.lib.errors import Refused
from pmo.lib.forms import StyledForm


class AnswerForm(StyledForm, forms.Form):
    text = forms.CharField(label="Your answer", widget=forms.Textarea(attrs={"rows": 2}), max_length=LONGEST)


def findings_of(row: DeliverableVersion, access: DocumentReviewAccess) -> list[FindingRow]:
    """Return the findings that the person may read, open ones first, with the words of their places."""
    content, withheld = told(read_content(row.content), row, access)
    return finding_rows(readable(findings_until(row), access, withheld), row, compare_documents(content, None))


@require_GET
def document_review_findings(request: HttpRequest, code: str, kind: str, version: int) -> HttpResponse:
    row, access = load_document_review(request, code, kind, version)
    return show_findings(request, row, access)


def show_findings(
    request: HttpRequest,
    row: DeliverableVersion,
    access: DocumentReviewAccess,
    *,
    sent: AnswerForm | None = None,
    key: int = 0,
    status: int = 200,
) -> HttpResponse:
    """Show the findings; `sent` is the form of finding `key` as it was sent."""
    pairs = [(one, sent if one.finding.pk == key else _form_for(one, access)) for one in findings_of(row, access)]
    context = {
        "version": row,
        "rows": [
            (
                one,
                form,
                review_address(row, "document-review-finding-attach", one.finding.pk) if may_attach(one, request.user) else "",
            )
            for one, form in pairs
            if one.finding.state != FindingState.CLOSED
        ],
        "closed": [one for one, _ in pairs if one.finding.state == FindingState.CLOSED],
        "open_count": sum(one.finding.state == FindingState.OPEN for one, _ in pairs),
        "review_url": review_address(row),
        "is_writer": any(form for _, form in pairs),
        "sent": sent,
        "taken": TAKEN,
    }
    return render(request, "governance/document_findings.html", context, status=status)


def _form_for(one: FindingRow, access: DocumentReviewAccess) -> AnswerForm | None:
    finding = one.finding
    is_answered_here = access.is_writer and finding.raised_by_id != access.user.pk
    if not is_answered_here or finding.version.is_waiting or finding.state == FindingState.CLOSED:
        return None
    return AnswerForm(initial={"text": finding.answer}, prefix=f"f{finding.pk}")


def may_attach(one: FindingRow, person: Any) -> bool:
    """Say whether `person` puts a file beside a finding: who raised it, while the version waits."""
    return one.finding.raised_by_id == person.pk and one.finding.version.is_waiting


@require_POST
def document_review_finding_attach(request: HttpRequest, code: str, kind: str, version: int, finding: int) -> HttpResponse:
    """Keep a marked-up copy beside a finding."""
    row, access = load_document_review(request, code, kind, version, "can_raise")
    found = next((one for one in findings_of(row, access) if one.finding.pk == finding), None)
    if found is None:
        raise Http404("No such finding, or it is not yours to see.")
    require(may_attach(found, request.user), "Whoever raised the finding puts files beside it, while the version waits.")
    upload = request.FILES.get("file")
    try:
        if upload is None:
            raise Refused("Choose a file.", "file_missing")
        attach(upload, by=signed_in(request), at=timezone.now(), finding=found.finding)
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, "The file stands beside the finding.")
    return redirect(f"{review_address(row, 'document-review-findings')}#finding-{finding}")


@require_POST
def document_review_finding_answer(request: HttpRequest, code: str, kind: str, version: int, finding: int) -> HttpResponse:
    row, access = load_document_review(request, code, kind, version)
    require(access.is_writer, "The author answers the findings.")
    found = next((one.finding for one in findings_of(row, access) if one.finding.pk == finding), None)
    if found is None:
        raise Http404("No such finding, or it is not yours to see.")
    form = AnswerForm(request.POST, prefix=f"f{finding}")
    if not form.is_valid():
        return show_findings(request, row, access, sent=form, key=finding, status=422)
    try:
        answer_finding(found, by=signed_in(request), text=form.cleaned_data["text"], at=timezone.now())
    except Refused as refused:
        form.add_error(None, refused)
        return show_findings(request, row, access, sent=form, key=finding, status=409)
    messages.success(request, "Your answer stands beside the finding.")
    return redirect(f"{review_address(row, 'document-review-findings')}#finding-{finding}")
