"""The register of lessons: rows, columns and filters."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.db.models import Count, QuerySet
from django.utils import timezone

from governance.finding import lessons_saying
from governance.models import Lesson
from governance.policy_states import LessonCategory, LessonState
from pmo.lib.tables import Chip, Column, Link
from portfolio import options
from portfolio.filters import ListFilters, one_of, several
from portfolio.models import Department, Project
from portfolio.states import GovernanceClass, Phase


class LessonFilters(ListFilters):
    looked_up = ("project", "department")
    q = filters.CharFilter(label="Text", method="by_text")
    category = several("Category", LessonCategory.choices)
    phase = several("Phase", Phase.choices)
    governance_class = several("Class", GovernanceClass.choices)
    department = one_of("Department", "project__department_id")
    project = one_of("Project", "project_id")
    state = several("State", LessonState.choices)

    class Meta(ListFilters.Meta):
        model = Lesson
        fields: list[str] = []

    def get_options(self) -> dict[str, options.Choices]:
        told = Lesson.objects.visible_to(self.request.user).order_by()
        projects = Project.objects.filter(pk__in=told.values("project_id"))
        departments = Department.objects.filter(pk__in=told.values("project__department_id"))
        return options.grouped(options.named(projects, "project"), options.named(departments, "department"))

    def by_text(self, rows: QuerySet[Any], name: str, text: str) -> QuerySet[Any]:
        return lessons_saying(rows, text)


def lesson_rows(user: Any) -> QuerySet[Lesson]:
    rows = Lesson.objects.visible_to(user).select_related("project__department", "recorded_by")
    return rows.annotate(use_count=Count("uses"))


def lesson_columns(*, is_in_project: bool = False) -> list[Column]:
    return [
        Column("title", "Lesson", lambda row: Link(row.title, row.get_absolute_url()), sort=("title",), is_head=True),
        Column("category", "Category", lambda row: row.get_category_display(), sort=("category",)),
        Column("code", "Project", lambda row: row.project.code, sort=("project__code",), is_shown=not is_in_project),
        Column("project", "Project’s name", lambda row: row.project.name, sort=("project__name",), is_shown=False),
        Column(
            "department", "Department", lambda row: row.project.department, sort=("project__department__name",), is_shown=False
        ),
        Column("phase", "Phase", lambda row: row.get_phase_display(), sort=("phase",)),
        Column("class", "Class", lambda row: row.governance_class, sort=("governance_class",), is_number=True),
        Column("next_time", "What to do next time", lambda row: row.next_time, is_wide=True, is_shown=False),
        Column("tags", "Tags", lambda row: row.tags, is_wide=True, is_shown=False),
        Column("uses", "Used in", lambda row: row.use_count, sort=("use_count",), is_number=True),
        Column("at", "Recorded", lambda row: timezone.localdate(row.recorded_at), sort=("recorded_at",)),
        Column("by", "By", lambda row: row.recorded_by, sort=("recorded_by__name",), is_shown=False),
        Column(
            "state",
            "State",
            lambda row: Chip(row.get_state_display(), "plain" if row.published_at else "bold"),
            sort=("state",),
        ),
    ]
