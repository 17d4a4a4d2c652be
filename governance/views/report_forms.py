"""The project manager's side of a report: beginning it, writing, previewing and submitting. Nothing that is typed is lost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from governance.clock import Office
from governance.drafting import form_for, meetings, save
from governance.findings import answer_finding
from governance.forms.report import ReportForm
from governance.forms.report_verbs import ExcuseForm
from governance.models import Deliverable, DeliverableVersion
from governance.preview import as_if_accepted
from governance.report_access import ReportAccess, draft_of, load_report, load_reports_of, load_version, versions_of
from governance.report_life import live_content
from governance.reports import Conflict, current_deliverable, excuse, start_correction, start_draft
from governance.status_room import due_now
from governance.views.report_saving import conflict_page, form_response, not_taken, posted_revision, saved, to
from pmo.lib.access import require
from pmo.lib.errors import Refused
from pmo.lib.words import clock, moment
from portfolio.models import Project


@never_cache
def report_new(request: HttpRequest, code: str) -> HttpResponse:
    """Show what is due now, with one button; the button begins the draft."""
    project, access = load_reports_of(request, code, "can_edit")
    if request.method == "POST":
        return _begin(request, project)
    office = Office.load(project.governance_class)
    due = due_now(project, request.user, at=timezone.now(), office=office, writes=True)
    return render(request, "governance/report_new.html", {"project": project, "access": access, "tab": "status", "due": due})


def _begin(request: HttpRequest, project: Project) -> HttpResponse:
    now = timezone.now()
    try:
        deliverable = _asked_for(project, request.POST.get("number", "")) or current_deliverable(project, at=now)
        start_draft(deliverable, by=request.user, at=now)
    except Refused as refused:
        messages.error(request, refused.sentence)
        return redirect("governance:report-list", project.code)
    return to("report-edit", deliverable)


def _asked_for(project: Project, number: str) -> Deliverable | None:
    rows = Deliverable.objects.reports().filter(project=project).select_related("project")
    return rows.filter(number=int(number)).first() if number.isdigit() and len(number) < 9 else None


@never_cache
def report_edit(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """The form. A POST saves what was typed, for those without JavaScript and for the button Save."""
    deliverable, access = load_report(request, code, number, "can_write")
    version = draft_of(deliverable)
    if request.method == "POST":
        _, refusal = saved(request, deliverable, access, version)
        if refusal is None:
            messages.success(request, "The draft is saved.")
        return refusal or to("report-edit", deliverable)
    if version is None:
        return _no_draft(request, deliverable, access)
    return form_response(request, access, version, form_for(version))


def _no_draft(request: HttpRequest, deliverable: Deliverable, access: ReportAccess) -> HttpResponse:
    """Say why there is nothing to write in, and offer what can be done: begin, begin again, or read what is there."""
    newest = versions_of(deliverable).order_by("-number").first()
    context = {"project": deliverable.project, "access": access, "tab": "status", "deliverable": deliverable, "newest": newest}
    return render(request, "governance/report_begin.html", context)


@require_POST
def report_autosave(request: HttpRequest, code: str, number: int) -> JsonResponse:
    """Save what is typed while it is typed. 200 {saved_at, clock, revision}; 409 {url} to compare; 422 {message}."""
    deliverable, _ = load_report(request, code, number, "can_write")
    version, now = draft_of(deliverable), timezone.now()
    compare = {"url": reverse("governance:report-edit", args=[code, number]), "post": True}
    if version is None:
        return JsonResponse({**compare, "code": "not_draft"}, status=409)
    form = form_for(version, request.POST)
    if not form.is_valid():
        return JsonResponse({"code": "invalid", "message": f"Not saved. {_first_error(form)}"}, status=422)
    try:
        revision = save(version, form, revision=posted_revision(request), by=request.user, at=now)
    except Refused as refused:
        fresh = form_for(version, request.POST)
        if refused.code != "conflict" or not fresh.is_valid() or meetings(fresh):
            return JsonResponse({**compare, "code": refused.code}, status=409)
        revision = fresh.report.revision  # another tab stored these very words
    return JsonResponse({"saved_at": now.isoformat(), "clock": clock(now), "revision": revision})


def _first_error(form: ReportForm) -> str:
    name, errors = next(iter(form.errors.items()))
    return f"{form[name].label}: {errors[0]}"


@never_cache
def report_conflict(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Take the chosen side of each field. Should the draft have changed once more, both sides are shown again."""
    deliverable, access = load_report(request, code, number, "can_write")
    version = draft_of(deliverable)
    if request.method != "POST":
        return to("report-edit", deliverable)
    if version is None:
        return not_taken(request, deliverable, access)
    mine = {name: request.POST[name] for name in form_for(version).fields if name in request.POST}
    side = request.POST.get("all")
    chosen = [name for name in mine if (side or request.POST.get(f"use-{name}")) != "theirs"]
    form = _over_stored(version, mine)
    if not form.is_valid():
        return form_response(request, access, version, form, status=422)
    try:
        save(version, form, revision=posted_revision(request), by=request.user, at=timezone.now(), only=chosen)
    except Conflict:
        form = _over_stored(version, {name: mine[name] for name in chosen})
        if form.is_valid() and (found := meetings(form)):
            return conflict_page(request, access, version, form, found)
    except Refused:
        return not_taken(request, deliverable, access)
    messages.success(request, "The chosen words are saved.")
    return to("report-edit", deliverable)


