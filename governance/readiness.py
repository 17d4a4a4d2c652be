"""Whether a project is ready for a gate: what it owes and how that stands, what is overdue, what stands in the way of a Go.

The rule: no Go while an owed artefact is not approved or a condition is overdue, unless a waiver is in force.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from governance.gate_states import GOES, KIND_OF, Artefact, Gate, GateState, Requirement, path_of
from governance.models import (
    ComplianceFinding,
    Condition,
    Deliverable,
    DeliverableVersion,
    GateAnswer,
    GateCriterion,
    GateReview,
    ReviewFinding,
    TailoringRule,
    Waiver,
)
from governance.states import STANDING_STATES, WAITING_STATES, FindingState, Kind, Severity, VersionState
from pmo.lib import words
from portfolio.models import Project
from portfolio.states import Phase

#: What the product does not hold yet: listed, so that nobody takes it for approved, and blocking nothing.
NOT_YET = (Artefact.SCHEDULE, Artefact.BUDGET, Artefact.RESOURCE_PLAN)


class Standing(TextChoices):
    """How one artefact stands."""

    APPROVED = "approved", "Approved"
    CONDITIONAL = "conditional", "Approved with conditions"
    IN_REVIEW = "in_review", "In review"
    DRAFT = "draft", "Draft"
    MISSING = "missing", "Missing"
    NOT_YET = "not_yet", "Not available yet"
    IN_TIME = "in_time", "All in"
    NOT_IN = "not_in", "Not all in"


SETTLED = (Standing.APPROVED, Standing.CONDITIONAL, Standing.NOT_YET, Standing.IN_TIME)


@dataclass(frozen=True)
class Line:
    """One artefact that the class owes by this gate."""

    artefact: Artefact
    requirement: Requirement
    gate: Gate
    standing: Standing
    words: str
    url: str
    waived_until: dt.date | None

    @property
    def blocks(self) -> bool:
        return self.standing not in SETTLED and self.waived_until is None


@dataclass(frozen=True)
class Reports:
    """The status reports that were due by the day: how many, how many in on time, how many not in at all."""

    due: int
    on_time: int
    missing: int

    @property
    def sentence(self) -> str:
        if not self.due:
            return "none due yet"
        rest = f", {self.missing} not in" if self.missing else ""
        return f"{self.on_time} of {self.due} in on time{rest}"


@dataclass(frozen=True)
class OpenCondition:
    number: int
    text: str
    owner: str
    due_on: dt.date
    is_overdue: bool
    url: str


@dataclass(frozen=True)
class Criterion:
    """One question of the gate and how it is answered so far; `is_met` is None while nobody has answered."""

    key: int
    text: str
    is_met: bool | None
    note: str


@dataclass(frozen=True)
class Point:
    """One thing to be told, with the page where it is mended (or an empty address)."""

    text: str
    url: str


@dataclass(frozen=True)
class Readiness:
    project: Project
    gate: Gate
    on: dt.date
    path: tuple[Gate, ...]
    passed: frozenset[Gate]
    artefacts: tuple[Line, ...]
    reports: Reports
    conditions: tuple[OpenCondition, ...]
    conditions_waived_until: dt.date | None
    critical: tuple[Point, ...]
    criteria: tuple[Criterion, ...]

    @property
    def applies(self) -> bool:
        return self.gate in self.path

    @property
    def gates_before(self) -> tuple[Gate, ...]:
        """Return the gates of the path that come before this one and are not passed."""
        order = list(Gate)
        return tuple(gate for gate in self.path if order.index(gate) < order.index(self.gate) and gate not in self.passed)

    @property
    def overdue(self) -> tuple[OpenCondition, ...]:
        return tuple(row for row in self.conditions if row.is_overdue)

    @property
    def criteria_open(self) -> int:
        return sum(row.is_met is None for row in self.criteria)

    @property
    def criteria_unmet(self) -> int:
        return sum(row.is_met is False for row in self.criteria)

    @property
    def blockers(self) -> tuple[Point, ...]:
        """Return what forbids a Go until it is mended or waived: owed artefacts and overdue conditions."""
        owed = [Point(f"{line.artefact.label}: {line.words}", line.url) for line in self.artefacts if line.blocks]
        if self.conditions_waived_until is None:
            owed += [
                Point(f"Condition {row.number} is overdue since {words.day_without_weekday(row.due_on)}: {row.text}", row.url)
                for row in self.overdue
            ]
        return tuple(owed)

    @property
    def to_do(self) -> tuple[Point, ...]:
        """Return everything that stands in the way of a Go, the order of the gates and open questions included."""
        room = address("governance:gate-room", self.project.code)
        before = [Point(f"{gate.label} has not been passed.", room) for gate in self.gates_before]
        questions = [Point(f"{words.count(self.criteria_open, 'criterion', 'criteria')} not answered", "")]
        return (*before, *self.blockers, *(questions if self.criteria_open else ()))

    @property
    def in_place(self) -> tuple[int, int]:
        """Return how much of what the gate asks is in place, and how much it asks: artefacts, answers, conditions in time."""
        artefacts = [not line.blocks for line in self.artefacts if line.standing != Standing.NOT_YET]
        answers = [row.is_met is not None for row in self.criteria]
        in_time = not self.overdue or self.conditions_waived_until is not None
        parts = [*artefacts, *answers, in_time]
        return sum(parts), len(parts)

    @property
    def is_ready(self) -> bool:
        return not self.to_do

    def as_record(self) -> dict[str, Any]:
        """Return what a decision freezes."""
        return {
            "on": self.on,
            "artefacts": [
                {
                    "artefact": line.artefact.label,
                    "requirement": line.requirement.label,
                    "state": line.standing.label,
                    "words": line.words,
                    "waived_until": line.waived_until,
                }
                for line in self.artefacts
            ],
            "reports": {"due": self.reports.due, "on_time": self.reports.on_time, "missing": self.reports.missing},
            "conditions": [
                {"number": row.number, "text": row.text, "owner": row.owner, "due_on": row.due_on, "overdue": row.is_overdue}
                for row in self.conditions
            ],
            "conditions_waived_until": self.conditions_waived_until,
            "critical": [point.text for point in self.critical],
            "blockers": [point.text for point in self.blockers],
            "criteria": [{"text": row.text, "met": row.is_met, "note": row.note} for row in self.criteria],
        }


def address(name: str, *arguments: Any) -> str:
    """Return the address of a page, or nothing while the product has no such page."""
    try:
        return reverse(name, args=arguments)
    except NoReverseMatch:
        return ""


def readiness_of(project: Project, gate: Gate | str, on: dt.date, *, review: GateReview | None = None) -> Readiness:
    """Return how ready `project` is for `gate` on day `on`. A fixed number of queries.

    `review` is the gate review whose answers count; without it, the planned one of this gate.
    """
    gate = Gate(gate)
    reviews = list(GateReview.objects.filter(project=project).exclude(state=GateState.CANCELLED).defer("record"))
    path = path_of(project.governance_class, procures=procures(project, reviews))
    waivers = list(Waiver.objects.filter(project=project, gate=gate).in_force(on))
    reports = _reports(project, on)
    review = review or next((row for row in reviews if row.gate == gate and row.state == GateState.PLANNED), None)
    return Readiness(
        project=project,
        gate=gate,
        on=on,
        path=path,
        passed=frozenset(Gate(row.gate) for row in reviews if row.decision in GOES),
        artefacts=_artefacts(project, gate, path, reports, {row.artefact: row.expires_on for row in waivers}),
        reports=reports,
        conditions=_conditions(project, on),
        conditions_waived_until=max((row.expires_on for row in waivers if not row.artefact), default=None),
        critical=_critical(project),
        criteria=criteria_of(gate, review),
    )


def procures(project: Project, reviews: Sequence[GateReview]) -> bool:
    """Say whether the project buys something, so that it passes G3: it is in procurement, or a G3 was planned."""
    return project.phase == Phase.PROCUREMENT or any(row.gate == Gate.G3 for row in reviews)


def _artefacts(
    project: Project, gate: Gate, path: Sequence[Gate], reports: Reports, waived: dict[str, dt.date]
) -> tuple[Line, ...]:
    """Return what the class owes by `gate`, in the order of the gates."""
    order = list(Gate)
    rules = [
        rule
        for rule in TailoringRule.objects.filter(governance_class=project.governance_class)
        if rule.is_owed and order.index(Gate(rule.gate)) <= order.index(gate)
    ]
    versions = _versions(project)
    places = list(Artefact)
    rules.sort(key=lambda rule: (rule.gate, places.index(Artefact(rule.artefact))))
    lines = []
    for rule in rules:
        artefact = Artefact(rule.artefact)
        standing, said, url = _standing(project, artefact, versions.get(KIND_OF[artefact], []), reports)
        requirement, until = Requirement(rule.requirement), waived.get(artefact)
        if until and standing not in SETTLED:
            said = f"{said}; waived until {words.day_without_weekday(until)}"
        lines.append(Line(artefact, requirement, Gate(rule.gate), standing, said, url, until))
    return tuple(lines)


def _versions(project: Project) -> dict[str, list[DeliverableVersion]]:
    """Return the versions of the project's documents by kind, the newest first."""
    rows = DeliverableVersion.objects.filter(deliverable__project=project).exclude(deliverable__kind=Kind.STATUS_REPORT)
    found: dict[str, list[DeliverableVersion]] = {}
    for row in rows.select_related("deliverable").defer("content", "record").order_by("-number"):
        found.setdefault(row.deliverable.kind, []).append(row)
    return found


