"""One standard as its page shows it: the trend, the figures of the last years, what is found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString

from governance.measuring import finding_words, may_measure, result_words
from governance.models import ProductivityStandard, StandardMeasurement
from governance.policy_tabs import RulebookAccess
from governance.review_access import OfficeAccess
from governance.standard_tables import figure, target_words
from pmo.lib import words
from pmo.lib.charts import sparkline

#: So many periods are shown; all of them stand in the list of figures.
SHOWN = 24
TYPED_FIRST = "The owner of the standard and the PMO manager record one when a period is over."
RECORDED_FIRST = "The first one is taken from the records three working days after the period is over."
WIDE, NARROW, HEIGHT = 720, 300, 160


@dataclass(frozen=True)
class FigureRow:
    """One figure: its result in words, and what it was before corrections, as (figure, who, when, reason of the next)."""

    measurement: StandardMeasurement
    words: str
    result: str
    was: str
    reason: str


@dataclass(frozen=True)
class StandardPage:
    standard: ProductivityStandard
    target: str
    rows: list[FigureRow]
    finding: str
    wide: SafeString
    narrow: SafeString
    pairs: list[tuple[str, str]]
    met_words: str
    can_measure: bool
    can_edit: bool
    first_words: str
    """What the page says while no figure stands."""
    records_url: str
    """The rows that the latest figures were taken from; empty where somebody records them, or the reader may not see them."""


def standard_page(standard: ProductivityStandard, user: Any) -> StandardPage:
    """Return the page of a standard. Two queries besides the standard."""
    figures = list(standard.measurements.select_related("measured_by").order_by("-period_end_on")[:SHOWN])
    corrections = _corrections(standard)
    rows = [_row(standard, one, corrections) for one in figures]
    met = sum(row.result == "Met" for row in rows)
    return StandardPage(
        standard=standard,
        target=target_words(standard),
        rows=rows,
        finding=finding_words(standard, [one.value for one in figures]),
        wide=_drawn(standard, figures, WIDE),
        narrow=_drawn(standard, figures, NARROW),
        pairs=_ends(standard, figures),
        met_words=f"Met in {met} of {words.count(len(rows), 'period')}" if rows else "",
        can_measure=may_measure(standard, user),
        can_edit=RulebookAccess(user).can_write,
        first_words=RECORDED_FIRST if standard.recorded_figure else TYPED_FIRST,
        records_url=_records_url(standard, user),
    )


def _records_url(standard: ProductivityStandard, user: Any) -> str:
    if not standard.recorded_figure or not OfficeAccess(user).reads_all:
        return ""
    return reverse("governance:performance-rows", args=[standard.recorded_figure])


def _drawn(standard: ProductivityStandard, newest_first: list[StandardMeasurement], width: int) -> SafeString:
    values = [float(one.value) for one in reversed(newest_first)]
    label = f"{standard.statement}: figures by period, the dashed line is the target"
    unit = standard.unit if standard.unit == "%" else f" {standard.unit}"
    return sparkline(values, label, unit, width=width, height=HEIGHT, target=float(standard.target), period="periods")


def _ends(standard: ProductivityStandard, newest_first: list[StandardMeasurement]) -> list[tuple[str, str]]:
    if not newest_first:
        return []
    first, last = newest_first[-1], newest_first[0]
    named = [("First shown", first), ("Latest", last)] if first is not last else [("Latest", last)]
    return [
        *(
            (label, f"{figure(one.value, standard.unit)}, {words.day_without_weekday(one.period_end_on)}")
            for label, one in named
        ),
        ("Target, dashed", target_words(standard)),
    ]


def _corrections(standard: ProductivityStandard) -> dict[int, tuple[Any, str]]:
    """Return, by figure, what stood there first and the reason of the latest correction. One query."""
    first: dict[int, Any] = {}
    latest: dict[int, str] = {}
    changes = StandardMeasurement.history.filter(standard_id=standard.pk).order_by("history_id")
    for key, value, kind, reason in changes.values_list("id", "value", "history_type", "history_change_reason"):
        if kind == "+":
            first[key] = value
        elif kind == "~":
            latest[key] = reason or ""
    return {key: (first.get(key), reason) for key, reason in latest.items()}


def _row(standard: ProductivityStandard, one: StandardMeasurement, corrections: dict[int, tuple[Any, str]]) -> FigureRow:
    one.standard = standard
    was, reason = corrections.get(one.pk, (None, ""))
    is_changed = was is not None and was != one.value
    return FigureRow(
        one,
        figure(one.value, standard.unit) or "",
        result_words(standard, one.value),
        (figure(was, standard.unit) or "") if is_changed else "",
        reason,
    )
