"""The columns of the registers, across the portfolio and inside one project."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, F, IntegerField, Value, When
from django.urls import reverse
from django.utils.html import format_html

from pmo.lib.tables import Chip, Column, Due, Html, Link, Money
from portfolio.access import PortfolioAccess
from portfolio.models import Issue
from portfolio.tables import project_link

SEVERITY_CHIP = {"critical": "ink", "major": "bold", "minor": "plain"}
#: The form on the page that carries the token for the ticks of a whole list.
TICK_FORM = "report-ticks"


@dataclass(frozen=True)
class Reader:
    """Who reads a register, on which day, and in which projects they may tick entries for the report.

    `back_query` leads an entry back to the page from which somebody came.
    """

    access: PortfolioAccess
    today: dt.date
    may_tick: Callable[[Any], bool]
    in_project: bool = False
    back_query: str = ""

    def may_see_money(self, entry: Any) -> bool:
        return self.access.can_see_money_of(entry.project)


def shared_first(reader: Reader, noun: str) -> list[Column]:
    project = [] if reader.in_project else [Column("project", "Project", project_link, sort=("project__code",), is_wide=True)]
    return [
        Column(
            "number",
            "No.",
            lambda row: row.number,
            sort=("number",) if reader.in_project else ("project__code", "number"),
            is_number=True,
        ),
        Column(
            "title",
            noun,
            lambda row: Link(row.title, row.get_absolute_url() + reader.back_query),
            sort=("title",),
            is_head=True,
        ),
        *project,
    ]


def shared_last(reader: Reader) -> list[Column]:
    return [
        Column("owner", "Owner", lambda row: row.owner, sort=("owner__name",)),
        Column("status", "State", state, sort=("status",)),
        Column("on_report", "On report", lambda row: tick(row, reader), sort=("show_on_report",)),
        Column("created", "Recorded", lambda row: row.created_at, sort=("created_at",), is_shown=False),
    ]


def state(row: Any) -> Any:
    return row.get_status_display() if row.is_open else Chip(row.get_status_display(), "plain")


def tick(row: Any, reader: Reader) -> Html | bool:
    """Whether the entry stands on the report; a button that changes it for those who may."""
    if not reader.may_tick(row) or not row.is_open:
        return bool(row.show_on_report)
    address = reverse(f"portfolio:{row.URL_NOUN}-show", args=[row.project.code, row.number])
    word, value = ("Yes", "no") if row.show_on_report else ("No", "yes")
    button = format_html(
        '<button class="btn btn--sm" form="{}" formaction="{}" name="on_report" value="{}">{}'
        '<span class="vh">, {} on the report: change</span></button>',
        TICK_FORM,
        address,
        value,
        word,
        row,
    )
    return Html(button, word)


def due(key: str, label: str, field: str, reader: Reader, **more: Any) -> Column:
    def read(row: Any) -> Due:
        on = getattr(row, field)
        return Due(on, bool(on and row.is_open and on < reader.today))

    return Column(key, label, read, sort=(field,), is_number=True, **more)


def risk_columns(reader: Reader) -> list[Column]:
    treated = F("treated_probability") * F("treated_impact")
    columns = [
        *shared_first(reader, "Risk"),
        Column("score", "Score", lambda row: row.score, sort=(F("probability") * F("impact"),), is_number=True),
        Column("treated", "Treated", lambda row: row.treated_score, sort=(treated,), is_number=True, short="After"),
        Column("response", "Response", lambda row: row.get_response_display(), sort=("response",), is_shown=False),
        Column("next_action", "Next action", lambda row: row.next_action, is_wide=True, is_shown=reader.in_project),
        due("next_action_on", "Next action by", "next_action_on", reader, short="By"),
        Column(
            "proximity",
            "Could happen from",
            lambda row: row.proximity_on,
            sort=("proximity_on",),
            is_number=True,
            is_shown=False,
        ),
        *shared_last(reader),
    ]
    return [*columns[:-4], *risk_money(reader), *columns[-4:]] if reader.access.can_see_some_money else columns


def risk_money(reader: Reader) -> list[Column]:
    def amount(key: str, label: str, read: Callable[[Any], Any], sort: Any) -> Column:
        def shown(row: Any) -> Money | None:
            return Money(read(row)) if reader.may_see_money(row) and read(row) is not None else None

        return Column(
            key, label, shown, sort=(sort,) if reader.access.can_see_all_money else (), is_number=True, is_shown=False
        )

    return [
        amount("cost", "Cost if it happens", lambda row: row.cost_amount, "cost_amount"),
        amount("expected", "Expected value", lambda row: row.expected_amount, F("cost_amount") * F("chance_pct")),
    ]


def issue_columns(reader: Reader) -> list[Column]:
    worst = Case(
        *[When(severity=key, then=Value(place)) for place, key in enumerate(SEVERITY_CHIP)], output_field=IntegerField()
    )

    def severity(row: Issue) -> Chip:
        return Chip(row.get_severity_display(), SEVERITY_CHIP.get(row.severity, ""))

    return [
        *shared_first(reader, "Issue"),
        Column("severity", "Severity", severity, sort=(worst,)),
        Column("raised", "Raised", lambda row: row.raised_on, sort=("raised_on",), is_number=True),
        Column("age", "Age in days", lambda row: row.age_days(reader.today), is_number=True, short="Age"),
        due("due_on", "Resolve by", "due_on", reader),
        Column("next_action", "Next action", lambda row: row.next_action, is_wide=True, is_shown=reader.in_project),
        Column("resolved", "Resolved", lambda row: row.resolved_on, sort=("resolved_on",), is_number=True, is_shown=False),
        *shared_last(reader),
    ]


def decision_columns(reader: Reader) -> list[Column]:
    return [
        *shared_first(reader, "Decision"),
        Column("needed_from", "Needed from", lambda row: row.needed_from, sort=("needed_from",)),
        due("needed_by_on", "Needed by", "needed_by_on", reader),
        Column("consequence", "Consequence of delay", lambda row: row.consequence, is_wide=True, is_shown=False),
        Column("outcome", "Outcome", lambda row: row.outcome, is_wide=True, is_shown=False),
        Column("decided", "Decided", lambda row: row.decided_on, sort=("decided_on",), is_number=True, is_shown=False),
        *shared_last(reader),
    ]


def action_columns(reader: Reader) -> list[Column]:
    return [
        *shared_first(reader, "Action"),
        due("due_on", "Due", "due_on", reader),
        Column("done", "Done", lambda row: row.done_on, sort=("done_on",), is_number=True, is_shown=False),
        Column("outcome", "Outcome", lambda row: row.outcome, is_wide=True, is_shown=False),
        *shared_last(reader),
    ]


def dependency_columns(reader: Reader) -> list[Column]:
    return [
        *shared_first(reader, "What is needed"),
        Column("source", "From", lambda row: row.source, sort=("on_project__code", "on_outside")),
        due("needed_on", "Needed by", "needed_on", reader),
        Column("promised_on", "Promised for", lambda row: row.promised_on, sort=("promised_on",), is_number=True),
        *shared_last(reader),
    ]