def _standing(
    project: Project, artefact: Artefact, versions: Sequence[DeliverableVersion], reports: Reports
) -> tuple[Standing, str, str]:
    """Return how an artefact stands: its state, in words, and where it is."""
    if artefact == Artefact.STATUS_REPORT:
        standing = Standing.NOT_IN if reports.missing else Standing.IN_TIME
        return standing, reports.sentence, address("governance:report-list", project.code)
    if artefact in NOT_YET:
        return Standing.NOT_YET, "not available yet; it blocks nothing until it is", ""
    url = address("governance:document-detail", project.code, artefact.value.replace("_", "-"))
    if any(row.state in STANDING_STATES for row in versions):
        row = next(row for row in versions if row.state in STANDING_STATES)
        standing = Standing.CONDITIONAL if row.state == VersionState.CONDITIONAL else Standing.APPROVED
        return standing, f"version {row.label}, {words.day_without_weekday(row.decided_at)}", url
    newest = versions[0] if versions else None
    if newest is None:
        return Standing.MISSING, "not begun", url
    if newest.state in WAITING_STATES:
        return Standing.IN_REVIEW, f"in review since {words.day_without_weekday(newest.submitted_at)}", url
    said = "a draft" if newest.state == VersionState.DRAFT else newest.get_state_display().lower()
    return Standing.DRAFT, said, url


