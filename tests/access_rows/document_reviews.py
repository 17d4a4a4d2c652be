"""Rows of the access table: document reviews."""

from __future__ import annotations

from typing import Any

from tests.access_rows.base import PIA, Row, office_page

TITLE = "Reviews of documents"
ROWS: dict[str, Row] = {"routes-edit": office_page(PIA)}


def prepare(world: Any) -> None:
    """Make what the addresses of this area lead to."""


def arguments(world: Any, name: str) -> dict[str, Any]:
    return {"code": world.alpha.code}
