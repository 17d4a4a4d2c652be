"""What a gate decision freezes: the readiness it rested on, who was there, the risks and dates of that day, the decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from governance.condition_terms import ConditionTerms
from governance.gate_after import gate_meant
from governance.gate_pack import as_record
from governance.gate_states import Gate, GateDecision
from governance.models import GateAttendee, GateReview
from governance.readiness import Readiness
from governance.signing import Signature
from portfolio.models import Project
from portfolio.states import MilestoneKind, RiskStatus

#: Milestones of these kinds are shown at a gate, beside the key ones.
SHOWN_KINDS = (MilestoneKind.GATE, MilestoneKind.GO_LIVE, MilestoneKind.PUBLIC)
#: What a person declares by each decision.
INTENTS: Mapping[str, str] = {
    GateDecision.GO: "I let {code} pass {gate}.",
    GateDecision.CONDITIONAL: "I let {code} pass {gate} on the conditions recorded here.",
    GateDecision.HOLD: "I hold {code} at {gate}; it is to come back.",
    GateDecision.STOP: "I stop {code} at {gate}.",
}


def record_of(
    review: GateReview,
    readiness: Readiness,
    present: Sequence[GateAttendee],
    conditions: Sequence[ConditionTerms],
    signature: Signature,
    *,
    cancels: bool,
) -> dict[str, Any]:
    """Return all that was decided on and what was decided. Seven queries."""
    return {
        "gate": {"project": review.project.code, "gate": review.gate, "number": review.number},
        "planned_on": review.planned_on,
        "first_planned_on": review.first_planned_on,
        "readiness": readiness.as_record(),
        "attendees": [{"name": str(row), "as": row.capacity} for row in present],
        "recommendation": review.recommendation,
        "risk_summary": review.risk_summary,
        "risks": risks_of(review.project),
        "milestones": milestones_of(review.project),
        "decision": {
            "decision": review.decision,
            "rationale": review.rationale,
            "minutes": review.minutes,
            "held_on": review.held_on,
            "next_gate_on": review.next_gate_on,
            "by": signature.person.name,
            "role": signature.role,
            "decided_at": review.decided_at,
            "cancels": cancels,
        },
        "conditions": [terms.as_record() for terms in conditions],
        "phase": {"before": review.phase_before, "after": review.phase_after},
        "pack": as_record(review, readiness.on, meant=gate_meant(review, readiness)),
    }


def intent_of(review: GateReview, decision: str) -> str:
    """Return the sentence that a person declares by a decision."""
    return INTENTS[decision].format(code=review.project.code, gate=Gate(review.gate).label)


def risks_of(project: Project, limit: int = 5) -> list[dict[str, Any]]:
    """Return the worst open risks as a record keeps them. One query."""
    rows = project.risks.filter(status=RiskStatus.OPEN).worst_first().select_related("owner")[:limit]
    return [
        {
            "number": row.number,
            "title": row.title,
            "score": row.score,
            "owner": row.owner.name if row.owner else "",
            "next_action": row.next_action,
        }
        for row in rows
    ]


def milestones_of(project: Project) -> list[dict[str, Any]]:
    """Return the key milestones as a record keeps them. One query."""
    return [
        {
            "name": row.name,
            "baseline_on": row.baseline_on,
            "forecast_on": row.forecast_on,
            "actual_on": row.actual_on,
        }
        for row in project.milestones.by_date()
        if row.is_key or row.kind in SHOWN_KINDS
    ]
