"""Working time inside the database: what lists are sorted by."""

from __future__ import annotations

from typing import Any

from django.db.models import Expression, F, Func, IntegerField
from django.db.models.expressions import CombinedExpression


def up_to(days: str, least: str) -> str:
    """Return SQL for the weekdays in `days` days from a Monday on; without the modulo sign, which drivers take for a place."""
    return f"({days} / 7 * 5 + {least}({days} - {days} / 7 * 7, 4))"


class WeekdayNumber(Func):
    """Count the days from Monday to Friday from Monday 1 Jan 1900 up to a date made of columns. Holidays are not left out."""

    arity = 1
    output_field = IntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, tuple[str | int, ...]]:
        days = "(CAST(julianday(%(expressions)s) + 0.5 AS INTEGER) - 2415021)"
        return super().as_sql(compiler, connection, template=up_to(days, "MIN"), **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, tuple[str | int, ...]]:
        days = "(%(expressions)s - DATE '1900-01-01')"
        return super().as_sql(compiler, connection, template=up_to(days, "LEAST"), **extra)


def weekdays_between(start: str | Expression, end: str | Expression) -> CombinedExpression:
    """Return the weekdays from one date to another, negative when `end` lies before; null when either is missing."""
    first, last = (F(part) if isinstance(part, str) else part for part in (start, end))
    return WeekdayNumber(last) - WeekdayNumber(first)
