"""Deciding on a change request: who signs, what is sealed, and the new baseline that only an approved request opens."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone

from governance import change_notices, tasks
from governance.change_facts import DECIDED, Size, computation_of, content_of, exact, moves_of
from governance.change_recount import recount
from governance.change_requests import lock
from governance.change_states import Authority, ChangeState
from governance.deputies import DEPUTY, office_is_away
from governance.models import ChangeRequest
from governance.signing import Signature, sign
from governance.states import SignAction
from pmo.lib.canonical import canonical_json, sha256_of
from pmo.lib.errors import Refused
from pmo.lib.history import save_as
from pmo.lib.transitions import move
from pmo.models import User
from pmo.roles import Role
from portfolio.models import Project

TARGETS = {
    SignAction.CHANGE_APPROVE: ChangeState.APPROVED,
    SignAction.CHANGE_REJECT: ChangeState.REJECTED,
    SignAction.CHANGE_DEFER: ChangeState.DEFERRED,
}
INTENTS = {
    SignAction.CHANGE_APPROVE: "I approve this change with the effects stated in it, within the authority computed for it.",
    SignAction.CHANGE_REJECT: "I reject this change for the reason stated.",
    SignAction.CHANGE_DEFER: "I defer this change for the reason stated; it may be taken up again.",
}
ROLE_OF = {Authority.PMO_MANAGER: Role.PMO_MANAGER, Authority.BOARD: Role.EXECUTIVE}


def signature_for(size: Size, by: Any, on: dt.date) -> Signature:
    """Return as what `by` signs a decision. Raises Refused: `own_request`, `own_assessment`, `own_project`, `not_authority`.

    A delegation does not carry over: it names deliverables, and a change of what was agreed is none. While the whole office is
    away, the executive decides in its place.
    """
    change = size.change
    if by.pk == change.requested_by_id:
        raise Refused("You asked for this change. Somebody else decides on it.", "own_request")
    if by.pk == change.assessed_by_id:
        raise Refused("You assessed this change. Somebody else decides on it.", "own_assessment")
    if by.pk == change.project.project_manager_id:
        raise Refused("You manage this project. Somebody else decides on its changes.", "own_project")
    if by.pk in size.managers:
        raise Refused("You managed this project since this was asked for. Somebody else decides on it.", "own_project")
    authority = size.authority
    if by.is_active and authority == Authority.MANAGER_AND_SPONSOR and by.pk == change.project.sponsor_id:
        return Signature(by, "Sponsor")
    role = ROLE_OF.get(authority)
    if by.is_active and role and by.has_role(role):
        return Signature(by, role.value)
    if by.is_active and authority == Authority.PMO_MANAGER and by.has_role(Role.EXECUTIVE) and office_is_away(on):
        return Signature(by, DEPUTY)
    raise Refused(f"By its size this waits for: {authority.label.lower()}.", "not_authority")


def deciders(size: Size, on: dt.date) -> list[User]:
    """Return who may decide on it on a day."""
    role = ROLE_OF.get(size.authority)
    people: list[User | None] = [*User.objects.with_role(role)] if role else [size.project.sponsor]
    if role == Role.PMO_MANAGER and office_is_away(on):
        people += [*User.objects.with_role(Role.EXECUTIVE)]
    return [person for person in people if person and person.pk not in size.barred]


def approve(change: ChangeRequest, *, by: Any, at: dt.datetime, reason: str) -> None:
    """Approve the change; where it asks for one, its project gets a new baseline. Raises Refused as `decide`."""
    decide(change, SignAction.CHANGE_APPROVE, by=by, at=at, reason=reason)


def reject(change: ChangeRequest, *, by: Any, at: dt.datetime, reason: str) -> None:
    decide(change, SignAction.CHANGE_REJECT, by=by, at=at, reason=reason)


def defer(change: ChangeRequest, *, by: Any, at: dt.datetime, reason: str) -> None:
    decide(change, SignAction.CHANGE_DEFER, by=by, at=at, reason=reason)


@transaction.atomic
def decide(change: ChangeRequest, action: SignAction, *, by: Any, at: dt.datetime, reason: str) -> None:
    """Decide, seal the record and sign it. The size is computed anew inside the lock, so that two small ones never both pass.

    Raises Refused: `wrong_state`, what `signature_for` raises, `reason_missing`, `not_agreed`, `project_over`,
    `contingency_short`.
    """
    lock(change)
    size = Size(change)
    _require_waiting(change)
    signature = signature_for(size, by, timezone.localdate(at))
    if not reason.strip():
        raise Refused("Give the reason of the decision; it stands in the record.", "reason_missing")
    approves = action == SignAction.CHANGE_APPROVE
    if approves:
        _check_approval(size)
    project = change.project
    # As it was asked and stood before: a new baseline moves milestones and start.
    before = {"change": content_of(change, change.options.all()), "was": _was(size)}
    move(
        change,
        sources=[ChangeState.ASSESSED],
        target=TARGETS[action],
        code="already_decided",
        refusal="Somebody else decided on this meanwhile.",
        decided_by=by,
        decided_at=at,
        decision_reason=reason.strip(),
        authority=str(size.authority),
        baseline_number=project.baseline_number,
    )
    baseline = _rebaseline(size, by=by, at=at) if approves and change.wants_baseline else None
    change.record = canonical_json({**before, **_record(size, action, signature), "baseline": baseline})
    change.record_sha256 = sha256_of(change.record)
    save_as(change, by=by, fields=["state", "record", "record_sha256", *NEW_BASELINE], reason=str(action.label))
    if approves:
        # The sums grew, or began anew, so what waits beside it may be for somebody else.
        recount(project, by=by, reason=f"who decides was computed anew: {change.code} is approved")
    tasks.build_copies_after_commit(change, at=at)
    change_notices.decided(change, at=at)
    sign(change, action=action, signature=signature, intent=INTENTS[action], digest=change.record_sha256, at=at)


def _require_waiting(change: ChangeRequest) -> None:
    if change.state != ChangeState.ASSESSED:
        sentence = f"This request is {change.get_state_display().lower()}. Nothing waits for a decision."
        raise Refused(sentence, "already_decided" if change.state in DECIDED else "wrong_state")


def _was(size: Size) -> dict[str, Any]:
    outcome = size.outcome
    return {"finish_on": outcome.old_finish_on, "budget": exact(outcome.old_budget), "start_on": size.project.start_on}


NEW_BASELINE = ("new_baseline_number", "new_finish_on", "new_budget_amount")


def _check_approval(size: Size) -> None:
    change, project = size.change, size.project
    if not project.is_open:
        raise Refused("The project is over; nothing of it changes any more.", "project_over")
    if size.is_short:
        sentence = "Other changes used the contingency meanwhile. Reject this one, or defer it until there is money."
        raise Refused(sentence, "contingency_short")
    needs_both = size.authority == Authority.MANAGER_AND_SPONSOR
    if needs_both and (change.agreed_by_id is None or change.agreed_by_id != project.project_manager_id):
        raise Refused("The project’s manager has not agreed yet. Both decide together.", "not_agreed")


def _rebaseline(size: Size, *, by: Any, at: dt.datetime) -> dict[str, Any]:
    """Give the project its new baseline, with every change since the last one gathered in. Returns what it was and is.

    A milestone that was reached meanwhile keeps its date: how late it was stays to be seen.
    """
    change, outcome = size.change, size.outcome
    dates = {one.number: one.new_on for one in moves_of(change) if one.actual_on is None}
    agreed: dict[str, Any] = {"finish_on": outcome.new_finish_on, "budget_amount": outcome.new_budget}
    agreed["contingency_amount"] = outcome.new_contingency
    if change.moved_start_on:
        agreed["start_on"] = change.moved_start_on
    change.new_baseline_number = size.project.rebaseline(
        by=by, at=at, dates=dates, reason=f"{change.code}: {change.root_cause}", **agreed
    )
    change.new_finish_on, change.new_budget_amount = outcome.new_finish_on, outcome.new_budget
    return {
        "number": change.new_baseline_number,
        "finish_on": outcome.new_finish_on,
        "budget": exact(outcome.new_budget),
        "contingency": exact(outcome.new_contingency),
        "start_on": size.project.start_on,
        "milestones": {str(number): on for number, on in sorted(dates.items())},
    }


def _record(size: Size, action: SignAction, signature: Signature) -> dict[str, Any]:
    change = size.change
    return {
        "assessment": {
            "by": change.assessed_by.name if change.assessed_by else "",
            "at": change.assessed_at,
            "text": change.assessment,
            "recommendation": change.recommendation,
        },
        "authority": computation_of(size),
        "decision": {
            "action": str(action),
            "by": signature.person.name,
            "role": signature.role,
            "at": change.decided_at,
            "reason": change.decision_reason,
        },
    }


def allow_baseline(project: Project, change: ChangeRequest) -> int:
    """Return the number of the baseline that an approved change opens, for whatever plan of the project takes it next.

    Raises Refused: `other_project`, `not_approved`, `baseline_not_asked`, `not_current` once a later one was agreed.
    """
    if change.project_id != project.pk:
        raise Refused("This change request belongs to another project.", "other_project")
    if change.state != ChangeState.APPROVED:
        raise Refused("A new baseline needs an approved change request.", "not_approved")
    if change.new_baseline_number is None:
        raise Refused("This change request asked for no new baseline.", "baseline_not_asked")
    if change.new_baseline_number != project.baseline_number:
        raise Refused("A later baseline was agreed meanwhile. Use the change request that opened it.", "not_current")
    return change.new_baseline_number
