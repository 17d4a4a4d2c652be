"""Changing the figures that the office sets: thresholds by version, clocks, holidays, the checklist."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction

from governance.health import TESTS, default_limits, plain
from governance.models import ChangeLimits, ChecklistItem, ReportingRules, Threshold, ThresholdSet
from governance.models.rules import LONGEST_STEP, SHORTEST_STEP, STEP_FIELDS
from governance.states import Kind
from pmo.lib.errors import Refused
from pmo.lib.history import save_as
from pmo.models.calendar import CityHoliday
from pmo.roles import Role
from portfolio.states import GovernanceClass

CLASSES = tuple(GovernanceClass.values)
#: (class, test) → (last green value, last value that is not yet red).
Limits = Mapping[tuple[int, str], tuple[Decimal, Decimal]]


def require_rule_maker(by: Any) -> None:
    """Raise Refused(`not_rule_maker`) unless `by` is the PMO manager."""
    if not by.has_role(Role.PMO_MANAGER):
        raise Refused("The PMO manager changes the rules.", "not_rule_maker")


def limits_in(threshold_set: ThresholdSet | None) -> dict[tuple[int, str], tuple[Decimal, Decimal]]:
    """Return every limit of a version; what the version leaves out, or no version at all, gives the defaults. One query."""
    found = {
        (governance_class, test): default_limits(governance_class).by_test[test]
        for governance_class in CLASSES
        for test in TESTS
    }
    if threshold_set is not None:
        rows = threshold_set.thresholds.values_list("governance_class", "test", "green_limit", "red_limit")
        found |= {(governance_class, test): (green, red) for governance_class, test, green, red in rows if test in TESTS}
    return found


def set_thresholds(limits: Limits, *, by: Any, reason: str, at: dt.datetime) -> ThresholdSet:
    """Put a new version of all thresholds in force. Raises Refused.

    `not_rule_maker`, `reason_missing`, `limits_crossed` where a red limit lies below the green one, `unchanged`.
    """
    require_rule_maker(by)
    if not reason.strip():
        raise Refused("Say why the thresholds change; it stands beside the version.", "reason_missing")
    for (governance_class, test), (green, red) in limits.items():
        if red < green:
            raise Refused(
                f"{TESTS[test][0]}, class {governance_class}: the red limit lies below the green one.", "limits_crossed"
            )
    with transaction.atomic():
        newest = ThresholdSet.objects.select_for_update().first()
        if newest is not None and limits_in(newest) == dict(limits):
            raise Refused("Nothing differs from the version in force.", "unchanged")
        made = ThresholdSet.objects.create(
            version=(newest.version if newest else 0) + 1, created_by=by, created_at=at, reason=reason.strip()
        )
        for (governance_class, test), (green, red) in limits.items():
            Threshold.objects.create(
                threshold_set=made, governance_class=governance_class, test=test, green_limit=green, red_limit=red
            )
    return made


@dataclass(frozen=True)
class LimitChange:
    """One limit that one version changed."""

    label: str
    governance_class: int
    was: str
    now: str


def changes_between(older: ThresholdSet | None, newer: ThresholdSet) -> list[LimitChange]:
    """Return what `newer` changed. Two queries."""
    before, after = limits_in(older), limits_in(newer)
    return [
        LimitChange(TESTS[test][0], governance_class, limit_words(test, before[place]), limit_words(test, limits))
        for place, limits in after.items()
        if before[place] != limits
        for governance_class, test in [place]
    ]


def limit_words(test: str, limits: tuple[Decimal, Decimal]) -> str:
    """Return `5 / 10 %`: the last green value, and the last that is not yet red; one number where both are the same."""
    return f"{' / '.join(dict.fromkeys(plain(limit) for limit in limits))}{TESTS[test][1]}"


def set_clocks(rules: ReportingRules, *, by: Any, reason: str) -> None:
    """Store changed clocks, which count from now on. Raises Refused: `not_rule_maker`, `reason_missing`, `days_wrong`."""
    require_rule_maker(by)
    if not reason.strip():
        raise Refused("Say why the clocks change; it stands in the history.", "reason_missing")
    for name in STEP_FIELDS:
        if not SHORTEST_STEP <= getattr(rules, name) <= LONGEST_STEP:
            raise Refused(f"A clock by class is {SHORTEST_STEP} to {LONGEST_STEP} working days.", "days_wrong")
    rules.pk = 1
    save_as(rules, by=by, reason=reason.strip())


def set_change_limits(limits: ChangeLimits, *, by: Any, reason: str) -> None:
    """Store by which size who decides on a change. Raises Refused: `not_rule_maker`, `reason_missing`."""
    require_rule_maker(by)
    if not reason.strip():
        raise Refused("Say why the limits change; it stands in the history.", "reason_missing")
    limits.pk = 1
    save_as(limits, by=by, reason=reason.strip())


def add_holiday(holiday: CityHoliday, *, by: Any) -> None:
    """Add a day on which the city's calendar differs. Raises Refused(`not_rule_maker`)."""
    require_rule_maker(by)
    save_as(holiday, by=by, reason="added")


def remove_holiday(holiday: CityHoliday, *, by: Any, on: dt.date) -> None:
    """Remove a day that lies ahead. Raises Refused: `not_rule_maker`, `in_past` because clocks have run by it."""
    require_rule_maker(by)
    if holiday.on < on:
        raise Refused("This day is over; due dates were reckoned by it, so it stays.", "in_past")
    holiday._history_user = by  # type: ignore[attr-defined]
    holiday.delete()


@dataclass(frozen=True)
class Question:
    """One line of the checklist as it is sent: the key of an existing item or None, its words, whether it is asked."""

    key: int | None
    text: str
    is_active: bool


def set_checklist(questions: Iterable[Question], *, by: Any, kind: str = Kind.STATUS_REPORT) -> None:
    """Store the checklist in the order given. Reworded questions are new ones: old answers keep the words they were given to.

    Raises Refused: `not_rule_maker`, `asked_twice`.
    """
    require_rule_maker(by)
    given = [question for question in questions if question.text.strip()]
    texts = [question.text.strip().casefold() for question in given if question.is_active]
    if len(texts) != len(set(texts)):
        raise Refused("The same question stands there twice.", "asked_twice")
    with transaction.atomic():
        items = {item.pk: item for item in ChecklistItem.objects.select_for_update().filter(kind=kind)}
        for position, question in enumerate(given, start=1):
            _store(items.get(question.key or 0), question, position, kind, by=by)


def _store(item: ChecklistItem | None, question: Question, position: int, kind: str, *, by: Any) -> None:
    text = question.text.strip()
    if item is not None and item.text != text:
        item.is_active = False
        save_as(item, by=by, fields=["is_active"], reason="reworded")
        item = None
    item = item or ChecklistItem.objects.filter(kind=kind, text=text).first()
    if item is None:
        save_as(ChecklistItem(kind=kind, position=position, text=text, is_active=question.is_active), by=by, reason="added")
    elif (item.position, item.is_active) != (position, question.is_active):
        item.position, item.is_active = position, question.is_active
        save_as(item, by=by, fields=["position", "is_active"], reason="changed")
