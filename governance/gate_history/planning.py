"""What an import of gates would do: new projects, gates that are not on record yet, and what stays as it is.

The dates are facts of the source: they make gate records that name it, carry no signature and need no readiness. A day that is
over counts as the day the gate was held, a later one as the day it is planned for.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError

from governance.gate_history.source import PastProject, read_projects
from governance.gate_states import GOES, Gate, GateDecision, GateState
from governance.models import GateReview
from pmo.lib.canonical import canonical_json, sha256_of
from portfolio.importing.people import Directory
from portfolio.importing.problems import Finding, rejected, remark
from portfolio.models import Project
from portfolio.models.imports import FindingLevel, LineKind
from portfolio.states import Phase, ProjectStatus

#: The phase after the last gate that was held.
PHASE_AFTER: Mapping[Gate, Phase] = {
    Gate.G0: Phase.DEFINITION,
    Gate.G1: Phase.PLANNING,
    Gate.G2: Phase.BUILD,
    Gate.G3: Phase.BUILD,
    Gate.G4: Phase.ROLLOUT,
    Gate.G5: Phase.CLOSING,
    Gate.G6: Phase.CLOSED,
}
SHELVES = ("program", "department")


@dataclass(frozen=True)
class Origin:
    """Whose records they are, and in which currency."""

    source: str
    currency: str


@dataclass
class Step:
    """What the import does to one project: `gates` are those that are not on record yet, `kept` how many are."""

    past: PastProject
    project: Project
    kind: LineKind
    gates: list[GateReview]
    kept: int

    def differences(self) -> list[list[str]]:
        """Return [gate, "", what becomes of it] for each new gate."""
        return [[str(Gate(gate.gate).label), "", _day_in_words(gate)] for gate in self.gates]


def _day_in_words(gate: GateReview) -> str:
    return f"{'held' if gate.held_on else 'planned for'} {gate.planned_on:%d %b %Y}"


@dataclass
class HistoryPlan:
    """What an import of gates would do with one file."""

    steps: list[Step] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    directory: Directory = field(default_factory=Directory)

    def of_kind(self, kind: LineKind) -> list[Step]:
        return [step for step in self.steps if step.kind == kind]

    def gates(self) -> Iterator[GateReview]:
        for step in self.steps:
            yield from step.gates

    @property
    def rejected_rows(self) -> set[int]:
        return {finding.row_number for finding in self.findings if finding.level == FindingLevel.REJECTED}

    def digest(self) -> str:
        """Return what tells whether the same import would still do the same."""
        lines = [[step.past.code, step.kind.value, step.differences()] for step in self.steps]
        said = [[finding.row_number, finding.code, finding.value] for finding in self.findings]
        return sha256_of(canonical_json([lines, said]))

    def summary(self) -> dict[str, Any]:
        gates = list(self.gates())
        rejected_rows = len(self.rejected_rows)
        amounts = (step.past.amount or Decimal(0) for step in self.steps)
        return {
            "rows": len(self.steps) + rejected_rows,
            "accepted": len(self.steps),
            "rejected": rejected_rows,
            **{kind.value: len(self.of_kind(kind)) for kind in LineKind},
            "held": sum(gate.held_on is not None for gate in gates),
            "planned": sum(gate.held_on is None for gate in gates),
            "kept": sum(step.kept for step in self.steps),
            "remarks": sum(finding.level == FindingLevel.WARNING for finding in self.findings),
            "quality": sum(finding.level == FindingLevel.QUALITY for finding in self.findings),
            "departments_new": [row.name for row in self.directory.new_departments.values()],
            "programs_new": [row.name for row in self.directory.new_programs.values()],
            "budget_total": str(sum(amounts, Decimal(0))),
            "digest": self.digest(),
        }


def plan_history(content: bytes, origin: Origin, today: dt.date) -> HistoryPlan:
    """Return what the import would do. Raises Refused(`columns_missing`), FileRefused."""
    read, findings = read_projects(content)
    plan = HistoryPlan(findings=findings, directory=Directory.load())
    known = {project.code.casefold(): project for project in Project.objects.only("code", "name")}
    records = _Records()
    for past in read:
        project = known.get(past.code.casefold()) or _new_project(past, origin, plan.directory, today)
        problem = None if project.pk else _problem_of(project)
        if problem:
            plan.findings.append(rejected(past.line, "not_valid", problem, "", past.code))
        else:
            plan.steps.append(_step(past, project, origin, records, plan.findings, today))
    shelves = (getattr(step.project, name) for step in plan.of_kind(LineKind.CREATED) for name in SHELVES)
    plan.directory.keep_new({id(shelf) for shelf in shelves})
    plan.findings.sort(key=lambda finding: finding.row_number)
    return plan


class _Records:
    """The gates that are on record already. One query."""

    def __init__(self) -> None:
        self.days: dict[tuple[int, str], dt.date] = {}
        self.numbers: dict[int, int] = {}
        rows = GateReview.objects.values_list("project_id", "gate", "number", "state", "decision", "planned_on", "held_on")
        for project, gate, number, state, decision, planned_on, held_on in rows:
            self.numbers[project] = max(number, self.numbers.get(project, 0))
            if decision in GOES or state == GateState.PLANNED:
                self.days[project, gate] = held_on or planned_on


def _step(
    past: PastProject, project: Project, origin: Origin, records: _Records, findings: list[Finding], today: dt.date
) -> Step:
    step = Step(past, project, LineKind.UNCHANGED, [], 0)
    number = records.numbers.get(project.pk, 0)
    for gate, moment in past.moments.items():
        day = moment.date()
        there = records.days.get((project.pk, gate.value))
        if there is None:
            number += 1
            step.gates.append(_gate(past, project, gate, day, number, origin, today))
            continue
        step.kept += 1
        if there != day:
            findings.append(_kept_finding(past, gate, day, there))
    if not project.pk:
        step.kind = LineKind.CREATED
    elif step.gates:
        step.kind = LineKind.CHANGED
    return step


def _kept_finding(past: PastProject, gate: Gate, day: dt.date, kept: dt.date) -> Finding:
    message = (
        f"{gate.label} is on record here with {kept:%d %b %Y}, and that day stays; the file says {day:%d %b %Y}. "
        "Where the file is right, say so to the project manager."
    )
    return remark(past.line, "gate_on_record", message, gate.value, past.code)


def _gate(
    past: PastProject, project: Project, gate: Gate, day: dt.date, number: int, origin: Origin, today: dt.date
) -> GateReview:
    is_held = day <= today
    return GateReview(
        project=project,
        gate=gate,
        number=number,
        state=GateState.DECIDED if is_held else GateState.PLANNED,
        planned_on=day,
        first_planned_on=day,
        held_on=day if is_held else None,
        decision=GateDecision.GO if is_held else "",
        rationale="Passed before gates were kept here." if is_held else "",
        source=origin.source,
        kind_in_source=past.sort,
    )


def _new_project(past: PastProject, origin: Origin, directory: Directory, today: dt.date) -> Project:
    days = {gate: moment.date() for gate, moment in past.moments.items()}
    held = [gate for gate, day in days.items() if day <= today]
    phase = PHASE_AFTER[held[-1]] if held else Phase.INTAKE
    is_over = phase == Phase.CLOSED
    finish_on = days.get(Gate.G5)
    return Project(
        code=past.code,
        name=past.name,
        program=directory.program(past.program) if past.program else None,
        department=directory.department(past.department) if past.department else None,
        phase=phase,
        status=ProjectStatus.CLOSED if is_over else ProjectStatus.ACTIVE,
        governance_class=past.governance_class,
        is_reporting=False,
        start_on=min(days.values(), default=None),
        forecast_finish_on=None if is_over else finish_on,
        actual_finish_on=(finish_on or days.get(Gate.G6)) if is_over else None,
        currency=origin.currency,
        budget_amount=past.amount,
        source=origin.source,
    )


def _problem_of(project: Project) -> str:
    """Return what hinders a new project, in one sentence, or nothing."""
    try:
        project.clean_fields(exclude=SHELVES)
        project.clean()
        for name in SHELVES:
            if (shelf := getattr(project, name)) is not None and shelf.pk is None:
                shelf.clean_fields()
    except ValidationError as error:
        return " ".join(error.messages)[:400]
    return ""
