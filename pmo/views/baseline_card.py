"""The baselines on a project's overview: dates, money and key milestones against the first and the newest."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, Subquery

from governance.report_facts import late_days
from pmo.lib import words
from pmo.lib.workdays import WorkCalendar
from portfolio.models import Baseline, Milestone, Project


def first_figures() -> dict[str, Subquery]:
    """Return what baseline 0 says of start and money, to be read with the project; an amount in another unit is left out."""
    original = Baseline.objects.filter(project=OuterRef("pk"), number=0).order_by("-edition")
    comparable = original.filter(currency=OuterRef("currency"), amount_unit=OuterRef("amount_unit"))
    return {
        "first_start_on": Subquery(original.values("start_on")[:1]),
        "first_budget": Subquery(comparable.values("budget_amount")[:1]),
    }


@dataclass(frozen=True)
class BaselineLine:
    name: str
    note: str
    end: str


@dataclass(frozen=True)
class Agreed:
    """One baseline as the card compares it."""

    name: str
    start_on: dt.date | None
    finish_on: dt.date | None
    budget: Decimal | None


def baseline_lines(page: Any) -> list[BaselineLine]:
    """Return a line for baseline 0 and for the newest, and one for the key milestones. No query of its own."""
    project: Project = page.project
    number = project.baseline_number
    first_start = project.first_start_on or project.start_on  # type: ignore[attr-defined]
    found = [Agreed("Baseline 0, original", first_start, project.original_finish_on, project.first_budget)]  # type: ignore[attr-defined]
    if number:
        found.append(Agreed(f"Baseline {number}, current", project.start_on, project.baseline_finish_on, project.budget_amount))
    lines = [BaselineLine(one.name, note_of(page, one), words.day(one.finish_on)) for one in found]
    keys = [row for row in page.planned if row.is_key and row.baseline_on]
    return [*lines, key_line(keys, number, page.calendar)] if keys else lines


def note_of(page: Any, one: Agreed) -> str:
    project: Project = page.project
    expected = "ended" if project.actual_finish_on else "forecast"
    slip = late_days(page.calendar, one.finish_on, page.expected_on)
    parts = [f"start {words.day(one.start_on)}"]
    if page.has_money and one.budget is not None:
        parts.append(f"budget {page.amount(one.budget)}{over(page, one.budget)}")
    if slip is not None:
        parts.append(f"{expected} {words.slip(slip)}")
    return "; ".join(parts)


def over(page: Any, budget: Decimal) -> str:
    """Return `, $0.54 M over`, `, $0.02 M under`; nothing where no forecast of the cost is known."""
    forecast = page.project.forecast_amount
    if forecast is None or forecast == budget:
        return "" if forecast is None else ", on budget"
    return f", {page.amount(abs(forecast - budget))} {'over' if forecast > budget else 'under'}"


def key_line(keys: list[Milestone], number: int, calendar: WorkCalendar) -> BaselineLine:
    """Count the key milestones that are, or are expected to be, later than agreed."""

    def late(days: list[int | None]) -> int:
        return sum(1 for one in days if one is not None and one > 0)

    original = late([row.original_slip_days(calendar) for row in keys])
    current = late([row.slip_days(calendar) for row in keys])
    note = f"{original} later than baseline 0" + (f"; {current} later than baseline {number}" if number else "")
    return BaselineLine("Key milestones", note, f"{len(keys)} agreed")
