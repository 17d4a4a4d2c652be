"""The import wizard: the file, how it is read, what its columns mean, what would happen, and the report.

What was chosen stands on the run, so every step can be left and taken up again. The steps ask for the PMO manager; the auditor
reads the reports.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from governance.gate_history import report as gate_report
from governance.imports import carry_out
from governance.views import gate_imports
from pmo.lib.access import require, visible_or_404
from pmo.lib.errors import Refused
from pmo.lib.exports import About, csv_response, xlsx_response
from pmo.lib.tables import Column, Table
from pmo.lib.views import FilteredListView
from portfolio.access import PortfolioAccess
from portfolio.importing import report
from portfolio.importing import run as importing
from portfolio.importing.forms import ColumnsForm, ReadingForm, UploadForm
from portfolio.importing.headings import SourceTable
from portfolio.importing.limits import MAX_FILE_BYTES
from portfolio.importing.problems import FileRefused, shortened
from portfolio.importing.reading import how_it_was_read
from portfolio.importing.run_list import ImportFilters, run_columns
from portfolio.models import ImportRun
from portfolio.models.imports import FindingLevel, ImportState, LineKind

#: A form has a little more than the file in it.
MAX_BODY_BYTES = MAX_FILE_BYTES + 64 * 1024
PREVIEW_ROWS = 8
PREVIEW_LENGTH = 60
OFFICE_ONLY = "Only the PMO manager imports projects."


class ImportListView(FilteredListView):
    list_name = "imports"
    title = "Imports"
    noun = "import"
    template_name = "portfolio/import_list.html"
    filterset_class = ImportFilters
    default_order = "-at"
    quick_views = (("Not finished", "state=read&state=checked"),)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        require(PortfolioAccess(request.user).can_read_imports, OFFICE_ONLY)
        return super().get(request, **kwargs)

    def get_columns(self) -> list[Column]:
        return run_columns()

    def get_rows(self) -> QuerySet[ImportRun]:
        return ImportRun.objects.visible_to(self.request.user).without_file().select_related("uploaded_by")

    def get_extra(self) -> dict[str, Any]:
        return {"access": PortfolioAccess(self.request.user)}


def open_run(request: HttpRequest, pk: int) -> ImportRun:
    """Return an import that this person may carry on; 404 when it is not theirs to see, 403 for readers."""
    run = visible_or_404(ImportRun, request.user, pk=pk)
    require(PortfolioAccess(request.user).can_import, OFFICE_ONLY)
    return run


def open_portfolio(request: HttpRequest, pk: int) -> ImportRun:
    """Return an import of a portfolio that this person may carry on; one of gates has pages of its own, so 404."""
    run = open_run(request, pk)
    if run.is_of_gates:
        raise Http404("No import of a portfolio.")
    return run


def read_run(request: HttpRequest, pk: int) -> ImportRun:
    return visible_or_404(ImportRun.objects.without_file().select_related("uploaded_by"), request.user, pk=pk)


# 1. The file


@csrf_exempt
def import_new(request: HttpRequest) -> HttpResponse:
    """Look at the announced size before anything of the body is read: reading the token would read the file."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BODY_BYTES:
        require(PortfolioAccess(request.user).can_import, OFFICE_ONLY)
        form = UploadForm()
        return render(request, "portfolio/import_new.html", {"form": form, "is_too_large": True}, status=413)
    return _import_new(request)


@csrf_protect
def _import_new(request: HttpRequest) -> HttpResponse:
    require(PortfolioAccess(request.user).can_import, OFFICE_ONLY)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_valid():
        file = form.cleaned_data["file"]
        run = importing.bring_in(file.read(), file.name or "file", by=request.user, at=timezone.now())
        return redirect("governance:import-file" if run.is_open else "governance:import-detail", run.pk)
    return render(request, "portfolio/import_new.html", {"form": form})


# 2. How it is read


def import_file(request: HttpRequest, pk: int) -> HttpResponse:
    run = open_portfolio(request, pk)
    if not run.is_open:
        return redirect(run)
    table = _table_or_none(run)
    form = ReadingForm(run, table, _sent(request))
    if form.is_valid():
        if importing.read(run, form.choice(), on=timezone.localdate()):
            return redirect("governance:import-columns", run.pk)
        form, table = ReadingForm(run, None, request.POST), None
    twin = ImportRun.objects.filter(sha256=run.sha256, state=ImportState.IMPORTED).without_file().first()
    return render(request, "portfolio/import_file.html", {**_steps(run, 2), "form": form, "twin": twin, **_first_rows(table)})


