"""The list of past imports: its columns and filters."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet

from pmo.lib.tables import Chip, Column, Link
from portfolio.filters import ListFilters, several
from portfolio.models import ImportRun
from portfolio.models.imports import ImportState

STATE_CHIPS = {
    ImportState.READ: "bold",
    ImportState.CHECKED: "bold",
    ImportState.IMPORTED: "plain",
    ImportState.REFUSED: "late",
}


class ImportFilters(ListFilters):
    q = filters.CharFilter(label="File or source", method="by_text")
    state = several("State", ImportState.choices)

    class Meta(ListFilters.Meta):
        model = ImportRun
        fields: list[str] = []

    def by_text(self, rows: QuerySet[ImportRun], name: str, value: str) -> QuerySet[ImportRun]:
        return rows.filter(Q(file_name__icontains=value) | Q(options__import__source__icontains=value))


def run_columns() -> list[Column]:
    return [
        Column("file", "File", lambda run: Link(run.file_name, run.get_absolute_url()), sort=("file_name",), is_head=True),
        Column("state", "State", _state, sort=("state",)),
        Column("at", "Brought in", lambda run: run.uploaded_at, sort=("uploaded_at",)),
        Column("by", "By", lambda run: run.uploaded_by and run.uploaded_by.name, sort=("uploaded_by__name",)),
        Column("source", "Source", lambda run: run.options.get("import", {}).get("source"), is_wide=True),
        Column("rows", "Rows", count_of("rows"), is_number=True),
        Column("rejected", "Rejected", count_of("rejected"), is_number=True),
        Column("created", "Created", count_of("created"), is_number=True),
        Column("changed", "Changed", count_of("changed"), is_number=True),
        Column("unchanged", "Unchanged", count_of("unchanged"), is_number=True),
    ]


def count_of(key: str) -> Any:
    return lambda run: run.summary.get(key)


def _state(run: ImportRun) -> Chip:
    state = ImportState(run.state)
    return Chip(str(state.label), STATE_CHIPS[state])
