"""The PDFs of a document at addresses of their own."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_safe

from governance.document_pdf import print_of
from governance.documents.access import DocumentAccess
from governance.models import ConfidentialRead, DeliverableVersion
from governance.models.templates import DOCUMENT_KINDS
from governance.record_copies import file_name, has_office_edition, is_decided, office_edition_of, office_file_name
from governance.states import Copy, Kind
from governance.views.copies import as_pdf, cannot_print, serve_copy, serve_record_copy
from pmo.accounts import signed_in
from pmo.lib.access import require, visible_or_404
from pmo.lib.pdf import PdfUnavailable

KIND_OF = {kind.value.replace("_", "-"): kind for kind in DOCUMENT_KINDS}


def load_printed(request: HttpRequest, code: str, kind: str, version: int) -> DeliverableVersion:
    if kind not in KIND_OF:
        raise Http404("No such page, or it is not yours to see.")
    rows = DeliverableVersion.objects.select_related("deliverable__project", "document__template", "document__project")
    place = {"deliverable__project__code": code, "deliverable__kind": KIND_OF[kind], "number": version}
    return visible_or_404(rows.distinct(), request.user, **place)


@require_safe
def document_pdf(request: HttpRequest, code: str, kind: str, version: int) -> HttpResponse:
    """Serve the reading copy of an approved version; any other version is printed as it stands, and says so."""
    row = load_printed(request, code, kind, version)
    if is_decided(row):
        return serve_copy(request, row, Copy.READING)
    try:
        return as_pdf(print_of(row), file_name(row))
    except PdfUnavailable as error:
        return cannot_print(request, row, error)


@require_safe
def document_record_pdf(request: HttpRequest, code: str, kind: str, version: int) -> HttpResponse:
    """Serve the sealed record copy of an approved version; another version has none."""
    return serve_record_copy(request, load_printed(request, code, kind, version))


@require_GET
def document_office_pdf(request: HttpRequest, code: str, kind: str, version: int) -> HttpResponse:
    """Serve the edition with rows that are confidential until award to the office, and write down who was handed it."""
    row = load_printed(request, code, kind, version)
    access = DocumentAccess(request.user, row.deliverable.project, Kind(row.deliverable.kind))
    require(access.can_read_office_edition, "The edition with confidential rows is for the office.")
    if not has_office_edition(row):
        raise Http404("Nothing is left out of the other copies.")
    try:
        stored = office_edition_of(row)
    except PdfUnavailable as error:
        return cannot_print(request, row, error)
    ConfidentialRead.note(row, by=signed_in(request), at=timezone.now(), file_sha256=stored.sha256)
    answer = as_pdf(bytes(stored.file), office_file_name(row))
    answer["Cache-Control"] = "private, no-store"
    return answer
