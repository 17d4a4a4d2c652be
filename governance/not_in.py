"""Reports that were due and are not in: the rows, columns and filters of the list."""

from __future__ import annotations

import datetime as dt
from typing import Any

import django_filters as filters
from django.db.models import CharField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils.html import format_html

from governance.clock import Office
from governance.models import Deliverable
from pmo.lib.tables import Column, Html, Link
from pmo.lib.words import count
from pmo.models import JobSlot
from portfolio.filters import FilterForm
from portfolio.states import GovernanceClass, ProjectStatus


def reports_not_in(user: Any, at: dt.datetime) -> QuerySet[Deliverable]:
    """Return what active projects owe and have not sent, with when people were reminded, told and escalated to. One query."""
    rows = Deliverable.objects.reports().visible_to(user).not_in(at).filter(project__status=ProjectStatus.ACTIVE)
    told = {f"{job}_at": Subquery(_slot(job)) for job in ("remind", "overdue", "escalate")}
    return rows.select_related("project__project_manager").annotate(**told)


def _slot(job: str) -> QuerySet[Any]:
    """Return when a timed job was done for the deliverable of the outer query; slots are named by `governance.due`."""
    slot = Concat(Value("report-"), Cast(OuterRef("pk"), CharField()))
    return JobSlot.objects.filter(job=job, slot=slot).values("ran_at")[:1]


class NotInFilters(filters.FilterSet):
    q = filters.CharFilter(label="Text", method="by_text")
    governance_class = filters.ChoiceFilter(
        label="Class", field_name="project__governance_class", choices=GovernanceClass.choices, empty_label="Any"
    )

    class Meta:
        form = FilterForm

    def by_text(self, rows: QuerySet[Any], name: str, text: str) -> QuerySet[Any]:
        for word in text.split():
            rows = rows.filter(project__name__icontains=word) | rows.filter(project__code__icontains=word)
        return rows


def not_in_columns(office: Office, at: dt.datetime, *, can_excuse: bool) -> list[Column]:
    def late(row: Any) -> int:
        return office.calendar.between(office.day(row.due_at), office.day(at))

    columns = [
        Column("code", "Code", lambda row: row.project.code, sort=("project__code",)),
        Column("project", "Project", _project, sort=("project__name",), is_head=True),
        Column("manager", "Project manager", lambda row: row.project.project_manager, sort=("project__project_manager__name",)),
        Column("report", "Report", lambda row: row.number, is_number=True, phone=False),
        Column("period", "Week to", lambda row: row.period_end_on, sort=("period_end_on",)),
        Column("due", "Due", lambda row: row.due_at, sort=("due_at",)),
        Column("late", "Overdue", lambda row: _days(late(row)), sort=("due_at",)),
        Column("reminded", "Reminded", lambda row: row.remind_at, sort=("remind_at",)),
        Column("told", "Office told", lambda row: row.overdue_at, sort=("overdue_at",), is_shown=False),
        Column("escalated", "Executive told", lambda row: row.escalate_at, sort=("escalate_at",)),
    ]
    return [*columns, Column("excuse", "Excuse", _excuse)] if can_excuse else columns


def _project(row: Deliverable) -> Link:
    return Link(row.project.name, reverse("governance:report-list", args=[row.project.code]))


def _days(days: int) -> Html:
    said = count(days, "working day") if days else "today"
    return Html(format_html('<span class="age-late">{}</span>', said), said)


def _excuse(row: Deliverable) -> Link:
    return Link("Excuse", reverse("governance:report-excuse", args=[row.project.code, row.number]))
