"""Short ways to a change request in some state, through the real verbs."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

from governance import change_deciding, change_requests
from governance.change_requests import Option
from governance.models import ChangeRequest
from portfolio.models import Project
from tests.governance.stories import NOON

HOUR = dt.timedelta(hours=1)
WORDS: dict[str, Any] = {
    "reason_code": "vendor",
    "description": "The vendor delivers the scanners later than agreed.",
    "scope_effect": "None",
    "quality_effect": "None",
    "risk_effect": "Less time between test and go-live.",
    "benefits_effect": "None",
    "resources_effect": "Two analysts stay longer.",
    "within_contingency": True,
}
NOTHING = Option("Do nothing", "Go-live without scanners.", is_do_nothing=True)
LATER = Option("Move go-live", "Clerks scan from the first day.", is_recommended=True, days_effect=5)


def asked_for(values: dict[str, Any]) -> Option:
    """Return the recommended option with the effect of the request itself."""
    return replace(LATER, cost_effect=Decimal(values.get("cost_effect", 0)), days_effect=values.get("days_effect", 0))


REASON = "The cause is outside of the project and the option is the cheapest."


def with_baseline(project: Project, *, budget: str | None = "1000000", days: int | None = 200) -> Project:
    """Give a project a start, a finish some 200 working days later, and a budget; and its baseline 0, as a world begins."""
    from pmo.models.calendar import office_calendar

    project.start_on = dt.date(2026, 6, 1)
    project.baseline_finish_on = office_calendar().add(project.start_on, days) if days is not None else None
    project.original_finish_on = project.baseline_finish_on
    project.budget_amount = Decimal(budget) if budget is not None else None
    project.contingency_amount = Decimal(1_000_000)
    project.save()
    project.keep_agreed(by=None)
    return project


def a_change(
    project: Project, *, by: Any = None, at: dt.datetime = NOON, options: Any = (NOTHING, LATER), **values: Any
) -> ChangeRequest:
    """Return a draft that could be submitted."""
    author = by or project.project_manager
    title = values.pop("title", "Later scanners")
    if options == (NOTHING, LATER):
        options = (NOTHING, asked_for(values))
    change = change_requests.begin(project, by=author, at=at, title=title)
    change_requests.edit(change, by=author, changes={**WORDS, **values}, options=list(options))
    return change


def a_submitted_change(project: Project, *, by: Any = None, at: dt.datetime = NOON, **values: Any) -> ChangeRequest:
    change = a_change(project, by=by, at=at, **values)
    change_requests.submit(change, by=by or project.project_manager, at=at + HOUR)
    return change


def an_assessed_change(
    project: Project, *, assessor: Any, by: Any = None, at: dt.datetime = NOON, **values: Any
) -> ChangeRequest:
    change = a_submitted_change(project, by=by, at=at, **values)
    said = {"assessment": "The vendor’s letter is plausible.", "recommendation": "Approve."}
    change_requests.assess(change, by=assessor, at=at + 2 * HOUR, **said)
    return change


def an_approved_change(
    project: Project, *, assessor: Any, decider: Any, at: dt.datetime = NOON, **values: Any
) -> ChangeRequest:
    change = an_assessed_change(project, assessor=assessor, at=at, **values)
    change_deciding.approve(change, by=decider, at=at + 3 * HOUR, reason=REASON)
    return change
