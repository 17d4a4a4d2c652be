"""Gates that a project passed before gates were kept here: entered from the record that says so, without a signature."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from governance.class_gates import class_gates
from governance.early_work import settle_passed
from governance.gate_authority import require_recorder
from governance.gate_states import GOES, GateDecision, GateState
from governance.gates import next_number
from governance.models import ClassGates, Deliverable, GateReview
from pmo.lib import words
from pmo.lib.errors import Refused
from pmo.lib.history import save_as
from portfolio.models import Project


def enter_past(
    project: Project, gate: str, *, planned_on: dt.date, held_on: dt.date, source: str, by: Any, at: dt.datetime
) -> GateReview:
    """Enter a gate that was passed before gates were kept here; `source` names the record. It carries no signature.

    Raises Refused: `own_project`, `not_decider`, `source_missing`, `held_in_future`, `kept_here`, `not_on_path`,
    `already_passed`.
    """
    require_recorder(project, by)
    if not source.strip():
        raise Refused("Name the record that says so.", "source_missing")
    if held_on > timezone.localdate(at):
        raise Refused("The review cannot have been held in the future.", "held_in_future")
    setup = class_gates(project.governance_class)
    _require_before(project, setup, held_on)
    if gate not in setup.gates:
        raise Refused(f"Class {project.governance_class} does not pass this gate.", "not_on_path")
    with transaction.atomic():
        Project.objects.select_for_update().get(pk=project.pk)
        if project.gate_reviews.filter(gate=gate, decision__in=GOES).exists():
            raise Refused("The project has passed this gate already.", "already_passed")
        review = GateReview(
            project=project,
            gate=gate,
            number=next_number(project),
            state=GateState.DECIDED,
            planned_on=planned_on,
            first_planned_on=planned_on,
            held_on=held_on,
            decision=GateDecision.GO,
            rationale="Passed before gates were kept here.",
            source=source.strip(),
        )
        save_as(review, by=by, reason=f"from a record: {source.strip()}")
        settle_passed(project, gate, held_on, by=by, at=at)
    return review


def known_from_records_only(rows: QuerySet[Project]) -> QuerySet[Project]:
    """Narrow `rows` to the projects that an import of another house's gates brought and of which nothing was kept here since.

    They are history: they owe no reports, hold no gate here and have no document, so no rule of the office applies to them.
    """
    of_project = GateReview.objects.filter(project=OuterRef("pk")).order_by()
    brought = of_project.filter(source=OuterRef("source")).exclude(kind_in_source="")
    documents = Deliverable.objects.filter(project=OuterRef("pk")).order_by()
    rows = rows.filter(Exists(brought), is_reporting=False)
    return rows.exclude(Exists(of_project.filter(kind_in_source=""))).exclude(Exists(documents))


def _require_before(project: Project, setup: ClassGates, held_on: dt.date) -> None:
    since = setup.kept_since(project)
    if held_on >= since:
        raise Refused(
            f"Gates of this project are decided here since {words.day_without_weekday(since)}. Plan the review and decide it.",
            "kept_here",
        )
