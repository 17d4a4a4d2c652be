"""Rows of the access table: documents."""

from __future__ import annotations

from typing import Any

from tests.access_rows.base import Row

TITLE = "Documents and their templates"
ROWS: dict[str, Row] = {}


def prepare(world: Any) -> None:
    """Make what the addresses of this area lead to."""


def arguments(world: Any, name: str) -> dict[str, Any]:
    return {"code": world.alpha.code}
