"""The review sheet as a workbook and as a tagged PDF."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_GET

from governance.document_review_access import load_document_review, review_address
from governance.models import DeliverableVersion
from governance.review_sheet import SHEET, number_of
from governance.views.document_findings import findings_of
from pmo.lib import words
from pmo.lib.exports import About, xlsx_response
from pmo.lib.pdf import PdfUnavailable, render_pdf


def title_of(row: DeliverableVersion) -> str:
    return f"Review sheet, {row.deliverable.get_kind_display().lower()} of {row.deliverable.project.code}, version {row.label}"


def file_name_of(row: DeliverableVersion) -> str:
    kind = row.deliverable.kind.replace("_", "-")
    return f"review-sheet-{row.deliverable.project.code.lower()}-{kind}-{row.label.replace('.', '-')}"


@require_GET
def document_review_sheet_xlsx(request: HttpRequest, code: str, kind: str, version: int) -> HttpResponseBase:
    row, access = load_document_review(request, code, kind, version)
    found = sorted(findings_of(row, access), key=lambda one: one.finding.pk)
    about = About(title_of(row), str(request.user), timezone.now(), [("Project", row.deliverable.project.name)])
    return xlsx_response(file_name_of(row), SHEET, found, about)


@require_GET
def document_review_sheet_pdf(request: HttpRequest, code: str, kind: str, version: int) -> HttpResponse:
    row, access = load_document_review(request, code, kind, version)
    found = sorted(findings_of(row, access), key=lambda one: one.finding.pk)
    context = {
        "version": row,
        "lines": [(number_of(one), one) for one in found],
        "title": title_of(row),
        "city": settings.CITY_NAME,
        "office": settings.OFFICE_NAME,
        "foot": f"{title_of(row)}   made {words.moment(timezone.now())}",
    }
    try:
        file = render_pdf(render_to_string("governance/pdf/review_sheet.html", context))
    except PdfUnavailable as problem:
        back = {"problem": problem, "back": review_address(row)}
        return render(request, "governance/review_sheet_no_pdf.html", back, status=503)
    answer = HttpResponse(file, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{file_name_of(row)}.pdf"'
    answer["Cache-Control"] = "private, no-store"
    return answer
