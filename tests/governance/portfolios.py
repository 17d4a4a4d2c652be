"""Short ways to standings without reports: for lists, totals and files, which read nothing else."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils import timezone

from governance.models import ProjectStanding, StandingSnapshot
from governance.standings import EMPTY, snapshot
from portfolio.models import Project
from tests.factories import made, make_project

WEEK = dt.timedelta(days=7)


def today() -> dt.date:
    return timezone.localdate()


def a_standing(letter: str = "G", *, was: str = "", project: Project | None = None, **values: Any) -> ProjectStanding:
    """Return the standing of a project (a new one unless given); `was` is its rating until two days ago."""
    project = project or make_project()
    given = {"budget_amount": Decimal(1000), "variance_amount": Decimal(0), "strip": letter * 12, **values}
    row = ProjectStanding(project=project, **{**EMPTY, "overall": letter, "evidence_overall": letter, **given})
    made(row)
    if was:
        earlier = ProjectStanding(project=project, **{**EMPTY, "overall": was, "evidence_overall": was, **given})
        snapshot(earlier, on=today() - 5 * WEEK, status=project.status)
        snapshot(row, on=today() - dt.timedelta(days=2), status=project.status)
    else:
        snapshot(row, on=today() - 5 * WEEK, status=project.status)
    return row


def days_kept(project: Project) -> list[tuple[dt.date, dt.date | None]]:
    return list(StandingSnapshot.objects.filter(project=project).values_list("from_on", "until_on"))
