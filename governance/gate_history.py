"""Gates of another house's finished and running projects, from a table with one dated column a gate.

The dates are facts of the source: they make gate records that name it, carry no signature and need no readiness. A day that is
over counts as the day the gate was held, a later one as the day it is planned for.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.utils import timezone

from governance.gate_states import Gate, GateDecision, GateState
from governance.models import GateReview
from pmo.lib.errors import Refused
from pmo.lib.history import create_many, dated, save_as
from pmo.roles import Role
from portfolio.importing.text import decode
from portfolio.models import Department, ImportFinding, ImportRun, Milestone, Program, Project
from portfolio.models.imports import FindingLevel, ImportState
from portfolio.states import MilestoneKind, Phase, ProjectStatus

SOURCE = "Melbourne Water capital delivery"
CURRENCY = "AUD"
#: The column of each gate, in order: concept, business case submitted, approved, first and second stage complete, defects over.
COLUMNS: Mapping[Gate, str] = {
    Gate.G0: "BNI",
    Gate.G1: "PBC",
    Gate.G2: "BCA",
    Gate.G4: "Stage1",
    Gate.G5: "Stage2",
    Gate.G6: "Stage3",
}
TENDER = "Tender Closed"
NEEDED = ("ID", "FFC", "EPT", "Delivery Program", "Owner Group", TENDER, *COLUMNS.values())
#: The phase after the last gate that was held.
PHASE_AFTER: Mapping[Gate, Phase] = {
    Gate.G0: Phase.DEFINITION,
    Gate.G1: Phase.PLANNING,
    Gate.G2: Phase.BUILD,
    Gate.G4: Phase.ROLLOUT,
    Gate.G5: Phase.CLOSING,
    Gate.G6: Phase.CLOSED,
}
PATTERNS = ("%d/%m/%Y %I:%M:%S %p", "%d/%m/%Y", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d")


@dataclass(frozen=True)
class SourceRow:
    """One project of the file. Moments keep their time of day: two gates on one day can still be in the wrong order."""

    line: int
    code: str
    kind: str
    program: str
    owner: str
    amount: Decimal | None
    moments: Mapping[Gate, dt.datetime]
    tender_on: dt.date | None

    def out_of_order(self) -> Iterator[tuple[Gate, Gate]]:
        """Yield each pair of neighboring gates of which the later one lies before the earlier."""
        known = list(self.moments)
        for before, after in itertools.pairwise(known):
            if self.moments[before] > self.moments[after]:
                yield before, after

    @property
    def governance_class(self) -> int:
        """Return the class that the number of approvals stands for: `3 Gate Major Infrastructure` is class 3."""
        found = re.match(r"([234]) Gate", self.kind)
        return int(found.group(1)) if found else 1


@dataclass(frozen=True)
class Problem:
    line: int
    column: str
    value: str
    code: str
    message: str
    level: FindingLevel = FindingLevel.QUALITY


@dataclass
class GateImport:
    """What an import of gates did."""

    run: ImportRun | None = None
    rows: int = 0
    created: int = 0
    found: int = 0
    held: int = 0
    planned: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def quality(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.level == FindingLevel.QUALITY]


def moment_in(text: str) -> dt.datetime | None:
    """Return the moment that a cell says, as the source's own clock; None for an empty one. Raises ValueError."""
    said = text.strip()
    if not said:
        return None
    for pattern in PATTERNS:
        try:
            return dt.datetime.strptime(said, pattern)  # noqa: DTZ007  # the source's clock; only its day and order are kept
        except ValueError:
            continue
    raise ValueError(f"“{said}” is no date that is known.")


def read_rows(content: bytes) -> tuple[list[SourceRow], list[Problem]]:
    """Return the rows of the file and what is wrong with them. Raises Refused(`columns_missing`), FileRefused."""
    text, _ = decode(content)
    reader = csv.DictReader(io.StringIO(text, newline=""))
    missing = [name for name in NEEDED if name not in (reader.fieldnames or ())]
    if missing:
        raise Refused(f"The file lacks the columns {', '.join(missing)}.", "columns_missing")
    rows: list[SourceRow] = []
    problems: list[Problem] = []
    seen: set[str] = set()
    for line, cells in enumerate(reader, start=2):
        code = (cells["ID"] or "").strip()
        if not code or code in seen:
            problems.append(Problem(line, "ID", code, "code_twice", "No ID, or it stood before.", FindingLevel.REJECTED))
            continue
        seen.add(code)
        try:
            row = _row(line, code, cells)
        except (ValueError, InvalidOperation) as error:
            problems.append(Problem(line, "", "", "unreadable", str(error)[:400], FindingLevel.REJECTED))
            continue
        rows.append(row)
        problems += [_order_problem(row, before, after) for before, after in row.out_of_order()]
    return rows, problems


