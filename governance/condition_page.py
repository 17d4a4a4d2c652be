"""One condition as its page shows it: what is owed, what was brought, and what this person may do next."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Q

from governance.condition_tables import is_overdue, put_on, state_chip
from governance.conditions import managers_of, require_office
from governance.document_states import ConditionState
from governance.models import Attachment, ComplianceFinding, Condition
from pmo.lib.errors import Refused
from pmo.lib.history import Event, Kind, event_keys, events
from pmo.lib.tables import Chip
from portfolio.models import Project

S = ConditionState


class ConditionAccess:
    """What a person may do with one condition, whatever state it is in."""

    def __init__(self, user: Any, condition: Condition) -> None:
        self.user, self.condition = user, condition

    @property
    def may_give_evidence(self) -> bool:
        owing = {self.condition.owner_id, self.condition.project.project_manager_id}
        return self.user.pk in owing and self.user.pk != self.condition.verifier_id and not self.user.only_reads

    @property
    def may_verify(self) -> bool:
        own = self.user.pk == self.condition.evidenced_by_id or self.verifier_is_barred
        return bool(self.user.pk == self.condition.verifier_id and not own and not self.user.only_reads)

    @cached_property
    def verifier_is_barred(self) -> bool:
        """Whether the verifier managed the project since the condition was put, so that the office names another. One query."""
        return self.condition.verifier_id in managers_of(self.condition)

    @cached_property
    def may_change_terms(self) -> bool:
        try:
            require_office(self.condition, self.user)
        except Refused:
            return False
        return True


@dataclass(frozen=True)
class ConditionPage:
    condition: Condition
    put_on: str
    put_on_url: str
    """The page of the decision, for those who see the project."""
    chip: Chip
    is_overdue: bool
    waits_for: str
    can_give_evidence: bool
    can_verify: bool
    can_change_terms: bool
    files: list[Attachment]
    findings: list[ComplianceFinding]
    events: list[Event]


def condition_page(condition: Condition, access: ConditionAccess, today: dt.date) -> ConditionPage:
    is_settled = condition.state == S.CLOSED
    waits_for = condition.verifier.name if condition.state == S.EVIDENCED else condition.owner.name
    if condition.state == S.EVIDENCED and access.verifier_is_barred:
        waits_for = "the office, which names another verifier"
    sees_project = Project.objects.visible_to(access.user).filter(pk=condition.project_id).exists()
    return ConditionPage(
        condition=condition,
        put_on=put_on(condition),
        put_on_url=_decision_url(condition) if sees_project else "",
        chip=state_chip(condition, today),
        is_overdue=is_overdue(condition, today),
        waits_for="" if is_settled else waits_for,
        can_give_evidence=access.may_give_evidence and condition.state == S.OPEN,
        can_verify=access.may_verify and condition.state == S.EVIDENCED,
        can_change_terms=access.may_change_terms and not is_settled,
        files=list(condition.attachments.all()),
        findings=list(condition.findings.visible_to(access.user)),
        events=history_of(condition),
    )


def _decision_url(condition: Condition) -> str:
    decided = condition.gate_review or (condition.version and condition.version.deliverable)
    return decided.get_absolute_url() if decided else ""


def history_of(condition: Condition) -> list[Event]:
    """Return every change of the condition, the newest first."""
    kinds = [Kind(Condition, Q(id=condition.pk), "Condition")]
    return events(kinds, event_keys(kinds))
