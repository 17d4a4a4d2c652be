"""The words in which a project is described. Enums only; governance classes and their questions stand in classification.py."""

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
