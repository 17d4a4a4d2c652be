"""What stays in the office until a contract is awarded: the rows of confidential tables that carry no award date yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from governance.documents.cells import read_date
from governance.models import DeliverableVersion
from portfolio.access import READ_MONEY
from portfolio.models import Project

#: The column whose date opens a row to everyone who reads the document.
AWARDED_ON = "awarded_on"


def reads_confidential(user: Any, project: Project) -> bool:
    """Say whether `user` reads rows before their award: the office, and the project's manager."""
    return project.project_manager_id == user.pk or bool(user.has_role(*READ_MONEY))


def said_on(version: DeliverableVersion) -> dt.date:
    """Return the day by which an award counts: that of the submission, today while the version is written.

    A day that was still to come when the words were frozen was a plan, and a plan may slip: it opens nothing by itself.
    """
    return timezone.localdate(version.submitted_at) if version.submitted_at else timezone.localdate()


def is_awarded(row: Mapping[str, Any], on: dt.date) -> bool:
    """Say whether the row carries a day of award that was not after `on`."""
    awarded = read_date(str(row["cells"].get(AWARDED_ON, "")).strip())
    return awarded is not None and awarded <= on


def rows_for(rows: Sequence[Mapping[str, Any]], *, is_confidential: bool, reads: bool, on: dt.date) -> list[Mapping[str, Any]]:
    """Return the rows that a reader may see."""
    return list(rows) if reads or not is_confidential else [row for row in rows if is_awarded(row, on)]


def content_for(content: Mapping[str, Any], *, reads: bool, on: dt.date) -> dict[str, Any]:
    """Return `content` as a reader may see it. `hidden` of each section counts the rows that were left out.

    Of a confidential section, who does not read all of it gets neither text nor attachments.
    """
    return {**content, "sections": [section_for(section, reads=reads, on=on) for section in content["sections"]]}


def section_for(section: Mapping[str, Any], *, reads: bool, on: dt.date) -> dict[str, Any]:
    if reads or not section["is_confidential"]:
        return {**section, "hidden": 0}
    rows = rows_for(section["rows"], is_confidential=True, reads=False, on=on)
    return {**section, "rows": rows, "text": "", "attachments": [], "hidden": len(section["rows"]) - len(rows)}


def holds_back(content: Mapping[str, Any], on: dt.date) -> bool:
    """Say whether anything of `content` is kept from a reader who does not read all of it."""
    return any(section_for(section, reads=False, on=on) != {**section, "hidden": 0} for section in content["sections"])


def unawarded(section: Mapping[str, Any], on: dt.date) -> int:
    """Count the rows of a section that wait for their award; none where the section is not confidential."""
    return sum(not is_awarded(row, on) for row in section["rows"]) if section["is_confidential"] else 0


@dataclass(frozen=True)
class Withheld:
    """What is kept from a reader: whole sections, but for the rows that were awarded."""

    sections: frozenset[str] = frozenset()
    awarded: frozenset[tuple[str, str]] = frozenset()

    @classmethod
    def of(cls, content: Mapping[str, Any], on: dt.date) -> Withheld:
        closed = [section for section in content["sections"] if section["is_confidential"]]
        awarded = {(section["key"], row["row"]) for section in closed for row in section["rows"] if is_awarded(row, on)}
        return cls(frozenset(section["key"] for section in closed), frozenset(awarded))

    def holds(self, section: str, row: str) -> bool:
        """Say whether what is said of this section, or of this row in it, is kept back."""
        return section in self.sections and (section, row) not in self.awarded
