"""The filters of the published portfolio. They look at whitelisted fields only: nothing else can be searched out of it."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet

from governance.dashboard import NEEDS_ATTENTION, WORST_FIRST, Lens
from pmo.lib.charts.shapes import SHORT_WORD
from portfolio.filters import FilterForm, several
from portfolio.models import Department, Program
from portfolio.options import Choices, grouped, named
from portfolio.states import GovernanceClass, Phase

STATES = [("open", "Open projects"), ("over", "Closed and cancelled"), ("all", "All")]
SHOWN = [("attention", "Needs attention"), ("changed", "Changed since the week before")]
RATINGS = [(letter.value, SHORT_WORD[letter.value]) for letter in WORST_FIRST]


def published_options() -> dict[str, Choices]:
    """Return the departments and programs that occur, each sorted by name. One query."""
    return grouped(
        named(Department.objects.filter(projects__isnull=False).distinct(), "department"),
        named(Program.objects.filter(projects__isnull=False).distinct(), "program"),
    )


class DashboardFilters(filters.FilterSet):
    """Every filter works on today's standings and on the snapshots of an earlier day alike."""

    q = filters.CharFilter(label="Text", method="by_text")
    show = filters.ChoiceFilter(label="Only", choices=SHOWN, empty_label="Everything", method="by_shown")
    rating = several("Published rating", RATINGS, method="by_letter")
    department = several("Department", [], method="by_project_field")
    program = several("Program", [], method="by_project_field")
    governance_class = several("Class", GovernanceClass.choices, method="by_project_field")
    phase = several("Phase", Phase.choices, method="by_phase")
    state = filters.ChoiceFilter(label="State", choices=STATES[1:], empty_label=STATES[0][1], method="by_state")

    class Meta:
        form = FilterForm

    def __init__(self, data: Any, lens: Lens, options: dict[str, Choices]) -> None:
        super().__init__(data, lens.rows())
        self.lens = lens
        for name in ("department", "program"):
            self.filters[name].extra["choices"] = options.get(name, [])

    @property
    def everything(self) -> QuerySet[Any]:
        """Return the open projects without any filter."""
        return self.queryset.filter(self.lens.in_state("open"))

    @property
    def is_on(self) -> bool:
        """Whether any filter narrows the rows."""
        return any(value.strip() for name in self.filters for value in self.data.getlist(name))

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        rows = super().filter_queryset(queryset)
        return rows if self.form.cleaned_data.get("state") else rows.filter(self.lens.in_state("open"))

    def by_text(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        words = Q()
        for field in ("code", "name", "department__name", "project_manager__name"):
            words |= Q(**{f"{self.lens.project(field)}__icontains": value})
        return rows.filter(words)

    def by_shown(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(letter__in=NEEDS_ATTENTION) if value == "attention" else rows.filter(self.lens.changed())

    def by_letter(self, rows: QuerySet[Any], name: str, value: list[str]) -> QuerySet[Any]:
        return rows.filter(letter__in=value) if value else rows

    def by_project_field(self, rows: QuerySet[Any], name: str, value: list[str]) -> QuerySet[Any]:
        return rows.filter(**{f"{self.lens.project(name)}__in": value}) if value else rows

    def by_phase(self, rows: QuerySet[Any], name: str, value: list[str]) -> QuerySet[Any]:
        return rows.filter(**{f"{self.lens.standing(name)}__in": value}) if value else rows

    def by_state(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(self.lens.in_state(value))
