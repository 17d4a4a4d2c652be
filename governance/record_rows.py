"""Whether the columns of a decided thing still say what its frozen record and the sign-off of its decision say."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from governance.change_facts import content_of
from governance.change_states import ChangeState
from governance.gate_states import GateState
from governance.models import ChangeRequest, DeliverableVersion, GateReview
from governance.states import Decision, Kind, SignAction, VersionState
from pmo.lib.canonical import canonical_json

if TYPE_CHECKING:
    from governance.models import SignOff

#: (what is compared, the column as it is, what was frozen)
Pair = tuple[str, Any, Any]
STATES = {
    Decision.APPROVE: (VersionState.APPROVED, VersionState.SUPERSEDED),
    Decision.CONDITIONAL: (VersionState.CONDITIONAL, VersionState.SUPERSEDED),
    Decision.RETURN: (VersionState.RETURNED,),
    Decision.REJECT: (VersionState.REJECTED,),
}
CHANGE_STATES = {
    SignAction.CHANGE_APPROVE: ChangeState.APPROVED,
    SignAction.CHANGE_REJECT: ChangeState.REJECTED,
    SignAction.CHANGE_DEFER: ChangeState.DEFERRED,
}
#: A request is signed when it is submitted; a deferred one that is taken up again keeps that record until the next decision.
TAKEN_UP = (ChangeState.ASSESSED, ChangeState.WITHDRAWN)
GATE_TEXTS = ("recommendation", "risk_summary")
GATE_DECISION = ("decision", "rationale", "minutes", "held_on", "next_gate_on")


def columns_fault(subject: DeliverableVersion | GateReview | ChangeRequest, decided: SignOff) -> str:
    """Return which columns no longer say what was decided, in a sentence, or an empty string.

    `decided` is the sign-off on the record. Call it once the record is known to give its digest.
    """
    record = json.loads(subject.record)
    try:
        changed = [name for name, now, frozen in _pairs(subject, record, decided) if _plain(now) != _plain(frozen)]
    except (KeyError, TypeError, ValueError):
        return "The decided record lacks what it must say."
    return f"The row was changed after the decision: {', '.join(changed)}." if changed else ""


def _plain(value: Any) -> Any:
    """Return a value as a record keeps it, so that a day equals the text it was frozen as."""
    return json.loads(canonical_json({"value": value}))["value"]


def _pairs(subject: Any, record: dict[str, Any], decided: SignOff) -> Iterator[Pair]:
    if isinstance(subject, ChangeRequest):
        yield from _request(subject, record.get("change", record))
        if "decision" not in record or subject.state in TAKEN_UP:
            return
        yield from _change(subject, record)
    else:
        yield from _gate(subject, record) if isinstance(subject, GateReview) else _version(subject, record)
    yield "who decided", subject.decided_by_id, decided.person_id
    yield "time of the decision", subject.decided_at, decided.signed_at


def _version(version: DeliverableVersion, record: dict[str, Any]) -> Iterator[Pair]:
    made, thing = record["decision"], record["deliverable"]
    states = STATES[Decision(made["decision"])]
    yield "state", version.state, version.state if version.state in states else states[0]
    yield "reason", version.decision_reason, made["reason"]
    yield "project", version.deliverable.project.code, thing["project"]
    yield "kind", version.deliverable.kind, thing["kind"]
    yield "number", (version.deliverable.number, version.number), (thing["number"], thing["version"])
    yield "content", version.content_sha256, record["content_sha256"]
    if version.deliverable.kind == Kind.STATUS_REPORT and version.status_report and "office" in record:
        for rating in version.status_report.ratings.all():
            frozen = record["office"][rating.dimension]
            office = (rating.pmo_letter, rating.pmo_reason)
            yield f"office rating of {rating.get_dimension_display().lower()}", office, (frozen["letter"], frozen["reason"])


def _gate(review: GateReview, record: dict[str, Any]) -> Iterator[Pair]:
    thing, made, phase = record["gate"], record["decision"], record["phase"]
    yield "state", review.state, GateState.DECIDED
    yield "gate", (review.project.code, review.gate, review.number), (thing["project"], thing["gate"], thing["number"])
    for name in GATE_TEXTS:
        yield name.replace("_", " "), getattr(review, name), record[name]
    for name in GATE_DECISION:
        yield name.replace("_", " "), getattr(review, name), made[name]
    yield "phase", (review.phase_before, review.phase_after), (phase["before"], phase["after"])


def _change(change: ChangeRequest, record: dict[str, Any]) -> Iterator[Pair]:
    made, assessed = record["decision"], record["assessment"]
    yield "state", change.state, CHANGE_STATES[SignAction(made["action"])]
    yield "reason", change.decision_reason, made["reason"]
    yield "authority", change.authority, record["authority"]["authority"]
    yield "assessment", (change.assessment, change.recommendation), (assessed["text"], assessed["recommendation"])
    yield "new baseline", change.new_baseline_number, (record["baseline"] or {}).get("number")


def _request(change: ChangeRequest, frozen: dict[str, Any]) -> Iterator[Pair]:
    """Yield the words and figures asked for. Names of people and of the project may be corrected later."""
    now = content_of(change, change.options.all())
    for name in (key for key in now if key not in ("project", "requested_by", "agreed_by")):
        yield name.replace("_", " "), now[name], frozen[name]
