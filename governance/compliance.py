"""Findings that a project did not keep a rule of governance: opened once each, closed with evidence."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone

from governance.document_states import ConditionState
from governance.managing import Managing
from governance.models import ComplianceFinding, Condition
from pmo.lib.errors import Refused
from pmo.lib.history import save_as
from pmo.lib.workdays import ONE_DAY
from pmo.models.calendar import office_calendar
from pmo.roles import Role

#: How long somebody has to mend what a finding says; where the office is closed on that day, until it opens again.
TIME_TO_MEND = dt.timedelta(days=14)
#: Why a row of the history of a finding was written that had been closed by the clock.
OPENED_AGAIN = "found again by the daily check"


def due_to_mend(day: dt.date) -> dt.date:
    """Return the day by which somebody is to mend what is found on `day`. One query."""
    return office_calendar().add(day + TIME_TO_MEND - ONE_DAY, 1)


def open_finding(project: Any, rule: str, key: str, sentence: str, *, at: dt.datetime, **more: Any) -> ComplianceFinding | None:
    """Open a finding for the occasion `key`, once; None where it stands open already or a person closed it.

    What the clock closed, because the fact was gone, is opened again when the fact is back: it keeps the day on which it was
    first found and the day by which it is to be mended, so that nobody gains time by taking a fact back for a night.
    """
    known = ComplianceFinding.objects.filter(key=key).first()
    if known is not None:
        return _open_again(known) if known.closed_at and known.closed_by_id is None else None
    finding = ComplianceFinding(project=project, rule=rule, key=key, sentence=sentence, opened_at=at, **more)
    save_as(finding, by=None, reason="found by the daily check")
    return finding


def _open_again(finding: ComplianceFinding) -> ComplianceFinding:
    finding.closed_at, finding.closing_evidence = None, ""
    save_as(finding, by=None, fields=["closed_at", "closing_evidence"], reason=OPENED_AGAIN)
    return finding


def settle_findings(condition: Condition, *, by: Any, at: dt.datetime, evidence: str) -> None:
    """Close what is open about `condition`, because the condition itself is settled."""
    for finding in ComplianceFinding.objects.open().filter(condition=condition):
        settle(finding, by=by, at=at, evidence=evidence)


def close_finding(finding: ComplianceFinding, *, by: Any, at: dt.datetime, evidence: str) -> None:
    """Say as PMO manager what shows that the matter is settled. Raises Refused.

    `not_office`, `own_project` for who manages the project or did since it was found, `own_finding` for who is to mend it,
    `evidence_missing`, `condition_still_due` while the condition behind it is overdue, `already_closed`.
    """
    require_closer(finding, by)
    if not evidence.strip():
        raise Refused("Write what shows that it is settled.", "evidence_missing")
    condition = finding.condition
    if condition and condition.state != ConditionState.CLOSED and condition.due_on < timezone.localdate(at):
        raise Refused("The condition is still overdue. Close or extend it; this finding closes with it.", "condition_still_due")
    with transaction.atomic():
        fresh = ComplianceFinding.objects.select_for_update().get(pk=finding.pk)
        if fresh.closed_at:
            raise Refused("This finding was already closed.", "already_closed")
        settle(fresh, by=by, at=at, evidence=evidence.strip())


def require_closer(finding: ComplianceFinding, by: Any, managing: Managing | None = None) -> None:
    """Raise Refused unless `by` may close this finding: `not_office`, `own_project`, `own_finding`.

    Give `managing`, what `by` ever managed, where many are asked about; otherwise that is one query.
    """
    if not by.has_role(Role.PMO_MANAGER):
        raise Refused("The PMO manager closes findings.", "not_office")
    if by.pk == finding.project.project_manager_id:
        raise Refused("You manage this project. Another PMO manager closes its findings.", "own_project")
    if by.pk == finding.owner_id:
        raise Refused("You are to mend this yourself. Another PMO manager closes it.", "own_finding")
    if by.pk in (managing or Managing.of_project(finding.project)).since(finding.project, finding.opened_at):
        raise Refused("You managed this project since it was found. Another PMO manager closes it.", "own_project")


def settle(finding: ComplianceFinding, *, by: Any, at: dt.datetime, evidence: str) -> None:
    """Close a finding because what it says is settled; `by` is None where the clock found that."""
    finding.closed_at, finding.closed_by, finding.closing_evidence = at, by, evidence
    save_as(finding, by=by, fields=["closed_at", "closed_by", "closing_evidence"], reason="closed")
