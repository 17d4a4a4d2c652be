"""Rows of the access table: policies."""

from __future__ import annotations

from typing import Any

from tests.access_rows.base import Row

TITLE = "Policies, standards, guidance and lessons"
ROWS: dict[str, Row] = {}


def prepare(world: Any) -> None:
    """Make what the addresses of this area lead to."""


def arguments(world: Any, name: str) -> dict[str, Any]:
    return {"code": world.alpha.code}
