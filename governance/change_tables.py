"""The list of change requests: columns and filters."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet
from django.utils import timezone

from governance.change_access import reads_money_of
from governance.change_requests import ASSESSING
from governance.change_states import Authority, ChangeReason, ChangeState
from governance.deputies import office_is_away
from governance.finding import changes_saying
from governance.managing import managed_since
from governance.models import ChangeRequest
from pmo.lib.tables import Chip, Column, Link
from pmo.lib.words import local_date
from pmo.roles import Role
from portfolio.filters import FilterForm, several
from portfolio.states import GovernanceClass
from portfolio.tables import project_link, project_money

STATE_CHIP = {"draft": "plain", "withdrawn": "plain", "rejected": "plain", "deferred": "plain"}


class ChangeFilters(filters.FilterSet):
    q = filters.CharFilter(label="Text", method="by_text")
    state = several("State", ChangeState.choices)
    reason_code = several("Reason", ChangeReason.choices)
    governance_class = several("Class", GovernanceClass.choices, field_name="project__governance_class")
    authority = several("Who decides", Authority.choices)
    baseline = filters.ChoiceFilter(
        label="Baseline", choices=[("new", "Asks for a new one")], empty_label="Any", method="by_baseline"
    )
    waits = filters.ChoiceFilter(label="Waits for", choices=[("me", "Me")], empty_label="Anybody", method="by_waiting")

    class Meta:
        form = FilterForm

    def by_text(self, rows: QuerySet[Any], name: str, text: str) -> QuerySet[Any]:
        return changes_saying(rows, text)

    def by_baseline(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(wants_baseline=True)

    def by_waiting(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(waits_for(self.request.user))


def waits_for(user: Any) -> Q:
    """Return the condition that the next step of a request is `user`'s: assessing, agreeing, deciding, or finishing a draft."""
    to_assess = Q(state=ChangeState.SUBMITTED) & ~Q(requested_by=user)
    if not user.has_role(*ASSESSING):
        to_assess &= Q(assessor=user)
    to_decide = Q(authority=Authority.MANAGER_AND_SPONSOR, project__sponsor=user)
    for authority, role in ((Authority.PMO_MANAGER, Role.PMO_MANAGER), (Authority.BOARD, Role.EXECUTIVE)):
        if user.has_role(role):
            to_decide |= Q(authority=authority)
    if user.has_role(Role.EXECUTIVE) and office_is_away(timezone.localdate()):
        to_decide |= Q(authority=Authority.PMO_MANAGER)
    # Written out for rows without an assessor or manager: in SQL nothing is unlike an unknown person.
    free = ~Q(requested_by=user) & (Q(assessed_by=None) | ~Q(assessed_by=user))
    free &= Q(project__project_manager=None) | ~Q(project__project_manager=user)
    free &= ~Q(managed_since(user.pk, "requested_at"))
    # What one manager agreed to, the next one is asked about again.
    to_agree = Q(state__in=[ChangeState.SUBMITTED, ChangeState.ASSESSED], project__project_manager=user)
    to_agree &= Q(agreed_by=None) | ~Q(agreed_by=user)
    own_draft = Q(state=ChangeState.DRAFT, requested_by=user)
    return to_assess | (Q(state=ChangeState.ASSESSED) & to_decide & free) | to_agree | own_draft


def change_columns(user: Any, *, in_project: bool = False) -> list[Column]:
    project = [] if in_project else [Column("project", "Project", project_link, sort=("project__name",), is_wide=True)]
    return [
        Column("code", "Code", lambda row: row.code, sort=("project__code", "number")),
        Column("title", "Change", lambda row: Link(row.title, row.get_absolute_url()), sort=("title",), is_head=True),
        *project,
        Column("state", "State", state_chip, sort=("state",)),
        Column("authority", "Who decides", lambda row: row.get_authority_display(), sort=("authority",), is_wide=True),
        Column("days", "Days", lambda row: row.days_effect, sort=("days_effect",), is_number=True),
        Column("cost", "Cost", lambda row: cost_of(row, user), is_number=True),
        Column("baseline", "New baseline", baseline_words, sort=("wants_baseline",)),
        Column("reason", "Reason", lambda row: row.get_reason_code_display(), sort=("reason_code",), is_shown=False),
        Column("requested_by", "Asked by", lambda row: row.requested_by, sort=("requested_by__name",), is_shown=in_project),
        Column("begun", "Begun", lambda row: local_date(row.requested_at), sort=("requested_at",)),
        Column("submitted", "Submitted", lambda row: row.submitted_at, sort=("submitted_at",), is_shown=False),
        Column("decided", "Decided", lambda row: row.decided_at and local_date(row.decided_at), sort=("decided_at",)),
        Column("class", "Class", lambda row: row.project.governance_class, sort=("project__governance_class",), is_shown=False),
        Column("currency", "Currency", lambda row: row.project.currency, export_only=True, beside=("cost",)),
        Column("unit", "Unit of amounts", lambda row: row.project.amount_unit, export_only=True, beside=("cost",)),
    ]


def cost_of(row: ChangeRequest, user: Any) -> Any:
    return project_money(row.project, row.cost_effect) if reads_money_of(row, user) else None


def baseline_words(row: ChangeRequest) -> str:
    if row.new_baseline_number is not None:
        return f"Baseline {row.new_baseline_number}"
    return "asked for" if row.wants_baseline else ""


def state_chip(row: ChangeRequest) -> Chip:
    return Chip(row.get_state_display(), STATE_CHIP.get(row.state, "bold"))
