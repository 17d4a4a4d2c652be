"""Carrying out an import of gates: projects and gates in bulk, each with its history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from governance.gate_history.planning import SHELVES, HistoryPlan, Origin, Step
from governance.models import GateReview
from pmo.lib.history import create_many
from portfolio.models import Milestone, Project
from portfolio.models.imports import LineKind
from portfolio.states import MilestoneKind


def write(plan: HistoryPlan, origin: Origin, today: dt.date, *, by: Any) -> list[int]:
    """Write everything that the plan says. Returns the ids of the projects that are new or changed."""
    reason = f"imported: {origin.source}"
    plan.directory.save_new(by=by, reason=reason)
    created = plan.of_kind(LineKind.CREATED)
    for project in (step.project for step in created):
        # The ids of new programs and departments are known only now.
        for name in SHELVES:
            setattr(project, name, getattr(project, name))
    create_many(Project, [step.project for step in created], by=by, reason=reason)
    create_many(Milestone, list(_tenders(created, today)), by=by, reason=reason)
    gates = list(plan.gates())
    for gate in gates:
        gate.project = gate.project
    create_many(GateReview, gates, by=by, reason=reason, moment_of=_moment_of)
    return [step.project.pk for step in plan.steps if step.kind != LineKind.UNCHANGED]


def _tenders(steps: Iterable[Step], today: dt.date) -> Iterable[Milestone]:
    for step in steps:
        if (day := step.past.tender_on) is None:
            continue
        is_past = day <= today
        yield Milestone(
            project=step.project,
            number=1,
            name="Tender closed",
            kind=MilestoneKind.CONTRACT,
            forecast_on=None if is_past else day,
            actual_on=day if is_past else None,
        )


def _moment_of(gate: GateReview) -> dt.datetime | None:
    """Return when a gate came on record: as its source dates it; what lies ahead is dated now."""
    return timezone.make_aware(dt.datetime.combine(gate.held_on, dt.time(12))) if gate.held_on else None
