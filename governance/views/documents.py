"""Reading a project's documents: the room of its deliverables, the document as it stands, any version of it, its files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from governance import attachments
from governance.document_review_access import review_address
from governance.documents.access import DocumentAccess, load_documents, slug_of, versions_of
from governance.documents.checks import SAID_WITH_CHANGE as SETTLED_BY_CHANGE
from governance.documents.checks import Check, obstacles_of
from governance.documents.describing import describe
from governance.documents.drafting import start_document
from governance.documents.reading import content_now, progress_of, read_sections
from governance.documents.room import chip_of, next_gate_url, room_lines
from governance.documents.writing import writing_page
from governance.forms.document import BeginForm, SaidOfVersion
from governance.lessons import lessons_for
from governance.models import Attachment, ChangeRequest, DeliverableVersion, ReviewFinding, SignOff
from governance.objections import overruling_of
from governance.record_copies import has_office_edition
from governance.report_access import load_reports_of
from governance.routing import stop_of
from governance.states import FindingState, Kind, VersionState
from pmo.accounts import signed_in
from pmo.lib.access import visible_or_404
from pmo.lib.errors import Refused

#: How many of those who opened the edition for the office are named on the page, newest first.
MOST_READS = 20


@require_GET
def deliverable_list(request: HttpRequest, code: str) -> HttpResponse:
    """Show the six kinds of deliverable of a project: where each stands, and what comes next."""
    project, access = load_reports_of(request, code)
    lines = room_lines(project, request.user, timezone.now())
    context = {"project": project, "access": access, "tab": "deliverables", "room": "Deliverables", "lines": lines}
    return render(request, "governance/deliverable_list.html", context)


@require_GET
def document_detail(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """Show the newest version that the person reads; where there is none, what this document is and how it is begun."""
    access = load_documents(request, code, kind)
    version = versions_of(access.project, access.kind).visible_to(request.user).order_by("-number").first()
    return _show(request, access, version)


@require_GET
def document_version(request: HttpRequest, code: str, kind: str, version: int) -> HttpResponse:
    access = load_documents(request, code, kind)
    row = visible_or_404(versions_of(access.project, access.kind), request.user, number=version)
    return _show(request, access, row)


def _show(request: HttpRequest, access: DocumentAccess, version: DeliverableVersion | None) -> HttpResponse:
    context = page_context(access)
    if version is None:
        return render(request, "governance/document_none.html", context)
    content = content_now(version)
    versions = list(versions_of(access.project, access.kind).visible_to(request.user).order_by("-number"))
    context |= {
        "version": version,
        "chip": chip_of(version),
        "content": content,
        "sections": read_sections(version, content, reads=access.reads_confidential),
        "progress": progress_of(content),
        "versions": [(row, chip_of(row)) for row in versions],
        "findings_url": findings_to_answer(versions) if access.can_write else "",
        "is_newest": access.newest == version,
        "stop": stop_of(version.reviews.order_by("-opened_at").first()),
        "overruled": overruling_of(version),
        "stop_url": next_gate_url(access.project) if version.state == VersionState.REJECTED else "",
        "reads_change": reads_change(request, version),
        "sign_offs": SignOff.objects.filter(version=version).order_by("sequence"),
        "has_office_edition": access.can_read_office_edition and has_office_edition(version),
    }
    if context["has_office_edition"]:
        context["reads"] = version.confidential_reads.select_related("person")[:MOST_READS]  # type: ignore[attr-defined]
    return render(request, "governance/document_detail.html", context)


def reads_change(request: HttpRequest, version: DeliverableVersion) -> bool:
    """Whether the person may open the change request that a version carries out."""
    change = version.change_request_id
    return change is not None and ChangeRequest.objects.visible_to(request.user).filter(pk=change).exists()


def findings_to_answer(versions: Sequence[DeliverableVersion]) -> str:
    """Return where open findings of a document are answered: beside its newest version that was decided; else nothing."""
    decided = next((row for row in versions if row.decided_at), None)
    still_open = ReviewFinding.objects.filter(version__in=versions, state=FindingState.OPEN)
    return review_address(decided, "document-review-findings") if decided and still_open.exists() else ""


def page_context(access: DocumentAccess) -> dict[str, Any]:
    return {
        "project": access.project,
        "access": access,
        "tab": "deliverables",
        "room": access.kind.label,
        "kind": access.kind,
        "slug": slug_of(access.kind),
    }


@never_cache
@require_http_methods(["GET", "POST"])
def document_begin(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """Ask what the next version begins with, and begin it."""
    access = load_documents(request, code, kind, "can_send")
    if access.open is not None:
        return redirect("governance:document-detail", code, kind)
    form = BeginForm(request.POST or None, access=access)
    if request.method == "POST" and form.is_valid():
        try:
            start_document(access.project, access.kind, by=signed_in(request), at=timezone.now(), **form.choice())
        except Refused as refused:
            messages.error(request, refused.sentence)
            return redirect("governance:document-detail", code, kind)
        return redirect("governance:document-edit", code, kind)
    context = {**page_context(access), "form": form}
    if access.kind == Kind.DEFINITION:
        context["offers"] = lessons_for(access.project, request.user)
    return render(request, "governance/document_begin.html", context, status=422 if form.is_bound else 200)


def show_writing(
    request: HttpRequest,
    access: DocumentAccess,
    draft: DeliverableVersion,
    problems: Sequence[Check] = (),
    about: SaidOfVersion | None = None,
) -> HttpResponse:
    """Show the draft; `problems` stand in the way of submitting, each with a link. `about` is its form as it was sent."""
    said = {"change_summary": draft.change_summary, "basis": draft.basis}
    context = {
        **page_context(access),
        "it": writing_page(access, draft, at=timezone.now()),
        "version": draft,
        "problems": problem_links(access.project.code, slug_of(access.kind), problems),
        "about": about or SaidOfVersion(access=access, chosen=draft.change_request, asks_basis=bool(draft.basis), initial=said),
    }
    return render(request, "governance/document_edit.html", context, status=422 if problems or about else 200)


def problem_links(code: str, slug: str, problems: Sequence[Check]) -> list[tuple[str, str]]:
    """Return (address, sentence) of what stands in the way, with the way to a change request where one would settle it."""
    found = [
        (
            reverse("governance:document-section-edit", args=[code, slug, one.section]) if one.section else "",
            one.sentence or one.label,
        )
        for one in problems
    ]
    if any(one.code in SETTLED_BY_CHANGE for one in problems):
        found += [
            ("#about-version", "Is the difference approved? Choose its change request under About this version"),
            (reverse("governance:change-new", args=[code]), "Is it not approved yet? Request a change"),
        ]
    return found


@never_cache
@require_POST
def document_about(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """Keep what a draft changes, and which approved change request it carries out."""
    access = load_documents(request, code, kind, "can_send")
    draft = access.draft
    if draft is None:
        messages.error(request, "No draft of this document is in work.")
        return redirect("governance:document-detail", code, kind)
    form = SaidOfVersion(request.POST, access=access, chosen=draft.change_request, asks_basis=bool(draft.basis))
    if form.is_valid():
        try:
            describe(draft, by=signed_in(request), **form.said())
        except Refused as refused:
            form.add_error(None, refused)
    if form.errors:
        return show_writing(request, access, draft, about=form)
    messages.success(request, f"Kept. Once approved it is version {draft.label_if_approved}.")
    return redirect(f"{reverse('governance:document-edit', args=[code, kind])}#about-version")


@require_POST
def document_submit(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    access = load_documents(request, code, kind, "can_send")
    version = access.draft
    try:
        if version is None:
            raise Refused("No draft of this document is in work.", "not_draft")
        version.submit(by=signed_in(request), at=timezone.now())
    except Refused as refused:
        found = obstacles_of(version) if version and refused.code == "obstacles" else []
        if version and found:
            return show_writing(request, access, version, found)
        messages.error(request, refused.sentence)
        return redirect("governance:document-edit" if version else "governance:document-detail", code, kind)
    messages.success(request, f"Version {version.label} is submitted.")
    return redirect("governance:document-version", code, kind, version.number)


@require_POST
def document_withdraw(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """Take a submitted version back before a decision."""
    access = load_documents(request, code, kind, "can_send")
    version = access.open
    try:
        if version is None or version.state == VersionState.DRAFT:
            raise Refused("No version of this document waits for a decision.", "not_waiting")
        version.withdraw(by=signed_in(request), at=timezone.now())
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, f"Version {version.label} is withdrawn. Nobody reviews it any more.")
    return redirect("governance:document-detail", code, kind)


@require_GET
def attachment_file(request: HttpRequest, public_id: str) -> FileResponse:
    """Hand out a file to whoever reads what it belongs to; always as a download, never shown inside a page of ours."""
    rows = Attachment.objects.select_related("section__section", "section__document__project", "finding", "condition")
    found = rows.filter(public_id=public_id).first()
    if found is None or not attachments.may_read(found, request.user):
        raise Http404("No such file, or it is not yours to read.")
    answer = FileResponse(found.file.open("rb"), as_attachment=True, filename=found.name, content_type=found.content_type)
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer
