"""The PDFs of a document at addresses of their own."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from governance.document_pdf import print_of
from governance.models import DeliverableVersion
from governance.models.templates import DOCUMENT_KINDS
from governance.record_copies import file_name, is_decided
from governance.states import Copy
from governance.views.copies import as_pdf, cannot_print, serve_copy, serve_record_copy
from pmo.lib.access import visible_or_404
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
