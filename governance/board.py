"""One look at the published portfolio: the day, the filters, the order, the rows and what they amount to.

The page, the files, the JSON and the PDF are all made from the same board, so that they cannot disagree.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Min
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from governance.access import PublishedAccess
from governance.dashboard import Lens, Totals, totals_of
from governance.dashboard_rows import Row, Written, file_columns, read_page, read_rows, shown_columns
from governance.filters import STATES, DashboardFilters, published_options
from governance.models import StandingSnapshot
from pmo.lib import charts, listing, words
from pmo.lib.tables import Column, Head, head_of, known_order, sorted_by

LIST_NAME = "dashboard"
DEFAULT_ORDER = "-rating"
PAGE_SIZES = (25, 50, 100)
#: The first filters of the panel; each is a name, what it is called, and its check boxes.
BOXES = ("rating", "governance_class", "phase", "department", "program")


CHECKED = format_html(" {}", "checked")


class CountedPaginator(Paginator):  # type: ignore[type-arg]
    """A paginator that is told how many rows there are, because the totals have counted them."""

    def __init__(self, rows: Any, per_page: int, count: int) -> None:
        super().__init__(rows, per_page)
        self.__dict__["count"] = count


@dataclass(frozen=True)
class Box:
    """One filter with several values: its name, its label and (value, words, is on)."""

    name: str
    label: str
    options: list[tuple[str, str, bool]]

    @property
    def html(self) -> SafeString:
        """The finished check boxes: some fifty of them stand on every page, ticked or not."""
        return format_html_join(
            "",
            '<label class="check"><input type="checkbox" name="{}" value="{}"{}><span>{}</span></label>',
            ((self.name, value, CHECKED if is_on else "", words_) for value, words_, is_on in self.options),
        )


class Board:
    """What one person asked of the portfolio. Everything is read once, when it is first used."""

    list_name, noun, page_sizes = LIST_NAME, "project", PAGE_SIZES
    quick_views: tuple[tuple[str, str], ...] = ()

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.access = PublishedAccess(request.user)
        self.at = timezone.now()
        self.problem = ""
        self.lens = Lens(timezone.localdate(self.at), self._asked_day())
        self.options = published_options()
        self.filters = DashboardFilters(request.GET, self.lens, self.options)
        self.columns = shown_columns(self.lens)
        self.order = known_order(self.columns, request.GET.get("sort", ""), DEFAULT_ORDER)

    def _asked_day(self) -> dt.date | None:
        """Return the earlier day asked for; None for today, and for what is no such day, which `problem` then says."""
        asked = self.request.GET.get("on", "").strip()
        if not asked:
            return None
        day = parsed_day(asked)
        today = timezone.localdate(self.at)
        if day is None:
            self.problem = "Give the day as year, month, day: 2026-11-20. Today is shown."
        elif day > today:
            self.problem = "That day lies in the future. Today is shown."
        return day if day is not None and day < today else None

    # Rows

    @cached_property
    def sorted_rows(self) -> Any:
        return sorted_by(self.filters.qs, self.columns, self.order)

    @cached_property
    def totals(self) -> Totals:
        return totals_of(self.filters.qs, self.lens, self.my_department) if self.filters.is_on else self.everything

    @cached_property
    def everything(self) -> Totals:
        """What the open projects without any filter amount to."""
        return totals_of(self.filters.everything, self.lens, self.my_department)

    @cached_property
    def page(self) -> Page[Any]:
        asked = self.request.GET.get("per_page", "")
        size = int(asked) if asked in map(str, PAGE_SIZES) else 50
        return CountedPaginator(read_page(self.sorted_rows, self.lens), size, self.totals.count).get_page(
            self.request.GET.get("page")
        )

    @cached_property
    def written(self) -> list[SafeString]:
        """The finished table rows of this page."""
        writer = Written(self.lens, to_working_pages=self.access.reads_working_pages)
        return [writer.row(Row(*values)) for values in self.page.object_list]

    def all_rows(self) -> Iterator[Row]:
        """Yield every filtered row in order, for files."""
        return (Row._make(values) for values in read_rows(self.sorted_rows, self.lens).iterator(chunk_size=500))

    @property
    def file_columns(self) -> list[Column]:
        return file_columns(self.lens)

    # What stands around the table

    @property
    def heads(self) -> list[Head]:
        return [head_of(column, self.order) for column in self.columns]

    @property
    def when(self) -> str:
        """Say of which moment this is: `as it stands Mon 23 Nov 2026, 09:40`, `as it stood on Thu 1 Oct 2026`."""
        if self.lens.on:
            return f"as it stood on {words.day(self.lens.on)}"
        return f"as it stands {words.day(self.at)}, {words.clock(self.at)}"

    @property
    def since(self) -> str:
        return f"In the week before {words.day(self.lens.on)}" if self.lens.on else "Since last week"

    @property
    def bar(self) -> tuple[SafeString, SafeString]:
        """The bar by number, for the desk and for the phone."""
        return charts.stacked_status(self.totals.parts, 1344, 10), charts.stacked_status(self.totals.parts, 342, 10)

    @cached_property
    def my_department(self) -> int | None:
        """The department of the person's account, when projects have it."""
        name = getattr(self.request.user, "department_name", "")
        return next((int(key) for key, label in self.options.get("department", []) if name and label == name), None)

    @cached_property
    def shown(self) -> listing.Shown:
        saved = listing.offered_views(self.request, LIST_NAME)
        counts = self.everything
        self.quick_views = (
            (f"Needs attention {counts.needs_attention}", "show=attention"),
            (f"Changed {counts.changed}", "show=changed"),
            *([(f"My department {counts.mine}", f"department={self.my_department}")] if self.my_department else []),
        )
        return listing.Shown(self.request, None, self.page, self.columns, self.filters, saved, self)  # type: ignore[arg-type]

    @cached_property
    def views(self) -> list[listing.ViewLink]:
        first, *rest = self.shown.views
        return [replace(first, name=f"All {self.everything.count}"), *rest]

    @property
    def boxes(self) -> list[Box]:
        """The filters with several values, each box ticked or not."""
        chosen = {name: set(self.request.GET.getlist(name)) for name in BOXES}
        fields = self.filters.form.fields
        return [
            Box(
                name,
                str(fields[name].label),
                [(str(key), str(label), str(key) in chosen[name]) for key, label in fields[name].choices],
            )
            for name in BOXES
            if fields[name].choices
        ]

    @property
    def states(self) -> list[tuple[str, str, bool]]:
        now = self.request.GET.get("state") or "open"
        return [(key if key != "open" else "", label, key == now) for key, label in STATES]

    @property
    def kept_by_day(self) -> list[tuple[str, str]]:
        return self.shown.kept("on", "view")

    @cached_property
    def first_day(self) -> dt.date | None:
        """The day from which the portfolio is remembered. One query."""
        return StandingSnapshot.objects.aggregate(first=Min("from_on"))["first"]

    @property
    def is_before_memory(self) -> bool:
        """Whether an earlier day was asked for of which nothing is kept."""
        return bool(self.lens.on and not self.everything.count)

    @property
    def memory_words(self) -> str:
        first = self.first_day
        return f"The portfolio is remembered from {words.day(first)} on." if first else "The first snapshot is taken today."

    @property
    def files(self) -> list[tuple[str, str]]:
        """The names of the URLs of the files, with the words of their links."""
        return [(f"governance:dashboard-{ending.lower()}", ending) for ending in ("CSV", "XLSX", "JSON", "PDF")]

    @property
    def filter_words(self) -> list[tuple[str, str]]:
        """What narrows the rows, in words, for files and paper."""
        day = [("As it stood on", words.day(self.lens.on))] if self.lens.on else []
        return day + [(chip.label, chip.value) for chip in listing.active_filters(self.filters)]


def parsed_day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None
