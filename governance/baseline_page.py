"""Every baseline of a project, and how far dates, money and key milestones lie from the first and from the newest."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from governance.change_page import money, moved_money
from governance.models import ChangeRequest
from pmo.lib import words
from pmo.lib.workdays import WorkCalendar
from portfolio.models import Baseline, Milestone, Project
from portfolio.states import BaselineOrigin


@dataclass(frozen=True)
class BaselineRow:
    """One baseline in words. `url` leads to the change request that opened it."""

    name: str
    start: str
    finish: str
    budget: str
    contingency: str
    agreed: str
    url: str
    remark: str
    milestones: Sequence[tuple[str, str, bool]]


@dataclass(frozen=True)
class VarianceRow:
    """One thing that was agreed: as at first, as now, as expected or come about, and how far that is from both."""

    label: str
    original: str
    current: str
    expected: str
    off_original: str
    off_current: str


@dataclass(frozen=True)
class BaselinesPage:
    rows: list[BaselineRow]
    variances: list[VarianceRow]
    number: int


def baselines_page(project: Project, calendar: WorkCalendar, *, shows_money: bool) -> BaselinesPage:
    """Return both tables. Four queries, however many baselines there are."""
    kept = list(Baseline.objects.filter(project=project).in_order().select_related("agreed_by").prefetch_related("dates"))
    rows = ChangeRequest.objects.filter(project=project).exclude(new_baseline_number=None).defer("record")
    changes = {row.new_baseline_number: row for row in rows}
    for row in changes.values():
        row.project = project
    written = [baseline_row(row, project, changes.get(row.number), shows_money=shows_money) for row in kept]
    return BaselinesPage(written, variances(project, kept, calendar, shows_money=shows_money), project.baseline_number)


def baseline_row(row: Baseline, project: Project, change: ChangeRequest | None, *, shows_money: bool) -> BaselineRow:
    def amount(value: object) -> str:
        shown = Project(currency=row.currency, amount_unit=row.amount_unit or 1)
        return money(shown, value) if shows_money and value is not None else words.MISSING  # type: ignore[arg-type]

    opened = change if row.origin == BaselineOrigin.CHANGE else None
    by = f" by {row.agreed_by.name}" if row.agreed_by and opened is None else ""
    said = f" by {opened.code}" if opened else by
    return BaselineRow(
        name=row.name + (", corrected" if row.edition else ", original" if row.number == 0 else ""),
        start=words.day_without_weekday(row.start_on),
        finish=words.day_without_weekday(row.finish_on),
        budget=amount(row.budget_amount),
        contingency=amount(row.contingency_amount),
        agreed=f"{words.day_without_weekday(row.agreed_at)}{said}",
        url=opened.get_absolute_url() if opened else "",
        remark=remark_of(row),
        milestones=[(one.name, words.day_without_weekday(one.on), one.is_key) for one in row.dates.all()],
    )


def remark_of(row: Baseline) -> str:
    """Say where a baseline comes from, unless the change request that opened it says so."""
    if row.origin == BaselineOrigin.CORRECTION:
        return f"Typing error: {row.reason}"
    return row.reason if row.origin == BaselineOrigin.IMPORT else ""


def variances(project: Project, kept: Sequence[Baseline], calendar: WorkCalendar, *, shows_money: bool) -> list[VarianceRow]:
    """Return the finish, the cost and each key milestone against both baselines. One query."""
    original = next((row for row in reversed(kept) if row.number == 0), None)
    expected = project.actual_finish_on or project.forecast_finish_on
    finish = original.finish_on if original else project.original_finish_on
    found = [dated("Finish", finish, project.baseline_finish_on, expected, calendar)]
    if shows_money:
        found.append(priced(project, original))
    first = original.dates_by_number() if original else {}
    rows = Milestone.objects.filter(project=project, is_key=True).exclude(baseline_on=None).by_date()
    return found + [
        dated(row.name, first.get(row.number, row.original_on), row.baseline_on, row.expected_on, calendar) for row in rows
    ]


def dated(
    label: str, original: dt.date | None, current: dt.date | None, expected: dt.date | None, calendar: WorkCalendar
) -> VarianceRow:
    def off(planned: dt.date | None) -> str:
        return words.slip(calendar.between(planned, expected) if planned and expected else None)

    first, agreed, now = (words.day_without_weekday(one) for one in (original, current, expected))
    return VarianceRow(label, first, agreed, now, off(original), off(current))


def priced(project: Project, original: Baseline | None) -> VarianceRow:
    """Return what it is to cost; a first amount in another currency or unit is shown, and not compared."""
    is_same = original and (original.currency, original.amount_unit) == (project.currency, project.amount_unit)
    first = original.budget_amount if original and is_same else None

    def off(planned: object) -> str:
        if planned is None or project.forecast_amount is None:
            return words.MISSING
        return moved_money(project, project.forecast_amount - planned)  # type: ignore[operator]

    was, agreed, now = (money(project, one) for one in (first, project.budget_amount, project.forecast_amount))
    return VarianceRow("Cost", was, agreed, now, off(first), off(project.budget_amount))
