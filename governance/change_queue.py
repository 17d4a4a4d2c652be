"""Change requests in the queue of whoever has the next step: to assess, to agree, to decide. One query."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import BooleanField, Case, Q, Value, When

from governance.change_page import moved_days
from governance.change_states import ChangeState
from governance.change_tables import waits_for
from governance.clock import Office
from governance.models import ChangeRequest
from governance.periods import after_workdays
from governance.queue_items import Glance, Item
from governance.signing import Signature

#: Working days for a step, by class.
STEP_DAYS = {1: 5, 2: 5, 3: 10, 4: 10}
OPEN = (ChangeState.SUBMITTED, ChangeState.ASSESSED)


def change_items(person: Any, office: Office) -> list[Item]:
    """Return every request that waits for a step; those that are not this person's carry no signature."""
    mine = Case(When(waits_for(person), then=Value(True)), default=Value(False), output_field=BooleanField())
    rows = ChangeRequest.objects.visible_to(person).filter(Q(state__in=OPEN)).annotate(is_mine=mine)
    return [_item(row, person, office) for row in rows.select_related("project", "requested_by").defer("record")]


def _item(change: Any, person: Any, office: Office) -> Item:
    since: dt.datetime = (change.assessed_at if change.state == ChangeState.ASSESSED else None) or change.submitted_at
    assessing = change.state == ChangeState.SUBMITTED
    todo = "Assess" if assessing else "Decide"
    days = STEP_DAYS[change.project.governance_class]
    return Item(
        kind="change",
        pk=change.pk,
        icon="change",
        word="Change",
        code=change.project.code,
        project_name=change.project.name,
        number=change.number,
        url=change.get_absolute_url(),
        from_name=change.requested_by.name,
        since=since,
        due_at=after_workdays(since, days, office.calendar, office.zone),
        waits_for="Assessment" if assessing else change.get_authority_display(),
        signature=Signature(person, change.get_authority_display()) if change.is_mine else None,
        glance=Glance(sentence=f"{todo}: {change.title}; finish: {moved_days(change.days_effect)}"),
    )
