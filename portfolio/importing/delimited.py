"""From text to records: which character parts the cells, and what is broken."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from itertools import islice

from portfolio.importing.limits import MAX_ROWS
from portfolio.importing.problems import FileRefused

#: Offered for choice, under names that survive a form.
DELIMITERS = {
    "comma": (",", "Comma (,)"),
    "semicolon": (";", "Semicolon (;)"),
    "tab": ("\t", "Tab"),
    "pipe": ("|", "Vertical bar (|)"),
    "caret": ("^", "Caret (^)"),
    "equals": ("=", "Equals sign (=)"),
    "unit": ("\x1f", "Unit separator (0x1F)"),
    "heading": ("\x01", "Start of heading (0x01)"),
}
#: Looked for without being told; the others only when the file or a person says so.
DETECTED = (",", ";", "\t", "|", "^", "\x1f")
SAMPLE_RECORDS = 200
#: Records before the headings that may hold titles and notes; the limit of rows counts from there.
MAX_RECORDS = MAX_ROWS + 1_000
SEPARATOR_LINE = re.compile(r'\A"?sep=(.)"?[ \t]*(?:\r\n|\r|\n|\Z)', re.IGNORECASE)


@dataclass(frozen=True)
class Records:
    """Every record of a text, blank ones included, so that their numbers are those a spreadsheet shows."""

    cells: list[list[str]]
    delimiter: str
    escape: str = ""


def delimiter_name(character: str) -> str:
    return next((name for name, (known, _) in DELIMITERS.items() if known == character), character)


def delimiter_words(character: str) -> str:
    """Return a delimiter as people read it."""
    return DELIMITERS.get(delimiter_name(character), ("", character))[1]


def read_records(text: str, delimiter: str = "") -> Records:
    """Return the records of `text`; `delimiter` forces one. Raises FileRefused: dialect, csv_parse, too_many_rows."""
    stated = SEPARATOR_LINE.match(text)
    body = text[stated.end() :] if stated else text
    chosen = delimiter or (stated.group(1) if stated else "") or detected_delimiter(body)
    try:
        return Records(_parsed(body, chosen), chosen)
    except FileRefused:
        if '\\"' not in body:
            raise
    return Records(_parsed(body, chosen, escape="\\"), chosen, escape="\\")


def _parsed(text: str, delimiter: str, escape: str = "") -> list[list[str]]:
    options = {"doublequote": False, "escapechar": escape} if escape else {}
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True, **options)  # type: ignore[arg-type]
    records: list[list[str]] = []
    try:
        for record in reader:
            records.append(record)
            if len(records) > MAX_RECORDS:
                raise FileRefused(
                    f"The file has more than {MAX_ROWS:,} rows. Split it, and bring in the parts.", "too_many_rows"
                )
    except csv.Error as error:
        raise FileRefused(_explained(str(error), len(records) + 1, reader.line_num, delimiter), "csv_parse") from error
    return records


def _explained(error: str, row: int, line: int, delimiter: str) -> str:
    place = f"Row {row} (line {line} of the file)"
    if "unexpected end" in error:
        return f"{place} opens a quotation mark that is never closed. Close it, or double every quotation mark inside the cell."
    if "expected after" in error:
        return (
            f"{place} has text after a closing quotation mark. Double the quotation marks inside the cell, "
            f"or choose another delimiter; this was read with: {delimiter_words(delimiter)}."
        )
    if "field larger" in error:
        return f"{place} holds a cell of over {csv.field_size_limit():,} characters; perhaps a quotation mark is not closed."
    return f"{place} cannot be taken apart into cells ({error}). Open the file in a spreadsheet and save it as XLSX."


def detected_delimiter(text: str) -> str:
    """Return the character that parts most records into the same number of cells. Raises FileRefused: dialect."""
    if not text.strip():
        return ","
    scores = {character: score for character in DETECTED if (score := _score(text, character))}
    if not scores:
        raise FileRefused(
            "Only one column was found. If the file has several, choose the character that parts them; "
            "else give each row a code and a name.",
            "dialect",
        )
    best = max(scores.values())
    winners = [character for character, score in scores.items() if score == best]
    if len(winners) > 1:
        names = " and ".join(DELIMITERS[delimiter_name(character)][1] for character in winners)
        raise FileRefused(f"Two characters part the cells equally well: {names}. Choose the right one.", "dialect")
    return winners[0]


def _score(text: str, delimiter: str) -> tuple[float, int] | None:
    """Return how many of the first records fit the commonest width, and that width; None when it never parts anything."""
    widths = [(len(record), len(trimmed_right(record))) for record in _sample(text, delimiter)]
    several = Counter(width for width, _ in widths if width > 1)
    if not several:
        return None
    common = max(several, key=lambda width: (several[width], width))
    fitting = sum(1 for width, filled in widths if width > 1 and filled <= common)
    return round(fitting / len(widths), 3), common


def _sample(text: str, delimiter: str) -> Iterator[list[str]]:
    """Yield the first records that hold something. Broken quoting ends the sample."""
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    try:
        for record in islice(reader, SAMPLE_RECORDS):
            if any(cell.strip() for cell in record):
                yield record
    except csv.Error:
        return


def trimmed_right(record: list[str]) -> list[str]:
    """Return `record` without the blank cells at its end."""
    end = len(record)
    while end and not record[end - 1].strip():
        end -= 1
    return record[:end]
