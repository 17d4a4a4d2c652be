"""What a source said of a project, date by date, in its own words."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from pmo.lib.exports import About, csv_response, xlsx_response
from pmo.lib.tables import Table
from portfolio.importing.history import standing_columns
from portfolio.views.loading import load_project

ROWS_A_PAGE = 25


@require_GET
def imported_list(request: HttpRequest, code: str, export: str = "") -> HttpResponseBase:
    project, access = load_project(request, code)
    columns = standing_columns(with_money=access.can_see_money, for_file=bool(export))
    rows = project.imported_standings.select_related("run").defer("run__raw")
    if export:
        name, found = f"{project.code}-imported", rows.iterator(chunk_size=500)
        about = About(f"{project}: imported, not reviewed", str(request.user), timezone.now())
        return csv_response(name, columns, found) if export == "csv" else xlsx_response(name, columns, found, about)
    page = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))
    return _page(request, {"project": project, "access": access, "page": page, "table": Table(columns, "", page.object_list)})


def _page(request: HttpRequest, context: dict[str, object]) -> HttpResponse:
    page = context["page"]
    pages = list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))  # type: ignore[attr-defined]
    return render(request, "portfolio/imported_list.html", {**context, "pages": pages, "tab": "imported", "room": "Imported"})
