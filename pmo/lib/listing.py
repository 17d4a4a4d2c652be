"""What a list page shows around its table: filters that are on, views, columns to choose, links that keep the rest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.apps import apps
from django.core.paginator import Page
from django.http import HttpRequest, QueryDict

from pmo.lib import words
from pmo.lib.tables import Column, Table

#: Parts of the query string that say what is open on the page; they are no part of a view.
PASSING = ("page", "view", "panel")
ALL = "view=all"


@dataclass(frozen=True)
class Chip:
    """One filter that is on, and the query string without it."""

    label: str
    value: str
    without: str


@dataclass(frozen=True)
class ViewLink:
    name: str
    query: str
    is_current: bool
    is_shared: bool = False
    key: int | None = None


def column_keys(query: QueryDict) -> list[str]:
    """Return the asked columns; both `columns=a&columns=b` and `columns=a,b` are understood."""
    return [key for part in query.getlist("columns") for key in part.split(",") if key]


def tidied(query: QueryDict) -> str | None:
    """Return the query string without its empty parts, or None when it has none. What is passed on says only what counts."""
    parts = query.copy()
    for key, values in query.lists():
        parts.setlist(key, [value for value in values if value.strip()])
    kept = parts.urlencode()
    return None if kept == query.urlencode() else kept or ALL


def companions(columns: Sequence[Column], visible: Sequence[Column]) -> list[Column]:
    """Return the export-only columns that a visible one needs to be read right (the currency of an amount)."""
    shown = {column.key for column in visible}
    return [column for column in columns if column.export_only and shown & set(column.beside)]


def normal(query: str) -> str:
    """Return a query string without its page, empty parts, and in one order, so that two can be compared."""
    parts = QueryDict(query, mutable=True)
    return "&".join(
        sorted(f"{key}={value}" for key, values in parts.lists() for value in values if value and key not in (*PASSING, "next"))
    )


def offered_views(request: HttpRequest, list_name: str) -> list[Any]:
    return list(apps.get_model("pmo", "SavedView").objects.offered_to(request.user, list_name))


def opening_view(views: Sequence[Any], user: Any) -> Any:
    """Return the person's own view that opens first, or None."""
    return next((view for view in views if view.is_default and view.owner_id == user.pk), None)


def active_filters(filterset: Any) -> Iterator[Chip]:
    """Yield one chip for each value of each filter that is on."""
    if not filterset.is_bound or not filterset.form.is_valid():
        return
    for name, field in filterset.form.fields.items():
        for raw in [value for value in filterset.data.getlist(name) if value.strip()]:
            yield Chip(str(field.label or name), value_words(field, raw), without(filterset.data, name, raw))


def value_words(field: Any, raw: str) -> str:
    words = {str(key): str(label) for key, label in getattr(field, "choices", ()) if not isinstance(label, (list, tuple))}
    return words.get(raw, raw)


def without(query: QueryDict, name: str, value: str) -> str:
    rest = query.copy()
    rest.setlist(name, [other for other in rest.getlist(name) if other != value])
    for key in PASSING:
        rest.pop(key, None)
    return rest.urlencode() or ALL


class Shown:
    """All that `layouts/list.html` reads: `list.table`, `list.page`, `list.chips`, `list.views` …"""

    def __init__(
        self,
        request: HttpRequest,
        table: Table,
        page: Page[Any],
        columns: Sequence[Column],
        filterset: Any,
        saved: Sequence[Any],
        view: Any,
    ) -> None:
        self.request, self.table, self.page, self.columns, self.filterset = request, table, page, columns, filterset
        self.saved, self.quick, self.sizes, self.list_name, self.noun = (
            saved,
            view.quick_views,
            view.page_sizes,
            view.list_name,
            view.noun,
        )
        self.total = page.paginator.count

    @property
    def counted(self) -> str:
        return words.count(self.total, self.noun, self.noun[:-1] + "ies" if self.noun.endswith("y") else "")

    @property
    def csv_url(self) -> str:
        """The address of the file: `/projects.csv` for the list `/projects/`."""
        return f"{self.request.path.rstrip('/')}.csv"

    @property
    def xlsx_url(self) -> str:
        return f"{self.request.path.rstrip('/')}.xlsx"

    @property
    def query(self) -> str:
        """The query string without the page and the way back, for exports and for saving a view."""
        rest = self.request.GET.copy()
        for key in (*PASSING, "next"):
            rest.pop(key, None)
        return rest.urlencode()

    @property
    def has_panel(self) -> bool:
        """Whether the filters are open. Closed ones are not drawn, and what they offer is not looked up."""
        return "panel" in self.request.GET or not self.filterset.form.is_valid()

    @property
    def panel_query(self) -> str:
        return f"{self.query}&panel=filters" if self.query else "panel=filters"

    @property
    def chips(self) -> list[Chip]:
        return list(active_filters(self.filterset))

    @property
    def views(self) -> list[ViewLink]:
        """The views of the list, everybody's first; the one whose query is the present one is current."""
        links = [("All", ALL, False, None), *((name, query, False, None) for name, query in self.quick)]
        links += [
            (view.name, view.query or ALL, view.is_shared and view.owner_id != self.request.user.pk, view.pk)
            for view in self.saved
        ]
        now = normal(self.query)
        found = [
            ViewLink(name, query, now == normal(query.replace(ALL, "")), shared, key) for name, query, shared, key in links
        ]
        first = next((link for link in found if link.is_current), None)
        return [link if link is first else replace(link, is_current=False) for link in found]

    @property
    def own_views(self) -> list[Any]:
        return [view for view in self.saved if view.owner_id == self.request.user.pk]

    @property
    def column_choices(self) -> list[tuple[Column, bool]]:
        visible = {column.key for column in self.table.columns}
        return [(column, column.key in visible) for column in self.columns if not column.export_only and not column.is_head]

    def kept(self, *dropped: str) -> list[tuple[str, str]]:
        """Return the parts of the query as hidden fields, without `dropped`."""
        return [
            (key, value)
            for key, values in self.request.GET.lists()
            for value in values
            if key not in {*dropped, "page", "panel"} and value
        ]

    @property
    def kept_by_filters(self) -> list[tuple[str, str]]:
        return self.kept("view", *self.filterset.filters)

    @property
    def kept_by_columns(self) -> list[tuple[str, str]]:
        return self.kept("columns", "view")

    @property
    def kept_by_size(self) -> list[tuple[str, str]]:
        return self.kept("per_page")

    @property
    def pages(self) -> list[int | str]:
        return list(self.page.paginator.get_elided_page_range(self.page.number, on_each_side=1, on_ends=1))
