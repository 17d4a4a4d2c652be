"""The lists of conditions and of compliance findings: columns and filters."""

from __future__ import annotations

import datetime as dt
from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from governance.compliance import require_closer
from governance.document_states import ConditionState
from governance.finding import CONDITION_TEXTS, OF_PROJECT
from governance.gate_states import ComplianceRule
from governance.managing import Managing
from governance.models import ComplianceFinding, Condition
from governance.states import Severity
from pmo.lib.errors import Refused
from pmo.lib.finding import each_word
from pmo.lib.tables import Chip, Column, Due, Link
from portfolio.filters import YES, ListFilters, one_of, several
from portfolio.options import Choices, entry_options


class FollowedFilters(ListFilters):
    looked_up = ("project", "owner")
    q = filters.CharFilter(label="Text", method="by_text")
    mine = filters.ChoiceFilter(label="Mine", choices=YES, empty_label="No", method="only_mine")
    project = one_of("Project", "project_id")
    owner = one_of("Owner", "owner_id")
    #: The columns in which words are looked for.
    texts: tuple[str, ...] = OF_PROJECT

    def get_options(self) -> dict[str, Choices]:
        return entry_options(self.queryset)

    def by_text(self, rows: QuerySet[Any], name: str, text: str) -> QuerySet[Any]:
        return rows.filter(each_word(text, *self.texts))

    def only_mine(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(owner=self.request.user)


class ConditionFilters(FollowedFilters):
    texts = CONDITION_TEXTS
    state = several("State", ConditionState.choices)
    overdue = filters.ChoiceFilter(label="Overdue", choices=YES, empty_label="Any", method="only_overdue")

    def only_mine(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(Q(owner=self.request.user) | Q(verifier=self.request.user))

    def only_overdue(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.overdue(timezone.localdate())  # type: ignore[attr-defined, no-any-return]


class FindingFilters(FollowedFilters):
    texts = ("sentence", *OF_PROJECT)
    is_open = filters.ChoiceFilter(
        label="State", choices=[("yes", "Open"), ("no", "Closed")], empty_label="Any", method="by_state"
    )
    rule = several("Rule", ComplianceRule.choices)
    severity = several("Severity", Severity.choices)

    def by_state(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(closed_at__isnull=value == "yes")


def condition_columns(today: dt.date) -> list[Column]:
    return [
        Column("code", "Code", lambda row: row.project.code, sort=("project__code",)),
        Column("project", "Project", lambda row: row.project.name, sort=("project__name",), is_wide=True),
        Column("number", "No.", lambda row: row.number, sort=("number",), is_number=True, is_shown=False),
        Column("text", "Condition", lambda row: Link(shortened(row.text), row.get_absolute_url()), is_head=True),
        Column("of", "Put on", put_on, is_wide=True),
        Column("owner", "Owner", lambda row: row.owner, sort=("owner__name",)),
        Column("verifier", "Verifier", lambda row: row.verifier, sort=("verifier__name",), is_shown=False),
        Column("due", "Due", lambda row: Due(row.due_on, is_overdue(row, today)), sort=("due_on",)),
        Column("first_due", "First due", lambda row: row.first_due_on or row.due_on, is_shown=False),
        Column("extensions", "Extended", lambda row: row.extensions, sort=("extensions",), is_number=True, is_shown=False),
        Column("state", "State", lambda row: state_chip(row, today), sort=("state",)),
        Column(
            "closed",
            "Closed",
            lambda row: row.closed_at and timezone.localdate(row.closed_at),
            sort=("closed_at",),
            is_shown=False,
        ),
    ]


def put_on(condition: Condition) -> str:
    """Return the decision that put the condition, in a few words."""
    if condition.version:
        return f"{condition.version.deliverable.get_kind_display()} {condition.version.label}"
    return condition.gate_review.get_gate_display() if condition.gate_review else ""


def is_overdue(condition: Condition, today: dt.date) -> bool:
    return condition.state != ConditionState.CLOSED and condition.due_on < today


STATE_WORDS = {ConditionState.OPEN: "Open", ConditionState.EVIDENCED: "To be verified", ConditionState.CLOSED: "Closed"}


def state_chip(condition: Condition, today: dt.date) -> Chip:
    state = ConditionState(condition.state)
    if is_overdue(condition, today):
        return Chip("Overdue" if state == ConditionState.OPEN else "To be verified, overdue", "late")
    return Chip(STATE_WORDS[state], {ConditionState.EVIDENCED: "bold", ConditionState.CLOSED: "plain"}.get(state, ""))


def shortened(text: str, limit: int = 140) -> str:
    words = " ".join(text.split())
    return words if len(words) <= limit else words[:limit].rsplit(" ", 1)[0] + " …"


def finding_columns(today: dt.date, closer: Any = None) -> list[Column]:
    """`closer` is who reads the page, where they may close findings; None in files. One query for what they managed."""
    columns = [
        Column("code", "Code", lambda row: row.project.code, sort=("project__code",)),
        Column("project", "Project", lambda row: row.project.name, sort=("project__name",), is_wide=True),
        Column("sentence", "What was not kept", _finding_link, is_head=True),
        Column("rule", "Rule", lambda row: row.get_rule_display(), sort=("rule",), is_wide=True),
        Column("severity", "Severity", lambda row: row.get_severity_display(), sort=("severity",), is_shown=False),
        Column("owner", "To be mended by", lambda row: row.owner, sort=("owner__name",), short="Owner"),
        Column("opened", "Opened", lambda row: row.opened_at, sort=("opened_at",)),
        Column("due", "Until", lambda row: Due(row.due_on, _is_late(row, today)), sort=("due_on",)),
        Column("state", "State", _finding_state, sort=("closed_at",)),
        Column("closed", "Closed", lambda row: row.closed_at, sort=("closed_at",), is_shown=False),
        Column("evidence", "Closed with", lambda row: row.closing_evidence, is_wide=True, is_shown=False),
    ]
    if closer is not None:
        managing = Managing.of_people({closer.pk})
        columns.append(Column("close", "Close", lambda row: _close_link(row, closer, managing)))
    return columns


def _is_late(row: ComplianceFinding, today: dt.date) -> bool:
    return row.closed_at is None and row.due_on is not None and row.due_on < today


def _finding_link(row: ComplianceFinding) -> Link | str:
    return Link(row.sentence, row.condition.get_absolute_url()) if row.condition else row.sentence


def _finding_state(row: ComplianceFinding) -> Chip:
    return Chip("Closed", "plain") if row.closed_at else Chip("Open", "bold")


def _close_link(row: ComplianceFinding, closer: Any, managing: Managing) -> Link | None:
    if row.closed_at:
        return None
    try:
        require_closer(row, closer, managing)
    except Refused:
        return None
    return Link("Close", reverse("governance:compliance-close", args=[row.pk]))
