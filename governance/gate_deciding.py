"""A decision at a gate: what it must say, what it rests on, what it does to the project, and how it is frozen and signed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from governance import gate_notices, tasks
from governance.condition_terms import ConditionTerms, put_conditions
from governance.early_work import settle_passed
from governance.gate_after import plan_benefits, plan_next
from governance.gate_bodies import require_body, require_other_giver
from governance.gate_days import check_held_on
from governance.gate_record import intent_of, record_of
from governance.gate_states import GOES, Gate, GateDecision, GateState, phase_opened
from governance.models import ComplianceFinding, GateReview
from governance.readiness import Readiness, readiness_of
from governance.signing import Signature, sign
from governance.states import SignAction
from pmo.lib.canonical import canonical_json, sha256_of
from pmo.lib.errors import Refused
from pmo.lib.history import save_as
from pmo.lib.transitions import move
from portfolio.states import Phase, ProjectStatus


@dataclass(frozen=True)
class Verdict:
    """What is decided at a review, and why. `cancels` tells what a Stop does to the project."""

    decision: str
    rationale: str
    held_on: dt.date
    minutes: str = ""
    next_gate_on: dt.date | None = None
    conditions: tuple[ConditionTerms, ...] = ()
    cancels: bool = False

    @property
    def is_go(self) -> bool:
        return self.decision in GOES

    def check(self, review: GateReview, today: dt.date) -> None:
        """Raise Refused unless the verdict says all it must."""
        if self.decision not in GateDecision.values:
            raise Refused("Choose a decision: Go, Go with conditions, Hold or Stop.", "decision_missing")
        if not self.rationale:
            raise Refused("Give the reason for the decision; it stands in the record.", "rationale_missing")
        check_held_on(review, self.held_on, today)
        self._check_conditions(today)
        if not review.project.is_open and review.gate != Gate.G6:
            raise Refused("The project is over. Reopen it first.", "project_over")

    def _check_conditions(self, today: dt.date) -> None:
        if self.decision == GateDecision.CONDITIONAL and not self.conditions:
            raise Refused("Write at least one condition, or decide Go.", "no_conditions")
        if self.decision != GateDecision.CONDITIONAL and self.conditions:
            raise Refused("Conditions belong to Go with conditions.", "conditions_unasked")
        for terms in self.conditions:
            terms.check(today)


def take(review: GateReview, verdict: Verdict, signature: Signature, *, at: dt.datetime) -> None:
    """Take the decision on a planned review, all of it or nothing: the caller's transaction takes a refused claim back."""
    by = signature.person
    _claim(review, verdict, by=by, at=at)
    # What is read from here on is what the decision rests on: as things stand when it is signed, whenever the review was held.
    readiness = readiness_of(review.project, review.gate, timezone.localdate(at), review=_as_asked(review))
    present = list(review.attendees.select_related("person"))
    if not present:
        raise Refused("Name at least one person who was there.", "no_attendees")
    if verdict.is_go:
        require_ready(readiness, verdict.decision)
        require_other_giver(readiness, by)
    require_body(review.project, (row.person_id for row in present), by)
    _move_project(review, verdict, readiness, by=by, at=at)
    put_conditions(verdict.conditions, project=review.project, gate_review=review, by=by, at=at)
    record = record_of(review, readiness, present, verdict.conditions, signature, cancels=verdict.cancels)
    _close_late_finding(review, by=by, at=at)
    if verdict.is_go:
        settle_passed(review.project, review.gate, verdict.held_on, by=by, at=at)
    gate_notices.decided(review, at=at)
    _freeze(review, record, signature, by=by, at=at)


def _as_asked(review: GateReview) -> GateReview:
    """Return the review as it stood while its questions were asked: all that are in force count, answered or not."""
    return GateReview(pk=review.pk, project=review.project, gate=review.gate, state=GateState.PLANNED)


