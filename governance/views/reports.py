"""The Status room of a project, and a report as it can be read: any version, why each rating, the PDF."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from governance.clock import Office
from governance.models import Deliverable, DeliverableVersion
from governance.publication import publish
from governance.report_access import ReportAccess, load_report, load_reports_of, load_version, versions_of
from governance.report_page import page_of
from governance.report_version_page import version_page
from governance.states import Copy, Dimension, Edition
from governance.status_room import also_waiting, counts, due_now, on_time, row_of, rows_of, strips_of
from governance.views.copies import serve_copy, serve_record_copy
from governance.why import whys_of

PAGE_SIZE = 26


@require_safe
def report_list(request: HttpRequest, code: str) -> HttpResponse:
    """The Status room: what is due and what to do, what else waits, twelve weeks, every report."""
    project, access = load_reports_of(request, code)
    now, office = timezone.now(), Office.load(project.governance_class)
    due = due_now(project, request.user, at=now, office=office, writes=access.can_write)
    page = Paginator(rows_of(project, request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    rows = []
    for deliverable in page.object_list:
        deliverable.project = project
        rows.append(row_of(deliverable, at=now, calendar=office.calendar, writes=access.can_write))
    context = {
        "project": project,
        "access": access,
        "tab": "status",
        "room": "Status",
        "due": due,
        "waiting": also_waiting(project, due, at=now) if access.can_write else [],
        "on_time": on_time(project, at=now),
        "strips": strips_of(project, at=now, office=office),
        "rows": rows,
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number),
    }
    return render(request, "governance/report_list.html", context)


@require_safe
def report_detail(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """The version that counts: the accepted one, else the newest that the person may read."""
    deliverable, access = load_report(request, code, number)
    version = counts(list(versions_of(deliverable).visible_to(request.user).order_by("number")))
    if version is None:
        return _none(request, deliverable, access)
    return _version(request, version, access)


def _none(request: HttpRequest, deliverable: Deliverable, access: ReportAccess) -> HttpResponse:
    context = {"project": deliverable.project, "deliverable": deliverable, "access": access, "tab": "status"}
    return render(request, "governance/report_none.html", context)


@require_safe
def report_version(request: HttpRequest, code: str, number: int, version: int) -> HttpResponse:
    row, access = load_version(request, code, number, version)
    return _version(request, row, access)


def _version(request: HttpRequest, version: DeliverableVersion, access: ReportAccess) -> HttpResponse:
    """Show the whole report to the office and those with a part in the project, to others what of it is published."""
    context: dict[str, Any] = {
        "project": version.deliverable.project,
        "deliverable": version.deliverable,
        "version": version,
        "access": access,
        "tab": "status",
    }
    if not access.reads_inside:
        return render(request, "governance/report_published.html", {**context, "report": publish(version)})
    return render(request, "governance/report_version.html", {**context, "it": version_page(version, access)})


@require_safe
def report_why(request: HttpRequest, code: str, number: int, version: int, dimension: str) -> HttpResponse:
    """Say why a computed rating is what it is, on a page of its own."""
    row, access = load_version(request, code, number, version)
    if dimension not in Dimension.values:
        raise Http404("No such dimension.")
    page = page_of(row)
    whys = whys_of(page, with_links=access.reads_inside)
    context = {
        "project": row.deliverable.project,
        "deliverable": row.deliverable,
        "version": row,
        "access": access,
        "tab": "status",
        "why": whys[dimension],
        "dimension": Dimension(dimension),
        "others": [(name, Dimension(name).label) for name in Dimension.values],
    }
    return render(request, "governance/report_why.html", context)


@require_safe
def report_pdf(request: HttpRequest, code: str, number: int, version: int) -> HttpResponse:
    """Serve the stored PDF of an accepted version: the office edition, or the public one to those who read only that."""
    row, access = load_version(request, code, number, version)
    return serve_copy(request, row, Copy.READING, abridged=access.edition == Edition.PUBLIC)


@require_safe
def report_record_pdf(request: HttpRequest, code: str, number: int, version: int) -> HttpResponse:
    """Serve the sealed record copy of an accepted version, in the same edition."""
    row, access = load_version(request, code, number, version)
    return serve_record_copy(request, row, abridged=access.edition == Edition.PUBLIC)
