"""What the form of one section sends, and where to."""

from __future__ import annotations

from django.urls import reverse

from governance.models import DocumentSection

ROWS = [
    {"row": "a", "cells": {"name": "Design", "target": "2027-01-31"}},
    {"row": "b", "cells": {"name": "Go-live", "target": "2027-06-30"}},
]


def section(version, key: str) -> DocumentSection:
    return version.document.sections.select_related("section").get(section__key=key)


def url(project, key: str, verb: str = "edit") -> str:
    return reverse(f"governance:document-section-{verb}", args=[project.code, "definition", key])


def fields(rows, revision: int, **more: str) -> dict[str, object]:
    data: dict[str, object] = {"revision": revision, "row": [row["row"] for row in rows], **more}
    for row in rows:
        data |= {f"{row['row']}.{key}": text for key, text in row["cells"].items()}
    return data
