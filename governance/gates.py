"""Gate reviews: planned, prepared, decided. A decision freezes what it rested on, is signed, and moves the project."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from governance import gate_notices
from governance.class_gates import path_of
from governance.condition_terms import ConditionTerms
from governance.gate_authority import gate_signature, require_planner
from governance.gate_deciding import Verdict, take
from governance.gate_states import GOES, Gate, GateState
from governance.models import GateAnswer, GateAttendee, GateCriterion, GateReview
from governance.readiness import procures
from pmo.lib.errors import Refused
from pmo.lib.history import save_as
from pmo.lib.transitions import move
from portfolio.models import Project


@dataclass(frozen=True)
class Attendee:
    """Who was at the review: an account or a name, and as what."""

    person: Any = None
    name: str = ""
    capacity: str = ""

    @property
    def said(self) -> str:
        return self.person.name if self.person else self.name


@dataclass(frozen=True)
class Answer:
    """How one criterion is answered; `is_met` None takes the answer back."""

    criterion: int
    is_met: bool | None
    note: str = ""


def plan(project: Project, gate: str, *, planned_on: dt.date, by: Any, at: dt.datetime) -> GateReview:
    """Plan a review of `gate`. Raises Refused.

    `not_planner`, `project_over`, `not_on_path`, `already_passed`, `already_planned`, `planned_past`.
    """
    require_planner(project, by)
    with transaction.atomic():
        # As it stands now: whoever ends it meanwhile waits, so that nothing is planned behind the ending.
        _require_plannable(Project.objects.select_for_update().get(pk=project.pk), gate, planned_on, at)
        planned = GateReview.objects.filter(project=project, gate=gate, state=GateState.PLANNED)
        # Benefits are reviewed more than once, each time on a day of its own.
        if planned.filter(planned_on=planned_on).exists() or (gate != Gate.G6 and planned.exists()):
            raise Refused("A review of this gate is already planned. Change its date instead.", "already_planned")
        review = GateReview(
            project=project,
            gate=gate,
            number=next_number(project),
            planned_on=planned_on,
            first_planned_on=planned_on,
            planned_at=at,
        )
        save_as(review, by=by, reason="planned")
        gate_notices.planned(review, by=by, at=at)
    return review


def _require_plannable(project: Project, gate: str, planned_on: dt.date, at: dt.datetime) -> None:
    rows = list(project.gate_reviews.exclude(state=GateState.CANCELLED).defer("record"))
    # A project may find out late that it buys something, so G3 can be planned wherever the class has it.
    path = path_of(project.governance_class, procures=gate == Gate.G3 or procures(project, rows))
    if not project.is_open and gate != Gate.G6:
        raise Refused("The project is over. Only its benefits are still reviewed.", "project_over")
    if gate not in path:
        raise Refused(f"Class {project.governance_class} does not pass this gate.", "not_on_path")
    if any(row.gate == gate and row.decision in GOES for row in rows) and gate not in (Gate.G5, Gate.G6):
        raise Refused("The project has passed this gate already.", "already_passed")
    if planned_on < timezone.localdate(at):
        raise Refused("The day is over. Choose today or a later one.", "planned_past")


def next_number(project: Project) -> int:
    return (project.gate_reviews.aggregate(highest=Max("number"))["highest"] or 0) + 1


@transaction.atomic
def reschedule(review: GateReview, *, planned_on: dt.date, reason: str, by: Any, at: dt.datetime) -> None:
    """Move a planned review to another day; the first one stays on record. Raises Refused.

    `not_planner`, `reason_missing`, `planned_past`, `already_decided`.
    """
    require_planner(review.project, by)
    if not reason.strip():
        raise Refused("Say why the review moves; it stands in the history.", "reason_missing")
    if planned_on < timezone.localdate(at):
        raise Refused("The day is over. Choose today or a later one.", "planned_past")
    gate_notices.off(review, at=at)
    _keep(review, by=by, reason=reason.strip(), planned_on=planned_on)
    gate_notices.planned(review, by=by, at=at)


@transaction.atomic
def cancel(review: GateReview, *, reason: str, by: Any, at: dt.datetime) -> None:
    """Call a planned review off. Raises Refused: `not_planner`, `reason_missing`, `already_decided`."""
    require_planner(review.project, by)
    if not reason.strip():
        raise Refused("Say why the review is called off; it stands in the history.", "reason_missing")
    _keep(review, by=by, reason=reason.strip(), target=GateState.CANCELLED)
    gate_notices.off(review, at=at)
    gate_notices.called_off(review, by=by, at=at)


def _keep(review: GateReview, *, by: Any, reason: str, target: GateState = GateState.PLANNED, **values: Any) -> None:
    with transaction.atomic():
        move(
            review,
            sources=[GateState.PLANNED],
            target=target,
            code="already_decided",
            refusal="This review is decided or called off.",
            **values,
        )
        save_as(review, by=by, fields=["state", *values], reason=reason)


def prepare(
    review: GateReview,
    *,
    by: Any,
    at: dt.datetime,
    answers: Sequence[Answer] = (),
    attendees: Sequence[Attendee] | None = None,
    risk_summary: str | None = None,
    recommendation: str | None = None,
) -> None:
    """Keep what is known before the decision: answers, who will be there, the risks, what the office recommends.

    Raises Refused: `not_planner`, `office_only` for the recommendation, `already_decided`, `attendee_unnamed`.
    """
    require_planner(review.project, by)
    values: dict[str, Any] = {} if risk_summary is None else {"risk_summary": risk_summary.strip()}
    if recommendation is not None and recommendation.strip() != review.recommendation:
        gate_signature(review.project, by)
        values["recommendation"] = recommendation.strip()
    with transaction.atomic():
        _keep(review, by=by, reason="prepared", **values)
        _keep_answers(review, answers, by=by)
        if attendees is not None:
            _keep_attendees(review, attendees, by=by)


def _keep_answers(review: GateReview, answers: Sequence[Answer], *, by: Any) -> None:
    asked = set(GateCriterion.objects.filter(gate=review.gate).values_list("pk", flat=True))
    have = {row.criterion_id: row for row in review.answers.all()}
    for answer in answers:
        if answer.criterion not in asked:
            continue
        row = have.get(answer.criterion) or GateAnswer(gate_review=review, criterion_id=answer.criterion)
        # A new row says nothing yet, so an answer that says nothing either is not stored.
        if (row.is_met, row.note) != (answer.is_met, answer.note.strip()):
            row.is_met, row.note = answer.is_met, answer.note.strip()
            save_as(row, by=by, reason="answered")


def _keep_attendees(review: GateReview, attendees: Sequence[Attendee], *, by: Any) -> None:
    """Make the list of attendees that which is given; who stands there already keeps the row."""
    have = {(row.person_id, row.name, row.capacity): row for row in review.attendees.all()}
    wanted: list[tuple[int | None, str, str]] = []
    for one in attendees:
        if one.person is None and not one.name.strip():
            raise Refused("Choose a person or write a name for each who was there.", "attendee_unnamed")
        if one.person is not None and not one.capacity.strip():
            raise Refused(f"Say as what {one.said} is there.", "capacity_missing")
        name = "" if one.person else one.name.strip()
        wanted.append((one.person.pk if one.person else None, name, one.capacity.strip()))
    for key, row in have.items():
        if key not in wanted:
            row._history_user = by  # type: ignore[attr-defined]
            row.delete()
    for person, name, capacity in dict.fromkeys(wanted):
        if (person, name, capacity) in have:
            continue
        row = GateAttendee(gate_review=review, person_id=person, name=name, capacity=capacity)
        save_as(row, by=by, reason="attends")


def decide(
    review: GateReview,
    *,
    by: Any,
    at: dt.datetime,
    decision: str,
    rationale: str,
    held_on: dt.date,
    minutes: str = "",
    attendees: Sequence[Attendee] | None = None,
    next_gate_on: dt.date | None = None,
    conditions: Sequence[ConditionTerms] = (),
    cancels: bool = False,
) -> None:
    """Decide on a planned review: freeze what it rested on, sign it, and move the project.

    Go opens the next phase; Go with conditions does too and puts the conditions; Hold changes nothing and lets the gate be
    planned again; Stop puts the project on hold, or cancels it where `cancels`. Raises Refused: `own_project`,
    `not_decider`, `decision_missing`, `rationale_missing`, `held_in_future`, `held_too_early`, `no_conditions`,
    `conditions_unasked`, `no_attendees`, `body_incomplete`, `own_waiver`, `gates_out_of_order`, `not_ready`, `criteria_open`,
    `criteria_unmet`, `project_over`, `already_decided`, and what conditions raise.
    """
    signature = gate_signature(review.project, by)
    verdict = Verdict(decision, rationale.strip(), held_on, minutes.strip(), next_gate_on, tuple(conditions), cancels)
    verdict.check(review, timezone.localdate(at))
    with transaction.atomic():
        if attendees is not None:
            _keep_attendees(review, attendees, by=by)
        take(review, verdict, signature, at=at)
