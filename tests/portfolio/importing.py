"""What the tests of importing share: small files made on the spot, and the steps of an import in one call."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import xlsxwriter
from django.core import serializers

from pmo.models import User
from portfolio.importing import run as importing
from portfolio.importing.options import ImportOptions
from portfolio.models import ColumnMapping, Department, ImportedStanding, ImportRun, Program, Project

AT = dt.datetime(2026, 11, 20, 15, 0, tzinfo=dt.UTC)
TODAY = AT.date()
HEAD = "Project code,Project name,Department,Start date,Forecast finish,Budget,Rating"
SMALL = f"""{HEAD}
A-1,Permits online,Public Works,2026-01-05,2027-03-31,"1,200,000.00",Green
A-2,Body cameras,Police,2026-02-01,2026-12-18,350000,Amber
A-3,Library cards,Library,2026-03-02,2027-01-29,(12.50),Red
""".replace("(12.50)", "80000")


def workbook(rows: list[list[Any]], sheets: tuple[str, ...] = ("Projects",)) -> bytes:
    """Return an XLSX file whose first sheet holds `rows`."""
    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"default_date_format": "yyyy-mm-dd", "remove_timezone": True})
    for number, name in enumerate(sheets):
        sheet = book.add_worksheet(name)
        if number == 0:
            for position, row in enumerate(rows):
                sheet.write_row(position, 0, row)
    book.close()
    return file.getvalue()


def with_part(content: bytes, name: str, part: bytes | None) -> bytes:
    """Return the workbook `content` with the part `name` replaced, added, or (None) left out."""
    file = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            if member.filename != name:
                new.writestr(member, old.read(member))
        if part is not None:
            new.writestr(name, part)
    return file.getvalue()


def brought_in(content: bytes | str, name: str = "portfolio.csv", *, by: User | None = None) -> ImportRun:
    return importing.bring_in(content.encode() if isinstance(content, str) else content, name, by=by, at=AT)


def checked(run: ImportRun, **overrides: Any) -> ImportRun:
    """Check `run` with the suggested options and `overrides`; `columns` are added to those suggested."""
    options: ImportOptions = importing.options_of(run)
    columns = {**options.columns, **overrides.pop("columns", {})}
    importing.check(run, replace(options, columns=columns, **overrides))
    return run


def imported(
    content: bytes | str, *, by: User, name: str = "portfolio.csv", is_accepting_rows: bool = False, **overrides: Any
) -> ImportRun:
    """Bring in, check and import `content` in the name of `by`."""
    run = checked(brought_in(content, name, by=by), **overrides)
    importing.apply(run, by=by, at=AT, is_accepting_rows=is_accepting_rows)
    return run


def codes(run: ImportRun) -> list[tuple[int, str]]:
    """Return row number and code of every finding."""
    return list(run.findings.values_list("row_number", "code"))


def portfolio_digest() -> str:
    """Return one text for all that an import may write outside its own run."""
    rows = [
        row for model in (Project, Department, Program, ImportedStanding, ColumnMapping) for row in model.objects.order_by("pk")
    ]
    history = Project.history.order_by("history_id").values_list("history_id", "name")
    return hashlib.sha256((serializers.serialize("json", rows) + json.dumps(list(history))).encode()).hexdigest()


def torture_table(folder: Path) -> dict[str, tuple[str, str]]:
    """Return file name to (outcome, delimiter) from the table in the corpus's own README."""
    table = {}
    for line in (folder / "README.md").read_text().splitlines():
        if line.startswith("| `"):
            cells = [cell.strip().strip("`") for cell in line.replace("`|`", "`PIPE`").strip("|").split("|")]
            table[cells[0]] = (cells[2], cells[3])
    return table