def _over_stored(version: DeliverableVersion, typed: Mapping[str, Any]) -> ReportForm:
    """Return a form that says what is stored, but for the fields that were typed."""
    return form_for(version, {**form_for(version).stored(), **typed})


@never_cache
def report_preview(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Show the draft as stakeholders would see it; a POST saves it first."""
    deliverable, access = load_report(request, code, number, "can_write")
    version = draft_of(deliverable)
    if request.method == "POST":
        _, refusal = saved(request, deliverable, access, version)
        return refusal or to("report-preview", deliverable)
    if version is None:
        return to("report-detail", deliverable)
    now = timezone.now()
    report = as_if_accepted(live_content(version.status_report, version), at=now)  # type: ignore[arg-type]
    context = {"project": deliverable.project, "deliverable": deliverable, "access": access, "tab": "status", "report": report}
    return render(request, "governance/report_preview.html", context)


@require_POST
def report_submit(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Save what was typed, then submit it. What stands in the way is listed with links, and everything typed stays."""
    deliverable, access = load_report(request, code, number, "can_write")
    version = draft_of(deliverable)
    form, refusal = saved(request, deliverable, access, version)
    if refusal or version is None or form is None:
        return refusal or to("report-detail", deliverable)
    try:
        version.submit(by=request.user, at=timezone.now())
    except Refused as refused:
        if refused.code == "obstacles":
            again = form_for(version, request.POST)
            again.full_clean()
            return form_response(request, access, version, again, status=422, is_refused=True)
        messages.error(request, refused.sentence)
        return to("report-detail", deliverable)
    messages.success(request, f"Report {deliverable.number} is submitted. Its review is due {moment(version.review_due_at)}.")
    return to("report-version", deliverable, version.number)


@require_POST
def report_withdraw(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Take a submitted version back before a decision."""
    deliverable, _ = load_report(request, code, number, "can_write")
    version = versions_of(deliverable).waiting().first()
    try:
        if version is None:
            raise Refused("No version of this report waits for a decision.", "not_waiting")
        version.withdraw(by=request.user, at=timezone.now())
    except Refused as refused:
        messages.error(request, refused.sentence)
        return to("report-detail", deliverable)
    messages.success(request, f"Version {version.number} is withdrawn. Nobody reviews it any more.")
    return to("report-edit", deliverable)


@require_POST
def report_correct(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Begin a new version of an accepted report."""
    deliverable, _ = load_report(request, code, number, "can_write")
    version = versions_of(deliverable).standing().first()
    try:
        if version is None:
            raise Refused("Only an accepted report can be corrected.", "not_accepted")
        start_correction(version, by=request.user, at=timezone.now())
    except Refused as refused:
        messages.error(request, refused.sentence)
        return to("report-detail", deliverable)
    return to("report-edit", deliverable)


def report_excuse(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Ask why a report is not needed, and excuse the project from it."""
    deliverable, access = load_report(request, code, number, "can_excuse")
    form = ExcuseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            excuse(deliverable, by=request.user, reason=form.cleaned_data["reason"], at=timezone.now())
        except Refused as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, f"Report {deliverable.number} is excused.")
            return to("report-detail", deliverable)
    status = 422 if request.method == "POST" else 200
    context = {"project": deliverable.project, "deliverable": deliverable, "access": access, "tab": "status", "form": form}
    return render(request, "governance/report_excuse.html", context, status=status)


@require_POST
def finding_answer(request: HttpRequest, code: str, number: int, version: int, finding: int) -> HttpResponse:
    """Answer one finding from the page of the version that came back."""
    row, access = load_version(request, code, number, version)
    require(access.can_write, "Only the project manager, the author or the PMO manager does this.")
    found = get_object_or_404(row.findings.select_related("version__deliverable__project"), number=finding)
    try:
        answer_finding(found, by=request.user, text=request.POST.get("text", ""), at=timezone.now())
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, f"Finding {found.number} is answered.")
    return to("report-version", row.deliverable, row.number)
