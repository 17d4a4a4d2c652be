"""What contradicts itself in a file. It is listed, and nothing is corrected: only the source can say which figure is right."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from pmo.lib.words import day_without_weekday as day
from portfolio.importing.options import ImportOptions
from portfolio.importing.problems import Finding, quality
from portfolio.importing.rows import ReadRow

#: Sources round their figures; a difference below one unit is no contradiction.
TOLERANCE = Decimal(1)


@dataclass(frozen=True)
class Reported:
    """What one report said that the next one can be compared with."""

    as_of: dt.date
    cost_amount: Decimal | None
    forecast_finish_on: dt.date | None


def reported(row: ReadRow) -> Reported:
    """Return the figures of `row`; a file without a forecast speaks of its budget."""
    return Reported(row.as_of, row.values.get("forecast", row.values.get("budget")), row.values.get("forecast_finish"))


def quality_findings(rows: Sequence[ReadRow], before: Reported | None, options: ImportOptions) -> Iterable[Finding]:
    """Yield the contradictions in the rows of one project, oldest first; `before` is what was imported earlier."""
    for row in rows:
        yield from _dates(row, options)
    if before is not None and rows:
        yield from _changes(before, rows[0], options)
    for earlier, later in pairwise(rows):
        yield from _changes(reported(earlier), later, options)


def _dates(row: ReadRow, options: ImportOptions) -> Iterable[Finding]:
    start, finish = row.values.get("start"), row.values.get("forecast_finish")
    if start and finish and finish < start:
        heading = options.heading_of("forecast_finish")
        message = f"The forecast finish lies before the start, {day(start)}. Ask the source which date is right."
        yield quality(row.number, "finish_before_start", message, heading, day(finish))


def _changes(before: Reported, row: ReadRow, options: ImportOptions) -> Iterable[Finding]:
    now = reported(row)
    stated_amount = row.values.get("stated_cost_change")
    if stated_amount is not None and before.cost_amount is not None and now.cost_amount is not None:
        change = now.cost_amount - before.cost_amount
        if abs(change - stated_amount) >= TOLERANCE:
            message = (
                f"The source states a change of {stated_amount:,}, but its figures went from {before.cost_amount:,} "
                f"({day(before.as_of)}) to {now.cost_amount:,} ({day(now.as_of)}), by {change:,}. Ask the source."
            )
            yield quality(
                row.number, "cost_change_contradicts", message, options.heading_of("stated_cost_change"), f"{stated_amount:,}"
            )
    stated_days = row.values.get("stated_finish_change")
    if stated_days is not None and before.forecast_finish_on and now.forecast_finish_on:
        days = (now.forecast_finish_on - before.forecast_finish_on).days
        if days != stated_days:
            message = (
                f"The source states a change of {stated_days:,} days, but its dates went from "
                f"{day(before.forecast_finish_on)} to {day(now.forecast_finish_on)}, by {days:,} days. Ask the source."
            )
            yield quality(
                row.number, "finish_change_contradicts", message, options.heading_of("stated_finish_change"), f"{stated_days:,}"
            )
