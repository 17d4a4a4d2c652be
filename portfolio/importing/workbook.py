"""XLSX: a zip file from outside, so it is looked at before it is opened, and opened in a process of its own with limits."""

from __future__ import annotations

import json
import lzma
import re
import struct
import subprocess
import sys
import zipfile
import zlib
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from portfolio.importing import workbook_process
from portfolio.importing.limits import (
    MAX_COLUMNS,
    MAX_MEMBERS,
    MAX_RATIO,
    MAX_ROWS,
    MAX_UNZIPPED_BYTES,
    RATIO_FLOOR_BYTES,
    WORKBOOK_SECONDS,
)
from portfolio.importing.problems import FileRefused, shortened

FAR_CELL = re.compile(rb"""\br=["']([A-Z]{1,4})?([0-9]{1,9})["']""")
DECLARATION = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
UNSAFE = (
    "This workbook is refused because it is built like an attack: {reason}. "
    "Save the table again from your spreadsheet program as .xlsx or CSV."
)
#: What Python's zip reader raises for files that were cut, flipped or locked.
DAMAGE = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, lzma.LZMAError, struct.error,
    NotImplementedError, RuntimeError, EOFError, OSError, ValueError, LookupError,
)  # fmt: skip
#: Rows above the headings and blank rows between count here too.
LAST_ROW = MAX_ROWS + 1_000


@dataclass(frozen=True)
class Grid:
    cells: list[list[str]]
    sheet: str
    sheets: list[str]


def is_zip(content: bytes) -> bool:
    return content.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def read_workbook(content: bytes, sheet: str = "") -> Grid:
    """Return the cells of `sheet` (or of the first that holds something) as text.

    Raises FileRefused: zip_unsafe, workbook, wrong_type, headings, too_many_rows, too_many_columns.
    """
    look_inside(content)
    answer = _in_own_process(content, sheet)
    if "refused" in answer:
        raise FileRefused(str(answer["refused"]), str(answer["code"]))
    return Grid(answer["cells"], answer["sheet"], answer["sheets"])


def look_inside(content: bytes) -> None:
    """Refuse bombs, escapes and declarations before anything is parsed."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            members = archive.infolist()
            _refuse_unsafe(members)
            _refuse_other_zips({member.filename for member in members})
            for member in members:
                if member.filename.endswith((".xml", ".rels")):
                    _refuse_part(member, archive.read(member))
    except DAMAGE as error:
        raise FileRefused(
            f"The workbook is damaged or encrypted ({shortened(str(error), 100)}). "
            "Open it in your spreadsheet program and save it again as .xlsx.",
            "workbook",
        ) from error


def _refuse_unsafe(members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MAX_MEMBERS:
        raise FileRefused(UNSAFE.format(reason=f"it has {len(members):,} parts"), "zip_unsafe")
    if sum(member.file_size for member in members) > MAX_UNZIPPED_BYTES:
        raise FileRefused(
            UNSAFE.format(reason=f"it unfolds to more than {MAX_UNZIPPED_BYTES // 1024 // 1024} MB"), "zip_unsafe"
        )
    for member in members:
        if member.filename.startswith(("/", "\\")) or ".." in member.filename.replace("\\", "/").split("/"):
            raise FileRefused(UNSAFE.format(reason="a part of it points outside the file"), "zip_unsafe")
        if member.file_size > max(RATIO_FLOOR_BYTES, MAX_RATIO * member.compress_size):
            raise FileRefused(
                UNSAFE.format(reason=f"a part of it unfolds to more than {MAX_RATIO} times its size"), "zip_unsafe"
            )


def _refuse_other_zips(names: set[str]) -> None:
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/workbook.") for name in names):
        raise FileRefused("This is a zip file, but not an Excel workbook. Bring in a CSV or XLSX file.", "wrong_type")


def _refuse_part(member: zipfile.ZipInfo, part: bytes) -> None:
    if DECLARATION.search(part):
        raise FileRefused(UNSAFE.format(reason="it declares entities, which a spreadsheet program never does"), "zip_unsafe")
    if not member.filename.startswith("xl/worksheets/"):
        return
    for letters, number in FAR_CELL.findall(part):
        if int(number) > LAST_ROW:
            raise FileRefused(
                f"{Path(member.filename).name} has cells down to row {int(number):,}; at most {MAX_ROWS:,} rows are read. "
                "Delete the rows below the table.",
                "too_many_rows",
            )
        if len(letters) > 2 or _column_number(letters) > MAX_COLUMNS:
            raise FileRefused(
                f"{Path(member.filename).name} has cells out to column {letters.decode()}; "
                f"at most {MAX_COLUMNS} columns are read. Delete the columns beside the table.",
                "too_many_columns",
            )


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _in_own_process(content: bytes, sheet: str) -> dict[str, Any]:
    """Parse in a child that cannot take more memory or time than it is given."""
    command = [sys.executable, "-I", str(Path(workbook_process.__file__)), sheet]
    try:
        child = subprocess.run(command, input=content, capture_output=True, timeout=WORKBOOK_SECONDS, check=False)  # noqa: S603 - our own file
    except subprocess.TimeoutExpired as error:
        raise FileRefused(
            f"The workbook could not be read within {WORKBOOK_SECONDS} seconds. Save the table as CSV (UTF-8).", "workbook"
        ) from error
    if child.returncode != 0:
        raise FileRefused("The workbook is damaged, or too large to be read. Save the table as CSV (UTF-8).", "workbook")
    return json.loads(child.stdout)  # type: ignore[no-any-return]
