"""Changing what each class owes by which gate, and what is asked at a gate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from governance.class_gates import paths
from governance.gate_states import Artefact, Gate, Requirement
from governance.models import GateCriterion, TailoringRule
from governance.rule_changes import Question, require_rule_maker
from pmo.lib.errors import Refused
from pmo.lib.history import save_as

#: (class, artefact) → (requirement, gate).
Matrix = Mapping[tuple[int, str], tuple[str, str]]


def matrix_in_force() -> dict[tuple[int, str], tuple[str, str]]:
    """Return the matrix. One query."""
    rows = TailoringRule.objects.values_list("governance_class", "artefact", "requirement", "gate")
    return {(number, artefact): (requirement, gate) for number, artefact, requirement, gate in rows}


def set_tailoring(matrix: Matrix, *, by: Any, reason: str) -> int:
    """Store a changed matrix; returns how many of its rules changed. Raises Refused.

    `not_rule_maker`, `reason_missing`, `requirement_unknown`, `gate_not_on_path`, `unchanged`.
    """
    require_rule_maker(by)
    if not reason.strip():
        raise Refused("Say why the matrix changes; it stands in the history.", "reason_missing")
    passed = paths()
    for (number, artefact), (requirement, gate) in matrix.items():
        if requirement not in Requirement.values or artefact not in Artefact.values:
            raise Refused("Choose what each class owes.", "requirement_unknown")
        if requirement in (Requirement.MANDATORY, Requirement.LITE) and gate not in passed[number]:
            name = Artefact(artefact).label
            raise Refused(f"{name}: class {number} does not pass {gate}, so nothing can be owed there.", "gate_not_on_path")
    with transaction.atomic():
        rows = {(row.governance_class, row.artefact): row for row in TailoringRule.objects.select_for_update()}
        changed = [_store_rule(rows.get(place), place, values, by=by, reason=reason) for place, values in matrix.items()]
        if not any(changed):
            raise Refused("Nothing differs from the matrix in force.", "unchanged")
    return sum(changed)


def _store_rule(row: TailoringRule | None, place: tuple[int, str], values: tuple[str, str], *, by: Any, reason: str) -> bool:
    row = row or TailoringRule(governance_class=place[0], artefact=place[1])
    if (row.requirement, row.gate) == values:
        return False
    row.requirement, row.gate = values
    save_as(row, by=by, reason=reason.strip())
    return True


def set_criteria(gate: str, questions: Iterable[Question], *, by: Any) -> None:
    """Store the criteria of one gate in the order given. Reworded ones are new: old answers keep the words they answered.

    Raises Refused: `not_rule_maker`, `gate_unknown`, `asked_twice`, `nothing_asked`.
    """
    require_rule_maker(by)
    given = [question for question in questions if question.text.strip()]
    texts = [question.text.strip().casefold() for question in given if question.is_active]
    if gate not in Gate.values:
        raise Refused("Choose the gate.", "gate_unknown")
    if not texts:
        raise Refused("A gate asks at least one thing.", "nothing_asked")
    if len(texts) != len(set(texts)):
        raise Refused("The same criterion stands there twice.", "asked_twice")
    with transaction.atomic():
        rows = {row.pk: row for row in GateCriterion.objects.select_for_update().filter(gate=gate)}
        for position, question in enumerate(given, start=1):
            _store_criterion(rows, question, gate, position, by=by)


def _store_criterion(rows: dict[int, GateCriterion], question: Question, gate: str, position: int, *, by: Any) -> None:
    text = question.text.strip()
    row = rows.get(question.key or 0)
    why = "added"
    if row is not None and row.text != text:
        row.is_active = False
        save_as(row, by=by, fields=["is_active"], reason=f"reworded, now: {text}")
        why = f"reworded, before: {row.text}"
        row = None
    row = row or next((one for one in rows.values() if one.text == text), None) or GateCriterion(gate=gate, text=text)
    if row.pk is None or (row.position, row.is_active) != (position, question.is_active):
        is_new = row.pk is None
        row.position, row.is_active = position, question.is_active
        save_as(row, by=by, reason=why if is_new else "changed")
