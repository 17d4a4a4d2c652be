"""Saving what came from the form, and the pages that stand in when it cannot be saved: nothing typed is lost on any of them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from governance.clock import Office
from governance.drafting import Meeting, form_for, meetings, save
from governance.forms.report import ReportForm
from governance.models import Deliverable, DeliverableVersion
from governance.report_access import ReportAccess, versions_of
from governance.report_form_page import form_page
from governance.reports import Conflict
from pmo.lib.errors import Refused


def to(name: str, deliverable: Deliverable, *more: int) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse(f"governance:{name}", args=[deliverable.project.code, deliverable.number, *more]))


def form_response(
    request: HttpRequest,
    access: ReportAccess,
    version: DeliverableVersion,
    form: ReportForm,
    *,
    status: int = 200,
    is_refused: bool = False,
) -> HttpResponse:
    office = Office.load(version.deliverable.project.governance_class)
    page = form_page(version, form, at=timezone.now(), office=office, is_refused=is_refused)
    # A form that could not be read was not saved: it keeps the revision that it was opened at, so that a meeting still shows.
    revision = posted_revision(request) if form.is_bound and not is_refused else form.report.revision
    context = {
        "it": page,
        "revision": revision,
        "project": version.deliverable.project,
        "deliverable": version.deliverable,
        "access": access,
        "here": reverse("governance:report-edit", args=[version.deliverable.project.code, version.deliverable.number]),
        "review_days": office.rules.review_days,
    }
    return render(request, "governance/report_form.html", context, status=status)


def posted_revision(request: HttpRequest) -> int:
    """Return the revision that the form was opened at; -1, which no draft has, where it says none."""
    text = request.POST.get("revision", "")
    return int(text) if text.isdigit() and len(text) < 9 else -1


def saved(
    request: HttpRequest, deliverable: Deliverable, access: ReportAccess, version: DeliverableVersion | None
) -> tuple[ReportForm | None, HttpResponse | None]:
    """Save what was typed. Return the form, and the page to show instead when it could not be saved."""
    if version is None:
        return None, not_taken(request, deliverable, access)
    form = form_for(version, request.POST)
    if not form.is_valid():
        return form, form_response(request, access, version, form, status=422)
    try:
        save(version, form, revision=posted_revision(request), by=request.user, at=timezone.now())
    except Conflict:
        return form, met(request, access, version, form)
    except Refused:
        return form, not_taken(request, deliverable, access)
    return form, None


def met(request: HttpRequest, access: ReportAccess, version: DeliverableVersion, form: ReportForm) -> HttpResponse | None:
    """Show both sides of each field that differs; nothing to show when this form says what is stored already."""
    form = form_for(version, form.data)
    if not form.is_valid():
        return form_response(request, access, version, form, status=422)
    found = meetings(form)
    return conflict_page(request, access, version, form, found) if found else None


def conflict_page(
    request: HttpRequest, access: ReportAccess, version: DeliverableVersion, form: ReportForm, found: list[Meeting]
) -> HttpResponse:
    last = version.status_report.history.select_related("history_user").first()  # type: ignore[union-attr]
    context = {
        "project": version.deliverable.project,
        "deliverable": version.deliverable,
        "access": access,
        "tab": "status",
        "version": version,
        "meetings": found,
        "revision": form.report.revision,
        "saved_at": form.report.saved_at,
        "saved_by": last.history_user if last and last.history_user != request.user else None,
    }
    return render(request, "governance/report_conflict.html", context, status=409)


def not_taken(request: HttpRequest, deliverable: Deliverable, access: ReportAccess) -> HttpResponse:
    """The version is no draft any more: show what was typed, field by field, and what can be done with it."""
    newest = versions_of(deliverable).order_by("-number").first()
    typed: list[Meeting] = []
    if newest is not None:
        form = form_for(newest, request.POST)
        form.full_clean()
        typed = meetings(form)
    context = {
        "project": deliverable.project,
        "deliverable": deliverable,
        "access": access,
        "tab": "status",
        "newest": newest,
        "meetings": typed,
    }
    return render(request, "governance/report_not_taken.html", context, status=409)
