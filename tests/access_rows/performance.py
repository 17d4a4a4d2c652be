"""Rows of the access table: compliance and performance."""

from __future__ import annotations

from typing import Any

from tests.access_rows.base import OFFICE, Row, office_page

TITLE = "Compliance and performance"
PAGES = ("performance", "compliance-by-project", "performance-rows", "reviews-by")
ROWS: dict[str, Row] = {f"governance:{page}{export}": office_page(OFFICE) for page in PAGES for export in ("", "-csv", "-xlsx")}


def prepare(world: Any) -> None:
    """The reports of the world are rows enough."""


def arguments(world: Any, name: str) -> dict[str, Any]:
    return {"metric": "reports-in-time"}
