"""The columns of the project list. The columns of the registers stand in `register_tables.py`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db.models import Case, F, IntegerField, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import Truncator

from pmo.lib.dates_sql import weekdays_between
from pmo.lib.tables import Chip, Column, Html, Link, Money, Slip
from pmo.lib.workdays import WorkCalendar
from pmo.templatetags.ui import marks
from portfolio.access import PortfolioAccess
from portfolio.models import Project

UNIT_WORDS = {1: "", 1_000: "thousand", 1_000_000: "million"}
#: Worst first: red, yellow, no data, green.
BY_RATING = Case(
    *[When(standing__overall=letter, then=Value(place)) for place, letter in enumerate("RY-G")],
    default=Value(2),
    output_field=IntegerField(),
)
AMOUNTS = ("budget", "spent", "committed", "forecast_amount", "variance")
#: Up to this share of the budget a forecast may lie over it before the list stresses it.
TOLERATED_PCT = 5
#: Letters of an imported rating that a row has room for; the exports and the project's page hold them all.
MOST_IMPORTED_WORDS = 28
RATING_WORDS = {"G": "On plan", "Y": "Off plan", "R": "Needs approval"}


def project_columns(user: Any, calendar: WorkCalendar) -> list[Column]:
    """Return the columns that `user` may see, in order. Money is read row by row, and sorted by only who sees all of it."""
    access = PortfolioAccess(user)
    money = money_columns(access) if access.can_see_some_money else []
    return [*identity_columns(), *people_columns(), *state_columns(), *date_columns(calendar), *money, *last_columns()]


def identity_columns() -> list[Column]:
    return [
        Column("rating", "Rating", rating, sort=(BY_RATING, "code"), joins=("standing",)),
        Column("code", "Code", lambda row: row.code, sort=("code",)),
        Column("name", "Project", lambda row: Link(row.name, row.get_absolute_url()), sort=("name",), is_head=True),
        Column(
            "department",
            "Department",
            lambda row: row.department,
            sort=("department__name",),
            joins=("department",),
            is_shown=False,
        ),
        Column("program", "Program", lambda row: row.program, sort=("program__name",), joins=("program",), is_shown=False),
    ]


def people_columns() -> list[Column]:
    return [
        Column(
            "manager",
            "Project manager",
            lambda row: row.project_manager,
            sort=("project_manager__name",),
            joins=("project_manager",),
            short="Manager",
        ),
        Column("sponsor", "Sponsor", lambda row: row.sponsor, sort=("sponsor__name",), joins=("sponsor",), is_shown=False),
    ]


def state_columns() -> list[Column]:
    return [
        Column("phase", "Phase", lambda row: row.get_phase_display(), sort=(phase_order(),)),
        Column("status", "Status", status, sort=("status",), is_shown=False),
        Column("class", "Class", lambda row: row.governance_class, sort=("governance_class",), is_number=True),
        Column("priority", "Priority", lambda row: row.get_priority_display(), sort=("priority",), is_shown=False),
    ]


def date_columns(calendar: WorkCalendar) -> list[Column]:
    def day(key: str, label: str, field: str, **more: Any) -> Column:
        return Column(key, label, lambda row: getattr(row, field), sort=(field,), is_number=True, **more)

    return [
        day("start", "Start", "start_on", is_shown=False),
        day("original_finish", "Original finish", "original_finish_on", is_shown=False),
        day("baseline_finish", "Baseline finish", "baseline_finish_on", short="Baseline", is_shown=False),
        day("forecast_finish", "Forecast finish", "forecast_finish_on", short="Forecast"),
        Column(
            "slip",
            "Slip",
            lambda row: Slip(slip_days(row, calendar)),
            is_number=True,
            sort=(weekdays_between("baseline_finish_on", Coalesce("actual_finish_on", "forecast_finish_on")),),
        ),
    ]


def money_columns(access: PortfolioAccess) -> list[Column]:
    def amount(key: str, label: str, field: str, *, is_difference: bool = False, sort: Any = None, **more: Any) -> Column:
        def read(row: Project) -> Money | None:
            return (
                project_money(row, getattr(row, field), is_difference=is_difference) if access.can_see_money_of(row) else None
            )

        return Column(key, label, read, sort=(sort or field,) if access.can_see_all_money else (), is_number=True, **more)

    return [
        amount("budget", "Budget", "budget_amount"),
        amount("spent", "Spent", "spent_amount", is_shown=False),
        amount("committed", "Committed", "committed_amount", is_shown=False),
        amount("forecast_amount", "Forecast cost", "forecast_amount", is_shown=False),
        amount(
            "variance", "Against budget", "variance_amount", is_difference=True, sort=F("forecast_amount") - F("budget_amount")
        ),
        beside_money("currency", "Currency", access, lambda row: row.currency),
        beside_money("unit", "Unit of amounts", access, lambda row: row.amount_unit),
    ]


def beside_money(key: str, label: str, access: PortfolioAccess, read: Callable[[Project], Any]) -> Column:
    return Column(key, label, lambda row: read(row) if access.can_see_money_of(row) else None, export_only=True, beside=AMOUNTS)


def last_columns() -> list[Column]:
    return [
        Column("reports", "Owes reports", lambda row: row.is_reporting, sort=("is_reporting",), is_shown=False),
        Column("source", "Source", lambda row: row.source, sort=("source",), is_shown=False),
        Column("updated", "Updated", lambda row: row.updated_at, sort=("updated_at",), is_shown=False),
    ]


def phase_order() -> Case:
    phases = Project._meta.get_field("phase").choices or ()
    return Case(*[When(phase=key, then=Value(place)) for place, (key, _) in enumerate(phases)], output_field=IntegerField())


def rating(row: Project) -> Html:
    """The published rating; an imported one in its own words, said to be so."""
    standing = getattr(row, "standing", None)
    letter = standing.overall if standing else "-"
    word = RATING_WORDS.get(letter, "No data")
    imported = standing.imported_rating if standing and letter == "-" else ""
    if not imported:
        evidence = standing.evidence_overall if standing and letter != "-" else ""
        return Html(marks(letter, evidence), word)
    return Html(
        format_html(
            '<span class="marks">{}<span class="imported small soft">{}, imported</span></span>',
            marks(letter, word=False),
            Truncator(imported).chars(MOST_IMPORTED_WORDS),
        ),
        f"{imported} (imported, not reviewed)",
    )


def status(row: Project) -> Chip | str:
    return row.get_status_display() if row.status == "active" else Chip(row.get_status_display(), "plain")


def slip_days(row: Project, calendar: WorkCalendar) -> int | None:
    """Return working days of the expected finish after the current baseline; None when one of them is missing."""
    expected: dt.date | None = row.actual_finish_on or row.forecast_finish_on
    if expected is None or row.baseline_finish_on is None:
        return None
    return calendar.between(row.baseline_finish_on, expected)


def project_money(row: Project, amount: Any, *, is_difference: bool = False) -> Money | None:
    if amount is None:
        return None
    is_beyond = is_difference and row.budget_amount and amount > row.budget_amount * TOLERATED_PCT / 100
    return Money(amount, row.currency, UNIT_WORDS.get(row.amount_unit, ""), is_difference, bool(is_beyond))


def project_link(row: Any) -> Html:
    """The project of a register's entry: its code before its name."""
    link = reverse("project-overview", args=[row.project.code])
    html = format_html(
        '<span class="proj"><span class="code">{}</span><a href="{}">{}</a></span>', row.project.code, link, row.project.name
    )
    return Html(html, f"{row.project.code} {row.project.name}")
