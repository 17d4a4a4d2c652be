"""The gates of another house as its file says them: one project a row, one dated column a gate."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from governance.gate_states import Gate
from pmo.lib.errors import Refused
from portfolio.importing.headings import SourceRow, SourceTable
from portfolio.importing.problems import Finding, quality, rejected
from portfolio.importing.reading import read_table
from portfolio.importing.targets import plain

#: What a column may be headed, in small letters. The gates are headed by their codes, or by the stages of a capital project:
#: concept, business case submitted, approved, first and second stage complete, defects over.
CODE, NAME, SORT, PROGRAM, DEPARTMENT, AMOUNT, TENDER = "code", "name", "sort", "program", "department", "amount", "tender"
HEADINGS: Mapping[str, tuple[str, ...]] = {
    CODE: ("code", "id", "project code", "project id"),
    NAME: ("name", "project", "project name"),
    SORT: ("class", "sort", "ept", "type"),
    PROGRAM: ("program", "delivery program"),
    DEPARTMENT: ("department", "owner group"),
    AMOUNT: ("budget", "ffc", "amount"),
    TENDER: ("tender closed",),
}
GATE_HEADINGS: Mapping[Gate, tuple[str, ...]] = {
    Gate.G0: ("g0", "bni"),
    Gate.G1: ("g1", "pbc"),
    Gate.G2: ("g2", "bca"),
    Gate.G3: ("g3",),
    Gate.G4: ("g4", "stage1", "stage 1"),
    Gate.G5: ("g5", "stage2", "stage 2"),
    Gate.G6: ("g6", "stage3", "stage 3"),
}
PATTERNS = ("%d/%m/%Y %I:%M:%S %p", "%d/%m/%Y", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d")
YEARS = range(1950, 2100)
SORT_UNKNOWN = "Sort not given"


@dataclass(frozen=True)
class Columns:
    """Where in a row each thing stands; what the file does not have is not in it."""

    headings: Sequence[str]
    facts: Mapping[str, int]
    gates: Mapping[Gate, int]

    def gate_heading(self, gate: Gate) -> str:
        return self.headings[self.gates[gate]]


@dataclass(frozen=True)
class PastProject:
    """One project of the file. Moments keep their time of day: two gates on one day can still be in the wrong order."""

    line: int
    code: str
    name: str
    sort: str
    program: str
    department: str
    amount: Decimal | None
    moments: Mapping[Gate, dt.datetime]
    tender_on: dt.date | None

    def out_of_order(self) -> Iterator[tuple[Gate, Gate]]:
        """Yield each pair of neighboring gates of which the later one lies before the earlier."""
        for before, after in itertools.pairwise(self.moments):
            if self.moments[before] > self.moments[after]:
                yield before, after

    @property
    def governance_class(self) -> int:
        """Return the class that the number of approvals stands for: `3 Gate Major Infrastructure` is class 3."""
        found = re.match(r"(?:class )?([1-4])\b", self.sort, re.IGNORECASE)
        return int(found.group(1)) if found else 1


def moment_in(text: str) -> dt.datetime | None:
    """Return the moment that a cell says, as the source's own clock; None for an empty one. Raises ValueError."""
    said = text.strip()
    if not said:
        return None
    for pattern in PATTERNS:
        try:
            moment = dt.datetime.strptime(said, pattern)  # noqa: DTZ007  # the source's clock; only its day and order are kept
        except ValueError:
            continue
        if moment.year in YEARS:
            return moment
    raise ValueError(f"“{said}” is no date that is known. Write it as 2026-03-31 or 31/03/2026.")


def amount_in(text: str) -> Decimal | None:
    """Return the amount that a cell says; None for an empty one. Raises ValueError."""
    said = text.replace(",", "").replace("$", "").strip()
    if not said:
        return None
    try:
        amount = Decimal(said)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount < 0:
        raise ValueError(f"“{text.strip()}” is no amount. Write it in figures, such as 1250000.00.")
    return amount.quantize(Decimal("0.01"))


def columns_of(table: SourceTable) -> Columns:
    """Return where each thing stands. Raises Refused(`columns_missing`) without a code or without two gates."""
    places = {plain(heading): position for position, heading in enumerate(table.headings)}
    facts = {fact: places[name] for fact, names in HEADINGS.items() for name in reversed(names) if name in places}
    gates = {gate: places[name] for gate, names in GATE_HEADINGS.items() for name in reversed(names) if name in places}
    if CODE not in facts:
        raise Refused("The file has no column for the code of a project. Head it Code or ID.", "columns_missing")
    if len(gates) < 2:
        raise Refused("The file has no columns for the gates. Head them G0 to G6; at least two are needed.", "columns_missing")
    return Columns(table.headings, facts, gates)


def read_projects(content: bytes) -> tuple[list[PastProject], list[Finding]]:
    """Return the projects of the file and what is wrong with its rows. Raises Refused(`columns_missing`), FileRefused."""
    table = read_table(content)
    columns = columns_of(table)
    projects: list[PastProject] = []
    findings: list[Finding] = []
    seen: set[str] = set()
    heading = table.headings[columns.facts[CODE]]
    for row in table.rows:
        code = row.cells[columns.facts[CODE]].strip()
        if not code:
            findings.append(rejected(row.number, "code_missing", "The row has no code. Give it one.", heading))
        elif code.casefold() in seen:
            findings.append(rejected(row.number, "code_twice", "The code stood above. Keep one row a project.", heading, code))
        else:
            seen.add(code.casefold())
            project, problems = _project_in(row, code, columns)
            findings += problems
            projects += [project] if project else []
    return projects, findings


def _project_in(row: SourceRow, code: str, columns: Columns) -> tuple[PastProject | None, list[Finding]]:
    """Return the project of one row, or None, and what is wrong with it."""
    problems: list[Finding] = []

    def text(fact: str) -> str:
        return row.cells[columns.facts[fact]].strip() if fact in columns.facts else ""

    def read(kind: Any, position: int) -> Any:
        try:
            return kind(row.cells[position])
        except ValueError as error:
            heading, value = columns.headings[position], row.cells[position]
            problems.append(rejected(row.number, "unreadable", str(error), heading, value))
            return None

    amount = read(amount_in, columns.facts[AMOUNT]) if AMOUNT in columns.facts else None
    tender = read(moment_in, columns.facts[TENDER]) if TENDER in columns.facts else None
    moments = {gate: moment for gate, at in columns.gates.items() if (moment := read(moment_in, at)) is not None}
    if problems:
        return None, problems
    name = text(NAME) or f"Project {code}"
    sort = text(SORT)[:80] or SORT_UNKNOWN
    tender_on = tender.date() if tender else None
    project = PastProject(row.number, code, name, sort, text(PROGRAM), text(DEPARTMENT), amount, moments, tender_on)
    return project, [_order_finding(project, columns, *pair) for pair in project.out_of_order()]


def _order_finding(project: PastProject, columns: Columns, before: Gate, after: Gate) -> Finding:
    first, second = columns.gate_heading(before), columns.gate_heading(after)
    message = (
        f"{second} ({project.moments[after]:%d %b %Y %H:%M}) lies before {first} ({project.moments[before]:%d %b %Y %H:%M}). "
        "Both are kept as the source says; ask it which is right."
    )
    return quality(project.line, "gates_out_of_order", message, f"{first}, {second}", project.code)
