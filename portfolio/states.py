"""The words in which a project is described, and which state leads where. The questions of the class: classification.py."""

from collections.abc import Mapping
from typing import TypeVar

from django.db.models import IntegerChoices, TextChoices


class Phase(TextChoices):
    INTAKE = "intake", "Intake"
    DEFINITION = "definition", "Definition"
    PLANNING = "planning", "Planning"
    PROCUREMENT = "procurement", "Procurement"
    BUILD = "build", "Build"
    TEST = "test", "Test"
    ROLLOUT = "rollout", "Rollout"
    CLOSING = "closing", "Closing"
    CLOSED = "closed", "Closed"


class ProjectStatus(TextChoices):
    ACTIVE = "active", "Active"
    ON_HOLD = "on_hold", "On hold"
    CLOSED = "closed", "Closed"
    CANCELLED = "cancelled", "Cancelled"


class GovernanceClass(IntegerChoices):
    CLASS_1 = 1, "Class 1"
    CLASS_2 = 2, "Class 2"
    CLASS_3 = 3, "Class 3"
    CLASS_4 = 4, "Class 4"


class Priority(IntegerChoices):
    CRITICAL = 1, "1 Critical"
    HIGH = 2, "2 High"
    MEDIUM = 3, "3 Medium"
    LOW = 4, "4 Low"


class MemberRole(TextChoices):
    LEAD = "lead", "Team lead"
    ANALYST = "analyst", "Business analyst"
    DEVELOPER = "developer", "Developer"
    ENGINEER = "engineer", "Engineer"
    TESTER = "tester", "Test lead"
    TRAINER = "trainer", "Change and training"
    SECURITY = "security", "Security analyst"
    EXPERT = "expert", "Subject expert"
    MEMBER = "member", "Team member"


class BaselineOrigin(TextChoices):
    START = "start", "First agreed"
    IMPORT = "import", "From a file"
    CHANGE = "change", "Approved change"
    CORRECTION = "correction", "Typing error corrected"


class MilestoneKind(TextChoices):
    WORK = "work", "Work"
    GATE = "gate", "Gate"
    CONTRACT = "contract", "Contract"
    GO_LIVE = "go_live", "Go-live"
    PUBLIC = "public", "Public commitment"


class RiskStatus(TextChoices):
    OPEN = "open", "Open"
    CLOSED = "closed", "Closed"
    REALISED = "realised", "Happened, now an issue"


class RiskResponse(TextChoices):
    AVOID = "avoid", "Avoid"
    TRANSFER = "transfer", "Transfer"
    MITIGATE = "mitigate", "Mitigate"
    ACCEPT = "accept", "Accept"
    ESCALATE = "escalate", "Escalate"


class IssueStatus(TextChoices):
    OPEN = "open", "Open"
    RESOLVED = "resolved", "Resolved"


class IssueSeverity(TextChoices):
    CRITICAL = "critical", "Critical"
    MAJOR = "major", "Major"
    MINOR = "minor", "Minor"


class DecisionStatus(TextChoices):
    NEEDED = "needed", "Needed"
    DECIDED = "decided", "Decided"
    DROPPED = "dropped", "No longer needed"


class ActionStatus(TextChoices):
    OPEN = "open", "Open"
    DONE = "done", "Done"
    DROPPED = "dropped", "Dropped"


class DependencyStatus(TextChoices):
    OPEN = "open", "Open"
    MET = "met", "Met"
    BROKEN = "broken", "Broken"
    DROPPED = "dropped", "No longer needed"


State = TypeVar("State", bound=TextChoices)
#: From each state, the states that a verb may lead to. What is absent cannot happen.
PROJECT_MOVES: Mapping[ProjectStatus, frozenset[ProjectStatus]] = {
    ProjectStatus.ACTIVE: frozenset({ProjectStatus.ON_HOLD, ProjectStatus.CLOSED, ProjectStatus.CANCELLED}),
    ProjectStatus.ON_HOLD: frozenset({ProjectStatus.ACTIVE, ProjectStatus.CLOSED, ProjectStatus.CANCELLED}),
    ProjectStatus.CLOSED: frozenset({ProjectStatus.ACTIVE}),
    ProjectStatus.CANCELLED: frozenset({ProjectStatus.ACTIVE}),
}
RISK_MOVES: Mapping[RiskStatus, frozenset[RiskStatus]] = {
    RiskStatus.OPEN: frozenset({RiskStatus.CLOSED, RiskStatus.REALISED}),
    RiskStatus.CLOSED: frozenset({RiskStatus.OPEN}),
    RiskStatus.REALISED: frozenset(),
}
ISSUE_MOVES: Mapping[IssueStatus, frozenset[IssueStatus]] = {
    IssueStatus.OPEN: frozenset({IssueStatus.RESOLVED}),
    IssueStatus.RESOLVED: frozenset({IssueStatus.OPEN}),
}
DECISION_MOVES: Mapping[DecisionStatus, frozenset[DecisionStatus]] = {
    DecisionStatus.NEEDED: frozenset({DecisionStatus.DECIDED, DecisionStatus.DROPPED}),
    DecisionStatus.DECIDED: frozenset({DecisionStatus.NEEDED}),
    DecisionStatus.DROPPED: frozenset({DecisionStatus.NEEDED}),
}
ACTION_MOVES: Mapping[ActionStatus, frozenset[ActionStatus]] = {
    ActionStatus.OPEN: frozenset({ActionStatus.DONE, ActionStatus.DROPPED}),
    ActionStatus.DONE: frozenset({ActionStatus.OPEN}),
    ActionStatus.DROPPED: frozenset({ActionStatus.OPEN}),
}
DEPENDENCY_MOVES: Mapping[DependencyStatus, frozenset[DependencyStatus]] = {
    DependencyStatus.OPEN: frozenset({DependencyStatus.MET, DependencyStatus.BROKEN, DependencyStatus.DROPPED}),
    DependencyStatus.BROKEN: frozenset({DependencyStatus.MET, DependencyStatus.OPEN, DependencyStatus.DROPPED}),
    DependencyStatus.MET: frozenset({DependencyStatus.OPEN}),
    DependencyStatus.DROPPED: frozenset({DependencyStatus.OPEN}),
}


def sources_of(moves: Mapping[State, frozenset[State]], target: State) -> tuple[State, ...]:
    """Return the states from which `target` can be reached."""
    return tuple(state for state, targets in moves.items() if target in targets)