def _row(line: int, code: str, cells: Mapping[str, str]) -> SourceRow:
    moments = {gate: moment for gate, name in COLUMNS.items() if (moment := moment_in(cells[name])) is not None}
    tender = moment_in(cells[TENDER])
    amount = Decimal(cells["FFC"]).quantize(Decimal("0.01")) if cells["FFC"].strip() else None
    said = {name: cells[name].strip() for name in ("EPT", "Delivery Program", "Owner Group")}
    tender_on = tender.date() if tender else None
    return SourceRow(line, code, said["EPT"], said["Delivery Program"], said["Owner Group"], amount, moments, tender_on)


def _order_problem(row: SourceRow, before: Gate, after: Gate) -> Problem:
    first, second = COLUMNS[before], COLUMNS[after]
    message = (
        f"{second} ({row.moments[after]:%d %b %Y %H:%M}) lies before {first} ({row.moments[before]:%d %b %Y %H:%M}). "
        "Both are kept as the source says; ask it which is right."
    )
    return Problem(row.line, f"{first}, {second}", row.code, "gates_out_of_order", message)


def import_gates(content: bytes, file_name: str, *, by: Any, at: dt.datetime) -> GateImport:
    """Make gate records of the file, with the projects that are not there yet. A second time it changes nothing.

    Raises Refused: `not_importer`, `columns_missing`; FileRefused for what is no table.
    """
    if not by.has_role(Role.PMO_MANAGER):
        raise Refused("The PMO manager brings in other houses' records.", "not_importer")
    rows, problems = read_rows(content)
    done = GateImport(rows=len(rows), problems=problems)
    with transaction.atomic():
        _write(rows, done, by=by, at=at)
        done.run = _keep_run(content, file_name, rows, done, by=by, at=at)
    return done


def _write(rows: list[SourceRow], done: GateImport, *, by: Any, at: dt.datetime) -> None:
    today = timezone.localdate(at)
    shelves = _Shelves(by)
    known = {project.code: project for project in Project.objects.filter(code__in=[row.code for row in rows])}
    have = set(GateReview.objects.filter(source=SOURCE).values_list("project_id", "gate"))
    numbers: dict[int, int] = {}
    for pk in GateReview.objects.filter(project__in=known.values()).values_list("project_id", flat=True):
        numbers[pk] = numbers.get(pk, 0) + 1
    gates: list[GateReview] = []
    for row in rows:
        project = known.get(row.code) or _project(row, shelves, today, by=by)
        done.created += row.code not in known
        done.found += row.code in known
        for gate, moment in row.moments.items():
            if (project.pk, gate.value) not in have:
                numbers[project.pk] = numbers.get(project.pk, 0) + 1
                gates.append(_gate(row, project, gate, moment.date(), numbers[project.pk], today))
    done.held = sum(gate.state == GateState.DECIDED for gate in gates)
    done.planned = len(gates) - done.held
    _store(gates, by=by)


def _store(gates: list[GateReview], *, by: Any) -> None:
    """Store the gates, their history dated as the source dates them; what lies ahead is dated now."""
    by_day: dict[dt.date | None, list[GateReview]] = {}
    for gate in gates:
        by_day.setdefault(gate.held_on, []).append(gate)
    for day, some in by_day.items():
        if day is None:
            create_many(GateReview, some, by=by, reason=f"imported: {SOURCE}")
            continue
        with dated(timezone.make_aware(dt.datetime.combine(day, dt.time(12)))):
            create_many(GateReview, some, by=by, reason=f"imported: {SOURCE}")


