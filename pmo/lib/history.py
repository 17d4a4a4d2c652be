"""Saving with a trace: who changed what, and why, into the history table of the row."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models
from simple_history.utils import bulk_create_with_history


def save_as(row: models.Model, *, by: Any, fields: Iterable[str] | None = None, reason: str = "") -> None:
    """Save `row` (only `fields`, when given) and write its history row in the name of `by` with `reason`."""
    row._history_user = by  # type: ignore[attr-defined]
    row._change_reason = reason[:100] or None  # type: ignore[attr-defined]
    row.save(update_fields=list(fields) if fields is not None else None)


def create_many(model: type[models.Model], rows: list[Any], *, by: Any = None, reason: str = "", batch: int = 500) -> list[Any]:
    """Create `rows` at once with their history rows. Primary keys are filled in on return."""
    if not rows:
        return []
    return bulk_create_with_history(rows, model, batch_size=batch, default_user=by, default_change_reason=reason[:100] or None)
