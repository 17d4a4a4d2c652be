"""What of a document stays in the office: procurement rows that have no award date yet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from governance.models import DeliverableVersion
from pmo.roles import Role

Content = Mapping[str, Any]
#: The column that ends the confidence.
AWARDED = "awarded_on"
READERS = (Role.PMO_MANAGER, Role.EXECUTIVE, Role.FINANCE, Role.AUDITOR)


def may_read_all(person: Any, version: DeliverableVersion) -> bool:
    """Say whether `person` reads rows that are confidential until award: the office, finance and the project's manager."""
    return bool(person.has_role(*READERS)) or person.pk == version.deliverable.project.project_manager_id


def confidential_rows(content: Content) -> set[tuple[str, str]]:
    """Return (section, row) of every row that is not awarded yet."""
    return {
        (section["key"], row["row"])
        for section in content["sections"]
        if section["is_confidential"]
        for row in section["rows"]
        if not row["cells"].get(AWARDED, "").strip()
    }


def without(content: Content, hidden: set[tuple[str, str]]) -> dict[str, Any]:
    """Return `content` without the rows named, with their number beside each section, and without the checks about them."""
    sections = []
    for section in content["sections"]:
        rows = [row for row in section["rows"] if (section["key"], row["row"]) not in hidden]
        sections.append({**section, "rows": rows, "hidden_rows": len(section["rows"]) - len(rows)})
    told = {**content, "sections": sections}
    if "checks" in content:
        told["checks"] = [check for check in content["checks"] if (check["section"], check["row"]) not in hidden]
    return told
