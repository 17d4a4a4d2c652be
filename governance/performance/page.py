"""The columns of the office's figures, on pages and in files."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from governance.performance.compliance import CHECKS, ProjectCompliance
from governance.performance.figures import How, Month, Occurrence
from governance.performance.metrics import Measured, Metric
from pmo.lib import words
from pmo.lib.tables import Chip, Column, Link


def metric_columns() -> list[Column]:
    return [
        Column("title", "Figure", lambda row: row.metric.title, is_head=True),
        Column("formula", "Formula", lambda row: row.metric.formula, is_wide=True),
        Column("unit", "Unit", lambda row: row.metric.unit),
        Column("value", "Twelve months", lambda row: exact(row.whole.value), is_number=True),
        Column("numerator", "Numerator", lambda row: row.whole.numerator, is_number=True),
        Column("denominator", "Denominator", lambda row: row.whole.denominator, is_number=True),
        Column("unknown", "Not known", lambda row: row.whole.unknown, is_number=True),
    ]


def month_columns(months: Sequence[Month]) -> list[Column]:
    def value(place: int, row: Measured) -> Decimal | None:
        return exact(row.trend[place].value)

    return [Column(f"m{place}", month.label, partial(value, place), is_number=True) for place, month in enumerate(months)]


def exact(value: Decimal | None) -> Decimal | None:
    return None if value is None else words.rounded(value, 2)


def row_columns(metric: Metric) -> list[Column]:
    """Return the columns of the rows behind a figure: a verdict for a share, an amount for the others."""
    columns = [
        Column("on", "On", lambda row: row.on),
        Column("code", "Code", lambda row: row.code),
        Column("project", "Project", lambda row: row.project, is_head=True),
        Column("what", "What", lambda row: Link(row.what, row.url)),
        Column("detail", "How it went", lambda row: row.detail),
        Column("who", "Who", lambda row: row.who),
    ]
    if metric.how is How.SHARE:
        return [*columns, Column("holds", "Counts", _verdict)]
    if metric.how is How.STOCK:
        return columns
    return [*columns, Column("amount", metric.unit.capitalize() or "Times", lambda row: row.amount, is_number=True)]


def _verdict(row: Occurrence) -> Chip | None:
    if not row.is_known:
        return None
    return Chip("yes") if row.holds else Chip("no", "bold")


def compliance_columns() -> list[Column]:
    checks = [Column(key, label, partial(_check, place), is_number=True) for place, (key, label, _) in enumerate(CHECKS)]
    return [
        Column("code", "Code", lambda row: row.project.code),
        Column("project", "Project", _project, is_head=True),
        Column("class", "Class", lambda row: row.project.governance_class, is_number=True),
        Column("percent", "Compliance", lambda row: words.percent(row.percent), is_number=True),
        *checks,
        Column("waivers", "Waivers in force", lambda row: row.waivers, is_number=True),
    ]


def _project(row: ProjectCompliance) -> Link:
    return Link(row.project.name, row.project.get_absolute_url())


def _check(place: int, row: Any) -> str:
    return str(row.checks[place])
