"""What the clock does with conditions: reminds five working days before and on the day, and says when one is overdue."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial

from governance import condition_notices as notices
from governance.access import OVER
from governance.clock import Office
from governance.compliance import open_finding
from governance.document_states import ConditionState
from governance.gate_states import ComplianceRule
from governance.models import Condition
from governance.models.conditions import ConditionQuerySet
from pmo.lib import words

#: Working days before the due date on which the owner is reminded.
REMIND_BEFORE = 5
#: Working days that the owner of a finding has to mend it.
MEND_WITHIN = 5
#: Calendar days among which the reminder's working days are found, holidays included.
HORIZON = dt.timedelta(days=21)

Once = Callable[[str, str, dt.datetime, Callable[[], int]], int]


def remind_of_conditions(at: dt.datetime, office: Office, once: Once) -> int:
    """Remind the owner of each condition without evidence, five working days before it is due and on the day."""
    today, told = office.day(at), 0
    for row in _followed().filter(state=ConditionState.OPEN, due_on__range=(today, today + HORIZON)):
        slot = _slot(row)
        if row.due_on == today:
            told += once("condition-today", slot, at, partial(notices.today, row, at=at))
        elif office.calendar.add(row.due_on, -REMIND_BEFORE) <= today:
            told += once("condition-soon", slot, at, partial(notices.soon, row, at=at))
    return told


def find_overdue_conditions(at: dt.datetime, office: Office, once: Once) -> int:
    """Open a compliance finding for each condition that is overdue, and tell who is to act. Returns the new findings."""
    rows = _followed().overdue(office.day(at))
    return sum(once("condition-overdue", _slot(row), at, partial(_find, row, at, office)) for row in rows)


def _followed() -> ConditionQuerySet:
    people = ("project__project_manager", "owner", "verifier", "evidenced_by")
    return Condition.objects.exclude(project__status__in=OVER).select_related(*people)


def _slot(condition: Condition) -> str:
    return f"condition-{condition.pk}-{condition.due_on.isoformat()}"


def _find(condition: Condition, at: dt.datetime, office: Office) -> int:
    opened = open_finding(
        condition.project,
        ComplianceRule.CONDITION_OVERDUE,
        f"{ComplianceRule.CONDITION_OVERDUE}-{condition.pk}-{condition.due_on.isoformat()}",
        f"Condition {condition.number} was due {words.day(condition.due_on)} and is not met.",
        at=at,
        condition=condition,
        owner=condition.owner,
        due_on=office.calendar.add(office.day(at), MEND_WITHIN),
    )
    notices.overdue(condition, at=at)
    return int(opened is not None)
