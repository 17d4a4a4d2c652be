"""The states of a deliverable version, of a finding and of a challenge, and which move leads where. Data only.

Documents, gates, conditions and changes have their words in document_states.py, gate_states.py and change_states.py.
"""

from collections.abc import Mapping

from django.db.models import TextChoices


class Kind(TextChoices):
    DEFINITION = "definition", "Project definition document"
    EXECUTION_PLAN = "execution_plan", "Project execution plan"
    SCHEDULE = "schedule", "Schedule"
    BUDGET = "budget", "Project budget"
    RESOURCE_PLAN = "resource_plan", "Resource plan"
    STATUS_REPORT = "status_report", "Weekly status report"


class VersionState(TextChoices):
    DRAFT = "draft", "Draft"
    SUBMITTED = "submitted", "Submitted"
    IN_REVIEW = "in_review", "In review"
    APPROVED = "approved", "Approved"
    CONDITIONAL = "conditional", "Approved with conditions"
    RETURNED = "returned", "Returned for rework"
    REJECTED = "rejected", "Rejected"
    WITHDRAWN = "withdrawn", "Withdrawn"
    SUPERSEDED = "superseded", "Superseded"


S = VersionState
#: From each state, the states that a verb may lead to. What is absent cannot happen.
MOVES: Mapping[VersionState, frozenset[VersionState]] = {
    S.DRAFT: frozenset({S.SUBMITTED}),
    S.SUBMITTED: frozenset({S.IN_REVIEW, S.APPROVED, S.CONDITIONAL, S.RETURNED, S.REJECTED, S.WITHDRAWN}),
    S.IN_REVIEW: frozenset({S.APPROVED, S.CONDITIONAL, S.RETURNED, S.REJECTED, S.WITHDRAWN}),
    S.APPROVED: frozenset({S.SUPERSEDED}),
    S.CONDITIONAL: frozenset({S.SUPERSEDED}),
    S.RETURNED: frozenset(),
    S.REJECTED: frozenset(),
    S.WITHDRAWN: frozenset(),
    S.SUPERSEDED: frozenset(),
}

#: States in which somebody still works on the version; a deliverable has at most one such version.
OPEN_STATES = (S.DRAFT, S.SUBMITTED, S.IN_REVIEW)
#: States that wait for a reviewer.
WAITING_STATES = (S.SUBMITTED, S.IN_REVIEW)
#: States in which a version is the one that counts.
STANDING_STATES = (S.APPROVED, S.CONDITIONAL)
#: States in which a version says what its author last told the office: accepted, or waiting to be.
TOLD_STATES = (*STANDING_STATES, *WAITING_STATES)


def sources_of(target: VersionState) -> tuple[VersionState, ...]:
    """Return the states from which `target` can be reached."""
    return tuple(state for state, targets in MOVES.items() if target in targets)


class Letter(TextChoices):
    """A rating. Grey is required but missing or stale.

    Not assessed has no source in the product and stays out of every count.
    """

    GREEN = "G", "On plan"
    YELLOW = "Y", "Off plan, within tolerance"
    RED = "R", "Needs a new approval or intervention"
    GREY = "-", "No data"
    NOT_ASSESSED = "N", "Not assessed"


#: What a person may choose.
GIVEN = (Letter.GREEN, Letter.YELLOW, Letter.RED)


class Dimension(TextChoices):
    OVERALL = "overall", "Overall"
    SCOPE = "scope", "Scope"
    SCHEDULE = "schedule", "Schedule"
    BUDGET = "budget", "Budget"
    QUALITY = "quality", "Quality"
    RISK = "risk", "Risk"
    RESOURCES = "resources", "Resources"


#: The dimensions whose breach alone decides the overall rating.
CORE = (Dimension.SCOPE, Dimension.SCHEDULE, Dimension.BUDGET)


class PlanOutcome(TextChoices):
    DONE = "done", "Done"
    NOT_DONE = "not_done", "Not done"
    DROPPED = "dropped", "Dropped"


class Severity(TextChoices):
    CRITICAL = "critical", "Critical"
    MAJOR = "major", "Major"
    MINOR = "minor", "Minor"
    COMMENT = "comment", "Comment"


class FindingState(TextChoices):
    OPEN = "open", "Open"
    ANSWERED = "answered", "Answered"
    CLOSED = "closed", "Closed"


class ReviewState(TextChoices):
    OPEN = "open", "Open"
    DECIDED = "decided", "Decided"
    CANCELLED = "cancelled", "Cancelled"


class Decision(TextChoices):
    APPROVE = "approve", "Approve"
    CONDITIONAL = "conditional", "Approve with conditions"
    RETURN = "return", "Return for rework"
    REJECT = "reject", "Reject"


class SignAction(TextChoices):
    SUBMIT = "submit", "Submitted"
    WITHDRAW = "withdraw", "Withdrew"
    APPROVE = "approve", "Approved"
    CONDITIONAL = "conditional", "Approved with conditions"
    RETURN = "return", "Returned for rework"
    REJECT = "reject", "Rejected"
    SUPERSEDE = "supersede", "Superseded"
    GATE = "gate", "Decided the gate"
    CHANGE_APPROVE = "cr_approve", "Approved the change"
    CHANGE_REJECT = "cr_reject", "Rejected the change"
    CHANGE_DEFER = "cr_defer", "Deferred the change"


#: These acts sign what was submitted; every other one signs the record of a decision.
ON_CONTENT = (SignAction.SUBMIT, SignAction.WITHDRAW)


class RatingCheck(TextChoices):
    W1 = "W1", "The project manager rates better than the evidence"
    W3 = "W3", "A key milestone was re-forecast later in each of the last reports"
    W6 = "W6", "The text is the same as last week"


class ChallengeState(TextChoices):
    OPEN = "open", "Waits for the project manager"
    ANSWERED = "answered", "Waits for the office"
    DECIDED = "decided", "Decided"


class ChallengeAnswer(TextChoices):
    ACCEPT = "accept", "Accept and change the report"
    JUSTIFY = "justify", "Justify with evidence"


class Ruling(TextChoices):
    UPHELD = "upheld", "The project manager's rating stands"
    OFFICE = "office", "The office sets its own rating"
    CHANGED = "changed", "The project manager changed the report"


class Edition(TextChoices):
    OFFICE = "office", "For the office and the project"
    PUBLIC = "public", "For stakeholders"
    WHOLE = "whole", "Edition for the office: contains rows confidential until award"


class Copy(TextChoices):
    """The two files of an approved document: a sealed one cannot also be read aloud by every machine."""

    READING = "reading", "Reading copy"
    RECORD = "record", "Record copy"
