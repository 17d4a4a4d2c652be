"""The lists of gates and of waivers across the portfolio: columns and filters."""

from __future__ import annotations

import datetime as dt
from typing import Any

import django_filters as filters
from django.db.models import Case, Exists, F, IntegerField, OuterRef, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse

from governance.finding import gates_saying
from governance.gate_next import expected_gates, gate_expected, with_class_path
from governance.gate_room import look_of, slip_of
from governance.gate_states import Artefact, Gate, GateDecision, GateState
from governance.models import GateReview, Waiver
from pmo.lib import words
from pmo.lib.tables import Chip, Column, Link, Slip
from pmo.lib.workdays import WorkCalendar
from portfolio.filters import FilterForm, ListFilters, several
from portfolio.options import Choices
from portfolio.states import GovernanceClass

RECORDS = [("imported", "Imported only"), ("all", "Imported too")]
TIMES = [("late", "Overdue"), ("ahead", "Ahead"), ("expected", "Next gate expected, not planned"), ("decided", "Decided")]
EXPECTED = "expected, not planned"
WAIVER_TIMES = [("force", "In force"), ("soon", "Ends within 14 days"), ("over", "Ended")]
CHIPS = {"passed": "ink", "held": "bold", "late": "late", "next": "plain", "open": "plain"}


def by_project_text(rows: QuerySet[Any], name: str, text: str) -> QuerySet[Any]:
    for word in text.split():
        rows = rows.filter(project__name__icontains=word) | rows.filter(project__code__icontains=word)
    return rows


