"""The office's own performance: figures with their formulas, the rows behind each, and compliance by project."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from governance.clock import Office
from governance.forms.performance import PerformanceForm
from governance.gate_past import known_from_records_only
from governance.performance import compliance, metrics
from governance.performance.breakdown import breakdown, breakdown_columns
from governance.performance.figures import Month, months_until
from governance.performance.metrics import METRICS
from governance.performance.page import compliance_columns, metric_columns, month_columns, row_columns
from governance.performance.sources import Scope
from governance.review_access import OfficeAccess
from pmo.lib import words
from pmo.lib.access import require
from pmo.lib.exports import About, csv_response, xlsx_response
from pmo.lib.tables import Column, Table
from portfolio.models import Project

PAGE = 50


def scope_of(request: HttpRequest) -> tuple[PerformanceForm, Scope, list[Month]]:
    """Return what the reader narrowed the figures to. Raises PermissionDenied for whoever is not of the office."""
    require(OfficeAccess(request.user).reads_all, "The office's figures are for the office.")
    office, at = Office.load(), timezone.now()
    months = months_until(office.day(at))
    form = PerformanceForm(request.GET)
    return form, Scope(months[0].start, months[-1].end, office, at, **form.narrowed()), months


def as_file(
    request: HttpRequest, export: str, title: str, columns: Sequence[Column], rows: Sequence[Any], *said: tuple[str, str]
) -> HttpResponseBase:
    """Return the rows as a file; `said` are further lines of the sheet that says where they come from."""
    name = f"{title.lower().replace(' ', '-').replace(',', '')}-{timezone.localdate():%Y-%m-%d}"
    if export == "csv":
        return csv_response(name, columns, rows)
    chosen = [(key, str(value)) for key, value in request.GET.items() if value]
    return xlsx_response(name, columns, rows, About(title, str(request.user), timezone.now(), [*chosen, *said]))


@require_GET
def performance(request: HttpRequest, export: str = "") -> HttpResponseBase:
    form, scope, months = scope_of(request)
    groups = metrics.measure(scope, months)
    if export:
        rows = [row for _, group in groups for row in group]
        return as_file(request, export, "Performance", [*metric_columns(), *month_columns(months)], rows)
    context = {"form": form, "groups": groups, "months": months, "scope": scope}
    return render(request, "governance/performance.html", context)


@require_GET
def performance_rows(request: HttpRequest, metric: str, export: str = "") -> HttpResponseBase:
    form, scope, months = scope_of(request)
    if metric not in METRICS:
        raise Http404("There is no such figure.")
    found = METRICS[metric]
    rows, columns = metrics.counted(found, scope, months), row_columns(found)
    if export:
        return as_file(request, export, found.title, columns, rows)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "metric": found,
        "measured": metrics.measured_from(found, rows, months),
        "form": form,
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number),
        "table": Table(columns, "", page.object_list),
    }
    return render(request, "governance/performance_rows.html", context)


@require_GET
def reviews_by(request: HttpRequest, export: str = "") -> HttpResponseBase:
    form, scope, _ = scope_of(request)
    lines, columns = breakdown(scope), breakdown_columns()
    if export:
        return as_file(request, export, "Reviews by kind, class and reviewer", columns, lines)
    context = {"form": form, "scope": scope, "table": Table(columns, "", lines)}
    return render(request, "governance/performance_reviews.html", context)


@require_GET
def compliance_by_project(request: HttpRequest, export: str = "") -> HttpResponseBase:
    form, scope, _ = scope_of(request)
    projects = Project.objects.visible_to(request.user).active().filter(scope.classes(""))
    elsewhere = known_from_records_only(projects)
    left_out = elsewhere.count()
    kept_here = projects.exclude(pk__in=elsewhere.values("pk"))
    rows = compliance.compliance_of(kept_here.select_related("project_manager"), scope)
    columns = compliance_columns()
    if export:
        said = ("left out", f"{words.count(left_out, 'project')} known only from gate records of elsewhere")
        return as_file(request, export, "Compliance by project", columns, rows, said)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number),
        "table": Table(columns, "", page.object_list),
        "checks": compliance.CHECKS,
        "scope": scope,
        "left_out": left_out,
    }
    return render(request, "governance/compliance_by_project.html", context)
