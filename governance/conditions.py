"""What happens to a condition until it is met: evidence, its verification, a later date, another owner or verifier.

Whoever gives the evidence never verifies it, nor does whoever managed the project since the condition was put, whose gate it
may hold up; nobody moves the date of what they owe themselves.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from governance import condition_notices as notices
from governance.attachments import attach
from governance.clock import Office
from governance.compliance import settle_findings
from governance.condition_terms import require_able_owner, require_able_verifier
from governance.document_states import ConditionState
from governance.managing import managers_since
from governance.models import Condition
from pmo.lib import words
from pmo.lib.errors import Refused
from pmo.lib.history import note, save_as
from pmo.lib.transitions import move
from pmo.roles import Role

S = ConditionState
UNSETTLED = (S.OPEN, S.EVIDENCED)
CLOSED = "This condition is closed; what was decided stays."


def give_evidence(
    condition: Condition, *, by: Any, at: dt.datetime, text: str = "", url: str = "", file: UploadedFile | None = None
) -> None:
    """Say, or hand in, what shows that the condition is met; the verifier is told. Raises Refused.

    `not_owner`, `verifier_gives_none`, `evidence_missing`, `not_open`, and for a file what `attach` refuses.
    """
    if by.pk == condition.verifier_id:
        raise Refused("You verify this condition; the evidence comes from somebody else.", "verifier_gives_none")
    if by.only_reads or by.pk not in {condition.owner_id, condition.project.project_manager_id}:
        raise Refused("The owner of the condition or the project manager gives the evidence.", "not_owner")
    if not text.strip() and not url.strip() and file is None:
        raise Refused("Write what shows that the condition is met, or give a link or a file.", "evidence_missing")
    given = {"evidence": text.strip(), "evidence_url": url.strip(), "evidenced_by": by, "evidenced_at": at}
    refusal = CLOSED if condition.state == S.CLOSED else "Evidence was already given. The verifier looks at it next."
    with transaction.atomic():
        move(condition, sources=[S.OPEN], target=S.EVIDENCED, refusal=refusal, code="not_open", **given)
        if file is not None:
            attach(file, by=by, at=at, condition=condition)
        note(condition, by=by, reason="evidence given")
        notices.evidenced(condition, at=at)


def close(condition: Condition, *, by: Any, at: dt.datetime) -> None:
    """Say as verifier that the evidence is enough; findings that it was overdue close with it. Raises Refused.

    `not_verifier`, `own_condition`, `own_evidence`, `own_project`, `not_evidenced`.
    """
    with transaction.atomic():
        _lock(condition)
        _require_verifier(condition, by)
        move(
            condition,
            sources=[S.EVIDENCED],
            target=S.CLOSED,
            refusal=_no_evidence(condition),
            code="not_evidenced",
            closed_by=by,
            closed_at=at,
        )
        note(condition, by=by, reason="evidence verified, closed")
        shown = condition.evidence or condition.evidence_url or "the attached file"
        settle_findings(condition, by=by, at=at, evidence=f"Condition {condition.number} is met: {shown}")
        notices.closed(condition, at=at)


def refuse_evidence(condition: Condition, *, by: Any, at: dt.datetime, reason: str) -> None:
    """Say as verifier why the evidence is not enough; the owner owes the condition again. Raises Refused.

    `reason_missing`, and as `close`.
    """
    with transaction.atomic():
        _lock(condition)
        _require_verifier(condition, by)
        if not reason.strip():
            raise Refused("Say what is missing, so that the owner can bring it.", "reason_missing")
        move(condition, sources=[S.EVIDENCED], target=S.OPEN, refusal=_no_evidence(condition), code="not_evidenced")
        condition.refusal = reason.strip()
        save_as(condition, by=by, fields=["state", "refusal"], reason="evidence refused")
        notices.refused(condition, at=at)


def extend(condition: Condition, *, by: Any, at: dt.datetime, due_on: dt.date, reason: str) -> None:
    """Set a later date, as the office. A finding that it was overdue closes with the decision. Raises Refused.

    `reason_missing`, `due_not_later`, `already_closed`, and what `require_office` raises.
    """
    require_office(condition, by)
    today = Office.load().day(at)
    if due_on <= condition.due_on or due_on < today:
        raise Refused(f"Choose a day after {words.day(max(condition.due_on, today))}.", "due_not_later")
    said, was = _required(reason), condition.due_on
    with transaction.atomic():
        first = condition.first_due_on or condition.due_on
        _stay(condition, due_on=due_on, first_due_on=first, extensions=condition.extensions + 1)
        note(condition, by=by, reason=f"extended: {said}")
        settle_findings(condition, by=by, at=at, evidence=f"Extended to {words.day(due_on)} by {by.name}: {said}")
        notices.extended(condition, was=was, at=at)


def reassign(condition: Condition, *, by: Any, at: dt.datetime, owner: Any, verifier: Any, reason: str) -> None:
    """Give the condition to another owner or verifier, as the office. Raises Refused.

    `verifier_is_owner`, those of `require_able_owner` and `require_able_verifier`, `own_evidence` when the new verifier gave
    the evidence, `nothing_changed`, `reason_missing`, `already_closed`, and what `require_office` raises.
    """
    require_office(condition, by)
    if owner.pk == verifier.pk:
        raise Refused("Somebody other than the owner verifies the condition.", "verifier_is_owner")
    if condition.state == S.EVIDENCED and verifier.pk == condition.evidenced_by_id:
        raise Refused(f"{verifier.name} gave the evidence and cannot verify it.", "own_evidence")
    require_able_owner(owner)
    require_able_verifier(verifier, condition.project, managers_of(condition))
    if (owner.pk, verifier.pk) == (condition.owner_id, condition.verifier_id):
        raise Refused("Choose another owner or another verifier.", "nothing_changed")
    said = _required(reason)
    with transaction.atomic():
        _stay(condition, owner=owner, verifier=verifier)
        note(condition, by=by, reason=f"reassigned: {said}")
        notices.reassigned(condition, at=at)


def require_office(condition: Condition, by: Any) -> None:
    """Raise Refused unless `by` may move dates and people: `not_office`, `own_condition`, `own_project`."""
    if not by.has_role(Role.PMO_MANAGER, Role.EXECUTIVE):
        raise Refused("The PMO manager or an executive changes the date, the owner and the verifier.", "not_office")
    if by.pk == condition.owner_id:
        raise Refused("You owe this condition yourself. Another PMO manager or an executive decides.", "own_condition")
    if by.pk == condition.project.project_manager_id:
        raise Refused("You manage this project. Another PMO manager or an executive decides.", "own_project")
    if by.pk in managers_of(condition):
        raise Refused("You managed this project since it was put. Another PMO manager or an executive decides.", "own_project")


def managers_of(condition: Condition) -> frozenset[int]:
    """Return who manages the project, or did at any time since the condition was put. One query."""
    return managers_since(condition.project, condition.created_at)


def _lock(condition: Condition) -> None:
    """Read who owes and who verifies as it is now: the office may have named others since the page was opened."""
    fresh = Condition.objects.select_for_update().get(pk=condition.pk)
    for name in ("state", "owner_id", "verifier_id", "evidenced_by_id"):
        setattr(condition, name, getattr(fresh, name))


def _require_verifier(condition: Condition, by: Any) -> None:
    if by.pk == condition.owner_id:
        raise Refused("You owe this condition yourself; its verifier closes it.", "own_condition")
    if by.pk == condition.evidenced_by_id:
        raise Refused("You gave the evidence yourself; somebody else verifies it.", "own_evidence")
    if by.only_reads or by.pk != condition.verifier_id:
        raise Refused(f"{condition.verifier.name} verifies this condition.", "not_verifier")
    if by.pk in managers_of(condition):
        said = "You manage this project, or did since the condition was put. The office names somebody else to verify it."
        raise Refused(said, "own_project")


def _no_evidence(condition: Condition) -> str:
    return CLOSED if condition.state == S.CLOSED else "There is no evidence to judge yet. The owner gives it first."


def _required(reason: str) -> str:
    if not reason.strip():
        raise Refused("Give the reason; it stands in the history.", "reason_missing")
    return reason.strip()


def _stay(condition: Condition, **also: Any) -> None:
    """Write `also` unless the condition was settled, or its evidence given or refused, by another hand meanwhile."""
    sources = [condition.state] if condition.state in UNSETTLED else []
    refusal = "Somebody gave or judged the evidence meanwhile. Look at it again." if sources else CLOSED
    move(condition, sources=sources, target=condition.state, refusal=refusal, code="already_closed", **also)
