"""The one list of the house: what the person may see, filtered, sorted, paged, with chosen columns, saved views and exports."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.views.generic import View

from pmo.lib import listing
from pmo.lib.exports import About, csv_response, xlsx_response
from pmo.lib.tables import Column, Table, chosen, joined_with, known_order, sorted_by


class FilteredListView(View):
    """A list whose whole state stands in its query string. Subclasses say what the rows, columns and filters are.

    `as_view(export="csv")` and `as_view(export="xlsx")` answer the same query with the same rows and columns as a file.
    """

    list_name = ""  # the key of its saved views
    title = ""
    noun = "row"
    template_name = "layouts/filtered_list.html"
    filterset_class: Any = None
    default_order = ""
    quick_views: tuple[tuple[str, str], ...] = ()  # (label, query) of the views that everybody has
    page_sizes = (25, 50, 100)
    export = ""

    def get_columns(self) -> list[Column]:
        raise NotImplementedError

    def get_rows(self) -> QuerySet[Any]:
        raise NotImplementedError

    def get_extra(self) -> dict[str, Any]:
        """Return what the page needs beyond the list."""
        return {}

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        if not self.export and (query := listing.tidied(request.GET)):
            return redirect(f"{request.path}?{query}")
        columns = self.get_columns()
        order = known_order(columns, request.GET.get("sort", ""), self.default_order)
        filterset = self.filterset_class(request.GET, queryset=self.get_rows(), request=request)
        visible = chosen(columns, listing.column_keys(request.GET))
        rows = sorted_by(joined_with(filterset.qs, visible), columns, order)
        if self.export:
            return self.as_file(filterset, rows, [*visible, *listing.companions(columns, visible)])
        views = listing.offered_views(request, self.list_name)
        if not request.GET and (opening := listing.opening_view(views, request.user)):
            return redirect(f"{request.path}?{opening.query}")
        page = Paginator(rows, self.page_size()).get_page(request.GET.get("page"))
        table = Table(visible, order, page.object_list)
        shown = listing.Shown(request, table, page, columns, filterset, views, self)
        return render(
            request,
            self.template_name,
            {"list": shown, "has_rows": shown.total > 0, "title": self.title, "view": self, **self.get_extra()},
        )

    def page_size(self) -> int:
        asked = self.request.GET.get("per_page", "")
        return int(asked) if asked in map(str, self.page_sizes) else 50

    def as_file(self, filterset: Any, rows: QuerySet[Any], columns: list[Column]) -> HttpResponseBase:
        at = timezone.now()
        name = f"{slugify(self.title)}-{timezone.localtime(at):%Y-%m-%d}"
        found = rows.iterator(chunk_size=500)
        if self.export == "csv":
            return csv_response(name, columns, found)
        filters = [(chip.label, chip.value) for chip in listing.active_filters(filterset)]
        return xlsx_response(name, columns, found, About(self.title, str(self.request.user), at, filters))
