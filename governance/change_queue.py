"""Change requests in the queue of whoever has the next step: to finish, to assess, to agree, to decide, to take up again."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import BooleanField, Case, Q, Value, When

from governance.asking import Asking, of_project
from governance.change_page import moved_days
from governance.change_states import ChangeState
from governance.change_tables import waits_for
from governance.models import ChangeRequest
from governance.models.rules import CHANGES
from governance.queue_items import Glance, Item
from governance.signing import Signature

#: Working days after which a deferred request should be taken up again or withdrawn.
DEFERRED_DAYS = 20
OPEN = (ChangeState.SUBMITTED, ChangeState.ASSESSED)


def change_items(asking: Asking) -> list[Item]:
    """Return the requests that wait for a step of the person; for everybody, all that were submitted."""
    person = asking.person
    resumes = Q(state=ChangeState.DEFERRED, requested_by=person)
    is_mine = Case(When(waits_for(person) | resumes, then=Value(True)), default=Value(False), output_field=BooleanField())
    rows = ChangeRequest.objects.visible_to(person).annotate(is_mine=is_mine)
    rows = rows.filter(Q(is_mine=True) | Q(state__in=OPEN) if asking.everybody else Q(is_mine=True))
    found = rows.select_related("project__sponsor", "requested_by", "decided_by").defer("record")
    return [_item(row, asking) for row in found]


def _item(change: Any, asking: Asking) -> Item:
    since = _since(change)
    is_deferred = change.state == ChangeState.DEFERRED
    return of_project(
        change.project,
        kind="change",
        pk=change.pk,
        icon="change",
        word="Change",
        number=change.number,
        url=change.get_absolute_url(),
        from_name=(change.decided_by or change.requested_by).name,
        since=since,
        due_at=asking.workdays_after(since, DEFERRED_DAYS)
        if is_deferred
        else asking.step_after(since, CHANGES, change.project),
        waits_for=_waits_for(change),
        signature=Signature(asking.person, change.get_authority_display()) if change.is_mine else None,
        glance=Glance(sentence=f"{_to_do(change, asking.person)}: {change.title}; finish: {moved_days(change.days_effect)}"),
    )


def _since(change: Any) -> dt.datetime:
    """Return when the request came to the step in which it is."""
    reached = {
        ChangeState.SUBMITTED: change.submitted_at,
        ChangeState.ASSESSED: change.assessed_at or change.submitted_at,
        ChangeState.DEFERRED: change.decided_at,
    }
    since: dt.datetime = reached.get(change.state) or change.requested_at
    return since


def _waits_for(change: Any) -> str:
    if change.state == ChangeState.SUBMITTED:
        return "Assessment"
    return change.get_authority_display() if change.state == ChangeState.ASSESSED else change.requested_by.name


def _to_do(change: Any, person: Any) -> str:
    """Return the step in one word or two, as the person would take it."""
    if change.state == ChangeState.DRAFT:
        return "Finish and submit"
    if change.state == ChangeState.DEFERRED:
        return "Deferred, take it up again or withdraw it"
    if change.project.project_manager_id == person.pk and change.agreed_by_id != person.pk:
        return "Say whether you agree"
    return "Assess" if change.state == ChangeState.SUBMITTED else "Decide"
