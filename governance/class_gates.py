"""How the gates of each class are run, as the office has set it: read here, changed by `set_class_gates`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from governance.gate_states import Gate
from governance.models import ClassGates, TailoringRule
from governance.rule_changes import require_rule_maker
from pmo.lib.errors import Refused
from pmo.lib.history import save_as

#: Every project is taken up, its definition agreed, and it is closed: these gates are passed by every class.
ALWAYS = (Gate.G0, Gate.G1, Gate.G5)


def class_gates(governance_class: int) -> ClassGates:
    """Return how the gates of a class are run. One query."""
    return ClassGates.objects.get(governance_class=governance_class)


def paths() -> Mapping[int, tuple[Gate, ...]]:
    """Return the gates that each class passes. One query."""
    return {row.governance_class: row.gates for row in ClassGates.objects.all()}


def path_of(governance_class: int, *, procures: bool) -> tuple[Gate, ...]:
    """Return the gates of a project in order; G3 is passed only by those that buy something. One query."""
    return passed_by(class_gates(governance_class).gates, procures=procures)


def passed_by(gates: tuple[Gate, ...], *, procures: bool) -> tuple[Gate, ...]:
    return tuple(gate for gate in gates if procures or gate != Gate.G3)


@dataclass(frozen=True)
class Terms:
    """How the gates of one class are to be run."""

    path: tuple[str, ...]
    body: str
    quorum: int
    needs_sponsor: bool
    executive_signs: bool
    months: tuple[int, ...]
    kept_from: dt.date | None

    def values(self) -> dict[str, Any]:
        in_order = [gate.value for gate in Gate if gate in self.path]
        return {
            "path": " ".join(in_order),
            "body": self.body.strip(),
            "quorum": self.quorum,
            "needs_sponsor": self.needs_sponsor,
            "executive_signs": self.executive_signs,
            "benefits_after": " ".join(str(number) for number in sorted(set(self.months))),
            "kept_from": self.kept_from,
        }


def set_class_gates(wanted: Mapping[int, Terms], *, by: Any, reason: str) -> int:
    """Change how the gates of classes are run; returns how many classes changed. Raises Refused.

    `not_rule_maker`, `reason_missing`, `body_missing`, `gate_needed`, `quorum_missing`, `months_wrong`, `owed_there`,
    `unchanged`.
    """
    require_rule_maker(by)
    if not reason.strip():
        raise Refused("Say why it changes; it stands in the history.", "reason_missing")
    for number, terms in wanted.items():
        _check(number, terms)
    with transaction.atomic():
        rows = {row.governance_class: row for row in ClassGates.objects.select_for_update()}
        changed = [_store(rows[number], terms, by=by, reason=reason.strip()) for number, terms in wanted.items()]
        if not any(changed):
            raise Refused("Nothing differs from what is in force.", "unchanged")
    return sum(changed)


def _check(number: int, terms: Terms) -> None:
    if not terms.body.strip():
        raise Refused(f"Name the gate body of class {number}.", "body_missing")
    if missing := [gate.label for gate in ALWAYS if gate not in terms.path]:
        raise Refused(f"Class {number}: every project passes {', '.join(missing)}.", "gate_needed")
    if terms.quorum < 1:
        raise Refused(f"Class {number}: at least one person decides.", "quorum_missing")
    if terms.months and (Gate.G6 not in terms.path or not all(1 <= month <= 120 for month in terms.months)):
        raise Refused(
            f"Class {number}: benefits are reviewed at G6, 1 to 120 months after the closing. Let the class pass G6 too.",
            "months_wrong",
        )
    owed = TailoringRule.objects.filter(governance_class=number).exclude(gate__in=terms.path)
    if stranded := next((rule for rule in owed if rule.is_owed), None):
        raise Refused(
            f"Class {number} owes the {stranded.get_artefact_display().lower()} by {stranded.gate}. Change the matrix first.",
            "owed_there",
        )


def _store(row: ClassGates, terms: Terms, *, by: Any, reason: str) -> bool:
    values = terms.values()
    if all(getattr(row, name) == value for name, value in values.items()):
        return False
    for name, value in values.items():
        setattr(row, name, value)
    save_as(row, by=by, fields=list(values), reason=reason)
    return True
