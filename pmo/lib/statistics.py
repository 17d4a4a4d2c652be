"""What the database's planner knows of the tables, where one transaction fills them and nothing else can see its rows."""

from __future__ import annotations

from django.db import connection


def refresh_statistics() -> None:
    """Let PostgreSQL look at the rows that the running transaction has written; other databases need no telling.

    Its own workers cannot see uncommitted rows. One that looked meanwhile would note a table as empty, and joins of tables that
    are thought to hold one row take minutes. Until the transaction ends, the locks taken here keep those workers off.
    """
    if connection.vendor != "postgresql":
        return
    quote = connection.ops.quote_name
    tables = ", ".join(quote(name) for name in sorted(connection.introspection.django_table_names(only_existing=True)))
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {tables}")
