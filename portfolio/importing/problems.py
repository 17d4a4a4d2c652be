"""What can be wrong: with a whole file (`FileRefused`), or with one cell (`Unreadable`)."""

from __future__ import annotations

from dataclasses import dataclass

from pmo.lib.errors import Refused
from portfolio.models import ImportFinding
from portfolio.models.imports import FindingLevel


class FileRefused(Refused):
    """The file cannot be read, or not in this way. The sentence names the place and what to do.

    Codes: encoding, dialect, headings, csv_parse, wrong_type, too_large, too_many_rows, too_many_columns, zip_unsafe, workbook.
    """

    #: Another encoding, delimiter, sheet or header row may help.
    CORRECTABLE = frozenset({"encoding", "dialect", "headings", "csv_parse", "too_many_columns"})

    @property
    def is_correctable(self) -> bool:
        return self.code in self.CORRECTABLE


class Unreadable(Exception):
    """A cell does not hold what its column should hold. `is_text` when somebody wrote a sentence where a figure belongs."""

    def __init__(self, code: str, reason: str, *, is_text: bool = False) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
        self.is_text = is_text


@dataclass(frozen=True)
class Finding:
    """One remark on one row, before it is stored."""

    level: FindingLevel
    row_number: int
    code: str
    message: str
    column: str = ""
    value: str = ""

    def as_row(self, run_id: int) -> ImportFinding:
        return ImportFinding(
            run_id=run_id,
            level=self.level,
            row_number=self.row_number,
            column=shortened(self.column, 120),
            value=shortened(self.value, 240),
            code=self.code,
            message=shortened(self.message, 400),
        )


def shortened(text: str, length: int) -> str:
    """Return `text` in at most `length` characters; what was cut is shown by an ellipsis."""
    return text if len(text) <= length else text[: length - 1] + "…"


def rejected(row_number: int, code: str, message: str, column: str = "", value: str = "") -> Finding:
    return Finding(FindingLevel.REJECTED, row_number, code, message, column, value)


def remark(row_number: int, code: str, message: str, column: str = "", value: str = "") -> Finding:
    return Finding(FindingLevel.WARNING, row_number, code, message, column, value)


def quality(row_number: int, code: str, message: str, column: str = "", value: str = "") -> Finding:
    return Finding(FindingLevel.QUALITY, row_number, code, message, column, value)
