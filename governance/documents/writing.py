"""The overview of a draft while it is written: whether each section says something, who wrote it and who writes it now."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from governance.documents.access import DocumentAccess
from governance.documents.editing import editor_of
from governance.documents.reading import Progress
from governance.documents.rows_typed import problems_of
from governance.models import DeliverableVersion, DocumentSection
from pmo.lib.words import count


@dataclass(frozen=True)
class SectionLine:
    """One section of the overview."""

    row: DocumentSection
    is_required: bool
    can_write: bool
    editor: Any
    problems: int

    @property
    def says(self) -> str:
        """Return in few words what there is; nothing of what the person may not read."""
        section = self.row.section
        if section.is_confidential and not self.can_write:
            return "Confidential until award"
        if self.row.is_empty:
            return "Empty"
        if not section.is_table:
            return count(len(self.row.text.split()), "word")
        return count(len(self.row.rows), "row")

    @property
    def note(self) -> str:
        return f"{count(self.problems, 'cell')} to mend" if self.problems else ""

    @property
    def files(self) -> int:
        return len(self.row.attachments.all())


@dataclass(frozen=True)
class WritingPage:
    lines: list[SectionLine]
    progress: Progress
    next_line: SectionLine | None
    """The first required section that is still empty."""


def writing_page(access: DocumentAccess, version: DeliverableVersion, *, at: dt.datetime) -> WritingPage:
    """Return the overview of a draft. Two queries."""
    rows = version.document.sections.select_related("section", "saved_by", "editing_by")  # type: ignore[union-attr]
    lines = [_line(access, row, at) for row in rows.prefetch_related("attachments")]
    required = [line for line in lines if line.is_required]
    missing = [line for line in required if line.row.is_empty]
    progress = Progress(len(required) - len(missing), len(required))
    return WritingPage(lines, progress, next((line for line in missing if line.can_write), None))


def _line(access: DocumentAccess, row: DocumentSection, at: dt.datetime) -> SectionLine:
    can_write = access.can_write_section(row)
    section = row.section
    return SectionLine(
        row=row,
        is_required=section.is_required(access.project.governance_class),
        can_write=can_write,
        editor=editor_of(row, at=at, other_than=access.user),
        problems=len(problems_of(row.rows, section.columns)) if section.is_table and can_write else 0,
    )
