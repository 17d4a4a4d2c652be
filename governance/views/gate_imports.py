"""Bringing gate records of another house in: the file, what would happen, carrying it out, and the report."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_POST

from governance.forms.gate_history import GateFileForm
from governance.gate_history import report
from governance.gate_history import run as history
from governance.gate_history.planning import Origin
from pmo.accounts import signed_in
from pmo.lib.access import require, visible_or_404
from pmo.lib.errors import Refused
from pmo.lib.tables import Table
from portfolio.access import PortfolioAccess
from portfolio.importing.limits import MAX_FILE_BYTES
from portfolio.importing.report import finding_columns
from portfolio.models import ImportRun
from portfolio.models.imports import FindingLevel, ImportState, LineKind
from portfolio.views.editing import add_errors

#: A form has a little more than the file in it.
MAX_BODY_BYTES = MAX_FILE_BYTES + 64 * 1024
OFFICE_ONLY = "Only the PMO manager brings gate records in."
LEVELS = {"rejected": FindingLevel.REJECTED, "remarks": FindingLevel.WARNING, "quality": FindingLevel.QUALITY}
SHOWN = {
    **{kind.value: words for kind, words in report.KINDS.items()},
    "rejected": "Rejected rows",
    "remarks": "Remarks",
    "quality": "Data quality",
}


@csrf_exempt
def gate_import(request: HttpRequest) -> HttpResponse:
    """Look at the announced size before anything of the body is read: reading the token would read the file."""
    require(PortfolioAccess(request.user).can_import, OFFICE_ONLY)
    if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BODY_BYTES:
        return _first_page(request, GateFileForm(), is_too_large=True)
    return _gate_import(request)


@csrf_protect
def _gate_import(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _first_page(request, GateFileForm())
    form = GateFileForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        origin = Origin(form.cleaned_data["source"].strip(), form.cleaned_data["currency"])
        try:
            run = history.bring_in(file.read(), file.name or "file", origin, by=signed_in(request), at=timezone.now())
        except ValidationError as error:
            add_errors(form, error)
        else:
            return redirect("governance:gate-import-preview", run.pk)
    return _first_page(request, form)


def _first_page(request: HttpRequest, form: GateFileForm, *, is_too_large: bool = False) -> HttpResponse:
    status = 413 if is_too_large else 422 if form.errors else 200
    context = {"form": form, "is_too_large": is_too_large}
    return render(request, "governance/gate_import.html", context, status=status)


def open_run(request: HttpRequest, pk: int) -> ImportRun:
    """Return an import of gates that this person may carry on; 404 when it is not theirs to see, or another sort of import."""
    run = visible_or_404(ImportRun, request.user, pk=pk)
    if not run.is_of_gates:
        raise Http404("No import of gates.")
    require(PortfolioAccess(request.user).can_import, OFFICE_ONLY)
    return run


@require_GET
def gate_import_preview(request: HttpRequest, pk: int) -> HttpResponse:
    run = open_run(request, pk)
    if run.state != ImportState.CHECKED:
        return redirect(run)
    return render(request, "governance/gate_import_preview.html", found(request, run, is_done=False))


@require_POST
def gate_import_apply(request: HttpRequest, pk: int) -> HttpResponse:
    run = open_run(request, pk)
    by, at = signed_in(request), timezone.now()
    try:
        history.carry_out(run, by=by, at=at, is_accepting_rows=request.POST.get("mode") == "accepted")
    except Refused as refused:
        if refused.code == "changed_meanwhile":
            history.check_again(run, at=at)
        messages.error(request, refused.sentence)
        return redirect("governance:gate-import-preview", run.pk)
    messages.success(request, "The gates are on record.")
    return redirect(run)


def report_page(request: HttpRequest, run: ImportRun) -> HttpResponse:
    """Return the report of an import of gates; one that waits is carried on by those who may."""
    if run.state == ImportState.IMPORTED:
        return render(request, "governance/gate_import_report.html", found(request, run, is_done=True))
    if run.state == ImportState.CHECKED and PortfolioAccess(request.user).can_import:
        return redirect("governance:gate-import-preview", run.pk)
    return render(request, "portfolio/import_refused.html", {"run": run, "steps": steps_of(run, is_done=False)})


def found(request: HttpRequest, run: ImportRun, *, is_done: bool) -> dict[str, Any]:
    """Return the sentence, the counts and the one table that is looked at, by pages."""
    counts = {key: run.summary[key] for key in SHOWN}
    # What is wrong is looked at first: it is what the reader came for.
    first = next((key for key in ("rejected", "quality", "remarks", *SHOWN) if counts[key]), "created")
    show = request.GET.get("show", "")
    show = show if show in SHOWN else first
    rows = run.findings.filter(level=LEVELS[show]) if show in LEVELS else run.lines.filter(kind=LineKind(show))
    page: Page[Any] = Paginator(rows, 50).get_page(request.GET.get("page"))
    return {
        "run": run,
        "steps": steps_of(run, is_done=is_done),
        "headline": report.headline(run.summary, is_done=is_done),
        "counts": report.count_lines(run.summary),
        "facts": report.fact_lines(run.summary, run.options["import"]["currency"]),
        "choices": [(key, label, counts[key], key == show) for key, label in SHOWN.items()],
        "caption": SHOWN[show],
        "table": Table(finding_columns() if show in LEVELS else report.line_columns(), "", page.object_list),
        "page": page,
        "pages": list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)),
    }


def steps_of(run: ImportRun, *, is_done: bool) -> list[tuple[str, str, bool]]:
    preview = "" if is_done else reverse("governance:gate-import-preview", args=[run.pk])
    return [("1 File", "", False), ("2 Preview", preview, not is_done), ("3 Report", "", is_done)]
