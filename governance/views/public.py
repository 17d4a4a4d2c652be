"""The public side of a project and of its reports."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from governance.public_pages import PublicProject, accepted_version_or_404, public_project_or_404, why_of
from governance.publication import publish
from governance.record_copies import copy_of, file_name
from governance.states import Copy, Dimension
from governance.views.copies import as_pdf
from pmo.lib.pdf import PdfUnavailable
from portfolio.models import Project


@require_GET
def public_project(request: HttpRequest, code: str) -> HttpResponse:
    project = public_project_or_404(request.user, code)
    page = PublicProject(project, timezone.now(), request.GET.get("page"))
    sees_working_page = Project.objects.visible_to(request.user).filter(pk=project.pk).exists()
    context = {"project": project, "page": page, "sees_working_page": sees_working_page}
    return render(request, "governance/public_project.html", context)


@require_GET
def public_report(request: HttpRequest, code: str, number: int) -> HttpResponse:
    project = public_project_or_404(request.user, code)
    version = accepted_version_or_404(project, number)
    context = {"project": project, "report": publish(version), "version": version}
    return render(request, "governance/public_report.html", context)


@require_GET
def public_report_pdf(request: HttpRequest, code: str, number: int) -> HttpResponse:
    project = public_project_or_404(request.user, code)
    version = accepted_version_or_404(project, number)
    try:
        stored = copy_of(version, Copy.READING, abridged=True)
    except PdfUnavailable as problem:
        return render(request, "governance/dashboard_no_pdf.html", {"problem": problem}, status=503)
    answer = as_pdf(bytes(stored.file), file_name(version, abridged=True))
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_GET
def public_why(request: HttpRequest, code: str, dimension: str) -> HttpResponse:
    """Say why a rating is what it is: the page behind every mark of the portfolio."""
    if dimension not in Dimension.values:
        raise Http404("No such rating.")
    project = public_project_or_404(request.user, code)
    page = PublicProject(project, timezone.now())
    line = next((line for line in page.lines if line.rating.dimension == dimension), None)
    why = why_of(line.rating, line.letter, page.report) if line and page.report else None
    context = {"project": project, "page": page, "line": line, "why": why, "label": Dimension(dimension).label}
    return render(request, "governance/public_why.html", context)
