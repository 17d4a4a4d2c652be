"""What a reviewer of a document has typed and not yet decided. Kept with the review, so that no page loses a word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from governance.findings import keep_notes
from governance.models import DeliverableVersion
from governance.states import ReviewState

LONGEST = 4_000
FINDING_FIELDS = ("where", "severity", "text", "recommendation")
CONDITION_FIELDS = ("text", "owner", "verifier", "due_on")


@dataclass(frozen=True)
class DocumentNotes:
    """A finding that is not added yet, reasons, and conditions, all as they were typed."""

    finding: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""
    conditions: Sequence[Mapping[str, str]] = ()
    overruling: str = ""

    @classmethod
    def of(cls, notes: Mapping[str, Any]) -> DocumentNotes:
        said = (notes.get("finding", {}), notes.get("reason", ""), notes.get("conditions", ()), notes.get("overruling", ""))
        return cls(*said)

    def as_notes(self) -> dict[str, Any]:
        return {
            "finding": dict(self.finding),
            "reason": self.reason,
            "conditions": [dict(condition) for condition in self.conditions],
            "overruling": self.overruling,
        }

    @property
    def has_words(self) -> bool:
        return bool(self.finding.get("text") or self.reason or self.conditions or self.overruling)


def kept_notes(version: DeliverableVersion) -> tuple[DocumentNotes, int]:
    """Return what was kept so far and its revision. One query."""
    review = version.reviews.filter(state=ReviewState.OPEN).first()
    return (DocumentNotes.of(review.notes), review.notes_revision) if review else (DocumentNotes(), 0)


def keep(version: DeliverableVersion, *, by: Any, at: Any, revision: int | None = None, **typed: Any) -> int:
    """Keep what was typed in some of the fields beside what the others hold; return the new revision. Raises Refused."""
    before, _ = kept_notes(version)
    return keep_notes(version, replace(before, **typed).as_notes(), by=by, at=at, revision=revision)
