"""The gates of one project in order: what was planned, when it was held, what was decided, and which comes next."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.urls import reverse

from governance.class_gates import class_gates, passed_by
from governance.gate_states import GOES, Gate, GateState
from governance.models import GateReview
from governance.readiness import procures
from pmo.lib.workdays import WorkCalendar
from portfolio.models import Project


@dataclass(frozen=True)
class Step:
    """One gate of the path as its line shows it. `look` is the modifier of the mark: passed, held, late, next, open."""

    gate: Gate
    look: str
    state: str
    review: GateReview | None
    earlier: tuple[GateReview, ...]
    slip: int | None
    readiness_url: str

    @property
    def code(self) -> str:
        return self.gate.value

    @property
    def name(self) -> str:
        return str(self.gate.label).removeprefix(f"{self.gate.value} ")

    @property
    def first_planned_on(self) -> dt.date | None:
        return self.review.first_planned_on if self.review else None

    @property
    def planned_on(self) -> dt.date | None:
        return self.review.planned_on if self.review else None

    @property
    def held_on(self) -> dt.date | None:
        return self.review.held_on if self.review else None

    @property
    def when(self) -> dt.date | None:
        return self.held_on or self.planned_on


@dataclass(frozen=True)
class GateRoom:
    steps: tuple[Step, ...]
    to_plan: tuple[Gate, ...]
    """The gates that may still be planned."""
    to_record: tuple[Gate, ...]
    """The gates that may have been passed before gates were kept here."""
    next_step: Step | None
    agreed_on: dt.date | None
    """The day that the last decision named for the next gate."""


def slip_of(review: GateReview, today: dt.date, calendar: WorkCalendar) -> int | None:
    """Return how many working days after the first planned day the review was, or is to be, held; None for imported ones."""
    if review.is_imported:
        return None
    until = review.held_on or max(review.planned_on, today)
    return calendar.between(review.first_planned_on, until)


def gate_room(project: Project, today: dt.date, calendar: WorkCalendar) -> GateRoom:
    """Return the room of a project's gates. Two queries."""
    reviews = list(project.gate_reviews.exclude(state=GateState.CANCELLED).defer("record").order_by("number"))
    by_gate: dict[str, list[GateReview]] = {}
    for review in reviews:
        by_gate.setdefault(review.gate, []).append(review)
    wide = class_gates(project.governance_class).gates
    path = passed_by(wide, procures=procures(project, reviews))
    shown = [gate for gate in Gate if gate in path or gate in by_gate]
    pending = next((gate for gate in shown if not _passed(by_gate.get(gate, []))), None)
    steps = tuple(_step(project, gate, by_gate.get(gate, []), gate == pending, today, calendar) for gate in shown)
    to_record = tuple(gate for gate in wide if not _passed(by_gate.get(gate, [])))
    # A project that was reopened is closed by its last gate once more.
    again = {Gate.G5, Gate.G6} if project.is_open else {Gate.G6}
    to_plan = tuple(gate for gate in wide if gate in {*to_record, *again} if not _is_planned(by_gate.get(gate, [])))
    return GateRoom(
        steps, to_plan, to_record, next((step for step in steps if step.gate == pending), None), _agreed_on(reviews, today)
    )


def _agreed_on(reviews: list[GateReview], today: dt.date) -> dt.date | None:
    last = next((review for review in reversed(reviews) if review.state == GateState.DECIDED), None)
    return last.next_gate_on if last and last.next_gate_on and last.next_gate_on >= today else None


def _passed(reviews: list[GateReview]) -> bool:
    return any(review.decision in GOES for review in reviews)


def _is_planned(reviews: list[GateReview]) -> bool:
    return any(review.state == GateState.PLANNED for review in reviews)


def _step(
    project: Project, gate: Gate, reviews: list[GateReview], is_next: bool, today: dt.date, calendar: WorkCalendar
) -> Step:
    ahead = next((row for row in reviews if row.state == GateState.PLANNED), None)
    review = ahead or (reviews[-1] if reviews else None)
    look, state = look_of(review, today)
    return Step(
        gate,
        "next" if is_next and look == "open" else look,
        state,
        review,
        tuple(row for row in reviews if row is not review),
        slip_of(review, today, calendar) if review else None,
        reverse("governance:gate-readiness", args=[project.code, gate.value]),
    )


def look_of(review: GateReview | None, today: dt.date) -> tuple[str, str]:
    """Return the modifier of a mark and the word for how a review stands."""
    if review is None:
        return "open", "Not planned"
    if review.state == GateState.CANCELLED:
        return "open", "Called off"
    if review.state == GateState.PLANNED:
        return ("late", "Overdue") if review.planned_on < today else ("next", "Planned")
    if review.decision in GOES:
        return "passed", review.get_decision_display()
    # The words of the decision, because “held” is said of every review that took place.
    return "held", review.get_decision_display()
