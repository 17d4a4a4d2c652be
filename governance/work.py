"""What the weekly report asks of a project's manager now: to begin, to go on, to answer, or to wait. Reads only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse

from governance.models import Deliverable, DeliverableVersion
from governance.states import OPEN_STATES, STANDING_STATES, WAITING_STATES, VersionState
from portfolio.models import Project


@dataclass(frozen=True)
class Task:
    """One report that is not settled, and the next step on it."""

    code: str
    project_name: str
    project_id: int
    number: int
    period_end_on: dt.date
    due_at: dt.datetime | None
    state: str
    """The state of the newest version; empty while none is begun."""
    version: int
    submitted_at: dt.datetime | None
    is_late: bool
    """The report was due and has never been submitted."""

    @property
    def is_waiting(self) -> bool:
        return self.state in WAITING_STATES

    @property
    def is_back(self) -> bool:
        return self.state == VersionState.RETURNED

    @property
    def words(self) -> str:
        """Return the step as the words of a button."""
        if self.is_waiting:
            return f"See report {self.number}"
        if self.is_back:
            return f"Answer the findings in report {self.number}"
        return f"Continue report {self.number}" if self.state else f"Write report {self.number}"

    @property
    def url(self) -> str:
        """Return where the step is done."""
        if not self.state:
            return reverse("governance:report-new", args=[self.code])
        name = "report-detail" if self.is_waiting else "report-edit"
        return reverse(f"governance:{name}", args=[self.code, self.number])

    @property
    def review_url(self) -> str:
        return reverse("governance:review-detail", args=[self.code, self.number, self.version])


def unsettled_reports(projects: QuerySet[Project] | Iterable[Project], at: dt.datetime) -> list[Task]:
    """Return the reports of `projects` that are due or in work, the longest due first. One query."""
    newest = DeliverableVersion.objects.filter(deliverable=OuterRef("pk")).order_by("-number")
    standing = DeliverableVersion.objects.standing().filter(deliverable=OuterRef("pk"))
    rows = (
        Deliverable.objects.reports()
        .filter(project__in=projects, excused_at=None, opened_at__lte=at)
        .annotate(
            state=Coalesce(Subquery(newest.values("state")[:1]), Value("")),
            version=Subquery(newest.values("number")[:1]),
            submitted_at=Subquery(newest.values("submitted_at")[:1]),
        )
        .exclude(state__in=[*STANDING_STATES, VersionState.REJECTED])
        .exclude(Exists(standing), ~Q(state__in=OPEN_STATES))
        .order_by("due_at", "project__code")
    )
    fields = ("number", "period_end_on", "due_at", "first_submitted_at", "state", "version", "submitted_at")
    return [task_of(row, at) for row in rows.values("project_id", "project__code", "project__name", *fields)]


def task_of(row: dict[str, Any], at: dt.datetime) -> Task:
    return Task(
        code=row["project__code"],
        project_name=row["project__name"],
        project_id=row["project_id"],
        number=row["number"],
        period_end_on=row["period_end_on"],
        due_at=row["due_at"],
        state=row["state"],
        version=row["version"] or 0,
        submitted_at=row["submitted_at"],
        is_late=row["first_submitted_at"] is None and row["due_at"] is not None and row["due_at"] < at,
    )
