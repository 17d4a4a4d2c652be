"""One gate review as its page and its paper show it: before the decision as things stand, after it as they were frozen."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

from django.utils.dateparse import parse_date

from governance.gate_record import milestones_of, risks_of
from governance.gate_states import Gate, GateDecision, GateState, phase_opened
from governance.models import GateReview, SignOff
from governance.readiness import Criterion, OpenCondition, Readiness, readiness_of
from portfolio.states import Phase


@dataclass(frozen=True)
class ArtefactRow:
    name: str
    requirement: str
    state: str
    words: str
    url: str
    blocks: bool


@dataclass(frozen=True)
class GatePage:
    """Everything that the page, its print and the pack read."""

    review: GateReview
    is_planned: bool
    readiness: Readiness | None
    artefacts: tuple[ArtefactRow, ...]
    criteria: tuple[Criterion, ...]
    conditions: tuple[OpenCondition, ...]
    put: tuple[Any, ...]
    """The conditions that this decision put, as they stand today."""
    attendees: tuple[tuple[str, str], ...]
    risks: tuple[dict[str, Any], ...]
    milestones: tuple[dict[str, Any], ...]
    sign_off: SignOff | None
    effects: tuple[tuple[str, str], ...]
    reports: str

    @property
    def met(self) -> int:
        return sum(row.is_met is True for row in self.criteria)


def gate_page(review: GateReview, today: dt.date) -> GatePage:
    """Return the page of a review. A fixed number of queries."""
    if review.state == GateState.DECIDED and review.record:
        return _frozen(review)
    readiness = readiness_of(review.project, review.gate, today, review=review)
    planned = review.state == GateState.PLANNED
    return GatePage(
        review=review,
        is_planned=planned,
        readiness=readiness if planned else None,
        artefacts=tuple(
            ArtefactRow(
                str(line.artefact.label),
                str(line.requirement.label),
                str(line.standing.label),
                line.words,
                line.url,
                line.blocks,
            )
            for line in readiness.artefacts
        )
        if planned
        else (),
        criteria=readiness.criteria,
        conditions=readiness.conditions if planned else (),
        put=(),
        attendees=tuple((str(row), row.capacity) for row in review.attendees.select_related("person")),
        risks=tuple(risks_of(review.project)) if planned else (),
        milestones=tuple(milestones_of(review.project)) if planned else (),
        sign_off=None,
        effects=effects_of(review, readiness) if planned else (),
        reports=readiness.reports.sentence if planned else "",
    )


def _frozen(review: GateReview) -> GatePage:
    """Return the page as the decision froze it; only the conditions that it put are shown as they stand today."""
    record = json.loads(review.record)
    ready = record["readiness"]
    reports = ready["reports"]
    return GatePage(
        review=review,
        is_planned=False,
        readiness=None,
        artefacts=tuple(
            ArtefactRow(row["artefact"], row["requirement"], row["state"], row["words"], "", False)
            for row in ready["artefacts"]
        ),
        criteria=tuple(Criterion(0, row["text"], row["met"], row["note"]) for row in ready["criteria"]),
        conditions=tuple(
            OpenCondition(
                row["number"],
                row["text"],
                row["owner"],
                _day(row["due_on"]) or dt.date.max,
                row["overdue"],
                "",
                _day(row.get("waived_until")),
            )
            for row in ready["conditions"]
        ),
        put=tuple(review.conditions.select_related("owner", "verifier", "project").order_by("number")),
        attendees=tuple((row["name"], row["as"]) for row in record["attendees"]),
        risks=tuple(record["risks"]),
        milestones=tuple(
            {"name": row["name"], **{key: _day(row[key]) for key in ("baseline_on", "forecast_on", "actual_on")}}
            for row in record["milestones"]
        ),
        sign_off=review.sign_offs.order_by("sequence").first(),
        effects=(),
        reports=f"{reports['on_time']} of {reports['due']} in on time" if reports["due"] else "none due yet",
    )


def _day(text: str | None) -> dt.date | None:
    return parse_date(text) if text else None


def effects_of(review: GateReview, readiness: Readiness) -> tuple[tuple[str, str], ...]:
    """Return what each decision will do, in words."""
    project, gate = review.project, Gate(review.gate)
    phase = Phase(project.phase)
    opened = phase_opened(gate, phase, procures=Gate.G3 in readiness.path)
    if gate == Gate.G6:
        moves = "It looks back: the project stays closed."
    elif opened == Phase.CLOSED:
        moves = "It closes the project on the day the review was held."
    elif opened == phase:
        moves = f"The project stays in {phase.label}."
    else:
        moves = f"The project moves from {phase.label} to {opened.label}."
    return (
        (str(GateDecision.GO.label), moves),
        (str(GateDecision.CONDITIONAL.label), f"{moves} The conditions are followed until they are met."),
        (str(GateDecision.HOLD.label), "Nothing moves. The gate is planned again when it is time."),
        (str(GateDecision.STOP.label), "The project is put on hold or cancelled, as chosen."),
    )
