"""The four decisions on a document as the page offers them: what each will do, and what closes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from governance.document_review_access import review_address
from governance.models import DeliverableVersion, ReportingRules, ReviewFinding
from governance.models.rules import DOCUMENTS, step_days
from governance.states import Decision, FindingState, Severity, SignAction
from pmo.lib.words import count


@dataclass(frozen=True)
class Offer:
    """One decision: its word and key, where it is signed, what it does, and why it is closed (empty when it is open)."""

    decision: Decision
    action: SignAction
    key: str
    url: str
    does: str
    closed: str = ""

    @property
    def word(self) -> str:
        return {Decision.RETURN: "Return", Decision.REJECT: "Reject"}.get(self.decision, self.decision.label)

    @property
    def is_open(self) -> bool:
        return not self.closed


#: Decision, what it signs, key, the last part of its address.
DECISIONS = (
    (Decision.APPROVE, SignAction.APPROVE, "a", "document-review-approve"),
    (Decision.CONDITIONAL, SignAction.CONDITIONAL, "c", "document-review-conditions"),
    (Decision.RETURN, SignAction.RETURN, "r", "document-review-return"),
    (Decision.REJECT, SignAction.REJECT, "x", "document-review-reject"),
)


def offers(
    version: DeliverableVersion,
    findings: Sequence[ReviewFinding],
    standing: DeliverableVersion | None,
    lacks: str = "",
) -> list[Offer]:
    """Return the four decisions. `findings` are those of all versions so far, `standing` the version that counts now.

    `lacks` says what the review still lacks beside the findings.
    """
    closed = ". ".join(why for why in (closed_by(version, findings), lacks.rstrip(".")) if why)
    made = []
    for decision, action, key, name in DECISIONS:
        why = closed if decision in (Decision.APPROVE, Decision.CONDITIONAL) else ""
        does = effect(version, decision, findings, standing)
        made.append(Offer(decision, action, key, review_address(version, name), does, why))
    return made


def closed_by(version: DeliverableVersion, findings: Sequence[ReviewFinding]) -> str:
    """Return what stands in the way of an approval, or an empty string."""
    blocking = [row for row in findings if row.severity in version.rules.blocking]
    still_open = [row for row in blocking if row.state == FindingState.OPEN]
    answered = [row for row in blocking if row.state == FindingState.ANSWERED and row.state in version.rules.blocking_states]
    said = (_counted(still_open, "open"), _counted(answered, "answered and not closed"))
    return ", ".join(part for part in said if part)


def _counted(findings: Sequence[ReviewFinding], state: str) -> str:
    """Write `1 critical and 2 major findings are open`; an empty string for none."""
    by_severity = [(severity, sum(row.severity == severity for row in findings)) for severity in Severity]
    parts = [f"{number} {severity.label.lower()}" for severity, number in by_severity if number]
    return f"{' and '.join(parts)} {'finding is' if len(findings) == 1 else 'findings are'} {state}" if parts else ""


def effect(
    version: DeliverableVersion,
    decision: Decision,
    findings: Sequence[ReviewFinding],
    standing: DeliverableVersion | None,
) -> str:
    """Return in few words what a decision will do."""
    open_ones = sum(row.state == FindingState.OPEN for row in findings)
    match decision:
        case Decision.APPROVE:
            replaces = f" and replaces version {standing.label}" if standing else ""
            return f"makes it version {version.label_if_approved}, freezes it{replaces}"
        case Decision.CONDITIONAL:
            return "does the same and opens the conditions that you write; each is followed until it is met"
        case Decision.RETURN:
            name = version.submitted_by.name if version.submitted_by else "the author"
            what = count(open_ones, "finding") if open_ones else "the finding that you write"
            days = step_days(ReportingRules.current(), DOCUMENTS, version.deliverable.project.governance_class)
            return f"sends {what} back to {name}; the clock starts again at {count(days, 'working day')}"
    return "ends this submission for good; a new one needs a new basis, and the project can be stopped at its next gate"
