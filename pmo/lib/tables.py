"""Columns of a list, declared once: what a cell holds, how it is written on the page, how it is sorted and exported.

`Column.read` returns a plain typed value (text, number, date, moment, Link, Chip, Money … or None). The page, the CSV and
the workbook are made from that one value, so that they cannot disagree.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Expression, F, OrderBy, QuerySet
from django.utils.functional import Promise
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from pmo.lib import words
from pmo.lib.charts.kit import NOTHING

Sort = str | F | Expression


@dataclass(frozen=True)
class Link:
    """A word that opens a page. Exports keep the word."""

    text: str
    url: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Chip:
    """A word in a small frame; `kind` is the modifier of the chip component (ink, bold, plain, late) or empty."""

    text: str
    kind: str = ""

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Money:
    """An amount as its source gives it. Exports keep the number; the page writes currency and unit beside it."""

    value: Decimal | None
    currency: str = "USD"
    unit: str = ""
    is_difference: bool = False
    is_strong: bool = False

    def __str__(self) -> str:
        if self.value is None:
            return words.MISSING
        if not self.is_difference:
            return words.amount(self.value, self.currency, self.unit)
        if self.value == 0:
            return "on budget"
        return f"{words.amount(abs(self.value), self.currency, self.unit)} {'over' if self.value > 0 else 'under'}"


@dataclass(frozen=True)
class Slip:
    """Working days, positive is late. Exports keep the number."""

    days: int | None
    tolerance: int = 5

    def __str__(self) -> str:
        return words.slip(self.days)


@dataclass(frozen=True)
class Due:
    """A date by which something was agreed; past it, the page says so in a word. Exports keep the date."""

    on: dt.date | None
    is_late: bool = False

    def __str__(self) -> str:
        return words.day_without_weekday(self.on)


@dataclass(frozen=True)
class Html:
    """A cell that brings its own mark-up, with the word that exports keep."""

    html: SafeString
    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Column:
    """One column. `sort` are query paths or expressions in ascending order; a column without them cannot be sorted by."""

    key: str
    label: str
    read: Callable[[Any], Any]
    sort: tuple[Sort, ...] = ()
    is_number: bool = False
    is_shown: bool = True
    is_head: bool = False
    is_wide: bool = False
    export_only: bool = False
    phone: bool = True
    short: str = ""
    beside: tuple[str, ...] = ()
    joins: tuple[str, ...] = ()  # related rows that `read` needs, to be fetched with the row

    def without_sort(self) -> Column:
        """Return the same column for a table that stands in one order."""
        return replace(self, sort=())

    def classes(self) -> str:
        return " ".join(
            name
            for name, applies in (
                ("num", self.is_number),
                ("nowrap", not self.is_wide and not self.is_number and not self.is_head),
                ("wrap", self.is_wide or self.is_head),
                ("first", self.is_head),
                ("no-phone", not self.phone),
            )
            if applies
        )

    @cached_property
    def _frame(self) -> tuple[SafeString, SafeString]:
        """The opening and the closing tag of every cell of the column, made once."""
        if self.is_head:
            return format_html('<th scope="row" role="rowheader" class="{}">', self.classes()), format_html("</{}>", "th")
        opening = format_html('<td role="cell" class="{}" data-l="{}">', self.classes(), self.short or self.label)
        return opening, format_html("</{}>", "td")

    def cell(self, row: Any) -> SafeString:
        """Return the whole table cell of `row`, safe to print."""
        opening, closing = self._frame
        return opening + conditional_escape(written(self.read(row))) + closing


def written(value: Any) -> str:
    """Return how a value is written on the page. Plain text is escaped by the caller's `format_html`."""
    match value:
        case None | "":
            return words.MISSING
        case Html():
            return value.html
        case Link():
            return format_html('<a href="{}">{}</a>', value.url, value.text)
        case Chip():
            return format_html('<span class="chip{}">{}</span>', f" chip--{value.kind}" if value.kind else "", value.text)
        case Money(is_strong=True):
            return format_html('<span class="late">{}</span>', str(value))
        case Slip() if value.days is not None and value.days > value.tolerance:
            return format_html('<span class="late">{}</span>', str(value))
        case Due(is_late=True):
            return format_html('<span class="age-late">{}, overdue</span>', str(value))
        case bool():
            return "Yes" if value else "No"
        case dt.datetime():
            return words.moment(value)
        case dt.date():
            return words.day_without_weekday(value)
        case Decimal() | int():
            return f"{value:,}"
    return str(value)


