"""How projects that were closed ended: by the day and for the money that was agreed, at first and at last.

What is not known counts neither way: the row says why, and no figure is made of it.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db.models import F, OuterRef, QuerySet, Subquery

from governance.gate_past import known_from_records_only
from governance.performance.figures import Occurrence
from governance.performance.sources import Scope
from pmo.lib import words
from portfolio.models import Baseline, Project
from portfolio.states import ProjectStatus
from portfolio.tables import UNIT_WORDS

FINISH, BUDGET = "Finish", "Cost"


def on_time_at_first(scope: Scope) -> list[Occurrence]:
    """Return the closed projects: whether they finished by the finish of baseline 0."""
    return [_by_day(row, row.original_finish_on) for row in _closed(scope)]


def on_time_at_last(scope: Scope) -> list[Occurrence]:
    """Return the closed projects: whether they finished by the finish of the current baseline."""
    return [_by_day(row, row.baseline_finish_on) for row in _closed(scope)]


def on_budget_at_first(scope: Scope) -> list[Occurrence]:
    """Return the closed projects: whether they spent no more than the budget of baseline 0."""
    first = Baseline.objects.filter(project=OuterRef("pk"), number=0).order_by("-edition")
    names = ("budget_amount", "currency", "amount_unit")
    rows = _closed(scope).annotate(**{f"first_{name}": Subquery(first.values(name)[:1]) for name in names})
    return [_by_cost(row, row.first_budget_amount, (row.first_currency, row.first_amount_unit)) for row in rows]  # type: ignore[attr-defined]


def on_budget_at_last(scope: Scope) -> list[Occurrence]:
    """Return the closed projects: whether they spent no more than the approved budget."""
    return [_by_cost(row, row.budget_amount, (row.currency, row.amount_unit)) for row in _closed(scope)]


def _closed(scope: Scope) -> QuerySet[Project]:
    """Return the projects closed in the stretch, newest first, without what only gate records of elsewhere know."""
    rows = Project.objects.filter(scope.days("actual_finish_on", ""), status=ProjectStatus.CLOSED)
    rows = rows.exclude(pk__in=known_from_records_only(Project.objects.all()).values("pk"))
    return rows.annotate(manager_name=F("project_manager__name")).order_by("-actual_finish_on", "code")


def _occurrence(row: Project, what: str, detail: str, holds: bool | None) -> Occurrence:
    assert row.actual_finish_on is not None
    place = (row.actual_finish_on, row.code, row.name, what, row.get_absolute_url())
    who = row.manager_name or ""  # type: ignore[attr-defined]
    return Occurrence(*place, holds=bool(holds), detail=detail, who=who, is_known=holds is not None)


def _by_day(row: Project, agreed_on: dt.date | None) -> Occurrence:
    finished_on = row.actual_finish_on
    assert finished_on is not None
    if agreed_on is None:
        return _occurrence(row, FINISH, "not known: no finish was agreed", None)
    said = f"finished {words.day_without_weekday(finished_on)}, agreed {words.day_without_weekday(agreed_on)}"
    return _occurrence(row, FINISH, said, finished_on <= agreed_on)


def _by_cost(row: Project, budget: Decimal | None, unit: tuple[str | None, int | None]) -> Occurrence:
    unknown = _unknown_cost(row) or _unknown_budget(row, budget, unit)
    if unknown or row.spent_amount is None or budget is None:
        return _occurrence(row, BUDGET, f"not known: {unknown}", None)
    said = f"spent {_money(row, row.spent_amount)}, agreed {_money(row, budget)}"
    return _occurrence(row, BUDGET, said, row.spent_amount <= budget)


def _unknown_cost(row: Project) -> str:
    """Return why the cost at the end is not known, or nothing. What was spent before the end is not what it cost."""
    finished_on, as_of = row.actual_finish_on, row.money_as_of
    assert finished_on is not None
    if row.spent_amount is None:
        return "nothing says what was spent"
    if as_of is None:
        return "nothing says on which day the amount spent was true"
    if as_of < finished_on:
        day, end = words.day_without_weekday(as_of), words.day_without_weekday(finished_on)
        return f"the amount spent is of {day}, before the finish on {end}"
    if row.committed_amount:
        return f"{_money(row, row.committed_amount)} was ordered and is not invoiced yet"
    return ""


def _unknown_budget(row: Project, budget: Decimal | None, unit: tuple[str | None, int | None]) -> str:
    if budget is None:
        return "no budget was agreed"
    if unit != (row.currency, row.amount_unit):
        return "the budget was agreed in another currency or unit"
    return ""


def _money(row: Project, value: Decimal) -> str:
    return words.amount(value, row.currency, UNIT_WORDS.get(row.amount_unit, ""))
