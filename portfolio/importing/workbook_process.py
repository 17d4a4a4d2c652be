"""Run as a program: read a workbook from standard input and write the cells of one sheet as JSON.

A process of its own, with limits of time and memory, because a parser in another language cannot be stopped from within.
It imports nothing of this project, and no settings.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
from io import BytesIO
from typing import Any

MEMORY_BYTES = 1024 * 1024 * 1024
SECONDS = 30
MAX_TEXT = 60_000_000


def limit_self() -> None:
    """Give up memory and time beyond the limits; platforms without such limits go without."""
    try:
        import resource
    except ImportError:
        return
    for kind, limit in ((resource.RLIMIT_AS, MEMORY_BYTES), (resource.RLIMIT_CPU, SECONDS)):
        try:
            resource.setrlimit(kind, (limit, limit))
        except (ValueError, OSError):
            continue


def as_text(cell: Any) -> str:
    """Return a cell as a person would type it: ISO dates, plain numbers without an exponent."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(sep=" ")
    if isinstance(cell, (dt.date, dt.time)):
        return cell.isoformat()
    return str(cell).replace("\x00", "")


def answer(content: bytes, wanted: str) -> dict[str, Any]:
    from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

    try:
        book = CalamineWorkbook.from_filelike(BytesIO(content))
        names = [sheet.name for sheet in book.sheets_metadata if sheet.visible == SheetVisibleEnum.Visible] or book.sheet_names
        if wanted and wanted not in names:
            return {"refused": f"There is no sheet “{wanted}”. Choose one of: {', '.join(names)}.", "code": "headings"}
        for name in [wanted] if wanted else names:
            cells = cells_of(book, name)
            if cells or name == (wanted or names[-1]):
                return {"cells": cells, "sheet": name, "sheets": names}
    except (CalamineError, ValueError, OverflowError) as error:
        return {
            "refused": f"The workbook is damaged ({str(error)[:100]}). Save it again from your spreadsheet program as .xlsx.",
            "code": "workbook",
        }
    return {"refused": "The workbook has no sheet with a table. Save the table as .xlsx or CSV.", "code": "workbook"}


def cells_of(book: Any, name: str) -> list[list[str]]:
    """Return the sheet's cells from row 1 and column A on, so that row numbers are those a person sees."""
    rows: list[list[str]] = []
    length = 0
    for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False):
        cells = [as_text(cell) for cell in row]
        length += sum(map(len, cells))
        if length > MAX_TEXT:
            raise ValueError("it holds more than 60 million characters")
        rows.append(cells)
    return rows if any(any(cell.strip() for cell in row) for row in rows) else []


if __name__ == "__main__":
    limit_self()
    json.dump(answer(sys.stdin.buffer.read(), sys.argv[1] if len(sys.argv) > 1 else ""), sys.stdout)
