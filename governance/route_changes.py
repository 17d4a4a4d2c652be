"""The routes that the office sets: who is asked before the decision, by kind and class. Reviews under way keep theirs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from governance.document_states import Seat
from governance.models import RouteStep
from governance.models.templates import DOCUMENT_KINDS
from governance.rule_changes import CLASSES, require_rule_maker
from pmo.lib.errors import Refused
from pmo.lib.history import save_as

#: How many steps a route may have.
STEPS = 4


@dataclass(frozen=True)
class StepTerms:
    """One step as it is sent: who is asked at the same time, and how many must answer (None: all)."""

    seats: tuple[str, ...]
    quorum: int | None = None

    def check(self) -> None:
        """Raise Refused: `seat_unknown`, `quorum_wrong`."""
        if set(self.seats) - set(Seat.values):
            raise Refused("Choose among the seats that the page offers.", "seat_unknown")
        if self.quorum is not None and not 1 <= self.quorum <= len(self.seats):
            raise Refused("A step needs at least one answer, and at most as many as are asked in it.", "quorum_wrong")


Routes = Mapping[int, Sequence[StepTerms]]


def routes_of(kind: str) -> dict[int, list[RouteStep]]:
    """Return the steps of a kind by class, each class present. One query."""
    found: dict[int, list[RouteStep]] = {key: [] for key in CLASSES}
    for step in RouteStep.objects.filter(kind=kind).order_by("governance_class", "position"):
        found[step.governance_class].append(step)
    return found


def set_routes(kind: str, routes: Routes, *, by: Any, reason: str) -> None:
    """Store the routes of a kind: of each class the steps in order, without the empty ones. Raises Refused.

    `not_rule_maker`, `reason_missing`, `kind_unknown`, `seat_twice`, and what `StepTerms.check` refuses.
    """
    require_rule_maker(by)
    if kind not in DOCUMENT_KINDS:
        raise Refused("Only documents have routes.", "kind_unknown")
    if not reason.strip():
        raise Refused("Say why the routes change; it stands in the history.", "reason_missing")
    wanted = {key: [step for step in routes.get(key, ()) if step.seats] for key in CLASSES}
    for steps in wanted.values():
        _check(steps)
    with transaction.atomic():
        before = routes_of(kind)
        for key in CLASSES:
            _store(kind, key, before[key], wanted[key], by=by, reason=reason.strip())


def _check(steps: Sequence[StepTerms]) -> None:
    for step in steps:
        step.check()
    seats = [seat for step in steps for seat in step.seats]
    if len(seats) != len(set(seats)):
        raise Refused("A route asks each seat once.", "seat_twice")


def _store(
    kind: str, governance_class: int, rows: Sequence[RouteStep], steps: Sequence[StepTerms], *, by: Any, reason: str
) -> None:
    have = {row.position: row for row in rows}
    for position, step in enumerate(steps, start=1):
        row = have.pop(position, None) or RouteStep(kind=kind, governance_class=governance_class, position=position)
        if row.pk is None or (row.seats, row.quorum) != (list(step.seats), step.quorum):
            row.seats, row.quorum = list(step.seats), step.quorum
            save_as(row, by=by, reason=reason)
    for row in have.values():
        row._history_user, row._change_reason = by, reason  # type: ignore[attr-defined]
        row.delete()


def route_words(steps: Sequence[RouteStep]) -> list[str]:
    """Return each step in words: `sponsor and business owner`, `1 of finance analyst, executive`."""
    return [_words(step) for step in steps]


def _words(step: RouteStep) -> str:
    seats = [Seat(seat).label.lower() for seat in step.seats]
    if step.quorum is not None and step.quorum < len(seats):
        return f"{step.quorum} of {', '.join(seats)}"
    return " and ".join([", ".join(seats[:-1]), seats[-1]] if len(seats) > 1 else seats)
