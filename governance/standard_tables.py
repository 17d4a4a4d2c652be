"""The lists of standards and of their figures: rows, columns and filters."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, When

from governance.measuring import finding_words, result_words
from governance.models import ProductivityStandard, StandardMeasurement
from governance.policy_states import Direction, Frequency
from pmo.lib.tables import Chip, Column, Link
from portfolio.filters import FilterForm, several

RESULTS = [("met", "Met"), ("missed", "Missed"), ("running", "Missed twice running"), ("none", "No figure yet")]
#: The figure misses the target, whichever way is better.
MISSES = Q(direction=Direction.HIGHER, last__lt=F("target")) | Q(direction=Direction.LOWER, last__gt=F("target"))
MISSED_BEFORE = Q(direction=Direction.HIGHER, last_but_one__lt=F("target")) | Q(
    direction=Direction.LOWER, last_but_one__gt=F("target")
)


def standard_rows(user: Any) -> QuerySet[ProductivityStandard]:
    """Return the standards with their last two figures. One query."""
    figures = StandardMeasurement.objects.filter(standard=OuterRef("pk")).order_by("-period_end_on")
    return (
        ProductivityStandard.objects.visible_to(user)
        .select_related("owner")
        .annotate(
            last=Subquery(figures.values("value")[:1]),
            last_but_one=Subquery(figures.values("value")[1:2]),
            measured_to=Subquery(figures.values("period_end_on")[:1]),
        )
        .annotate(result_rank=Case(When(last__isnull=True, then=None), When(MISSES, then=0), default=1))
    )


class StandardFilters(filters.FilterSet):
    q = filters.CharFilter(label="Text", method="by_text")
    result = several("Last figure", RESULTS, method="by_result")
    frequency = several("Measured", Frequency.choices)

    class Meta:
        form = FilterForm

    def by_text(self, rows: QuerySet[Any], name: str, text: str) -> QuerySet[Any]:
        for word in text.split():
            rows = rows.filter(Q(code__icontains=word) | Q(statement__icontains=word) | Q(how_measured__icontains=word))
        return rows

    def by_result(self, rows: QuerySet[Any], name: str, results: list[str]) -> QuerySet[Any]:
        conditions = {
            "met": Q(last__isnull=False) & ~MISSES,
            "missed": MISSES,
            "running": MISSES & MISSED_BEFORE,
            "none": Q(last__isnull=True),
        }
        wanted = Q()
        for result in results:
            wanted |= conditions[result]
        return rows.filter(wanted)


def standard_columns() -> list[Column]:
    return [
        Column("code", "Code", lambda row: row.code, sort=("code",)),
        Column(
            "statement", "Standard", lambda row: Link(row.statement, row.get_absolute_url()), sort=("statement",), is_head=True
        ),
        Column("target", "Target", target_words, is_number=True),
        Column("last", "Last figure", lambda row: figure(row.last, row.unit), sort=("last",), is_number=True),
        Column("to", "Period to", lambda row: row.measured_to, sort=("measured_to",)),
        Column("result", "Result", _result, sort=("result_rank",)),
        Column("finding", "Finding", _finding),
        Column("frequency", "Measured", lambda row: row.get_frequency_display(), sort=("frequency",), is_shown=False),
        Column("owner", "Owner", lambda row: row.owner, sort=("owner__name",)),
    ]


def plain_number(value: Any) -> str:
    """Return a figure without zeros that say nothing."""
    text = f"{value:,.2f}"
    return text.rstrip("0").rstrip(".")


def figure(value: Any, unit: str) -> str | None:
    if value is None:
        return None
    return f"{plain_number(value)}{'' if unit == '%' else ' '}{unit}"


def target_words(standard: Any) -> str:
    sign = "at least" if standard.direction == Direction.HIGHER else "at most"
    return f"{sign} {figure(standard.target, standard.unit)}"


def result_chip(standard: Any, value: Any) -> Chip | None:
    words = result_words(standard, value)
    return Chip(words, "bold" if words == "Missed" else "plain") if words else None


def _result(row: Any) -> Chip | None:
    return result_chip(row, row.last)


def _finding(row: Any) -> str:
    latest = [value for value in (row.last, row.last_but_one) if value is not None]
    return "Missed twice running" if finding_words(row, latest) else ""


# Figures


class MeasurementFilters(filters.FilterSet):
    standard = filters.CharFilter(label="Standard (code)", field_name="standard__code", lookup_expr="iexact")
    since = filters.DateFilter(label="Period to, from", field_name="period_end_on", lookup_expr="gte")
    until = filters.DateFilter(label="Period to, until", field_name="period_end_on", lookup_expr="lte")

    class Meta:
        form = FilterForm


def measurement_columns() -> list[Column]:
    return [
        Column("code", "Code", lambda row: row.standard.code, sort=("standard__code",)),
        Column("standard", "Standard", lambda row: Link(row.standard.statement, row.get_absolute_url()), is_head=True),
        Column("period", "Period to", lambda row: row.period_end_on, sort=("period_end_on",)),
        Column("value", "Figure", lambda row: row.value, sort=("value",), is_number=True),
        Column("unit", "Unit", lambda row: row.standard.unit),
        Column("target", "Target", lambda row: target_words(row.standard), is_number=True),
        Column("result", "Result", lambda row: result_chip(row.standard, row.value)),
        Column("note", "Note", lambda row: row.note, is_wide=True),
        Column("by", "Measured by", lambda row: row.measured_by or "the office’s records", sort=("measured_by__name",)),
    ]
