"""What a document says, as plain values: the form in which it is checked, compared, frozen and printed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from governance.models import Document, DocumentSection


def content_of(document: Document) -> dict[str, Any]:
    """Return all that `document` says, in the order of its template. Three queries.

    {"kind", "template", "facts", "sections": [{"key", "number", "title", "form", "is_required", "is_confidential", "columns",
    "text", "rows": [{"row", "cells"}], "attachments": [{"name", "sha256", "size"}]}]}
    """
    rows = document.sections.select_related("section").prefetch_related("attachments").order_by("section__position")
    governance_class = document.project.governance_class
    return {
        "kind": document.kind,
        "template": document.template.version,
        "facts": facts_of(document),
        "sections": [section_content(row, governance_class) for row in rows],
    }


def facts_of(document: Document) -> dict[str, Any]:
    """Return what the document takes from the project: who is who, its class and its department."""
    project = document.project
    return {
        "code": project.code,
        "name": project.name,
        "governance_class": project.governance_class,
        "department": str(project.department or ""),
        "sponsor": name_of(project.sponsor),
        "business_owner": name_of(project.business_owner),
        "project_manager": name_of(project.project_manager),
    }


def name_of(person: Any) -> str:
    return str(person.name) if person else ""


def section_content(row: DocumentSection, governance_class: int) -> dict[str, Any]:
    section = row.section
    return {
        "key": section.key,
        "number": section.number,
        "title": section.title,
        "form": section.form,
        "is_required": section.is_required(governance_class),
        "is_confidential": section.is_confidential,
        "least_rows": section.least_rows,
        "columns": section.columns,
        "text": row.text,
        "rows": row.rows,
        "attachments": [{"name": file.name, "sha256": file.sha256, "size": file.size} for file in row.attachments.all()],
    }


def read_content(text: str) -> dict[str, Any]:
    """Return the content that was frozen as `text`."""
    return dict(json.loads(text))


def section_named(content: Mapping[str, Any], key: str) -> Mapping[str, Any] | None:
    """Return the section with this key, or None where the template has none."""
    return next((section for section in content["sections"] if section["key"] == key), None)


def cells_of(content: Mapping[str, Any], key: str) -> Iterable[tuple[str, Mapping[str, str]]]:
    """Yield (row id, cells) of a table; nothing where there is no such section."""
    section = section_named(content, key)
    for row in section["rows"] if section else ():
        yield row["row"], row["cells"]
