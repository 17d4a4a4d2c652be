"""Productivity standards: what is measured, what a correction leaves, and when a standard was missed twice running."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from governance.clock import Office
from governance.models import ProductivityStandard, StandardMeasurement
from pmo.lib.errors import Refused
from pmo.roles import Role

#: So many misses in a row make a finding.
RUNNING = 2


def may_measure(standard: ProductivityStandard, person: Any) -> bool:
    """Say whether `person` records figures: the PMO manager, and the owner of the standard; nobody what the records say."""
    return not standard.recorded_figure and bool(person.pk == standard.owner_id or person.has_role(Role.PMO_MANAGER))


def open_standard(*, by: Any, **values: Any) -> ProductivityStandard:
    """Enter a standard. Raises Refused: `not_office`; ValidationError for bad values."""
    if not by.has_role(Role.PMO_MANAGER):
        raise Refused("The PMO manager sets the standards.", "not_office")
    return ProductivityStandard.enter(by=by, **values)


def measure(
    standard: ProductivityStandard, *, by: Any, at: dt.datetime, period_end_on: dt.date, value: Decimal, note: str = ""
) -> StandardMeasurement:
    """Record the figure of one period.

    Raises Refused: `from_records`, `not_measurer`, `period_not_over`; ValidationError when the period is measured already.
    """
    _check(standard, by)
    if period_end_on > Office.load().day(at):
        raise Refused("The period is not over yet. Measure it when it is.", "period_not_over")
    return StandardMeasurement.enter(
        by=by, standard=standard, period_end_on=period_end_on, value=value, note=note, measured_by=by, measured_at=at
    )


def correct(
    measurement: StandardMeasurement, *, by: Any, value: Decimal, note: str, reason: str, version: int | None = None
) -> list[str]:
    """Correct a figure; the earlier one stays in the history. Raises Refused: `from_records`, `not_measurer`,
    `reason_missing`; Stale.
    """
    _check(measurement.standard, by)
    return measurement.revise(by=by, changes={"value": value, "note": note}, reason=reason, version=version)


def _check(standard: ProductivityStandard, by: Any) -> None:
    if standard.recorded_figure:
        raise Refused("This figure is taken from the office’s records. Correct the record it was made of.", "from_records")
    if not may_measure(standard, by):
        raise Refused("The owner of the standard and the PMO manager record its figures.", "not_measurer")


def result_words(standard: ProductivityStandard, value: Decimal | None) -> str:
    """Return "met" or "missed"; a dash's place stays empty while there is no figure."""
    if value is None:
        return ""
    return "Met" if standard.is_met_by(value) else "Missed"


def misses_running(standard: ProductivityStandard, newest_first: Sequence[Decimal]) -> int:
    """Return how many of the latest figures in a row miss the target."""
    count = 0
    for value in newest_first:
        if standard.is_met_by(value):
            break
        count += 1
    return count


def finding_words(standard: ProductivityStandard, newest_first: Sequence[Decimal]) -> str:
    """Return what is found when a standard was missed twice running or more, else nothing. It is shown, never stored."""
    count = misses_running(standard, newest_first)
    return f"Missed {count} times running" if count >= RUNNING else ""
