"""The first page after signing in: for each role its own work, oldest duty first."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from governance import queue
from governance.access import PublishedAccess
from governance.asides import Beside
from governance.auditing import latest_decisions, look_at_chain
from governance.models import DeliverableVersion
from governance.states import SignAction, VersionState
from governance.views.reviews import queue_context
from governance.work import Task, unsettled_reports
from pmo.accounts import signed_in
from pmo.administration.at_home import accounts_at_home
from pmo.lib import words
from pmo.roles import Role
from portfolio.models import Project

SHOWN = 6
DECIDED = (VersionState.APPROVED, VersionState.RETURNED, VersionState.SUPERSEDED)


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Open the page of the person's first role."""
    user = request.user
    if user.has_role(Role.PMO_MANAGER, Role.EXECUTIVE):  # type: ignore[union-attr]
        return office_home(request)
    if PublishedAccess(user).manages_any:
        return manager_home(request)
    if user.has_role(Role.AUDITOR):  # type: ignore[union-attr]
        return auditor_home(request)
    own = queue.queue_of(user, timezone.now())
    if user.has_role(Role.STAKEHOLDER) and not own.items:  # type: ignore[union-attr]
        return redirect("governance:dashboard")
    return plain_home(request, own)


def office_home(request: HttpRequest) -> HttpResponse:
    """Show what waits for the person to decide, and beside it how the portfolio stands."""
    at = timezone.now()
    own = queue.queue_of(request.user, at)
    context = queue_context(own, request.GET.get("page"))
    is_executive = not request.user.has_role(Role.PMO_MANAGER)  # type: ignore[union-attr]
    context |= {
        "beside": Beside(request.user, at, own.office),
        "is_executive": is_executive,
        "tasks": [task for task in own_tasks(request.user, at) if not task.is_waiting],
        "next_due": None if own.items else queue.next_report_due(at),
    }
    return render(request, "pmo/home_office.html", context)


def own_tasks(user: Any, at: dt.datetime) -> list[Task]:
    return unsettled_reports(Project.objects.managed_by(user).reporting(), at)


def manager_home(request: HttpRequest) -> HttpResponse:
    """Show the reports to write, and below them what else waits for the person."""
    at = timezone.now()
    context = waiting_context(request, queue.queue_of(request.user, at))
    return render(request, "pmo/home_manager.html", context | {"home": ManagerHome(request.user, at)})


def waiting_context(request: HttpRequest, own: queue.Queue) -> dict[str, Any]:
    """Return what the first page of anybody shows of what waits for them."""
    return queue_context(own, request.GET.get("page")) | {"is_everybody": False}


def auditor_home(request: HttpRequest) -> HttpResponse:
    context = waiting_context(request, queue.queue_of(request.user, timezone.now()))
    context |= {"chain": look_at_chain(), "decisions": latest_decisions(), "actions": SignAction}
    return render(request, "pmo/home_auditor.html", context)


def plain_home(request: HttpRequest, own: queue.Queue) -> HttpResponse:
    """Show people without a role of the office what waits for them and where they can go."""
    user = signed_in(request)
    projects = Project.objects.of(user).select_related("standing").order_by("code")
    context = waiting_context(request, own) | {
        "projects": projects[:50],
        "access": PublishedAccess(user),
        "accounts": accounts_at_home(user) if user.has_role(Role.ADMINISTRATOR) else None,
        "is_hr": user.has_role(Role.HR_LIAISON),
    }
    return render(request, "pmo/home_plain.html", context)


@dataclass(frozen=True)
class MyProject:
    """One project of a project manager, with the report to see to next."""

    project: Project
    task: Task | None

    @property
    def standing(self) -> Any:
        return getattr(self.project, "standing", None)


class ManagerHome:
    """What a project manager comes for: what is due, what came back, what was decided. Constant queries."""

    def __init__(self, user: Any, at: dt.datetime) -> None:
        self.user, self.at = user, at
        self.today = timezone.localdate(at)

    @cached_property
    def tasks(self) -> list[Task]:
        return own_tasks(self.user, self.at)

    @property
    def due(self) -> list[Task]:
        """What the person has to write, what came back first, then by due time."""
        return sorted((task for task in self.tasks if not task.is_waiting), key=lambda task: not task.is_back)

    @property
    def waiting(self) -> list[Task]:
        return [task for task in self.tasks if task.is_waiting]

    @property
    def first(self) -> Task | None:
        return next(iter(self.due), None)

    @property
    def sentence(self) -> str:
        """Say what is to be done: `2 reports to write: 1 overdue, 1 came back.`"""
        late = sum(task.is_late for task in self.due)
        back = sum(task.is_back for task in self.due)
        parts = [f"{late} overdue" if late else "", f"{back} came back" if back else ""]
        told = ", ".join(part for part in parts if part)
        if not self.due:
            return "Nothing is to be written now."
        return f"{words.count(len(self.due), 'report')} to write{': ' + told if told else ''}."

    @cached_property
    def projects(self) -> list[MyProject]:
        rows = Project.objects.managed_by(self.user).active().select_related("standing", "department").order_by("code")
        first = {task.project_id: task for task in reversed(self.tasks)}
        return [MyProject(project, first.get(project.pk)) for project in rows]

    @cached_property
    def decisions(self) -> list[DeliverableVersion]:
        """The last decisions of the office on this person's reports."""
        rows = DeliverableVersion.objects.filter(deliverable__project__project_manager=self.user, state__in=DECIDED)
        people = rows.select_related("deliverable__project").defer("content", "record")
        return list(people.order_by("-decided_at", "-pk")[:SHOWN])

    @cached_property
    def deputy_for(self) -> list[str]:
        """In whose names the person may decide now."""
        held = self.user.delegations_held.active(self.today).select_related("delegator")
        return sorted({delegation.delegator.name for delegation in held})
