"""What must hold in the whole demo city, as lists of what does not: days off, gates without papers, phases without gates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from governance.class_gates import paths
from governance.gate_states import GOES, KIND_OF, Gate, phase_opened
from governance.models import (
    ComplianceFinding,
    Condition,
    DeliverableVersion,
    GateReview,
    RatingChallenge,
    Review,
    TailoringRule,
    Waiver,
)
from governance.states import SignAction
from pmo.models.calendar import office_calendar
from portfolio.models import Project
from portfolio.states import Phase

#: Every day on which somebody of the office is to do something or did it.
DAYS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (GateReview, ("planned_on", "first_planned_on", "held_on", "next_gate_on")),
    (Condition, ("due_on", "first_due_on")),
    (ComplianceFinding, ("due_on",)),
    (Waiver, ("expires_on",)),
    (Review, ("due_at",)),
    (DeliverableVersion, ("review_due_at",)),
    (RatingChallenge, ("due_at",)),
)
APPROVALS = (SignAction.APPROVE, SignAction.CONDITIONAL)


def days_off() -> list[str]:
    """Return every day of the demo that falls on a weekend or a holiday, with the row that names it."""
    calendar = office_calendar()
    return [f"{row!r}, {name}: {day:%a %d %b %Y}" for row, name, day in _days() if not calendar.is_workday(day)]


def _days() -> Iterator[tuple[Any, str, dt.date]]:
    for model, names in DAYS:
        for row in model.objects.all():
            for name in names:
                value = getattr(row, name)
                if value is not None:
                    yield row, name, timezone.localdate(value) if isinstance(value, dt.datetime) else value


def gates_without_papers() -> list[str]:
    """Return every passed gate by which a document of the product was owed and not approved, nor waived.

    A document that the product has never held was kept on paper, as the gate was: its record says who passed it.
    """
    owed = [rule for rule in TailoringRule.objects.all() if rule.is_owed and rule.artefact in KIND_OF]
    passed = GateReview.objects.filter(decision__in=GOES).select_related("project")
    return [f"{review}: {rule.artefact}" for review in passed for rule in owed if _lacked(review, rule)]


def _lacked(review: GateReview, rule: TailoringRule) -> bool:
    order, kind = list(Gate), KIND_OF[rule.artefact]
    by_now = order.index(Gate(rule.gate)) <= order.index(Gate(review.gate))
    if rule.governance_class != review.project.governance_class or not by_now or kind not in ("definition", "execution_plan"):
        return False
    versions = DeliverableVersion.objects.filter(deliverable__project=review.project, deliverable__kind=kind)
    approved = versions.filter(sign_offs__action__in=APPROVALS, decided_at__date__lte=review.held_on)
    waived = Waiver.objects.filter(project=review.project, gate=review.gate, artefact=rule.artefact)
    on_paper = bool(review.source) and not versions.exists()
    return not (on_paper or approved.exists() or waived.in_force(review.held_on).exists())


def phases_without_gates() -> list[str]:
    """Return every project whose phase is not between what its last passed gate opened and what its next one will open."""
    of_class, order, wrong = paths(), list(Phase), []
    for project in Project.objects.prefetch_related("gate_reviews"):
        path = of_class[project.governance_class]
        passed = [gate for gate in path if any(row.gate == gate and row.decision in GOES for row in project.gate_reviews.all())]
        first, last = _opened(passed[-1], path), _opened(path[len(passed)], path)
        in_order = list(path[: len(passed)]) == passed
        if not (in_order and order.index(first) <= order.index(Phase(project.phase)) < order.index(last)):
            wrong.append(f"{project.code}: {project.phase} after {passed[-1]}")
    return wrong


def _opened(gate: Gate, path: tuple[Gate, ...]) -> Phase:
    return phase_opened(gate, next(iter(Phase)), procures=Gate.G3 in path)