class GateFilters(ListFilters):
    """Imported gates are history of other houses: they are left out unless somebody asks for them."""

    looked_up = ("month",)
    q = filters.CharFilter(label="Text", method="by_text")
    when = filters.ChoiceFilter(label="State", choices=TIMES, empty_label="Any", method="by_time")
    gate = several("Gate", Gate.choices)
    decision = several("Decision", GateDecision.choices)
    governance_class = several("Class", GovernanceClass.choices, field_name="project__governance_class")
    month = filters.ChoiceFilter(label="Month", choices=[], empty_label="Any", method="by_month")
    records = filters.ChoiceFilter(label="Records", choices=RECORDS, empty_label="Our own", method="by_records")

    class Meta:
        form = FilterForm

    def get_options(self) -> dict[str, Choices]:
        months = self.queryset.filter(kind_in_source="").dates("planned_on", "month", order="DESC")
        return {"month": [(f"{month:%Y-%m}", f"{words.MONTHS[month.month - 1]} {month.year}") for month in months]}

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        rows = super().filter_queryset(queryset)
        return rows if self.form.cleaned_data.get("records") else rows.filter(kind_in_source="")

    def by_text(self, rows: Any, name: str, text: str) -> QuerySet[Any]:
        return gates_saying(rows, text, self.request.user)

    def by_time(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        wanted: dict[str, dict[str, Any]] = {
            "late": {"rank": 0},
            "ahead": {"rank": 1},
            "expected": {"is_expected": True},
            "decided": {"state": GateState.DECIDED},
        }
        return rows.filter(**wanted[value])

    def by_month(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        year, month = value.split("-")
        return rows.filter(counts_on__year=int(year), counts_on__month=int(month))

    def by_records(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.exclude(kind_in_source="") if value == "imported" else rows


def calendar_rows(rows: QuerySet[Any], today: dt.date) -> QuerySet[Any]:
    """Return the rows with their place in the calendar: overdue, ahead, decided; and the day that counts."""
    rank = Case(
        When(state=GateState.PLANNED, planned_on__lt=today, then=Value(0)),
        When(state=GateState.PLANNED, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    expected = expected_gates(GateReview.objects.filter(pk=OuterRef("pk")))
    return (
        with_class_path(rows.exclude(state=GateState.CANCELLED))
        .defer("record", "minutes", "rationale", "recommendation", "risk_summary")
        .annotate(rank=rank, counts_on=Coalesce("held_on", "planned_on"), is_expected=Exists(expected))
    )


def gate_columns(today: dt.date, calendar: WorkCalendar) -> list[Column]:
    late_first = (F("rank"), F("planned_on"), F("project__code"))
    return [
        Column("code", "Code", lambda row: row.project.code, sort=("project__code",)),
        Column("project", "Project", _project, sort=("project__name",), is_head=True),
        Column("class", "Class", lambda row: row.project.governance_class, sort=("project__governance_class",), is_number=True),
        Column("gate", "Gate", lambda row: Link(row.get_gate_display(), row.get_absolute_url()), sort=("gate",)),
        Column("state", "State", lambda row: state_chip(row, today), sort=late_first),
        Column("planned", "Planned", lambda row: row.planned_on, sort=("planned_on",)),
        Column("first", "First planned", lambda row: row.first_planned_on, sort=("first_planned_on",), is_shown=False),
        Column("held", "Held", lambda row: row.held_on, sort=("held_on",)),
        Column("next", "Next gate", _next, sort=("next_gate_on",), phone=False),
        Column("slip", "Slip", lambda row: Slip(slip_of(row, today, calendar)), is_number=True),
        Column("manager", "Project manager", lambda row: row.project.project_manager, sort=("project__project_manager__name",)),
        Column("by", "Decided by", lambda row: row.decided_by, sort=("decided_by__name",), is_shown=False),
        Column("source", "Source", lambda row: row.source, sort=("source",), is_shown=False),
    ]


def _project(row: Any) -> Link:
    return Link(row.project.name, reverse("governance:gate-room", args=[row.project.code]))


def _next(row: Any) -> str:
    """Return the day that the decision named, and which gate is expected then where nobody has planned it."""
    if row.next_gate_on is None:
        return ""
    day = words.day_without_weekday(row.next_gate_on)
    return f"{expected_words(row)} {day}, {EXPECTED}" if row.is_expected else day


def expected_words(row: Any) -> str:
    gate = gate_expected(row)
    return gate.value if gate else "Next gate"


def state_chip(row: GateReview, today: dt.date) -> Chip:
    look, state = look_of(row, today)
    return Chip(state, CHIPS[look])


class WaiverFilters(filters.FilterSet):
    q = filters.CharFilter(label="Project", method="by_text")
    when = filters.ChoiceFilter(label="State", choices=WAIVER_TIMES, empty_label="Any", method="by_time")
    gate = several("Gate", Gate.choices)
    artefact = several("What is waived", Artefact.choices)

    class Meta:
        form = FilterForm

    by_text = staticmethod(by_project_text)

    def by_time(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return (
            rows.filter(place=0) if value == "soon" else rows.filter(place=2) if value == "over" else rows.filter(place__lt=2)
        )


def waiver_rows(rows: QuerySet[Any], today: dt.date) -> QuerySet[Any]:
    """Return the rows with their place: those about to end, those in force, those that ended."""
    place = Case(
        When(revoked_at__isnull=False, then=Value(2)),
        When(expires_on__lt=today, then=Value(2)),
        When(expires_on__lte=today + dt.timedelta(days=14), then=Value(0)),
        default=Value(1),
        output_field=IntegerField(),
    )
    return rows.annotate(place=place)


def waiver_columns() -> list[Column]:
    return [
        Column("code", "Code", lambda row: row.project.code, sort=("project__code",)),
        Column("project", "Project", _project, sort=("project__name",), is_head=True),
        Column("gate", "Gate", _readiness, sort=("gate",)),
        Column("what", "What is waived", lambda row: row.what, sort=("artefact",)),
        Column("state", "State", _waiver_state, sort=("place", "expires_on")),
        Column("until", "Until", lambda row: row.expires_on, sort=("expires_on",)),
        Column("reason", "Reason", lambda row: row.reason, is_wide=True),
        Column("by", "Granted by", lambda row: row.granted_by, sort=("granted_by__name",)),
        Column("granted", "Granted", lambda row: row.granted_on, sort=("granted_on",), is_shown=False),
    ]


def _readiness(row: Waiver) -> Link:
    return Link(row.get_gate_display(), reverse("governance:gate-readiness", args=[row.project.code, row.gate]))


def _waiver_state(row: Any) -> Chip:
    if row.revoked_at:
        return Chip("Revoked", "plain")
    return (Chip("Ends soon", "late"), Chip("In force", "ink"), Chip("Ended", "plain"))[row.place]
