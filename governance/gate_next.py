"""The next gate of a project in one line: what it is, when, and how much of what it asks is in place.

Read with the project itself: one line shall not cost ten queries. `governance.readiness` tells the same
in full.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
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


def with_next_gate(projects: QuerySet[Project], on: dt.date) -> QuerySet[Project]:
    """Return the projects with their next planned review and the counts of what it asks, as of `on`."""
    planned = GateReview.objects.filter(project=OuterRef("pk"), state=GateState.PLANNED).order_by("gate", "number")
    rows = projects.annotate(
        **{f"next_gate_{name}": Subquery(planned.values(name)[:1]) for name in ("pk", "gate", "planned_on", "number")}
    )
    owed, asked = _owed(), _asked()
    waived = _waivers(on).filter(project=OuterRef("project"), gate=OuterRef(OuterRef("next_gate_gate")), artefact="")
    named = Q(condition=OuterRef("pk")) | Q(condition=None, granted_on__gt=OuterRef("due_on"))
    overdue = Condition.objects.filter(project=OuterRef("pk")).overdue(on).exclude(Exists(waived.filter(named)))
    path = ClassGates.objects.filter(governance_class=OuterRef("governance_class")).values("path")
    return rows.annotate(
        next_gate_path=Subquery(path),
        next_gate_owed=_count(owed),
        next_gate_settled=_count(owed.filter(_settled(on))),
        next_gate_asked=_count(asked),
        next_gate_answered=_count(asked.filter(Exists(_answers().exclude(is_met=None)))),
        next_gate_overdue=Exists(overdue),
    )


def _count(rows: QuerySet[Any]) -> Subquery:
    return Subquery(
        rows.order_by().annotate(of_all=F("pk") - F("pk")).values("of_all").annotate(count=Count("pk")).values("count")
    )


def _owed() -> QuerySet[TailoringRule]:
    """Return what the class of the project owes by the gate; codes of gates sort as the gates do."""
    rules = TailoringRule.objects.filter(governance_class=OuterRef("governance_class"), requirement__in=OWED)
    return rules.filter(gate__lte=OuterRef("next_gate_gate")).exclude(artefact__in=NOT_YET)


def _settled(on: dt.date) -> Q:
    """Say of a rule whether what it asks of the project is approved, in, or waived."""
    project, gate = OuterRef(OuterRef("pk")), OuterRef(OuterRef("next_gate_gate"))
    approved = DeliverableVersion.objects.filter(
        deliverable__project=project, deliverable__kind=OuterRef("artefact"), state__in=STANDING_STATES
    )
    waived = _waivers(on).filter(project=project, gate=gate, artefact=OuterRef("artefact"))
    midnight = timezone.make_aware(dt.datetime.combine(on, dt.time()))
    not_in = Deliverable.objects.reports().filter(
        project=project, excused_at=None, due_at__lt=midnight, first_submitted_at=None
    )
    reports = Q(artefact=Artefact.STATUS_REPORT)
    return Q(Exists(waived)) | (reports & ~Exists(not_in)) | (~reports & Q(Exists(approved)))


def _waivers(on: dt.date) -> QuerySet[Waiver]:
    return Waiver.objects.in_force(on)


def _asked() -> QuerySet[GateCriterion]:
    criteria = GateCriterion.objects.filter(gate=OuterRef("next_gate_gate"))
    return criteria.filter(Q(is_active=True) | Exists(_answers()))


def _answers() -> QuerySet[GateAnswer]:
    return GateAnswer.objects.filter(criterion=OuterRef("pk"), gate_review=OuterRef(OuterRef("next_gate_pk")))


def next_gate_of(project: Project) -> NextGate | None:
    """Return the next gate of a project read by `with_next_gate`; None where no gate lies ahead. No query."""
    found: Any = project
    if found.next_gate_gate:
        settled = (found.next_gate_settled or 0) + (found.next_gate_answered or 0) + (not found.next_gate_overdue)
        asked = (found.next_gate_owed or 0) + (found.next_gate_asked or 0) + 1
        url = reverse("governance:gate-detail", args=[project.code, found.next_gate_number])
        return NextGate(Gate(found.next_gate_gate), found.next_gate_planned_on, settled, asked, url)
    gate = gate_after(Phase(project.phase), found.next_gate_path.split()) if project.is_open else None
    return NextGate(gate, None, 0, 0, reverse("governance:gate-readiness", args=[project.code, gate])) if gate else None


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
