"""What follows from a decision at a gate: reviews are planned, and what is no longer needed is called off."""

from __future__ import annotations

import calendar
import datetime as dt
from typing import Any

from governance.class_gates import class_gates
from governance.gate_states import GOES, Gate, GateDecision, GateState
from governance.models import GateReview
from governance.readiness import Readiness
from pmo.lib.history import save_as
from pmo.lib.transitions import move
from portfolio.models import Project


def call_off_planned(project: Project, *, reason: str, by: Any, but: tuple[Gate, ...] = ()) -> list[GateReview]:
    """Call off the planned reviews of a project, except at the gates in `but`, and return them."""
    rows = list(project.gate_reviews.filter(state=GateState.PLANNED, source="").exclude(gate__in=but))
    for row in rows:
        move(row, sources=[GateState.PLANNED], target=GateState.CANCELLED, code="already_decided", refusal="Decided already.")
        save_as(row, by=by, fields=["state"], reason=reason)
    return rows


def plan_benefits(project: Project, closed_on: dt.date, *, by: Any, at: dt.datetime) -> None:
    """Plan the reviews of benefits that the class asks for, counted from the closing; a day planned by hand stays."""
    planned = project.gate_reviews.filter(gate=Gate.G6, state=GateState.PLANNED)
    taken = set(planned.values_list("planned_on", flat=True))
    for months in class_gates(project.governance_class).months:
        if (day := months_after(closed_on, months)) not in taken:
            _plan(project, Gate.G6, day, by=by, at=at, reason=f"{months} months after the closing")


def plan_next(review: GateReview, readiness: Readiness, on: dt.date, today: dt.date, *, by: Any, at: dt.datetime) -> None:
    """Plan the next review for the day that a decision names: the same gate after a Hold, else the one after it."""
    project, gate = review.project, gate_meant(review, readiness)
    is_wanted = gate is not None and review.decision in (*GOES, GateDecision.HOLD) and project.is_open and on >= today
    if is_wanted and not project.gate_reviews.filter(gate=gate, state=GateState.PLANNED).exists():
        assert gate is not None
        _plan(project, gate, on, by=by, at=at, reason=f"as decided at {review.get_gate_display()}")


def gate_meant(review: GateReview, readiness: Readiness) -> Gate | None:
    """Return for which gate a decision names a day: the same one after a Hold, else the one after it; None after the last."""
    passed = {*readiness.passed, Gate(review.gate)}
    ahead = [gate for gate in readiness.path if gate not in passed and gate != Gate.G6]
    return Gate(review.gate) if review.decision == GateDecision.HOLD else next(iter(ahead), None)


def months_after(day: dt.date, months: int) -> dt.date:
    """Return the same day of a later month, or its last day where the month is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _plan(project: Project, gate: Gate, on: dt.date, *, by: Any, at: dt.datetime, reason: str) -> None:
    last = project.gate_reviews.order_by("-number").values_list("number", flat=True).first() or 0
    row = GateReview(project=project, gate=gate, number=last + 1, planned_on=on, first_planned_on=on, planned_at=at)
    save_as(row, by=by, reason=reason)
