"""History rows written by the thousand: kept in memory while records are brought in, and stored in a few statements."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any

from django.db import connection, models

from pmo.lib.bulk import insert_values

ADDED, CHANGED = "+", "~"
_kept: ContextVar[dict[type[models.Model], list[list[Any]]] | None] = ContextVar("history_rows", default=None)


@contextmanager
def gathered() -> Iterator[None]:
    """Store the history rows of everything that `pmo.lib.history` saves inside in one go at the end.

    For bringing in records by the thousand inside one transaction. Nothing inside may read history.
    """
    rows: dict[type[models.Model], list[list[Any]]] = {}
    token = _kept.set(rows)
    try:
        yield
    finally:
        _kept.reset(token)
    for model, values in rows.items():
        insert_values(_historical(model), _fields(model), values)


def is_gathering() -> bool:
    return _kept.get() is not None


def _historical(model: type[models.Model]) -> type[models.Model]:
    return model.history.model  # type: ignore[attr-defined, no-any-return]


@lru_cache(maxsize=128)
def _tracked(model: type[models.Model]) -> tuple[models.Field[Any, Any], ...]:
    historical = _historical(model)
    return tuple(historical._meta.get_field(field.name) for field in historical.tracked_fields)  # type: ignore[attr-defined, misc]


@lru_cache(maxsize=128)
def _fields(model: type[models.Model]) -> tuple[models.Field[Any, Any], ...]:
    own = ("history_date", "history_type", "history_user", "history_change_reason")
    return (*_tracked(model), *(_historical(model)._meta.get_field(name) for name in own))  # type: ignore[arg-type]


def keep(row: models.Model, kind: str, *, by: Any, reason: str | None, at: dt.datetime) -> None:
    """Keep how `row` stands now; it is stored when `gathered` ends."""
    rows = _kept.get()
    assert rows is not None
    model = type(row)
    values = [field.get_db_prep_save(getattr(row, field.attname), connection) for field in _tracked(model)]
    own = _fields(model)[-4:]
    more = (at, kind, by.pk if by is not None else None, reason)
    values += [field.get_db_prep_save(value, connection) for field, value in zip(own, more, strict=True)]
    rows.setdefault(model, []).append(values)
