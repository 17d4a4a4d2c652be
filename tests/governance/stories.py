"""Short ways to a report in some state, through the real verbs."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from governance.clock import Office
from governance.models import DeliverableVersion, ReviewFinding
from governance.periods import period_ending
from governance.reports import open_period, save_draft, start_draft
from governance.states import Dimension
from portfolio.models import Project

CITY = ZoneInfo("America/Chicago")
#: A Thursday on which the office works.
THURSDAY = dt.date(2026, 11, 19)
NOON = dt.datetime(2026, 11, 19, 12, 0, tzinfo=CITY)
WEEK = dt.timedelta(days=7)
GREEN = {"pm_letter": "G"}
RED = {
    "pm_letter": "R",
    "reason": "The vendor missed the acceptance test.",
    "cause": "Late delivery",
    "action": "Second team from Monday",
    "action_owner": "Nadia Fenwold",
    "action_due_on": dt.date(2026, 12, 11),
    "measure": "Acceptance test passed",
}


def all_letters(letter: dict[str, Any] | None = None, **some: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {**{name: dict(letter or GREEN) for name in Dimension.values}, **some}


def a_draft(
    project: Project, *, end_on: dt.date = THURSDAY, at: dt.datetime = NOON, by: Any = None, **values: Any
) -> DeliverableVersion:
    """Return a draft that could be submitted as it stands."""
    office = Office.load(project.governance_class)
    deliverable = open_period(project, period_ending(end_on, project.governance_class, office.rules), at=at, office=office)
    author = by or project.project_manager
    version = start_draft(deliverable, by=author, at=at)
    given = {
        "headline": f"Week to {end_on}: the intake forms are tested.",
        "accomplishments": f"Forms of {end_on} tested",
        "plan": f"Test the forms after {end_on}",
        "ratings": all_letters(),
        "outcomes": {row.position: {"outcome": "done", "note": ""} for row in version.status_report.reconciliations.all()},
        **values,
    }
    save_draft(version, given, revision=version.status_report.revision, by=author, at=at)
    return version


def a_submitted(project: Project, *, at: dt.datetime = NOON, by: Any = None, **values: Any) -> DeliverableVersion:
    version = a_draft(project, at=at, by=by, **values)
    version.submit(by=by or project.project_manager, at=at)
    return version


def agreed_terms(version: DeliverableVersion, **some: dict[str, str]) -> dict[str, Any]:
    """Return office ratings that follow the project manager, with a reason wherever the evidence differs."""
    ratings = {
        row.dimension: {"letter": row.pm_letter, "reason": "The office agrees."} for row in version.status_report.ratings.all()
    }
    return {"ratings": {**ratings, **some}, "withheld": []}


def an_accepted(project: Project, *, by: Any, at: dt.datetime = NOON, **values: Any) -> DeliverableVersion:
    version = a_submitted(project, at=at, **values)
    version.approve(by=by, at=at + dt.timedelta(hours=2), terms=agreed_terms(version))
    return version


def a_finding(version: DeliverableVersion, *, by: Any, at: dt.datetime = NOON, **overrides: Any) -> ReviewFinding:
    from governance.findings import raise_finding

    values = {"section": "headline", "row": "", "severity": "major", "text": "Say how late go-live is.", **overrides}
    return raise_finding(version, by=by, at=at, **values)