@dataclass(frozen=True)
class Head:
    """A column's head: where a press leads and how the list is sorted by it now ("ascending", "descending" or "")."""

    column: Column
    key: str
    label: str
    classes: str
    sort: str
    sort_query: str


class Table:
    """The visible columns of one list over the rows of one page."""

    def __init__(self, columns: Sequence[Column], order: str, rows: Iterable[Any]) -> None:
        self.columns = columns
        self.order = order
        self.rows = list(rows)

    @property
    def heads(self) -> list[Head]:
        return [head_of(column, self.order) for column in self.columns]

    def body(self) -> list[tuple[Any, list[SafeString]]]:
        """Return each row beside its cells; they are finished here and joined, since a template is slow at small pieces."""
        return [(row, [joined(column.cell(row) for column in self.columns)]) for row in self.rows]


def joined(parts: Iterable[SafeString]) -> SafeString:
    """Return safe pieces as one; what is joined of safe pieces is safe."""
    whole = NOTHING
    for part in parts:
        whole += part
    return whole


def head_of(column: Column, order: str) -> Head:
    now = {column.key: "ascending", f"-{column.key}": "descending"}.get(order, "")
    query = "" if not column.sort else f"-{column.key}" if now == "ascending" else column.key
    return Head(column, column.key, column.label, "num" if column.is_number else "", now, query)


def chosen(columns: Sequence[Column], keys: Sequence[str]) -> list[Column]:
    """Return the columns named in `keys`, in their declared order; the shown ones when none of the keys is known."""
    visible = [column for column in columns if not column.export_only]
    wanted = [column for column in visible if column.key in keys or column.is_head]
    return (
        wanted
        if any(column.key in keys for column in visible)
        else [column for column in visible if column.is_shown or column.is_head]
    )


def known_order(columns: Sequence[Column], asked: str, default: str) -> str:
    """Return `asked` (`key` or `-key`) when a sortable column has that key, else `default`."""
    return asked if any(column.sort and column.key == asked.removeprefix("-") for column in columns) else default


def sorted_by(rows: QuerySet[Any], columns: Sequence[Column], order: str) -> QuerySet[Any]:
    """Sort `rows` by a known order, missing values last, ties by primary key so that pages never overlap."""
    column = next((column for column in columns if column.key == order.removeprefix("-")), None)
    terms = [_term(part, descending=order.startswith("-")) for part in (column.sort if column else ())]
    return rows.order_by(*terms, "pk")


def _term(part: Sort, *, descending: bool) -> OrderBy:
    expression = F(part) if isinstance(part, str) else part
    return expression.desc(nulls_last=True) if descending else expression.asc(nulls_last=True)


def joined_with(rows: QuerySet[Any], columns: Sequence[Column]) -> QuerySet[Any]:
    """Return `rows` with the related rows that these columns read, so that a list asks for no more than it shows."""
    joins = sorted({join for column in columns for join in column.joins})
    return rows.select_related(*joins) if joins else rows


def plain(value: Any) -> str | int | Decimal | dt.date | dt.datetime | None:
    """Return the value that an export writes: numbers and dates as such, everything else as its word."""
    match value:
        case None | "":
            return None
        case Money():
            return value.value
        case Slip():
            return value.days
        case Due():
            return value.on
        case bool():
            return "Yes" if value else "No"
        case int() | Decimal() | dt.datetime() | dt.date():
            return value
        case Promise():
            return str(value)
    return str(value)
