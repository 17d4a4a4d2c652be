"""What an import of gates found and did, as people read it: counts in words, and the columns of its lines."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from pmo.lib import words
from pmo.lib.tables import Chip, Column
from portfolio.importing.report import KIND_CHIPS
from portfolio.models import ImportLine
from portfolio.models.imports import LineKind

KINDS = {
    LineKind.CREATED: "New project",
    LineKind.CHANGED: "Known, new gates",
    LineKind.UNCHANGED: "Known, nothing new",
}
COUNTS = {
    "Rows read": "rows",
    "Rows accepted": "accepted",
    "Rows rejected": "rejected",
    "New projects": "created",
    "Known projects with new gates": "changed",
    "Known projects with nothing new": "unchanged",
    "Gates held": "held",
    "Gates planned": "planned",
    "Gates on record already": "kept",
    "Remarks": "remarks",
    "Data-quality findings": "quality",
}
NAMES_SHOWN = 20


def headline(summary: dict[str, Any], *, is_done: bool) -> str:
    """Return the one sentence that says what the import does, or did."""
    gates = summary["held"] + summary["planned"]
    if not gates and not summary["created"]:
        return f"Nothing {'was' if is_done else 'will be'} new: every gate of the accepted rows is on record."
    verb = "came" if is_done else "will come"
    parts = [f"{words.count(gates, 'gate')} {verb} on record ({summary['held']:,} held, {summary['planned']:,} planned)"]
    parts.append(f"{words.count(summary['created'], 'project')} {'were' if is_done else 'will be'} created")
    rejected = f" {words.count(summary['rejected'], 'row')} of {summary['rows']:,} rejected." if summary["rejected"] else ""
    return f"{'; '.join(parts)}.{rejected}"


def count_lines(summary: dict[str, Any]) -> list[tuple[str, str]]:
    return [(name, f"{summary[key]:,}") for name, key in COUNTS.items()]


def fact_lines(summary: dict[str, Any], currency: str) -> list[tuple[str, str]]:
    """Return what else the file holds: new departments and programs, the sum of its budgets."""
    lines = [(f"New {name}", _names(summary[f"{name}_new"])) for name in ("departments", "programs")]
    total = Decimal(summary["budget_total"])
    return [*lines, ("Sum of budgets", f"{total:,.2f} {currency}")] if total else lines


def _names(names: list[str]) -> str:
    shown = ", ".join(names[:NAMES_SHOWN])
    return "0" if not names else f"{len(names):,}: {shown}{' …' if len(names) > NAMES_SHOWN else ''}"


def line_columns() -> list[Column]:
    return [
        Column("code", "Code", lambda line: line.code),
        Column("name", "Project", lambda line: line.name, is_head=True),
        Column("kind", "What", _kind),
        Column("gates", "New gates", lambda line: gates_in(line.changes), is_wide=True),
        Column("row", "Row", lambda line: line.row_number, is_number=True),
    ]


def gates_in(changes: Iterable[list[str]]) -> str:
    return "; ".join(f"{gate} {became}" for gate, _, became in changes)


def _kind(line: ImportLine) -> Chip:
    kind = LineKind(line.kind)
    return Chip(KINDS[kind], KIND_CHIPS[kind])