def _reports(project: Project, on: dt.date) -> Reports:
    """Count the status reports that were due before day `on`. One query."""
    midnight = timezone.make_aware(dt.datetime.combine(on, dt.time()))
    rows = Deliverable.objects.reports().filter(project=project, excused_at=None, due_at__lt=midnight)
    found = list(rows.values_list("due_at", "first_submitted_at"))
    on_time = sum(submitted is not None and due is not None and submitted <= due for due, submitted in found)
    return Reports(len(found), on_time, sum(submitted is None for _, submitted in found))


def _conditions(project: Project, on: dt.date) -> tuple[OpenCondition, ...]:
    rows = Condition.objects.filter(project=project).unsettled().select_related("owner")
    return tuple(
        OpenCondition(
            row.number,
            row.text,
            row.owner.name,
            row.due_on,
            row.due_on < on,
            address("governance:condition-detail", project.code, row.number),
        )
        for row in rows
    )


def _critical(project: Project) -> tuple[Point, ...]:
    """Return open critical findings, of reviews and of compliance: to be weighed, they forbid nothing by themselves."""
    found = ReviewFinding.objects.filter(
        version__deliverable__project=project, severity=Severity.CRITICAL, state=FindingState.OPEN
    ).select_related("version__deliverable")
    points = [Point(f"{row.version.deliverable.get_kind_display()}: {row.text}", "") for row in found]
    rows = ComplianceFinding.objects.filter(project=project, severity=Severity.CRITICAL).open()
    return (*points, *(Point(row.sentence, "") for row in rows))


def criteria_of(gate: Gate, review: GateReview | None) -> tuple[Criterion, ...]:
    """Return the questions asked at a gate: those in force, and for a decided review those that were asked then."""
    answers = {row.criterion_id: row for row in GateAnswer.objects.filter(gate_review=review)} if review else {}
    decided = review is not None and review.state == GateState.DECIDED
    rows = GateCriterion.objects.filter(gate=gate)
    shown = [row for row in rows if row.pk in answers or (row.is_active and not decided)]
    return tuple(_criterion(row, answers.get(row.pk)) for row in shown)


def _criterion(row: GateCriterion, answer: GateAnswer | None) -> Criterion:
    return Criterion(row.pk, row.text, answer.is_met if answer else None, answer.note if answer else "")
