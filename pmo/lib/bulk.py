"""Many rows in one prepared statement. The ORM's own bulk methods build SQL for every call: measured ten times slower for the
seven ratings of a report. No signal is sent and no history is written here; `pmo.lib.history` does that.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from django.db import connection, models


@lru_cache(maxsize=256)
def _update_sql(model: type[models.Model], names: tuple[str, ...]) -> tuple[str, tuple[models.Field[Any, Any], ...]]:
    fields = tuple(model._meta.get_field(name) for name in names)
    quote: Any = connection.ops.quote_name  # columns of concrete fields always have names
    assignments = ", ".join(f"{quote(field.column)} = %s" for field in fields)  # type: ignore[union-attr]
    table, key = quote(model._meta.db_table), quote(model._meta.pk.column)  # type: ignore[union-attr]
    # Only names of our own tables and columns stand in the text; every value is a parameter.
    return f"UPDATE {table} SET {assignments} WHERE {key} = %s", fields  # type: ignore[return-value]  # noqa: S608


def update_rows(model: type[models.Model], rows: Iterable[models.Model], names: Sequence[str]) -> None:
    """Write the named fields of `rows`, which have keys, as they stand in memory."""
    sql, fields = _update_sql(model, tuple(names))
    prepared = [[*(_prepared(field, row, is_new=False) for field in fields), row.pk] for row in rows]
    if prepared:
        with connection.cursor() as cursor:
            cursor.executemany(sql, prepared)


def _prepared(field: models.Field[Any, Any], row: models.Model, *, is_new: bool) -> Any:
    return field.get_db_prep_save(field.pre_save(row, is_new), connection)


@lru_cache(maxsize=256)
def _insert_sql(model: type[models.Model]) -> tuple[str, tuple[models.Field[Any, Any], ...]]:
    key = model._meta.pk
    fields = tuple(
        field for field in model._meta.local_concrete_fields if field is not key or not isinstance(key, models.AutoField)
    )
    quote: Any = connection.ops.quote_name  # columns of concrete fields always have names
    columns, marks = ", ".join(quote(field.column) for field in fields), ", ".join(["%s"] * len(fields))
    table = quote(model._meta.db_table)
    return f"INSERT INTO {table} ({columns}) VALUES ({marks}) RETURNING {quote(key.column)}", fields  # type: ignore[union-attr]  # noqa: S608


def insert_row(row: models.Model) -> None:
    """Insert a new row of a plain model and give it its key."""
    sql, fields = _insert_sql(type(row))
    with connection.cursor() as cursor:
        cursor.execute(sql, [_prepared(field, row, is_new=True) for field in fields])
        row.pk = cursor.fetchone()[0]
    row._state.adding, row._state.db = False, connection.alias


def insert_values(model: type[models.Model], fields: Sequence[models.Field[Any, Any]], rows: Sequence[Sequence[Any]]) -> None:
    """Insert rows of prepared values, in the order of `fields`; the database gives the keys."""
    if not rows:
        return
    quote: Any = connection.ops.quote_name  # columns of concrete fields always have names
    columns = ", ".join(quote(field.column) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({marks})", rows)  # noqa: S608