def _claim(review: GateReview, verdict: Verdict, *, by: Any, at: dt.datetime) -> None:
    """Take the decision before anything else is written: of many who decide at once, all but one stop here."""
    move(
        review,
        sources=[GateState.PLANNED],
        target=GateState.DECIDED,
        code="already_decided",
        refusal=lambda: _already_decided(review),
        decision=verdict.decision,
        rationale=verdict.rationale,
        held_on=verdict.held_on,
        minutes=verdict.minutes,
        next_gate_on=verdict.next_gate_on,
        decided_by=by,
        decided_at=at,
    )


def _already_decided(review: GateReview) -> str:
    row = GateReview.objects.select_related("decided_by").get(pk=review.pk)
    if row.decided_by is None or row.decided_at is None:
        return "This review was called off."
    local = timezone.localtime(row.decided_at)
    return f"{row.decided_by.name} already decided this on {local:%d %b %Y %H:%M}: {row.get_decision_display()}."


def require_ready(readiness: Readiness, decision: str) -> None:
    """Raise Refused unless a Go is allowed: `gates_out_of_order`, `not_ready`, `criteria_open`, `criteria_unmet`."""
    if readiness.gates_before:
        missing = ", ".join(gate.label for gate in readiness.gates_before)
        raise Refused(f"These gates come first: {missing}.", "gates_out_of_order")
    if readiness.blockers:
        said = " ".join(f"{point.text.rstrip('.')}." for point in readiness.blockers)
        raise Refused(f"Not ready for a Go. {said} Mend it, or have it waived.", "not_ready")
    if readiness.criteria_open:
        raise Refused("Answer every criterion first.", "criteria_open")
    if decision == GateDecision.GO and readiness.criteria_unmet:
        raise Refused("A criterion is not met. Decide Go with conditions, Hold or Stop.", "criteria_unmet")


def _move_project(review: GateReview, verdict: Verdict, readiness: Readiness, *, by: Any, at: dt.datetime) -> None:
    """Do to the project what the decision says, by the project's own verbs."""
    project, gate = review.project, Gate(review.gate)
    reason = f"{gate.label}: {GateDecision(verdict.decision).label}. {verdict.rationale}"
    review.phase_before = project.phase
    if verdict.is_go and gate != Gate.G6:
        opened = phase_opened(gate, Phase(project.phase), procures=Gate.G3 in readiness.path)
        if opened == Phase.CLOSED:
            project.close(by=by, reason=reason, finished_on=verdict.held_on)
            plan_benefits(project, verdict.held_on, by=by, at=at)
        else:
            if project.status == ProjectStatus.ON_HOLD:
                project.reactivate(by=by, reason=reason)
            project.enter_phase(opened, by=by, reason=reason)
    elif verdict.decision == GateDecision.STOP and project.is_open:
        if verdict.cancels:
            project.cancel(by=by, reason=reason)
        elif project.status == ProjectStatus.ACTIVE:
            project.put_on_hold(by=by, reason=reason)
    review.phase_after = project.phase
    if verdict.next_gate_on:
        plan_next(review, readiness, verdict.next_gate_on, timezone.localdate(at), by=by, at=at)


def _freeze(review: GateReview, record: Mapping[str, Any], signature: Signature, *, by: Any, at: dt.datetime) -> None:
    """Write the record and its digest, and put the decision into the chain of sign-offs."""
    review.record = canonical_json(record)
    review.record_sha256 = sha256_of(review.record)
    written = ["state", "phase_before", "phase_after", "record", "record_sha256"]
    save_as(review, by=by, fields=written, reason=GateDecision(review.decision).label)
    intent = intent_of(review, review.decision)
    tasks.build_copies_after_commit(review, at=at)
    sign(review, action=SignAction.GATE, signature=signature, intent=intent, digest=review.record_sha256, at=at)


def _close_late_finding(review: GateReview, *, by: Any, at: dt.datetime) -> None:
    for finding in ComplianceFinding.objects.filter(key=late_key(review), closed_at=None):
        finding.closed_at, finding.closed_by = at, by
        finding.closing_evidence = f"The gate was held on {review.held_on:%d %b %Y}: {review.get_decision_display()}."
        save_as(finding, by=by, fields=["closed_at", "closed_by", "closing_evidence"], reason="gate held")


def late_key(review: GateReview) -> str:
    return f"gate-late-{review.pk}"
