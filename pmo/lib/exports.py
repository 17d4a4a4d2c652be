"""Lists as CSV and as workbooks: the same columns and rows as on the page, streamed, with no cell that a spreadsheet would run.

A text cell whose first visible character starts a formula gets an apostrophe in CSV; a workbook stores it as text.
Real numbers, negative ones included, and dates stay numbers and dates.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.http import FileResponse, StreamingHttpResponse
from django.utils import timezone

from pmo.lib import words
from pmo.lib.tables import Column, plain

FORMULA_STARTS = frozenset("=+-@\t\r\n＝＋－＠")
#: What XML and most spreadsheets cannot hold.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
CELL_LIMIT = 32_767
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class About:
    """What stands on the sheet that says where the figures come from."""

    title: str
    by: str
    at: dt.datetime
    filters: Sequence[tuple[str, str]] = field(default_factory=tuple)

    def lines(self, count: int) -> list[tuple[str, str]]:
        return [
            ("List", self.title),
            ("Exported by", self.by),
            ("Exported at", words.moment(self.at)),
            ("Rows", f"{count:,}"),
            *[(f"Filter: {label}", value) for label, value in self.filters or [("none", "all rows that this person may see")]],
        ]


def clean_text(value: str) -> str:
    """Return `value` without characters that no spreadsheet can hold."""
    return CONTROL.sub("", value)


def safe_for_csv(value: Any) -> Any:
    """Return a value that no spreadsheet takes for a formula; numbers and dates pass as they are."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return (
            timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
            if timezone.is_aware(value)
            else value.strftime("%Y-%m-%d %H:%M")
        )
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, (int, float)):
        return value
    text = clean_text(str(value))
    starts = text[:1] in FORMULA_STARTS or text.lstrip()[:1] in FORMULA_STARTS
    return f"'{text}" if starts else text


class _Echo:
    """A file that gives back what is written to it, so that rows can be streamed."""

    def write(self, text: str) -> str:
        return text


def csv_lines(columns: Sequence[Column], rows: Iterable[Any]) -> Iterator[str]:
    """Yield the lines of the CSV: UTF-8 with a byte-order mark (Excel needs it), a head, one line a row."""
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow([safe_for_csv(column.label) for column in columns])
    for row in rows:
        yield writer.writerow([safe_for_csv(plain(column.read(row))) for column in columns])


def csv_response(name: str, columns: Sequence[Column], rows: Iterable[Any]) -> StreamingHttpResponse:
    response = StreamingHttpResponse(csv_lines(columns, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response["Cache-Control"] = "private, no-store"
    return response


def xlsx_response(name: str, columns: Sequence[Column], rows: Iterable[Any], about: About) -> FileResponse:
    """Return a workbook with the sheets "Rows" (frozen head, filter) and "About", written row by row to a temporary file."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - FileResponse closes it
    write_workbook(file, columns, rows, about)
    file.seek(0)
    response = FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX_TYPE)
    response["Cache-Control"] = "private, no-store"
    return response


def write_workbook(file: Any, columns: Sequence[Column], rows: Iterable[Any], about: About) -> None:
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(file, options)
    book.set_properties({"title": about.title, "author": about.by})
    count = _write_rows(book, columns, rows)
    _write_about(book, about.lines(count))
    book.close()


def _write_rows(book: Any, columns: Sequence[Column], rows: Iterable[Any]) -> int:
    sheet = book.add_worksheet("Rows")
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    formats = {
        "date": book.add_format({"num_format": "yyyy-mm-dd"}),
        "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        "amount": book.add_format({"num_format": "#,##0.00"}),
    }
    for at, column in enumerate(columns):
        sheet.set_column(at, at, 44 if column.is_head or column.is_wide else 16)
        sheet.write_string(0, at, clean_text(column.label), head)
    sheet.freeze_panes(1, 0)
    count = 0
    for count, row in enumerate(rows, start=1):
        for at, column in enumerate(columns):
            write_cell(sheet, count, at, plain(column.read(row)), formats)
    sheet.autofilter(0, 0, count, max(len(columns) - 1, 0))
    return count


def write_cell(sheet: Any, row: int, at: int, value: Any, formats: dict[str, Any]) -> None:
    """Write one value as what it is. Text is always written as text, whatever it begins with."""
    match value:
        case None:
            return
        case dt.datetime():
            sheet.write_datetime(row, at, timezone.make_naive(value) if timezone.is_aware(value) else value, formats["moment"])
        case dt.date():
            sheet.write_datetime(row, at, value, formats["date"])
        case Decimal():
            sheet.write_number(row, at, float(value), formats["amount"])
        case int():
            sheet.write_number(row, at, value)
        case _:
            sheet.write_string(row, at, shortened(clean_text(str(value))))


def shortened(text: str) -> str:
    """Return `text` as far as a cell holds it, with an ellipsis where it was cut."""
    return text if len(text) <= CELL_LIMIT else text[: CELL_LIMIT - 1] + "…"


def _write_about(book: Any, lines: Iterable[tuple[str, str]]) -> None:
    sheet = book.add_worksheet("About")
    bold = book.add_format({"bold": True})
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 80)
    for at, (label, value) in enumerate(lines):
        sheet.write_string(at, 0, clean_text(label), bold)
        sheet.write_string(at, 1, clean_text(value))
