"""Writing a document section by section: forms, autosave, preview, two people in one section, files. Nothing typed is lost."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from governance import attachments
from governance.documents.access import DocumentAccess, load_documents
from governance.documents.drafting import save_section
from governance.documents.editing import claim, release
from governance.documents.meeting import THEIRS, chosen_rows, taken_up
from governance.documents.section_page import Typed, conflict_context, section_context, typed_in
from governance.models import Attachment, DeliverableVersion, DocumentSection
from governance.views.documents import page_context, show_writing
from pmo.accounts import signed_in
from pmo.lib.access import require
from pmo.lib.errors import Refused
from pmo.lib.words import clock, count


@never_cache
@require_GET
def document_edit(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """Show how far the draft is, section by section, with the way to each."""
    access = load_documents(request, code, kind, "can_write")
    if access.draft is None:
        return redirect("governance:document-detail", code, kind)
    return show_writing(request, access, access.draft)


def load_section(
    request: HttpRequest, code: str, kind: str, key: str
) -> tuple[DocumentAccess, DeliverableVersion | None, DocumentSection]:
    """Return a section of the newest version and the draft it belongs to, None where that was submitted meanwhile."""
    access = load_documents(request, code, kind, "can_write")
    newest = access.newest
    rows = DocumentSection.objects.filter(document=newest.document if newest else None, section__key=key)
    section = rows.select_related("section", "saved_by", "editing_by").first()
    if section is None or newest is None:
        raise Http404("No such section.")
    section.document = newest.document  # type: ignore[assignment]
    require(access.can_write_section(section), "This section is confidential until award. The project manager writes it.")
    return access, access.draft, section


def to_section(section: DocumentSection, code: str, kind: str, anchor: str = "") -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("governance:document-section-edit", args=[code, kind, section.section.key]) + anchor)


@never_cache
@require_http_methods(["GET", "POST"])
def section_edit(request: HttpRequest, code: str, kind: str, key: str) -> HttpResponse:
    access, draft, section = load_section(request, code, kind, key)
    now, person = timezone.now(), signed_in(request)
    if request.method == "GET":
        if draft is None:
            return redirect("governance:document-detail", code, kind)
        claim(section, by=person, at=now)
        return _show(request, access, section)
    typed = typed_in(section, request.POST)
    if draft is None:
        return _not_taken(request, access, section, typed)
    if typed.errors or typed.action == "preview":
        return _show(request, access, section, typed=typed, status=422 if typed.errors else 200)
    refusal = _save(request, access, section, typed)
    if refusal is not None:
        return refusal
    if typed.action == "done":
        release(section, by=person)
        messages.success(request, f"{section.section.title} is saved.")
        return HttpResponseRedirect(reverse("governance:document-edit", args=[code, kind]) + f"#section-{key}")
    if typed.added:
        messages.success(request, f"{count(typed.added, 'row')} of the block joined the table.")
    return to_section(section, code, kind, typed.anchor)


def _save(request: HttpRequest, access: DocumentAccess, section: DocumentSection, typed: Typed) -> HttpResponse | None:
    """Store what was typed; return the page to show instead where that cannot be."""
    try:
        save_section(section, by=signed_in(request), at=timezone.now(), revision=typed.revision, **typed.values)
    except Refused as refused:
        if refused.code in ("rows_too_many", "cell_too_long"):
            return _show(request, access, section, typed=typed.does_not_fit, status=422)
        if refused.code != "conflict":
            return _not_taken(request, access, section, typed)
        section.refresh_from_db()
        if typed.says_what_is_stored(section):
            return None
        return _conflict(request, access, section, typed)
    return None


def _show(
    request: HttpRequest, access: DocumentAccess, section: DocumentSection, *, typed: Typed | None = None, status: int = 200
) -> HttpResponse:
    context = {**page_context(access), **section_context(access, section, typed, at=timezone.now())}
    return render(request, "governance/document_section.html", context, status=status)


def _conflict(request: HttpRequest, access: DocumentAccess, section: DocumentSection, typed: Typed) -> HttpResponse:
    context = {**page_context(access), **conflict_context(section, typed, request.user)}
    return render(request, "governance/document_conflict.html", context, status=409)


def _not_taken(request: HttpRequest, access: DocumentAccess, section: DocumentSection, typed: Typed) -> HttpResponse:
    """The version is no draft any more: show what was typed, to be copied from here."""
    context = {**page_context(access), "section": section.section, "typed": typed, "newest": access.newest}
    return render(request, "governance/document_not_taken.html", context, status=409)


@require_POST
def section_autosave(request: HttpRequest, code: str, kind: str, key: str) -> JsonResponse:
    """Save what is typed while it is typed. 200 {saved_at, revision}; 409 {url, post} to compare; 422 {message}."""
    _, draft, section = load_section(request, code, kind, key)
    typed = typed_in(section, request.POST, takes_block=False)
    now, person = timezone.now(), signed_in(request)
    compare = {"url": reverse("governance:document-section-merge", args=[code, kind, key]), "post": True}
    if typed.errors:
        return JsonResponse({"code": "invalid", "message": f"Not saved. {typed.errors[0][1]}"}, status=422)
    try:
        if draft is None:
            raise Refused("This version was submitted.", "frozen")
        save_section(section, by=person, at=now, revision=typed.revision, **typed.values)
    except Refused as refused:
        section.refresh_from_db()
        if refused.code != "conflict" or not typed.says_what_is_stored(section):
            return JsonResponse({**compare, "code": refused.code}, status=409)
    claim(section, by=person, at=now)
    return JsonResponse({"saved_at": now.isoformat(), "clock": clock(now), "revision": section.revision})


@require_POST
def section_preview(request: HttpRequest, code: str, kind: str, key: str) -> HttpResponse:
    """Show the typed text as readers will see it; nothing is stored. A script gets the preview alone, a browser the page."""
    access, _, section = load_section(request, code, kind, key)
    typed = typed_in(section, request.POST)
    if not request.headers.get("HX-Request"):
        return _show(request, access, section, typed=typed, status=422 if typed.errors else 200)
    return render(request, "governance/_document_preview.html", {"html": typed.html})


@never_cache
@require_POST
def section_merge(request: HttpRequest, code: str, kind: str, key: str) -> HttpResponse:
    """Show both sides, or store what was chosen. Should the section have changed once more, both sides are shown again."""
    access, draft, section = load_section(request, code, kind, key)
    typed = _chosen(request, section) if "resolved" in request.POST else typed_in(section, request.POST)
    if draft is None:
        return _not_taken(request, access, section, typed)
    if typed.errors:
        return _show(request, access, section, typed=typed, status=422)
    if "resolved" not in request.POST:
        if typed.says_what_is_stored(section):
            return to_section(section, code, kind)
        return _conflict(request, access, section, typed)
    refusal = _save(request, access, section, typed)
    if refusal is not None:
        return refusal
    messages.success(request, "The chosen words are saved.")
    return to_section(section, code, kind)


def _chosen(request: HttpRequest, section: DocumentSection) -> Typed:
    """Return what was chosen on the page that compares."""
    typed = typed_in(section, request.POST)
    everything = request.POST.get("all", "")
    if not section.section.is_table:
        return typed.with_values(text=section.text) if everything == THEIRS else typed
    mine = taken_up(request.POST.get("mine", ""), section.section.columns)
    sides: dict[str, Any] = {
        name.removeprefix("use-"): everything or request.POST[name] for name in request.POST if name.startswith("use-")
    }
    return typed.with_values(rows=[dict(row) for row in chosen_rows(section, mine, sides)])


@require_POST
def section_attach(request: HttpRequest, code: str, kind: str, key: str) -> HttpResponse:
    _, draft, section = load_section(request, code, kind, key)
    upload = request.FILES.get("file")
    try:
        if draft is None:
            raise Refused("This version was submitted; its files do not change any more.", "frozen")
        if upload is None:
            raise Refused("Choose a file first.", "file_empty")
        row = attachments.attach(upload, by=signed_in(request), at=timezone.now(), section=section)
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, f"{row.name} is attached.")
    return to_section(section, code, kind, "#files")


@require_POST
def file_remove(request: HttpRequest, code: str, kind: str, key: str, public_id: str) -> HttpResponse:
    _, _, section = load_section(request, code, kind, key)
    row = Attachment.objects.filter(section=section, public_id=public_id).first()
    if row is None:
        raise Http404("No such file.")
    row.section = section
    try:
        attachments.remove(row, by=signed_in(request))
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, f"{row.name} is taken away.")
    return to_section(section, code, kind, "#files")