def _gate(row: SourceRow, project: Project, gate: Gate, day: dt.date, number: int, today: dt.date) -> GateReview:
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
        rationale=f"{COLUMNS[gate]} in the source." if is_held else "",
        source=SOURCE,
        kind_in_source=row.kind,
    )


class _Shelves:
    """The programs and departments of the source, made when they are first needed."""

    def __init__(self, by: Any) -> None:
        self.by = by
        self.programs: dict[str, Program] = {}
        self.departments: dict[str, Department] = {}

    def program(self, name: str) -> Program | None:
        if name and name not in self.programs:
            code = "MW-" + re.sub(r"[^A-Z0-9]+", "-", name.upper()).strip("-")[:17]
            found = Program.objects.filter(code=code).first()
            self.programs[name] = found or Program.enter(by=self.by, code=code, name=name, reason=f"imported: {SOURCE}")
        return self.programs.get(name)

    def department(self, name: str) -> Department | None:
        if name and name not in self.departments:
            found = Department.objects.filter(name=name).first()
            self.departments[name] = found or Department.enter(by=self.by, name=name, reason=f"imported: {SOURCE}")
        return self.departments.get(name)


def _project(row: SourceRow, shelves: _Shelves, today: dt.date, *, by: Any) -> Project:
    days = {gate: moment.date() for gate, moment in row.moments.items()}
    held = [gate for gate, day in days.items() if day <= today]
    phase = PHASE_AFTER[held[-1]] if held else Phase.INTAKE
    is_over = phase == Phase.CLOSED
    start_on = min(days.values(), default=None)
    finish_on = days.get(Gate.G5)
    project = Project(
        code=row.code,
        name=f"Capital project {row.code}",
        purpose="",
        program=shelves.program(row.program),
        department=shelves.department(row.owner),
        phase=phase,
        status=ProjectStatus.CLOSED if is_over else ProjectStatus.ACTIVE,
        governance_class=row.governance_class,
        is_reporting=False,
        start_on=start_on,
        forecast_finish_on=None if is_over else finish_on,
        actual_finish_on=(finish_on or days.get(Gate.G6)) if is_over else None,
        currency=CURRENCY,
        budget_amount=row.amount,
        source=SOURCE,
    )
    project.full_clean()
    save_as(project, by=by, reason=f"imported: {SOURCE}")
    if row.tender_on:
        is_past = row.tender_on <= today
        tender = Milestone(
            project=project,
            number=1,
            name="Tender closed",
            kind=MilestoneKind.CONTRACT,
            forecast_on=None if is_past else row.tender_on,
            actual_on=row.tender_on if is_past else None,
        )
        save_as(tender, by=by, reason=f"imported: {SOURCE}")
    return project


def _keep_run(
    content: bytes, file_name: str, rows: list[SourceRow], done: GateImport, *, by: Any, at: dt.datetime
) -> ImportRun:
    """Keep the file, what was found in it and what became of it, where every other import is kept."""
    rejected = sum(problem.level == FindingLevel.REJECTED for problem in done.problems)
    run = ImportRun.objects.create(
        uploaded_by=by,
        uploaded_at=at,
        file_name=file_name,
        sha256=hashlib.sha256(content).hexdigest(),
        raw=content,
        state=ImportState.IMPORTED,
        encoding="utf-8",
        delimiter=",",
        options={"source": SOURCE},
        summary={
            "rows": done.rows + rejected,
            "accepted": done.rows,
            "rejected": rejected,
            "projects": done.rows,
            "created": done.created,
            "changed": 0,
            "unchanged": done.found,
            "remarks": 0,
            "quality": len(done.quality),
            "dates": sum(len(row.moments) for row in rows),
            "standings_new": 0,
            "standings_changed": 0,
            "standings_same": 0,
            "departments_new": [],
            "programs_new": [],
            "ratings": {},
            "budget_total": str(sum((row.amount or Decimal(0) for row in rows), Decimal(0))),
            "forecast_total": "0",
            "currency": CURRENCY,
            "unit": "units",
        },
        imported_at=at,
    )
    ImportFinding.objects.bulk_create(
        ImportFinding(
            run=run,
            level=one.level,
            row_number=one.line,
            column=one.column,
            value=one.value,
            code=one.code,
            message=one.message,
        )
        for one in done.problems
    )
    return run
