"""A structured document beside an earlier version of it, section by section and row by row.

Pure: two frozen contents come in, sections with finished words come out. Rows are matched by their id, so a row that only
moved is no change.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from governance.comparison.pieces import ADDED, CHANGED, REMOVED, SAME, Cell, Line, lines_of
from governance.document_states import ColumnType, SectionForm
from pmo.lib.markdown_changes import NO_TEXT, MarkedText, beside
from pmo.lib.words import count, day_without_weekday, money

Content = Mapping[str, Any]
NOT_GIVEN = ""
NUMERIC = (ColumnType.NUMBER, ColumnType.MONEY)
WORDED = (ColumnType.TEXT, ColumnType.LONG)
FACTS = {
    "sponsor": "Sponsor",
    "business_owner": "Business owner",
    "project_manager": "Project manager",
    "department": "Department",
    "governance_class": "Class",
}


@dataclass(frozen=True)
class DocumentRow:
    """One row of a table: same, changed, added or removed."""

    kind: str
    row: str
    anchor: str
    cells: tuple[Cell, ...]

    @property
    def changes(self) -> int:
        """Return 1 for a row that came or went, else how many of its cells differ."""
        return 1 if self.kind in (ADDED, REMOVED) else sum(cell.was is not None for cell in self.cells)

    @property
    def name(self) -> str:
        return next((cell.now for cell in self.cells if cell.now), "")


@dataclass(frozen=True)
class DocumentSection:
    """One section with its changes marked; the `text`, or the `rows` of a table."""

    key: str
    number: str
    title: str
    is_table: bool
    text: MarkedText = NO_TEXT
    heads: tuple[tuple[str, str], ...] = ()
    """The columns of a table: label and class."""
    rows: tuple[DocumentRow, ...] = ()
    files: tuple[Line, ...] = ()
    hidden_rows: int = 0
    """Rows that stay in the office and are left out for this reader."""
    is_gone: bool = False
    """The template of this version no longer has the section."""

    @property
    def changes(self) -> int:
        changed_files = sum(line.kind != SAME for line in self.files)
        return changed_files + sum(row.changes for row in self.rows) + self.text.changes

    @property
    def is_changed(self) -> bool:
        return self.changes > 0

    @property
    def is_empty(self) -> bool:
        return not (self.rows or self.text.html)

    @property
    def note(self) -> str:
        """Return what differs, or else how much there is, in few words."""
        if self.changes:
            return count(self.changes, "change")
        if self.is_empty:
            return "empty" if not self.hidden_rows else ""
        return count(len(self.rows), "row") if self.is_table else count(self.text.words, "word")


@dataclass(frozen=True)
class Comparison:
    """All sections in the order of the document."""

    sections: tuple[DocumentSection, ...]
    is_first: bool

    @property
    def changes(self) -> int:
        return sum(section.changes for section in self.sections)

    @property
    def changed_sections(self) -> int:
        return sum(section.is_changed for section in self.sections)

    @property
    def sentence(self) -> str:
        """Return `10 changes in 4 of 14 sections`; nothing beside a first version."""
        if self.is_first:
            return ""
        total = count(len(self.sections), "section")
        return f"{count(self.changes, 'change')} in {self.changed_sections} of {total}" if self.changes else "nothing changed"


def compare_documents(content: Content, before: Content | None) -> Comparison:
    """Return the sections of `content` marked against `before` (None: nothing to compare with), then those that are gone."""
    earlier = {section["key"]: section for section in before["sections"]} if before else {}
    sections = [_section(now, earlier.get(now["key"]), is_first=before is None) for now in content["sections"]]
    kept = {section["key"] for section in content["sections"]}
    gone = [_gone(section) for key, section in earlier.items() if key not in kept and _says_something(section)]
    facts = _facts(content, before) if before else None
    shown = [*([facts] if facts and facts.is_changed else []), *sections, *gone]
    return Comparison(tuple(shown), before is None)


def _section(now: Content, was: Content | None, *, is_first: bool) -> DocumentSection:
    """A section that the earlier template did not have is compared with an empty one."""
    is_table = now["form"] == SectionForm.TABLE
    before = None if is_first else was or {}
    section = DocumentSection(
        key=now["key"],
        number=now["number"],
        title=now["title"],
        is_table=is_table,
        files=lines_of(None if before is None else _file_names(before), _file_names(now)),
        hidden_rows=now.get("hidden", 0),
    )
    if not is_table:
        return replace(section, text=beside(None if before is None else before.get("text", ""), now.get("text", "")))
    old_rows = None if before is None else before.get("rows", [])
    rows = _rows(now["key"], now["columns"], old_rows, now["rows"])
    return replace(section, heads=tuple((column["label"], _css(column)) for column in now["columns"]), rows=rows)


def _gone(was: Content) -> DocumentSection:
    section = _section({**was, "text": "", "rows": [], "attachments": []}, was, is_first=False)
    return replace(section, is_gone=True)


def _says_something(section: Content) -> bool:
    return bool(section["rows"] or section["text"].strip())


def _file_names(section: Content) -> list[str]:
    """Return the files by name; one that was exchanged under its old name shows by its digest."""
    return [f"{file['name']} ({file['sha256'][:8]})" for file in section.get("attachments", ())]


def _rows(
    key: str, columns: Sequence[Content], was: Sequence[Content] | None, now: Sequence[Content]
) -> tuple[DocumentRow, ...]:
    """Return the rows of `now`; those that are gone stand behind the row that they used to follow."""
    before = {row["row"]: row for row in was or ()}
    kept = {row["row"] for row in now}
    behind: dict[str, list[DocumentRow]] = {}
    last = ""
    for row in was or ():
        if row["row"] in kept:
            last = row["row"]
        else:
            behind.setdefault(last, []).append(_row(key, columns, None, row, REMOVED))
    shown = list(behind.get("", ()))
    for row in now:
        shown.append(_row(key, columns, before.get(row["row"]), row, SAME if was is None else ADDED))
        shown += behind.get(row["row"], ())
    return tuple(shown)


def _row(key: str, columns: Sequence[Content], was: Content | None, now: Content, otherwise: str) -> DocumentRow:
    cells = tuple(_cell(column, None if was is None else was["cells"], now["cells"]) for column in columns)
    is_changed = any(cell.was is not None for cell in cells)
    kind = otherwise if was is None else CHANGED if is_changed else SAME
    return DocumentRow(kind, now["row"], anchor_of(key, now["row"]), cells)


def anchor_of(section: str, row: str) -> str:
    """Return the id on the page of a row, or of its section where no row is named."""
    return f"r-{section}-{row}" if row else f"s-{section}"


def _cell(column: Content, was: Content | None, now: Content) -> Cell:
    key, kind = column["key"], column["type"]
    shown = written(kind, now.get(key, ""))
    old = None if was is None or was.get(key, "") == now.get(key, "") else written(kind, was.get(key, ""))
    return Cell(column["label"], shown, None if old == shown else old, _css(column), is_text=kind in WORDED)


def _css(column: Content) -> str:
    return "num" if column["type"] in NUMERIC else "nowrap" if column["type"] == ColumnType.DATE else ""


def written(kind: str, value: str) -> str:
    """Return a stored cell in words; what cannot be read as its type stays as it was typed."""
    if not value:
        return NOT_GIVEN
    try:
        match kind:
            case ColumnType.DATE:
                return day_without_weekday(dt.date.fromisoformat(value))
            case ColumnType.MONEY:
                return money(Decimal(value))
            case ColumnType.YES_NO:
                return str(value).capitalize()
    except (ValueError, InvalidOperation):
        return str(value)
    return str(value)


def _facts(content: Content, before: Content) -> DocumentSection:
    """What the project itself says of the document, where it differs: sponsor, class, department."""
    pairs = [(label, str(before["facts"].get(key, "")), str(content["facts"].get(key, ""))) for key, label in FACTS.items()]
    rows = tuple(
        DocumentRow(CHANGED, label, "", (Cell("What", label), Cell("Who or what", now, was)))
        for label, was, now in pairs
        if was != now
    )
    return DocumentSection("facts", "", "From the project", is_table=True, heads=(("What", ""), ("Who or what", "")), rows=rows)
