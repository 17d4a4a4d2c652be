"""How many conditions of a project are not met, how many of them are overdue, and when the next is due."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Min, Q
from django.urls import reverse

from governance.document_states import ConditionState
from governance.models import Condition
from pmo.lib import words
from portfolio.models import Project


@dataclass(frozen=True)
class OpenConditions:
    """The conditions of one project that are not met."""

    count: int
    overdue: int
    next_on: dt.date | None
    url: str

    @property
    def next_words(self) -> str:
        """Return when the next is due that is not overdue yet; nothing where all are."""
        return f"next due {words.day(self.next_on)}" if self.next_on else ""


def open_conditions_of(project: Project, user: Any, today: dt.date) -> OpenConditions | None:
    """Return what is open among the conditions that `user` may read, None where nothing is. One query."""
    rows = Condition.objects.visible_to(user).unsettled().filter(project=project)
    found = rows.aggregate(
        count=Count("pk", distinct=True),
        overdue=Count("pk", filter=Q(due_on__lt=today), distinct=True),
        next_on=Min("due_on", filter=Q(due_on__gte=today)),
    )
    if not found["count"]:
        return None
    states = "&".join(f"state={state}" for state in (ConditionState.OPEN, ConditionState.EVIDENCED))
    return OpenConditions(**found, url=f"{reverse('governance:condition-list')}?project={project.pk}&{states}")