def _sent(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _table_or_none(run: ImportRun) -> SourceTable | None:
    try:
        return importing.table_of(run)
    except FileRefused:
        return None


def _first_rows(table: SourceTable | None) -> dict[str, Any]:
    if table is None:
        return {"facts": {}, "headings": [], "rows": []}
    rows = [
        (row.number, [shortened(" ".join(cell.split()), PREVIEW_LENGTH) for cell in row.cells])
        for row in table.rows[:PREVIEW_ROWS]
    ]
    facts = {**how_it_was_read(table), "Columns": str(len(table.headings)), "Rows": f"{len(table.rows):,}"}
    return {"facts": list(facts.items()), "headings": table.headings, "rows": rows}


# 3. What the columns mean


def import_columns(request: HttpRequest, pk: int) -> HttpResponse:
    run = open_portfolio(request, pk)
    table = _table_or_none(run) if run.is_open else None
    if table is None:
        return redirect("governance:import-file" if run.is_open else "governance:import-detail", run.pk)
    form = ColumnsForm(table, importing.options_of(run), _sent(request))
    if form.is_valid():
        try:
            importing.check(run, form.chosen_options())
        except FileRefused as error:
            form.add_error(None, error)
        else:
            return redirect("governance:import-preview", run.pk)
    return render(request, "portfolio/import_columns.html", {**_steps(run, 3), "form": form})


# 4. What would happen


def import_preview(request: HttpRequest, pk: int) -> HttpResponse:
    run = open_portfolio(request, pk)
    if run.state != ImportState.CHECKED:
        return redirect("governance:import-columns" if run.is_open else "governance:import-detail", run.pk)
    return render(request, "portfolio/import_preview.html", {**_steps(run, 4), **_found(request, run, is_done=False)})


@require_POST
def import_apply(request: HttpRequest, pk: int) -> HttpResponse:
    run = open_portfolio(request, pk)
    try:
        carry_out(run, by=request.user, at=timezone.now(), is_accepting_rows=request.POST.get("mode") == "accepted")
    except Refused as refused:
        if refused.code == "changed_meanwhile":
            importing.check(run, importing.options_of(run))
        messages.error(request, refused.sentence)
        return redirect("governance:import-preview", run.pk)
    messages.success(request, "Imported.")
    return redirect(run)


@require_POST
def import_discard(request: HttpRequest, pk: int) -> HttpResponse:
    run = open_run(request, pk)
    try:
        importing.discard(run)
    except Refused as refused:
        messages.error(request, refused.sentence)
        return redirect(run)
    messages.success(request, f"{run.file_name} was discarded. Nothing was imported.")
    return redirect("governance:import-list")


# 5. The report


def import_detail(request: HttpRequest, pk: int) -> HttpResponse:
    run = read_run(request, pk)
    if run.is_of_gates:
        return gate_imports.report_page(request, run)
    if run.is_open and PortfolioAccess(request.user).can_import:
        return redirect("governance:import-preview" if run.state == ImportState.CHECKED else "governance:import-file", run.pk)
    if run.state != ImportState.IMPORTED:
        return render(request, "portfolio/import_refused.html", _steps(run, 1))
    return render(request, "portfolio/import_report.html", {**_steps(run, 5), **_found(request, run, is_done=True)})


def import_findings(request: HttpRequest, pk: int, export: str) -> HttpResponseBase:
    run = read_run(request, pk)
    return _file(request, run, "findings", report.finding_file_columns(), run.findings.all(), export)


def import_lines(request: HttpRequest, pk: int, export: str) -> HttpResponseBase:
    run = read_run(request, pk)
    columns = gate_report.line_columns() if run.is_of_gates else report.line_columns()
    return _file(request, run, "projects", columns, run.lines.all(), export)


def _file(
    request: HttpRequest, run: ImportRun, what: str, columns: list[Column], rows: QuerySet[Any], export: str
) -> HttpResponseBase:
    name = f"import-{run.pk}-{what}"
    if export == "csv":
        return csv_response(name, columns, rows.iterator(chunk_size=500))
    about = About(f"Import of {run.file_name}: {what}", str(request.user), timezone.now(), [("Import", str(run))])
    return xlsx_response(name, columns, rows.iterator(chunk_size=500), about)


# What the pages share

STEPS = {
    2: ("How it is read", "governance:import-file"),
    3: ("Columns", "governance:import-columns"),
    4: ("Preview", "governance:import-preview"),
}


def _steps(run: ImportRun, number: int) -> dict[str, Any]:
    """Return what every page of one import shows; `steps` are (label, address or "", is current)."""
    reached = {2: True, 3: "refusal" not in run.summary, 4: run.state == ImportState.CHECKED}
    steps = [("1 File", "", number == 1)]
    for at, (label, url_name) in STEPS.items():
        address = reverse(url_name, args=[run.pk]) if run.is_open and reached[at] else ""
        steps.append((f"{at} {label}", address, at == number))
    steps.append(("5 Report", "", number == 5))
    return {"run": run, "steps": steps}


SHOWN = {
    "rejected": ("Rejected rows", "rejected"),
    "created": ("New projects", "created"),
    "changed": ("Changed", "changed"),
    "unchanged": ("Unchanged", "unchanged"),
    "remarks": ("Remarks", "remarks"),
    "quality": ("Data quality", "quality"),
}
LEVELS = {"rejected": FindingLevel.REJECTED, "remarks": FindingLevel.WARNING, "quality": FindingLevel.QUALITY}


def _found(request: HttpRequest, run: ImportRun, *, is_done: bool) -> dict[str, Any]:
    """Return the sentence, the counts and the one table that is looked at, by pages."""
    counts = {key: run.summary[name] for key, (_, name) in SHOWN.items()}
    first = next((key for key in ("rejected", "changed", "created", "unchanged") if counts[key]), "created")
    show = request.GET.get("show", "")
    show = show if show in SHOWN else first
    columns = report.finding_columns() if show in LEVELS else report.line_columns()
    rows = run.findings.filter(level=LEVELS[show]) if show in LEVELS else run.lines.filter(kind=LineKind(show))
    page: Page[Any] = Paginator(rows, 50).get_page(request.GET.get("page"))
    return {
        "headline": report.headline(run.summary, is_done=is_done),
        "counts": report.count_lines(run.summary),
        "facts": report.fact_lines(run.summary),
        "choices": [(key, label, counts[key], key == show) for key, (label, _) in SHOWN.items()],
        "caption": SHOWN[show][0],
        "table": Table(columns, "", page.object_list),
        "page": page,
        "pages": list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)),
        "access": PortfolioAccess(request.user),
    }
