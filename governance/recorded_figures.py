"""Standards that measure themselves: what the office's records say of each period that is over, entered once and kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from governance.clock import Office
from governance.models import ProductivityStandard, StandardMeasurement
from governance.performance.figures import Month, figure_of, within
from governance.performance.metrics import METRICS, Metric
from governance.performance.sources import Scope
from governance.standard_periods import periods_over
from pmo.lib import words

#: What happened in a period is entered by then: late reports, decisions of the last days.
SETTLED_AFTER_WORKDAYS = 3
#: So many periods are looked back at; a standard set today has the trend of its past.
PERIODS = 12


def measure_from_records(at: dt.datetime, office: Office) -> int:
    """Enter the figure of every settled period that has none, and return how many were entered.

    A period in which nothing happened that the figure counts has no figure.
    """
    standards = ProductivityStandard.objects.exclude(recorded_figure="").prefetch_related("measurements")
    return sum(_measure(standard, at, office) for standard in standards)


def _measure(standard: ProductivityStandard, at: dt.datetime, office: Office) -> int:
    have = {row.period_end_on for row in standard.measurements.all()}  # type: ignore[attr-defined]
    missing = [period for period in _settled(standard, office.day(at), office) if period.end not in have]
    if not missing:
        return 0
    scope = Scope(missing[0].start, missing[-1].end, office, at)
    figures = _figures(METRICS[standard.recorded_figure], missing, scope)
    for period, (value, note) in zip(missing, figures, strict=True):
        if value is not None:
            StandardMeasurement.enter(
                by=None, standard=standard, period_end_on=period.end, value=value, note=note, measured_by=None, measured_at=at
            )
    return sum(value is not None for value, _ in figures)


def _settled(standard: ProductivityStandard, today: dt.date, office: Office) -> list[Month]:
    periods = periods_over(standard.frequency, today, PERIODS)
    return [period for period in periods if office.calendar.add(period.end, SETTLED_AFTER_WORKDAYS) <= today]


def _figures(metric: Metric, periods: Sequence[Month], scope: Scope) -> list[tuple[Decimal | None, str]]:
    """Return the value of each period, to two places, and what it was made of. One reading of the source for all of them."""
    rows = metric.source(scope)
    found = [figure_of(within(rows, metric.how, period), metric.how) for period in periods]
    return [(None if one.value is None else words.rounded(one.value, 2), metric.parts(one)) for one in found]
