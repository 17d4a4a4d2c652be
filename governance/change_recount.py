"""Who decides on requests that wait, computed anew when what it follows from changed: lists and queues go by what is stored."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from governance import change_notices
from governance.change_facts import Size
from governance.change_states import ChangeState
from governance.models import ChangeRequest
from pmo.lib.history import moment_kept, save_as
from pmo.models.calendar import office_calendar
from portfolio.models import Project

#: What of a project says who decides on its changes: people who may not, and what a change is measured against.
DECIDES = frozenset({"project_manager", "sponsor", "governance_class", "contingency_amount"})
#: One that was decided keeps the authority by which it was; a deferred one gets another when it is taken up again.
WAITING = (ChangeState.SUBMITTED, ChangeState.ASSESSED)


def follow_revision(sender: Any, *, project: Project, changed: frozenset[str], by: Any, reason: str, **signal: Any) -> None:
    """Recount when a project got another manager, sponsor, class or contingency: see `portfolio.signals.revised`."""
    if changed & DECIDES:
        recount(project, by=by, reason=f"who decides was computed anew: {reason}".rstrip(": "))


def recount(project: Project, *, by: Any, reason: str) -> None:
    """Store anew who decides on each request that waits; whoever decides instead is told. The caller has locked the project."""
    rows = list(project.change_requests.filter(state__in=WAITING).select_related("requested_by"))
    calendar = office_calendar() if rows else None
    for change in rows:
        change.project = project
        _recount(change, Size(change, calendar), by=by, reason=reason)


def _recount(change: ChangeRequest, size: Size, *, by: Any, reason: str) -> None:
    if change.authority == size.authority:
        return
    change.authority = str(size.authority)
    save_as(change, by=by, fields=["authority"], reason=reason)
    if change.state == ChangeState.ASSESSED:
        change_notices.passed_on(change, at=moment_kept() or timezone.now())
