"""The gates month by month: what is planned, what was decided, and what a decision lets expect though nobody has planned it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from governance.gate_next import expected_gates, gate_expected, with_class_path
from governance.gate_tables import EXPECTED, state_chip
from portfolio.models import Project

#: What the calendar shows besides all that is overdue.
BACK, AHEAD = dt.timedelta(days=92), dt.timedelta(days=400)


@dataclass(frozen=True)
class Entry:
    """One gate on one day. An expected one leads to the gates of its project, because there is no review yet."""

    on: dt.date
    project: Project
    what: str
    state: str
    url: str
    is_expected: bool = False


def by_month(rows: QuerySet[Any], decided: QuerySet[Any], today: dt.date) -> list[tuple[dt.date, list[Entry]]]:
    """Return the entries of each month by day: those of calendar `rows`, and what `decided` reviews let expect. Two queries."""
    first, last = today - BACK, today + AHEAD
    shown = rows.filter(rank__gt=0, counts_on__range=(first, last))
    lets_expect = with_class_path(expected_gates(decided.filter(next_gate_on__range=(first, last))))
    entries = [*(_entry(row, today) for row in shown), *(_expected(row) for row in lets_expect.defer("record"))]
    entries.sort(key=lambda entry: (entry.on, entry.project.code))
    return [(month, list(some)) for month, some in groupby(entries, key=lambda entry: entry.on.replace(day=1))]


def _entry(row: Any, today: dt.date) -> Entry:
    return Entry(row.counts_on, row.project, row.get_gate_display(), state_chip(row, today).text, row.get_absolute_url())


def _expected(row: Any) -> Entry:
    gate = gate_expected(row)
    room = reverse("governance:gate-room", args=[row.project.code])
    return Entry(row.next_gate_on, row.project, gate.label if gate else "Next gate", EXPECTED, room, is_expected=True)
