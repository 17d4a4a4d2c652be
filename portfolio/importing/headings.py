"""Which record holds the headings, and which rows stand below them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from portfolio.importing.delimited import trimmed_right
from portfolio.importing.limits import MAX_COLUMNS, MAX_ROWS
from portfolio.importing.problems import FileRefused, shortened
from portfolio.importing.targets import KNOWN_HEADINGS, plain

SEARCHED_RECORDS = 20
MAX_HEADING = 120
FIGURE = re.compile(r"^[\s$£€(+-]*\d[\d\s.,:/%)eE+-]*$")


@dataclass(frozen=True)
class SourceRow:
    """One row below the headings; `number` is the one that a spreadsheet shows at its left."""

    number: int
    cells: list[str]


@dataclass(frozen=True)
class SourceTable:
    """A file that could be read: its headings, its rows, and how it was read."""

    headings: list[str]
    rows: list[SourceRow]
    header_row: int
    encoding: str = ""
    delimiter: str = ""
    escape: str = ""
    sheet: str = ""
    sheets: list[str] = field(default_factory=list)
    above: list[SourceRow] = field(default_factory=list)

    def column(self, heading: str) -> list[str]:
        """Return the cells below `heading`, top to bottom."""
        position = self.headings.index(heading)
        return [row.cells[position] for row in self.rows]


def letter(position: int) -> str:
    """Return the letters that a spreadsheet shows above column `position` (0 is A)."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def table_from(records: list[list[str]], header_row: int = 0, *, is_grid: bool = False) -> SourceTable:
    """Return the table below `header_row` (0: find it). In a grid (a workbook) cells beside the headings get a column too.

    Raises FileRefused: headings, too_many_rows, too_many_columns.
    """
    position = header_row - 1 if header_row else detected_header(records)
    if not 0 <= position < len(records) or not trimmed_right(records[position]):
        raise FileRefused("No row with headings was found. The first filled row must name the columns.", "headings")
    below = [
        SourceRow(number, record)
        for number, record in enumerate(records[position + 1 :], position + 2)
        if trimmed_right(record)
    ]
    if len(below) > MAX_ROWS:
        raise FileRefused(
            f"The file has {len(below):,} rows; at most {MAX_ROWS:,} are read. Split it, and bring in the parts.",
            "too_many_rows",
        )
    titles = records[position]
    width = max([len(trimmed_right(titles)), *(len(trimmed_right(row.cells)) for row in below)]) if is_grid else len(titles)
    headings = named(titles, width)
    rows = [_fitted(row, headings) for row in below]
    above = [SourceRow(number, record) for number, record in enumerate(records[:position], 1)]
    return SourceTable(headings, rows, position + 1, above=above)


def named(titles: list[str], width: int) -> list[str]:
    """Return one heading for each of `width` columns, a letter where none is written. Raises FileRefused for two alike."""
    if width > MAX_COLUMNS:
        raise FileRefused(
            f"The file has {width:,} columns; at most {MAX_COLUMNS} are read. Remove those that are not needed.",
            "too_many_columns",
        )
    headings: list[str] = []
    seen: dict[str, int] = {}
    for position in range(width):
        title = " ".join(titles[position].split()) if position < len(titles) else ""
        heading = shortened(title, MAX_HEADING) or f"Column {letter(position)}"
        if heading.casefold() in seen:
            first = letter(seen[heading.casefold()])
            raise FileRefused(
                f"Columns {first} and {letter(position)} are both headed “{heading}”. Rename one of them.", "headings"
            )
        seen[heading.casefold()] = position
        headings.append(heading)
    return headings


def _fitted(row: SourceRow, headings: list[str]) -> SourceRow:
    cells = row.cells[: len(headings)]
    beyond = [cell for cell in row.cells[len(headings) :] if cell.strip()]
    if beyond:
        raise FileRefused(
            f"Row {row.number} has more filled cells than there are headings ({len(headings)}); the first without a heading is "
            f"“{shortened(beyond[0].strip(), 60)}”. Put cells that hold the delimiter between quotation marks, "
            "or give the column a heading.",
            "headings",
        )
    return SourceRow(row.number, cells + [""] * (len(headings) - len(cells)))


def detected_header(records: list[list[str]]) -> int:
    """Return the position of the headings: the record with most known headings, else the first filled one that is no title."""
    filled = [
        (position, trimmed_right(record))
        for position, record in enumerate(records[: SEARCHED_RECORDS * 5])
        if trimmed_right(record)
    ]
    if not filled:
        raise FileRefused(
            "The file holds no filled row. Bring in one that names its columns and has a row for each project.", "headings"
        )
    candidates = filled[:SEARCHED_RECORDS]
    known = {position: sum(1 for cell in record if plain(cell) in KNOWN_HEADINGS) for position, record in candidates}
    best = max(known, key=lambda position: (known[position], -position))
    if known[best] >= 3:
        return best
    return _below_titles(candidates)


def _below_titles(candidates: list[tuple[int, list[str]]]) -> int:
    """Step over a title of one cell when a row of three or more words follows it."""
    first, record = candidates[0]
    if sum(1 for cell in record if cell.strip()) > 1:
        return first
    for position, later in candidates[1:]:
        cells = [cell for cell in later if cell.strip()]
        if len(cells) >= 3 and not any(FIGURE.match(cell.strip()) for cell in cells):
            return position
    return first
