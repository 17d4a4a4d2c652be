"""From the bytes of a file to its table. What kind of file it is, is told by its content, not by its name."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

from portfolio.importing.delimited import delimiter_name, read_records
from portfolio.importing.headings import SourceTable, table_from
from portfolio.importing.limits import MAX_FILE_BYTES
from portfolio.importing.problems import FileRefused
from portfolio.importing.text import decode
from portfolio.importing.workbook import is_zip, read_workbook


@dataclass(frozen=True)
class ReadingChoice:
    """How a person wants the file read; what is empty is found out."""

    encoding: str = ""
    delimiter: str = ""
    header_row: int = 0
    sheet: str = ""

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> ReadingChoice:
        return cls(**{name: stored[name] for name in cls.__dataclass_fields__ if name in stored})

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def read_table(content: bytes, choice: ReadingChoice | None = None) -> SourceTable:
    """Return the table in `content`. Raises FileRefused with the place and the remedy when there is none."""
    choice = choice or ReadingChoice()
    refuse_too_large(len(content))
    if is_zip(content):
        return _from_workbook(content, choice)
    text, encoding = decode(content, choice.encoding)
    records = read_records(text, choice.delimiter)
    table = table_from(records.cells, choice.header_row)
    return replace(table, encoding=encoding, delimiter=records.delimiter, escape=records.escape)


def _from_workbook(content: bytes, choice: ReadingChoice) -> SourceTable:
    grid = read_workbook(content, choice.sheet)
    table = table_from(grid.cells, choice.header_row, is_grid=True)
    return replace(table, sheet=grid.sheet, sheets=grid.sheets)


def refuse_too_large(size: int) -> None:
    """Raise FileRefused when a file of `size` bytes is over the limit."""
    if size > MAX_FILE_BYTES:
        raise FileRefused(
            f"The file has {size / 1024 / 1024:.1f} MB; at most {MAX_FILE_BYTES // 1024 // 1024} MB are read. "
            "Split it, and bring in the parts.",
            "too_large",
        )


def how_it_was_read(table: SourceTable) -> dict[str, str]:
    """Return the facts of reading by their names, for people and for the command."""
    if table.sheet:
        return {"Kind": "Workbook (XLSX)", "Sheet": table.sheet, "Headings in row": str(table.header_row)}
    return {
        "Kind": "Text table (CSV)",
        "Encoding": table.encoding,
        "Delimiter": delimiter_name(table.delimiter),
        "Headings in row": str(table.header_row),
    }
