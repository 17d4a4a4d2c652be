"""Work that went on before its gate: a go-live that was reached while the gate of go-live readiness was not passed.

Of all that happens in a project this alone is certain. Other milestones may belong to either side of a gate, and what a report
says was done is prose; see docs/decisions/0047.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef

from governance import gate_notices
from governance.clock import Office
from governance.compliance import due_to_mend, open_finding, settle
from governance.gate_days import LONGEST_LAG
from governance.gate_states import GOES, ComplianceRule, Gate
from governance.models import ClassGates, ComplianceFinding, GateReview
from pmo.lib import words
from portfolio.models import Milestone, Project
from portfolio.states import MilestoneKind, Phase, ProjectStatus

GATE = Gate.G4
#: While a project is in one of these phases, the gate was not passed, here or elsewhere.
BEFORE = tuple(Phase)[: tuple(Phase).index(Phase.ROLLOUT)]
#: What closes a finding by itself, apart from the gate.
TAKEN_BACK = "The go-live is no longer marked as reached on that day."
RETYPED = "The milestone is no longer marked as a go-live."


def open_early_work(at: dt.datetime, office: Office) -> int:
    """Open a finding for each go-live before its gate, once, and tell who is to act. Three queries and what is new.

    The decision of a meeting may be signed some working days later, so nothing is said before that time is over. One that was
    closed because the go-live was taken back is opened again when it is marked for the same day once more.
    """
    rows = _reached_before_gate(office.calendar.add(office.day(at), -LONGEST_LAG))
    found = ComplianceFinding.objects.filter(key__in=[key_of(row) for row in rows])
    known = set(found.exclude(pk__in=found.closed_by_clock().values("pk")).values_list("key", flat=True))
    return sum(_open(row, at, office) for row in rows if key_of(row) not in known)


def _reached_before_gate(signed_from: dt.date) -> list[Milestone]:
    """Return the go-lives before `signed_from` of projects that owe the gate, decide their gates here and did not pass it."""
    passed = GateReview.objects.filter(project=OuterRef("project"), gate=GATE, decision__in=GOES)
    rows = Milestone.objects.filter(
        ~Exists(passed),
        kind=MilestoneKind.GO_LIVE,
        actual_on__lt=signed_from,
        project__status__in=[ProjectStatus.ACTIVE, ProjectStatus.ON_HOLD],
        project__phase__in=BEFORE,
    )
    setups = {row.governance_class: row for row in ClassGates.objects.all()}
    return [row for row in rows.select_related("project__project_manager") if _is_owed_here(row, setups)]


def _is_owed_here(row: Milestone, setups: dict[int, ClassGates]) -> bool:
    setup = setups[row.project.governance_class]
    return GATE in setup.gates and row.actual_on is not None and row.actual_on >= setup.kept_since(row.project)


def key_of(row: Milestone) -> str:
    """Name the occasion: a go-live taken back and reached on another day is another one."""
    return f"early-work-{row.pk}-{row.actual_on:%Y%m%d}"


def _open(row: Milestone, at: dt.datetime, office: Office) -> int:
    project, day = row.project, words.day_without_weekday(row.actual_on)
    found = open_finding(
        project,
        ComplianceRule.WORK_BEFORE_GATE,
        key_of(row),
        f"{row.name} was reached on {day}, and {GATE.label} was not passed.",
        at=at,
        owner=project.project_manager,
        due_on=due_to_mend(office.day(at)),
    )
    if found:
        gate_notices.early_work(found, at=at)
    return int(found is not None)


def settle_passed(project: Project, gate: str, held_on: dt.date, *, by: Any, at: dt.datetime) -> None:
    """Close what was found about `project`, because `gate` was passed now. Nothing where it is another gate."""
    if gate == GATE:
        said = f"{GATE.label} was passed on {words.day_without_weekday(held_on)}."
        _settle(_still_open().filter(project=project), said, by=by, at=at)


def settle_undone(at: dt.datetime) -> int:
    """Close what was found about a go-live that is none any more, or not reached on that day. Two queries and what closes."""
    found = {row.key: row for row in _still_open()}
    rows = Milestone.objects.filter(project__in=[row.project_id for row in found.values()], actual_on__isnull=False)
    kinds = {key_of(row): row.kind for row in rows}
    undone = sorted(key for key in found if kinds.get(key) != MilestoneKind.GO_LIVE)
    for key in undone:
        _settle([found[key]], RETYPED if key in kinds else TAKEN_BACK, by=None, at=at)
    return len(undone)


def _still_open() -> Any:
    return ComplianceFinding.objects.open().filter(rule=ComplianceRule.WORK_BEFORE_GATE)


def _settle(rows: Iterable[ComplianceFinding], evidence: str, *, by: Any, at: dt.datetime) -> None:
    for row in rows:
        settle(row, by=by, at=at, evidence=evidence)
        gate_notices.early_work_settled(row, at=at)
