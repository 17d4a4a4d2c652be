"""What stays in the office until a contract is awarded: the rows of confidential tables that carry no award date yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from portfolio.access import READ_MONEY
from portfolio.models import Project

#: The column whose date opens a row to everyone who reads the document.
AWARDED_ON = "awarded_on"


def reads_confidential(user: Any, project: Project) -> bool:
    """Say whether `user` reads rows before their award: the office, and the project's manager."""
    return project.project_manager_id == user.pk or bool(user.has_role(*READ_MONEY))


def is_awarded(row: Mapping[str, Any]) -> bool:
    return bool(str(row["cells"].get(AWARDED_ON, "")).strip())


def rows_for(rows: Sequence[Mapping[str, Any]], *, is_confidential: bool, reads: bool) -> list[Mapping[str, Any]]:
    """Return the rows that a reader may see."""
    return list(rows) if reads or not is_confidential else [row for row in rows if is_awarded(row)]


def content_for(content: Mapping[str, Any], *, reads: bool) -> dict[str, Any]:
    """Return `content` as a reader may see it. `hidden` of each section counts the rows that were left out.

    Of a confidential section, who does not read all of it gets neither text nor attachments.
    """
    return {**content, "sections": [section_for(section, reads=reads) for section in content["sections"]]}


def section_for(section: Mapping[str, Any], *, reads: bool) -> dict[str, Any]:
    if reads or not section["is_confidential"]:
        return {**section, "hidden": 0}
    rows = rows_for(section["rows"], is_confidential=True, reads=False)
    return {**section, "rows": rows, "text": "", "attachments": [], "hidden": len(section["rows"]) - len(rows)}
