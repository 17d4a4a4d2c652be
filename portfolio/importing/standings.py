"""The history that a file brings: what the source said of each project on each date, in its own words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from portfolio.importing.options import ImportOptions
from portfolio.importing.rows import ReadRow
from portfolio.models import ImportedStanding

COMPARED = (
    "rating_text",
    "phase_text",
    "comment",
    "forecast_finish_on",
    "currency",
    "amount_unit",
    "budget_amount",
    "forecast_amount",
    "other",
)


@dataclass
class StandingPlan:
    """Which dated rows are new, which replace one of the same date, and how many stand already."""

    new: list[tuple[str, ImportedStanding]] = field(default_factory=list)
    changed: list[ImportedStanding] = field(default_factory=list)
    same: int = 0


def values_of(row: ReadRow, options: ImportOptions) -> dict[str, Any]:
    """Return what one row says. Every cell that became no field of its own is kept under its heading."""
    values = row.values
    return {
        "rating_text": values.get("rating", ""),
        "phase_text": row.texts.get("phase", ""),
        "comment": values.get("comment", ""),
        "forecast_finish_on": values.get("forecast_finish"),
        "currency": options.currency,
        "amount_unit": options.unit,
        "budget_amount": values.get("budget"),
        "forecast_amount": values.get("forecast"),
        "other": row.other,
    }


def plan_standings(
    rows: Iterable[ReadRow], known: dict[tuple[str, Any], ImportedStanding], options: ImportOptions
) -> StandingPlan:
    """Return the plan for `rows`; `known` has the stored standings by code in small letters and date."""
    plan = StandingPlan()
    for row in rows:
        stored = known.get((row.code.casefold(), row.as_of))
        values = values_of(row, options)
        if stored is None:
            plan.new.append((row.code.casefold(), ImportedStanding(as_of=row.as_of, **values)))
        elif any(getattr(stored, name) != values[name] for name in COMPARED):
            for name in COMPARED:
                setattr(stored, name, values[name])
            plan.changed.append(stored)
        else:
            plan.same += 1
    return plan
