"""The conditions that a decision puts: what they must say, and how they are stored."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Max

from pmo.lib.errors import Refused
from pmo.lib.history import save_as


@dataclass(frozen=True)
class ConditionTerms:
    """One condition before it is stored."""

    text: str
    owner: Any
    verifier: Any
    due_on: dt.date

    def check(self, today: dt.date) -> None:
        """Raise Refused: `condition_incomplete`, `verifier_is_owner`, `condition_due_past`."""
        if not self.text.strip() or self.owner is None or self.verifier is None or self.due_on is None:
            raise Refused("Each condition needs a text, an owner, a verifier and a due date.", "condition_incomplete")
        if self.owner.pk == self.verifier.pk:
            raise Refused("Somebody other than the owner verifies a condition.", "verifier_is_owner")
        if self.due_on < today:
            raise Refused("A condition cannot be due before today.", "condition_due_past")

    def as_record(self) -> dict[str, Any]:
        return {
            "text": self.text.strip(),
            "owner": self.owner.name,
            "verifier": self.verifier.name,
            "due_on": self.due_on,
        }


def require_able_owner(owner: Any) -> None:
    """Raise Refused(`owner_reads_only`) for an auditor, who could give no evidence."""
    if owner.only_reads:
        raise Refused(f"{owner.name} only reads here. Choose somebody who may give the evidence.", "owner_reads_only")


def require_able_verifier(verifier: Any, project: Any, managers: Collection[int] = ()) -> None:
    """Raise Refused: `verifier_is_manager`, whose gate the condition may close, or `verifier_reads_only`.

    `managers` are those who managed the project since the condition was put; a new one needs none.
    """
    if verifier.pk == project.project_manager_id:
        raise Refused(f"{verifier.name} manages the project. Choose somebody else to verify.", "verifier_is_manager")
    if verifier.pk in managers:
        said = f"{verifier.name} managed the project since the condition was put. Choose somebody else to verify."
        raise Refused(said, "verifier_is_manager")
    if verifier.only_reads:
        raise Refused(f"{verifier.name} only reads here. Choose somebody who may verify.", "verifier_reads_only")


def put_conditions(
    conditions: Sequence[ConditionTerms],
    *,
    project: Any,
    by: Any,
    at: dt.datetime,
    version: Any = None,
    gate_review: Any = None,
) -> list[Any]:
    """Store the conditions of one decision, numbered within the project. Call it inside the decision's transaction.

    Raises Refused as `require_able_owner` and `require_able_verifier` do.
    """
    from governance import condition_notices
    from governance.models import Condition

    if not conditions:
        return []
    number = project.conditions.aggregate(highest=Max("number"))["highest"] or 0
    rows = []
    for place, terms in enumerate(conditions, start=1):
        require_able_owner(terms.owner)
        require_able_verifier(terms.verifier, project)
        row = Condition(
            project=project,
            number=number + place,
            version=version,
            gate_review=gate_review,
            text=terms.text.strip(),
            owner=terms.owner,
            verifier=terms.verifier,
            due_on=terms.due_on,
            created_at=at,
        )
        save_as(row, by=by, reason="condition put")
        condition_notices.put(row, at=at)
        rows.append(row)
    return rows
