"""Rows of the access table: documents."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.access_rows.base import SEES, Row, of_alpha
from tests.governance.written import an_approved_document

TITLE = "Documents and their templates"
ROWS: dict[str, Row] = {
    "governance:document-pdf": of_alpha(SEES),
    "governance:document-record-pdf": of_alpha(SEES),
}


def prepare(world: Any) -> None:
    """Make an approved definition document of ALPHA."""
    world.definition = an_approved_document(world.alpha, by=world.people["pia"], at=world.now - dt.timedelta(hours=9))


def arguments(world: Any, name: str) -> dict[str, Any]:
    return {"code": world.alpha.code, "kind": "definition", "version": world.definition.number}
