"""What differs between the six kinds of deliverable, as data. The engine reads it and knows no kind by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from governance.states import Decision, FindingState, Kind, Severity


@dataclass(frozen=True)
class KindRules:
    """How one kind goes through review."""

    content_field: str
    decisions: frozenset[Decision]
    approved_word: str
    signs_every_time: bool
    #: How the intent of an approval is worded.
    approve_verb: str = "accept"
    approves_with: str = ", with the ratings recorded here"
    #: Open findings of these severities stand in the way of an approval, with or without conditions.
    blocking: frozenset[Severity] = frozenset(Severity)
    #: Whether such findings block until they are closed, not only until they are answered.
    answers_block: bool = False
    #: Its versions are called 0.1, 1.0, 1.1 …, not 1, 2, 3.
    is_numbered: bool = False

    @property
    def blocking_states(self) -> tuple[FindingState, ...]:
        """Return in which states a finding of a blocking severity stands in the way."""
        return (FindingState.OPEN, FindingState.ANSWERED) if self.answers_block else (FindingState.OPEN,)


ALL_FOUR = frozenset(Decision)
DOCUMENT = KindRules(
    content_field="document",
    decisions=ALL_FOUR,
    approved_word="Approved",
    signs_every_time=True,
    approve_verb="approve",
    approves_with="",
    blocking=frozenset({Severity.CRITICAL, Severity.MAJOR}),
    answers_block=True,
    is_numbered=True,
)
#: Kinds whose content exists in the product. Schedule, budget and resource plan join with their content.
KINDS: Mapping[Kind, KindRules] = {
    Kind.DEFINITION: DOCUMENT,
    Kind.EXECUTION_PLAN: DOCUMENT,
    Kind.STATUS_REPORT: KindRules(
        content_field="status_report",
        decisions=frozenset({Decision.APPROVE, Decision.RETURN}),
        approved_word="Accepted",
        signs_every_time=False,
    ),
}


def rules_for(kind: str) -> KindRules:
    """Return the rules of a kind. Raises KeyError for a kind whose content does not exist in the product."""
    return KINDS[Kind(kind)]
