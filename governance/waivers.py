"""Waivers: for one project and until a day, something owed does not hold up a gate. Who said so, and why, stands in it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone

from governance import gate_notices
from governance.gate_authority import require_waiver_giver
from governance.gate_states import Artefact, Gate
from governance.models import Condition, Waiver
from governance.readiness import SETTLED, OpenCondition, readiness_of
from pmo.lib.errors import Refused
from pmo.lib.history import save_as
from portfolio.models import Project

#: A waiver buys time; whoever needs more asks again.
LONGEST = dt.timedelta(days=180)


def grant_waiver(
    project: Project,
    *,
    gate: str,
    reason: str,
    expires_on: dt.date,
    by: Any,
    at: dt.datetime,
    artefact: str = "",
    condition: Condition | None = None,
) -> Waiver:
    """Let `project` pass `gate` without one artefact, or with one overdue condition, until a day. Raises Refused.

    `own_project`, `not_waiver_giver`, `reason_missing`, `gate_unknown`, `artefact_unknown`, `expiry_past`, `expiry_far`,
    `project_over`, `not_needed` for what does not stand in the way, `already_waived`.
    """
    require_waiver_giver(project, by)
    today = timezone.localdate(at)
    _check_terms(gate, artefact, condition, reason)
    _check_end(expires_on, today)
    if not project.is_open:
        raise Refused("The project is over; nothing holds it up.", "project_over")
    with transaction.atomic():
        Project.objects.select_for_update().get(pk=project.pk)
        same = Waiver.objects.filter(project=project, gate=gate, artefact=artefact, condition=condition)
        if same.in_force(today).exists():
            raise Refused("This is waived already. Revoke that waiver first.", "already_waived")
        _require_need(project, gate, artefact, condition, today)
        waiver = Waiver(
            project=project,
            gate=gate,
            artefact=artefact,
            condition=condition,
            reason=reason.strip(),
            granted_by=by,
            granted_on=today,
            expires_on=expires_on,
        )
        save_as(waiver, by=by, reason="granted")
    return waiver


def _check_terms(gate: str, artefact: str, condition: Condition | None, reason: str) -> None:
    if gate not in Gate.values:
        raise Refused("Choose the gate.", "gate_unknown")
    if (condition is None) == (artefact == "") or (artefact and artefact not in Artefact.values):
        raise Refused("Choose one thing that is waived.", "artefact_unknown")
    if not reason.strip():
        raise Refused("Give the reason; it stands in the record.", "reason_missing")


def _check_end(expires_on: dt.date, today: dt.date) -> None:
    if expires_on < today:
        raise Refused("The waiver would have ended before it began.", "expiry_past")
    if expires_on > today + LONGEST:
        raise Refused("A waiver lasts at most 180 days. Whoever needs more asks again.", "expiry_far")


def waivable(project: Project, gate: str, today: dt.date) -> tuple[list[Artefact], list[OpenCondition]]:
    """Return what stands in the way of a Go at a gate and can be waived. A fixed number of queries."""
    readiness = readiness_of(project, gate, today)
    artefacts = [line.artefact for line in readiness.artefacts if line.standing not in SETTLED]
    return artefacts, list(readiness.overdue)


def _require_need(project: Project, gate: str, artefact: str, condition: Condition | None, today: dt.date) -> None:
    artefacts, overdue = waivable(project, gate, today)
    if artefact and artefact not in artefacts:
        raise Refused("It is approved, in, or not owed by this gate: there is nothing to waive.", "not_needed")
    if condition and (condition.project_id != project.pk or condition.number not in {row.number for row in overdue}):
        raise Refused("This condition is not overdue: there is nothing to waive.", "not_needed")


def revoke_waiver(waiver: Waiver, *, by: Any, at: dt.datetime, reason: str) -> None:
    """End a waiver today. Raises Refused: `own_project`, `not_waiver_giver`, `reason_missing`, `already_ended`."""
    require_waiver_giver(waiver.project, by)
    if not reason.strip():
        raise Refused("Say why it is revoked; it stands in the history.", "reason_missing")
    with transaction.atomic():
        fresh = Waiver.objects.select_for_update().get(pk=waiver.pk)
        if fresh.revoked_at is not None or fresh.expires_on < timezone.localdate(at):
            raise Refused("This waiver has ended already.", "already_ended")
        waiver.revoked_at, waiver.revoked_by = at, by
        save_as(waiver, by=by, fields=["revoked_at", "revoked_by"], reason=reason.strip())
        gate_notices.waiver_revoked(waiver, at=at)
