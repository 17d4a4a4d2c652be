"""The PDFs of a document at addresses of their own."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from governance.document_pdf import copy_of, file_name, print_of
from governance.documents.paper import DECIDED
from governance.models import DeliverableVersion
from governance.models.templates import DOCUMENT_KINDS
from governance.sealing import KeyUnusable
from governance.states import Copy
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
    try:
        file = bytes(copy_of(row, Copy.READING).file) if row.state in DECIDED else print_of(row)
    except PdfUnavailable as error:
        return _unavailable(request, row, str(error))
    return _served(file, file_name(row, Copy.READING))


@require_safe
def document_record_pdf(request: HttpRequest, code: str, kind: str, version: int) -> HttpResponse:
    """Serve the sealed record copy of an approved version; another version has none."""
    row = load_printed(request, code, kind, version)
    if row.state not in DECIDED:
        raise Http404("Only an approved version has a record copy.")
    try:
        file = bytes(copy_of(row, Copy.RECORD).file)
    except (PdfUnavailable, KeyUnusable) as error:
        return _unavailable(request, row, str(error))
    return _served(file, file_name(row, Copy.RECORD))


def _served(file: bytes, name: str) -> HttpResponse:
    return HttpResponse(file, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'})


def _unavailable(request: HttpRequest, version: DeliverableVersion, sentence: str) -> HttpResponse:
    messages.error(request, sentence)
    return redirect("project-overview", version.deliverable.project.code)
