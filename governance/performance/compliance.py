"""How far each project keeps to governance: checks passed of checks that apply, over the last twelve months."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q

from governance.gate_states import Artefact, GateDecision, GateState, Requirement
from governance.models import ComplianceFinding, DeliverableVersion, GateReview, TailoringRule, Waiver
from governance.performance import sources
from governance.performance.figures import Occurrence
from governance.performance.metrics import share
from governance.performance.sources import Scope
from governance.states import STANDING_STATES, VersionState
from portfolio.models import Project, Risk
from portfolio.states import RiskStatus

#: A risk is looked at again within so many days.
RISK_DAYS = 30
#: The checks in the order of the columns: (key, heading, formula).
CHECKS = (
    ("reports", "Reports", "reports first submitted by the time due ÷ reports due"),
    ("gates", "Gates", "gates held by the day first planned ÷ gates first planned for a day that is over"),
    (
        "deliverables",
        "Approved before the gate",
        "documents that the class owes at the gates it passed, approved by that day ÷ owed and not waived; where a gate was "
        "entered from records, approved by today",
    ),
    ("conditions", "Conditions", "conditions closed by the day first set ÷ conditions whose first day is over"),
    ("risks", "Risks looked at", f"open risks whose treatment moved within {RISK_DAYS} days ÷ open risks"),
    ("findings", "Findings", "compliance findings closed ÷ compliance findings opened"),
)


@dataclass(frozen=True)
class Check:
    """One check of one project: how often it was kept, of how often it applied."""

    passed: int = 0
    of: int = 0

    def __str__(self) -> str:
        return f"{self.passed} of {self.of}" if self.of else "—"

    @property
    def is_kept(self) -> bool:
        return self.passed == self.of


@dataclass(frozen=True)
class ProjectCompliance:
    """One project with its checks in the order of CHECKS."""

    project: Project
    checks: Sequence[Check]
    waivers: int = 0
    """In force. They take what they waive out of what is owed, and are shown, never counted as kept."""

    @property
    def percent(self) -> Decimal | None:
        """Return the mean of the shares of the checks that apply, in per cent, or None where none applies.

        Each check weighs the same: fifty weekly reports do not make up for a condition that nobody met.
        """
        shares = [kept for check in self.checks if (kept := share(check.passed, check.of)) is not None]
        return sum(shares, Decimal(0)) / len(shares) if shares else None


def compliance_of(projects: Iterable[Project], scope: Scope) -> list[ProjectCompliance]:
    """Return the compliance of every project, the lowest first, those without any check last. Eight queries."""
    kept = {
        "reports": _tally(sources.reports(scope)),
        "gates": _tally(sources.gates(scope)),
        "deliverables": _deliverables(scope),
        "conditions": _tally(sources.conditions(scope)),
        "risks": _risks(scope.end),
        "findings": _findings(scope),
    }
    waivers = Counter(code for code, _, _ in _waived(scope.end))
    rows = [
        ProjectCompliance(project, [kept[key].get(project.code, Check()) for key, _, _ in CHECKS], waivers[project.code])
        for project in projects
    ]
    return sorted(rows, key=lambda row: (row.percent is None, row.percent or 0, row.project.code))


def _tally(rows: Iterable[Occurrence]) -> Mapping[str, Check]:
    found: dict[str, Check] = {}
    for row in rows:
        before = found.get(row.code, Check())
        found[row.code] = Check(before.passed + row.holds, before.of + 1)
    return found


def _checks(rows: Iterable[tuple[str, int, int]]) -> Mapping[str, Check]:
    return {code: Check(passed, of) for code, passed, of in rows}


def _risks(today: dt.date) -> Mapping[str, Check]:
    recent = Q(progressed_on__gte=today - dt.timedelta(days=RISK_DAYS))
    rows = Risk.objects.filter(status=RiskStatus.OPEN).values("project__code").order_by()
    return _checks(rows.annotate(kept=Count("pk", filter=recent), of=Count("pk")).values_list("project__code", "kept", "of"))


def _findings(scope: Scope) -> Mapping[str, Check]:
    rows = ComplianceFinding.objects.filter(scope.moments("opened_at", "project__")).values("project__code").order_by()
    closed = Q(closed_at__isnull=False)
    return _checks(rows.annotate(kept=Count("pk", filter=closed), of=Count("pk")).values_list("project__code", "kept", "of"))


def _waived(today: dt.date) -> list[tuple[str, str, str]]:
    """Return (code of the project, gate, artefact) of every waiver in force."""
    rows = Waiver.objects.filter(revoked_at=None, granted_on__lte=today, expires_on__gte=today)
    return list(rows.values_list("project__code", "gate", "artefact"))


def _deliverables(scope: Scope) -> Mapping[str, Check]:
    """Return for each project how many of the documents that its class owes at the gates it passed were approved by then.

    Gates entered from records were passed before documents were kept here; for those an approval by today counts.
    """
    owed, approved, waived = _owed(), _approved_days(scope), set(_waived(scope.end))
    found: dict[str, Check] = {}
    passed = GateReview.objects.filter(
        scope.classes("project__"),
        state=GateState.DECIDED,
        decision__in=[GateDecision.GO, GateDecision.CONDITIONAL],
        held_on__lte=scope.end,
        kind_in_source="",
    )
    names = ("project__code", "project__governance_class", "gate", "held_on", "source")
    for code, governance_class, gate, held_on, source in passed.values_list(*names):
        for artefact in owed.get((governance_class, gate), ()):
            if (code, gate, artefact) not in waived:
                day, before = approved.get((code, artefact)), found.get(code, Check())
                in_time = day is not None and day <= (scope.end if source else held_on)
                found[code] = Check(before.passed + in_time, before.of + 1)
    return found


def _owed() -> Mapping[tuple[int, str], list[str]]:
    """Return by class and gate the documents that are owed. Kinds without pages of their own do not count yet."""
    found: dict[tuple[int, str], list[str]] = {}
    in_product = (Artefact.DEFINITION, Artefact.EXECUTION_PLAN)
    rules = TailoringRule.objects.filter(
        artefact__in=in_product, requirement__in=[Requirement.MANDATORY, Requirement.LITE]
    ).values_list("governance_class", "gate", "artefact")
    for governance_class, gate, artefact in rules:
        found.setdefault((governance_class, gate), []).append(artefact)
    return found


def _approved_days(scope: Scope) -> Mapping[tuple[str, str], dt.date]:
    """Return by project and kind the day of the first approval."""
    states = [*STANDING_STATES, VersionState.SUPERSEDED]
    rows = DeliverableVersion.objects.filter(state__in=states, document__isnull=False).order_by("-decided_at")
    names: tuple[Any, ...] = ("deliverable__project__code", "deliverable__kind", "decided_at")
    return {(code, kind): scope.office.day(at) for code, kind, at in rows.values_list(*names)}
