"""The next gate of a project in one line: what it is, when, and how much of what it asks is in place.

Read with the project, and counted in one query: one line shall not cost ten. `governance.readiness` tells the same in full.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet, Subquery, Value
from django.urls import reverse
from django.utils import timezone

from governance.gate_states import OPENS, Artefact, Gate, GateDecision, GateState, Requirement
from governance.models import (
    ClassGates,
    Condition,
    Deliverable,
    DeliverableVersion,
    GateAnswer,
    GateCriterion,
    GateReview,
    TailoringRule,
    Waiver,
)
from governance.readiness import NOT_YET
from governance.states import STANDING_STATES
from portfolio.models import Project
from portfolio.states import Phase, ProjectStatus

OWED = (Requirement.MANDATORY, Requirement.LITE)


@dataclass(frozen=True)
class NextGate:
    """The gate that comes next; `planned_on` is None while nobody has planned it, and nothing is counted then."""

    gate: Gate
    planned_on: dt.date | None
    in_place: int
    asked: int
    url: str


def with_next_gate(projects: QuerySet[Project]) -> QuerySet[Project]:
    """Return the projects with their next planned review and the gates that their class passes, for `next_gate_of`."""
    planned = GateReview.objects.filter(project=OuterRef("pk"), state=GateState.PLANNED).order_by("gate", "number")
    path = ClassGates.objects.filter(governance_class=OuterRef("governance_class")).values("path")
    return projects.annotate(
        **{f"next_gate_{name}": Subquery(planned.values(name)[:1]) for name in ("pk", "gate", "planned_on", "number")},
        next_gate_path=Subquery(path),
    )


def next_gate_of(project: Project, on: dt.date) -> NextGate | None:
    """Return the next gate of a project read by `with_next_gate`, counted as of `on`; None where no gate lies ahead.

    One query, and none where no review is planned.
    """
    found: Any = project
    if found.next_gate_gate:
        points = list(_points(found, on))
        in_place = points.count(True) + (OVERDUE not in points)
        asked = len(points) - points.count(OVERDUE) + 1
        url = reverse("governance:gate-detail", args=[project.code, found.next_gate_number])
        return NextGate(Gate(found.next_gate_gate), found.next_gate_planned_on, in_place, asked, url)
    gate = gate_after(Phase(project.phase), found.next_gate_path.split()) if project.is_open else None
    return NextGate(gate, None, 0, 0, reverse("governance:gate-readiness", args=[project.code, gate])) if gate else None


#: Stands among the points of a gate for each condition that is overdue.
OVERDUE = None


def _points(project: Any, on: dt.date) -> QuerySet[Any]:
    """Return of everything that the next gate asks whether it is in place, and OVERDUE for each overdue condition."""
    overdue = _overdue(project, on).annotate(done=Value(OVERDUE, output_field=BooleanField()))
    parts = [rows.order_by().values_list("done", flat=True) for rows in (_owed(project, on), _asked(project), overdue)]
    return parts[0].union(*parts[1:], all=True)


def _owed(project: Any, on: dt.date) -> QuerySet[Any]:
    """Return what the class of the project owes by the gate, `done` where it is approved, in, or waived.

    Codes of gates sort as the gates do.
    """
    rules = TailoringRule.objects.filter(governance_class=project.governance_class, requirement__in=OWED)
    own = Deliverable.objects.filter(project=project)
    midnight = timezone.make_aware(dt.datetime.combine(on, dt.time()))
    not_in = own.reports().filter(excused_at=None, due_at__lt=midnight, first_submitted_at=None)
    # Asked of the one document, not joined: a planner without statistics would read every approved version of the portfolio.
    standing = DeliverableVersion.objects.filter(deliverable=OuterRef("pk"), state__in=STANDING_STATES)
    approved = own.filter(Exists(standing), kind=OuterRef("artefact"))
    reports = Q(artefact=Artefact.STATUS_REPORT)
    settled = (reports & ~Exists(not_in)) | (~reports & Q(Exists(approved)))
    waived = Exists(_waivers(project, on).filter(artefact=OuterRef("artefact")))
    owed = rules.filter(gate__lte=project.next_gate_gate).exclude(artefact__in=NOT_YET)
    return owed.annotate(done=ExpressionWrapper(Q(waived) | settled, output_field=BooleanField()))


def _asked(project: Any) -> QuerySet[Any]:
    """Return the questions of the gate, `done` where they are answered."""
    answers = GateAnswer.objects.filter(criterion=OuterRef("pk"), gate_review=project.next_gate_pk)
    criteria = GateCriterion.objects.filter(Q(is_active=True) | Exists(answers), gate=project.next_gate_gate)
    return criteria.annotate(done=Exists(answers.exclude(is_met=None)))


def _overdue(project: Any, on: dt.date) -> QuerySet[Any]:
    named = Q(condition=OuterRef("pk")) | Q(condition=None, granted_on__gt=OuterRef("due_on"))
    waived = _waivers(project, on).filter(named, artefact="")
    return Condition.objects.filter(project=project).overdue(on).exclude(Exists(waived))


def _waivers(project: Any, on: dt.date) -> QuerySet[Waiver]:
    return Waiver.objects.in_force(on).filter(project=project, gate=project.next_gate_gate)


def expected_gates(reviews: QuerySet[GateReview]) -> QuerySet[GateReview]:
    """Return, of `reviews`, the last decision of each open project that named a day for which no review is planned."""
    of_same = GateReview.objects.filter(project=OuterRef("project"))
    later = of_same.filter(number__gt=OuterRef("number")).exclude(state=GateState.CANCELLED)
    return reviews.filter(
        ~Exists(of_same.filter(state=GateState.PLANNED)),
        ~Exists(later),
        ~Q(decision=GateDecision.STOP),
        state=GateState.DECIDED,
        next_gate_on__isnull=False,
        project__status__in=[ProjectStatus.ACTIVE, ProjectStatus.ON_HOLD],
    )


def with_class_path(reviews: QuerySet[GateReview]) -> QuerySet[GateReview]:
    """Return reviews with the gates that the class of their project passes, for `gate_expected`."""
    path = ClassGates.objects.filter(governance_class=OuterRef("project__governance_class")).values("path")
    return reviews.annotate(class_path=Subquery(path))


def gate_expected(review: Any) -> Gate | None:
    """Return which gate a decision read by `with_class_path` leads on to: the same one after a Hold. No query."""
    if review.decision == GateDecision.HOLD:
        return Gate(review.gate)
    return gate_after(Phase(review.project.phase), review.class_path.split())


def gate_after(phase: Phase, path: Sequence[str]) -> Gate | None:
    """Return the gate of a path that leads a project on from its phase; G3 only leads out of procurement."""
    order = list(Phase)
    for gate in map(Gate, path):
        opens = OPENS[gate]
        if opens is not None and order.index(opens) > order.index(phase) and (gate != Gate.G3 or phase == Phase.PROCUREMENT):
            return Gate.G3 if phase == Phase.PROCUREMENT and gate == Gate.G2 else gate
    return None
