"""What differs between the six kinds of deliverable, as data. The engine reads it and knows no kind by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from governance.states import Decision, Kind


@dataclass(frozen=True)
class KindRules:
    """How one kind goes through review."""

    content_field: str
    decisions: frozenset[Decision]
    review_days: Mapping[int, int]
    approved_word: str
    signs_every_time: bool


ALL_FOUR = frozenset(Decision)
DOCUMENT_DAYS = {1: 5, 2: 5, 3: 10, 4: 10}
#: Kinds whose content exists in the product. The other four join with their content.
KINDS: Mapping[Kind, KindRules] = {
    Kind.STATUS_REPORT: KindRules(
        content_field="status_report",
        decisions=frozenset({Decision.APPROVE, Decision.RETURN}),
        review_days={},  # the same for every class: ReportingRules.review_days
        approved_word="Accepted",
        signs_every_time=False,
    ),
}


def rules_for(kind: str) -> KindRules:
    """Return the rules of a kind. Raises KeyError for a kind whose content does not exist in the product."""
    return KINDS[Kind(kind)]
