"""Who changed the rules of the gates when, from what to what: the matrix, the criteria, and the waivers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.db.models import Q

from governance.gate_states import Artefact
from governance.models import Condition, GateCriterion, TailoringRule, Waiver
from pmo.lib import words
from pmo.lib.history import Event, Kind, event_keys, events
from portfolio.models import Project

#: How many changes stand beside a rule, the newest first.
SHOWN = 20
#: What the product came with was put there by nobody, so it is no change.
BY_THE_OFFICE = ~Q(history_type="+", history_user=None)


def tailoring_events() -> list[Event]:
    """Return the latest changes of what each class owes. Four queries at most."""
    return _latest(TailoringRule, BY_THE_OFFICE, "Rule", _rule_name)


def criteria_events(gate: str) -> list[Event]:
    """Return the latest changes of what is asked at a gate. Four queries at most."""
    return _latest(GateCriterion, Q(gate=gate) & BY_THE_OFFICE, "Criterion", lambda row: str(row.text))


def waiver_events(rows: Q) -> list[Event]:
    """Return the latest waivers granted and revoked among `rows` (of the history): who, when, why. Six queries at most."""
    found = _latest(Waiver, rows, "Waiver", lambda row: "", hidden=frozenset({"revoked_at", "revoked_by"}))
    codes = dict(Project.objects.filter(pk__in={event.row.project_id for event in found}).values_list("pk", "code"))
    numbers = dict(Condition.objects.filter(pk__in={event.row.condition_id for event in found}).values_list("pk", "number"))
    return [_told(event, codes[event.row.project_id], numbers.get(event.row.condition_id)) for event in found]


def _latest(model: Any, rows: Q, noun: str, name: Callable[[Any], str], hidden: frozenset[str] = frozenset()) -> list[Event]:
    kinds = [Kind(model, rows, noun, name, hidden)]
    return events(kinds, event_keys(kinds)[:SHOWN])


def _rule_name(row: Any) -> str:
    return f"{row.get_artefact_display()}, class {row.governance_class}"


def _told(event: Event, code: str, number: int | None) -> Event:
    """Say granted and revoked instead of added and changed, and why; the row itself keeps the reason of the granting."""
    what = (
        Artefact(event.row.artefact).label if event.row.artefact else f"Condition {number}" if number else "Overdue conditions"
    )
    title = f"{code}: {what}, {event.row.get_gate_display()}"
    if event.did == "added":
        until = words.day_without_weekday(event.row.expires_on)
        return replace(event, title=title, did=f"granted until {until}", reason=event.row.reason)
    if event.row.revoked_at is not None:
        return replace(event, title=title, did="revoked")
    return replace(event, title=title)
