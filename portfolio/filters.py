"""The filters of the lists. What the person may see at all is decided before, by `visible_to`."""

from __future__ import annotations

import datetime as dt
from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet
from django.forms import CheckboxSelectMultiple, Form
from django.utils import timezone

from pmo.lib.forms import StyledForm
from portfolio import options
from portfolio.models import Action, Decision, Dependency, Issue, Project, Risk
from portfolio.states import (
    ActionStatus,
    DecisionStatus,
    DependencyStatus,
    GovernanceClass,
    IssueSeverity,
    IssueStatus,
    Phase,
    Priority,
    ProjectStatus,
    RiskResponse,
    RiskStatus,
)

RATINGS = [("R", "Needs approval"), ("Y", "Off plan"), ("G", "On plan"), ("-", "No data")]
YES = [("yes", "Yes")]


def several(label: str, choices: Any, **extra: Any) -> filters.MultipleChoiceFilter:
    return filters.MultipleChoiceFilter(label=label, choices=choices, widget=CheckboxSelectMultiple, **extra)


def one_of(label: str, field_name: str) -> filters.ChoiceFilter:
    """A choice whose options are filled in when the list is shown."""
    return filters.ChoiceFilter(label=label, field_name=field_name, choices=[], empty_label="Any")


class FilterForm(StyledForm, Form):
    """The form of every set of filters, in the product's dress."""


class ListFilters(filters.FilterSet):
    """Filters whose choices come from the data: subclasses say from where."""

    class Meta:
        form = FilterForm

    #: Filters whose choices are looked up.
    looked_up: tuple[str, ...] = ()

    def __init__(self, data: Any = None, queryset: Any = None, *, request: Any = None, prefix: Any = None) -> None:
        super().__init__(data, queryset, request=request, prefix=prefix)
        if self.needs_options():
            for name, choices in self.get_options().items():
                if name in self.filters:
                    self.filters[name].extra["choices"] = choices

    def needs_options(self) -> bool:
        """Whether a filter of this kind is on, or the open panel offers them; else the query is saved."""
        data = self.data or {}
        return "panel" in data or any(data.get(name) for name in self.looked_up)

    def get_options(self) -> dict[str, options.Choices]:
        return {}


class ProjectFilters(ListFilters):
    looked_up = ("department", "program", "manager")
    q = filters.CharFilter(label="Text", method="by_text")
    mine = filters.ChoiceFilter(label="Only mine", choices=YES, empty_label="No", method="only_mine")
    department = one_of("Department", "department_id")
    program = one_of("Program", "program_id")
    manager = one_of("Project manager", "project_manager_id")
    status = several("Status", ProjectStatus.choices)
    phase = several("Phase", Phase.choices)
    governance_class = several("Class", GovernanceClass.choices)
    priority = several("Priority", Priority.choices)
    rating = several("Published rating", RATINGS, method="by_rating")

    class Meta(ListFilters.Meta):
        model = Project
        fields: list[str] = []

    def get_options(self) -> dict[str, options.Choices]:
        return options.project_options()

    def by_text(self, rows: QuerySet[Project], name: str, value: str) -> QuerySet[Project]:
        return rows.matching(value)  # type: ignore[attr-defined, no-any-return]

    def only_mine(self, rows: QuerySet[Project], name: str, value: str) -> QuerySet[Project]:
        return rows.of(self.request.user)  # type: ignore[attr-defined, no-any-return]

    def by_rating(self, rows: QuerySet[Project], name: str, value: list[str]) -> QuerySet[Project]:
        if not value:
            return rows
        unrated = Q(standing__isnull=True) if "-" in value else Q()
        return rows.filter(Q(standing__overall__in=value) | unrated)


class EntryFilters(ListFilters):
    """What all registers filter by."""

    looked_up = ("project", "owner")

    q = filters.CharFilter(label="Text", method="by_text")
    mine = filters.ChoiceFilter(label="Owned by me", choices=YES, empty_label="No", method="only_mine")
    project = one_of("Project", "project_id")
    owner = one_of("Owner", "owner_id")
    on_report = filters.ChoiceFilter(
        label="On the report", field_name="show_on_report", choices=[("1", "Yes"), ("0", "No")], empty_label="Any"
    )
    overdue = filters.ChoiceFilter(label="Overdue", choices=YES, empty_label="No", method="only_overdue")
    #: The date after which an open entry is overdue.
    due_field = ""

    def get_options(self) -> dict[str, options.Choices]:
        return options.entry_options(self.queryset)

    def by_text(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.matching(value)  # type: ignore[attr-defined, no-any-return]

    def only_mine(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(owner=self.request.user)

    def only_overdue(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        today: dt.date = timezone.localdate()
        return rows.open().filter(**{f"{self.due_field}__lt": today})  # type: ignore[attr-defined, no-any-return]


class RiskFilters(EntryFilters):
    due_field = "next_action_on"
    status = several("State", RiskStatus.choices)
    response = several("Response", RiskResponse.choices)
    score = filters.ChoiceFilter(
        label="Score before treatment",
        choices=[("15", "15 or more"), ("10", "10 or more"), ("5", "5 or more")],
        empty_label="Any",
        method="by_score",
    )

    class Meta(ListFilters.Meta):
        model = Risk
        fields: list[str] = []

    def by_score(self, rows: QuerySet[Risk], name: str, value: str) -> QuerySet[Risk]:
        return rows.with_score().filter(exposure__gte=int(value))  # type: ignore[attr-defined, no-any-return]


class IssueFilters(EntryFilters):
    due_field = "due_on"
    status = several("State", IssueStatus.choices)
    severity = several("Severity", IssueSeverity.choices)

    class Meta(ListFilters.Meta):
        model = Issue
        fields: list[str] = []


class DecisionFilters(EntryFilters):
    due_field = "needed_by_on"
    status = several("State", DecisionStatus.choices)

    class Meta(ListFilters.Meta):
        model = Decision
        fields: list[str] = []


class ActionFilters(EntryFilters):
    due_field = "due_on"
    status = several("State", ActionStatus.choices)

    class Meta(ListFilters.Meta):
        model = Action
        fields: list[str] = []


class DependencyFilters(EntryFilters):
    due_field = "needed_on"
    status = several("State", DependencyStatus.choices)

    class Meta(ListFilters.Meta):
        model = Dependency
        fields: list[str] = []
